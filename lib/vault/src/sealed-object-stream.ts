import { ArchiveError, assert, concatBytes } from '@lantai/values';
import { type ChunkCipher, createChunkCipher, createHeader, type ObjectContext, readHeader } from './object-header.ts';
import { CHUNK_LENGTH, HEADER_LENGTH, SEALED_CHUNK_LENGTH } from './object-layout.ts';
import type { Primitives } from './primitives.ts';
import type { SealObjectInput } from './sealed-object.ts';
import { TAG_LENGTH } from './suites.ts';

/** Gathers bytes and gives them out in pieces of one length. Holds less than one piece between calls. */
class Pieces {
  #held: Uint8Array = new Uint8Array(0);
  readonly #length: number;

  constructor(length: number) {
    this.#length = length;
  }

  *take(bytes: Uint8Array): Iterable<Uint8Array> {
    let rest = bytes;
    if (this.#held.length > 0) {
      const missing = this.#length - this.#held.length;
      this.#held = concatBytes(this.#held, rest.subarray(0, missing));
      if (this.#held.length < this.#length) return;
      rest = rest.subarray(missing);
      yield this.#held;
      this.#held = new Uint8Array(0);
    }
    for (; rest.length >= this.#length; rest = rest.subarray(this.#length)) yield rest.subarray(0, this.#length);
    this.#held = rest.slice();
  }

  get rest(): Uint8Array {
    return this.#held;
  }
}

/** Seals an object as its bytes arrive; the outputs one after another are what `sealObject` gives for the whole. */
export interface Sealer {
  /** Sealed bytes that are ready; the first call also gives the header. May be empty later. */
  push(plain: Uint8Array): Uint8Array;
  /** The last, short chunk (and the header if nothing was pushed). Without it the object counts as truncated. */
  finish(): Uint8Array;
}

/** Starts a {@link Sealer}. Memory: less than two chunks beyond what is pushed. */
export function createSealer(p: Primitives, { suite, key, context, salt }: Omit<SealObjectInput, 'plain'>): Sealer {
  const { header, schedule } = createHeader(p, suite, key, context, salt ?? p.random(20));
  const cipher = createChunkCipher(p, schedule);
  const pieces = new Pieces(CHUNK_LENGTH);
  const state = { chunk: 0, headerGiven: false, finished: false };
  const emit = (chunks: Uint8Array[]) => {
    const out = state.headerGiven ? concatBytes(...chunks) : concatBytes(header, ...chunks);
    state.headerGiven = true;
    return out;
  };
  return {
    push(plain) {
      assert(!state.finished, 'a finished sealer takes no more bytes');
      const sealed: Uint8Array[] = [];
      for (const piece of pieces.take(plain)) sealed.push(cipher.seal(state.chunk++, piece));
      return emit(sealed);
    },
    finish() {
      assert(!state.finished, 'a sealer finishes once');
      state.finished = true;
      return emit([cipher.seal(state.chunk, pieces.rest)]);
    },
  };
}

/** Opens an object as its sealed bytes arrive. */
export interface Opener {
  /** Plain bytes of the chunks that are complete and authentic. @throws ArchiveError as `openObject`. */
  push(sealed: Uint8Array): Uint8Array;
  /** The bytes of the last chunk. @throws ArchiveError `object/truncated` (corruption) when the end is missing: discard what was given before. */
  finish(): Uint8Array;
}

/** Starts an {@link Opener}. What `push` gives is authentic but the object is whole only once `finish` returned. */
export function createOpener(p: Primitives, { key, context }: { key: Uint8Array; context: ObjectContext }): Opener {
  const pieces = new Pieces(SEALED_CHUNK_LENGTH);
  const state: { head: Uint8Array; cipher: ChunkCipher | null; chunk: number; length: number } = {
    head: new Uint8Array(0),
    cipher: null,
    chunk: 0,
    length: 0,
  };
  const truncated = () => new ArchiveError('object/truncated', 'corruption', { lengthBytes: state.length });
  return {
    push(sealed) {
      state.length += sealed.length;
      let rest = sealed;
      if (!state.cipher) {
        const missing = HEADER_LENGTH - state.head.length;
        state.head = concatBytes(state.head, rest.subarray(0, missing));
        rest = rest.subarray(missing);
        if (state.head.length < HEADER_LENGTH) return new Uint8Array(0);
        state.cipher = createChunkCipher(p, readHeader(p, key, context, state.head));
      }
      const plain: Uint8Array[] = [];
      for (const piece of pieces.take(rest)) plain.push(state.cipher.open(state.chunk++, piece));
      return concatBytes(...plain);
    },
    finish() {
      if (!state.cipher || pieces.rest.length < TAG_LENGTH) throw truncated();
      return state.cipher.open(state.chunk, pieces.rest);
    },
  };
}
