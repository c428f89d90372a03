import { nodePrimitives as p } from '@lantai/primitives-node';
import { utf8 } from '@lantai/values';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isKeyId } from './key-store.ts';
import { deriveKey, encodeContext, equalSecret, hkdfExpand, unwrapKey, WRAP_LABEL, wrapKey } from './keys.ts';
import { findSuite, getSuite, SUITES } from './suites.ts';

const hex = (text: string) => Uint8Array.from(Buffer.from(text, 'hex'));

describe('derived keys', () => {
  it('expand as RFC 5869 case 1 does', () => {
    const prk = hex('077709362c2e32df0ddc3f0dc47bba6390b6c73bb50f9c3122ec844ad7c2b3e5');
    const okm = '3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865';
    expect(Buffer.from(hkdfExpand(p, 'sha256', prk, hex('f0f1f2f3f4f5f6f7f8f9'), 42)).toString('hex')).toBe(okm);
    expect(() => hkdfExpand(p, 'sha256', prk, hex(''), 255 * 32 + 1)).toThrow('255 blocks');
  });

  it('differ by key, label and suite, and are the same each time', () => {
    const key = new Uint8Array(32).fill(5);
    const derived = [deriveKey(p, key, 'a'), deriveKey(p, key, 'b'), deriveKey(p, key, 'a', 'gm'), deriveKey(p, new Uint8Array(32), 'a')];
    expect(new Set(derived.map(String)).size).toBe(4);
    expect(deriveKey(p, key, 'a')).toEqual(derived[0]);
    expect(() => deriveKey(p, new Uint8Array(16), 'a')).toThrow('32 bytes');
  });

  it('wrap a data key so that only the same key unwraps it, in either suite', () => {
    for (const suite of ['intl', 'gm'] as const) {
      const kek = deriveKey(p, p.random(32), WRAP_LABEL, suite);
      const key = p.random(32);
      const wrapped = wrapKey(p, { suite, kek, key });
      expect(unwrapKey(p, { suite, kek, wrapped })).toEqual(key);
      const failed = expect.objectContaining({ code: 'key/unwrap-failed', fault: 'corruption' });
      expect(() => unwrapKey(p, { suite, kek: p.random(32), wrapped })).toThrow(failed);
      expect(() => unwrapKey(p, { suite, kek, wrapped: wrapped.subarray(1) })).toThrow(failed);
      expect(() => unwrapKey(p, { suite: suite === 'gm' ? 'intl' : 'gm', kek, wrapped })).toThrow(failed);
    }
  });
});

describe('small things', () => {
  it('a context is another for any other list of parts', () => {
    const parts = fc.array(fc.string({ unit: 'grapheme', maxLength: 6 }), { maxLength: 4 });
    fc.assert(
      fc.property(parts, parts, (a, b) => {
        expect(String(encodeContext(...a)) === String(encodeContext(...b))).toBe(JSON.stringify(a) === JSON.stringify(b));
      }),
    );
  });

  it('secrets are equal by every byte', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1 }), fc.nat(), (bytes, where) => {
        expect(equalSecret(bytes, bytes.slice())).toBe(true);
        const other = bytes.map((byte, i) => (i === where % bytes.length ? byte ^ 1 : byte));
        expect(equalSecret(bytes, other)).toBe(false);
        expect(equalSecret(bytes, bytes.subarray(1))).toBe(false);
      }),
    );
  });

  it('suites are found by byte and id, and by nothing else', () => {
    for (const suite of Object.values(SUITES)) {
      expect(findSuite(suite.byte)).toBe(suite);
      expect(getSuite(suite.id)).toBe(suite);
    }
    expect(findSuite(0)).toBe(null);
    expect(findSuite(undefined)).toBe(null);
    expect(() => getSuite('toString')).toThrow(expect.objectContaining({ code: 'suite/unknown' }));
  });

  it('key ids are visible ASCII', () => {
    expect(['a', 'x'.repeat(64), '0193a000-0000-7000-8000-000000000001', 'search:1'].every(isKeyId)).toBe(true);
    expect(['', 'x'.repeat(65), 'a b', 'é', '张', 'a\n', '\u0000'].some(isKeyId)).toBe(false);
    expect(utf8('x'.repeat(64)).length).toBe(64);
  });
});
