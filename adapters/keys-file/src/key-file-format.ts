import { assert } from '@lantai/values';
import { equalSecret, findSuite, type Primitives, type RootKey, SUITES, type SuiteId } from '@lantai/vault';

// docs/spec/key-store.md. All numbers are big-endian.

const MAGIC = Uint8Array.of(0x4c, 0x54, 0x4b, 0x53); // "LTKS"
const VERSION = 1;
/** Bytes of a MAC, and of the chain value that each frame ends with. */
export const MAC_LENGTH = 32;
const HEADER_BODY_LENGTH = 40;
/** Bytes before the first frame. */
export const FILE_HEADER_LENGTH = HEADER_BODY_LENGTH + MAC_LENGTH;
const FRAME_HEAD_LENGTH = 4;
/** Bytes of records one frame may carry. */
export const FRAME_PAYLOAD_MAX = 64 * 1024 * 1024;

/** What the first bytes of a key file say. */
export interface KeyFileHeader {
  readonly suite: SuiteId;
  /** Grows by one each time the file is written anew. */
  readonly generation: number;
  /** 16 random bytes, the same in both copies and through all generations. */
  readonly storeId: Uint8Array;
  readonly writtenAtMs: number;
}

const viewOf = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.length);

function writeUint64(view: DataView, at: number, value: number): void {
  view.setUint32(at, Math.floor(value / 2 ** 32));
  view.setUint32(at + 4, value >>> 0);
}

const readUint64 = (view: DataView, at: number): number => view.getUint32(at) * 2 ** 32 + view.getUint32(at + 4);

/** Header of a file: 40 bytes and their MAC. */
export function encodeHeader(p: Primitives, macKey: Uint8Array, { suite, generation, storeId, writtenAtMs }: KeyFileHeader): Uint8Array {
  assert(storeId.length === 16, 'a store id has 16 bytes');
  const bytes = new Uint8Array(FILE_HEADER_LENGTH);
  bytes.set(MAGIC);
  bytes[4] = VERSION;
  bytes[5] = SUITES[suite].byte;
  writeUint64(viewOf(bytes), 8, generation);
  bytes.set(storeId, 16);
  writeUint64(viewOf(bytes), 32, writtenAtMs);
  bytes.set(p.hmac(SUITES[suite].digest, macKey, bytes.subarray(0, HEADER_BODY_LENGTH)), HEADER_BODY_LENGTH);
  return bytes;
}

/** A header that was read, and the MAC key that proved it. */
export interface ReadHeader extends KeyFileHeader {
  readonly macKey: Uint8Array;
}

/**
 * Reads and proves a header. `malformed`: not a key file, or cut short; `newer`: of a later version of Lantai;
 * `unproved`: written under another root key, or altered.
 */
export function readHeader(p: Primitives, root: RootKey, bytes: Uint8Array): ReadHeader | 'malformed' | 'newer' | 'unproved' {
  if (bytes.length < FILE_HEADER_LENGTH || !MAGIC.every((byte, i) => bytes[i] === byte)) return 'malformed';
  const suite = findSuite(bytes[5]);
  if (bytes[4]! > VERSION) return 'newer';
  if (!suite || bytes[4] !== VERSION) return 'malformed';
  const macKey = root.macKey(suite.id);
  const mac = p.hmac(suite.digest, macKey, bytes.subarray(0, HEADER_BODY_LENGTH));
  if (!equalSecret(mac, bytes.subarray(HEADER_BODY_LENGTH, FILE_HEADER_LENGTH))) return 'unproved';
  const view = viewOf(bytes);
  return { suite: suite.id, generation: readUint64(view, 8), storeId: bytes.slice(16, 32), writtenAtMs: readUint64(view, 32), macKey };
}

/** A frame: payload length, records, MAC over the previous MAC and both. */
export function encodeFrame(p: Primitives, suite: SuiteId, macKey: Uint8Array, previousMac: Uint8Array, payload: Uint8Array): Uint8Array {
  assert(payload.length > 0 && payload.length <= FRAME_PAYLOAD_MAX, 'a frame carries 1 byte to 64 MiB');
  const frame = new Uint8Array(FRAME_HEAD_LENGTH + payload.length + MAC_LENGTH);
  viewOf(frame).setUint32(0, payload.length);
  frame.set(payload, FRAME_HEAD_LENGTH);
  const end = frame.length - MAC_LENGTH;
  frame.set(p.hmac(SUITES[suite].digest, macKey, previousMac, frame.subarray(0, end)), end);
  return frame;
}

/**
 * How a file ends after its last proved frame. `clean`: there. `cut`: with bytes of one frame that was never finished.
 * `damaged`: a frame that is complete does not prove and more follows it.
 */
export type Tail = 'clean' | 'cut' | 'damaged';

/** The proved part of a file. */
export interface ProvedFrames {
  /** Where the proved part ends, in bytes from the start of the file. */
  readonly end: number;
  readonly frameCount: number;
  readonly tail: Tail;
}

/** Proves the frames from `from` (where a header or frame ended) to the end of `bytes`, and gives the payload of each to `take`. */
export function proveFrames(
  p: Primitives,
  { suite, macKey }: ReadHeader,
  bytes: Uint8Array,
  from: number,
  take: (start: number, end: number) => void,
): ProvedFrames {
  const view = viewOf(bytes);
  const { digest } = SUITES[suite];
  let at = from;
  for (let frameCount = 0; ; frameCount++) {
    if (at === bytes.length) return { end: at, frameCount, tail: 'clean' };
    const payloadLength = at + FRAME_HEAD_LENGTH <= bytes.length ? view.getUint32(at) : 0;
    const macAt = at + FRAME_HEAD_LENGTH + payloadLength;
    const isSane = payloadLength > 0 && payloadLength <= FRAME_PAYLOAD_MAX;
    if (!isSane || macAt + MAC_LENGTH > bytes.length) return { end: at, frameCount, tail: 'cut' };
    const mac = p.hmac(digest, macKey, bytes.subarray(at - MAC_LENGTH, macAt));
    if (!equalSecret(mac, bytes.subarray(macAt, macAt + MAC_LENGTH))) {
      return { end: at, frameCount, tail: macAt + MAC_LENGTH === bytes.length ? 'cut' : 'damaged' };
    }
    take(at + FRAME_HEAD_LENGTH, macAt);
    at = macAt + MAC_LENGTH;
  }
}
