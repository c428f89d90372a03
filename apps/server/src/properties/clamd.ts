import { connect, type Socket } from 'node:net';
import type { ClamdPlace } from '../clamd-place.ts';

/** What the scanner said of a file. INVARIANT: anything but its clear OK is no `clean`. */
export type ScanResult =
  | { readonly kind: 'clean' }
  | { readonly kind: 'infected'; readonly name: string }
  /** It did not say: `clamd/refused`, `clamd/timeout`, `clamd/unreachable`, `clamd/too-large`, `clamd/protocol`. */
  | { readonly kind: 'unscanned'; readonly code: string };

const CHUNK_BYTES = 64 * 1024;
/** A daemon says a line; more is not one. */
const ANSWER_BYTES_MAX = 4096;
const CONNECT_TIMEOUT_MS = 5_000;

/**
 * Hands a file to the scanner by INSTREAM: nothing is written here. Never throws for what the daemon does or leaves undone.
 * Source: clamd(8), COMMANDS; each command ends with a zero byte (`z`), chunks begin with their length in four bytes, the last is empty.
 * @param timeoutMs longest time without a byte either way
 */
export async function scanBytes(place: ClamdPlace, bytes: Uint8Array, timeoutMs: number): Promise<ScanResult> {
  const asked = await ask(place, 'INSTREAM', chunksOf(bytes), timeoutMs);
  if ('code' in asked) return { kind: 'unscanned', code: asked.code };
  const { answer } = asked;
  if (answer === 'stream: OK') return { kind: 'clean' };
  const found = /^stream: (.{1,200}) FOUND$/.exec(answer);
  // A signature's name is the scanner's word; only what an entry may hold is kept of it.
  if (found?.[1]) return { kind: 'infected', name: found[1].replaceAll(/[^A-Za-z0-9._:/=+-]+/g, '_') };
  if (/size limit exceeded/i.test(answer)) return { kind: 'unscanned', code: 'clamd/too-large' };
  return { kind: 'unscanned', code: answer.endsWith('ERROR') ? 'clamd/refused' : 'clamd/protocol' };
}

/** The scanner's version with that of its signatures (`ClamAV 1.4.3/27800/…`). */
export async function askVersion(place: ClamdPlace, timeoutMs: number): Promise<{ readonly version: string } | { readonly code: string }> {
  const asked = await ask(place, 'VERSION', [], timeoutMs);
  if ('code' in asked) return asked;
  return asked.answer.startsWith('ClamAV ') ? { version: asked.answer.slice(0, 100) } : { code: 'clamd/protocol' };
}

function* chunksOf(bytes: Uint8Array): Generator<Uint8Array> {
  for (let from = 0; from < bytes.length; from += CHUNK_BYTES) {
    const chunk = bytes.subarray(from, from + CHUNK_BYTES);
    const length = new Uint8Array(4);
    new DataView(length.buffer).setUint32(0, chunk.length);
    yield length;
    yield chunk;
  }
  yield new Uint8Array(4);
}

/** One command on one connection: what the daemon answered, or why it did not. */
function ask(
  place: ClamdPlace,
  command: string,
  chunks: Iterable<Uint8Array>,
  timeoutMs: number,
): Promise<{ readonly answer: string } | { readonly code: string }> {
  return new Promise((resolve) => {
    const socket = 'path' in place ? connect(place.path) : connect(place.port, place.host);
    const parts: Buffer[] = [];
    let size = 0;
    let isConnected = false;
    const end = (outcome: { answer: string } | { code: string }) => {
      socket.destroy();
      resolve(outcome);
    };
    const settle = () => {
      const answer = Buffer.concat(parts).toString('utf8').split('\0')[0]?.trim() ?? '';
      end(answer ? { answer } : { code: 'clamd/protocol' });
    };
    socket.setTimeout(Math.min(timeoutMs, CONNECT_TIMEOUT_MS), () => end({ code: 'clamd/timeout' }));
    // Whoever hangs up while a file is being sent may have said why before: what came is what counts.
    socket.on('error', () => (size ? settle() : end({ code: isConnected ? 'clamd/refused' : 'clamd/unreachable' })));
    socket.on('data', (part: Buffer) => {
      parts.push(part);
      size += part.length;
      if (size > ANSWER_BYTES_MAX) end({ code: 'clamd/protocol' });
      else if (part.includes(0)) settle();
    });
    socket.on('end', settle);
    socket.on('connect', () => {
      isConnected = true;
      socket.setTimeout(timeoutMs);
      void send(socket, command, chunks);
    });
  });
}

/** Sends no faster than the daemon takes. A socket that is closed meanwhile ends it: its own listeners say why. */
async function send(socket: Socket, command: string, chunks: Iterable<Uint8Array>): Promise<void> {
  socket.write(`z${command}\0`);
  for (const chunk of chunks) {
    if (socket.destroyed) return;
    if (socket.write(chunk)) continue;
    await new Promise<void>((resume) => {
      const go = () => {
        socket.off('drain', go);
        socket.off('close', go);
        resume();
      };
      socket.on('drain', go);
      socket.on('close', go);
    });
  }
}
