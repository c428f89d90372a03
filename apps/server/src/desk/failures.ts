import { ArchiveError, isArchiveError } from '@lantai/values';
import type { Clock, Sealer } from '../archive/index.ts';
import type { Db } from '../db/index.ts';
import { deskTx } from './desk.ts';
import { type Act, NOBODY } from './entries.ts';

/** What the log of failures needs of the archive. */
export interface FailureParts {
  readonly db: Db;
  readonly sealer: Sealer;
  readonly clock: Clock;
}

/** Something that was refused or went wrong. */
export interface Failure extends Pick<Act, 'kind' | 'objectId' | 'dossierId' | 'params'> {
  /** An account; {@link NOBODY} for whoever is not known, all of whom are counted as one; null: the archive itself. */
  readonly actorId: string | null;
}

const WINDOW_MS = 60_000;
/** Entries of one actor in a minute; what comes beyond is counted in one entry. */
const ENTRIES_A_MINUTE_MAX = 30;
/** Actors that are told apart in a minute; an account is made by an administrator, so there are not more but by mistake. */
const ACTORS_MAX = 10_000;

interface Counted {
  written: number;
  beyond: number;
  lastCode: string;
}

/**
 * Writes failures into the log, each in a transaction of its own, and never so many that whoever fails on purpose fills the disk: of one actor
 * 30 a minute, then one `failures.counted` with how many more there were. INVARIANT: codes and ids only, nothing of what was asked.
 * CRASH: the count of the running minute is lost with the process; the thirty before it are not.
 */
export class FailureLog {
  #windowStartMs = 0;
  #counted = new Map<string | null, Counted>();
  #timer: NodeJS.Timeout | null = null;

  constructor(readonly parts: FailureParts) {}

  /** Writes a failure, or counts it. @throws ArchiveError `db/…` (environment) when it cannot be written */
  async note(failure: Failure): Promise<void> {
    const nowMs = this.parts.clock.nowMs();
    if (Math.abs(nowMs - this.#windowStartMs) >= WINDOW_MS) {
      await this.settle();
      this.#windowStartMs = nowMs;
    }
    const actor = this.#counted.size < ACTORS_MAX ? failure.actorId : NOBODY;
    const counted = this.#counted.get(actor) ?? { written: 0, beyond: 0, lastCode: '' };
    this.#counted.set(actor, counted);
    if (counted.written >= ENTRIES_A_MINUTE_MAX) {
      counted.beyond++;
      counted.lastCode = String(failure.params?.code ?? failure.kind);
      // So that the count is written when nobody fails any more.
      this.#timer ??= setTimeout(() => void this.settle().catch(() => undefined), WINDOW_MS).unref();
      return;
    }
    counted.written++;
    const { actorId, ...act } = failure;
    await this.#write(actorId, act);
  }

  /** Writes what was only counted; called when a minute is over and when the server stops. @throws ArchiveError `db/…` (environment) */
  async settle(): Promise<void> {
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = null;
    const counted = this.#counted;
    this.#counted = new Map();
    for (const [actor, { beyond, lastCode }] of counted)
      if (beyond > 0)
        await this.#write(actor, { kind: 'failures.counted', params: { count: beyond, seconds: WINDOW_MS / 1000, code: lastCode } });
  }

  async #write(actorId: string | null, act: Act): Promise<void> {
    await this.parts.db.tx((raw) => deskTx(raw, this.parts, actorId, 'administration').log(act));
  }
}

/** The code of a failure, as entries say it. */
export const codeOf = (error: unknown): string => (isArchiveError(error) ? error.code : 'program/failed');

/**
 * Runs work whose failure is an entry, in a transaction of its own, and the failure its caller's. When the entry cannot be written either, the caller
 * hears the failure of the work: the journal has both.
 * @param act of the failure; its code is added
 */
export async function logFailure<T>(parts: FailureParts, actorId: string | null, act: Act, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const params = { ...act.params, code: codeOf(error) };
    await parts.db
      .tx((raw) => deskTx(raw, parts, actorId, 'administration').log({ ...act, params }))
      .catch((second: unknown) => {
        // Only a database that is away or full is passed over; a mistake in the entry itself must show.
        if (!isArchiveError(second) || second.fault === 'caller')
          throw new ArchiveError('entry/failure-unwritten', 'environment', {}, second);
      });
    throw error;
  }
}
