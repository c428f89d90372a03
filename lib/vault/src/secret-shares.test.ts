import { NodePrimitives, nodePrimitives as p } from '@lantai/primitives-node';
import { findHex, formatHex } from '@lantai/values';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { interpolate, invert, multiply } from './gf256.ts';
import { combineShares, encodeShare, findShare, type Share, splitSecret } from './index.ts';

const hex = (text: string) => findHex(text)!;
/** The source of "randomness" of the published vectors: 0, 17, 34 … from the start each time. */
const fixed = new NodePrimitives((length) => Uint8Array.from({ length }, (_, i) => (i * 17) & 0xff));

describe('GF(256)', () => {
  it('multiplies as the examples of FIPS 197 section 4.2 do', () => {
    expect(multiply(0x57, 0x83)).toBe(0xc1);
    expect(multiply(0x57, 0x13)).toBe(0xfe);
    expect([0x02, 0x04, 0x08, 0x10].map((x) => multiply(0x57, x))).toEqual([0xae, 0x47, 0x8e, 0x07]);
  });

  it('is a field: every element but zero has an inverse, products and sums distribute', () => {
    for (let a = 1; a < 256; a++) expect(multiply(a, invert(a))).toBe(1);
    expect(() => invert(0)).toThrow();
    const element = fc.integer({ min: 0, max: 255 });
    fc.assert(
      fc.property(element, element, element, (a, b, c) => {
        expect(multiply(a, b)).toBe(multiply(b, a));
        expect(multiply(a, multiply(b, c))).toBe(multiply(multiply(a, b), c));
        expect(multiply(a, b ^ c)).toBe(multiply(a, b) ^ multiply(a, c));
      }),
    );
  });
});

describe('shares of a secret', () => {
  it('are those of the published vectors: 2 of 7 of bc-shamir, and its 3 of 5 interpolated', () => {
    const secret = hex('204188bfa6b440a1bdfd6753ff55a8241e07af5c5be943db917e3efabc184b1a');
    const { shares } = splitSecret(fixed, secret, { needed: 2, count: 7 });
    expect(shares.map((share) => formatHex(share.value))).toEqual([
      '2dcd14c2252dc8489af3985030e74d5a48e8eff1478ab86e65b43869bf39d556',
      'a1dfdd798388aada635b9974472b4fc59a32ae520c42c9f6a0af70149b882487',
      '2ee99daf727c0c7773b89a18de64497ff7476dacd1015a45f482a893f7402cef',
      'a2fb5414d4d96ee58a109b3ca9a84be0259d2c0f9ac92bdd3199e0eed3f1dd3e',
      '2b851d188b8f5b3653659cc0f7fa45102dadf04b708767385cd803862fcb3c3f',
      'a797d4a32d2a39a4aacd9de48036478fff77b1e83b4f16a099c34bfb0b7acdee',
      '28a19475dcde9f09ba2e9e881979413592027216e60c8513cdee937c67b2c586',
    ]);
    expect(combineShares(p, [shares[3]!, shares[4]!])).toEqual({ kind: 'secret', secret });
    const five = [
      '00112233445566778899aabbccddeeff',
      'd43099fe444807c46921a4f33a2a798b',
      'd9ad4e3bec2e1a7485698823abf05d36',
      '0d8cf5f6ec337bc764d1866b5d07ca42',
      '1aa7fe3199bc5092ef3816b074cabdf2',
    ].map((y, x) => ({ x, y: hex(y) }));
    expect(formatHex(interpolate([five[1]!, five[2]!, five[4]!], 255))).toBe('0ff784df000c4380a5ed683f7e6e3dcf');
    expect(formatHex(interpolate([five[0]!, five[1]!, five[3]!], 4))).toBe(formatHex(five[4]!.y));
  });

  it('give the secret back from any enough of them, in any order, and from fewer nothing', () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 16 }), fc.nat(), fc.nat(), (count, a, b) => {
        const needed = 2 + (a % (count - 1));
        const secret = p.random(32);
        const { shares, set } = splitSecret(p, secret, { needed, count });
        const some = [...shares.slice(b % count), ...shares.slice(0, b % count)].slice(0, needed);
        expect(combineShares(p, some, set)).toEqual({ kind: 'secret', secret });
        expect(combineShares(p, some)).toEqual({ kind: 'secret', secret });
        expect(combineShares(p, some.slice(1))).toEqual({ kind: 'too-few', needed, given: needed - 1 });
        for (const share of shares) expect(findShare(encodeShare(share))).toEqual(share);
      }),
      { numRuns: 30 },
    );
    expect(combineShares(p, [])).toMatchObject({ kind: 'too-few', given: 0 });
  });

  it('say nothing of the secret when one is missing: every value of a byte is as possible as every other', () => {
    const { shares } = splitSecret(p, new Uint8Array(32), { needed: 3, count: 3 });
    const two = shares.slice(0, 2).map((s) => ({ x: s.number - 1, y: s.value.subarray(0, 1) }));
    const seen = new Set<number>();
    for (let y = 0; y < 256; y++) seen.add(interpolate([...two, { x: 2, y: Uint8Array.of(y) }], 255)[0]!);
    expect(seen.size).toBe(256);
  });

  it('name the wrong one by its number when it is known what was handed out, and never give another secret', () => {
    const secret = p.random(32);
    const { shares, set } = splitSecret(p, secret, { needed: 3, count: 5 });
    fc.assert(
      fc.property(fc.nat({ max: 2 }), fc.nat({ max: 31 }), fc.integer({ min: 1, max: 255 }), (at, byte, difference) => {
        const given = shares.slice(0, 3).map((share) => ({ ...share, value: share.value.slice() }));
        given[at]!.value[byte]! ^= difference;
        expect(combineShares(p, given, set)).toEqual({ kind: 'wrong-shares', numbers: [at + 1] });
        // Without what was kept: not enough right ones to tell which, but never another secret.
        expect(combineShares(p, given)).toEqual({ kind: 'wrong-somewhere', numbers: [1, 2, 3] });
        // One more right one, and it is named.
        expect(combineShares(p, [...given, shares[3]!])).toEqual({ kind: 'wrong-shares', numbers: [at + 1] });
      }),
      { numRuns: 40 },
    );
  });

  it('of two splittings, or two of one number, are told apart', () => {
    const secret = p.random(32);
    const [one, two] = [splitSecret(p, secret, { needed: 2, count: 3 }), splitSecret(p, secret, { needed: 2, count: 3 })];
    expect(combineShares(p, [one.shares[0]!, two.shares[1]!], one.set)).toEqual({ kind: 'wrong-shares', numbers: [2] });
    expect(combineShares(p, [one.shares[0]!, two.shares[1]!])).toEqual({ kind: 'wrong-somewhere', numbers: [1, 2] });
    const forged: Share = { ...one.shares[0]!, value: p.random(32) };
    expect(combineShares(p, [one.shares[0]!, forged])).toMatchObject({ kind: 'wrong-somewhere' });
    expect(combineShares(p, [one.shares[0]!, one.shares[0]!])).toEqual({ kind: 'too-few', needed: 2, given: 1 });
  });

  it('are refused in impossible numbers, and bytes that are no share are none', () => {
    for (const [needed, count] of [
      [1, 3],
      [4, 3],
      [2, 17],
      [2.5, 3],
    ] as const) {
      expect(() => splitSecret(p, p.random(32), { needed, count })).toThrow(expect.objectContaining({ code: 'share/counts-impossible' }));
    }
    const right = encodeShare(splitSecret(p, p.random(32), { needed: 2, count: 3 }).shares[0]!);
    expect(findShare(right)).not.toBe(null);
    for (const [at, byte] of [
      [0, 2],
      [1, 1],
      [2, 17],
      [3, 0],
      [3, 4],
    ] as const) {
      const wrong = right.slice();
      wrong[at] = byte;
      expect(findShare(wrong)).toBe(null);
    }
    expect(findShare(right.subarray(1))).toBe(null);
  });
});
