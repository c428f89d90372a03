import { findPartialDate, type PartialDate } from '@lantai/values';
import { findNumeral } from '../numerals.ts';

/** What a date cell says: a date as far as it is known, none, a day that no calendar has, or nothing that can be read. */
export type ManifestDate = PartialDate | 'none' | 'impossible' | 'unreadable';

const NONE = /^(?:不详|无|无日期|日期不详|未注明|[-—/]+)$/u;
const SIGNS = '〇零○一二三四五六七八九十';
const FORMS = [
  /^(?<y>\d{4})(?:(?<m>\d{2})(?<d>\d{2})?)?$/u,
  /^(?<y>\d{4})年?$/u,
  /^(?<y>\d{4})(?:年|[-./])(?<m>\d{1,2})(?:月|[-./]?$|(?=[-./]))(?:[-./]?(?<d>\d{1,2})日?)?$/u,
  new RegExp(`^(?<y>[${SIGNS}]{4})年(?:(?<m>[${SIGNS}]{1,3})月(?:(?<d>[${SIGNS}]{1,4})日)?)?$`, 'u'),
];

const numberOf = (text: string) => (/^\d+$/.test(text) ? Number(text) : findNumeral(text.replaceAll('○', '〇')));

/**
 * Reads a date as catalogues write them: `19850701`, `1985.7.1`, `1985-07`, `1985年7月`, `一九八五年七月`, `19850700` (day unknown, as older systems
 * write it). Two-digit years are not guessed at. Never completes a date.
 */
export function readManifestDate(text: string): ManifestDate {
  const plain = text.normalize('NFKC').replace(/\s/gu, '');
  if (plain === '' || NONE.test(plain)) return 'none';
  for (const form of FORMS) {
    const { y, m, d } = form.exec(plain)?.groups ?? {};
    if (y !== undefined) return partialOf(numberOf(y), m === undefined ? 0 : numberOf(m), d === undefined ? 0 : numberOf(d));
  }
  return 'unreadable';
}

/** The same where year, month and day have columns of their own. */
export function readDateParts(year: string, month: string, day: string): ManifestDate {
  const parts = [year, month, day].map((t) => t.normalize('NFKC').replace(/[\s年月日]/gu, ''));
  const [y, m, d] = parts.map((t) => (t === '' || NONE.test(t) ? 0 : numberOf(t)));
  if (parts.every((t) => t === '')) return 'none';
  return partialOf(y ?? null, m ?? null, d ?? null);
}

/** 0: not known. A day without its month, or a month without its year, says nothing. */
function partialOf(year: number | null, month: number | null, day: number | null): ManifestDate {
  if (year === null || month === null || day === null || (day > 0 && !month) || !year) return 'unreadable';
  const two = (n: number) => String(n).padStart(2, '0');
  return findPartialDate([String(year), ...(month ? [two(month)] : []), ...(day ? [two(day)] : [])].join('-')) ?? 'impossible';
}
