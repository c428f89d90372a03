import { ArchiveError } from '@lantai/values';
import type { Archive } from '../archive/index.ts';
import { bringBoxesOver } from '../boxes/index.ts';
import { moveDossierRows } from '../catalogue/index.ts';
import type { Tx } from '../db/index.ts';
import { type Desk, type DeskTx, deskTx, type Watched, watchedOne } from '../desk/index.ts';
import { refileDossiers } from '../search/index.ts';
import { getUnit, insertUnit, lockTree } from './units.ts';

/** How far rows and tokens have followed a change of the tree. */
export interface Reorganisation {
  readonly id: string;
  readonly kind: 'move' | 'merge';
  readonly unitId: string;
  readonly unitCode: string;
  readonly intoId: string | null;
  readonly state: 'running' | 'done';
  readonly doneCount: number;
  /** Dossiers that are to follow, as far as is known now. */
  readonly totalCount: number;
  readonly startedAtMs: number;
  readonly endedAtMs: number | null;
}

/** A reorganisation as its table holds it. */
export interface ReorganisationRow {
  id: string;
  kind: 'move' | 'merge';
  unit_id: string;
  into_id: string | null;
  state: 'running' | 'done';
  done_count: number;
  last_dossier_id: string | null;
  started_at_ms: number;
  ended_at_ms: number | null;
}

/** Columns of {@link ReorganisationRow}. */
export const REORGANISATION_COLUMNS = 'id, kind, unit_id, into_id, state, done_count, last_dossier_id, started_at_ms, ended_at_ms';

/** The unit `$1` with all below it, as `sub(id)`. */
export const SUBTREE = `with recursive sub(id) as (select $1::uuid union all select u.id from unit u join sub on u.parent_id = sub.id)`;

/** INVARIANT: nothing comes to lie below itself. */
async function checkNotBelow(tx: Tx, unitId: string, targetId: string): Promise<void> {
  const below = await tx.one(`${SUBTREE} select id from sub where id = $2`, [unitId, targetId]);
  if (below) throw new ArchiveError('unit/below-itself', 'caller');
}

async function checkIdle(tx: Tx, unitId: string): Promise<void> {
  const running = await tx.one(`select id from reorganisation where state = 'running' and (unit_id = $1 or into_id = $1) limit 1`, [
    unitId,
  ]);
  if (running) throw new ArchiveError('unit/being-moved', 'caller');
}

/** Whether a unit may come under another, or into it. @throws ArchiveError as {@link moveUnit} */
export async function checkPlaceUnder(tx: Tx, unitId: string, targetId: string): Promise<void> {
  const [unit, target] = [await getUnit(tx, unitId), await getUnit(tx, targetId)];
  if (unit.parent_id === null) throw new ArchiveError('unit/root', 'caller');
  if (unit.fonds_id !== target.fonds_id) throw new ArchiveError('unit/other-fonds', 'caller');
  await checkNotBelow(tx, unitId, targetId);
  await checkIdle(tx, unitId);
}

async function begin(
  archive: Archive,
  tx: DeskTx,
  {
    kind,
    unitId,
    intoId,
    changed,
  }: { kind: ReorganisationRow['kind']; unitId: string; intoId: string | null; changed: readonly Watched[] },
): Promise<string> {
  const id = archive.clock.newId();
  const entryId = await tx.log({
    kind: kind === 'move' ? 'unit.moved' : 'unit.merged',
    objectId: unitId,
    params: { reorganisation: id, ...(intoId ? { into: intoId } : {}) },
    changed,
  });
  await tx.query('insert into reorganisation (id, kind, unit_id, into_id, started_at_ms, entry_id) values ($1, $2, $3, $4, $5, $6)', [
    id,
    kind,
    unitId,
    intoId,
    archive.clock.nowMs(),
    entryId,
  ]);
  await archive.queue.send(tx, 'reorganise', [{ data: { reorganisationId: id } }]);
  return id;
}

/** Moves a unit in a transaction that holds the tree; the job is to be woken after the commit. @throws ArchiveError as {@link moveUnit} */
export async function moveIn(archive: Archive, tx: DeskTx, unitId: string, parentId: string): Promise<string> {
  await checkPlaceUnder(tx, unitId, parentId);
  const changed = await tx.watch('unit', [unitId]);
  await tx.query('update unit set parent_id = $2, version = version + 1 where id = $1', [unitId, parentId]);
  return begin(archive, tx, { kind: 'move', unitId, intoId: parentId, changed: [changed] });
}

/**
 * Moves a unit with all below it under another. Who may see it changes at once; search tokens follow in a job, and until they have,
 * every candidate is opened before it is counted.
 * @throws ArchiveError `unit/not-found`, `unit/root`, `unit/other-fonds`, `unit/below-itself`, `unit/being-moved` (caller)
 */
export async function moveUnit(archive: Archive, desk: Desk, unitId: string, parentId: string): Promise<string> {
  const id = await desk.act('organisation.change', async (tx) => {
    await lockTree(tx);
    return moveIn(archive, tx, unitId, parentId);
  });
  archive.queue.wake();
  return id;
}

/** Merges a unit into another: its units and dossiers become the other's, and it takes no new ones. @throws ArchiveError as {@link moveUnit} */
export async function mergeUnit(archive: Archive, desk: Desk, unitId: string, intoId: string): Promise<string> {
  const id = await desk.act('organisation.change', async (tx) => {
    await lockTree(tx);
    await checkPlaceUnder(tx, unitId, intoId);
    const below = await tx.query<{ id: string }>('select id from unit where parent_id = $1', [unitId]);
    const changed = await tx.watch('unit', [unitId, ...below.map((u) => u.id)]);
    // The merged unit hangs below the other until its rows have followed, so that nobody loses sight of them meanwhile.
    await tx.query('update unit set parent_id = $2, merged_into = $2, version = version + 1 where id = $1', [unitId, intoId]);
    await tx.query('update unit set parent_id = $2, version = version + 1 where parent_id = $1', [unitId, intoId]);
    // The boxes that it keeps become the other's at once: they hold no search tokens that would have to follow.
    const boxes = await bringBoxesOver(tx, unitId, intoId);
    return begin(archive, tx, { kind: 'merge', unitId, intoId, changed: [changed, boxes] });
  });
  archive.queue.wake();
  return id;
}

/**
 * Splits a unit: some of its units come under a new one beside it. Dossiers are moved by archivists, who know whose they are.
 * @throws ArchiveError as {@link moveUnit}, and `unit/code-taken`, `unit/not-below` (caller)
 */
export async function splitUnit(
  archive: Archive,
  desk: Desk,
  unitId: string,
  input: { readonly code: string; readonly name: string; readonly unitIds: readonly string[] },
): Promise<{ unitId: string; reorganisationIds: string[] }> {
  const made = await desk.act('organisation.change', async (tx) => {
    await lockTree(tx);
    const unit = await getUnit(tx, unitId);
    if (unit.parent_id === null) throw new ArchiveError('unit/root', 'caller');
    const newId = await insertUnit(tx, archive, { code: input.code, name: input.name, fondsId: unit.fonds_id, parentId: unit.parent_id });
    const reorganisationIds: string[] = [];
    for (const childId of input.unitIds) {
      if ((await getUnit(tx, childId)).parent_id !== unitId) throw new ArchiveError('unit/not-below', 'caller');
      reorganisationIds.push(await moveIn(archive, tx, childId, newId));
    }
    return { unitId: newId, reorganisationIds };
  });
  archive.queue.wake();
  return made;
}

const BATCH = 20;

/**
 * Lets rows and tokens follow a change of the tree, a few dossiers in each transaction, so that nobody waits for it.
 * CRASH: what was committed stays; taken up again it goes on behind the last dossier, and refiling one twice changes nothing.
 */
export async function runReorganisation(archive: Archive, reorganisationId: string): Promise<void> {
  while (
    await archive.db.system('reorganisation').tx(async (raw) => {
      const tx = deskTx(raw, archive, null, 'administration');
      const row = await tx.one<ReorganisationRow>(`select ${REORGANISATION_COLUMNS} from reorganisation where id = $1 for update`, [
        reorganisationId,
      ]);
      if (!row || row.state === 'done') return false;
      const batch = await tx.query<Followed>(
        `${SUBTREE} select id, fonds_id, unit_id, category, level from dossier
         where unit_id in (select id from sub) and id > coalesce($2, '00000000-0000-0000-0000-000000000000'::uuid) order by id limit ${BATCH} for no key update`,
        [row.kind === 'merge' ? row.into_id : row.unit_id, row.last_dossier_id],
      );
      const moved = batch.filter((d) => comesElsewhere(row, d));
      if (moved.length) await bringOver(archive, tx, row, moved);
      const stayed = batch.filter((d) => !comesElsewhere(row, d));
      await refileDossiers(
        tx,
        archive,
        stayed.map((d) => d.id),
      );
      const isDone = batch.length < BATCH;
      await tx.query(
        `update reorganisation set done_count = done_count + $2, last_dossier_id = coalesce($3, last_dossier_id), state = $4, ended_at_ms = $5 where id = $1`,
        [row.id, batch.length, batch.at(-1)?.id ?? null, isDone ? 'done' : 'running', isDone ? archive.clock.nowMs() : null],
      );
      return !isDone;
    })
  );
}

interface Followed {
  readonly id: string;
  readonly fonds_id: string;
  readonly unit_id: string;
  readonly category: string;
  readonly level: number;
}

const comesElsewhere = (row: ReorganisationRow, d: Followed): boolean =>
  row.kind === 'merge' && d.unit_id === row.unit_id && row.into_id !== null;

/** Dossiers of the merged unit become the other's, with all that lies where they lie. */
async function bringOver(archive: Archive, tx: DeskTx, row: ReorganisationRow, moved: readonly Followed[]): Promise<void> {
  const ids = moved.map((d) => d.id);
  const watched = await tx.watch('dossier', ids);
  await tx.query('update dossier set unit_id = $2 where id = any($1::uuid[])', [ids, row.into_id]);
  await moveDossierRows(tx, archive, ids);
  await tx.logMany(
    moved.map((d) => ({
      kind: 'dossier.moved',
      place: { fondsId: d.fonds_id, unitId: row.into_id ?? d.unit_id, category: d.category, level: d.level },
      dossierId: d.id,
      objectId: d.id,
      params: { reorganisation: row.id },
      changed: [watchedOne(watched, d.id)],
    })),
  );
}
