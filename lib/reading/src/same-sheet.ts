import type { Gray } from './raster.ts';
import type { Reading } from './reading.ts';

const GRID_ACROSS = 16;
const GRID_DOWN = 22;
/** Digests further apart than this are never of one sheet. */
export const MAX_DIGEST_DISTANCE_01 = 0.2;
const MIN_TEXT_LIKENESS_01 = 0.9;
const MIN_NUMBER_LIKENESS_01 = 0.8;
const MIN_TEXT = 12;
/** A sheet with something added keeps its numbers: they say more than the text of a form does. */
const MIN_NEAR_TEXT_01 = 0.75;
const MIN_NEAR_NUMBERS_01 = 0.8;
const MIN_NEAR_NUMBERS = 4;

/**
 * A perceptual digest of a deskewed upright page: for each of 16 × 22 squares one bit, set when it holds more ink than the median square.
 * 88 hexadecimal digits. It tells form and layout, not content; compare with {@link digestDistance01}.
 * @param ink mask of the deskewed upright page
 */
export function pageDigest(ink: Gray): string {
  const sums = new Float64Array(GRID_ACROSS * GRID_DOWN);
  const edges = Array.from({ length: GRID_ACROSS + 1 }, (_, k) => Math.ceil((k * ink.width) / GRID_ACROSS));
  for (let y = 0; y < ink.height; y++) {
    const row = Math.floor((y * GRID_DOWN) / ink.height) * GRID_ACROSS;
    for (let k = 0; k < GRID_ACROSS; k++) {
      const end = y * ink.width + edges[k + 1]!;
      let set = 0;
      for (let i = y * ink.width + edges[k]!; i < end; i++) set += ink.data[i]!;
      sums[row + k]! += set;
    }
  }
  const median = [...sums].sort((a, b) => a - b)[sums.length >> 1]!;
  let out = '';
  for (let i = 0; i < sums.length; i += 4) {
    let digit = 0;
    for (let k = 0; k < 4; k++) digit = digit * 2 + (sums[i + k]! > median ? 1 : 0);
    out += digit.toString(16);
  }
  return out;
}

/** Share of differing bits of two digests of one length, 0 to 1; 1 when they are not comparable. */
export function digestDistance01(a: string, b: string): number {
  if (!a || a.length !== b.length) return 1;
  let bits = 0;
  for (let i = 0; i < a.length; i++) {
    let x = Number.parseInt(a[i]!, 16) ^ Number.parseInt(b[i]!, 16);
    for (; x; x &= x - 1) bits++;
  }
  return bits / (a.length * 4);
}

/** `same`: one sheet scanned twice; `near`: its copy, its draft, or the sheet again after something was added. */
export type Sameness = 'same' | 'near';

/**
 * How far two readings are of one sheet; null when they are not. Forms of one kind filled for one person look alike and share most of their text,
 * so the numbers must agree too: another year's form has other numbers.
 */
export function findSameness(a: Reading, b: Reading): Sameness | null {
  if (digestDistance01(a.pageDigest, b.pageDigest) > MAX_DIGEST_DISTANCE_01) return null;
  const [textA, textB] = [plainText(a), plainText(b)];
  if (textA.length < MIN_TEXT || textB.length < MIN_TEXT) return null;
  const text = likeness01(pairsOf(textA), pairsOf(textB));
  const [numbersA, numbersB] = [numbersOf(a), numbersOf(b)];
  const numbers = likeness01(numbersA, numbersB);
  if (text >= MIN_TEXT_LIKENESS_01 && (numbers >= MIN_NUMBER_LIKENESS_01 || isOneMore(numbersA, numbersB))) return 'same';
  const isTold = numbersA.length >= MIN_NEAR_NUMBERS && numbersB.length >= MIN_NEAR_NUMBERS;
  return text >= MIN_NEAR_TEXT_01 && isTold && numbers >= MIN_NEAR_NUMBERS_01 ? 'near' : null;
}

/** True when two readings are of one sheet scanned twice. */
export const isSameSheet = (a: Reading, b: Reading): boolean => findSameness(a, b) === 'same';

const plainText = (r: Reading) =>
  r.lines
    .map((l) => l.text)
    .join('')
    .replace(/[\s\p{P}\p{S}]/gu, '');
const pairsOf = (text: string) => Array.from({ length: Math.max(0, text.length - 1) }, (_, i) => text.slice(i, i + 2));
const numbersOf = (r: Reading) => r.lines.flatMap((l) => l.text.match(/\d+/g) ?? []);

/** True when one bag is the other and one number more: a stroke read as a figure on one scan alone. Another year's form has another number instead. */
function isOneMore(a: readonly string[], b: readonly string[]): boolean {
  const [fewer, more] = a.length < b.length ? [a, b] : [b, a];
  if (!fewer.length || more.length !== fewer.length + 1) return false;
  const left = [...more];
  for (const number of fewer) {
    const at = left.indexOf(number);
    if (at < 0) return false;
    left.splice(at, 1);
  }
  return true;
}

/** Shared part of two bags, 0 to 1; 1 when both are empty. */
function likeness01(a: readonly string[], b: readonly string[]): number {
  if (!a.length && !b.length) return 1;
  const counts = new Map<string, number>();
  for (const x of a) counts.set(x, (counts.get(x) ?? 0) + 1);
  let shared = 0;
  for (const x of b) {
    const left = counts.get(x) ?? 0;
    if (left > 0) {
      shared++;
      counts.set(x, left - 1);
    }
  }
  return (2 * shared) / (a.length + b.length);
}
