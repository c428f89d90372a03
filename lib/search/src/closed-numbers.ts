import { isIdNumber, normaliseIdNumber } from '@lantai/values';
import { type FoldedText, type FoldedUnits, GAP, textOfUnits } from './fold-units.ts';

/** A number that is found by its whole value only (docs/spec/blind-index.md section 3). */
export interface ClosedNumber {
  readonly kind: 'id' | 'phone';
  /** 公民身份号码 in 18 characters, or the digits of a phone number without country code and hyphens. */
  readonly value: string;
  /** For an ID number: its check character is right. A wrong one is a misreading, or an error on the paper. */
  readonly valid: boolean;
  /** Range in the folded units it was found in; after {@link closeNumbers} in the folded text. */
  readonly start: number;
  readonly end: number;
}

/** Noncharacters stand for the digits, X and the ends of a closed number; no source text can hold them. */
const CLOSED_DIGIT = 0xfdd0;
const CLOSED_X = 0xfdda;
const CLOSED_OPEN = 0xfddb;
const CLOSED_END = 0xfddc;

/** True for a unit inside a closed number. */
export const isClosedUnit = (unit: number): boolean => unit >= CLOSED_DIGIT && unit <= CLOSED_END;

const ZERO = 0x30;
const HYPHEN = 0x2d;
const LOWER_X = 0x78;
const isDigit = (unit: number | undefined): boolean => unit !== undefined && unit >= ZERO && unit <= 0x39;
const isLatin = (unit: number | undefined): boolean => unit !== undefined && unit >= 0x61 && unit <= 0x7a;

const inDay = (month: number, day: number) => month >= 1 && month <= 12 && day >= 1 && day <= 31;

/** True when 18 characters hold a date of birth where an ID number has it: 1880–2039. */
export function hasIdDate(text: string): boolean {
  const year = Number(text.slice(6, 10));
  return year >= 1880 && year < 2040 && inDay(Number(text.slice(10, 12)), Number(text.slice(12, 14)));
}

/** A run of digits; its end takes in the X of an ID number. */
interface Run {
  readonly start: number;
  readonly end: number;
}

/** A run with its text, and one gap for each character of it. */
interface RunText extends Run {
  readonly text: string;
  readonly gaps: Uint8Array;
}

/** Shorter runs are part of a closed number only beside a hyphen. */
const CLOSED_LENGTH_MIN = 10;

/** Whether an x behind these digits is the check character of an ID number, whole or with its first digits lost. */
const mayEndInX = (digits: string): boolean => digits.length >= 17 || (digits.length >= 11 && hasIdDate(`000000${digits.slice(-11)}X`));

function findRuns({ units, length, gaps }: FoldedUnits): Run[] {
  const runs: Run[] = [];
  for (let at = 0; at < length; ) {
    if (!isDigit(units[at])) {
      at++;
      continue;
    }
    const start = at;
    while (at < length && isDigit(units[at])) at++;
    if (at < length && units[at] === LOWER_X && mayEndInX(textOfUnits(units.subarray(start, at), at - start))) {
      const after = at + 1 < length && gaps[at + 1] === GAP.none ? units[at + 1] : undefined;
      if (!isLatin(after) && !isDigit(after)) at++;
    }
    runs.push({ start, end: at });
  }
  return runs;
}

const runText = ({ start, end }: Run, { units, gaps }: FoldedUnits): RunText => ({
  start,
  end,
  text: textOfUnits(units.subarray(start, end), end - start).toUpperCase(),
  gaps: gaps.subarray(start, end),
});

type Found = Omit<ClosedNumber, 'start' | 'end'> & { readonly length: number };

/** Where spaces may stand in a mobile number: nowhere, as 3-4-4, or a box for each digit. Others are columns of a table. */
function isMobileSpacing(gaps: Uint8Array): boolean {
  const spaced = [...gaps.keys()].filter((i) => i > 0 && gaps[i] !== GAP.none);
  if (spaced.some((i) => gaps[i] === GAP.line)) return false;
  return spaced.length === 0 || spaced.length === gaps.length - 1 || (spaced.length === 2 && spaced[0] === 3 && spaced[1] === 7);
}

/** A number at `from` that ends at the run's end or before a gap. */
function numberAt(run: RunText, from: number): Found | null {
  const text = run.text.slice(from);
  const ends = (length: number) => text.length === length || (text.length > length && run.gaps[from + length] !== GAP.none);
  const id = text.slice(0, 18);
  // A right check character allows spaces and line ends inside (a box for each digit, a number broken across lines).
  if (id.length === 18 && ends(18) && hasIdDate(id)) {
    if (isIdNumber(id)) return { kind: 'id', value: id, valid: true, length: 18 };
    // Each digit in a box of its own is an ID number too, misread.
    if (id[0] !== '0' && run.gaps.subarray(from + 1, from + 18).every((gap) => gap !== GAP.none))
      return { kind: 'id', value: id, valid: false, length: 18 };
  }
  const country = /^86(?=1[3-9]\d{9})/.test(text) ? 2 : 0;
  const mobile = text.slice(country, country + 11);
  if (/^1[3-9]\d{9}$/.test(mobile) && ends(country + 11) && isMobileSpacing(run.gaps.subarray(from + country, from + country + 11)))
    return { kind: 'phone', value: mobile, valid: true, length: country + 11 };
  let unbroken = 1;
  while (from + unbroken < run.text.length && run.gaps[from + unbroken] === GAP.none) unbroken++;
  return numberOfPiece(text.slice(0, unbroken));
}

/** A number that is a whole unbroken piece of a run. */
function numberOfPiece(piece: string): Found | null {
  const length = piece.length;
  if (length === 18 && piece[0] !== '0' && hasIdDate(piece)) return { kind: 'id', value: piece, valid: false, length };
  if (/^[1-9]\d{14}$/.test(piece) && inDay(Number(piece.slice(8, 10)), Number(piece.slice(10, 12))))
    return { kind: 'id', value: normaliseIdNumber(piece), valid: true, length };
  if (/^0[1-9]\d{8,10}$/.test(piece)) return { kind: 'phone', value: piece, valid: true, length };
  return null;
}

/** A valid ID number anywhere in an unbroken longer run, as when a reader joined two cells. */
function numberInside(run: RunText, from: number): Found | null {
  const id = run.text.slice(from, from + 18);
  if (id.length < 18 || !isIdNumber(id) || !hasIdDate(id) || id[0] === '0' || id[0] === '9') return null;
  for (let i = from + 1; i < from + 18; i++) if (run.gaps[i] !== GAP.none) return null;
  return { kind: 'id', value: id, valid: true, length: 18 };
}

function numbersOfRun(run: RunText): ClosedNumber[] {
  const found: ClosedNumber[] = [];
  const free: [number, number][] = [];
  let freeFrom = 0;
  for (let at = 0; at < run.text.length; ) {
    const number = at === 0 || run.gaps[at] !== GAP.none ? numberAt(run, at) : null;
    if (!number) {
      at++;
      continue;
    }
    const { length, ...rest } = number;
    free.push([freeFrom, at]);
    found.push({ ...rest, start: run.start + at, end: run.start + at + length });
    at += length;
    freeFrom = at;
  }
  free.push([freeFrom, run.text.length]);
  for (const [from, to] of free) {
    for (let at = from; at + 18 <= to; ) {
      const number = numberInside(run, at);
      if (number) found.push({ kind: 'id', value: number.value, valid: true, start: run.start + at, end: run.start + at + 18 });
      at += number ? 18 : 1;
    }
  }
  return found;
}

/** Phone numbers written with hyphens, beginning with run `i`: `010-82345678`, `138-0013-8000`. */
function hyphenatedNumber(runs: readonly Run[], i: number, folded: FoldedUnits): ClosedNumber | null {
  const { units, gaps } = folded;
  const first = runs[i]!;
  if (units[first.end] !== HYPHEN || first.end - first.start > 4) return null;
  const joined = (n: number) => {
    for (let k = i; k < i + n - 1; k++) {
      const [a, b] = [runs[k]!, runs[k + 1]];
      if (!b || b.start !== a.end + 1 || units[a.end] !== HYPHEN || gaps[a.end] === GAP.line || gaps[b.start] === GAP.line) return null;
    }
    return runs.slice(i, i + n).map((r) => runText(r, folded).text);
  };
  const number = (parts: string[], end: number): ClosedNumber => ({
    kind: 'phone',
    value: parts.join(''),
    valid: true,
    start: first.start,
    end,
  });
  const two = joined(2);
  if (two && /^0\d{2,3}$/.test(two[0]!) && /^\d{7,8}$/.test(two[1]!)) return number(two, runs[i + 1]!.end);
  const three = joined(3);
  if (three && /^1[3-9]\d$/.test(three[0]!) && three[1]!.length === 4 && three[2]!.length === 4) return number(three, runs[i + 2]!.end);
  return null;
}

/** Finds the numbers to close, in order, none overlapping another. */
export function findClosedNumbers(folded: FoldedUnits): ClosedNumber[] {
  const runs = findRuns(folded);
  const found: ClosedNumber[] = [];
  for (let i = 0; i < runs.length; ) {
    const run = runs[i]!;
    const hyphenated = hyphenatedNumber(runs, i, folded);
    if (hyphenated) {
      found.push(hyphenated);
      while (i < runs.length && runs[i]!.start < hyphenated.end) i++;
      continue;
    }
    if (run.end - run.start >= CLOSED_LENGTH_MIN) found.push(...numbersOfRun(runText(run, folded)));
    i++;
  }
  return found.sort((a, b) => a.start - b.start);
}

/** Replaces each number by its closed form. Every unit of a closed number has the whole number as its source range. */
export function closeNumbers(folded: FoldedUnits, numbers: readonly ClosedNumber[]): FoldedText & { numbers: readonly ClosedNumber[] } {
  const { units, length, starts, ends } = folded;
  if (!numbers.length)
    return { text: textOfUnits(units, length), starts: starts.subarray(0, length), ends: ends.subarray(0, length), numbers };
  const total = numbers.reduce((sum, n) => sum + n.value.length + 2 - (n.end - n.start), length);
  const out = { units: new Uint16Array(total), starts: new Int32Array(total), ends: new Int32Array(total) };
  const placed: ClosedNumber[] = [];
  let from = 0;
  let at = 0;
  const copy = (to: number) => {
    out.units.set(units.subarray(from, to), at);
    out.starts.set(starts.subarray(from, to), at);
    out.ends.set(ends.subarray(from, to), at);
    at += to - from;
  };
  for (const number of numbers) {
    copy(number.start);
    const start = at;
    out.units[at++] = CLOSED_OPEN;
    for (const char of number.value) out.units[at++] = char === 'X' ? CLOSED_X : CLOSED_DIGIT + Number(char);
    out.units[at++] = CLOSED_END;
    out.starts.fill(starts[number.start]!, start, at);
    out.ends.fill(ends[number.end - 1]!, start, at);
    placed.push({ ...number, start, end: at });
    from = number.end;
  }
  copy(length);
  return { text: textOfUnits(out.units, total), starts: out.starts, ends: out.ends, numbers: placed };
}
