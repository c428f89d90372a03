import { type Arrangement, arrange, type DossierMaterial, findSchemeClass, type Scheme, type SubjectFacts } from '@lantai/catalogue';
import { ArchiveError, type MaterialId, type PageId } from '@lantai/values';
import type { Archive, Place } from '../archive/index.ts';
import { type DeskTx, type Scope, scopeSql } from '../desk/index.ts';
import { type MaterialMark, readMaterials } from './material-rows.ts';
import { openReason } from './replacement-rows.ts';
import { getScheme } from './schemes.ts';

/** The dossier's own row, opened as far as the desk needs it. */
export interface CatalogueHead {
  readonly dossierId: string;
  readonly subjectId: string;
  readonly code: string;
  readonly copySet: 'original' | 'duplicate';
  readonly place: Place;
  readonly version: number;
}

/** A page's row as the desk shows it. Its file's name is opened when it is shown. */
export interface PageFacts {
  readonly id: PageId;
  readonly material_id: MaterialId | null;
  readonly position: number | null;
  readonly class_code: string | null;
  readonly material_year: number | null;
  readonly source_file_id: string;
  readonly file_name: Uint8Array;
  readonly origin: 'as_received' | 'embedded' | 'rendered' | 'flattened';
  readonly media_type: string;
  readonly width_px: number;
  readonly height_px: number;
  readonly turned: 0 | 90 | 180 | 270;
  readonly read_state: 'waiting' | 'read' | 'needs_person' | 'not_needed';
  readonly read_reason: string | null;
  /** The page whose scan took the place of this one's; null: it stands. */
  readonly superseded_by: PageId | null;
  readonly entry_id: string;
  readonly created_at_ms: number;
}

/** What took the place of a page, and why. */
export interface Superseded {
  readonly by: PageId;
  /** In a person's words. */
  readonly reason: string;
}

/** All that can be arranged in one dossier, as it stands in the database: what an operation begins with. */
export interface CatalogueState {
  readonly head: CatalogueHead;
  readonly scheme: Scheme;
  readonly arrangement: Arrangement;
  /** By material; every material of the arrangement has one. */
  readonly marks: ReadonlyMap<MaterialId, MaterialMark>;
  /** Clockwise turn the scan suffered, by page. */
  readonly turns: ReadonlyMap<PageId, PageFacts['turned']>;
  /** Persons named on a page beside the subject: ids of subjects, in the order given. */
  readonly persons: ReadonlyMap<PageId, readonly string[]>;
  /** Pages that a better scan took the place of, with what and why. They lie in no material. */
  readonly superseded: ReadonlyMap<PageId, Superseded>;
  readonly tags: readonly string[];
  /** Archive-defined fields of the dossier. */
  readonly fields: Readonly<Record<string, string>>;
  /** What is known of the subject, for completeness. */
  readonly facts: SubjectFacts;
}

/** A state with the rows it was made from. */
export interface LoadedCatalogue {
  readonly state: CatalogueState;
  /** In order of arrival. */
  readonly pages: readonly PageFacts[];
  /** Version and place in its class of each material's row. */
  readonly rows: ReadonlyMap<MaterialId, { readonly version: number; readonly sequence: number; readonly filed: number }>;
}

interface HeadRow {
  id: string;
  subject_id: string;
  code: string;
  scheme: string;
  copy_set: 'original' | 'duplicate';
  fonds_id: string;
  unit_id: string;
  category: string;
  level: number;
  version: number;
  tags: Uint8Array | null;
  fields: Uint8Array | null;
  facts: Uint8Array | null;
}

/** Facts of a subject of whom nothing was determined yet. */
export const NOTHING_KNOWN: SubjectFacts = { conditions: {}, service: null };

const HEAD_COLUMNS =
  'd.id, d.subject_id, d.code, d.scheme, d.copy_set, d.fonds_id, d.unit_id, d.category, d.level, d.version, d.tags, d.fields, d.facts';

/** Dossier-level columns that are sealed with the row's version. */
export type SealedDossierColumn = 'tags' | 'fields' | 'facts';

/** Place of a value of such a column. */
export const dossierColumn = (column: SealedDossierColumn, dossierId: string, version: number) => ({
  table: 'dossier',
  column,
  rowId: dossierId,
  version,
});

/**
 * Loads a dossier's materials and pages: four statements, however many pages there are.
 * @param forUpdate locks the dossier's row, so that one at a time arranges it
 * @throws ArchiveError `dossier/not-found` (caller), `scheme/not-found`
 */
export async function loadCatalogue(
  tx: DeskTx,
  archive: Archive,
  scope: Scope,
  dossierId: string,
  forUpdate = false,
): Promise<LoadedCatalogue> {
  const where = scopeSql(scope, 'd', 2);
  const row = await tx.one<HeadRow>(
    `select ${HEAD_COLUMNS}
     from dossier d where d.id = $1 and ${where.sql}${forUpdate ? ' for no key update' : ''}`,
    [dossierId, ...where.params],
  );
  if (!row) throw new ArchiveError('dossier/not-found', 'caller');
  return loadRow(tx, archive, row);
}

/** Like {@link loadCatalogue} for what the program does on its own account, where nobody looks; null when there is no such dossier. */
export async function findCatalogueUnscoped(tx: DeskTx, archive: Archive, dossierId: string): Promise<CatalogueState | null> {
  const row = await tx.one<HeadRow>(`select ${HEAD_COLUMNS} from dossier d where d.id = $1`, [dossierId]);
  return row && (await loadRow(tx, archive, row)).state;
}

/** Like {@link findCatalogueUnscoped} for who is to change it: one at a time arranges a dossier. */
export async function lockCatalogueUnscoped(tx: DeskTx, archive: Archive, dossierId: string): Promise<LoadedCatalogue | null> {
  const row = await tx.one<HeadRow>(`select ${HEAD_COLUMNS} from dossier d where d.id = $1 for no key update`, [dossierId]);
  return row && loadRow(tx, archive, row);
}

async function loadRow(tx: DeskTx, archive: Archive, row: HeadRow): Promise<LoadedCatalogue> {
  const dossierId = row.id;
  const materials = await readMaterials(tx, archive, dossierId);
  const pages = await readPages(tx, dossierId);
  const open = (column: SealedDossierColumn) =>
    archive.sealer.open({ kind: 'dossier', id: dossierId }, dossierColumn(column, dossierId, row.version), row[column]);
  const head: CatalogueHead = {
    dossierId,
    subjectId: row.subject_id,
    code: row.code,
    copySet: row.copy_set,
    place: { fondsId: row.fonds_id, unitId: row.unit_id, category: row.category, level: row.level },
    version: row.version,
  };
  return {
    state: {
      head,
      scheme: await getScheme(tx, archive, row.scheme),
      arrangement: {
        loose: pages.filter((p) => p.material_id === null).map((p) => p.id),
        materials: gatherPages(
          materials.map((m) => m.description),
          pages,
        ),
      },
      marks: new Map(materials.map((m) => [m.description.id, m.mark])),
      turns: new Map(pages.map((p) => [p.id, p.turned])),
      persons: await readPersons(tx, dossierId),
      superseded: await readSuperseded(tx, archive, dossierId, pages),
      tags: JSON.parse(open('tags') ?? '[]') as string[],
      fields: JSON.parse(open('fields') ?? '{}') as Record<string, string>,
      facts: JSON.parse(open('facts') ?? 'null') ?? NOTHING_KNOWN,
    },
    pages,
    rows: new Map(materials.map((m, filed) => [m.description.id, { version: m.version, sequence: m.sequence, filed }])),
  };
}

function gatherPages(descriptions: readonly Omit<DossierMaterial, 'pages'>[], pages: readonly PageFacts[]): DossierMaterial[] {
  const byMaterial = new Map<MaterialId, PageFacts[]>();
  for (const page of pages)
    if (page.material_id !== null && !byMaterial.get(page.material_id)?.push(page)) byMaterial.set(page.material_id, [page]);
  return descriptions.map((d) => ({
    ...d,
    pages: (byMaterial.get(d.id) ?? []).sort((a, b) => (a.position ?? 0) - (b.position ?? 0)).map((p) => p.id),
  }));
}

function readPages(tx: DeskTx, dossierId: string): Promise<PageFacts[]> {
  return tx.queryNamed<PageFacts>(
    'catalogue-pages',
    `select p.id, p.material_id, p.position, p.class_code, p.material_year, p.source_file_id, f.name as file_name, p.origin, p.media_type,
       p.width_px, p.height_px, p.turned, p.read_state, p.read_reason, p.superseded_by, p.entry_id, p.created_at_ms
     from page p join source_file f on f.id = p.source_file_id where p.dossier_id = $1 order by p.arrival, p.id`,
    [dossierId],
  );
}

async function readPersons(tx: DeskTx, dossierId: string): Promise<Map<PageId, string[]>> {
  const rows = await tx.queryNamed<{ page_id: PageId; subject_id: string }>(
    'catalogue-persons',
    'select s.page_id, s.subject_id from page_subject s join page p on p.id = s.page_id where p.dossier_id = $1 order by s.page_id, s.place',
    [dossierId],
  );
  const byPage = new Map<PageId, string[]>();
  for (const { page_id, subject_id } of rows) if (!byPage.get(page_id)?.push(subject_id)) byPage.set(page_id, [subject_id]);
  return byPage;
}

/** One statement more where a page gave way to another, and none where none did. */
async function readSuperseded(
  tx: DeskTx,
  archive: Archive,
  dossierId: string,
  pages: readonly PageFacts[],
): Promise<Map<PageId, Superseded>> {
  if (!pages.some((page) => page.superseded_by !== null)) return new Map();
  const rows = await tx.query<{ id: string; page_id: PageId; by_page_id: PageId; reason: Uint8Array }>(
    'select id, page_id, by_page_id, reason from page_replacement where dossier_id = $1 and ended_at_ms is null order by id',
    [dossierId],
  );
  return new Map(rows.map((row) => [row.page_id, { by: row.by_page_id, reason: openReason(archive.sealer, dossierId, row) }]));
}

/** The materials in catalogue order with their place in their class, from 1: classes of the scheme first, then others, then the unclassed. */
export function inCatalogueOrder({ scheme, arrangement }: Pick<CatalogueState, 'scheme' | 'arrangement'>) {
  return arrange(scheme, arrangement.materials);
}

/** True when materials may lie in this class. */
export const holdsMaterials = (scheme: Scheme, classCode: string): boolean => findSchemeClass(scheme, classCode)?.holdsMaterials === true;
