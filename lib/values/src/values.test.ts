import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  comparePartialDates,
  findHex,
  findPartialDate,
  formatHex,
  formatPartialDate,
  idNumberCheck,
  isIdNumber,
  makeUuidV7,
  normaliseIdNumber,
  parseId,
  parsePartialDate,
  uuidBytes,
} from './index.ts';

describe('values', () => {
  it('formats and parses every partial date back', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1800, max: 2999 }),
        fc.option(fc.integer({ min: 1, max: 12 })),
        fc.option(fc.integer({ min: 1, max: 28 })),
        (year, month, day) => {
          const date = { year, ...(month ? { month } : {}), ...(month && day ? { day } : {}) };
          expect(parsePartialDate(formatPartialDate(date))).toEqual(date);
        },
      ),
    );
  });
  it('refuses days that no calendar has', () => {
    for (const text of ['1982-02-30', '1900-02-29', '1982-13', '1982-00', '82-01', '1982-1', '', '1982-04-31'])
      expect(findPartialDate(text)).toBeNull();
    expect(() => parsePartialDate('1982-02-30')).toThrow('date/malformed');
    expect(findPartialDate('2000-02-29')).toEqual({ year: 2000, month: 2, day: 29 });
  });
  it('sorts a missing month first in its year and the undated last', () => {
    const dates = [null, { year: 1990, month: 1 }, { year: 1990 }, { year: 1989, month: 12, day: 31 }];
    expect([...dates].sort(comparePartialDates)).toEqual([dates[3], dates[2], dates[1], null]);
  });
  it('knows the check character of the standard examples and refuses a wrong one', () => {
    expect(isIdNumber('11010519491231002X')).toBe(true);
    expect(isIdNumber('440524188001010014')).toBe(true);
    expect(isIdNumber('440524188001010015')).toBe(false);
    expect(normaliseIdNumber('１１０１０５ 19491231002x')).toBe('11010519491231002X');
    expect(isIdNumber(normaliseIdNumber('110105491231002'))).toBe(true);
    expect(idNumberCheck('11010519491231002')).toBe('X');
  });
  it('makes ids that sort by time and parse back, and refuses others', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 2 ** 47 }), fc.uint8Array({ minLength: 10, maxLength: 10 }), (ms, random) => {
        const id = makeUuidV7(ms, random);
        expect(parseId(id)).toBe(id);
        expect(id[14]).toBe('7');
        expect('89ab').toContain(id[19]);
        expect(formatHex(uuidBytes(id))).toBe(id.replaceAll('-', ''));
        expect(makeUuidV7(ms + 1, random) > id).toBe(true);
      }),
    );
    expect(() => parseId('1 or 1=1')).toThrow('id/malformed');
  });
  it('reads back the hexadecimal it writes', () => {
    fc.assert(fc.property(fc.uint8Array(), (bytes) => void expect(findHex(formatHex(bytes))).toEqual(bytes)));
    expect(findHex('abc')).toBeNull();
    expect(findHex('zz')).toBeNull();
  });
});
