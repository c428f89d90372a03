import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { foldText } from './index.ts';

/** Closed numbers made visible: `<110…>`. */
const show = (source: string): string =>
  [...foldText(source).text].map((c) => (c >= '\ufdd0' && c <= '\ufddc' ? '0123456789X<>'[c.charCodeAt(0) - 0xfdd0] : c)).join('');

/** Chinese, full width, marks, halves of surrogate pairs, digits and white space, as hostile as they come. */
const nasty = fc.string({
  unit: fc.oneof(
    fc.constantFrom(
      ...'张張後后ＡｂÉé１九〇○，,、。·•—-(（ \u3000\n\u0301\ufe0f\u200d①㎡ﬁ가각ᄀ'.split(''),
      '𠮷',
      '\ud842',
      '\udfb7',
      '1978',
      '\ufdd0',
    ),
    fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }),
  ),
  maxLength: 40,
});

describe('folding', () => {
  it('takes away width, case, 繁体, white space and line ends, and keeps marks of punctuation', () => {
    expect(show('張偉，生於１９７８年\n７月；ＡＢＣ　大學')).toBe('张伟,生于1978年7月;abc大学');
    expect(show('裡裏里 後后 髮發发 台臺')).toBe('里里里后后发发发台台');
    expect(show('① ㎡ ﬁ ㈠')).toBe('1m2fi(一)');
    expect(show('e\u0301 É é')).toBe('ééé');
    expect(show('e\0\u0301 \ufb01\0\u0301')).toBe('éfí');
    expect(show('一九七○年 一九七〇年 “甲”—乙')).toBe('一九七〇年一九七〇年"甲"-乙');
  });
  it('changes nothing when it folds again what holds no closed number', () => {
    fc.assert(
      fc.property(nasty, (text) => {
        const { text: once, numbers } = foldText(text);
        fc.pre(numbers.length === 0);
        const again = foldText(once);
        fc.pre(again.numbers.length === 0);
        expect(again.text).toBe(once);
      }),
      {
        numRuns: 2000,
        examples: [
          ['\ufb01\0\u0301'],
          ['e\u200d\u0301'],
          ['e \u0301'],
          ['\ufb01\ufe0f\u0301'],
          ['e\u00b4'],
          ['か\u309b'],
          ['\uff21\u{e0000}\u0301'],
        ],
      },
    );
  });
  it('leaves no white space, no half of a surrogate pair and no noncharacter of the source', () => {
    fc.assert(
      fc.property(nasty, (text) => {
        const { text: folded, numbers } = foldText(text);
        expect(folded).not.toMatch(/\s/u);
        expect(folded).not.toMatch(/\p{Cs}/u);
        if (!numbers.length) expect(folded).not.toMatch(/[\ufdd0-\ufdef]/u);
      }),
      { numRuns: 2000 },
    );
  });
  it('keeps for every folded unit the range of the source that gives it', () => {
    fc.assert(
      fc.property(nasty, (text) => {
        const { text: folded, starts, ends, numbers } = foldText(text);
        fc.pre(numbers.length === 0);
        expect([starts.length, ends.length]).toEqual([folded.length, folded.length]);
        for (let i = 0; i < folded.length; ) {
          let j = i;
          while (j + 1 < folded.length && starts[j + 1] === starts[i]) j++;
          expect(foldText(text.slice(starts[i], ends[i])).text).toBe(folded.slice(i, j + 1));
          i = j + 1;
        }
      }),
      { numRuns: 2000 },
    );
  });
  it('folds a text of a thousand lines whose marks continue the character before', () => {
    const source = Array.from({ length: 1000 }, () => 'é').join('\n');
    expect(show(source)).toBe('é'.repeat(1000));
  });
});

describe('closed numbers', () => {
  it('closes an ID number in any dress: plain, full width, spaced box by box, broken across lines, of 15 digits', () => {
    const closed = '<11010519491231002X>';
    expect(show('证号：11010519491231002x。')).toBe(`证号:${closed}。`);
    expect(show('１１０１０５１９４９１２３１００２Ｘ')).toBe(closed);
    expect(show('1 1 0 1 0 5 1 9 4 9 1 2 3 1 0 0 2 X')).toBe(closed);
    expect(show('11010519491\n231002X')).toBe(closed);
    expect(show('110105491231002')).toBe(closed);
  });
  it('closes one that was misread, when it stands alone and holds a date', () => {
    expect(show('号11010519491231002X')).toBe('号<11010519491231002X>');
    expect(show('号110105194912310028号')).toBe('号<110105194912310028>号');
    expect(foldText([...'110105194912310028'].join('\n')).numbers[0]).toMatchObject({ value: '110105194912310028', valid: false });
    expect(foldText('110105194912\n310028').numbers).toEqual([]);
    expect(foldText('110105194912310028').numbers[0]).toMatchObject({ kind: 'id', valid: false });
  });
  it('closes phone numbers with and without country code, spaces and hyphens', () => {
    for (const text of ['13800138000', '+86 13800138000', '138 0013 8000', '138-0013-8000', '8613800138000'])
      expect(show(`电话${text}转`)).toContain('<13800138000>');
    expect(show('电话010-82345678。')).toBe('电话<01082345678>。');
    expect(show('电话01082345678。')).toBe('电话<01082345678>。');
  });
  it('leaves years, sums, document and certificate numbers open, also where lines join them', () => {
    for (const text of [
      '1978 1980 1991 2001 2005',
      '1580 2100 350',
      '1978\n2003\n1580\n350',
      '12345200505000925',
      '京人社发2019157号',
      '2005年9月',
      '10001200505012345',
    ])
      expect(foldText(text).numbers, text).toEqual([]);
  });
  it('closes an ID number that a reader joined to its neighbours, and no part of a longer number otherwise', () => {
    expect(show('9911010519491231002X')).toContain('11010519491231002X>');
    expect(foldText('11010519491231002199999').numbers).toEqual([]);
  });
  it('gives every unit of a closed number the whole number as its range', () => {
    const { starts, ends, numbers } = foldText('号 138 0013 8000 转');
    const { start, end } = numbers[0]!;
    expect([...starts.subarray(start, end)].every((s) => s === 2)).toBe(true);
    expect([...ends.subarray(start, end)].every((e) => e === 15)).toBe(true);
  });
});
