import type { FileSystem } from '@lantai/vault';

/**
 * Flushes folders so that many who ask at once share one flush.
 * INVARIANT: a flush that was under way before a caller asked does not count for it, since its name may have come too late; the next one does.
 */
export class FolderFlusher {
  readonly #fs: FileSystem;
  readonly #running = new Map<string, Promise<void>>();
  readonly #next = new Map<string, Promise<void>>();

  constructor(fs: FileSystem) {
    this.#fs = fs;
  }

  /** Resolves when every name put in `path` before this call is durable. */
  flush(path: string): Promise<void> {
    const joined = this.#next.get(path);
    if (joined) return joined;
    const running = this.#running.get(path);
    if (!running) return this.#start(path);
    const next = running.then(
      () => this.#startNext(path),
      () => this.#startNext(path),
    );
    this.#next.set(path, next);
    return next;
  }

  #startNext(path: string): Promise<void> {
    this.#next.delete(path);
    return this.#start(path);
  }

  #start(path: string): Promise<void> {
    const running = this.#fs.syncFolder(path).finally(() => {
      if (this.#running.get(path) === running) this.#running.delete(path);
    });
    this.#running.set(path, running);
    return running;
  }
}
