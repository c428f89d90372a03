import { ArchiveError } from '@lantai/values';
import { Child, type ChildLimits } from './child.ts';
import { getEntryFile } from './entry-folder.ts';

/** A pool of child processes that take bytes on a pipe and hold no keys, no database and no environment. */
export interface ChildPoolOptions {
  /** Which child: the file `<entry>-child.mjs` of the built program, `decoder` or `reader`. */
  readonly entry: string;
  /** Folder of that file; by default where the running program lies. */
  readonly entryFolder?: string;
  /** Processes at most; each is started when there is work for it. */
  readonly count: number;
  /** Resident memory a child may use, MB. */
  readonly memoryLimitMb: number;
  /** Wall time a child may take until its next part or its reply. */
  readonly timeoutMs: number;
  /** CPU time a request may take in all; default 20 × `timeoutMs`. */
  readonly cpuLimitMs?: number;
  /** Time a child may take to load; default 60 s. */
  readonly startTimeoutMs?: number;
  /** Parts a request may send; default 100,000. */
  readonly maxParts?: number;
  /** A child that holds more than this after a request, MB, is replaced before the next; default 3/4 of `memoryLimitMb`. */
  readonly recycleAboveMb?: number;
}

/** Who waits for an answer, the most urgent first: somebody who looks, somebody who may look next, nobody in person. */
const URGENCIES = ['looked-at', 'looked-at-next', 'work'] as const;
export type Urgency = (typeof URGENCIES)[number];

/** Per request. */
export interface RunOptions<P = unknown> {
  /** What is more urgent overtakes what waits, never what runs; default `work`. */
  readonly urgency?: Urgency;
  /** Takes the request out of the queue, or kills the child that works on it: rejects with `child/aborted`. */
  readonly signal?: AbortSignal;
  /** Takes each part of a long answer; the child waits until it resolves. What it throws rejects the request. */
  readonly onPart?: (part: P, bytes: Uint8Array[]) => void | Promise<void>;
  /** Narrower or wider limits for this request alone. */
  readonly limits?: Partial<ChildLimits>;
}

/** How a pool stands. */
export interface PoolState {
  readonly busy: number;
  readonly idle: number;
  readonly queued: number;
  /** Children that were killed or ended by themselves since the start. */
  readonly lost: number;
  /** Largest resident memory of any child so far, MB. */
  readonly peakRssMb: number;
  /** Process ids of the children there are. */
  readonly pids: readonly number[];
}

export interface ChildPool {
  /**
   * Sends a request with its bytes to a free child and waits for the reply.
   * The types are a promise between the caller and the child's handler; whoever does not trust the child checks the reply.
   * @throws ArchiveError `child/timeout` `child/memory` `child/killed` `child/protocol` (the request killed its child; only that request suffers),
   * `child/aborted`, `child/closed`, `child/start-failed`, `child/not-built`, `child/failed`, or the ArchiveError the handler threw.
   */
  run<I, O, P = unknown>(request: I, bytes?: readonly Uint8Array[], options?: RunOptions<P>): Promise<{ reply: O; bytes: Uint8Array[] }>;
  readonly state: PoolState;
  /** Kills every child, rejects what is queued or running with `child/closed`, and waits until all processes are gone. Safe to repeat. */
  close(): Promise<void>;
}

interface Job {
  /** Place of its urgency; the lowest is served first. */
  readonly rank: number;
  readonly request: unknown;
  readonly bytes: readonly Uint8Array[];
  readonly options: RunOptions<never>;
  child: Child | null;
  readonly done: () => void;
  readonly resolve: (value: never) => void;
  readonly reject: (error: unknown) => void;
}

const START_TIMEOUT_MS = 60_000;
const MAX_PARTS = 100_000;

/** Makes a pool; no process starts before the first request. @throws ArchiveError `child/not-built` (environment). */
export function createChildPool(options: ChildPoolOptions): ChildPool {
  return new Pool(options, getEntryFile(options.entry, options.entryFolder));
}

class Pool implements ChildPool {
  readonly #queue: Job[] = [];
  readonly #children = new Set<Child>();
  readonly #idle: Child[] = [];
  readonly #work = new Set<Promise<void>>();
  readonly #limits: ChildLimits;
  #active = 0;
  #lost = 0;
  #peakRssMb = 0;
  #closed = false;

  constructor(
    private readonly options: ChildPoolOptions,
    private readonly entryFile: string,
  ) {
    const { memoryLimitMb, timeoutMs } = options;
    this.#limits = {
      memoryLimitMb,
      timeoutMs,
      cpuLimitMs: options.cpuLimitMs ?? timeoutMs * 20,
      maxParts: options.maxParts ?? MAX_PARTS,
    };
  }

  get state(): PoolState {
    const pids = [...this.#children].map((child) => child.pid).filter((pid) => pid !== undefined);
    return { busy: this.#active, idle: this.#idle.length, queued: this.#queue.length, lost: this.#lost, peakRssMb: this.#peakRssMb, pids };
  }

  run<I, O, P = unknown>(request: I, bytes: readonly Uint8Array[] = [], options: RunOptions<P> = {}) {
    const { signal } = options;
    return new Promise<{ reply: O; bytes: Uint8Array[] }>((resolve, reject) => {
      if (signal?.aborted) return reject(aborted());
      const rank = URGENCIES.indexOf(options.urgency ?? 'work');
      const job: Job = {
        rank,
        request,
        bytes,
        options,
        child: null,
        done: () => signal?.removeEventListener('abort', abort),
        resolve,
        reject,
      };
      const abort = () => this.#abort(job);
      signal?.addEventListener('abort', abort, { once: true });
      const behind = this.#queue.findIndex((other) => other.rank > rank);
      this.#queue.splice(behind < 0 ? this.#queue.length : behind, 0, job);
      this.#next();
    });
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#rejectQueue();
    await Promise.all([...this.#children].map((child) => child.end(closed())));
    await Promise.all(this.#work);
  }

  #abort(job: Job): void {
    const at = this.#queue.indexOf(job);
    if (at >= 0) this.#queue.splice(at, 1);
    job.child?.kill(aborted());
    job.reject(aborted());
  }

  #next(): void {
    while (this.#active < this.options.count && this.#queue.length > 0 && !this.#closed) {
      const job = this.#queue.shift()!;
      this.#active += 1;
      const work = this.#serve(job).finally(() => {
        this.#active -= 1;
        this.#work.delete(work);
        this.#next();
      });
      this.#work.add(work);
    }
    if (this.#closed) this.#rejectQueue();
  }

  #rejectQueue(): void {
    for (const job of this.#queue.splice(0)) {
      job.done();
      job.reject(closed());
    }
  }

  async #serve(job: Job): Promise<void> {
    try {
      job.child = this.#findIdle() ?? this.#start();
      await job.child.ready();
      const onPart = (job.options.onPart ?? refusePart) as (part: unknown, bytes: Uint8Array[]) => void | Promise<void>;
      const limits = { ...this.#limits, ...job.options.limits };
      const reply = await job.child.ask({ request: job.request, bytes: job.bytes, limits, onPart });
      job.resolve(reply as never);
    } catch (error) {
      job.reject(error);
    } finally {
      job.done();
      if (job.child) await this.#putBack(job.child);
    }
  }

  /** A child may have ended while it waited; such are dropped here. */
  #findIdle(): Child | null {
    for (;;) {
      const child = this.#idle.pop();
      if (!child) return null;
      if (!child.dead) return child;
      this.#drop(child);
    }
  }

  #start(): Child {
    const startTimeoutMs = this.options.startTimeoutMs ?? START_TIMEOUT_MS;
    const child = new Child({ entryFile: this.entryFile, memoryLimitMb: this.#limits.memoryLimitMb, startTimeoutMs });
    this.#children.add(child);
    return child;
  }

  async #putBack(child: Child): Promise<void> {
    this.#peakRssMb = Math.max(this.#peakRssMb, child.memory.peakRssMb);
    const recycleAboveMb = this.options.recycleAboveMb ?? this.#limits.memoryLimitMb * 0.75;
    if (child.dead) return this.#drop(child);
    if (!this.#closed && child.memory.lastRssMb <= recycleAboveMb) return void this.#idle.push(child);
    await child.end(closed());
    this.#children.delete(child);
  }

  #drop(child: Child): void {
    this.#lost += 1;
    this.#children.delete(child);
  }
}

const aborted = () => new ArchiveError('child/aborted', 'caller');
const closed = () => new ArchiveError('child/closed', 'environment');

function refusePart(): void {
  throw new ArchiveError('child/protocol', 'caller', { why: 'a part nobody takes' });
}
