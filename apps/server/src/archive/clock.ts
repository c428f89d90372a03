import { randomBytes } from 'node:crypto';
import { makeUuidV7 } from '@lantai/values';

/** Time and chance, handed in so that tests can fix them. */
export interface Clock {
  /** Milliseconds since 1970 UTC. */
  nowMs(): number;
  /** A new id; later ids sort after earlier ones of the same process, also within a millisecond. */
  newId<T extends string = string>(): T;
}

const MINUTE_MS = 60_000;

/** Day and minute as a clock on the archive's wall shows them, wherever the server stands: `2026-11-22 15:04`. @param utcOffsetMinutes the policy's, east of UTC */
export const formatWallTime = (atMs: number, utcOffsetMinutes: number): string =>
  new Date(atMs + utcOffsetMinutes * MINUTE_MS).toISOString().slice(0, 16).replace('T', ' ');

/** The system's clock. Ids never go back, even when the clock does. */
export function systemClock(): Clock {
  let lastMs = 0;
  let sequence = 0;
  return {
    nowMs: () => Date.now(),
    newId<T extends string>() {
      const nowMs = Date.now();
      if (nowMs > lastMs) {
        lastMs = nowMs;
        sequence = 0;
      } else if (++sequence > 0xfff) {
        // RFC 9562 section 6.2: a full counter borrows from the clock.
        lastMs++;
        sequence = 0;
      }
      const random = randomBytes(10);
      random[0] = sequence >> 4;
      random[1] = ((sequence & 0xf) << 4) | (random[1]! & 0xf);
      return makeUuidV7(lastMs, random) as T;
    },
  };
}
