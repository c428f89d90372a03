import { type ClosedNumber, closeNumbers, findClosedNumbers } from './closed-numbers.ts';
import { type FoldedText, foldUnits, withFoldedUnits } from './fold-units.ts';

/** A text as it is indexed and searched. Source: docs/spec/blind-index.md section 2. */
export interface Folded extends FoldedText {
  readonly numbers: readonly ClosedNumber[];
}

/**
 * Folds a text: NFKC, full width, case, 繁 → 简, look-alikes; white space and line ends removed, so that a word is found across them;
 * ID and phone numbers closed, so that they are found whole or not at all. Lines are joined by `\n`.
 * Folding a folded text that has no closed number changes nothing.
 */
export function foldText(source: string): Folded {
  const units = foldUnits(source);
  const numbers = findClosedNumbers(units);
  return closeNumbers(units, numbers);
}

/** The text of {@link foldText} alone, for testing many texts: nothing but the string is made. */
export const foldedText = (source: string): string =>
  withFoldedUnits(source, (units) => closeNumbers(units, findClosedNumbers(units)).text);
