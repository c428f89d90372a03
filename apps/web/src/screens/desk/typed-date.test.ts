import { formatPartialDate, parsePartialDate } from '@lantai/values';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cellsOf, dateOfCells, digitsOf, findPastedDate } from './typed-date.ts';

const partialDates = fc
  .record({
    year: fc.integer({ min: 1800, max: 2999 }),
    month: fc.option(fc.integer({ min: 1, max: 12 })),
    day: fc.option(fc.integer({ min: 1, max: 28 })),
  })
  .map(({ year, month, day }) => formatPartialDate({ year, ...(month ? { month } : {}), ...(month && day ? { day } : {}) }));

describe('the three cells of a date', () => {
  it('give back every date that was put into them', () => {
    fc.assert(
      fc.property(partialDates, (date) => {
        expect(dateOfCells(cellsOf(date))).toBe(date);
      }),
    );
    expect(dateOfCells(cellsOf(null))).toBeNull();
  });
  it('hold no day of no calendar', () => {
    const bad = [
      { year: '1982', month: '2', day: '30' },
      { year: '1900', month: '2', day: '29' },
      { year: '1982', month: '', day: '3' },
      { year: '', month: '3', day: '' },
      { year: '82', month: '', day: '' },
      { year: '1982', month: '13', day: '' },
      { year: '1982', month: '0', day: '' },
    ];
    for (const cells of bad) expect(dateOfCells(cells)).toBeUndefined();
    expect(dateOfCells({ year: '2000', month: '2', day: '29' })).toBe('2000-02-29');
  });
  it('agree with the parser of the house on every date they let through', () => {
    const cell = fc.oneof(fc.constant(''), fc.integer({ min: 0, max: 40 }).map(String));
    fc.assert(
      fc.property(fc.integer({ min: 1700, max: 3100 }).map(String), cell, cell, (year, month, day) => {
        const date = dateOfCells({ year, month, day });
        if (typeof date === 'string') expect(formatPartialDate(parsePartialDate(date))).toBe(date);
      }),
    );
  });
  it('take a whole date that is pasted, in the forms people write', () => {
    const cells = { year: '2012', month: '3', day: '9' };
    for (const text of ['2012-3-9', '2012.03.09', '2012年3月9日', '20120309', ' ２０１２／３／９ '])
      expect(findPastedDate(text)).toEqual(cells);
    expect(findPastedDate('2012年3月')).toEqual({ ...cells, day: '' });
    for (const text of ['3月9日', '2012-02-30', '履历表', '12']) expect(findPastedDate(text)).toBeNull();
  });
  it('let only digits in', () => {
    expect(digitsOf('１９８2年', 4)).toBe('1982');
    expect(digitsOf('abc', 2)).toBe('');
  });
});
