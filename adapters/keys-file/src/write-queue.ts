/** A change that waits, and whom to tell. */
export interface Waiting<Change> {
  readonly change: Change;
  resolve(): void;
  reject(reason: unknown): void;
}

/**
 * Lets one thing at a time touch the files. Changes that wait while another runs are carried out together, so they share its flushes.
 * `carryOut` tells each of its group; when it throws, those not told yet hear that.
 */
export class WriteQueue<Change> {
  readonly #carryOut: (group: readonly Waiting<Change>[]) => Promise<void>;
  readonly #whenIdle: () => void;
  #waiting: Waiting<Change>[] = [];
  #working: Promise<void> | null = null;

  /** @param whenIdle called each time nothing is left to do */
  constructor(carryOut: (group: readonly Waiting<Change>[]) => Promise<void>, whenIdle: () => void) {
    this.#carryOut = carryOut;
    this.#whenIdle = whenIdle;
  }

  /** True while something runs. */
  get isBusy(): boolean {
    return this.#working !== null;
  }

  /** Resolves when the change was carried out. */
  async commit(change: Change): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      this.#waiting.push({ change, resolve, reject });
      this.#working ??= this.#work();
    });
  }

  /** Runs `work` when what runs now is done, and nothing beside it. */
  async alone<T>(work: () => Promise<T>): Promise<T> {
    await this.drained();
    const running = work();
    const next = () => {
      this.#working = this.#waiting.length > 0 ? this.#work() : null;
    };
    this.#working = running.then(next, next);
    return await running;
  }

  /** Resolves when nothing runs any more. */
  async drained(): Promise<void> {
    while (this.#working) await this.#working;
  }

  async #work(): Promise<void> {
    // One turn lets callers of the same moment join.
    await Promise.resolve();
    while (this.#waiting.length > 0) {
      const group = this.#waiting;
      this.#waiting = [];
      try {
        await this.#carryOut(group);
      } catch (error) {
        for (const { reject } of group) reject(error);
      }
    }
    this.#working = null;
    this.#whenIdle();
  }
}
