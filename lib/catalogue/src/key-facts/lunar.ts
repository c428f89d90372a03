import type { PartialDate } from '@lantai/values';
import { findNumeral } from '../numerals.ts';
import { FIRST_LUNAR_DAY, FIRST_LUNAR_YEAR, LUNAR_YEARS } from './lunar-years.data.ts';
import { type MonthSpan, spanOfDate, spansMeet } from './months.ts';

/** A date of the lunar calendar (农历). */
export interface LunarDate {
  readonly year: number;
  readonly month: number;
  readonly isLeap: boolean;
  /** Null: not said. */
  readonly day: number | null;
}

interface LunarMonth {
  readonly month: number;
  readonly isLeap: boolean;
  readonly days: number;
}

const YEARS = LUNAR_YEARS.split(' ').map((text) => Number.parseInt(text, 16));
const DAY_MS = 86_400_000;

/** The months of a lunar year in their order; null outside 1900–2050. */
function findMonths(year: number): LunarMonth[] | null {
  const bits = YEARS[year - FIRST_LUNAR_YEAR];
  if (bits === undefined) return null;
  const leap = bits & 15;
  const months: LunarMonth[] = [];
  for (let month = 1; month <= 12; month++) {
    months.push({ month, isLeap: false, days: (bits >> (16 - month)) & 1 ? 30 : 29 });
    if (month === leap) months.push({ month, isLeap: true, days: (bits >> 16) & 1 ? 30 : 29 });
  }
  return months;
}

const daysOf = (months: readonly LunarMonth[]): number => months.reduce((days, m) => days + m.days, 0);
const solarOf = (epochDay: number): Required<PartialDate> => {
  const date = new Date(epochDay * DAY_MS);
  return { year: date.getUTCFullYear(), month: date.getUTCMonth() + 1, day: date.getUTCDate() };
};

/**
 * The solar days a lunar date covers: one, or its whole month where the day is not said.
 * @returns null outside 1900–2050, or where there is no such month or day
 */
export function solarDaysOfLunar({
  year,
  month,
  isLeap,
  day,
}: LunarDate): { first: Required<PartialDate>; last: Required<PartialDate> } | null {
  const months = findMonths(year);
  const at = months?.findIndex((m) => m.month === month && m.isLeap === isLeap) ?? -1;
  const found = months?.[at];
  if (!months || !found || (day !== null && (day < 1 || day > found.days))) return null;
  let epochDay = FIRST_LUNAR_DAY;
  for (let y = FIRST_LUNAR_YEAR; y < year; y++) epochDay += daysOf(findMonths(y) ?? []);
  epochDay += daysOf(months.slice(0, at));
  return { first: solarOf(epochDay + (day ?? 1) - 1), last: solarOf(epochDay + (day ?? found.days) - 1) };
}

/** The lunar date of a solar day; null outside the table. The inverse of {@link solarDaysOfLunar}. */
export function lunarOfSolarDay({ year, month, day }: Required<PartialDate>): (LunarDate & { readonly day: number }) | null {
  let left = Math.round(Date.UTC(year, month - 1, day) / DAY_MS) - FIRST_LUNAR_DAY;
  if (left < 0) return null;
  for (let y = FIRST_LUNAR_YEAR; ; y++) {
    const months = findMonths(y);
    if (!months) return null;
    for (const m of months) {
      if (left < m.days) return { year: y, month: m.month, isLeap: m.isLeap, day: left + 1 };
      left -= m.days;
    }
  }
}

const MONTH_NAMES: Readonly<Record<string, number>> = { 正: 1, 冬: 11, 腊: 12 };
const WRITTEN =
  /([\d〇○零一二三四五六七八九十]{2,4})年(闰)?([\d一二三四五六七八九十]{1,2}|正|冬|腊)月(?:份)?((?:初|廿|卅)?[\d一二三四五六七八九十]{0,3})/u;
/** A year of two digits from here on is of the nineteenth hundred, as dates of pages are read. */
const CENTURY_TURN = 30;

/** A lunar date out of the words of a page (农历一九七八年腊月初八); null when they hold none. */
export function readLunarDate(written: string): LunarDate | null {
  const match = WRITTEN.exec(written.normalize('NFKC').replace(/\s/g, ''));
  if (!match) return null;
  const [, y = '', leap, m = '', d = ''] = match;
  const number = findNumeral(y);
  const month = MONTH_NAMES[m] ?? findNumeral(m);
  if (number === null || month === null || month < 1 || month > 12) return null;
  const year = number >= 100 ? number : number >= CENTURY_TURN ? 1900 + number : 2000 + number;
  const day =
    d === ''
      ? null
      : findNumeral(
          d
            .replace('初', '')
            .replace(/廿(?=.)/u, '二十')
            .replace(/卅(?=.)/u, '三十')
            .replace('廿', '二十')
            .replace('卅', '三十'),
        );
  return { year, month, isLeap: leap !== undefined, day };
}

/** The solar months a lunar date may lie in. */
export function monthsOfLunar(date: LunarDate): MonthSpan | null {
  const solar = solarDaysOfLunar(date);
  return solar && { from: spanOfDate(solar.first).from, to: spanOfDate(solar.last).to };
}

/**
 * Whether two dates that differ are one: one of them read as lunar gives the other. Both need a month; where the day is missing the whole month
 * counts, which then means two solar months. Source: domain rules §3.1 (解释性不一致).
 */
export function differByCalendar(a: PartialDate, b: PartialDate): boolean {
  return isLunarOf(a, b) || isLunarOf(b, a);
}

function isLunarOf(lunar: PartialDate, solar: PartialDate): boolean {
  if (lunar.month === undefined || solar.month === undefined) return false;
  const wanted = spanOfDate(solar);
  return [false, true].some((isLeap) => {
    const found = monthsOfLunar({ year: lunar.year, month: lunar.month ?? 0, isLeap, day: lunar.day ?? null });
    return found !== null && spansMeet(found, wanted);
  });
}
