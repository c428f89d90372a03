import {
  createCipheriv,
  createDecipheriv,
  createHash,
  createHmac,
  createPrivateKey,
  createPublicKey,
  hash as hashOnce,
  hkdfSync,
  randomBytes,
  sign,
  verify,
} from 'node:crypto';
import { assert } from '@lantai/values';
import type { AeadAlg, BlockAlg, HashAlg, Primitives, SignatureAlg, SignerKeys, SuiteId } from '@lantai/vault';
import { isSm2Signature, sm2PublicKey, sm2Sign } from './sm2.ts';
import { openSm4, sealSm4 } from './sm4-ctr-hmac-sm3.ts';
import { unwrapWithSm4, wrapWithSm4 } from './sm4-key-wrap.ts';

const KEY_LENGTH = 32;
const NONCE_LENGTH = 12;
const TAG_LENGTH = 16;
const WRAP_IV = Buffer.from('a6a6a6a6a6a6a6a6', 'hex');
// DER around a raw Ed25519 key: PKCS #8 and SubjectPublicKeyInfo (RFC 8410).
const ED25519_PRIVATE = Buffer.from('302e020100300506032b657004220420', 'hex');
const ED25519_PUBLIC = Buffer.from('302a300506032b6570032100', 'hex');

/** A view without the Buffer class on it, so that callers see plain bytes. */
const plainBytes = (buffer: Buffer): Uint8Array => new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.length);

/**
 * {@link Primitives} over node:crypto (OpenSSL). SM2 is computed here over noble's curve arithmetic, never by `crypto.sign`,
 * which on Node 20 to 24 gives plain ECDSA or an empty user id (docs/adr/0010-sm2-in-own-code.md).
 */
export class NodePrimitives implements Primitives {
  readonly #random: (length: number) => Uint8Array;

  /** @param random source of unpredictable bytes; only vectors and tests give another than the system's. */
  constructor(random: (length: number) => Uint8Array = (length) => plainBytes(randomBytes(length))) {
    this.#random = random;
  }

  random(length: number): Uint8Array {
    return this.#random(length);
  }

  hash(alg: HashAlg, ...parts: Uint8Array[]): Uint8Array {
    // The one-shot call is 2.7 times faster on short inputs such as tree nodes.
    if (parts.length === 1) return plainBytes(hashOnce(alg, parts[0]!, 'buffer'));
    const digest = createHash(alg);
    for (const part of parts) digest.update(part);
    return plainBytes(digest.digest());
  }

  hmac(alg: HashAlg, key: Uint8Array, ...parts: Uint8Array[]): Uint8Array {
    const mac = createHmac(alg, key);
    for (const part of parts) mac.update(part);
    return plainBytes(mac.digest());
  }

  hkdf(alg: HashAlg, key: Uint8Array, salt: Uint8Array, info: Uint8Array, length: number): Uint8Array {
    return new Uint8Array(hkdfSync(alg, key, salt, info, length));
  }

  aeadSeal(aead: AeadAlg, key: Uint8Array, nonce: Uint8Array, aad: Uint8Array, plain: Uint8Array): Uint8Array {
    assert(nonce.length === NONCE_LENGTH, 'a nonce has 12 bytes');
    if (aead === 'sm4-ctr-hmac-sm3') return sealSm4(key, nonce, aad, plain);
    const cipher = createCipheriv('aes-256-gcm', key, nonce);
    if (aad.length > 0) cipher.setAAD(aad);
    const out = new Uint8Array(plain.length + TAG_LENGTH);
    out.set(cipher.update(plain));
    cipher.final();
    out.set(cipher.getAuthTag(), plain.length);
    return out;
  }

  aeadOpen(aead: AeadAlg, key: Uint8Array, nonce: Uint8Array, aad: Uint8Array, sealed: Uint8Array): Uint8Array | null {
    assert(nonce.length === NONCE_LENGTH, 'a nonce has 12 bytes');
    if (sealed.length < TAG_LENGTH) return null;
    if (aead === 'sm4-ctr-hmac-sm3') return openSm4(key, nonce, aad, sealed);
    const decipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: TAG_LENGTH });
    if (aad.length > 0) decipher.setAAD(aad);
    decipher.setAuthTag(sealed.subarray(sealed.length - TAG_LENGTH));
    const plain = decipher.update(sealed.subarray(0, sealed.length - TAG_LENGTH));
    return isFinal(decipher) ? plainBytes(plain) : null;
  }

  wrapKey(suite: SuiteId, kek: Uint8Array, key: Uint8Array): Uint8Array {
    assert(kek.length === KEY_LENGTH && key.length === KEY_LENGTH, 'keys have 32 bytes');
    if (suite === 'gm') return wrapWithSm4(kek, key);
    const cipher = createCipheriv('id-aes256-wrap', kek, WRAP_IV);
    const wrapped = cipher.update(key);
    cipher.final();
    return plainBytes(wrapped);
  }

  unwrapKey(suite: SuiteId, kek: Uint8Array, wrapped: Uint8Array): Uint8Array | null {
    assert(kek.length === KEY_LENGTH, 'keys have 32 bytes');
    if (wrapped.length !== KEY_LENGTH + 8) return null;
    if (suite === 'gm') return unwrapWithSm4(kek, wrapped);
    const decipher = createDecipheriv('id-aes256-wrap', kek, WRAP_IV);
    try {
      // OpenSSL checks the integrity value inside update and reports a wrong one by throwing.
      return plainBytes(decipher.update(wrapped));
    } catch {
      return null;
    }
  }

  generateSigner(alg: SignatureAlg): SignerKeys {
    if (alg === 'sm2') {
      for (;;) {
        const privateKey = this.random(KEY_LENGTH);
        const publicKey = sm2PublicKey(privateKey);
        if (publicKey) return { privateKey, publicKey };
      }
    }
    const privateKey = this.random(KEY_LENGTH);
    return { privateKey, publicKey: ed25519PublicKey(privateKey) };
  }

  sign(alg: SignatureAlg, privateKey: Uint8Array, message: Uint8Array): Uint8Array {
    if (alg === 'sm2') return sm2Sign(privateKey, message, this.#random);
    return plainBytes(sign(null, message, ed25519PrivateKey(privateKey)));
  }

  verify(alg: SignatureAlg, publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean {
    if (alg === 'sm2') return isSm2Signature(publicKey, message, signature);
    if (publicKey.length !== KEY_LENGTH || signature.length !== 64) return false;
    const key = createPublicKey({ key: Buffer.concat([ED25519_PUBLIC, publicKey]), format: 'der', type: 'spki' });
    return verify(null, message, key, signature);
  }

  encryptBlocks(key: Uint8Array, blocks: Uint8Array, alg: BlockAlg = 'aes'): Uint8Array {
    assert(blocks.length % 16 === 0, 'blocks have 16 bytes each');
    const cipher = createCipheriv(alg === 'sm4' ? 'sm4-ecb' : key.length === 16 ? 'aes-128-ecb' : 'aes-256-ecb', key, null);
    cipher.setAutoPadding(false);
    return plainBytes(cipher.update(blocks));
  }
}

/** The system's primitives. One instance serves a whole process. */
export const nodePrimitives: Primitives = new NodePrimitives();

/** The 32-byte public key of a 32-byte Ed25519 private key (RFC 8032 section 5.1.5). */
export function ed25519PublicKey(privateKey: Uint8Array): Uint8Array {
  const spki = createPublicKey(ed25519PrivateKey(privateKey)).export({ type: 'spki', format: 'der' });
  return plainBytes(spki.subarray(ED25519_PUBLIC.length));
}

function ed25519PrivateKey(raw: Uint8Array) {
  assert(raw.length === KEY_LENGTH, 'an Ed25519 private key has 32 bytes');
  return createPrivateKey({ key: Buffer.concat([ED25519_PRIVATE, raw]), format: 'der', type: 'pkcs8' });
}

/** Whether the tag matched. `final` says so only by throwing. */
function isFinal(decipher: { final(): Buffer }): boolean {
  try {
    decipher.final();
    return true;
  } catch {
    return false;
  }
}
