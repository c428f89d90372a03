import { setTimeout as wait } from 'node:timers/promises';
import type { NoteSigner } from '@lantai/log';
import { ArchiveError, assert } from '@lantai/values';
import type { FileSystem } from '@lantai/vault';
import type { Db, Session } from '../db/index.ts';
import { tryLock } from './lock.ts';
import type { SequencerParts, SequencerStep } from './parts.ts';
import { recoverLog } from './recover.ts';
import { runRound } from './round.ts';
import { SigningKeys } from './signing-keys.ts';
import { TileFolder } from './tile-folder.ts';

/** Options of {@link startSequencer}. */
export interface SequencerOptions {
  readonly db: Db;
  /** Where the log lies as files: `<data>/log`. */
  readonly folder: string;
  /** The log's Ed25519 key, named as the origin. */
  readonly signer: NoteSigner;
  /** Further signature lines on each checkpoint, such as SM2. */
  readonly moreSigners?: readonly NoteSigner[];
  /**
   * The signers of every generation of the log's keys, the first one first; asked before each round, so that a rotation takes effect in a running
   * server. A checkpoint is signed by the generation that its own tree announces. Left out: by `signer` and `moreSigners` for ever.
   */
  readonly generations?: () => readonly (readonly NoteSigner[])[];
  readonly origin: string;
  readonly clock?: { nowMs(): number };
  /** Pause between rounds when there is nothing to do; default 250. */
  readonly intervalMs?: number;
  /** Most entries of one checkpoint; default 8,192. */
  readonly batchLimit?: number;
  /** The alarm. `isFinal`: the log has stopped and a person is needed; else it goes on or tries again by itself. */
  readonly onFault?: (error: unknown, isFinal: boolean) => void;
  /** The disk; another one in tests. */
  readonly fs?: FileSystem;
  /** Called after each step of a round; a test dies here. */
  readonly onStep?: (step: SequencerStep) => void | Promise<void>;
}

/** What the sequencer is doing. `standing-by`: another process orders this log. `stopped` with a fault: a person is needed. */
export interface SequencerStatus {
  readonly state: 'starting' | 'leading' | 'standing-by' | 'retrying' | 'stopped';
  /** Code of the last failure while `retrying` or `stopped`. */
  readonly fault?: string;
  /** Entries integrated, as far as this process knows. */
  readonly size: number;
}

/** A running sequencer. */
export interface Sequencer {
  readonly status: SequencerStatus;
  /**
   * Waits until every entry committed before the call stands under a published checkpoint (whoever the leader is).
   * @returns the size of the log. @throws the fault when the log has stopped, ArchiveError `log/stopped` (environment) after `stop`
   */
  drain(): Promise<number>;
  /** Ends the round in hand and lets go of the lock. */
  stop(): Promise<void>;
}

const RETRY_MS = 1000;

/**
 * Starts ordering the log. Only the process that holds the advisory lock works; others stand by and take over when it lets go or dies.
 * Failures of the environment (database away, disk full) are tried again for ever; corruption and bugs stop the log with the alarm, for
 * going on might sign two histories. Acts are still acknowledged meanwhile: their entries are durable and wait.
 */
export function startSequencer(options: SequencerOptions): Sequencer {
  assert(options.signer.name === options.origin, 'a log signs as its origin');
  return new RunningSequencer(options);
}

interface Waiter {
  resolve(size: number): void;
  reject(error: unknown): void;
}

class RunningSequencer implements Sequencer {
  readonly #options: SequencerOptions;
  readonly #tiles: TileFolder;
  readonly #running: Promise<void>;
  readonly #wakers = new Set<() => void>();
  #waiters: Waiter[] = [];
  #status: SequencerStatus = { state: 'starting', size: 0 };
  #isStopping = false;
  #fault: unknown = null;

  constructor(options: SequencerOptions) {
    this.#options = options;
    this.#tiles = new TileFolder(options.folder, options.fs);
    this.#running = this.#run();
  }

  get status(): SequencerStatus {
    return this.#status;
  }

  drain(): Promise<number> {
    if (this.#status.state === 'stopped') return Promise.reject(this.#fault ?? new ArchiveError('log/stopped', 'environment'));
    return new Promise((resolve, reject) => {
      this.#waiters.push({ resolve, reject });
      this.#wake();
    });
  }

  async stop(): Promise<void> {
    this.#isStopping = true;
    this.#wake();
    await this.#running;
  }

  async #run(): Promise<void> {
    while (!this.#isStopping) {
      try {
        await this.#options.db.session((session) => this.#work(session));
      } catch (error) {
        const isFinal = !(error instanceof ArchiveError && error.fault === 'environment');
        const fault = error instanceof ArchiveError ? error.code : 'log/bug';
        this.#status = { state: isFinal ? 'stopped' : 'retrying', fault, size: this.#status.size };
        this.#options.onFault?.(error, isFinal);
        if (isFinal) {
          this.#fault = error;
          break;
        }
        await this.#pause(RETRY_MS);
      }
    }
    if (this.#status.state !== 'stopped') this.#status = { state: 'stopped', size: this.#status.size };
    for (const waiter of this.#waiters.splice(0)) waiter.reject(this.#fault ?? new ArchiveError('log/stopped', 'environment'));
  }

  /** Works on one connection until told to stop or until something fails; the lock ends with the connection. */
  async #work(session: Session): Promise<void> {
    while (!this.#isStopping) {
      if (await tryLock(session)) return this.#lead(session);
      this.#status = { state: 'standing-by', size: this.#status.size };
      await this.#standBy(session);
      await this.#pause(this.#intervalMs);
    }
  }

  async #lead(session: Session): Promise<void> {
    const parts = this.#partsFor(session);
    let state = await recoverLog(parts);
    this.#status = { state: 'leading', size: state.edge.size };
    while (!this.#isStopping) {
      const waiting = this.#waiters.splice(0);
      try {
        const next = await runRound(parts, state);
        const isIdle = next === state;
        state = next;
        this.#status = { state: 'leading', size: state.edge.size };
        if (isIdle) for (const waiter of waiting.splice(0)) waiter.resolve(state.edge.size);
        if (isIdle && this.#waiters.length === 0) await this.#pause(this.#intervalMs);
      } finally {
        // Whoever still waits is asked again by the next round, or told why there is none.
        this.#waiters.unshift(...waiting);
      }
    }
  }

  /** While another process leads, waiters are answered from the tables. */
  async #standBy(session: Session): Promise<void> {
    if (this.#waiters.length === 0) return;
    const waiting = this.#waiters.splice(0);
    try {
      const log = await session.one<{ placed: number; size: number; is_waiting: boolean }>(
        `select (select coalesce(max(position) + 1, 0) from entry) as placed, (select coalesce(max(size), 0) from checkpoint) as size,
                exists (select from entry where position is null) as is_waiting`,
      );
      this.#status = { state: 'standing-by', size: log!.size };
      if (!log!.is_waiting && log!.placed === log!.size) for (const waiter of waiting.splice(0)) waiter.resolve(log!.size);
    } finally {
      this.#waiters.unshift(...waiting);
    }
  }

  get #intervalMs(): number {
    return this.#options.intervalMs ?? 250;
  }

  #partsFor(session: Session): SequencerParts {
    const { origin, signer, moreSigners = [], generations, clock, batchLimit = 8192, onFault, onStep } = this.#options;
    const fixed = [[signer, ...moreSigners]];
    return {
      session,
      tiles: this.#tiles,
      origin,
      keys: new SigningKeys(generations ?? (() => fixed), generations !== undefined),
      nowMs: () => clock?.nowMs() ?? Date.now(),
      batchLimit,
      onFinding: (error) => onFault?.(error, false),
      onStep: async (step) => onStep?.(step),
    };
  }

  #wake(): void {
    for (const wake of this.#wakers) wake();
  }

  /** Waits, or less when woken. */
  async #pause(ms: number): Promise<void> {
    if (this.#isStopping) return;
    const ending = new AbortController();
    const wake = () => ending.abort();
    this.#wakers.add(wake);
    try {
      await wait(ms, undefined, { signal: ending.signal });
    } catch (error) {
      if (!ending.signal.aborted) throw error;
    } finally {
      this.#wakers.delete(wake);
    }
  }
}
