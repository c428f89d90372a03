import { isIdNumber } from '@lantai/values';
import { type ClosedNumber, hasIdDate } from './closed-numbers.ts';
import type { FoldedText, FoldedUnits } from './fold-units.ts';

/** A value and the range of the source where it may stand. */
export interface NumberRange {
  readonly value: string;
  readonly start: number;
  readonly end: number;
}

/** What a reader makes of a digit; folded, so lower case. */
const LOOKS_LIKE: Readonly<Record<string, string>> = {
  o: '0',
  d: '0',
  q: '0',
  〇: '0',
  l: '1',
  i: '1',
  '|': '1',
  '!': '1',
  z: '2',
  s: '5',
  b: '8',
  g: '9',
};
const ID_LENGTH = 18;
/** So many of the 18 must be digits in the text itself. */
const OWN_DIGITS_MIN = 14;
const COMBINATIONS_MAX = 256;

/** Units that may be part of a number without the reader saying so. */
const MAY_BE_DIGIT = new Uint8Array(0x10000);
for (const char of [...'0123456789x', ...Object.keys(LOOKS_LIKE)]) MAY_BE_DIGIT[char.charCodeAt(0)] = 1;

/** For one unit the digits (or X) it may be, its own first. */
function choicesOf(char: string, options: readonly string[] | undefined): string[] {
  const own = /[\dx]/.test(char) ? char : LOOKS_LIKE[char];
  const all = [...(own ? [own] : []), ...(options ?? []).filter((o) => /^[\dx]$/.test(o))];
  return [...new Set(all.map((c) => c.toUpperCase()))];
}

/** Every ID number with a right check character and a date among the choices of 18 places. */
function validNumbers(choices: readonly string[][]): string[] {
  let heads = [''];
  for (const [i, place] of choices.entries()) {
    const usable = i < ID_LENGTH - 1 ? place.filter((c) => c !== 'X') : place;
    heads = heads.flatMap((head) => usable.map((c) => head + c));
    if (heads.length > COMBINATIONS_MAX) return [];
  }
  return heads.filter((text) => isIdNumber(text) && hasIdDate(text));
}

/** Runs of units each of which may be a digit, long enough for an ID number. */
function findDoubtfulRuns({ units, length }: FoldedUnits, options: ReadonlyMap<number, readonly string[]>): [number, number][] {
  const runs: [number, number][] = [];
  let start = 0;
  for (let i = 0; i <= length; i++) {
    if (i < length && (MAY_BE_DIGIT[units[i]!] === 1 || (options.size > 0 && options.has(i)))) continue;
    if (i - start >= ID_LENGTH) runs.push([start, i]);
    start = i + 1;
  }
  return runs;
}

/**
 * ID numbers that a doubtful run may be: by the reader's other candidates, and by letters that look like digits.
 * The check character guards it: of ten wrong guesses it lets one pass, and only a query for that very number would show it.
 */
export function findPossibleNumbers(
  folded: FoldedUnits,
  options: ReadonlyMap<number, readonly string[]>,
  closed: readonly ClosedNumber[],
): NumberRange[] {
  const found: NumberRange[] = [];
  const { units, starts, ends } = folded;
  for (const [runStart, runEnd] of findDoubtfulRuns(folded, options)) {
    const places = Array.from({ length: runEnd - runStart }, (_, i) => {
      const char = String.fromCharCode(units[runStart + i]!);
      return { own: /\d/.test(char), choices: choicesOf(char, options.get(runStart + i)) };
    });
    for (let at = 0; at + ID_LENGTH <= places.length; at++) {
      const window = places.slice(at, at + ID_LENGTH);
      if (window.some((c) => !c.choices.length) || window.filter((c) => c.own).length < OWN_DIGITS_MIN) continue;
      if (window.every((c) => c.own && c.choices.length === 1)) continue;
      const from = runStart + at;
      if (closed.some((n) => n.valid && n.start < from + ID_LENGTH && n.end > from)) continue;
      for (const value of validNumbers(window.map((c) => c.choices)))
        found.push({ value, start: starts[from]!, end: ends[from + ID_LENGTH - 1]! });
    }
  }
  return found;
}

/** Digits of an ID number from the date of birth on: what is left when a reader lost the first ones. */
export const ID_TAIL = 12;

/**
 * Open runs that may be an ID number short of digits: of 17 with a date of birth where a number has it that lost one digit before or behind it,
 * or of 12 to 17 that end as an ID number does, its first digits lost.
 */
export function findShortNumbers({ text, starts, ends }: FoldedText): NumberRange[] {
  const found: NumberRange[] = [];
  for (const match of text.matchAll(/(?<!\d)\d{11,16}[\dx](?![\da-z])/g)) {
    const value = match[0].toUpperCase();
    const lostOne = value.length === ID_LENGTH - 1 && (hasIdDate(`0${value}`) || hasIdDate(`${value}0`));
    if (lostOne || hasIdDate(`000000${value.slice(-ID_TAIL)}`))
      found.push({ value, start: starts[match.index]!, end: ends[match.index + value.length - 1]! });
  }
  return found;
}

/** Whether `short` may be `value` with digits lost: one anywhere, or some of the first six. */
export function isShortOf(short: string, value: string): boolean {
  if (short.length >= value.length || value.length !== ID_LENGTH) return false;
  let at = 0;
  for (const char of value) if (short[at] === char) at++;
  if (at < short.length) return false;
  return short.length === ID_LENGTH - 1 || short.endsWith(value.slice(-ID_TAIL));
}
