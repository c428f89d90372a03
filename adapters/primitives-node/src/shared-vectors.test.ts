import { createCipheriv } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { nodePrimitives as p } from './node-primitives.ts';
import { isSm2Signature, sm2PublicKey, sm2Sign, sm2UserDigest } from './sm2.ts';

// Vectors of others lie beside the project and are not copied into it. Without them each test here says by name that it was skipped.
const folder = fileURLToPath(new URL('../../../../shared/vectors/', import.meta.url));
const hex = (text: string) => Uint8Array.from(Buffer.from(text, 'hex'));
const toHex = (bytes: Uint8Array | null) => (bytes ? Buffer.from(bytes).toString('hex') : null);

function withVectors<Vectors>(file: string, title: string, check: (vectors: Vectors) => void): void {
  const path = folder + file;
  const isThere = existsSync(path);
  it.skipIf(!isThere)(isThere ? title : `SKIPPED, ../shared/vectors/${file} is absent: ${title}`, () => {
    check(JSON.parse(readFileSync(path, 'utf8')) as Vectors);
  });
}

/** A file of wycheproof: groups with their own fields `Group`, and tests with their own fields `Test`. */
interface Wycheproof<Group, Test> {
  readonly testGroups: readonly (Group & {
    readonly tests: readonly (Test & { readonly tcId: number; readonly result: 'valid' | 'invalid' | 'acceptable' })[];
  })[];
}

type Texts<Names extends string> = { readonly [Name in Names]: string };
type Numbers<Names extends string> = { readonly [Name in Names]: number };

describe('wycheproof', () => {
  type Gcm = Wycheproof<Numbers<'ivSize' | 'keySize' | 'tagSize'>, Texts<'key' | 'iv' | 'aad' | 'msg' | 'ct' | 'tag'>>;
  withVectors<Gcm>('wycheproof/aes_gcm_test.json', 'AES-256-GCM', ({ testGroups }) => {
    const groups = testGroups.filter(({ ivSize, keySize, tagSize }) => ivSize === 96 && keySize === 256 && tagSize === 128);
    const tests = groups.flatMap((group) => group.tests);
    expect(tests.length).toBeGreaterThan(60);
    for (const { tcId, key, iv, aad, msg, ct, tag, result } of tests) {
      const opened = p.aeadOpen('aes-256-gcm', hex(key), hex(iv), hex(aad), hex(ct + tag));
      expect(toHex(opened), `test ${tcId}`).toBe(result === 'invalid' ? null : msg);
      if (result === 'valid') expect(toHex(p.aeadSeal('aes-256-gcm', hex(key), hex(iv), hex(aad), hex(msg)))).toBe(ct + tag);
    }
  });

  type Wrap = Wycheproof<Numbers<'keySize'>, Texts<'key' | 'msg' | 'ct'>>;
  withVectors<Wrap>('wycheproof/aes_wrap_test.json', 'AES key wrap, 256-bit keys', ({ testGroups }) => {
    const tests = testGroups.filter(({ keySize }) => keySize === 256).flatMap((group) => group.tests);
    const ours = tests.filter(({ msg, result }) => msg.length === 64 || result === 'invalid');
    expect(ours.length).toBeGreaterThan(30);
    for (const { tcId, key, msg, ct, result } of ours) {
      expect(toHex(p.unwrapKey('intl', hex(key), hex(ct))), `test ${tcId}`).toBe(result === 'valid' ? msg : null);
      if (result === 'valid') expect(toHex(p.wrapKey('intl', hex(key), hex(msg)))).toBe(ct);
    }
  });

  type Hkdf = Wycheproof<object, Texts<'ikm' | 'salt' | 'info' | 'okm'> & Numbers<'size'>>;
  withVectors<Hkdf>('wycheproof/hkdf_sha256_test.json', 'HKDF-SHA-256', ({ testGroups }) => {
    const tests = testGroups.flatMap((group) => group.tests);
    expect(tests.length).toBeGreaterThan(60);
    for (const { tcId, ikm, salt, info, size, okm, result } of tests) {
      const derive = () => toHex(p.hkdf('sha256', hex(ikm), hex(salt), hex(info), size));
      if (result === 'invalid') expect(derive, `test ${tcId}`).toThrow();
      else expect(derive(), `test ${tcId}`).toBe(okm);
    }
  });

  type Hmac = Wycheproof<Numbers<'tagSize'>, Texts<'key' | 'msg' | 'tag'>>;
  withVectors<Hmac>('wycheproof/hmac_sha256_test.json', 'HMAC-SHA-256', ({ testGroups }) => {
    for (const { tagSize, tests } of testGroups) {
      for (const { tcId, key, msg, tag, result } of tests) {
        const mac = toHex(p.hmac('sha256', hex(key), hex(msg)).subarray(0, tagSize / 8));
        expect(mac === tag, `test ${tcId}`).toBe(result === 'valid');
      }
    }
  });

  type Ed25519 = Wycheproof<{ readonly publicKey: Texts<'pk'> }, Texts<'msg' | 'sig'>>;
  withVectors<Ed25519>('wycheproof/ed25519_test.json', 'Ed25519', ({ testGroups }) => {
    for (const { publicKey, tests } of testGroups) {
      for (const { tcId, msg, sig, result } of tests) {
        expect(p.verify('ed25519', hex(publicKey.pk), hex(msg), hex(sig)), `test ${tcId}`).toBe(result === 'valid');
      }
    }
  });
});

describe('gm-vectors.json', () => {
  interface GmVectors {
    readonly sm3: readonly Texts<'msg' | 'md'>[];
    readonly sm4: readonly (Texts<'ct'> & Partial<Texts<'key' | 'pt'> & Numbers<'iterations'>>)[];
    readonly sm2_sign_gbt32918_5_annexA: Texts<'uid' | 'msg' | 'dA' | 'xA' | 'ZA' | 'k' | 'r' | 's'>;
  }
  withVectors<GmVectors>(
    'gm-vectors.json',
    'SM3, SM4 (once and a million times) and SM2',
    ({ sm3, sm4, sm2_sign_gbt32918_5_annexA: sm2 }) => {
      const message = (msg: string) => Buffer.from(msg.startsWith('abcd x16') ? 'abcd'.repeat(16) : msg);
      for (const { msg, md } of sm3) expect(toHex(p.hash('sm3', message(msg)))).toBe(md);

      const [once, often] = sm4;
      const key = hex(once?.key ?? '');
      expect(toHex(p.encryptBlocks(key, hex(once?.pt ?? ''), 'sm4'))).toBe(once?.ct);
      // Encrypting a block again and again is CBC over zeros after it: the whole million in one call, our own calls for its beginning.
      const plain = Buffer.alloc(16 * (often?.iterations ?? 0));
      plain.set(hex(once?.pt ?? ''));
      const chained = createCipheriv('sm4-cbc', key, Buffer.alloc(16)).update(plain);
      let block: Uint8Array = hex(once?.pt ?? '');
      for (let i = 0; i < 100; i++) {
        block = p.encryptBlocks(key, block, 'sm4');
        expect(toHex(block)).toBe(toHex(chained.subarray(16 * i, 16 * i + 16)));
      }
      expect(toHex(chained.subarray(-16))).toBe(often?.ct);

      const privateKey = hex(sm2.dA);
      const publicKey = sm2PublicKey(privateKey)!;
      expect(toHex(publicKey.subarray(1, 33))).toBe(sm2.xA.toLowerCase());
      expect(toHex(sm2UserDigest(publicKey, sm2.uid))).toBe(sm2.ZA.toLowerCase());
      const signature = sm2Sign(privateKey, Buffer.from(sm2.msg), () => hex(sm2.k));
      expect(toHex(signature)).toBe((sm2.r + sm2.s).toLowerCase());
      expect(isSm2Signature(publicKey, Buffer.from(sm2.msg), signature)).toBe(true);
    },
  );
});
