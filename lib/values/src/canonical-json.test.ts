import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalJson, type Json } from './index.ts';

describe('canonical JSON', () => {
  it('writes the example of RFC 8785, section 3.2.3', () => {
    const value = Object.fromEntries([0x20ac, 0xd, 0xfb33, 0x31, 0x1f600, 0x80, 0xf6].map((point) => [String.fromCodePoint(point), point]));
    expect(Object.values(JSON.parse(canonicalJson(value)) as object)).toHaveLength(7);
    // Sorted by UTF-16 code units: the surrogate pair of the emoji comes before U+FB33. (An object of JavaScript would move "1" to the front anyway.)
    const names = [...canonicalJson(value).matchAll(/"([^"]+)":\d/g)].map((m) => JSON.parse(`"${m[1]}"`) as string);
    expect(names.map((name) => name.codePointAt(0))).toEqual([0xd, 0x31, 0x80, 0xf6, 0x20ac, 0x1f600, 0xfb33]);
    expect(canonicalJson([1e30, 4.5, 0.002, 1e-27, -0])).toBe('[1e+30,4.5,0.002,1e-27,0]');
    expect(canonicalJson('\u20ac$\u000f\nA\'B"\\/')).toBe('"€$\\u000f\\nA\'B\\"\\\\/"');
  });
  it('is one text for one value, whatever the order of its names, and reads back as the value', () => {
    const shuffled = (value: Json): Json => {
      if (value === null || typeof value !== 'object') return value;
      if (Array.isArray(value)) return value.map(shuffled);
      return Object.fromEntries(
        Object.entries(value)
          .reverse()
          .map(([name, field]) => [name, shuffled(field as Json)]),
      );
    };
    fc.assert(
      fc.property(fc.jsonValue(), (raw) => {
        const value = JSON.parse(JSON.stringify(raw)) as Json;
        const text = canonicalJson(value);
        expect(canonicalJson(shuffled(value))).toBe(text);
        expect(JSON.parse(text)).toEqual(value);
      }),
    );
  });
  it('refuses what JSON cannot say', () => {
    expect(() => canonicalJson(Number.NaN)).toThrow(RangeError);
  });
});
