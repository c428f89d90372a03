import { type BoxPlace, type BoxSpineMm, boxCapacitySheets, getBoxPlace } from '@lantai/catalogue';
import { ArchiveError } from '@lantai/values';
import type { Place } from '../archive/index.ts';
import { type Desk, type DeskTx, inScope, madeObjects } from '../desk/index.ts';

/** Boxes (卷盒) of one kind that are set up together. */
export interface NewBoxes {
  /** The unit that keeps them. */
  readonly unitId: string;
  readonly category: string;
  /** The highest level of what may lie in them. */
  readonly level: number;
  readonly count: number;
  /** Number of the first (盒号); null: the next free one of the fonds. */
  readonly number: number | null;
  readonly spineMm: BoxSpineMm;
  /** Null: by the spine. */
  readonly capacitySheets: number | null;
  readonly retention: string | null;
  readonly year: number | null;
  readonly schemeId: string | null;
  readonly classCode: string | null;
  readonly place: BoxPlace;
  readonly namesOutside: boolean;
}

/**
 * Sets up boxes with numbers that follow each other. A number is given once in a fonds, for ever.
 * @returns their ids, in the order of their numbers
 * @throws ArchiveError `unit/not-found`, `level/consult-paper`, `box/number-taken`, `box/place` (caller)
 */
export function createBoxes(desk: Desk, input: NewBoxes): Promise<string[]> {
  return desk.act('dossier.change', async (tx, scope) => {
    const unit = await tx.one<{ fonds_id: string }>('select fonds_id from unit where id = $1 and merged_into is null', [input.unitId]);
    const place: Place = { fondsId: unit?.fonds_id ?? '', unitId: input.unitId, category: input.category, level: input.level };
    if (input.level > desk.highestLevel) throw new ArchiveError('level/consult-paper', 'caller', { highest: desk.highestLevel });
    if (!unit || !inScope(scope, place)) throw new ArchiveError('unit/not-found', 'caller');
    const first = await takeNumbers(tx, place.fondsId, input);
    const ids = Array.from({ length: input.count }, () => desk.clock.newId());
    const entryId = desk.clock.newId();
    await insertBoxes(tx, desk, input, { place, first, ids, entryId });
    const changed = [madeObjects('box', ids)];
    await tx.log({ id: entryId, kind: 'box.created', place, objectId: ids[0]!, params: { boxes: ids.length, number: first }, changed });
    return ids;
  });
}

/** The first of the numbers. INVARIANT: one at a time numbers the boxes of a fonds; the table holds it besides. */
async function takeNumbers(tx: DeskTx, fondsId: string, { number, count }: NewBoxes): Promise<number> {
  await tx.query(`select pg_advisory_xact_lock(hashtextextended('lantai/box/' || $1, 0))`, [fondsId]);
  // Asked as the owner of the numbers: a box that the actor does not reach has one too.
  const row = await tx.one<{ last: number | null; taken: number | null }>(
    'select last, taken from box_numbers($1::uuid, $2::integer, $3::integer)',
    [fondsId, number, count],
  );
  if (number === null) return (row?.last ?? 0) + 1;
  if (row?.taken) throw new ArchiveError('box/number-taken', 'caller', { number: row.taken });
  return number;
}

async function insertBoxes(
  tx: DeskTx,
  desk: Desk,
  input: NewBoxes,
  {
    place,
    first,
    ids,
    entryId,
  }: { readonly place: Place; readonly first: number; readonly ids: readonly string[]; readonly entryId: string },
): Promise<void> {
  const { repository, zone, rack, bay, shelf, slot } = getBoxPlace(input.place);
  await tx.query(
    `insert into box (id, number, fonds_id, unit_id, category, level, spine_mm, capacity_sheets, retention, year, scheme, class_code,
       place_repository, place_zone, place_rack, place_bay, place_shelf, place_slot, names_outside, made_by, created_at_ms, entry_id)
     select t.id, $2 + t.at::int - 1, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22
     from unnest($1::uuid[]) with ordinality t(id, at)`,
    [
      ...[ids, first, place.fondsId, place.unitId, place.category, place.level, input.spineMm],
      ...[input.capacitySheets ?? boxCapacitySheets(input.spineMm), input.retention, input.year, input.schemeId, input.classCode],
      ...[repository, zone, rack, bay, shelf, slot, input.namesOutside],
      ...[desk.actor.accountId, desk.clock.nowMs(), entryId],
    ],
  );
}
