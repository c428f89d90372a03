import { describe, expect, it } from 'vitest';
import { type Transport, totalsOf, UploadQueue } from './upload-queue.ts';

/** A transport whose sending is finished or failed by the test. */
function heldTransport() {
  const going: { name: string; finish(): void; fail(code: string): void; progress(bytes: number): void }[] = [];
  const transport: Transport = {
    send: (file, progress, signal) =>
      new Promise((resolve, reject) => {
        const entry = { name: file.name, finish: () => resolve(`id-${file.name}`), fail: (code: string) => reject({ code }), progress };
        going.push(entry);
        signal.addEventListener('abort', () => reject(new Error('aborted')));
      }),
  };
  return { transport, going, of: (name: string) => going.findLast((g) => g.name === name)! };
}
const files = (...names: string[]) => names.map((name) => ({ file: new File(['12345'], name), path: name }));
const settle = () => new Promise((resolve) => setTimeout(resolve, 0));
const states = (queue: UploadQueue) =>
  queue
    .view()
    .items.map((item) => item.state[0])
    .join('');

describe('the upload queue', () => {
  it('sends three at a time and goes on as each is done', async () => {
    const { transport, of } = heldTransport();
    const queue = new UploadQueue(transport);
    queue.add(files('a', 'b', 'c', 'd'));
    expect(queue.view().items.map((i) => i.state)).toEqual(['sending', 'sending', 'sending', 'waiting']);
    of('b').finish();
    await settle();
    expect(queue.view().items.map((i) => i.state)).toEqual(['sending', 'sent', 'sending', 'sending']);
    expect(queue.view().items[1]!.uploadId).toBe('id-b');
  });
  it('takes the same file once, and a folder of equal names by their paths', () => {
    const queue = new UploadQueue(heldTransport().transport);
    queue.add(files('a'));
    queue.add(files('a'));
    queue.add([
      { file: new File(['1'], '001.jpg'), path: '1/001.jpg' },
      { file: new File(['1'], '001.jpg'), path: '2/001.jpg' },
    ]);
    expect(queue.view().items.map((i) => i.path)).toEqual(['a', '1/001.jpg', '2/001.jpg']);
  });
  it('keeps a failure with its code beside the rest, and tries it again when asked', async () => {
    const { transport, of } = heldTransport();
    const queue = new UploadQueue(transport);
    queue.add(files('a', 'b'));
    of('a').fail('upload/too-large');
    of('b').finish();
    await settle();
    expect(queue.view().items.map((i) => [i.state, i.code])).toEqual([
      ['failed', 'upload/too-large'],
      ['sent', null],
    ]);
    expect(totalsOf(queue.view().items)).toMatchObject({ files: 2, sent: 1, failed: 1, isDone: false });
    queue.retry();
    of('a').finish();
    await settle();
    expect(totalsOf(queue.view().items).isDone).toBe(true);
  });
  it('pauses by stopping what is sent, and resumes it', async () => {
    const { transport, going, of } = heldTransport();
    const queue = new UploadQueue(transport);
    queue.add(files('a', 'b', 'c', 'd'));
    of('a').progress(3);
    queue.pause();
    await settle();
    expect(states(queue)).toBe('wwww');
    expect(queue.view()).toMatchObject({ isPaused: true });
    expect(queue.view().items[0]!.sentBytes).toBe(3);
    queue.resume();
    expect(states(queue)).toBe('sssw');
    expect(going).toHaveLength(6);
  });
  it('forgets a file that is taken out, and sends the next', async () => {
    const { transport } = heldTransport();
    const queue = new UploadQueue(transport);
    queue.add(files('a', 'b', 'c', 'd'));
    queue.remove(queue.view().items[0]!.id);
    await settle();
    expect(queue.view().items.map((i) => [i.path, i.state])).toEqual([
      ['b', 'sending'],
      ['c', 'sending'],
      ['d', 'sending'],
    ]);
  });
});
