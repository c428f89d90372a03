import type { Checkpoint } from '@lantai/log';
import type { Sql } from '../db/index.ts';

/** A signed checkpoint as stored. */
export interface StoredCheckpoint {
  readonly size: number;
  readonly root: Uint8Array;
  readonly note: string;
}

/** The checkpoint over the most entries; null before the first. */
export async function findLastCheckpoint(sql: Sql): Promise<StoredCheckpoint | null> {
  const rows = await sql.queryNamed<StoredCheckpoint>(
    'sequencer-last-checkpoint',
    'select size, root, note from checkpoint order by size desc limit 1',
  );
  return rows[0] ?? null;
}

/** Size of the checkpoint before the one of `size`; 0 when there is none. */
export async function previousSize(sql: Sql, size: number): Promise<number> {
  const row = await sql.one<{ size: number }>('select coalesce(max(size), 0) as size from checkpoint where size < $1', [size]);
  return row!.size;
}

/** Stores a checkpoint just signed. A second one of the same size is refused by the table. */
export async function insertCheckpoint(sql: Sql, checkpoint: Checkpoint, note: string, atMs: number): Promise<void> {
  await sql.execute('insert into checkpoint (size, root, note, at_ms) values ($1, $2, $3, $4)', [
    checkpoint.size,
    checkpoint.root,
    note,
    atMs,
  ]);
}
