import { isArchiveError } from '@lantai/values';
import type { Archive } from '../archive/index.ts';
import { raiseAlarm } from './alarms.ts';
import { DAY_MS, HABIT_SPAN_DAYS, readHabit, readLeaderUse, readRecentUse, sumUpDay } from './read-use.ts';
import { scoreUse } from './score.ts';

/** An account is scored at most so often: what it does meanwhile is in the next score. */
const PAUSE_MS = 5_000;
/** Habits older than this are forgotten. */
const KEPT_DAYS = 60;

interface UseWatchOptions {
  /** Told of an alarm by its id, for the journal. */
  readonly onAlarm: (alarmId: string) => void;
  /** What went wrong: the next act tries again. */
  readonly onFault: (code: string) => void;
  readonly pauseMs?: number;
}

/** Watches what accounts do, behind their requests and never in their way. */
export interface UseWatch {
  /** Says that an account has looked at or taken something. */
  note(accountId: string, role: string): void;
  /** Resolves when what was noted has been scored. */
  settled(): Promise<void>;
  stop(): Promise<void>;
}

/** Begins to watch. In a trial archive nobody could decide: nothing beyond a warning comes of it. */
export function openUseWatch(archive: Archive, offsetMinutes: () => Promise<number>, options: UseWatchOptions): UseWatch {
  const pauseMs = options.pauseMs ?? PAUSE_MS;
  const noted = new Map<string, string>();
  const summedUp = new Set<number>();
  let running: Promise<void> | null = null;
  let timer: NodeJS.Timeout | null = null;

  const sumUp = async (today: number, offsetMs: number): Promise<void> => {
    const known = await archive.db.query<{ day: number }>('select distinct day from use_day where day >= $1', [today - HABIT_SPAN_DAYS]);
    for (const { day } of known) summedUp.add(day);
    for (let day = today - HABIT_SPAN_DAYS; day < today; day++) {
      if (summedUp.has(day)) continue;
      await archive.db.tx((tx) => sumUpDay(tx, day, offsetMs));
      summedUp.add(day);
    }
    await archive.db.query('delete from use_day where day < $1', [today - KEPT_DAYS]);
  };
  let summedUntil = 0;
  const scoreOne = async (accountId: string, role: string): Promise<void> => {
    const offsetMs = (await offsetMinutes()) * 60_000;
    const nowMs = archive.clock.nowMs();
    const today = Math.floor((nowMs + offsetMs) / DAY_MS);
    if (summedUntil !== today) {
      await sumUp(today, offsetMs);
      summedUntil = today;
    }
    const recent = {
      ...(await readRecentUse(archive.db, accountId, nowMs, offsetMs)),
      ...(await readLeaderUse(archive.db.system('use-watch'), accountId, nowMs, offsetMs)),
    };
    const score = scoreUse(recent, await readHabit(archive.db, { accountId }, today), await readHabit(archive.db, { role }, today));
    const isTrial = archive.identity.kind === 'trial' && score.level !== 'free';
    const alarmId = await raiseAlarm(archive, accountId, isTrial ? { ...score, level: 'warned' } : score);
    if (alarmId) options.onAlarm(alarmId);
  };
  const work = async (): Promise<void> => {
    while (noted.size) {
      const [accountId, role] = noted.entries().next().value as [string, string];
      noted.delete(accountId);
      try {
        await scoreOne(accountId, role);
      } catch (error) {
        options.onFault(isArchiveError(error) ? error.code : 'use/watch-failed');
      }
    }
  };
  const start = () => {
    timer = null;
    running ??= work().finally(() => {
      running = null;
    });
  };
  return {
    note(accountId, role) {
      noted.set(accountId, role);
      timer ??= setTimeout(start, pauseMs).unref();
    },
    async settled() {
      if (timer) clearTimeout(timer);
      if (noted.size) start();
      await running;
    },
    async stop() {
      if (timer) clearTimeout(timer);
      timer = null;
      noted.clear();
      await running;
    },
  };
}
