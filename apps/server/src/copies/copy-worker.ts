import { parentPort, workerData } from 'node:worker_threads';
import { type CopyAbout, type CopyPage, writeCopy } from '@lantai/documents/copies';
import { assert } from '@lantai/values';
import type { FromCopyThread, ToCopyThread } from './copy-thread.ts';

/** A thread that writes one copy page by page and ends. It holds no keys and no database, and one page at a time. */
assert(parentPort, 'runs as a thread');
const port = parentPort;
const say = (message: FromCopyThread) => port.postMessage(message);

async function* pages(): AsyncGenerator<CopyPage> {
  for (;;) {
    const answer = new Promise<ToCopyThread>((resolve) => port.once('message', resolve));
    say({ kind: 'next' });
    const { page } = await answer;
    if (!page) return;
    yield page;
  }
}

for await (const bytes of writeCopy(workerData as CopyAbout, pages())) say({ kind: 'bytes', bytes });
say({ kind: 'end' });
port.close();
