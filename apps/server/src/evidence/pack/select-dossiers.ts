import { ArchiveError } from '@lantai/values';
import type { Archive, Place } from '../../archive/index.ts';
import { type Desk, type DeskTx, type Scope, scopeSql } from '../../desk/index.ts';

/** What a pack is made of. */
export type PackSelection =
  | { readonly kind: 'dossier'; readonly dossierId: string }
  /** Every dossier of the subject of this one. */
  | { readonly kind: 'subject'; readonly dossierId: string }
  /** Every dossier of a unit and those below it. */
  | { readonly kind: 'unit'; readonly unitId: string }
  /** Every dossier about which something was done in this time, bounds included. */
  | { readonly kind: 'period'; readonly fromMs: number; readonly toMs: number };

/** A dossier that goes into a pack: clear columns alone. */
export interface PackDossier {
  readonly dossierId: string;
  readonly code: string;
  readonly unitCode: string;
  readonly scheme: string;
  readonly state: string;
  readonly place: Place;
  readonly pageCount: number;
  readonly materialCount: number;
}

/** Most dossiers of one pack: beyond it, ask by unit or by a shorter time. */
export const PACK_DOSSIERS_MAX = 1000;

interface Row {
  id: string;
  code: string;
  unit_code: string;
  scheme: string;
  state: string;
  fonds_id: string;
  unit_id: string;
  category: string;
  level: number;
  page_count: number;
  material_count: number;
}

/** The condition of a selection on `dossier d`, with its parameters from `$1` on. */
function conditionOf(selection: PackSelection): { sql: string; params: unknown[] } {
  if (selection.kind === 'dossier') return { sql: 'd.id = $1', params: [selection.dossierId] };
  if (selection.kind === 'subject')
    return { sql: 'd.subject_id = (select subject_id from dossier where id = $1)', params: [selection.dossierId] };
  if (selection.kind === 'unit')
    return {
      sql: `d.unit_id in (with recursive below(id) as (select $1::uuid union select u.id from unit u join below b on u.parent_id = b.id) select id from below)`,
      params: [selection.unitId],
    };
  return {
    sql: 'd.id in (select e.dossier_id from entry e where e.at_ms between $1 and $2)',
    params: [selection.fromMs, selection.toMs],
  };
}

/** The dossier with this code that the desk may pack. @throws ArchiveError `dossier/not-found` (caller), also where a code stands in several fonds */
export function findDossierToPack(desk: Desk, code: string, withContents: boolean): Promise<string> {
  return desk.act(withContents ? 'dossier.export' : 'receipt.make', async (tx, scope) => {
    const seen = scopeSql(scope, 'd', 2);
    const rows = await tx.query<{ id: string }>(`select d.id from dossier d where d.code = $1 and ${seen.sql} limit 2`, [
      code,
      ...seen.params,
    ]);
    const [only] = rows;
    if (!only || rows.length > 1) throw new ArchiveError('dossier/not-found', 'caller');
    return only.id;
  });
}

/** The unit with this code, to be named in a selection; whether anything of it may be packed is decided there. @throws ArchiveError `unit/not-found` (caller) */
export async function findUnitByCode({ db }: Pick<Archive, 'db'>, code: string): Promise<string> {
  const rows = await db.query<{ id: string }>('select id from unit where code = $1 limit 2', [code]);
  const [only] = rows;
  if (!only || rows.length > 1) throw new ArchiveError('unit/not-found', 'caller');
  return only.id;
}

/**
 * The dossiers of a selection that lie in the scope; what lies outside is not counted, for nobody is to learn of it.
 * @throws ArchiveError `dossier/not-found`, `unit/not-found`, `pack/empty`, `pack/too-many-dossiers` (caller)
 */
export async function selectDossiers(tx: DeskTx, scope: Scope, selection: PackSelection): Promise<PackDossier[]> {
  const chosen = conditionOf(selection);
  const seen = scopeSql(scope, 'd', chosen.params.length + 1);
  if (selection.kind === 'subject' && !(await selectDossiers(tx, scope, { kind: 'dossier', dossierId: selection.dossierId })).length)
    throw new ArchiveError('dossier/not-found', 'caller');
  const rows = await tx.query<Row>(
    `select d.id, d.code, u.code as unit_code, d.scheme, d.state, d.fonds_id, d.unit_id, d.category, d.level, d.page_count, d.material_count
     from dossier d join unit u on u.id = d.unit_id where ${chosen.sql} and ${seen.sql} order by d.code, d.id limit ${PACK_DOSSIERS_MAX + 1}`,
    [...chosen.params, ...seen.params],
  );
  if (!rows.length) {
    const code = { dossier: 'dossier/not-found', subject: 'dossier/not-found', unit: 'unit/not-found', period: 'pack/empty' }[
      selection.kind
    ];
    throw new ArchiveError(code, 'caller');
  }
  if (rows.length > PACK_DOSSIERS_MAX) throw new ArchiveError('pack/too-many-dossiers', 'caller', { max: PACK_DOSSIERS_MAX });
  return rows.map((r) => ({
    dossierId: r.id,
    code: r.code,
    unitCode: r.unit_code,
    scheme: r.scheme,
    state: r.state,
    place: { fondsId: r.fonds_id, unitId: r.unit_id, category: r.category, level: r.level },
    pageCount: r.page_count,
    materialCount: r.material_count,
  }));
}
