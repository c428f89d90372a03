import type { ReadChar } from './ctc.ts';
import type { Rect } from './frame.ts';
import { subRect, widthOf } from './lines.ts';
import { oddities } from './numbers.ts';

/** The recogniser looks once per this many pixels of a 48-pixel-high line. */
const STEP_PX = 8;
/** Two equal digits need a look between them: with fewer looks a digit "11" may come out as "1". */
const SAFE_LOOKS = 2.3;
/** How much wider doubtful numbers are read again, in turn, until one reading has nothing against it. */
export const DIGIT_STRETCHES: readonly number[] = [1.35, 2];
/** A digit that only the wider reading sees must be this sure. */
const SURE_INSERTION_01 = 0.9;

/** A digit read less surely than this may hide another. */
const SURE_DIGIT_01 = 0.95;
/** A step this much wider than usual, in characters, leaves room for a digit that was not seen. */
const ROOM_FOR_DIGIT = 0.4;

const PART_OF_NUMBER = /[0-9〇年月日.\-—~/XxOolIgtbiz|元号级]/;
/** What such a run may begin and end with. */
const END_OF_NUMBER = /[0-9〇年月日XxlIg|]/;
const DIGIT = /[0-9]/;

/** A number or date of a line that should be read again. */
export interface DoubtfulNumber {
  /** Index of its first character and after its last. */
  readonly from: number;
  readonly to: number;
  /** Its place on the page. */
  readonly rect: Rect;
  /** Its left and right edge along the line, 0 to 1. */
  readonly left01: number;
  readonly right01: number;
}

/**
 * Numbers and dates of a line that cannot be right (see {@link oddities}) or whose digits stand too close to be told apart at the usual width.
 * @param widthPx of the line's crop
 */
export function doubtfulNumbers(chars: readonly ReadChar[], rect: Rect, widthPx: number): DoubtfulNumber[] {
  const out: DoubtfulNumber[] = [];
  for (let from = 0; from < chars.length; from++) {
    if (!PART_OF_NUMBER.test(chars[from]!.char)) continue;
    let end = from;
    while (end < chars.length && PART_OF_NUMBER.test(chars[end]!.char)) end++;
    let to = end;
    while (from < to && !END_OF_NUMBER.test(chars[from]!.char)) from++;
    while (to > from && !END_OF_NUMBER.test(chars[to - 1]!.char)) to--;
    const run = chars.slice(from, to);
    const digits = run.filter((c) => DIGIT.test(c.char)).length;
    const mayLackDigit = () => looksPerDigit(run, widthPx) < SAFE_LOOKS && (run.some(isUnsure) || hasWideStep(run));
    if (digits >= 2 && (oddities(textOf(run)) > 0 || mayLackDigit())) {
      const left01 = from === 0 ? 0 : edgeBetween(chars[from - 1]!, chars[from]!);
      const right01 = to === chars.length ? 1 : edgeBetween(chars[to - 1]!, chars[to]!);
      if (right01 > left01) out.push({ from, to, rect: subRect(rect, left01 * rect.w, right01 * rect.w), left01, right01 });
    }
    from = end;
  }
  return out;
}

const textOf = (chars: readonly ReadChar[]) => chars.map((c) => c.char).join('');

/** Where one character ends and the next begins: their widths share the way between their middles. */
function edgeBetween(a: ReadChar, b: ReadChar): number {
  return a.at01 + ((b.at01 - a.at01) * widthOf(a.char)) / (widthOf(a.char) + widthOf(b.char));
}

const isUnsure = (c: ReadChar) => DIGIT.test(c.char) && c.confidence01 < SURE_DIGIT_01;

/** True when two neighbours stand further apart than their widths and the pace of the run explain. */
function hasWideStep(run: readonly ReadChar[]): boolean {
  const steps = run.slice(1).map((c, i) => ({ at01: c.at01 - run[i]!.at01, width: (widthOf(run[i]!.char) + widthOf(c.char)) / 2 }));
  const pace = steps.map((s) => s.at01 / s.width).sort((a, b) => a - b)[steps.length >> 1] ?? 0;
  return steps.some((s) => s.at01 > (s.width + ROOM_FOR_DIGIT) * pace);
}

/** True when the wider reading says the same: no still wider one is needed. */
export function isSameNumber(chars: readonly ReadChar[], number: DoubtfulNumber, again: readonly ReadChar[]): boolean {
  const solid = (list: readonly ReadChar[]) => textOf(list.filter((c) => c.char !== ' '));
  return solid(again) === solid(chars.slice(number.from, number.to));
}

/** Looks for a narrow digit, from the closest neighbours of a run. */
function looksPerDigit(run: readonly ReadChar[], widthPx: number): number {
  let least = Number.POSITIVE_INFINITY;
  for (let i = 1; i < run.length; i++) {
    if (!DIGIT.test(run[i]!.char) || !DIGIT.test(run[i - 1]!.char)) continue;
    least = Math.min(least, ((run[i]!.at01 - run[i - 1]!.at01) * widthPx) / STEP_PX);
  }
  return least;
}

/**
 * The line with a number as it was read again, or null when the second reading is no better: it must have fewer oddities, or as few
 * and more digits, all of the first reading's among them and the added ones sure.
 */
export function findBetterNumber(chars: readonly ReadChar[], number: DoubtfulNumber, again: readonly ReadChar[]): ReadChar[] | null {
  const before = chars.slice(number.from, number.to);
  const after = trimToNumber(
    again.filter((c) => c.char !== ' '),
    before,
  );
  const [oddBefore, oddAfter] = [oddities(textOf(before)), oddities(textOf(after))];
  const better =
    oddAfter < oddBefore ? Math.abs(after.length - before.length) <= 3 : oddAfter === oddBefore && addsOnlySureDigits(before, after);
  if (!after.length || !better) return null;
  const span = number.right01 - number.left01;
  const placed = after.map((c) => ({ ...c, at01: number.left01 + c.at01 * span }));
  return [...chars.slice(0, number.from), ...placed, ...chars.slice(number.to)];
}

/** Drops what a neighbour's edge was read as: a number that began or ended with a digit does so again. */
function trimToNumber(again: readonly ReadChar[], before: readonly ReadChar[]): ReadChar[] {
  let from = 0;
  let to = again.length;
  const startsWithDigit = DIGIT.test(before[0]!.char);
  const endsWithDigit = DIGIT.test(before[before.length - 1]!.char);
  while (from < to && (startsWithDigit ? !DIGIT.test(again[from]!.char) : !PART_OF_NUMBER.test(again[from]!.char))) from++;
  while (to > from && (endsWithDigit ? !/[0-9Xx]/.test(again[to - 1]!.char) : !PART_OF_NUMBER.test(again[to - 1]!.char))) to--;
  return again.slice(from, to);
}

function addsOnlySureDigits(before: readonly ReadChar[], after: readonly ReadChar[]): boolean {
  if (after.length <= before.length || after.length > before.length + 2) return false;
  let k = 0;
  for (const c of after) {
    if (k < before.length && c.char === before[k]!.char) k++;
    else if (!DIGIT.test(c.char) || c.confidence01 < SURE_INSERTION_01) return false;
  }
  return k === before.length && DIGIT.test(after[0]!.char) === DIGIT.test(before[0]!.char) && after[0]!.char === before[0]!.char;
}
