import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { differByCalendar, lunarOfSolarDay, monthsOfLunar, readLunarDate, solarDaysOfLunar } from './lunar.ts';
import { formatMonth } from './months.ts';

const day = fc
  .integer({ min: Date.UTC(1900, 0, 31) / 86_400_000, max: Date.UTC(2050, 11, 31) / 86_400_000 })
  .map((n) => new Date(n * 86_400_000))
  .map((d) => ({ year: d.getUTCFullYear(), month: d.getUTCMonth() + 1, day: d.getUTCDate() }));

describe('the lunar calendar', () => {
  it('gives back each solar day', () => {
    fc.assert(
      fc.property(day, (solar) => {
        const lunar = lunarOfSolarDay(solar);
        expect(lunar && solarDaysOfLunar(lunar)).toEqual({ first: solar, last: solar });
      }),
    );
  });

  it('agrees with the calendar of the runtime, which reckons by astronomy, on all but a few days about new moons', () => {
    const form = new Intl.DateTimeFormat('en-u-ca-chinese', { timeZone: 'UTC', year: 'numeric', month: 'numeric', day: 'numeric' });
    let differing = 0;
    let count = 0;
    for (let ms = Date.UTC(1929, 1, 10); ms < Date.UTC(2030, 0, 1); ms += 86_400_000 * 5) {
      const at = new Date(ms);
      const lunar = lunarOfSolarDay({ year: at.getUTCFullYear(), month: at.getUTCMonth() + 1, day: at.getUTCDate() });
      const parts = Object.fromEntries(form.formatToParts(at).map((p) => [p.type as string, p.value]));
      const theirs = `${parts.relatedYear} ${parts.month} ${parts.day}`;
      count++;
      if (theirs !== `${lunar?.year} ${lunar?.month}${lunar?.isLeap ? 'bis' : ''} ${lunar?.day}`) differing++;
    }
    expect(count).toBeGreaterThan(7000);
    expect(differing).toBeLessThan(count * 0.01);
  });

  it('knows days out of almanacs', () => {
    expect(lunarOfSolarDay({ year: 1949, month: 10, day: 1 })).toEqual({ year: 1949, month: 8, isLeap: false, day: 10 });
    expect(lunarOfSolarDay({ year: 2020, month: 6, day: 1 })).toEqual({ year: 2020, month: 4, isLeap: true, day: 10 });
    expect(lunarOfSolarDay({ year: 2023, month: 1, day: 22 })).toEqual({ year: 2023, month: 1, isLeap: false, day: 1 });
  });

  it('refuses months and days that are not', () => {
    expect(solarDaysOfLunar({ year: 2021, month: 4, isLeap: true, day: 1 })).toBeNull();
    expect(solarDaysOfLunar({ year: 2023, month: 1, isLeap: false, day: 30 })).toBeNull();
    expect(solarDaysOfLunar({ year: 2101, month: 1, isLeap: false, day: 1 })).toBeNull();
    expect(lunarOfSolarDay({ year: 1899, month: 12, day: 31 })).toBeNull();
  });

  it.each([
    ['农历一九七八年腊月初八', { year: 1978, month: 12, isLeap: false, day: 8 }, '1979-01'],
    ['阴历1963年8月廿三', { year: 1963, month: 8, isLeap: false, day: 23 }, '1963-10'],
    ['旧历二〇二〇年闰四月初一', { year: 2020, month: 4, isLeap: true, day: 1 }, '2020-05'],
    ['63年正月廿', { year: 1963, month: 1, isLeap: false, day: 20 }, '1963-02'],
  ])('reads %s', (written, lunar, month) => {
    const read = readLunarDate(written);
    expect(read).toEqual(lunar);
    const months = read && monthsOfLunar(read);
    expect(months && formatMonth(months.from)).toBe(month);
  });

  it('tells dates that one calendar explains from dates that none does', () => {
    expect(differByCalendar({ year: 1978, month: 12, day: 8 }, { year: 1979, month: 1, day: 6 })).toBe(true);
    expect(differByCalendar({ year: 1979, month: 1 }, { year: 1978, month: 12 })).toBe(true);
    expect(differByCalendar({ year: 1978, month: 12, day: 8 }, { year: 1979, month: 2 })).toBe(false);
    expect(differByCalendar({ year: 1982, month: 2 }, { year: 1984, month: 2 })).toBe(false);
    expect(differByCalendar({ year: 1978 }, { year: 1979, month: 1 })).toBe(false);
  });
});
