import { utf8 } from '@lantai/values';

/**
 * The keyed part of the index, bound to one index key.
 * `encryptBlocks` is the raw block cipher over n × 16 bytes in one call; `digest` a hash of 32 bytes (SHA-256 or SM3).
 */
export interface IndexCipher {
  encryptBlocks(blocks: Uint8Array): Uint8Array;
  digest(bytes: Uint8Array): Uint8Array;
}

/** First byte of each block: what kind of thing the token stands for. Frozen: they are in every index. Source: docs/spec/blind-index.md section 4. */
export const TAG = {
  pair: 0x01,
  single: 0x02,
  triple: 0x03,
  unit: 0x10,
  category: 0x11,
  level: 0x12,
  dossier: 0x14,
  class: 0x15,
  year: 0x16,
  kind: 0x17,
  idNumber: 0x20,
  phone: 0x21,
  address: 0x22,
  idNumberNear: 0x24,
  idNumberShort: 0x25,
  idNumberTail: 0x26,
  pinyin: 0x30,
} as const;
export type Tag = (typeof TAG)[keyof typeof TAG];

const BLOCK = 16;
const PAYLOAD = BLOCK - 1;

/** Collects blocks and turns them into tokens in one call of the cipher. */
export class TokenBatch {
  #blocks: Uint8Array;
  #length = 0;

  /** @param expected how many tokens there will be, about */
  constructor(expected = 32) {
    this.#blocks = new Uint8Array(Math.max(1, expected) * BLOCK);
  }

  #next(tag: Tag): number {
    if (this.#length === this.#blocks.length) {
      const wider = new Uint8Array(this.#blocks.length * 2);
      wider.set(this.#blocks);
      this.#blocks = wider;
    }
    const at = this.#length;
    this.#length += BLOCK;
    this.#blocks[at] = tag;
    return at;
  }

  #point(at: number, point: number): void {
    const b = this.#blocks;
    b[at] = point >> 16;
    b[at + 1] = point >> 8;
    b[at + 2] = point;
  }

  /** One code point. */
  single(point: number): void {
    this.#point(this.#next(TAG.single) + 1, point);
  }

  /** Two neighbouring code points. */
  pair(first: number, second: number): void {
    const at = this.#next(TAG.pair);
    this.#point(at + 1, first);
    this.#point(at + 4, second);
  }

  /** Three neighbouring code points. */
  triple(first: number, second: number, third: number): void {
    const at = this.#next(TAG.triple);
    this.#point(at + 1, first);
    this.#point(at + 4, second);
    this.#point(at + 7, third);
  }

  /** A whole value of any length, by its digest. */
  value(tag: Tag, value: string, cipher: IndexCipher): void {
    const at = this.#next(tag);
    this.#blocks.set(cipher.digest(utf8(value)).subarray(0, PAYLOAD), at + 1);
  }

  /** The tokens in the order the blocks were added: the first four bytes of each encrypted block, big-endian, as signed integers. */
  tokens(cipher: IndexCipher): Int32Array {
    const count = this.#length / BLOCK;
    const out = new Int32Array(count);
    if (!count) return out;
    const sealed = cipher.encryptBlocks(this.#blocks.subarray(0, this.#length));
    const view = new DataView(sealed.buffer, sealed.byteOffset, sealed.byteLength);
    for (let i = 0; i < count; i++) out[i] = view.getInt32(i * BLOCK);
    return out;
  }

  /** The tokens sorted, each once: nothing of the text's order is left. */
  tokenSet(cipher: IndexCipher): Int32Array {
    return distinctSorted(this.tokens(cipher));
  }
}

/** Sorts in place and leaves each value once. */
export function distinctSorted(tokens: Int32Array): Int32Array {
  tokens.sort();
  let length = 0;
  for (let i = 0; i < tokens.length; i++) if (i === 0 || tokens[i] !== tokens[i - 1]) tokens[length++] = tokens[i]!;
  return tokens.slice(0, length);
}

/** What a page or a catalogue line is filed under; all of it becomes tokens in the same array as the text, so a scope is part of the index. */
export interface Facets {
  /** The unit and every unit above it. */
  readonly unitPath: readonly string[];
  readonly category: string;
  readonly level: number;
  readonly dossierId: string;
  readonly classCode?: string | null;
  readonly materialYear?: number | null;
  /** Kind of a catalogue line: `material`, `dossier`, `subject`. */
  readonly kind?: string | null;
}

/** The tokens of a filing place. */
export function tokensOfFacets(cipher: IndexCipher, facets: Facets): Int32Array {
  const batch = new TokenBatch();
  for (const unit of facets.unitPath) batch.value(TAG.unit, unit, cipher);
  batch.value(TAG.category, facets.category, cipher);
  batch.value(TAG.level, String(facets.level), cipher);
  batch.value(TAG.dossier, facets.dossierId, cipher);
  if (facets.classCode) batch.value(TAG.class, facets.classCode, cipher);
  if (facets.materialYear) batch.value(TAG.year, String(facets.materialYear), cipher);
  if (facets.kind) batch.value(TAG.kind, facets.kind, cipher);
  return batch.tokenSet(cipher);
}

/** One token of each value of a facet, for a query. */
export function facetTokens(cipher: IndexCipher, tag: Tag, values: readonly (string | number)[]): number[] {
  const batch = new TokenBatch();
  for (const value of values) batch.value(tag, String(value), cipher);
  return [...batch.tokens(cipher)];
}
