import { addGrams } from './grams.ts';
import type { FoldedPage } from './page-text.ts';
import { ID_TAIL } from './possible-numbers.ts';
import { type IndexCipher, TAG, TokenBatch } from './tokens.ts';

const SHORT_LENGTH = 17;

/** `value` with one place left open, for each place: two numbers that differ in one place share exactly one of these. */
export const nearForms = (value: string): string[] => Array.from(value, (_, i) => `${value.slice(0, i)}*${value.slice(i + 1)}`);

/** `value` with one place left out, each result once. */
export const shortForms = (value: string): string[] => [...new Set(Array.from(value, (_, i) => value.slice(0, i) + value.slice(i + 1)))];

/** The tokens of what a page says, sorted and each once. The place it is filed under comes from `tokensOfFacets`. */
export function tokensOfPage(cipher: IndexCipher, page: FoldedPage): Int32Array {
  const batch = new TokenBatch(2 * page.points.length);
  addGrams(batch, page.points, page.options);
  for (const number of page.folded.numbers) {
    batch.value(number.kind === 'id' ? TAG.idNumber : TAG.phone, number.value, cipher);
    // A number whose check character is right is nobody's misreading, so only wrong ones are found by their neighbours.
    if (!number.valid) for (const form of nearForms(number.value)) batch.value(TAG.idNumberNear, form, cipher);
  }
  for (const { value } of page.possibleNumbers) batch.value(TAG.idNumber, value, cipher);
  for (const { value } of page.shortNumbers) {
    if (value.length === SHORT_LENGTH) batch.value(TAG.idNumberShort, value, cipher);
    batch.value(TAG.idNumberTail, value.slice(-ID_TAIL), cipher);
  }
  return batch.tokenSet(cipher);
}
