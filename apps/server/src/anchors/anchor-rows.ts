import { type AnchorProof, type Checkpoint, findCheckpoint } from '@lantai/log';
import { ArchiveError } from '@lantai/values';
import type { Sql } from '../db/index.ts';

/** An anchor with the checkpoint it is of. */
export interface AnchorRow {
  readonly id: string;
  readonly provider_id: string;
  readonly size: number;
  readonly state: 'waiting' | 'held' | 'gone' | 'wrong';
  readonly proof: AnchorProof | null;
  readonly anchored_at_ms: number | null;
  readonly created_at_ms: number;
  readonly checked_at_ms: number | null;
  readonly note: string;
}

const SELECT = `select a.id, a.provider_id, a.size, a.state, a.proof, a.anchored_at_ms, a.created_at_ms, a.checked_at_ms, c.note
  from anchor a join checkpoint c on c.size = a.size`;

/** The checkpoint that a stored note is of. @throws ArchiveError `log/checkpoint-altered` (corruption) */
export function checkpointOf({ size, note }: { readonly size: number; readonly note: string }): Checkpoint {
  const checkpoint = findCheckpoint(note.slice(0, note.lastIndexOf('\n\n') + 1));
  if (checkpoint?.size !== size) throw new ArchiveError('log/checkpoint-altered', 'corruption', { size });
  return checkpoint;
}

/** The anchor that a provider still has to make; null when there is none. */
export async function findWaiting(sql: Sql, providerId: string): Promise<AnchorRow | null> {
  return sql.one<AnchorRow>(`${SELECT} where a.provider_id = $1 and a.state = 'waiting' order by a.id limit 1`, [providerId]);
}

/** Anchors of a provider that are to be checked again, the longest due first. */
export function dueForCheck(sql: Sql, providerId: string, nowMs: number, limit: number): Promise<AnchorRow[]> {
  return sql.query<AnchorRow>(
    `${SELECT} where a.provider_id = $1 and a.state = 'held' and a.check_at_ms <= $2 order by a.check_at_ms, a.id limit ${limit}`,
    [providerId, nowMs],
  );
}

/** Queues an anchor; nothing when the checkpoint is anchored by this provider, or queued, already. */
export async function queueAnchor(sql: Sql, anchor: { id: string; providerId: string; size: number; nowMs: number }): Promise<void> {
  await sql.query(
    `insert into anchor (id, provider_id, size, state, created_at_ms) values ($1, $2, $3, 'waiting', $4)
     on conflict (provider_id, size) where state in ('waiting', 'held') do nothing`,
    [anchor.id, anchor.providerId, anchor.size, anchor.nowMs],
  );
}

/** Keeps what was anchored, or found again elsewhere. */
export async function holdAnchor(
  sql: Sql,
  id: string,
  held: { readonly proof: AnchorProof; readonly atMs: number; readonly nowMs: number; readonly checkAtMs: number },
): Promise<void> {
  await sql.query(
    `update anchor set state = 'held', proof = $2, anchored_at_ms = $3, checked_at_ms = $4, check_at_ms = $5, held_at_ms = coalesce(held_at_ms, $4)
     where id = $1`,
    [id, JSON.stringify(held.proof), held.atMs, held.nowMs, held.checkAtMs],
  );
}

/** An anchor that a check found gone or wrong: its row stays as it was found. */
export async function dropAnchor(
  sql: Sql,
  id: string,
  found: { readonly state: 'gone' | 'wrong'; readonly reason: string | null; readonly nowMs: number },
): Promise<void> {
  await sql.query('update anchor set state = $2, checked_at_ms = $3, fault_reason = $4, check_at_ms = null where id = $1', [
    id,
    found.state,
    found.nowMs,
    found.reason,
  ]);
}

/** When an anchor that could not be checked is tried again. */
export async function postponeCheck(sql: Sql, id: string, checkAtMs: number): Promise<void> {
  await sql.query('update anchor set check_at_ms = $2 where id = $1', [id, checkAtMs]);
}

/** The first checkpoint over more than `position` entries that is anchored, or without a position the newest: with every anchor that holds it. */
export async function findAnchored(
  sql: Sql,
  position: number | null,
): Promise<{ size: number; note: string; anchors: AnchorProof[] } | null> {
  const order = position === null ? 'desc' : 'asc';
  const rows = await sql.query<AnchorRow>(
    `${SELECT} where a.state = 'held' and a.size = (select size from anchor where state = 'held' and size > $1 order by size ${order} limit 1)
     order by a.id`,
    [position ?? 0],
  );
  const [first] = rows;
  return first ? { size: first.size, note: first.note, anchors: rows.flatMap((row) => row.proof ?? []) } : null;
}
