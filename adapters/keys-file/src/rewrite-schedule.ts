import type { KeyFileImage } from './key-file-image.ts';

const DAY_MS = 86_400_000;
/** A file written longer ago than this, with changes since, is written anew: its history goes back no further. */
const HISTORY_MAX_MS = 30 * DAY_MS;
const HISTORY_CHECK_MS = DAY_MS / 4;
/** So many frames since the file was written make opening slow; it is written anew. */
const FRAME_COUNT_MAX = 100_000;

/** What a {@link RewriteSchedule} watches and does. */
export interface RewriteWork {
  readonly nowMs: () => number;
  readonly delayMs: number;
  /** The file as it is now. */
  readonly image: () => KeyFileImage;
  /** True while the file is being changed. */
  readonly isBusy: () => boolean;
  readonly rewrite: () => Promise<void>;
  /** Told each failure; the rewrite is tried again after the same delay. */
  readonly failed: (reason: unknown) => void;
}

/** Writes a key file anew when it is due: a destroyed key to erase, history of more than 30 days, or too many frames. Does not keep the process running. */
export class RewriteSchedule {
  readonly #work: RewriteWork;
  readonly #interval: NodeJS.Timeout;
  #timer: NodeJS.Timeout | null = null;
  #isStopped = false;

  constructor(work: RewriteWork) {
    this.#work = work;
    this.#interval = setInterval(() => this.consider(), HISTORY_CHECK_MS);
    this.#interval.unref();
  }

  /** Starts the delay when a rewrite is due and none waits. */
  consider(): void {
    if (this.#isStopped || this.#timer || this.#work.isBusy() || !this.#isDue()) return;
    this.#timer = setTimeout(() => {
      this.#timer = null;
      void this.#work.rewrite().catch((reason: unknown) => {
        this.#work.failed(reason);
        this.consider();
      });
    }, this.#work.delayMs);
    this.#timer.unref();
  }

  /** No rewrite begins any more. */
  stop(): void {
    this.#isStopped = true;
    clearInterval(this.#interval);
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = null;
  }

  #isDue(): boolean {
    const { header, table, frameCount } = this.#work.image();
    const isOld = this.#work.nowMs() - header.writtenAtMs > HISTORY_MAX_MS && frameCount > 1;
    return table.unerasedCount > 0 || frameCount >= FRAME_COUNT_MAX || isOld;
  }
}
