import type { Archive } from '../archive/index.ts';
import { type DeskTx, deskTx, type Watched } from '../desk/index.ts';

/** Clocks are corrected by a little all the time; a greater step back would make what has ended valid again. */
const STEP_BACK_MAX_MS = 120_000;

/** Notices that the clock was set back, here or while nothing ran. */
export interface ClockWatch {
  /** Called before anybody is let in by a session or token. */
  check(): Promise<void>;
}

async function watchWhatRanOut(tx: DeskTx, latestMs: number): Promise<Watched[]> {
  const tokens = await tx.query<{ id: string }>('select id from api_token where expires_at_ms <= $1 and revoked_at_ms is null', [latestMs]);
  const accesses = await tx.query<{ id: string }>('select id from break_glass where ends_at_ms <= $1 and ended_at_ms is null', [latestMs]);
  const ids = (rows: readonly { id: string }[]) => rows.map((r) => r.id);
  return [await tx.watch('api_token', ids(tokens)), await tx.watch('break_glass', ids(accesses))];
}

/**
 * Begins to watch from the time of the last entry of the log.
 * INVARIANT: a session, token, challenge or emergency access that was over once stays over: when the clock goes back all sessions end, and what
 * had run out by the latest time seen is revoked. The step is an entry.
 */
export async function openClockWatch(archive: Archive): Promise<ClockWatch> {
  const last = await archive.db.query<{ at_ms: number }>('select at_ms from entry order by id desc limit 1');
  let latestMs = last[0]?.at_ms ?? 0;
  let settling: Promise<void> | null = null;
  const settle = async (nowMs: number): Promise<void> => {
    await archive.db.tx(async (raw) => {
      const tx = deskTx(raw, archive, null, 'administration');
      await tx.query('select end_looks(null, null, null)');
      const sessions = await tx.execute('delete from session');
      await tx.query('delete from challenge');
      const changed = await watchWhatRanOut(tx, latestMs);
      await tx.query('update api_token set revoked_at_ms = $1 where expires_at_ms <= $2 and revoked_at_ms is null', [nowMs, latestMs]);
      await tx.query('update break_glass set ended_at_ms = $1 where ends_at_ms <= $2 and ended_at_ms is null', [nowMs, latestMs]);
      await tx.log({ kind: 'clock.set-back', params: { seconds: Math.round((latestMs - nowMs) / 1000), sessions }, changed });
    });
    latestMs = nowMs;
  };
  return {
    async check() {
      const nowMs = archive.clock.nowMs();
      if (nowMs >= latestMs - STEP_BACK_MAX_MS) {
        latestMs = Math.max(latestMs, nowMs);
        return;
      }
      settling ??= settle(nowMs).finally(() => {
        settling = null;
      });
      await settling;
    },
  };
}
