import { isArchiveError } from '@lantai/values';

/** Something done again and again until it is stopped. */
export interface Kept {
  /** Begins no more rounds; waits for the one under way. */
  stop(): Promise<void>;
}

/** How something is kept up. */
export interface KeepingUp {
  /** Rest between the end of a round and the beginning of the next. */
  readonly restMs: number;
  /** Code for what fails without one of its own. */
  readonly failed: string;
  /** A round failed, by its code; the next tries again. Not told while it is being stopped, when everything around goes down. */
  readonly onFault: (code: string) => void;
  /** Longest wait of `stop` for the round under way; left out: as long as it takes. */
  readonly stopMs?: number;
}

/**
 * Does something again and again while the process lives, beginning at once. Never two rounds at a time. The rest between two does not keep a
 * process alive.
 * @param round asks `isStopping` where it could end early
 */
export function keepDoing(round: (isStopping: () => boolean) => Promise<unknown>, { restMs, failed, onFault, stopMs }: KeepingUp): Kept {
  let isStopping = false;
  let wake: () => void = () => undefined;
  const run = async () => {
    while (!isStopping) {
      try {
        await round(() => isStopping);
      } catch (error) {
        if (!isStopping) onFault(isArchiveError(error) ? error.code : failed);
      }
      if (isStopping) return;
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, restMs);
        timer.unref();
        wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
  };
  const running = run();
  return {
    stop: async () => {
      isStopping = true;
      wake();
      await (stopMs === undefined ? running : atMost(running, stopMs));
    },
  };
}

/** Waits for something, but no longer than so. */
async function atMost(running: Promise<void>, limitMs: number): Promise<void> {
  let limit: NodeJS.Timeout | undefined;
  const late = new Promise<void>((done) => {
    limit = setTimeout(done, limitMs);
  });
  await Promise.race([running, late]);
  clearTimeout(limit);
}
