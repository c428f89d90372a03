import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findUnknownKey } from './unknown-keys.ts';

describe('keys that a schema does not know', () => {
  it('are found at any depth, and named by a pointer', () => {
    expect(findUnknownKey({ a: 1, b: 2 }, { a: 1 })).toBe('/b');
    expect(findUnknownKey({ a: [{ b: 1 }, { b: 1, 'c/d': 2 }] }, { a: [{ b: 1 }, { b: 1 }] })).toBe('/a/1/c~1d');
    expect(findUnknownKey({ limit: '5' }, { limit: 5, sort: 'code' })).toBeNull();
    expect(findUnknownKey({ toString: 1 }, {})).toBe('/toString');
  });
  it('are never found in what a schema kept whole', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(findUnknownKey(value, structuredClone(value))).toBeNull();
      }),
    );
  });
});
