import { assert } from '@lantai/values';
import { HASH_BYTES, type HashFunction, hashNode } from './merkle.ts';
import { TILE_WIDTH } from './tile.ts';

/**
 * The bytes of a hash tile and, as they are asked for, the hashes between its levels, so that tiles high in the tree, which every proof
 * passes through, are hashed once. Holds at most 16 KiB.
 */
export class HashTile {
  readonly bytes: Uint8Array;
  readonly #hash: HashFunction;
  /** Inner hashes by height and index, see `slotOf`; made at the first need. */
  #inner: Uint8Array | null = null;
  readonly #isKnown = new Uint8Array(TILE_WIDTH - 1);

  /** @param bytes 1 to 256 hashes, end to end */
  constructor(hash: HashFunction, bytes: Uint8Array) {
    this.#hash = hash;
    this.bytes = bytes;
  }

  /** Hashes in the tile. */
  get width(): number {
    return this.bytes.length / HASH_BYTES;
  }

  /** Root of the 2^`height` hashes from `offset` on, a multiple of 2^`height`. */
  hashAt(offset: number, height: number): Uint8Array {
    const span = 2 ** height;
    assert(offset % span === 0 && offset + span <= this.width, 'the tile holds the hashes asked for');
    if (height === 0) return this.bytes.slice(offset * HASH_BYTES, (offset + 1) * HASH_BYTES);
    this.#inner ??= new Uint8Array((TILE_WIDTH - 1) * HASH_BYTES);
    const slot = slotOf(offset / span, height);
    if (!this.#isKnown[slot]) {
      this.#inner.set(hashNode(this.#hash, this.hashAt(offset, height - 1), this.hashAt(offset + span / 2, height - 1)), slot * HASH_BYTES);
      this.#isKnown[slot] = 1;
    }
    return this.#inner.slice(slot * HASH_BYTES, (slot + 1) * HASH_BYTES);
  }
}

/** 128 hashes of height 1 first, then 64 of height 2, and so on to the one of height 8. */
const slotOf = (index: number, height: number) => TILE_WIDTH - TILE_WIDTH / 2 ** (height - 1) + index;
