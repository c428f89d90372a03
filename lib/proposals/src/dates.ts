import { findNumeral } from '@lantai/catalogue';
import { findPartialDate, formatPartialDate, type PartialDate } from '@lantai/values';

/** A date found in a text, as written and as read. */
export interface FoundDate {
  /** UTF-16 offsets in the text. */
  readonly start: number;
  readonly end: number;
  readonly written: string;
  /** Null when what is written is no day of the calendar (1982-02-30) or stands in the lunar one. */
  readonly date: PartialDate | null;
  /** What is wrong or special: `not_a_date`; `lunar`; `two_digit_year` when the century was supplied; `era` for 民国. */
  readonly flags: readonly ('not_a_date' | 'lunar' | 'two_digit_year' | 'era')[];
}

/** Digits as written and as readers take them: 11 read as Ⅱ, 1 as I or l, 〇 as O. */
const N = '[\\dⅠⅡIlOo〇○零一二三四五六七八九十]';
const S = '\\s*';
const FORMS: readonly RegExp[] = [
  // 一九七八年七月三日, 1978年7月, 83年7月, 民国三十七年五月, and with the sign of the day lost
  new RegExp(
    `(?<era>民国)?${S}(?<y>${N}{2,4}|元)${S}年${S}(?<m>${N}{1,2}|${N}{1,3}|正|腊|冬)${S}月(?:份|${S}(?<d>(?:初|廿|卅)?${N}{1,3})(?:${S}日|号)?)?`,
    'gu',
  ),
  /(?<![\d.])(?<y>(?:18|19|20)\d{2})\s*[-./·,]\s*(?<m>\d{1,2})(?:\s*[-./·,]\s*(?<d>\d{1,2}))?(?![\d])/gu,
  // 年 misread as another character
  /(?<!\d)(?<y>(?:19|20)\d{2})\D(?<m>1[0-2]|0?[1-9])\s*月(?:\s*(?<d>\d{1,2})\s*日)?/gu,
  /(?<!\d)(?<y>(?:19|20)\d{2})(?<m>0[1-9]|1[0-2])(?<d>[0-3]\d)?(?!\d)/gu,
  /(?<![\d.])(?<y>\d{2})\s*[.,·]\s*(?<m>1[0-2]|0?[1-9])(?:\s*[.,·]\s*(?<d>[12]\d|3[01]|0?[1-9]))?(?![\d.元])/gu,
  new RegExp(`(?<era>民国)?${S}(?<y>${N}{4}|(?<=民国${S})${N}{1,3})${S}年(?!${S}${N}{1,3}${S}月)`, 'gu'),
];
const MONTH_NAMES: Readonly<Record<string, number>> = { 正: 1, 冬: 11, 腊: 12 };
const LUNAR = /(?:农历|阴历|旧历|夏历)[(（:：]?\s*$/u;
const LUNAR_DAY = /初|廿|卅/u;
/** A year of two digits from here on is of the nineteenth hundred. */
const CENTURY_TURN = 30;

function numeral(text: string): number | null {
  const plain = text.replace(/\s/g, '').replaceAll('Ⅱ', '11').replace(/[ⅠIl]/g, '1').replace(/[○Oo]/g, '〇');
  // 二〇00年: one numeral written in two scripts.
  const isMixed = /\d/.test(plain) && /[〇零一二三四五六七八九]/.test(plain);
  return findNumeral(isMixed ? [...plain].map((c) => findNumeral(c) ?? c).join('') : plain);
}

function yearOf(text: string, era: boolean): { year: number; guessed: boolean } | null {
  const n = text === '元' ? 1 : numeral(text);
  if (n === null) return null;
  if (era) return { year: 1911 + n, guessed: false };
  // The first half of a year that was broken over two lines.
  if (/^(?:一九|二〇|二零|二○)$/.test(text)) return null;
  if (n >= 100) return { year: n, guessed: false };
  return { year: n >= CENTURY_TURN ? 1900 + n : 2000 + n, guessed: true };
}

function readMatch(match: RegExpExecArray, before: string): FoundDate | null {
  const { y = '', m, d, era } = match.groups ?? {};
  const year = yearOf(y, era !== undefined);
  if (!year) return null;
  const start = match.index + (match[0].length - match[0].trimStart().length);
  const end = match.index + match[0].trimEnd().length;
  const lunar = LUNAR.test(before) || (m !== undefined && m in MONTH_NAMES) || (d !== undefined && LUNAR_DAY.test(d));
  const month = m === undefined ? undefined : (MONTH_NAMES[m] ?? numeral(m) ?? 0);
  const day = d === undefined ? undefined : (numeral(d.replace(/初/, '').replace(/廿/, '二十').replace(/卅/, '三十')) ?? 0);
  const two = (n: number) => String(n).padStart(2, '0');
  const iso = [String(year.year), ...(month === undefined ? [] : [two(month)]), ...(day === undefined ? [] : [two(day)])].join('-');
  const date = lunar ? null : findPartialDate(iso);
  const flags: FoundDate['flags'][number][] = [
    ...(lunar ? (['lunar'] as const) : date ? [] : (['not_a_date'] as const)),
    ...(year.guessed ? (['two_digit_year'] as const) : []),
    ...(era === undefined ? [] : (['era'] as const)),
  ];
  return { start, end, written: match.input.slice(start, end), date, flags };
}

/**
 * The dates of a text in the order in which they stand: 1978年7月3日, 一九七八年七月, 1978.07, 1978-07-03, 197807, 83.7, 民国三十七年, 农历….
 * Of forms that overlap the one that says most wins. What only looks like a date (1982-02-30) is found and flagged.
 */
export function findDates(text: string): FoundDate[] {
  const plain = text.replace(/[０-９．－／]/g, (c) => c.normalize('NFKC'));
  const found: FoundDate[] = [];
  for (const form of FORMS) {
    for (const match of plain.matchAll(form)) {
      const date = readMatch(match as RegExpExecArray, plain.slice(Math.max(0, match.index - 6), match.index));
      if (!date || found.some((f) => date.start < f.end && f.start < date.end)) continue;
      found.push({ ...date, written: text.slice(date.start, date.end) });
    }
  }
  return found.sort((a, b) => a.start - b.start);
}

/** The only date of a text that holds nothing else of weight; null when there is none or more than one. */
export function findSoleDate(text: string): FoundDate | null {
  const dates = findDates(text);
  return dates.length === 1 ? dates[0]! : null;
}

/** As catalogues write it; the words of the page when it is no date of the calendar. */
export const dateValue = (found: FoundDate): string => (found.date ? formatPartialDate(found.date) : found.written.replace(/\s/g, ''));
