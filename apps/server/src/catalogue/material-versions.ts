import { isDeepStrictEqual } from 'node:util';
import type { DossierMaterial, MaterialDescription } from '@lantai/catalogue';
import { ArchiveError, type MaterialId } from '@lantai/values';
import type { Archive } from '../archive/index.ts';
import type { DeskTx } from '../desk/index.ts';
import type { CatalogueState } from './catalogue-state.ts';
import type { MaterialMark } from './material-rows.ts';

/** How a material was catalogued: its description and what its row said beside it. */
export interface CataloguedAs {
  readonly description: MaterialDescription;
  readonly mark: MaterialMark;
}

/** A version as sealed: the states before and after an act; after is null where the material was taken apart. */
export interface VersionBody {
  readonly before: CataloguedAs;
  readonly after: CataloguedAs | null;
}

/** A row of `material_version` with who acted and how, out of its entry. */
export interface VersionRow {
  readonly id: string;
  readonly dossier_id: string;
  readonly material_id: string;
  readonly body: Uint8Array;
  readonly created_at_ms: number;
  readonly entry_id: string;
  /** Null: the archive itself. */
  readonly actor_id: string | null;
}

const placeOf = (rowId: string) => ({ table: 'material_version', column: 'body', rowId, version: 1 });

const catalogued = ({ pages: _, ...description }: DossierMaterial, mark: MaterialMark): CataloguedAs => ({ description, mark });

/** What counts as cataloguing otherwise: what the catalogue says, not where a value stands on which page or how sure a machine was. */
const said = ({ description: { follows: _, ...description }, mark: { code, state } }: CataloguedAs) => ({ ...description, code, state });

/** The description alone. */
const wordsOf = (of: CataloguedAs) => ({ ...said(of), code: null, state: null });

/**
 * Materials that were confirmed and are catalogued otherwise by an act, or taken apart, each with both states.
 * @param isCorrecting in two-person mode also what a person makes of a proposal: the second person sees it
 */
export function recatalogued(old: CatalogueState, next: CatalogueState, isCorrecting = false): ReadonlyMap<MaterialId, VersionBody> {
  const now = new Map(next.arrangement.materials.map((m) => [m.id, m]));
  const found = new Map<MaterialId, VersionBody>();
  for (const m of old.arrangement.materials) {
    const mark = old.marks.get(m.id);
    const isProposed = isCorrecting && mark?.state === 'proposed';
    if (!mark || (mark.state !== 'confirmed' && !isProposed)) continue;
    const before = catalogued(m, mark);
    const [left, leftMark] = [now.get(m.id), next.marks.get(m.id)];
    const after = left && leftMark ? catalogued(left, leftMark) : null;
    // A proposal that is confirmed as it stands, or taken apart, is no correction.
    if (isProposed && (!after || isDeepStrictEqual(wordsOf(before), wordsOf(after)))) continue;
    if (!after || !isDeepStrictEqual(said(before), said(after))) found.set(m.id, { before, after });
  }
  return found;
}

/** Keeps how materials were catalogued before an act and how after it, under the act's entry. */
export async function insertVersions(
  tx: DeskTx,
  archive: Archive,
  { head: { dossierId, place } }: CatalogueState,
  versions: ReadonlyMap<MaterialId, VersionBody>,
  entryId: string,
): Promise<void> {
  for (const [materialId, body] of versions) {
    const id = archive.clock.newId();
    await tx.query(
      `insert into material_version (id, fonds_id, unit_id, category, level, dossier_id, material_id, body, created_at_ms, entry_id)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
      [
        id,
        place.fondsId,
        place.unitId,
        place.category,
        place.level,
        dossierId,
        materialId,
        archive.sealer.seal({ kind: 'dossier', id: dossierId }, placeOf(id), JSON.stringify(body)),
        archive.clock.nowMs(),
        entryId,
      ],
    );
  }
}

/** The versions of a material in the order in which they were made. The caller has looked at the scope. */
export const readVersions = (tx: DeskTx, dossierId: string, materialId: string): Promise<VersionRow[]> =>
  tx.query<VersionRow>(
    `select v.id, v.dossier_id, v.material_id, v.body, v.created_at_ms, v.entry_id, e.actor_id
     from material_version v join entry e on e.id = v.entry_id where v.dossier_id = $1 and v.material_id = $2 order by v.id`,
    [dossierId, materialId],
  );

/** Opens both states. @throws ArchiveError `column/…`, `version/corrupt` (corruption) */
export function openVersion(archive: Archive, row: Pick<VersionRow, 'id' | 'dossier_id' | 'body'>): VersionBody {
  const text = archive.sealer.get({ kind: 'dossier', id: row.dossier_id }, placeOf(row.id), row.body);
  try {
    return JSON.parse(text) as VersionBody;
  } catch (cause) {
    throw new ArchiveError('version/corrupt', 'corruption', { version: row.id }, cause);
  }
}

/** How a material was catalogued before a version. @throws ArchiveError `version/not-found` (caller) */
export async function getFormerState(
  tx: DeskTx,
  archive: Archive,
  dossierId: string,
  materialId: string,
  versionId: string,
): Promise<CataloguedAs> {
  const row = (await readVersions(tx, dossierId, materialId)).find((version) => version.id === versionId);
  if (!row) throw new ArchiveError('version/not-found', 'caller');
  return openVersion(archive, row).before;
}
