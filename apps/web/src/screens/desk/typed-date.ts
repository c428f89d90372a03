/** A date as its three cells hold it; each may be empty while it is typed. */
export interface DateCells {
  readonly year: string;
  readonly month: string;
  readonly day: string;
}

export const EMPTY_DATE: DateCells = { year: '', month: '', day: '' };

/** The cells of a partial date. */
export function cellsOf(date: string | null): DateCells {
  const [year = '', month = '', day = ''] = (date ?? '').split('-');
  return { year, month: month.replace(/^0/, ''), day: day.replace(/^0/, '') };
}

const daysIn = (year: number, month: number) => new Date(Date.UTC(year, month, 0)).getUTCDate();
const two = (n: number) => String(n).padStart(2, '0');

/**
 * The partial date in the cells: null when all are empty, `undefined` when they are no date of the calendar (a day without a month,
 * 30 February) and must not be sent.
 */
export function dateOfCells({ year, month, day }: DateCells): string | null | undefined {
  if (year === '' && month === '' && day === '') return null;
  const [y, m, d] = [year, month, day].map((text) => (text === '' ? null : /^\d+$/.test(text) ? Number(text) : Number.NaN)) as (
    | number
    | null
  )[];
  if (y === null || y === undefined || !(y >= 1800 && y <= 2999)) return undefined;
  if (m === null || m === undefined) return d === null ? String(y) : undefined;
  if (!(m >= 1 && m <= 12)) return undefined;
  if (d === null || d === undefined) return `${y}-${two(m)}`;
  return d >= 1 && d <= daysIn(y, m) ? `${y}-${two(m)}-${two(d)}` : undefined;
}

const folded = (text: string) => text.normalize('NFKC').trim();

/** A whole date pasted into a cell: 2012-3-9, 2012.03, 2012年3月9日, 20120309. Null when it is none. */
export function findPastedDate(text: string): DateCells | null {
  const plain = folded(text);
  const solid = /^(\d{4})(\d{2})(\d{2})$/.exec(plain);
  const parts = solid ?? /^(\d{4})\s*[-./年]\s*(\d{1,2})?\s*(?:[-./月]\s*(\d{1,2})?\s*日?)?$/.exec(plain);
  if (!parts) return null;
  const [, year = '', month = '', day = ''] = parts;
  const cells = { year, month: month.replace(/^0/, ''), day: day.replace(/^0/, '') };
  return typeof dateOfCells(cells) === 'string' ? cells : null;
}

/** Only digits, full-width ones folded, at most this many. */
export function digitsOf(text: string, length: number): string {
  return folded(text).replace(/\D/g, '').slice(0, length);
}
