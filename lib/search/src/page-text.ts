import { closeNumbers, findClosedNumbers, isClosedUnit } from './closed-numbers.ts';
import type { Folded } from './fold.ts';
import { foldCharacter, foldUnits } from './fold-units.ts';
import { findPossibleNumbers, findShortNumbers, type NumberRange } from './possible-numbers.ts';

/** A line of a reading, as far as search looks at it. */
export interface TextLine {
  readonly text: string;
  /** Uncertain characters; `at` counts UTF-16 units of `text`. */
  readonly candidates?: readonly { readonly at: number; readonly options: readonly { readonly char: string }[] }[];
}

/** A page ready to be indexed or matched, what the reader was unsure of included. */
export interface FoldedPage {
  readonly folded: Folded;
  /** The folded text by code points, and the UTF-16 offset of each. */
  readonly points: Int32Array;
  readonly offsets: Int32Array;
  /** By index into `points`: the other code points that may stand there. */
  readonly options: ReadonlyMap<number, readonly number[]>;
  /** ID numbers that an uncertain run of digits may be, each with a right check character. Ranges of the source. */
  readonly possibleNumbers: readonly NumberRange[];
  /** Runs that look like an ID number short of digits. Ranges of the source. */
  readonly shortNumbers: readonly NumberRange[];
}

/** The text of a page as readings store it, and as every source offset counts: its lines joined by one line feed. */
export const joinLines = (lines: readonly { readonly text: string }[]): string => lines.map((l) => l.text).join('\n');

/** Code points of a folded text and where each begins. */
export function pointsOf(text: string): { points: Int32Array; offsets: Int32Array } {
  const points = new Int32Array(text.length);
  const offsets = new Int32Array(text.length);
  let count = 0;
  for (let at = 0; at < text.length; count++) {
    const point = text.codePointAt(at)!;
    points[count] = point;
    offsets[count] = at;
    at += point > 0xffff ? 2 : 1;
  }
  return { points: points.subarray(0, count), offsets: offsets.subarray(0, count) };
}

/** Folded options by source offset; only characters that fold to exactly one other code point can stand in for one. */
function sourceOptions(lines: readonly TextLine[]): Map<number, string[]> {
  const found = new Map<number, string[]>();
  let lineStart = 0;
  for (const line of lines) {
    for (const { at, options } of line.candidates ?? []) {
      const chars = options.map((o) => foldCharacter(o.char)).filter((char) => char !== null);
      if (chars.length) found.set(lineStart + at, [...new Set(chars)]);
    }
    lineStart += line.text.length + 1;
  }
  return found;
}

/** The first index at which a sorted array is not below `value`. */
function firstAt(sorted: Int32Array, value: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle]! < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** By unit of a folded text: the options whose source character begins there (an expanded character, ㎡ → m2, at its first unit). */
function optionsByUnit(starts: Int32Array, bySource: ReadonlyMap<number, string[]>): Map<number, string[]> {
  const found = new Map<number, string[]>();
  for (const [source, options] of bySource) {
    const unit = firstAt(starts, source);
    if (starts[unit] === source) found.set(unit, options);
  }
  return found;
}

/** Options of the code points outside closed numbers. */
function optionsByPoint(
  folded: Folded,
  points: Int32Array,
  offsets: Int32Array,
  bySource: ReadonlyMap<number, string[]>,
): Map<number, number[]> {
  const found = new Map<number, number[]>();
  for (const [unit, chars] of optionsByUnit(folded.starts, bySource)) {
    const at = firstAt(offsets, unit);
    if (offsets[at] !== unit || isClosedUnit(points[at]!)) continue;
    const others = chars.map((char) => char.codePointAt(0)!).filter((point) => point !== points[at]);
    if (others.length) found.set(at, others);
  }
  return found;
}

/** Folds the lines of a reading. */
export function foldLines(lines: readonly TextLine[]): FoldedPage {
  const units = foldUnits(joinLines(lines));
  const numbers = findClosedNumbers(units);
  const folded: Folded = closeNumbers(units, numbers);
  const { points, offsets } = pointsOf(folded.text);
  const bySource = sourceOptions(lines);
  return {
    folded,
    points,
    offsets,
    options: optionsByPoint(folded, points, offsets, bySource),
    possibleNumbers: findPossibleNumbers(units, optionsByUnit(units.starts.subarray(0, units.length), bySource), numbers),
    shortNumbers: findShortNumbers(folded),
  };
}
