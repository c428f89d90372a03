import { isArchiveError } from '@lantai/values';
import type { Sealer } from '../archive/index.ts';
import type { Db } from '../db/index.ts';
import { refreshStaleFrequencies } from './frequencies.ts';

/** How often the process that holds the folder looks whether the count of tokens is stale. Looking costs a millisecond, counting seconds. */
const LOOK_MS = 3 * 60_000;

/** Parts that {@link keepFrequencies} needs. */
export interface KeepFrequenciesOptions {
  readonly db: Db;
  readonly sealer: Sealer;
  readonly clock: { nowMs(): number };
  /** Pause between two looks; default three minutes. */
  readonly lookMs?: number;
  /** What went wrong; the next look tries again. */
  readonly onFault: (code: string) => void;
}

/**
 * Looks again and again whether the count of tokens is stale, and counts anew when it is. Plans get slower without it, never wrong.
 * @returns a handle; `stop` resolves when a count under way has ended
 */
export function keepFrequencies({ db, sealer, clock, lookMs = LOOK_MS, onFault }: KeepFrequenciesOptions): { stop(): Promise<void> } {
  let running: Promise<void> | null = null;
  const look = () => {
    running ??= refreshStaleFrequencies(db, sealer, clock.nowMs())
      .then(() => undefined)
      .catch((error: unknown) => onFault(isArchiveError(error) ? error.code : 'search/frequencies-failed'))
      .finally(() => {
        running = null;
      });
  };
  const timer = setInterval(look, lookMs);
  timer.unref();
  look();
  return {
    stop: async () => {
      clearInterval(timer);
      await running;
    },
  };
}
