import { ArchiveError } from '@lantai/values';

/**
 * Frames on the pipe between the server and a child process. One frame, integers unsigned 32 bit big endian:
 * `"LTC1"` · header length · part count · each part's length · header (JSON, UTF-8) · the parts.
 * Both ends check every length before they allocate; anything else on the pipe is `child/protocol`.
 */
export interface Frame {
  readonly header: unknown;
  readonly bytes: Uint8Array[];
}

/** Bytes of JSON in one frame; the text of the densest page measured is 0.3 MB. */
export const MAX_HEADER_BYTES = 16 * 1024 * 1024;
/** Bytes of one binary part; a decoded page of the largest size allowed ({@link MAX_FRAME_PARTS} of them at most) fits. */
export const MAX_PART_BYTES = 1024 * 1024 * 1024;
/** Binary parts in one frame. */
export const MAX_FRAME_PARTS = 1024;

const MAGIC = 0x4c544331;
const PREFIX_BYTES = 12;

/** The pieces to write, in order. Parts are not copied. @throws ArchiveError `child/protocol` when a limit above is passed. */
export function encodeFrame(header: unknown, bytes: readonly Uint8Array[] = []): Uint8Array[] {
  const json = new TextEncoder().encode(JSON.stringify(header));
  check(json.length <= MAX_HEADER_BYTES && bytes.length <= MAX_FRAME_PARTS && bytes.every((b) => b.length <= MAX_PART_BYTES), 'too large');
  const prefix = new DataView(new ArrayBuffer(PREFIX_BYTES + 4 * bytes.length));
  prefix.setUint32(0, MAGIC);
  prefix.setUint32(4, json.length);
  prefix.setUint32(8, bytes.length);
  bytes.forEach((part, i) => {
    prefix.setUint32(PREFIX_BYTES + 4 * i, part.length);
  });
  return [new Uint8Array(prefix.buffer), json, ...bytes];
}

type Stage = 'prefix' | 'lengths' | 'header' | 'part';

/** Puts frames together from the chunks of a pipe, whatever their cut. Memory held: one frame. */
export class FrameReader {
  #stage: Stage = 'prefix';
  #target = new Uint8Array(PREFIX_BYTES);
  #filled = 0;
  #partCount = 0;
  #headerLength = 0;
  #lengths: number[] = [];
  #header: unknown;
  #parts: Uint8Array[] = [];

  /** The frames completed by this chunk. @throws ArchiveError `child/protocol` when the bytes are no frame. */
  push(chunk: Uint8Array): Frame[] {
    const frames: Frame[] = [];
    let at = 0;
    while (at < chunk.length) {
      const taken = Math.min(this.#target.length - this.#filled, chunk.length - at);
      this.#target.set(chunk.subarray(at, at + taken), this.#filled);
      this.#filled += taken;
      at += taken;
      // A stage of no bytes is complete at once, so this is a loop: zero parts, empty parts.
      while (this.#filled === this.#target.length) {
        const frame = this.#advance();
        if (frame) frames.push(frame);
        if (this.#stage === 'prefix') break;
      }
    }
    return frames;
  }

  #advance(): Frame | null {
    const view = new DataView(this.#target.buffer, this.#target.byteOffset, this.#target.length);
    if (this.#stage === 'prefix') {
      check(view.getUint32(0) === MAGIC, 'no frame');
      this.#headerLength = view.getUint32(4);
      this.#partCount = view.getUint32(8);
      check(this.#headerLength <= MAX_HEADER_BYTES && this.#partCount <= MAX_FRAME_PARTS, 'too large');
      this.#enter('lengths', 4 * this.#partCount);
    } else if (this.#stage === 'lengths') {
      this.#lengths = Array.from({ length: this.#partCount }, (_, i) => view.getUint32(4 * i));
      check(
        this.#lengths.every((n) => n <= MAX_PART_BYTES),
        'too large',
      );
      this.#enter('header', this.#headerLength);
    } else {
      if (this.#stage === 'header') this.#header = parseHeader(this.#target);
      else this.#parts.push(this.#target);
      const next = this.#lengths[this.#parts.length];
      if (next === undefined) return this.#finish();
      this.#enter('part', next);
    }
    return null;
  }

  #finish(): Frame {
    const frame = { header: this.#header, bytes: this.#parts };
    this.#header = undefined;
    this.#parts = [];
    this.#enter('prefix', PREFIX_BYTES);
    return frame;
  }

  #enter(stage: Stage, length: number): void {
    this.#stage = stage;
    this.#target = new Uint8Array(length);
    this.#filled = 0;
  }
}

function parseHeader(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    // The parser's own message quotes the text, which may be personal; only the kind of failure goes on.
    throw new ArchiveError('child/protocol', 'caller', { why: 'header is not JSON' });
  }
}

function check(condition: boolean, why: string): void {
  if (!condition) throw new ArchiveError('child/protocol', 'caller', { why });
}
