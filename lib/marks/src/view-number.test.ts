import { makeUuidV7 } from '@lantai/values';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { entryRangeOfNumber, findLooks, findViewNumber, formatViewNumber, numberOfEntry, timeOfNumberMs } from './view-number.ts';

const entryIds = fc
  .tuple(fc.integer({ min: 0, max: 2 ** 42 - 1 }), fc.uint8Array({ minLength: 10, maxLength: 10 }))
  .map(([ms, random]) => ({ ms, id: makeUuidV7(ms, random) }));

describe('the number of a view', () => {
  it('says when, and leads back to the entry', () => {
    fc.assert(
      fc.property(entryIds, ({ ms, id }) => {
        const number = numberOfEntry(id);
        const { from, to } = entryRangeOfNumber(number);
        expect(timeOfNumberMs(number)).toBe(ms);
        expect(from <= id && id <= to).toBe(true);
      }),
    );
  });

  it('is read as it was printed, and as people type it', () => {
    fc.assert(
      fc.property(entryIds, ({ id }) => {
        const number = numberOfEntry(id);
        const text = formatViewNumber(number);
        expect(text).toMatch(/^[0-9A-HJKMNP-TV-Z]{4}(-[0-9A-HJKMNP-TV-Z]{4}){2}$/);
        for (const typed of [text, text.toLowerCase(), text.replaceAll('-', ''), text.replaceAll('0', 'O').replaceAll('1', 'l')])
          expect(findViewNumber(typed)).toBe(number);
      }),
    );
  });

  it('differs between two entries of one millisecond but for chance', () => {
    const at = (random: number[]) => numberOfEntry(makeUuidV7(1_795_000_000_000, Uint8Array.from(random)));
    expect(at([0, 0, 1, 2, 3, 4, 5, 6, 7, 8])).not.toBe(at([0, 0, 9, 2, 3, 4, 5, 6, 7, 8]));
  });

  it('names looks alone, and all of them that share it', () => {
    const id = '0190b2c4-7d1a-7000-8000-000000000003';
    const twin = '0190b2c4-7d1a-7fff-8000-0fffffffffff';
    const number = numberOfEntry(id);
    const entries = [
      { id, kind: 'page.received' },
      { id, kind: 'page.viewed' },
      { id: '0190b2c4-7d1a-7000-9000-000000000003', kind: 'page.viewed' },
      { id: twin, kind: 'page.copied' },
      { id: '0190b2c4-7d1a-7000-4000-000000000003', kind: 'page.viewed' },
    ];
    expect(findLooks(entries, number)).toEqual([entries[1], entries[3]]);
    expect(findLooks(entries.slice(0, 1), number)).toEqual([]);
  });

  it('is nothing else: other ids and other texts are refused', () => {
    expect(() => numberOfEntry('d9428888-122b-41e1-b85c-61f02e6a3a11')).toThrow('mark/entry-id');
    expect(findViewNumber('ABCD-EFGH-JKM')).toBeNull();
    expect(findViewNumber('ABCD-EFGH-JKMU')).toBeNull();
  });
});
