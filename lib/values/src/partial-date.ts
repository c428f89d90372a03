import { ArchiveError } from './errors.ts';

/** A calendar date known to the year, month or day. Never a JavaScript `Date`. Year 1800–2999. */
export interface PartialDate {
  readonly year: number;
  readonly month?: number;
  readonly day?: number;
}

const daysIn = (year: number, month: number) =>
  month === 2 ? (year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28) : [4, 6, 9, 11].includes(month) ? 30 : 31;

/** Parses `1978`, `1978-07` or `1978-07-03`; null when it is none of these or no day of the calendar (1982-02-30). */
export function findPartialDate(text: string): PartialDate | null {
  const m = /^(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?$/.exec(text);
  if (!m) return null;
  const year = Number(m[1]);
  const month = m[2] === undefined ? undefined : Number(m[2]);
  const day = m[3] === undefined ? undefined : Number(m[3]);
  if (year < 1800 || year > 2999) return null;
  if (month !== undefined && (month < 1 || month > 12)) return null;
  if (day !== undefined && (day < 1 || day > daysIn(year, month!))) return null;
  return { year, ...(month === undefined ? {} : { month }), ...(day === undefined ? {} : { day }) };
}

/** Like {@link findPartialDate}. @throws ArchiveError `date/malformed` (caller). */
export function parsePartialDate(text: string): PartialDate {
  const date = findPartialDate(text);
  if (!date) throw new ArchiveError('date/malformed', 'caller');
  return date;
}

/** The shortest ISO 8601 form that says what is known: `1978`, `1978-07`, `1978-07-03`. */
export function formatPartialDate(date: PartialDate): string {
  const two = (n: number) => String(n).padStart(2, '0');
  return [String(date.year).padStart(4, '0'), ...(date.month ? [two(date.month)] : []), ...(date.day ? [two(date.day)] : [])].join('-');
}

/** Order of a catalogue: by year, a missing month before January of its year, a missing day before the first; undated last. */
export function comparePartialDates(a: PartialDate | null, b: PartialDate | null): number {
  if (!a || !b) return a ? -1 : b ? 1 : 0;
  return a.year - b.year || (a.month ?? 0) - (b.month ?? 0) || (a.day ?? 0) - (b.day ?? 0);
}
