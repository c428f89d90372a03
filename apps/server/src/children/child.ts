import { type ChildProcess, spawn } from 'node:child_process';
import { ArchiveError, assert, type Fault } from '@lantai/values';
import { asError, asHeader } from './child-header.ts';
import { encodeFrame, type Frame, FrameReader } from './protocol.ts';
import { findProcessUsage } from './usage.ts';

/** What a child may use; all are hard: passing one kills the child and rejects its request. */
export interface ChildLimits {
  /** Resident memory of the child's process, MB of 10^6 bytes. */
  readonly memoryLimitMb: number;
  /** Wall time until the next part or the reply; the time the caller takes to handle a part does not count. */
  readonly timeoutMs: number;
  /** CPU time of all threads for one request. */
  readonly cpuLimitMs: number;
  /** Parts one request may send. */
  readonly maxParts: number;
}

/** One request as the pool hands it to a child. */
export interface ChildRequest {
  readonly request: unknown;
  readonly bytes: readonly Uint8Array[];
  readonly limits: ChildLimits;
  readonly onPart: (part: unknown, bytes: Uint8Array[]) => void | Promise<void>;
}

/** What `start` needs to run a child. */
export interface ChildStart {
  /** File the child runs, an ES module for Node. */
  readonly entryFile: string;
  readonly memoryLimitMb: number;
  readonly startTimeoutMs: number;
}

export interface ChildReply {
  readonly reply: unknown;
  readonly bytes: Uint8Array[];
}

/** How often memory and CPU are looked at. A child that allocates as fast as it can gains some 100 MB in this time. */
const LOOK_MS = process.platform === 'linux' ? 40 : 250;
/** Kernel's own limit on private memory, a backstop behind the look: what a decoder maps without using is not resident, so it is wider. */
const dataLimitKb = (memoryLimitMb: number) => Math.round(memoryLimitMb * 1.5 + 2048) * 1024;
/** No core dump, no file of any size may be written, and no private memory beyond the backstop. */
const shellLine = (memoryLimitMb: number) =>
  `ulimit -c 0; ulimit -f 0; ulimit -d ${dataLimitKb(memoryLimitMb)} 2>/dev/null; exec "$0" "$@"`;
const STDERR_KEPT = 4096;

interface Running extends ChildRequest {
  readonly resolve: (reply: ChildReply) => void;
  readonly reject: (error: unknown) => void;
  deadlineMs: number;
  cpuAtStartMs: number | null;
  partCount: number;
}

/**
 * One child process: empty environment, working directory `/`, three pipes and nothing else inherited. It answers one request at a time.
 * Once it broke a rule or ended it is {@link Child.dead} and is never used again.
 */
export class Child {
  readonly #process: ChildProcess;
  readonly #reader = new FrameReader();
  readonly #ended: Promise<void>;
  readonly #ready: Promise<void>;
  readonly #startTimer: NodeJS.Timeout;
  #markReady: { resolve: () => void; reject: (e: unknown) => void } | null = null;
  #frames: Promise<void> = Promise.resolve();
  #running: Running | null = null;
  #look: NodeJS.Timeout | null = null;
  #looking = false;
  #stderr = '';
  #verdict: ArchiveError | null = null;
  #peakRssMb = 0;
  #lastRssMb = 0;

  /** Starts the process; {@link Child.ready} says when it serves. */
  constructor(start: ChildStart) {
    const heap = `--max-old-space-size=${Math.max(64, Math.round(start.memoryLimitMb * 0.75))}`;
    const args = [heap, '--no-warnings', start.entryFile];
    const options = { cwd: '/', env: {}, stdio: ['pipe', 'pipe', 'pipe'] as ['pipe', 'pipe', 'pipe'], windowsHide: true };
    this.#process =
      process.platform === 'win32'
        ? spawn(process.execPath, args, options)
        : spawn('/bin/sh', ['-c', shellLine(start.memoryLimitMb), process.execPath, ...args], options);
    this.#ready = new Promise((resolve, reject) => {
      this.#markReady = { resolve, reject };
    });
    this.#ready.catch(() => undefined); // told to whoever awaits ready(); a child killed before that has nobody waiting
    this.#ended = new Promise((resolve) => {
      const end = (code: number | null, signal: string | null) => {
        this.#onEnd(code, signal);
        resolve();
      };
      // An answer may still wait in the chain when the process is gone already; a killed one is not waited for.
      this.#process.once('close', (code, signal) => (this.#verdict ? end(code, signal) : void this.#frames.then(() => end(code, signal))));
      this.#process.once('error', () => end(null, null));
    });
    this.#listen();
    this.#startTimer = setTimeout(
      () => this.kill(new ArchiveError('child/start-failed', 'environment', { limitMs: start.startTimeoutMs })),
      start.startTimeoutMs,
    );
  }

  /** Waits until the child serves. @throws ArchiveError `child/start-failed` (environment), or why it was killed. */
  async ready(): Promise<void> {
    await this.#ready;
  }

  get pid(): number | undefined {
    return this.#process.pid;
  }
  /** True from the moment it ended or was told to. */
  get dead(): boolean {
    return this.#verdict !== null || this.#process.exitCode !== null || this.#process.signalCode !== null;
  }
  /** Largest and latest resident memory seen, MB. */
  get memory(): { peakRssMb: number; lastRssMb: number } {
    return { peakRssMb: this.#peakRssMb, lastRssMb: this.#lastRssMb };
  }

  /**
   * Asks and waits for the reply; parts go to `onPart` one at a time, in order, the pipe waiting meanwhile.
   * @throws ArchiveError `child/timeout`, `child/memory`, `child/killed`, `child/protocol`, `child/failed`, or what the handler threw.
   */
  async ask(request: ChildRequest): Promise<ChildReply> {
    if (this.dead) throw this.#verdict ?? this.#classify(this.#process.exitCode, this.#process.signalCode);
    assert(!this.#running, 'a child answers one request at a time');
    const done = new Promise<ChildReply>((resolve, reject) => {
      const deadlineMs = performance.now() + request.limits.timeoutMs;
      this.#running = { ...request, resolve, reject, deadlineMs, cpuAtStartMs: null, partCount: 0 };
    });
    this.#look = setInterval(() => void this.#lookOnce(), LOOK_MS);
    // A child that died before it took all bytes breaks the pipe; its exit says why, so write errors need no answer of their own.
    for (const piece of encodeFrame(request.request, request.bytes)) this.#process.stdin?.write(piece);
    try {
      const reply = await done;
      await this.#lookOnce();
      return reply;
    } finally {
      this.#running = null;
      if (this.#look) clearInterval(this.#look);
    }
  }

  /** Ends the process at once; its request is rejected with `reason`. */
  kill(reason: ArchiveError): void {
    this.#verdict ??= reason;
    this.#process.kill('SIGKILL');
  }

  /** Kills and waits until the process is gone. */
  async end(reason: ArchiveError): Promise<void> {
    this.kill(reason);
    await this.#ended;
  }

  #listen(): void {
    const { stdin, stdout, stderr } = this.#process;
    stdin?.on('error', () => this.#process.kill('SIGKILL'));
    stderr?.on('data', (chunk: Buffer) => {
      this.#stderr = (this.#stderr + chunk.toString('latin1')).slice(-STDERR_KEPT);
    });
    stdout?.on('data', (chunk: Buffer) => {
      try {
        const frames = this.#reader.push(chunk);
        // Most chunks are the middle of a page: only a whole frame is worth a turn, and then the pipe waits.
        if (frames.length > 0) this.#take(frames, stdout);
      } catch (error) {
        this.#giveUp(error);
      }
    });
  }

  #take(frames: readonly Frame[], stdout: NodeJS.ReadableStream): void {
    stdout.pause();
    this.#frames = this.#frames
      .then(async () => {
        for (const frame of frames) await this.#onFrame(frame);
        if (!this.dead) stdout.resume();
      })
      .catch((error: unknown) => this.#giveUp(error));
  }

  /** The pipe broke a rule, or the caller's `onPart` failed: either way this child is not used again. */
  #giveUp(error: unknown): void {
    this.#running?.reject(error);
    this.kill(error instanceof ArchiveError ? error : new ArchiveError('child/closed', 'environment'));
  }

  async #onFrame(frame: Frame): Promise<void> {
    const header = asHeader(frame.header);
    if (header.kind === 'ready') {
      clearTimeout(this.#startTimer);
      return this.#markReady?.resolve();
    }
    const running = this.#running;
    if (!running || this.dead) throw new ArchiveError('child/protocol', 'caller', { why: 'answer without a request' });
    if (header.kind === 'done') return running.resolve({ reply: header.reply, bytes: frame.bytes });
    if (header.kind === 'error') return running.reject(asError(header));
    if (header.kind !== 'part') throw new ArchiveError('child/protocol', 'caller', { why: 'unknown kind' });
    running.partCount += 1;
    if (running.partCount > running.limits.maxParts) throw new ArchiveError('child/protocol', 'caller', { why: 'too many parts' });
    running.deadlineMs = Number.POSITIVE_INFINITY;
    await running.onPart(header.part, frame.bytes);
    running.deadlineMs = performance.now() + running.limits.timeoutMs;
  }

  async #lookOnce(): Promise<void> {
    const running = this.#running;
    if (!running || this.pid === undefined) return;
    const { memoryLimitMb, timeoutMs, cpuLimitMs } = running.limits;
    if (this.#looking) return;
    this.#looking = true;
    const usage = await findProcessUsage(this.pid);
    this.#looking = false;
    if (running !== this.#running) return;
    if (performance.now() > running.deadlineMs)
      this.kill(new ArchiveError('child/timeout', 'caller', { limit: 'wall', limitMs: timeoutMs }));
    if (!usage) return;
    this.#lastRssMb = usage.rssMb;
    this.#peakRssMb = Math.max(this.#peakRssMb, usage.rssMb);
    running.cpuAtStartMs ??= usage.cpuMs;
    if (usage.rssMb > memoryLimitMb)
      this.kill(new ArchiveError('child/memory', 'caller', { usedMb: Math.round(usage.rssMb), limitMb: memoryLimitMb }));
    else if (usage.cpuMs - running.cpuAtStartMs > cpuLimitMs)
      this.kill(new ArchiveError('child/timeout', 'caller', { limit: 'cpu', limitMs: cpuLimitMs }));
  }

  #onEnd(code: number | null, signal: string | null): void {
    clearTimeout(this.#startTimer);
    // Before the first request no one's data was in the process, so what it printed may be shown.
    const said = { code: code ?? -1, signal: signal ?? '', said: this.#stderr.slice(-600) };
    this.#markReady?.reject(this.#verdict ?? new ArchiveError('child/start-failed', 'environment', said));
    this.#verdict ??= this.#classify(code, signal);
    this.#running?.reject(this.#verdict);
  }

  /** Nobody here ended it. Out of memory is told by what the runtime printed; killed from outside is the machine's doing, a crash the file's. */
  #classify(code: number | null, signal: string | null): ArchiveError {
    if (/out of memory|bad_alloc|Cannot allocate|allocation fail/i.test(this.#stderr))
      return new ArchiveError('child/memory', 'caller', { signal: signal ?? '', code: code ?? -1 });
    const fault: Fault = signal === 'SIGKILL' || signal === 'SIGTERM' || signal === 'SIGINT' ? 'environment' : 'caller';
    return new ArchiveError('child/killed', fault, { signal: signal ?? '', code: code ?? -1 });
  }
}
