import type { Sql } from '../db/index.ts';
import type { Desk } from '../desk/index.ts';
import type { ProviderKind } from './provider-rows.ts';
import { rightToSee } from './providers.ts';

/**
 * How one provider stands to one checkpoint. `waiting`: to be asked. `failed`: asked in vain, asked again by itself. `stamped`: held, and checked
 * when it came. `verified`: checked again since. `gone`, `wrong`: a check found that it is not, or does not hold.
 */
export type StampState = 'waiting' | 'failed' | 'stamped' | 'verified' | 'gone' | 'wrong';

/** What one provider gave for one checkpoint, or still owes. */
export interface Stamp {
  readonly providerId: string;
  readonly provider: string;
  readonly kind: ProviderKind;
  readonly state: StampState;
  /** The provider's own time. */
  readonly atMs: number | null;
  readonly checkedAtMs: number | null;
  /** Of `failed` the last failure, of `wrong` what the check said. */
  readonly fault: { readonly code: string; readonly reason: string | null } | null;
  /** When it is asked again, of one that waits or failed. */
  readonly nextAtMs: number | null;
}

/** A checkpoint that was stamped, or is to be. */
export interface StampedCheckpoint {
  /** Entries it covers. */
  readonly size: number;
  readonly signedAtMs: number;
  readonly stamps: readonly Stamp[];
}

interface StampRow {
  size: number;
  provider_id: string;
  name: string;
  kind: ProviderKind;
  state: 'waiting' | 'held' | 'gone' | 'wrong';
  at_ms: number | null;
  held_at_ms: number | null;
  checked_at_ms: number | null;
  fault_reason: string | null;
  failures: number;
  provider_fault: string | null;
  provider_reason: string | null;
  next_at_ms: number;
}

/** Anchors and cosignatures in one form; the line of a witness was checked when it came and is never fetched again. */
const STAMPS = `select s.*, p.name, p.kind, p.failures, p.fault as provider_fault, p.fault_reason as provider_reason, p.next_at_ms
  from (select a.id, a.size, a.provider_id, a.state, a.anchored_at_ms as at_ms, a.held_at_ms, a.checked_at_ms, a.fault_reason from anchor a
        union all
        select null::uuid, c.size, c.provider_id, 'held', c.seen_at_ms, c.seen_at_ms, c.seen_at_ms, null from cosignature c) s
  join anchor_provider p on p.id = s.provider_id`;

/**
 * Checkpoints that any provider stamped or owes a stamp, the newest first.
 * @param page `before`: entries of the last checkpoint of the page before
 * @throws ArchiveError `desk/not-allowed` (caller) for whoever may neither change anchors nor read the log
 */
export function listStamped(
  desk: Desk,
  page: { readonly before: number | null; readonly limit: number },
): Promise<{ items: StampedCheckpoint[]; nextBefore: number | null }> {
  return desk.act(rightToSee(desk), async (tx) => {
    const checkpoints = await findStamped(tx, page.before, page.limit + 1);
    const shown = checkpoints.slice(0, page.limit);
    const rows = await tx.query<StampRow>(`${STAMPS} where s.size = any($1::bigint[]) order by s.size desc, p.name, s.id nulls last`, [
      shown.map(({ size }) => size),
    ]);
    const items = shown.map(({ size, signed_at_ms }) => ({
      size,
      signedAtMs: signed_at_ms,
      stamps: rows.filter((row) => row.size === size).map(toStamp),
    }));
    return { items, nextBefore: checkpoints.length > page.limit ? (shown.at(-1)?.size ?? null) : null };
  });
}

const findStamped = (sql: Sql, before: number | null, limit: number) =>
  sql.query<{ size: number; signed_at_ms: number }>(
    `select c.size, c.at_ms as signed_at_ms from checkpoint c
     where ($1::bigint is null or c.size < $1)
       and (exists (select 1 from anchor a where a.size = c.size) or exists (select 1 from cosignature w where w.size = c.size))
     order by c.size desc limit $2`,
    [before, limit],
  );

function toStamp(row: StampRow): Stamp {
  const state = stateOf(row);
  const owes = state === 'waiting' || state === 'failed';
  const failed = state === 'failed' ? { code: row.provider_fault ?? 'anchor/failed', reason: row.provider_reason } : null;
  const wrong = state === 'wrong' ? { code: 'anchor/wrong', reason: row.fault_reason } : null;
  return {
    providerId: row.provider_id,
    provider: row.name,
    kind: row.kind,
    state,
    atMs: row.at_ms,
    checkedAtMs: row.checked_at_ms,
    fault: failed ?? wrong,
    nextAtMs: owes ? row.next_at_ms : null,
  };
}

function stateOf({ state, failures, held_at_ms, checked_at_ms }: StampRow): StampState {
  if (state === 'waiting') return failures > 0 ? 'failed' : 'waiting';
  if (state !== 'held') return state;
  return (checked_at_ms ?? 0) > (held_at_ms ?? 0) ? 'verified' : 'stamped';
}
