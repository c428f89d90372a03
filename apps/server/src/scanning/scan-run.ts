import { type ScanEnd, type ScannerProgram, type ScanOptions, scanPages } from '@lantai/images/scanner';
import { isArchiveError } from '@lantai/values';

/** How far a stack has come. `waiting`: something is wrong with the paper or the scanner, and a person decides. */
export type ScanState = 'scanning' | 'waiting' | 'done' | 'failed';

/** What becomes of the faces of a stack. */
export interface FaceSink {
  readonly count: number;
  /** Resolves when the face is sealed and durable. */
  add(bytes: Uint8Array): Promise<void>;
  /** Puts all of them into the dossier. @returns the import's id */
  finish(): Promise<string>;
  discard(): Promise<void>;
}

/** A stack that nobody decides about is received as far as it was scanned: it may not stand open for ever. */
export const WAITING_MAX_MS = 15 * 60_000;

/**
 * One stack on a scanner: face by face into the sink, until the feeder is empty, somebody stops it, or a fault is left to a person, who goes on with
 * the same stack, keeps what was scanned, or throws it away. INVARIANT: a face that was told of is sealed and durable.
 */
export class ScanRun {
  #state: ScanState = 'scanning';
  #code: string | null = null;
  #importId: string | null = null;
  #stop = new AbortController();
  #wantsNothing = false;
  #timer: NodeJS.Timeout | null = null;
  #work: Promise<void>;

  /** Starts at once. */
  constructor(
    private readonly program: ScannerProgram,
    private readonly options: Omit<ScanOptions, 'signal'>,
    private readonly sink: FaceSink,
    private readonly onEnd: (run: ScanRun) => Promise<void>,
  ) {
    this.#work = this.#scan();
  }

  get state(): ScanState {
    return this.#state;
  }
  /** Why it waits or failed; after its end, why it ended early. */
  get code(): string | null {
    return this.#code;
  }
  get faces(): number {
    return this.sink.count;
  }
  /** Present when the faces went into the dossier. */
  get importId(): string | null {
    return this.#importId;
  }
  get isOver(): boolean {
    return this.#state === 'done' || this.#state === 'failed';
  }

  /** Goes on with the same stack after a fault; nothing happens while it scans or when it is over. */
  goOn(): void {
    if (this.#state !== 'waiting') return;
    this.#begin();
    this.#work = this.#scan();
  }

  /** Ends the stack: what was scanned whole is kept, or thrown away. Resolves when that is done. */
  async end(keeps: boolean): Promise<void> {
    this.#wantsNothing = !keeps;
    if (this.#state === 'waiting') {
      this.#begin();
      this.#work = this.#settle();
    } else this.#stop.abort();
    await this.#work;
  }

  #begin(): void {
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = null;
    this.#state = 'scanning';
  }

  async #scan(): Promise<void> {
    this.#code = null;
    this.#stop = new AbortController();
    try {
      const end = await this.#feed();
      if (end.kind === 'failed') {
        this.#code = end.code;
        if (!this.#wantsNothing) return this.#wait();
      }
      if (end.kind === 'empty' && this.faces === 0) this.#code = 'scanner/no-paper';
      await this.#settle();
    } catch (error) {
      await this.#fail(error);
    }
  }

  async #feed(): Promise<ScanEnd> {
    const pagesMax = this.options.pagesMax - this.faces;
    const pages = scanPages(this.program, { ...this.options, pagesMax, signal: this.#stop.signal });
    for (;;) {
      const step = await pages.next();
      if (step.done) return step.value;
      await this.sink.add(step.value);
    }
  }

  #wait(): void {
    this.#state = 'waiting';
    this.#timer = setTimeout(() => void this.end(true), WAITING_MAX_MS).unref();
  }

  async #settle(): Promise<void> {
    try {
      if (this.#wantsNothing || this.faces === 0) await this.sink.discard();
      else this.#importId = await this.sink.finish();
      await this.#over('done');
    } catch (error) {
      await this.#fail(error);
    }
  }

  /** What was sealed stays an upload for a day; nothing of it lies clear anywhere. */
  async #fail(error: unknown): Promise<void> {
    this.#code = isArchiveError(error) ? error.code : 'scanner/failed';
    await this.#over('failed');
  }

  async #over(state: ScanState): Promise<void> {
    this.#state = state;
    try {
      await this.onEnd(this);
    } catch (error) {
      // Nobody waits here who could be told, and the faces are safe: whoever asks for the stack sees that its end could not be written down.
      this.#state = 'failed';
      this.#code = isArchiveError(error) ? error.code : 'scanner/failed';
    }
  }
}
