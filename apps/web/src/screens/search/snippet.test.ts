import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { partsOfSnippet } from './snippet.ts';

describe('a snippet with marks', () => {
  it('is cut by code points, so that rare characters stay whole', () => {
    expect(partsOfSnippet('𬭛工业学院', [[1, 2]])).toEqual([
      { text: '𬭛', isLit: false },
      { text: '工业', isLit: true },
      { text: '学院', isLit: false },
    ]);
  });
  it('joins marks that touch or overlap, and passes over those outside', () => {
    expect(
      partsOfSnippet('abcdef', [
        [1, 2],
        [2, 2],
        [9, 4],
      ]),
    ).toEqual([
      { text: 'a', isLit: false },
      { text: 'bcd', isLit: true },
      { text: 'ef', isLit: false },
    ]);
  });
  it('never loses or adds a character', () => {
    const marks = fc.array(fc.tuple(fc.integer({ min: -3, max: 12 }), fc.integer({ min: 0, max: 5 })));
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme' }),
        marks,
        (text, m) =>
          void expect(
            partsOfSnippet(text, m)
              .map((p) => p.text)
              .join(''),
          ).toBe(text),
      ),
    );
  });
});
