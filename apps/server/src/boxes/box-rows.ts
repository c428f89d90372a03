import type { BoxPlace, BoxSpineMm } from '@lantai/catalogue';
import type { BoxView } from '@lantai/contract';
import { ArchiveError } from '@lantai/values';
import type { Place, Sealer } from '../archive/index.ts';
import type { Sql } from '../db/index.ts';
import { type Scope, scopeSql } from '../desk/index.ts';

/** A box (卷盒) as kept, with what lies in it summed up. */
export interface BoxHead {
  readonly id: string;
  readonly fonds_id: string;
  readonly fonds_code: string;
  readonly unit_id: string;
  readonly category: string;
  readonly level: number;
  readonly number: number;
  readonly spine_mm: BoxSpineMm;
  readonly capacity_sheets: number;
  readonly retention: string | null;
  readonly year: number | null;
  readonly scheme: string | null;
  readonly class_code: string | null;
  readonly place_repository: string;
  readonly place_zone: string;
  readonly place_rack: string;
  readonly place_bay: string;
  readonly place_shelf: string;
  readonly place_slot: string;
  readonly names_outside: boolean;
  readonly version: number;
  readonly ended_at_ms: number | null;
  readonly volumes: number;
  readonly sheets: number;
}

/** `b` is the box; what a scope names one dossier by, or leaves one out by, is no box's: the nil id is neither. */
const FROM = `(select x.*, '00000000-0000-0000-0000-000000000000'::uuid as dossier_id from box x) b join fonds f on f.id = b.fonds_id
  cross join lateral (select count(*)::int as volumes, coalesce(sum(v.sheets), 0)::int as sheets from box_volume v where v.box_id = b.id) t`;
const COLUMNS = `b.id, b.fonds_id, f.code as fonds_code, b.unit_id, b.category, b.level, b.number, b.spine_mm, b.capacity_sheets, b.retention, b.year,
  b.scheme, b.class_code, b.place_repository, b.place_zone, b.place_rack, b.place_bay, b.place_shelf, b.place_slot, b.names_outside, b.version,
  b.ended_at_ms, t.volumes, t.sheets`;

/** Boxes inside the scope that fulfil a condition over `b` and `f`, whose parameters are numbered from 1. */
export function selectBoxes(
  sql: Pick<Sql, 'query'>,
  scope: Scope,
  where: { readonly sql: string; readonly params: readonly unknown[]; readonly order: string; readonly limit: number },
): Promise<BoxHead[]> {
  const seen = scopeSql(scope, 'b', where.params.length + 1);
  return sql.query<BoxHead>(
    `select ${COLUMNS} from ${FROM} where (${where.sql}) and ${seen.sql} order by ${where.order} limit ${where.limit}`,
    [...where.params, ...seen.params],
  );
}

/** Boxes by id, in the order asked. @throws ArchiveError `box/not-found` (caller) when one is not there or may not be seen */
export async function getBoxes(sql: Pick<Sql, 'query'>, scope: Scope, ids: readonly string[]): Promise<BoxHead[]> {
  const rows = await selectBoxes(sql, scope, { sql: 'b.id = any($1::uuid[])', params: [ids], order: 'b.id', limit: ids.length });
  return ids.map((id) => {
    const row = rows.find((r) => r.id === id);
    if (!row) throw new ArchiveError('box/not-found', 'caller');
    return row;
  });
}

/**
 * Locks boxes, in the order of their ids, and gives them as they are then. Dossiers are locked before.
 * @throws ArchiveError `box/not-found` (caller)
 */
export async function lockBoxes(sql: Pick<Sql, 'query'>, scope: Scope, ids: readonly string[]): Promise<BoxHead[]> {
  await sql.query('select id from box where id = any($1::uuid[]) order by id for no key update', [ids]);
  return getBoxes(sql, scope, ids);
}

/** Where a box lies for rights and entries. */
export const placeOf = (b: Pick<BoxHead, 'fonds_id' | 'unit_id' | 'category' | 'level'>): Place => ({
  fondsId: b.fonds_id,
  unitId: b.unit_id,
  category: b.category,
  level: b.level,
});

/** Where a box stands in the storeroom. */
export const standingOf = (
  b: Pick<BoxHead, 'place_repository' | 'place_zone' | 'place_rack' | 'place_bay' | 'place_shelf' | 'place_slot'>,
): BoxPlace => ({
  repository: b.place_repository,
  zone: b.place_zone,
  rack: b.place_rack,
  bay: b.place_bay,
  shelf: b.place_shelf,
  slot: b.place_slot,
});

/** A box as the contract shows it. */
export const boxView = (b: BoxHead): BoxView => ({
  id: b.id,
  fondsId: b.fonds_id,
  fondsCode: b.fonds_code,
  unitId: b.unit_id,
  category: b.category,
  level: b.level,
  number: b.number,
  spineMm: b.spine_mm,
  capacitySheets: b.capacity_sheets,
  retention: b.retention,
  year: b.year,
  schemeId: b.scheme,
  classCode: b.class_code,
  place: standingOf(b),
  namesOutside: b.names_outside,
  version: b.version,
  ended: b.ended_at_ms !== null,
  volumes: b.volumes,
  sheets: b.sheets,
});

/** A volume of a dossier in a box, its subject's name opened. Clear personal data. */
export interface BoxLine {
  readonly dossierId: string;
  readonly dossierCode: string;
  readonly name: string;
  readonly volume: number;
  readonly sheets: number;
}

/** What lies in boxes, by box and in its order, as far as the actor may see the dossiers. */
export async function readBoxLines(
  { query }: Pick<Sql, 'query'>,
  sealer: Sealer,
  scope: Scope,
  boxIds: readonly string[],
): Promise<Map<string, BoxLine[]>> {
  const seen = scopeSql(scope, 'd', 2);
  const rows = await query<{
    box_id: string;
    dossier_id: string;
    code: string;
    subject_id: string;
    subject_version: number;
    name: Uint8Array;
    volume: number;
    sheets: number;
  }>(
    `select v.box_id, v.dossier_id, d.code, d.subject_id, s.version as subject_version, s.name, v.volume, v.sheets
     from box_volume v join dossier d on d.id = v.dossier_id join subject s on s.id = d.subject_id
     where v.box_id = any($1::uuid[]) and ${seen.sql} order by v.box_id, v.position`,
    [boxIds, ...seen.params],
  );
  const lines = new Map<string, BoxLine[]>(boxIds.map((id) => [id, []]));
  for (const r of rows) {
    const place = { table: 'subject', column: 'name', rowId: r.subject_id, version: r.subject_version };
    const name = sealer.get({ kind: 'dossier', id: r.subject_id }, place, r.name);
    lines.get(r.box_id)?.push({ dossierId: r.dossier_id, dossierCode: r.code, name, volume: r.volume, sheets: r.sheets });
  }
  return lines;
}
