import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findTotpStep, formatBase32, formatTotpUri, totpCode, totpStep } from './totp.ts';

const secret = new TextEncoder().encode('12345678901234567890');

describe('one-time passwords', () => {
  it('are those of RFC 6238 appendix B, cut to six digits', () => {
    const vectors: [number, string][] = [
      [59, '287082'],
      [1_111_111_109, '081804'],
      [1_111_111_111, '050471'],
      [1_234_567_890, '005924'],
      [2_000_000_000, '279037'],
      [20_000_000_000, '353130'],
    ];
    for (const [seconds, code] of vectors) expect(totpCode(secret, totpStep(seconds * 1000))).toBe(code);
  });
  it('write secrets as RFC 4648 section 10 does', () => {
    const text = (s: string) => formatBase32(new TextEncoder().encode(s));
    expect(['', 'f', 'fo', 'foo', 'foob', 'fooba', 'foobar'].map(text)).toEqual([
      '',
      'MY',
      'MZXQ',
      'MZXW6',
      'MZXW6YQ',
      'MZXW6YTB',
      'MZXW6YTBOI',
    ]);
    expect(formatTotpUri(secret, '赵 一')).toContain('/Lantai:%E8%B5%B5%20%E4%B8%80?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&');
  });
  it('are taken one step early or late, once, and never after a later one was used', () => {
    fc.assert(
      fc.property(fc.integer({ min: 60_000, max: 4e12 }), fc.integer({ min: -4, max: 4 }), (timeMs, off) => {
        const now = totpStep(timeMs);
        fc.pre(now + off >= 0);
        const code = totpCode(secret, now + off);
        const found = findTotpStep(secret, code, timeMs, -1);
        // A code may by chance be that of another step too.
        if (Math.abs(off) <= 1) expect(found).not.toBeNull();
        else if (found !== null) expect(totpCode(secret, found)).toBe(code);
        expect(findTotpStep(secret, code, timeMs, now + 1)).toBeNull();
      }),
    );
    expect(findTotpStep(secret, '12345', 0, -1)).toBeNull();
  });
});
