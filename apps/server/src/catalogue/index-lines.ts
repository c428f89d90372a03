import type { DossierMaterial } from '@lantai/catalogue';
import { formatPartialDate } from '@lantai/values';
import type { Archive } from '../archive/index.ts';
import type { DeskTx } from '../desk/index.ts';
import { indexMaterials as indexMaterialLines, indexSubject } from '../search/index.ts';
import type { CatalogueState } from './catalogue-state.ts';
import { readPersonNames } from './page-persons.ts';

/** Numbers are found by their whole value only, never by a piece. */
const kindOf = (code: string) => (code === 'idNumber' ? ('id_number' as const) : ('text' as const));

const fieldsOf = (fields: Readonly<Record<string, string>>) =>
  Object.entries(fields).map(([code, value]) => ({ field: code, kind: kindOf(code), value }));

/** Makes materials findable by what the catalogue says of them and by the persons named on their pages. */
export async function indexMaterials(
  tx: DeskTx,
  archive: Archive,
  state: CatalogueState,
  materials: readonly DossierMaterial[],
): Promise<void> {
  const { dossierId, place } = state.head;
  const personsOf = (m: DossierMaterial) => [...new Set(m.pages.flatMap((id) => state.persons.get(id) ?? []))];
  const names = await readPersonNames(tx, archive, [...new Set(materials.flatMap(personsOf))]);
  await indexMaterialLines(
    tx,
    archive,
    materials.map((m) => ({
      materialId: m.id,
      dossierId,
      place,
      classCode: m.classCode,
      materialYear: m.date?.year ?? null,
      title: m.title,
      code: state.marks.get(m.id)?.code ?? null,
      date: m.date && formatPartialDate(m.date),
      remarks: m.remarks,
      tags: m.tags,
      fields: [
        ...fieldsOf(m.fields),
        ...personsOf(m).map((id) => ({ field: 'person', kind: 'name' as const, value: names.get(id) ?? '' })),
      ],
    })),
  );
}

interface SubjectRow {
  id: string;
  name: Uint8Array;
  id_number: Uint8Array | null;
  version: number;
}

/** What a dossier's own line of the index is made of, beside its subject and its code. */
export interface DossierLine {
  readonly head: Pick<CatalogueState['head'], 'dossierId' | 'subjectId' | 'place'>;
  readonly tags: readonly string[];
  readonly fields: Readonly<Record<string, string>>;
}

/** Makes a dossier findable by its subject, its code, its tags and its fields; what it no longer says is no longer found. */
export async function indexDossierLine(tx: DeskTx, archive: Archive, state: DossierLine): Promise<void> {
  const { dossierId, subjectId, place } = state.head;
  const row = await tx.one<SubjectRow>('select id, name, id_number, version from subject where id = $1', [subjectId]);
  if (!row) return;
  const ref = { kind: 'dossier', id: subjectId } as const;
  const at = (column: string) => ({ table: 'subject', column, rowId: subjectId, version: row.version });
  await indexSubject(tx, archive, {
    subjectId,
    dossierId,
    place,
    name: archive.sealer.get(ref, at('name'), row.name),
    idNumber: archive.sealer.open(ref, at('id_number'), row.id_number),
    fields: [...state.tags.map((tag) => ({ field: 'tag', kind: 'text' as const, value: tag })), ...fieldsOf(state.fields)],
  });
}
