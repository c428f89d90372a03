import { ArchiveError } from '@lantai/values';
import { type Account, openAccountName } from '../access/index.ts';
import type { Archive } from '../archive/index.ts';
import type { Tx } from '../db/index.ts';
import { deskTx } from '../desk/index.ts';
import { HOUR_MS } from './read-use.ts';
import { LEVELS, type Level, type Reason, type Score } from './score.ts';

/** An alarm as whoever decides sees it. */
export interface UseAlarm {
  readonly id: string;
  readonly account: { readonly id: string; readonly name: string };
  readonly level: Exclude<Level, 'free'>;
  readonly points: number;
  readonly reasons: readonly Reason[];
  readonly raisedAtMs: number;
  /** Null: a stop, which ends by decision alone. */
  readonly endsAtMs: number | null;
  readonly decision: 'released' | 'kept' | null;
  readonly decidedAtMs: number | null;
  readonly isOwn: boolean;
}

interface AlarmRow {
  id: string;
  account_id: string;
  name: Uint8Array;
  level: UseAlarm['level'];
  points: number;
  reasons: Reason[];
  raised_at_ms: number;
  ends_at_ms: number | null;
  decision: UseAlarm['decision'];
  decided_at_ms: number | null;
}

/** What is warned of or slowed is so for an hour. */
const LASTS_MS = HOUR_MS;
/** Released for what one did, one is not stopped again for the same within this time, … */
const RELEASED_MS = 4 * HOUR_MS;
/** … but for half as much again. */
const RELEASED_TIMES = 1.5;
const LISTED_MAX = 200;

const SELECT = `select u.id, u.account_id, a.name, u.level, u.points, u.reasons, u.raised_at_ms, u.ends_at_ms, u.decision, u.decided_at_ms
  from use_alarm u join account a on a.id = u.account_id`;

const toAlarm = (archive: Archive, viewer: Account, row: AlarmRow): UseAlarm => ({
  id: row.id,
  account: { id: row.account_id, name: openAccountName(archive, row.account_id, row.name) },
  level: row.level,
  points: row.points,
  reasons: row.reasons,
  raisedAtMs: row.raised_at_ms,
  endsAtMs: row.ends_at_ms,
  decision: row.decision,
  decidedAtMs: row.decided_at_ms,
  isOwn: row.account_id === viewer.accountId,
});

/** Whether a level holds that was raised earlier. $1 account, $2 now. */
const HOLDS = `u.account_id = $1 and case when u.level = 'stopped' then u.decision is distinct from 'released' else u.decision is null and u.ends_at_ms > $2 end`;

async function heldLevel(tx: Tx, accountId: string, nowMs: number): Promise<Level> {
  const rows = await tx.queryNamed<{ level: Level }>('watch-held', `select u.level from use_alarm u where ${HOLDS}`, [accountId, nowMs]);
  return rows.reduce<Level>((most, { level }) => (LEVELS.indexOf(level) > LEVELS.indexOf(most) ? level : most), 'free');
}

/**
 * Raises an alarm when a score is above what holds already; an entry in the name of nobody.
 * @returns the alarm's id, or null when there is nothing new
 */
export async function raiseAlarm(archive: Archive, accountId: string, score: Score): Promise<string | null> {
  const { level } = score;
  if (level === 'free') return null;
  return archive.db.tx(async (raw) => {
    // Two requests of one account may have been scored at once.
    await raw.query(`select pg_advisory_xact_lock(hashtext('lantai use ' || $1))`, [accountId]);
    const nowMs = archive.clock.nowMs();
    if (LEVELS.indexOf(level) <= LEVELS.indexOf(await heldLevel(raw, accountId, nowMs))) return null;
    const released = await raw.one<{ points: number | null }>(
      `select max(points) as points from use_alarm where account_id = $1 and decision = 'released' and decided_at_ms > $2`,
      [accountId, nowMs - RELEASED_MS],
    );
    if (score.points < (released?.points ?? 0) * RELEASED_TIMES) return null;
    const tx = deskTx(raw, archive, null, 'administration');
    const entryId = await tx.log({
      kind: `use.${level}`,
      objectId: accountId,
      params: { points: score.points, reasons: score.reasons.join('+') },
    });
    const id = archive.clock.newId();
    await tx.query(
      'insert into use_alarm (id, account_id, level, points, reasons, raised_at_ms, ends_at_ms, entry_id) values ($1, $2, $3, $4, $5, $6, $7, $8)',
      [id, accountId, level, score.points, score.reasons, nowMs, level === 'stopped' ? null : nowMs + LASTS_MS, entryId],
    );
    return id;
  });
}

/** The latest alarms, those that hold first. */
export async function listUseAlarms(archive: Archive, viewer: Account): Promise<UseAlarm[]> {
  const rows = await archive.db.query<AlarmRow>(
    `${SELECT} order by (u.decision is null and (u.ends_at_ms is null or u.ends_at_ms > $1)) desc, u.raised_at_ms desc, u.id desc limit ${LISTED_MAX}`,
    [archive.clock.nowMs()],
  );
  return rows.map((row) => toAlarm(archive, viewer, row));
}

/**
 * Decides upon an alarm: whoever was stopped goes on or stays stopped. The reason goes into the log for auditors. A stop kept may be released later.
 * @throws ArchiveError `use/alarm-not-found`, `use/own-alarm`, `use/decided` (caller)
 */
export async function decideUseAlarm(
  archive: Archive,
  decider: Account,
  alarmId: string,
  input: { readonly decision: 'released' | 'kept'; readonly reason: string },
): Promise<UseAlarm> {
  return archive.db.tx(async (raw) => {
    const tx = deskTx(raw, archive, decider.accountId, 'administration');
    const row = await tx.one<AlarmRow>(`${SELECT} where u.id = $1 for update of u`, [alarmId]);
    if (!row) throw new ArchiveError('use/alarm-not-found', 'caller');
    if (row.account_id === decider.accountId) throw new ArchiveError('use/own-alarm', 'caller');
    if (row.decision === 'released') throw new ArchiveError('use/decided', 'caller');
    const nowMs = archive.clock.nowMs();
    const entryId = await tx.log({
      kind: `use.${input.decision}`,
      objectId: row.account_id,
      params: { level: row.level, points: row.points },
      detail: input.reason,
    });
    await tx.query('update use_alarm set decision = $2, decided_by = $3, decided_at_ms = $4, decision_entry_id = $5 where id = $1', [
      alarmId,
      input.decision,
      decider.accountId,
      nowMs,
      entryId,
    ]);
    return toAlarm(archive, decider, { ...row, decision: input.decision, decided_at_ms: nowMs });
  });
}
