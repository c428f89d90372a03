import { KEY_CHANGE_KIND, type LoggedKeyChange } from '@lantai/log';
import { ArchiveError } from '@lantai/values';
import type { Sql, Tx } from '../db/index.ts';

/** An entry as it stands in the log. */
export interface PlacedEntry {
  readonly position: number;
  readonly bytes: Uint8Array;
}

/**
 * Gives positions to entries that have none, oldest ids first, at most `limit`; the only statement in Lantai that writes `position`.
 *
 * INVARIANT: it looks for rows without a position, never for ids beyond the last one seen: a transaction may commit long after others
 * with later ids, and its entry is as good as theirs. A row that another transaction holds is left for the next round.
 * INVARIANT: runs under the sequencer's lock, so the highest position cannot move between the two statements.
 * @returns how many were placed
 */
export async function placeEntries(tx: Tx, limit: number): Promise<number> {
  const next = await tx.one<{ position: number }>('select coalesce(max(position) + 1, 0) as position from entry');
  const waiting = await tx.queryNamed<{ id: string }>(
    'sequencer-waiting',
    'select id from entry where position is null order by id limit $1 for update skip locked',
    [limit],
  );
  if (waiting.length === 0) return 0;
  return tx.execute(
    `update entry e set position = placed.position
     from (select id, $2::bigint + ordinality - 1 as position from unnest($1::uuid[]) with ordinality as list(id, ordinality)) placed
     where e.id = placed.id and e.position is null`,
    [waiting.map((row) => row.id), next!.position],
  );
}

/**
 * Placed entries from `position` on, without a gap, at most `limit`.
 * @throws ArchiveError `log/entry-missing` (corruption) when a position is missing before a higher one: a placed row was deleted
 */
export async function readPlaced(sql: Sql, position: number, limit: number): Promise<PlacedEntry[]> {
  const rows = await sql.queryNamed<PlacedEntry>(
    'sequencer-placed',
    'select position, bytes from entry where position >= $1 order by position limit $2',
    [position, limit],
  );
  for (const [i, row] of rows.entries())
    if (row.position !== position + i) throw new ArchiveError('log/entry-missing', 'corruption', { position: position + i });
  return rows;
}

const KEY_CHANGE = Buffer.from(`"kind":"${KEY_CHANGE_KIND}"`);

/** Whether an entry announces other keys of the log. An entry has one spelling, and no text in it holds a quotation mark. */
export const isKeyChange = (bytes: Uint8Array): boolean =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).includes(KEY_CHANGE);

/** Every change of the log's keys among the first `size` entries, in their order. */
export async function readKeyChanges(sql: Sql, size: number): Promise<LoggedKeyChange[]> {
  const rows = await sql.query<PlacedEntry>('select position, bytes from entry where kind = $1 and position < $2 order by position', [
    KEY_CHANGE_KIND,
    size,
  ]);
  return rows.map(({ position, bytes }) => ({ position, entryBytes: bytes }));
}
