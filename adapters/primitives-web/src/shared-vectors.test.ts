import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { sm2PublicKey } from '@lantai/primitives-node';
import { formatHex, utf8 } from '@lantai/values';
import { describe, expect, it } from 'vitest';
import { sm3 } from './sm3.ts';
import { webPrimitives as p } from './web-primitives.ts';

// Vectors of others lie beside the project and are not copied into it. Without them each test here says by name that it was skipped.
const folder = fileURLToPath(new URL('../../../../shared/vectors/', import.meta.url));
const hex = (text: string) => Uint8Array.from(Buffer.from(text, 'hex'));

function withVectors<Vectors>(file: string, title: string, check: (vectors: Vectors) => void): void {
  const path = folder + file;
  const isThere = existsSync(path);
  it.skipIf(!isThere)(isThere ? title : `SKIPPED, ../shared/vectors/${file} is absent: ${title}`, () => {
    check(JSON.parse(readFileSync(path, 'utf8')) as Vectors);
  });
}

type Texts<Names extends string> = { readonly [Name in Names]: string };

/** A file of wycheproof: groups with their own fields `Group`, and tests with their own fields `Test`. */
interface Wycheproof<Group, Test> {
  readonly testGroups: readonly (Group & {
    readonly tests: readonly (Test & { readonly tcId: number; readonly result: 'valid' | 'invalid' | 'acceptable' })[];
  })[];
}

describe('the browser’s primitives against wycheproof', () => {
  type Ed25519 = Wycheproof<{ readonly publicKey: Texts<'pk'> }, Texts<'msg' | 'sig'>>;
  withVectors<Ed25519>('wycheproof/ed25519_test.json', 'Ed25519', ({ testGroups }) => {
    let count = 0;
    for (const { publicKey, tests } of testGroups) {
      for (const { tcId, msg, sig, result } of tests) {
        count++;
        expect(p.verify('ed25519', hex(publicKey.pk), hex(msg), hex(sig)), `test ${tcId}`).toBe(result === 'valid');
      }
    }
    expect(count).toBeGreaterThan(100);
  });

  type Hmac = Wycheproof<{ readonly tagSize: number }, Texts<'key' | 'msg' | 'tag'>>;
  withVectors<Hmac>('wycheproof/hmac_sha256_test.json', 'HMAC-SHA-256', ({ testGroups }) => {
    for (const { tagSize, tests } of testGroups) {
      for (const { tcId, key, msg, tag, result } of tests) {
        const mac = formatHex(p.hmac('sha256', hex(key), hex(msg)).subarray(0, tagSize / 8));
        expect(mac === tag, `test ${tcId}`).toBe(result === 'valid');
      }
    }
  });
});

describe('the browser’s primitives against gm-vectors.json', () => {
  interface GmVectors {
    readonly sm3: readonly Texts<'msg' | 'md'>[];
    readonly sm2_sign_gbt32918_5_annexA: Texts<'msg' | 'dA' | 'xA' | 'r' | 's'>;
  }
  withVectors<GmVectors>('gm-vectors.json', 'SM3 and SM2', ({ sm3: digests, sm2_sign_gbt32918_5_annexA: sm2 }) => {
    for (const { msg, md } of digests) expect(formatHex(sm3(utf8(msg.startsWith('abcd x16') ? 'abcd'.repeat(16) : msg)))).toBe(md);
    const publicKey = sm2PublicKey(hex(sm2.dA))!;
    expect(formatHex(publicKey.subarray(1, 33))).toBe(sm2.xA.toLowerCase());
    expect(p.verify('sm2', publicKey, utf8(sm2.msg), hex(sm2.r + sm2.s))).toBe(true);
    expect(p.verify('sm2', publicKey, utf8(sm2.msg), hex(sm2.s + sm2.r))).toBe(false);
  });
});

describe('the browser’s primitives against the standards’ own examples', () => {
  it('SHA-256 of FIPS 180-4 and HMAC-SHA-256 of RFC 4231 cases 1 and 2', () => {
    expect(formatHex(p.hash('sha256', utf8('abc')))).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
    expect(formatHex(p.hmac('sha256', new Uint8Array(20).fill(0x0b), utf8('Hi There')))).toBe(
      'b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7',
    );
    expect(formatHex(p.hmac('sha256', utf8('Jefe'), utf8('what do ya want for nothing?')))).toBe(
      '5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843',
    );
  });

  it('Ed25519 of RFC 8032 tests 1 and 2, and not with a bit flipped', () => {
    const examples = [
      {
        key: 'd75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a',
        message: '',
        signature:
          'e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b',
      },
      {
        key: '3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c',
        message: '72',
        signature:
          '92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00',
      },
    ];
    for (const { key, message, signature } of examples) {
      expect(p.verify('ed25519', hex(key), hex(message), hex(signature))).toBe(true);
      const wrong = hex(signature);
      wrong[0]! ^= 1;
      expect(p.verify('ed25519', hex(key), hex(message), wrong)).toBe(false);
    }
  });
});
