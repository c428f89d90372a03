import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkCalendarFollows, compareCalendars } from '../standards/index.ts';
import { endOfWorkingDay, isWorkingDay, loadCalendar } from './index.ts';

const TEXT = readFileSync(join(import.meta.dirname, '../../../../schemes/calendar/cn-holidays.yaml'), 'utf8');
const calendar = loadCalendar(TEXT);
const day = (text: string) => Date.parse(`${text}T03:00:00Z`);
/** The last working day of a limit, on the clock of China. */
const lastDay = (from: string, days: number) =>
  new Date(endOfWorkingDay(day(from), days, 480, calendar).endMs - 1 + 480 * 60_000).toISOString().slice(0, 10);

describe('the calendar that comes with the program', () => {
  it('knows the days that were announced for 2024, 2025 and 2026', () => {
    expect(calendar.years.map((y) => [y.year, y.off.length, y.work.length])).toEqual([
      [2024, 28, 8],
      [2025, 28, 5],
      [2026, 33, 6],
    ]);
    const off = [
      '2024-02-12',
      '2024-06-10',
      '2025-01-28',
      '2025-05-05',
      '2025-10-08',
      '2026-01-02',
      '2026-02-23',
      '2026-04-06',
      '2026-10-07',
    ];
    const work = ['2024-02-18', '2024-10-12', '2025-01-26', '2025-09-28', '2026-01-04', '2026-02-28', '2026-05-09', '2026-09-20'];
    expect(off.filter((d) => isWorkingDay(d, calendar))).toEqual([]);
    expect(work.filter((d) => !isWorkingDay(d, calendar))).toEqual([]);
    // Beside them the weekend decides.
    expect(isWorkingDay('2026-11-22', calendar)).toBe(false);
    expect(isWorkingDay('2026-11-23', calendar)).toBe(true);
  });

  it('has make-up days on weekends alone, and each festival begins or ends a run of free days', () => {
    const weekday = (text: string) => new Date(`${text}T00:00:00Z`).getUTCDay();
    for (const { work } of calendar.years) expect(work.filter((d) => weekday(d) !== 0 && weekday(d) !== 6)).toEqual([]);
  });
});

describe('a limit in working days', () => {
  it('leaves out weekends and holidays and counts make-up days', () => {
    expect(lastDay('2026-11-20', 1)).toBe('2026-11-23');
    // Over the Spring Festival of 2026: Saturday the 14th is worked, the 15th to the 23rd are free, Saturday the 28th is worked.
    expect(lastDay('2026-02-13', 1)).toBe('2026-02-14');
    expect(lastDay('2026-02-13', 2)).toBe('2026-02-24');
    expect(lastDay('2026-02-13', 6)).toBe('2026-02-28');
    // 15 working days from the eve of National Day 2025.
    expect(lastDay('2025-09-30', 1)).toBe('2025-10-09');
    expect(lastDay('2025-09-30', 15)).toBe('2025-10-28');
    // Sunday evening in UTC is Monday in China.
    expect(new Date(endOfWorkingDay(Date.UTC(2026, 10, 22, 17), 1, 480, calendar).endMs).toISOString()).toBe('2026-11-24T16:00:00.000Z');
  });

  it('says which years no calendar is known of, and counts weekends alone there', () => {
    const known = endOfWorkingDay(day('2026-11-20'), 15, 480, calendar);
    expect(known.yearsWithoutCalendar).toEqual([]);
    const over = endOfWorkingDay(day('2026-12-25'), 10, 480, calendar);
    expect(over.yearsWithoutCalendar).toEqual([2027]);
    expect(new Date(over.endMs - 1).toISOString().slice(0, 10)).toBe('2027-01-08');
    expect(endOfWorkingDay(day('2023-12-01'), 5, 480, calendar).yearsWithoutCalendar).toEqual([2023]);
  });

  it('ends on a working day, later the more days it has', () => {
    fc.assert(
      fc.property(fc.integer({ min: day('2023-06-01'), max: day('2027-06-01') }), fc.integer({ min: 1, max: 60 }), (from, days) => {
        const { endMs } = endOfWorkingDay(from, days, 480, calendar);
        const last = new Date(endMs - 1 + 480 * 60_000).toISOString().slice(0, 10);
        expect(isWorkingDay(last, calendar)).toBe(true);
        expect(endOfWorkingDay(from, days + 1, 480, calendar).endMs).toBeGreaterThan(endMs);
        expect(endMs).toBeGreaterThan(from);
      }),
    );
  });
});

describe('a calendar written by an archive', () => {
  const of = (years: string) => `id: cn-holidays\nversion: 2\nname: { zh: 甲, en: A }\nsource: 本馆\nyears:\n${years}`;
  const year = (off: string, work = '', at = 2027) => of(`  - { year: ${at}, source: 通知, off: [${off}], work: [${work}] }\n`);

  it('is refused with a day of another year, one that there is not, one twice, a span backwards or a year twice', () => {
    expect(() => loadCalendar(year('2027-01-01/2027-01-03', '2027-01-09'))).not.toThrow();
    for (const text of [
      year('2026-12-31/2027-01-01'),
      year('2027-02-30'),
      year('2027-01-01/2027-01-03, 2027-01-02'),
      year('2027-01-02', '2027-01-02'),
      year('2027-01-03/2027-01-01'),
      year('2027-01-01/2027-06-01'),
      year('', '2027-01-09/2027-01-10'),
      year('1 January'),
      of('  - { year: 2027, source: 甲, off: [], work: [] }\n  - { year: 2027, source: 乙, off: [], work: [] }\n'),
    ])
      expect(() => loadCalendar(text), text).toThrow('scheme/invalid');
  });

  it('may add a year and change days of one, and lose none; what it says otherwise is told day by day', () => {
    const more = loadCalendar(
      TEXT.replace('version: 1', 'version: 2')
        .replace('2026-10-10]', '2026-10-11]')
        .concat('  - { year: 2027, source: 通知, off: [2027-01-01], work: [] }\n'),
    );
    expect(checkCalendarFollows(calendar, more)).toEqual([]);
    expect(compareCalendars(calendar, more).map((d) => [d.code, d.params])).toEqual([
      ['standard/day-plain', { day: '2026-10-10' }],
      ['standard/day-work', { day: '2026-10-11' }],
      ['standard/year-added', { year: '2027', off: 1, work: 0 }],
    ]);
    const less = loadCalendar(year('2027-01-01'));
    expect(checkCalendarFollows(calendar, less).map((p) => p.code)).toEqual([
      'standard/year-lost',
      'standard/year-lost',
      'standard/year-lost',
    ]);
    expect(checkCalendarFollows(more, { ...more }).map((p) => p.code)).toEqual(['standard/version-not-higher']);
  });
});
