import { createPrivateKey, generateKeyPairSync, sign } from 'node:crypto';
import { utf8 } from '@lantai/values';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { NodePrimitives, nodePrimitives as p } from './node-primitives.ts';
import { isSm2Signature, sm2PublicKey, sm2Sign, sm2UserDigest } from './sm2.ts';

const hex = (text: string) => Uint8Array.from(Buffer.from(text.replace(/\s/g, ''), 'hex'));
const toHex = (bytes: Uint8Array | null) => (bytes ? Buffer.from(bytes).toString('hex') : null);
const flip = (bytes: Uint8Array, at: number) => bytes.map((byte, i) => (i === at ? byte ^ 1 : byte));
const count = (from: number, to: number) => Uint8Array.from({ length: to - from + 1 }, (_, i) => from + i);

describe("the standards' own examples", () => {
  it('SM3 of GB/T 32905 annex A', () => {
    expect(toHex(p.hash('sm3', utf8('abc')))).toBe('66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0');
    const sixtyFour = 'debe9ff92275b8a138604889c18e5a4d6fdb70e5387e5765293dcba39c0c5732';
    expect(toHex(p.hash('sm3', utf8('abcd'.repeat(16))))).toBe(sixtyFour);
    expect(toHex(p.hash('sm3', utf8('abcd'.repeat(7)), utf8('abcd'.repeat(9))))).toBe(sixtyFour);
  });

  it('SHA-256 and SHA-512 of FIPS 180-4', () => {
    expect(toHex(p.hash('sha256', utf8('abc')))).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
    expect(toHex(p.hash('sha512', utf8('a'), utf8('bc')))).toMatch(/^ddaf35a193617abacc417349ae20413112e6fa4e89a97ea2/);
  });

  it('HMAC-SHA-256 of RFC 4231 case 1, and HMAC-SM3 as RFC 2104 defines it', () => {
    const expected = 'b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7';
    expect(toHex(p.hmac('sha256', new Uint8Array(20).fill(0x0b), utf8('Hi '), utf8('There')))).toBe(expected);
    const key = count(1, 32);
    const pad = (byte: number) => Uint8Array.from({ length: 64 }, (_, i) => (key[i] ?? 0) ^ byte);
    const byHand = p.hash('sm3', pad(0x5c), p.hash('sm3', pad(0x36), utf8('message')));
    expect(p.hmac('sm3', key, utf8('message'))).toEqual(byHand);
  });

  it('HKDF of RFC 5869 case 1', () => {
    const okm = p.hkdf('sha256', new Uint8Array(22).fill(0x0b), count(0, 12), count(0xf0, 0xf9), 42);
    expect(toHex(okm)).toBe('3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865');
  });

  it('AES-256-GCM, test case 16 of the GCM specification', () => {
    const key = hex('feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308');
    const nonce = hex('cafebabefacedbaddecaf888');
    const aad = hex('feedfacedeadbeeffeedfacedeadbeefabaddad2');
    const plain = hex(`d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a72
      1c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39`);
    const sealed = hex(`522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa
      8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662 76fc6ece0f4e1768cddf8853bb2d551b`);
    expect(p.aeadSeal('aes-256-gcm', key, nonce, aad, plain)).toEqual(sealed);
    expect(p.aeadOpen('aes-256-gcm', key, nonce, aad, sealed)).toEqual(plain);
  });

  it('AES key wrap of RFC 3394 section 4.6', () => {
    const key = hex('00112233445566778899aabbccddeeff000102030405060708090a0b0c0d0e0f');
    const wrapped = hex('28c9f404c4b810f4cbccb35cfb87f8263f5786e2d80ed326cbc7f0e71a99f43bfb988b9b7a02dd21');
    expect(p.wrapKey('intl', count(0, 31), key)).toEqual(wrapped);
    expect(p.unwrapKey('intl', count(0, 31), wrapped)).toEqual(key);
  });

  it('the AES blocks of FIPS 197 and the SM4 block of GB/T 32907, several in one call', () => {
    const block = hex('00112233445566778899aabbccddeeff');
    expect(toHex(p.encryptBlocks(count(0, 15), block))).toBe('69c4e0d86a7b0430d8cdb78070b4c55a');
    expect(toHex(p.encryptBlocks(count(0, 31), Uint8Array.from([...block, ...block])))).toBe('8ea2b7ca516745bfeafc49904b496089'.repeat(2));
    const sm4 = hex('0123456789abcdeffedcba9876543210');
    expect(toHex(p.encryptBlocks(sm4, sm4, 'sm4'))).toBe('681edf34d206965e86b3e94f536e4246');
  });

  it('Ed25519 of RFC 8032 test 1', () => {
    const privateKey = hex('9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60');
    const publicKey = hex('d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a');
    const signature = p.sign('ed25519', privateKey, new Uint8Array(0));
    expect(toHex(signature)).toBe(
      'e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b',
    );
    expect(p.verify('ed25519', publicKey, new Uint8Array(0), signature)).toBe(true);
    expect(new NodePrimitives(() => privateKey).generateSigner('ed25519').publicKey).toEqual(publicKey);
  });

  it('SM2 of GB/T 32918.5 annex A: key, Z, signature and verification', () => {
    const privateKey = hex('3945208f7b2144b13f36e38ac6d39f95889393692860b51a42fb81ef4df7c5b8');
    const publicKey = sm2PublicKey(privateKey)!;
    expect(toHex(publicKey)).toBe(
      '0409f9df311e5421a150dd7d161e4bc5c672179fad1833fc076bb08ff356f35020ccea490ce26775a52dc6ea718cc1aa600aed05fbf35e084a6632f6072da9ad13',
    );
    expect(toHex(sm2UserDigest(publicKey))).toBe('b2e14c5c79c6df5b85f4fe7ed8db7a262b9da7e07ccb0ea9f4747b8ccda8a4f3');
    const k = hex('59276e27d506861a16680f3ad9c02dccef3cc1fa3cdbe4ce6d54b80deac1bc21');
    const signature = sm2Sign(privateKey, utf8('message digest'), () => k);
    expect(toHex(signature)).toBe(
      'f5a03b0648d2c4630eeac513e1bb81a15944da3827d5b74143ac7eaceee720b3b1b6aa29df212fd8763182bc0d421ca1bb9038fd1f7f42d4840b69c485bbc1aa',
    );
    expect(isSm2Signature(publicKey, utf8('message digest'), signature)).toBe(true);
    expect(isSm2Signature(publicKey, utf8('message digesu'), signature)).toBe(false);
  });
});

describe('sealing and opening, wrapping and unwrapping, signing and verifying', () => {
  const bytes = (length: number) => fc.uint8Array({ minLength: length, maxLength: length });

  for (const [aead, keyLength] of [['aes-256-gcm', 32] as const, ['sm4-ctr-hmac-sm3', 48] as const]) {
    it(`${aead} opens what it sealed, and nothing once a bit of anything is another`, () => {
      const any = fc.uint8Array({ maxLength: 200 });
      fc.assert(
        fc.property(bytes(keyLength), bytes(12), any, any, fc.nat(), (key, nonce, aad, plain, where) => {
          const sealed = p.aeadSeal(aead, key, nonce, aad, plain);
          expect(sealed.length).toBe(plain.length + 16);
          expect(p.aeadOpen(aead, key, nonce, aad, sealed)).toEqual(plain);
          expect(p.aeadOpen(aead, key, nonce, aad, flip(sealed, where % sealed.length))).toBe(null);
          expect(p.aeadOpen(aead, key, flip(nonce, where % 12), aad, sealed)).toBe(null);
          // The last 32 bytes are the MAC key of the SM4 suite; its 16 cipher bytes come out of the same key and are never another alone.
          expect(p.aeadOpen(aead, flip(key, keyLength - 1 - (where % 32)), nonce, aad, sealed)).toBe(null);
          expect(p.aeadOpen(aead, key, nonce, Uint8Array.from([...aad, 0]), sealed)).toBe(null);
          expect(p.aeadOpen(aead, key, nonce, aad, sealed.subarray(0, where % sealed.length))).toBe(null);
        }),
      );
    });
  }

  it('sm4-ctr-hmac-sm3 does not take bytes of the additional data for ciphertext', () => {
    const key = count(0, 47);
    const nonce = count(0, 11);
    const sealed = p.aeadSeal('sm4-ctr-hmac-sm3', key, nonce, utf8('ab'), utf8('cd'));
    const moved = Uint8Array.from([...utf8('b'), ...sealed]);
    expect(p.aeadOpen('sm4-ctr-hmac-sm3', key, nonce, utf8('a'), moved)).toBe(null);
  });

  for (const suite of ['intl', 'gm'] as const) {
    it(`${suite} unwraps what it wrapped, and nothing under another key or with a bit flipped`, () => {
      fc.assert(
        fc.property(bytes(32), bytes(32), fc.nat(39), (kek, key, at) => {
          const wrapped = p.wrapKey(suite, kek, key);
          expect(wrapped.length).toBe(40);
          expect(p.wrapKey(suite, kek, key)).toEqual(wrapped);
          expect(p.unwrapKey(suite, kek, wrapped)).toEqual(key);
          expect(p.unwrapKey(suite, flip(kek, at % 32), wrapped)).toBe(null);
          expect(p.unwrapKey(suite, kek, flip(wrapped, at))).toBe(null);
          expect(p.unwrapKey(suite, kek, wrapped.subarray(1))).toBe(null);
        }),
      );
    });
  }

  for (const alg of ['ed25519', 'sm2'] as const) {
    it(`${alg} verifies what it signed, and nothing with a bit flipped or malformed`, () => {
      const { privateKey, publicKey } = p.generateSigner(alg);
      const other = p.generateSigner(alg);
      fc.assert(
        fc.property(fc.uint8Array({ maxLength: 100 }), fc.nat(63), (message, at) => {
          const signature = p.sign(alg, privateKey, message);
          expect(signature.length).toBe(64);
          expect(p.verify(alg, publicKey, message, signature)).toBe(true);
          expect(p.verify(alg, publicKey, message, flip(signature, at))).toBe(false);
          expect(p.verify(alg, publicKey, Uint8Array.from([...message, 0]), signature)).toBe(false);
          expect(p.verify(alg, other.publicKey, message, signature)).toBe(false);
        }),
        { numRuns: 15 },
      );
      const signature = p.sign(alg, privateKey, utf8('x'));
      const malformed = [new Uint8Array(0), new Uint8Array(64), new Uint8Array(64).fill(255), signature.subarray(1)];
      for (const each of malformed) expect(p.verify(alg, publicKey, utf8('x'), each)).toBe(false);
      for (const key of [new Uint8Array(0), publicKey.subarray(1), new Uint8Array(publicKey.length).fill(4)]) {
        expect(p.verify(alg, key, utf8('x'), signature)).toBe(false);
      }
    });
  }

  it('refuses SM2 private keys outside 1 … n−2', () => {
    const order = hex('fffffffeffffffffffffffffffffffff7203df6b21c6052b53bbf40939d54123');
    const minus = (less: number) => hex((BigInt(`0x${toHex(order)}`) - BigInt(less)).toString(16));
    expect(sm2PublicKey(new Uint8Array(32))).toBe(null);
    expect(sm2PublicKey(minus(1))).toBe(null);
    expect(sm2PublicKey(minus(2))).not.toBe(null);
  });
});

describe('SM2 of node:crypto, the reason for our own', () => {
  // When this test fails, Node has learnt SM2: read docs/adr/0010 before using it.
  it('is not what it signs: neither a fresh nor an imported key gives a signature under the default user id', () => {
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'SM2' });
    const point = new Uint8Array(publicKey.export({ type: 'spki', format: 'der' }).subarray(-65));
    const imported = createPrivateKey(privateKey.export({ type: 'pkcs8', format: 'pem' }));
    for (const key of [privateKey, imported]) {
      const der = sign('sm3', utf8('x'), key);
      expect(isSm2Signature(point, utf8('x'), fromDer(der))).toBe(false);
    }
    const scalar = new Uint8Array(privateKey.export({ type: 'sec1', format: 'der' }).subarray(7, 39));
    expect(sm2PublicKey(scalar)).toEqual(point);
  });
});

/** The two numbers of a DER signature, 32 bytes each. */
function fromDer(der: Uint8Array): Uint8Array {
  const numbers: Uint8Array[] = [];
  for (let at = 2; at < der.length; at += 2 + der[at + 1]!) numbers.push(der.subarray(at + 2, at + 2 + der[at + 1]!));
  const out = new Uint8Array(64);
  numbers.forEach((number, i) => {
    const cut = number.subarray(Math.max(0, number.length - 32));
    out.set(cut, 32 * (i + 1) - cut.length);
  });
  return out;
}
