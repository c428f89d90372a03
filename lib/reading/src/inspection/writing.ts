import type { ReadingLine } from '../reading.ts';

/** A hole or the rim of a stain may be read as a letter; a page number alone makes no written face either. */
const LEAST_CHARACTERS = 2;
const LEAST_CONFIDENCE_01 = 0.6;

/** How many lines of a reading are writing for sure: `lineCount` of the page to be judged. */
export function countWriting(lines: readonly Pick<ReadingLine, 'text' | 'confidence01'>[]): number {
  return lines.filter(
    ({ text, confidence01 }) => confidence01 >= LEAST_CONFIDENCE_01 && (text.match(/[\p{L}\p{N}]/gu)?.length ?? 0) >= LEAST_CHARACTERS,
  ).length;
}
