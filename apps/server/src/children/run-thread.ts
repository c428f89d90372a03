import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { ArchiveError } from '@lantai/values';

/** A thread that answers one question and ends. */
export interface ThreadKind {
  /** Name of the bundle in the program folder. */
  readonly entry: string;
  readonly timeoutMs: number;
  readonly heapMb: number;
  /** What its failures are called: `<name>/failed`, `<name>/timeout`. */
  readonly name: string;
}

/**
 * Asks a thread of its own, for what would keep every other request waiting. The thread gets no environment, no keys and no database;
 * `question` and the answer are copied, not shared.
 * @param programFolder where the bundles lie
 * @throws ArchiveError `<name>/failed`, `<name>/timeout` (environment)
 */
export function runThread<Answer>(programFolder: string, kind: ThreadKind, question: unknown): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(join(programFolder, kind.entry), {
      workerData: question,
      env: {},
      resourceLimits: { maxOldGenerationSizeMb: kind.heapMb },
    });
    const settle = (done: () => void) => {
      clearTimeout(timer);
      void worker.terminate();
      done();
    };
    const fail = (what: string, cause?: unknown) =>
      settle(() => reject(new ArchiveError(`${kind.name}/${what}`, 'environment', {}, cause)));
    const timer = setTimeout(() => fail('timeout'), kind.timeoutMs);
    worker.once('message', (answer: Answer) => settle(() => resolve(answer)));
    worker.once('error', (cause) => fail('failed', cause));
    worker.once('exit', () => fail('failed'));
  });
}
