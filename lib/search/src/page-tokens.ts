import { isClosedUnit } from './closed-numbers.ts';
import type { FoldedPage } from './page-text.ts';
import { type IndexCipher, TAG, TokenBatch } from './tokens.ts';

/** `value` with one place left open, for each place: two numbers that differ in one place share exactly one of these. */
export const nearForms = (value: string): string[] => Array.from(value, (_, i) => `${value.slice(0, i)}*${value.slice(i + 1)}`);

/** `value` with one place left out, each result once. */
export const shortForms = (value: string): string[] => [...new Set(Array.from(value, (_, i) => value.slice(0, i) + value.slice(i + 1)))];

/** Adds every pair of neighbours of a folded text; a closed number parts what stands before it from what stands behind. */
export function addPairs(batch: TokenBatch, points: Int32Array, options: ReadonlyMap<number, readonly number[]>): void {
  for (let i = 0; i + 1 < points.length; i++) {
    const [first, second] = [points[i]!, points[i + 1]!];
    if (isClosedUnit(first) || isClosedUnit(second)) continue;
    batch.pair(first, second);
    const [firsts, seconds] = [options.get(i), options.get(i + 1)];
    if (!firsts && !seconds) continue;
    for (const a of [first, ...(firsts ?? [])])
      for (const b of [second, ...(seconds ?? [])]) if (a !== first || b !== second) batch.pair(a, b);
  }
}

/** The tokens of what a page says, sorted and each once. The place it is filed under comes from `tokensOfFacets`. */
export function tokensOfPage(cipher: IndexCipher, page: FoldedPage): Int32Array {
  const batch = new TokenBatch();
  addPairs(batch, page.points, page.options);
  for (const number of page.folded.numbers) {
    batch.value(number.kind === 'id' ? TAG.idNumber : TAG.phone, number.value, cipher);
    // A number whose check character is right is nobody's misreading, so only wrong ones are found by their neighbours.
    if (!number.valid) for (const form of nearForms(number.value)) batch.value(TAG.idNumberNear, form, cipher);
  }
  for (const { value } of page.possibleNumbers) batch.value(TAG.idNumber, value, cipher);
  for (const { value } of page.shortNumbers) batch.value(TAG.idNumberShort, value, cipher);
  return batch.tokenSet(cipher);
}
