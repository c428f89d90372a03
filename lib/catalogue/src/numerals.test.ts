import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareNatural, findNumeral, formatNumeral } from './index.ts';

describe('numerals', () => {
  it('reads back every Chinese numeral it writes', () => {
    for (let n = 1; n <= 9999; n++) expect(findNumeral(formatNumeral(n)), formatNumeral(n)).toBe(n);
    expect([1, 10, 11, 20, 21, 100, 105, 110, 1001, 2010].map(formatNumeral)).toEqual([
      '一',
      '十',
      '十一',
      '二十',
      '二十一',
      '一百',
      '一百零五',
      '一百一十',
      '一千零一',
      '二千零一十',
    ]);
  });
  it('reads digits of any width and positional years, and refuses what is no number', () => {
    expect(['１２', '007', '二〇〇八', '两百', '一百一十'].map(findNumeral)).toEqual([12, 7, 2008, 200, 110]);
    for (const text of ['', '十十', '一千千', '三好', '1a', '百', '一十百', '9'.repeat(16)]) expect(findNumeral(text)).toBeNull();
  });
});

describe('natural order', () => {
  it('counts where names hold numbers', () => {
    const sorted = ['1', '02', '二', '10', 'a1b2', 'a1b10', '第一页', '第2页', '第十页'];
    expect([...sorted].reverse().sort(compareNatural)).toEqual(sorted);
    expect(['page-10.jpg', 'page-9.jpg', 'page-１.jpg'].sort(compareNatural)).toEqual(['page-１.jpg', 'page-9.jpg', 'page-10.jpg']);
  });
  const names = fc.string({ unit: fc.constantFrom('0', '1', '2', '9', '一', '十', '二', '百', 'a', '-', '页'), maxLength: 6 });
  it('is a total order: one answer for two names, whichever way asked, and no ring among three', () => {
    fc.assert(
      fc.property(names, names, names, (a, b, c) => {
        expect(Math.sign(compareNatural(a, b))).toBe(-Math.sign(compareNatural(b, a)) + 0);
        expect(compareNatural(a, b) === 0).toBe(a === b);
        if (compareNatural(a, b) < 0 && compareNatural(b, c) < 0) expect(compareNatural(a, c)).toBeLessThan(0);
      }),
      { numRuns: 3000 },
    );
  });
});
