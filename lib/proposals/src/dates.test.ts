import { findPartialDate, formatPartialDate, type PartialDate } from '@lantai/values';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dateValue, findDates } from './dates.ts';

const CHINESE = '〇一二三四五六七八九';
const inChinese = (n: number): string => [...String(n)].map((c) => CHINESE[Number(c)]).join('');
const counted = (n: number): string =>
  n < 10 ? CHINESE[n]! : `${n < 20 ? '' : CHINESE[Math.floor(n / 10)]}十${n % 10 ? CHINESE[n % 10] : ''}`;

const days = fc
  .record({ year: fc.integer({ min: 1900, max: 2099 }), month: fc.integer({ min: 1, max: 12 }), day: fc.integer({ min: 1, max: 28 }) })
  .map((d): Required<PartialDate> => d);

const WRITINGS: readonly [string, (d: Required<PartialDate>) => string][] = [
  ['1978年7月3日', (d) => `${d.year}年${d.month}月${d.day}日`],
  ['1978-07-03', (d) => formatPartialDate(d)],
  ['1978.07.03', (d) => formatPartialDate(d).replaceAll('-', '.')],
  ['1978/7/3', (d) => `${d.year}/${d.month}/${d.day}`],
  ['一九七八年七月三日', (d) => `${inChinese(d.year)}年${counted(d.month)}月${counted(d.day)}日`],
  ['full width', (d) => formatPartialDate(d).replace(/\d/g, (c) => String.fromCodePoint(c.codePointAt(0)! + 0xfee0))],
];

describe('dates on a page', () => {
  it.each(WRITINGS)('reads back every day written as %s', (_name, write) => {
    fc.assert(
      fc.property(days, (d) => {
        const found = findDates(`于${write(d)}在`);
        expect(found.map(dateValue)).toEqual([formatPartialDate(d)]);
      }),
    );
  });

  it.each([
    ['1978年7月', '1978-07'],
    ['83.7', '1983-07'],
    ['1983.07', '1983-07'],
    ['八三年七月', '1983-07'],
    ['二〇00年三月九日', '2000-03-09'],
    ['2022年Ⅱ月18日', '2022-11-18'],
    ['197807', '1978-07'],
    ['民国三十七年五月', '1948-05'],
    ['二○○五年', '2005'],
  ])('reads %s as %s', (written, value) => {
    const [found, ...more] = findDates(written);
    expect(more).toEqual([]);
    expect(found && dateValue(found)).toBe(value);
  });

  it('says that a century was supplied, and that a year counts from the Republic', () => {
    expect(findDates('91.9')[0]?.flags).toEqual(['two_digit_year']);
    expect(findDates('民国十七年八月')[0]?.flags).toEqual(['era']);
    expect(findDates('1991.9')[0]?.flags).toEqual([]);
  });

  it('keeps an impossible day as it is written and gives no date', () => {
    const [found] = findDates('1982-02-30');
    expect(found).toMatchObject({ written: '1982-02-30', date: null, flags: ['not_a_date'] });
    expect(found && dateValue(found)).toBe('1982-02-30');
    expect(findPartialDate('1982-02-28')).not.toBeNull();
    expect(findDates('1982-02-28')[0]?.flags).toEqual([]);
  });

  it('marks a day of the lunar calendar and turns it into no other', () => {
    for (const lunar of ['农历一九七八年六月初三', '1978年腊月', '一九五二年正月十五日']) {
      expect(findDates(lunar)[0], lunar).toMatchObject({ date: null, flags: ['lunar'] });
    }
    expect(findDates('公历一九七八年六月三日')[0]?.flags).toEqual([]);
  });

  it('takes no wage, time or document number for a date', () => {
    for (const text of ['46.00', '岗位工资1180元', '110000197607255497', '（2000）函字第193号', '身高1.73', '一九'])
      expect(findDates(text), text).toEqual([]);
  });

  it('finds both ends of a span in order', () => {
    expect(findDates('自2005年7月13日起至2008年7月12日止').map(dateValue)).toEqual(['2005-07-13', '2008-07-12']);
    expect(findDates('1991.09—1995.02').map(dateValue)).toEqual(['1991-09', '1995-02']);
  });
});
