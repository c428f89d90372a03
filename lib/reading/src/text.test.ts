import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeCtc, type ReadChar } from './ctc.ts';
import { doubtfulNumbers, findBetterNumber, isSameNumber } from './digits.ts';
import { type Lexicon, openLexicon } from './lexicon.ts';
import { layOnScan, linesOfRegion } from './lines.ts';
import { oddities } from './numbers.ts';
import type { Reading } from './reading.ts';
import { digestDistance01, isSameSheet } from './same-sheet.ts';
import { isTraditionalPage, mendMarks, spell } from './spelling.ts';

const chars = (text: string, confidence01 = 1): ReadChar[] =>
  [...text].map((char, i, all) => ({ char, confidence01, at01: (i + 0.5) / all.length, others: [] }));
const rect = { cx: 500, cy: 100, w: 600, h: 60, angleRad: 0 };

describe('decodeCtc', () => {
  const alphabet = ['', 'a', 'b'];
  const steps = (...best: number[]) => Float32Array.from(best.flatMap((b) => [0, 1, 2].map((c) => (c === b ? 0.8 : 0.1))));

  it('joins repeats and keeps what a blank parts', () => {
    const text = (list: ReadChar[]) => list.map((c) => c.char).join('');
    expect(text(decodeCtc(steps(0, 1, 1, 0, 1, 2, 0), 7, 3, alphabet, 1))).toBe('aab');
    expect(text(decodeCtc(steps(0, 0, 0), 3, 3, alphabet, 1))).toBe('');
  });

  it('keeps the other candidates of an unsure character and its place', () => {
    const [only] = decodeCtc(steps(0, 0, 1, 0), 4, 3, alphabet, 1);
    expect(only!.others[0]!.char).toBe('b');
    expect(only!.at01).toBeCloseTo(2.5 / 4);
  });
});

describe('oddities', () => {
  it.each(['2011年11月9日', '83年7月', '1980元', '110000198202254925', '19900005873', 'B级', '第3页'])('has nothing against %s', (text) => {
    expect(oddities(text)).toBe(0);
  });
  it.each(['207年1月18日', '2011年13月', '2011年1月39日', '110000198202254926', '11000198202254925', '1990000587', '1l8元'])(
    'finds %s odd',
    (text) => {
      expect(oddities(text)).toBeGreaterThan(0);
    },
  );
});

describe('numbers read again', () => {
  const line = [...chars('自207年1月8日起')].map((c, i) => ({ ...c, at01: (i + 1) / 12 }));
  const number = doubtfulNumbers(line, rect, 600)[0]!;

  it('are those that cannot be', () => {
    expect(
      line
        .slice(number.from, number.to)
        .map((c) => c.char)
        .join(''),
    ).toBe('207年1月8日');
    expect(
      doubtfulNumbers(
        chars('自2017年1月8日起').map((c, i) => ({ ...c, at01: i / 12 })),
        rect,
        6000,
      ),
    ).toEqual([]);
  });

  it('are those whose close digits are unsure or leave room for one more, and no others', () => {
    const close = (text: string, confidence01: number) => chars(text, confidence01).map((c, i) => ({ ...c, at01: (i + 1) / 20 }));
    const asked = (list: readonly ReadChar[]) => doubtfulNumbers(list, rect, 300).length;
    expect(asked(close('20174567', 0.99))).toBe(0);
    expect(asked(close('20174567', 0.9))).toBe(1);
    const gap = close('20174567', 0.99).map((c, i) => ({ ...c, at01: c.at01 + (i > 3 ? 1 / 20 : 0) }));
    expect(asked(gap)).toBe(1);
  });

  it('are settled when the wider reading says the same', () => {
    expect(isSameNumber(line, number, chars('207 年1月8日'))).toBe(true);
    expect(isSameNumber(line, number, chars('2017年1月8日'))).toBe(false);
  });

  it('take the place of the first reading when they are less odd, and only then', () => {
    const better = findBetterNumber(line, number, chars('2017年1月8日'));
    expect(better?.map((c) => c.char).join('')).toBe('自2017年1月8日起');
    expect(findBetterNumber(line, number, chars('27年1月88日'))).toBeNull();
    expect(findBetterNumber(line, number, [])).toBeNull();
  });

  it('lose what a neighbour’s edge was read as', () => {
    expect(
      findBetterNumber(line, number, chars('月2017年1月8日'))
        ?.map((c) => c.char)
        .join(''),
    ).toBe('自2017年1月8日起');
  });
});

describe('the lexicon', () => {
  it('refuses bytes that are not its own', () => {
    for (const bytes of [new Uint8Array(0), new Uint8Array(8), Uint8Array.of(0x4c, 0x54, 0x50, 0x31, 1, 0, 0, 0)]) {
      expect(() => openLexicon(bytes)).toThrow('reading/lexicon-malformed');
    }
  });

  it('gives the weight of a pair it holds and 0 for any other', () => {
    const bytes = new Uint8Array(8 + 5);
    bytes.set([0x4c, 0x54, 0x50, 0x31, 1]);
    new DataView(bytes.buffer).setUint32(8, '自'.charCodeAt(0) * 0x10000 + '己'.charCodeAt(0), true);
    bytes[12] = 90;
    const lexicon = openLexicon(bytes);
    expect(lexicon.pairWeight('自', '己')).toBe(3);
    expect(lexicon.pairWeight('自', '已')).toBe(0);
  });
});

describe('spell', () => {
  const lexicon: Lexicon = { pairWeight: (a, b) => (a + b === '自己' ? 6 : 0) };
  const unsure = (char: string, other: string): ReadChar => ({
    char,
    confidence01: 0.7,
    at01: 0.5,
    others: [{ char: other, confidence01: 0.25 }],
  });

  it('prefers the candidate that makes a known word and keeps the other for search', () => {
    const [, second] = spell([...chars('自'), unsure('已', '己')], lexicon);
    expect([second!.char, second!.others[0]!.char]).toEqual(['己', '已']);
  });

  it('leaves a sure character alone', () => {
    expect(
      spell(chars('自已'), lexicon)
        .map((c) => c.char)
        .join(''),
    ).toBe('自已');
  });

  it('takes the simplified form for a traditional one, but not on a traditional page', () => {
    expect(spell([unsure('時', '时')], lexicon)[0]!.char).toBe('时');
    expect(isTraditionalPage([chars('體格檢查醫師簽名發育')])).toBe(true);
    expect(isTraditionalPage([chars('体格检查医师签名发育')])).toBe(false);
  });

  it('makes a dash of a one between dates, not of a one in words', () => {
    const mended = (text: string) =>
      mendMarks(chars(text))
        .map((c) => c.char)
        .join('');
    expect(mended('1999.09一2003.12')).toBe('1999.09—2003.12');
    expect(mended('一贯丶第一名')).toBe('一贯、第一名');
  });
});

describe('linesOfRegion', () => {
  it('parts a line at a wide gap and leaves even spacing whole', () => {
    const gap = [...chars('签名')]
      .map((c, i) => ({ ...c, at01: 0.05 + i * 0.08 }))
      .concat([...chars('日期')].map((c, i) => ({ ...c, at01: 0.8 + i * 0.08 })));
    expect(linesOfRegion({ rect, source: 'normal' }, gap).map((l) => l.chars.map((c) => c.char).join(''))).toEqual(['签名', '日期']);
    expect(linesOfRegion({ rect, source: 'normal' }, chars('毕业证书'))).toHaveLength(1);
  });

  it('drops noise', () => {
    expect(linesOfRegion({ rect, source: 'normal' }, chars('乱', 0.3))).toEqual([]);
    expect(linesOfRegion({ rect, source: 'cell' }, chars('。', 0.9))).toEqual([]);
  });

  it('lays a line on the skewed scan about its centre', () => {
    fc.assert(
      fc.property(fc.double({ min: -0.1, max: 0.1, noNaN: true }), (skewRad) => {
        const frame = { width: 1000, height: 1000, skewRad };
        const line = layOnScan(frame, { rect, chars: chars('证书'), source: 'normal' }, 1);
        const [x, y, w, h] = line.box;
        const q = line.quad!;
        expect((q[0] + q[4]) / 2).toBeCloseTo(x + w / 2, 0);
        expect((q[1] + q[5]) / 2).toBeCloseTo(y + h / 2, 0);
      }),
    );
  });
});

describe('isSameSheet', () => {
  const reading = (text: string, pageDigest = 'f'.repeat(88)): Reading => ({
    engine: 'e',
    version: '1',
    widthPx: 1,
    heightPx: 1,
    orientation: 0,
    skewDegrees: 0,
    pageDigest,
    lines: text.split('\n').map((t) => ({ text: t, box: [0, 0, 1, 1], confidence01: 1, source: 'normal' })),
  });
  const form = (year: number) => `${year}年度考核登记表\n一年来本人认真履行岗位职责，严格遵守劳动纪律\n同意定为称职等次\n${year}年12月25日`;

  it('knows a sheet again though a character was read otherwise', () => {
    expect(isSameSheet(reading(form(2008)), reading(form(2008).replace('真', '直')))).toBe(true);
  });

  it('knows it again though a stroke was read as a figure on one scan, not with another number instead', () => {
    const slip = '某市第二纺织厂关于同意该同志调动工作的介绍信存根一九九五年';
    expect(isSameSheet(reading(`${slip} 1995`), reading(`${slip} 1995 3`))).toBe(true);
    expect(isSameSheet(reading(`${slip} 1995`), reading(`${slip} 1996`))).toBe(false);
    expect(isSameSheet(reading(slip), reading(`${slip} 3`))).toBe(false);
  });

  it('parts the forms of two years', () => {
    expect(isSameSheet(reading(form(2008)), reading(form(2010)))).toBe(false);
  });

  it('parts sheets of another layout', () => {
    expect(isSameSheet(reading(form(2008)), reading(form(2008), '0'.repeat(88)))).toBe(false);
    expect(digestDistance01('ff', '0f')).toBe(0.5);
    expect(digestDistance01('', '')).toBe(1);
  });
});
