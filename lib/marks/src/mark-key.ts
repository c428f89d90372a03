import { concatBytes, utf8 } from '@lantai/values';
import { NUMBER_BITS } from './view-number.ts';

/** HMAC-SHA-256 under an archive's mark key: without it a mark can neither be laid nor found nor read. */
export type MarkHmac = (...parts: readonly Uint8Array[]) => Uint8Array;

/** Bits of the tag that tells a number from noise. */
export const TAG_BITS = 24;
/** The pattern repeats after so many cells each way. */
export const TILE_CELLS = 32;
/** Cells of a pattern whose sign is the same in every mark: they tell where the pattern lies. */
export const PILOT_CELLS = 256;

/** Which cell of the pattern is what. */
export interface MarkLayout {
  /** Cells by number (`32 · row + column`): first the pilots, then those that carry bits. */
  readonly cells: Uint16Array;
  /** Sign of each pilot, and the sign that each bit's cell is multiplied by; by place in `cells`. */
  readonly signs: Int8Array;
}

/** The layout of an archive's marks. */
export function layoutOf(hmac: MarkHmac): MarkLayout {
  const count = TILE_CELLS * TILE_CELLS;
  const bytes = keyBytes(hmac, 'lantai/mark/layout/v1', 5 * count);
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  const rank = Array.from({ length: count }, (_, cell) => ({ cell, by: view.getUint32(4 * cell) }));
  rank.sort((a, b) => a.by - b.by || a.cell - b.cell);
  const signs = Int8Array.from({ length: count }, (_, i) => ((bytes[4 * count + i] ?? 0) & 1 ? 1 : -1));
  return { cells: Uint16Array.from(rank, (r) => r.cell), signs };
}

/** The tag of a number: the first 24 bits of its HMAC. */
export function tagOf(hmac: MarkHmac, number: bigint): number {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setBigUint64(0, number);
  const [a = 0, b = 0, c = 0] = hmac(utf8('lantai/mark/tag/v1'), bytes);
  return (a << 16) | (b << 8) | c;
}

/** Number and tag as bits, the highest first. */
export function frameOf(hmac: MarkHmac, number: bigint): Uint8Array {
  const frame = (number << BigInt(TAG_BITS)) | BigInt(tagOf(hmac, number));
  const length = NUMBER_BITS + TAG_BITS;
  return Uint8Array.from({ length }, (_, i) => Number((frame >> BigInt(length - 1 - i)) & 1n));
}

/** The number of a frame; null when the tag is not the number's own. */
export function findNumber(hmac: MarkHmac, frame: Uint8Array): bigint | null {
  let value = 0n;
  for (const bit of frame) value = (value << 1n) | BigInt(bit);
  const number = value >> BigInt(TAG_BITS);
  return tagOf(hmac, number) === Number(value & ((1n << BigInt(TAG_BITS)) - 1n)) ? number : null;
}

function keyBytes(hmac: MarkHmac, label: string, length: number): Uint8Array {
  const blocks: Uint8Array[] = [];
  for (let got = 0, i = 0; got < length; i++) {
    const block = hmac(utf8(label), Uint8Array.of(i >> 8, i & 0xff));
    blocks.push(block);
    got += block.length;
  }
  return concatBytes(...blocks).slice(0, length);
}
