import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { CopyAbout, CopyPage } from '@lantai/documents/copies';
import { ArchiveError } from '@lantai/values';
import type { Config } from '../config.ts';

/** What the thread says: it wants the next page, it has written something, it is done. */
export type FromCopyThread = { readonly kind: 'next' } | { readonly kind: 'bytes'; readonly bytes: Uint8Array } | { readonly kind: 'end' };
/** The page it wanted; null: there are no more. */
export interface ToCopyThread {
  readonly page: CopyPage | null;
}

/** Name of the bundle in the program folder. */
const ENTRY = 'copy-worker.mjs';
/** For writing one page; making its picture is not the thread's work. */
const PAGE_TIMEOUT_MS = 60_000;
const HEAP_MB = 256;

/**
 * Writes a copy in a thread of its own: outlines and packing take longer than other requests may wait. A page is asked for when whoever reads has
 * taken what came before, so that memory holds a page or two, however long the dossier is. Nobody reading any more ends the thread.
 * @throws ArchiveError `sheet/failed`, `sheet/timeout` (environment), and what giving a page throws
 */
export async function* writeCopyInThread(
  config: Pick<Config, 'programFolder'>,
  about: CopyAbout,
  pages: AsyncIterable<CopyPage>,
): AsyncGenerator<Uint8Array> {
  const worker = new Worker(join(config.programFolder, ENTRY), {
    workerData: about,
    env: {},
    resourceLimits: { maxOldGenerationSizeMb: HEAP_MB },
  });
  const said = new Said(worker);
  const source = pages[Symbol.asyncIterator]();
  try {
    for (;;) {
      const message = await said.next();
      if (message.kind === 'end') return;
      if (message.kind === 'bytes') yield message.bytes;
      else {
        const step = await source.next();
        worker.postMessage({ page: step.done ? null : step.value } satisfies ToCopyThread);
      }
    }
  } finally {
    await source.return?.();
    await worker.terminate();
  }
}

/** What a thread said, in order, waited for one by one. */
class Said {
  readonly #waiting: FromCopyThread[] = [];
  #failure: ArchiveError | null = null;
  #wake: () => void = () => undefined;

  constructor(worker: Worker) {
    worker.on('message', (message: FromCopyThread) => {
      this.#waiting.push(message);
      this.#wake();
    });
    const fail = (cause?: unknown) => {
      this.#failure ??= new ArchiveError('sheet/failed', 'environment', {}, cause);
      this.#wake();
    };
    worker.once('error', fail);
    worker.once('exit', () => fail());
  }

  async next(): Promise<FromCopyThread> {
    const deadlineMs = performance.now() + PAGE_TIMEOUT_MS;
    for (;;) {
      const message = this.#waiting.shift();
      if (message) return message;
      if (this.#failure) throw this.#failure;
      const leftMs = deadlineMs - performance.now();
      if (leftMs <= 0) throw new ArchiveError('sheet/timeout', 'environment');
      let timer: NodeJS.Timeout | undefined;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
        timer = setTimeout(resolve, leftMs);
      });
      clearTimeout(timer);
    }
  }
}
