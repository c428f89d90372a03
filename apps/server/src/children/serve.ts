import { Worker } from 'node:worker_threads';
import { isArchiveError } from '@lantai/values';
import { encodeFrame, type Frame, FrameReader } from './protocol.ts';

/** Sends one part of a long answer (a page, a member) and waits until the pipe took it, so a child never runs ahead of its reader. */
export type Emit<P> = (part: P, bytes?: readonly Uint8Array[]) => Promise<void>;

/** Answers one request. What it throws goes to the caller: an ArchiveError as itself, anything else as `child/failed`. */
export type Handler<I, P, O> = (request: I, bytes: Uint8Array[], emit: Emit<P>) => Promise<{ reply: O; bytes?: readonly Uint8Array[] }>;

/** Ids of the account without rights, `nobody`, on Linux and the BSDs. */
const NOBODY = 65534;
const PARENT_LOOK_MS = 2000;

/**
 * The child's side of the pool: says it is ready, then answers one request after another until its pipe closes.
 * Call it last, when every library, model and WASM file is loaded: a child started by root gives up its rights here,
 * before the first byte of anybody's file arrives, and may not be able to read the program's folder afterwards.
 */
export function serveChild<I, P, O>(handler: Handler<I, P, O>): void {
  // The pipe carries frames only: a library that prints must not be able to break it.
  console.log = console.info = console.debug = console.error;
  watchParent();
  giveUpRights();
  const reader = new FrameReader();
  let turn = Promise.resolve();
  process.stdin.on('data', (chunk: Buffer) => {
    for (const frame of reader.push(chunk)) turn = turn.then(() => answer(handler, frame));
  });
  process.stdin.on('end', () => process.exit(0));
  void send({ kind: 'ready' });
}

async function answer<I, P, O>(handler: Handler<I, P, O>, frame: Frame): Promise<void> {
  const emit: Emit<P> = (part, bytes) => send({ kind: 'part', part }, bytes);
  try {
    // The parent is this program's own server; what it sends is trusted to have the shape of I.
    const { reply, bytes } = await handler(frame.header as I, frame.bytes, emit);
    await send({ kind: 'done', reply }, bytes);
  } catch (error) {
    await send({ kind: 'error', ...describe(error) });
  }
}

/** INVARIANT: the message of a library's error never crosses: it may quote the file. Its place in our code does. */
function describe(error: unknown): { code: string; fault: string; detail: Record<string, unknown> } {
  if (isArchiveError(error)) return { code: error.code, fault: error.fault, detail: { ...error.detail } };
  const frames = error instanceof Error ? (error.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line)) : [];
  const where = frames
    .slice(0, 4)
    .map((line) => line.trim().replace(/\(?(?:file:\/\/)?\/\S*\//, '('))
    .join(' ');
  return { code: 'child/failed', fault: 'environment', detail: { name: error instanceof Error ? error.name : 'unknown', where } };
}

async function send(header: unknown, bytes: readonly Uint8Array[] = []): Promise<void> {
  for (const piece of encodeFrame(header, bytes))
    if (piece.length) await new Promise<void>((resolve, reject) => process.stdout.write(piece, (e) => (e ? reject(e) : resolve())));
}

function giveUpRights(): void {
  if (process.getuid?.() !== 0) return;
  process.setgroups?.([]);
  process.setgid?.(NOBODY);
  process.setuid?.(NOBODY);
}

/**
 * A decoder caught in an endless loop never sees its pipe close, so when the server is killed it would run for ever.
 * CRASH: a thread of its own looks who the parent is and ends the process once that changed.
 */
function watchParent(): void {
  // The number is taken here: the thread may start so late that the parent is gone already.
  const code = `setInterval(() => { if (process.ppid !== ${process.ppid}) process.kill(process.pid, 'SIGKILL'); }, ${PARENT_LOOK_MS});`;
  new Worker(code, { eval: true, resourceLimits: { maxOldGenerationSizeMb: 16, maxYoungGenerationSizeMb: 4 } }).unref();
}
