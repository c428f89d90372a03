import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  BOX_SPINES_MM,
  boxCapacitySheets,
  formatBoxCode,
  getBoxPlace,
  isBoxPlaced,
  NO_BOX_PLACE,
  orderInBox,
  readBoxCode,
} from '../index.ts';

describe('the code of a box', () => {
  it('is read back as it was written, and no altered one is', () => {
    const box = fc.record({ fonds: fc.constantFrom('Z109', 'A4', '全宗9', 'J019-2'), number: fc.integer({ min: 1, max: 999_999_999 }) });
    fc.assert(
      fc.property(box, fc.nat(), (b, n) => {
        const text = formatBoxCode(b);
        expect(readBoxCode(text)).toEqual(b);
        const at = 'LANTAI-BOX/'.length + (n % (text.length - 'LANTAI-BOX/'.length));
        expect(readBoxCode(text.slice(0, at) + (text[at] === '7' ? '8' : '7') + text.slice(at + 1))).toBe('damaged');
      }),
    );
    expect(['https://example.cn', 'P1101', 'LANTAI-SEP/1 D=P1 0000', ''].map(readBoxCode)).toEqual([null, null, null, null]);
    expect(readBoxCode('LANTAI-BOX/2 F=Z109 B=1 0000')).toBe('damaged');
    expect(readBoxCode('LANTAI-BOX/1 F=Z109 B=01 0000')).toBe('damaged');
  });
});

describe('the order in a box', () => {
  it('keeps all that stood there, and puts what comes together at its place', () => {
    const keys = fc.uniqueArray(fc.constantFrom(...'abcdefghij'), { maxLength: 10 });
    fc.assert(
      fc.property(keys, keys, fc.option(fc.integer({ min: -2, max: 12 })), (standing, put, at) => {
        const order = orderInBox(standing, put, at);
        expect([...order].sort()).toEqual([...new Set([...standing, ...put])].sort());
        expect(order.filter((k) => !put.includes(k))).toEqual(standing.filter((k) => !put.includes(k)));
        const from = order.indexOf(put[0] ?? '');
        if (put.length) expect(order.slice(from, from + put.length)).toEqual(put);
        if (put.length && at === null) expect(order.at(-1)).toBe(put.at(-1));
      }),
    );
    expect(orderInBox(['a', 'b', 'c'], ['c'], 0)).toEqual(['c', 'a', 'b']);
    expect(orderInBox(['a', 'b', 'c'], ['a'], 2)).toEqual(['b', 'a', 'c']);
  });
});

describe('a box', () => {
  it('holds more the thicker it is', () => {
    expect(BOX_SPINES_MM.map(boxCapacitySheets)).toEqual([150, 225, 300, 375]);
  });
  it('stands at a place of short codes, and words are refused', () => {
    expect(getBoxPlace({ ...NO_BOX_PLACE, repository: ' 一号库 ', rack: '03' })).toEqual({
      ...NO_BOX_PLACE,
      repository: '一号库',
      rack: '03',
    });
    for (const zone of ['王某某的柜子（左起第三个）', 'a b', '-1', 'x'.repeat(17)])
      expect(() => getBoxPlace({ ...NO_BOX_PLACE, zone })).toThrow('box/place');
    expect([isBoxPlaced(NO_BOX_PLACE), isBoxPlaced({ ...NO_BOX_PLACE, slot: '5' })]).toEqual([false, true]);
  });
});
