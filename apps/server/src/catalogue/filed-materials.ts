import type { Scheme } from '@lantai/catalogue';
import type { Box, PartialDate } from '@lantai/values';
import type { Archive, Place } from '../archive/index.ts';
import type { DeskTx, Scope } from '../desk/index.ts';
import { inCatalogueOrder, type LoadedCatalogue, loadCatalogue, lockCatalogueUnscoped } from './catalogue-state.ts';
import { fieldNamer, readFieldDefinitions } from './field-definitions.ts';
import type { MaterialMark } from './material-rows.ts';
import { boxOnPage } from './read-desk.ts';

/** A field of a material as it is held, with where it stands on the page as that is shown now. */
export interface FiledField {
  /** Null: the page's words, that no value could be made of. */
  readonly value: string | null;
  readonly written: string | null;
  /** Null: said or confirmed by a person. */
  readonly confidence01: number | null;
  readonly pageId: string | null;
  readonly box: readonly number[] | null;
  readonly flags: readonly string[];
}

/** A material for whoever judges what a dossier holds. */
export interface FiledMaterial {
  readonly id: string;
  readonly code: string | null;
  readonly classCode: string | null;
  readonly title: string | null;
  readonly date: PartialDate | null;
  readonly state: MaterialMark['state'];
  readonly pageIds: readonly string[];
  readonly fields: Readonly<Record<string, FiledField>>;
}

/** What a dossier holds, unmasked: the caller masks what it shows. */
export interface FiledDossier {
  readonly dossierId: string;
  readonly subjectId: string;
  readonly code: string;
  readonly place: Place;
  readonly version: number;
  readonly scheme: Scheme;
  /** What a person determined of the subject: conditions of its scheme. */
  readonly conditions: Readonly<Record<string, boolean>>;
  /** In catalogue order. */
  readonly materials: readonly FiledMaterial[];
  /** What masking goes by, of a field's code. */
  readonly nameOf: (code: string) => string;
  /** Where a place lies on a page as that is shown now; `turned` is how it was turned when the place was found. Null: the page is not here. */
  readonly placeNow: (pageId: string, box: readonly number[], turned: 0 | 90 | 180 | 270) => number[] | null;
}

/**
 * Reads what a dossier holds, for another feature to judge. The caller makes the entry of the look.
 * @param forUpdate locks the dossier's row
 * @throws ArchiveError `dossier/not-found` (caller)
 */
export async function readFiledDossier(
  tx: DeskTx,
  archive: Archive,
  scope: Scope,
  dossierId: string,
  forUpdate = false,
): Promise<FiledDossier> {
  return filedOf(tx, await loadCatalogue(tx, archive, scope, dossierId, forUpdate));
}

/** The same for what the program does on its own account, where nobody looks, the dossier's row locked; null when there is none. */
export async function lockFiledDossier(tx: DeskTx, archive: Archive, dossierId: string): Promise<FiledDossier | null> {
  const loaded = await lockCatalogueUnscoped(tx, archive, dossierId);
  return loaded && filedOf(tx, loaded);
}

async function filedOf(tx: DeskTx, { state, pages }: LoadedCatalogue): Promise<FiledDossier> {
  const definitions = await readFieldDefinitions(tx, state.head.place.fondsId);
  const pageOf = new Map<string, (typeof pages)[number]>(pages.map((p) => [p.id, p]));
  const { dossierId, subjectId, code, place, version } = state.head;
  return {
    dossierId,
    subjectId,
    code,
    place,
    version,
    scheme: state.scheme,
    conditions: state.facts.conditions,
    nameOf: fieldNamer(definitions),
    placeNow: (pageId, box, turned) => {
      const page = pageOf.get(pageId);
      return page ? boxOnPage({ confidence01: null, pageId, box: box as Box, turned }, page) : null;
    },
    materials: inCatalogueOrder(state).map(({ material: m }): FiledMaterial => {
      const mark = state.marks.get(m.id);
      const evidence = mark?.evidence ?? {};
      const codes = new Set([...Object.keys(m.fields), ...Object.keys(evidence)]);
      const fieldOf = (field: string): FiledField => {
        const seen = evidence[field];
        return {
          value: m.fields[field] ?? null,
          written: seen?.written ?? null,
          confidence01: seen?.confidence01 ?? null,
          pageId: seen?.pageId ?? null,
          box: seen ? boxOnPage(seen, pageOf.get(seen.pageId ?? '')) : null,
          flags: seen?.flags ?? [],
        };
      };
      return {
        id: m.id,
        code: mark?.code ?? null,
        classCode: m.classCode,
        title: m.title,
        date: m.date,
        state: mark?.state ?? 'draft',
        pageIds: m.pages,
        fields: Object.fromEntries([...codes].map((field) => [field, fieldOf(field)])),
      };
    }),
  };
}
