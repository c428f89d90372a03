import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { foldLines, joinLines, litBoxes, makeSnippet, matchPage, parseQuery, type Query } from './index.ts';

const query = (text: string): Query => {
  const parsed = parseQuery(text);
  if (!parsed) throw new Error('nothing to look for');
  return parsed;
};

describe('showing hits', () => {
  const lines = [
    { text: '证明人：王', box: [100, 50, 500, 40] as const },
    { text: '伟，单位', box: [100, 100, 400, 40] as const },
  ];
  const match = matchPage(foldLines(lines), query('王伟'))!;
  it('cuts a snippet that marks the hit across the line end', () => {
    const snippet = makeSnippet(joinLines(lines), match.hits);
    expect(snippet).toMatchObject({ text: '证明人：王 伟，单位', before: false, after: false });
    expect(snippet.hits.map((h) => snippet.text.slice(h.start, h.end))).toEqual(['王 伟']);
  });
  it('keeps every hit inside a snippet of a long text and never cuts a character in two', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom('𠮷', '甲', '\n', 'é'), { minLength: 60, maxLength: 300 }), fc.nat(), (chars, place) => {
        const text = `${chars.slice(0, place % chars.length).join('')}王伟${chars.slice(place % chars.length).join('')}`;
        const found = matchPage(foldLines(text.split('\n').map((t) => ({ text: t }))), query('王伟'))!;
        const snippet = makeSnippet(text, found.hits);
        expect(snippet.text.slice(snippet.hits[0]!.start, snippet.hits[0]!.end)).toBe('王伟');
        expect(snippet.text).not.toMatch(/\p{Cs}/u);
      }),
    );
  });
  it('lights the part of each line that a hit runs through', () => {
    expect(litBoxes(lines, match.hits)).toEqual([
      { line: 0, box: [500, 50, 100, 40], certainty: 'exact' },
      { line: 1, box: [100, 100, 100, 40], certainty: 'exact' },
    ]);
    const vertical = [{ text: '甲王伟', box: [10, 20, 30, 300] as const, vertical: true as const }];
    expect(litBoxes(vertical, matchPage(foldLines(vertical), query('王伟'))!.hits)[0]!.box).toEqual([10, 120, 30, 200]);
  });
});
