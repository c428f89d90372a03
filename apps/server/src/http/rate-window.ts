const WINDOW_MS = 60_000;

/** Counts acts by key in windows of a minute. Memory is bounded by the keys of one window. */
export class RateWindow {
  #window = 0;
  readonly #counts = new Map<string, number>();

  /** @param max acts of one key in a minute */
  constructor(readonly max: number) {}

  /** Counts one act; false when the key had its share. */
  take(key: string, nowMs: number): boolean {
    const window = Math.floor(nowMs / WINDOW_MS);
    if (window !== this.#window) {
      this.#window = window;
      this.#counts.clear();
    }
    const count = (this.#counts.get(key) ?? 0) + 1;
    this.#counts.set(key, count);
    return count <= this.max;
  }
}
