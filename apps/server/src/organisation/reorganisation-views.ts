import { ArchiveError, isArchiveError } from '@lantai/values';
import type { Archive } from '../archive/index.ts';
import type { Sql, Tx } from '../db/index.ts';
import type { Desk } from '../desk/index.ts';
import { checkPlaceUnder, REORGANISATION_COLUMNS, type Reorganisation, type ReorganisationRow, SUBTREE } from './reorganise.ts';
import { getUnit } from './units.ts';

/** What is thought of doing to the tree. */
export type ReorganisationPlan =
  | { readonly kind: 'move'; readonly unitId: string; readonly parentId: string }
  | { readonly kind: 'merge'; readonly unitId: string; readonly intoId: string }
  | { readonly kind: 'split'; readonly unitId: string; readonly unitIds: readonly string[] };

/** Posts by the unit that is their place. */
export interface UnitPosts {
  readonly unitId: string;
  readonly posts: number;
}

/** What a plan would change; nothing has changed. */
export interface ReorganisationPreview {
  /** Code of the problem it would be refused with. */
  readonly refusal: string | null;
  readonly units: number;
  readonly dossiers: number;
  readonly gaining: readonly UnitPosts[];
  readonly losing: readonly UnitPosts[];
}

/** Accounts in use and further posts held, by unit: `held(unit_id, role)`. */
const HELD = `held as (
  select unit_id, role from account where unit_id is not null and not disabled
  union all select p.unit_id, p.role from post p join account a on a.id = p.account_id
    where p.unit_id is not null and p.ended_at_ms is null and not a.disabled)`;

/** The unit and all above it. */
async function pathOf(tx: Tx, unitId: string): Promise<string[]> {
  const rows = await tx.query<{ id: string }>(
    `with recursive up(id, parent_id) as (
       select id, parent_id from unit where id = $1 union all select u.id, u.parent_id from unit u join up on u.id = up.parent_id
     ) select id from up`,
    [unitId],
  );
  return rows.map((row) => row.id);
}

async function postsAt(tx: Tx, unitIds: readonly string[]): Promise<UnitPosts[]> {
  return tx.query<UnitPosts>(
    `with ${HELD} select unit_id as "unitId", count(*)::int as posts from held where unit_id = any($1::uuid[]) group by unit_id order by unit_id`,
    [unitIds],
  );
}

/** Units below, and every dossier in them: a number, which a system administrator is told of dossiers that nobody shows to it. */
async function countBelow(places: Sql, unitIds: readonly string[]): Promise<{ units: number; dossiers: number }> {
  const row = await places.one<{ units: number; dossiers: number }>(
    `with recursive sub(id) as (select unnest($1::uuid[]) union all select u.id from unit u join sub on u.parent_id = sub.id)
     select (select count(*)::int from sub) as units, (select count(*)::int from dossier where unit_id in (select id from sub)) as dossiers`,
    [unitIds],
  );
  return row ?? { units: 0, dossiers: 0 };
}

/** The problem that the plan would meet; null: none. */
async function findRefusal(tx: Tx, plan: ReorganisationPlan): Promise<string | null> {
  try {
    if (plan.kind === 'move') await checkPlaceUnder(tx, plan.unitId, plan.parentId);
    else if (plan.kind === 'merge') await checkPlaceUnder(tx, plan.unitId, plan.intoId);
    else {
      const unit = await getUnit(tx, plan.unitId);
      if (unit.parent_id === null) throw new ArchiveError('unit/root', 'caller');
      for (const id of plan.unitIds) {
        if ((await getUnit(tx, id)).parent_id !== plan.unitId) throw new ArchiveError('unit/not-below', 'caller');
        await checkPlaceUnder(tx, id, unit.parent_id);
      }
    }
    return null;
  } catch (error) {
    if (isArchiveError(error) && error.fault === 'caller' && error.code !== 'unit/not-found') return error.code;
    throw error;
  }
}

/**
 * What a move, merge or split would change: how much follows, and the posts at which units come to reach it or cease to. A dry look.
 * @throws ArchiveError `unit/not-found` (caller)
 */
export function previewReorganisation(archive: Pick<Archive, 'db'>, desk: Desk, plan: ReorganisationPlan): Promise<ReorganisationPreview> {
  return desk.act('organisation.change', async (tx) => {
    const refusal = await findRefusal(tx, plan);
    const before = await pathOf(tx, plan.unitId);
    const moved = plan.kind === 'split' ? plan.unitIds : [plan.unitId];
    const { units, dossiers } = await countBelow(archive.db.system('places'), moved);
    // Of a split the new unit stands beside the old one, and nobody has a post there yet.
    const after = plan.kind === 'split' ? before.slice(1) : await pathOf(tx, plan.kind === 'move' ? plan.parentId : plan.intoId);
    // What is moved keeps its own posts; what is merged has no dossiers left for them.
    const kept = plan.kind === 'move' ? [plan.unitId, ...after] : after;
    return {
      refusal,
      units,
      dossiers,
      gaining: refusal
        ? []
        : await postsAt(
            tx,
            after.filter((id) => !before.includes(id)),
          ),
      losing: refusal
        ? []
        : await postsAt(
            tx,
            before.filter((id) => !kept.includes(id)),
          ),
    };
  });
}

const TOTAL = `(with recursive sub(id) as (
    select case r.kind when 'merge' then r.into_id else r.unit_id end union all select u.id from unit u join sub on u.parent_id = sub.id)
  select count(*)::int from dossier where unit_id in (select id from sub))`;
const VIEW = `select ${REORGANISATION_COLUMNS}, case r.state when 'done' then r.done_count else greatest(r.done_count, ${TOTAL}) end as total,
  (select code from unit where id = r.unit_id) as code from reorganisation r`;

interface ViewRow extends ReorganisationRow {
  total: number;
  code: string;
}

const toView = (row: ViewRow): Reorganisation => ({
  id: row.id,
  kind: row.kind,
  unitId: row.unit_id,
  unitCode: row.code,
  intoId: row.into_id,
  state: row.state,
  doneCount: row.done_count,
  totalCount: row.total,
  startedAtMs: row.started_at_ms,
  endedAtMs: row.ended_at_ms,
});

/** @throws ArchiveError `reorganisation/not-found` (caller) */
export async function getReorganisation(archive: Pick<Archive, 'db'>, desk: Desk, id: string): Promise<Reorganisation> {
  desk.scope('organisation.change');
  const row = await archive.db.system('places').one<ViewRow>(`${VIEW} where r.id = $1`, [id]);
  if (!row) throw new ArchiveError('reorganisation/not-found', 'caller');
  return toView(row);
}

const LIST_MAX = 50;

/** Those under way and the latest that are done, newest first. */
export async function listReorganisations(archive: Pick<Archive, 'db'>, desk: Desk): Promise<Reorganisation[]> {
  desk.scope('organisation.change');
  const rows = await archive.db.system('places').query<ViewRow>(`${VIEW} order by r.id desc limit ${LIST_MAX}`, []);
  return rows.map(toView);
}

/** A unit in numbers, without a name of a person. */
export interface UnitDescription {
  readonly dossiers: number;
  readonly dossiersBelow: number;
  readonly posts: readonly { readonly role: ReorganisationPostRole; readonly count: number }[];
  readonly merged: readonly { readonly code: string; readonly name: string }[];
}
type ReorganisationPostRole = Desk['actor']['role'];

/** Dossiers and posts of a unit, and what was merged into it. @throws ArchiveError `unit/not-found` (caller) */
export function describeUnit(archive: Archive, desk: Desk, unitId: string): Promise<UnitDescription> {
  return desk.act('organisation.change', async (tx) => {
    const { fonds_id: fondsId } = await getUnit(tx, unitId);
    const counts = await archive.db.system('places').one<{ own: number; all: number }>(
      `${SUBTREE} select (select count(*)::int from dossier where unit_id = $1) as own,
         (select count(*)::int from dossier where unit_id in (select id from sub)) as all`,
      [unitId],
    );
    const posts = await tx.query<{ role: ReorganisationPostRole; count: number }>(
      `with ${HELD} select role, count(*)::int as count from held where unit_id = $1 group by role order by role`,
      [unitId],
    );
    const merged = await tx.query<{ id: string; code: string; name: Uint8Array }>(
      'select id, code, name from unit where merged_into = $1 order by code',
      [unitId],
    );
    const { own, all } = counts ?? { own: 0, all: 0 };
    return {
      dossiers: own,
      dossiersBelow: all - own,
      posts,
      merged: merged.map(({ id, code, name }) => ({
        code,
        name: archive.sealer.get({ kind: 'fonds', id: fondsId }, { table: 'unit', column: 'name', rowId: id, version: 1 }, name),
      })),
    };
  });
}
