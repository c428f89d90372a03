import { createCipheriv, createDecipheriv, createHmac, timingSafeEqual } from 'node:crypto';
import { assert } from '@lantai/values';

const CIPHER_KEY_LENGTH = 16;
const KEY_LENGTH = 48;
const TAG_LENGTH = 16;
const IV_LENGTH = 16;

/** Initial counter block: the 12-byte nonce, then a 32-bit block counter from 0. */
function initialCounter(nonce: Uint8Array): Buffer {
  const iv = Buffer.alloc(IV_LENGTH);
  iv.set(nonce);
  return iv;
}

/** First 16 bytes of HMAC-SM3 over `nonce ‖ length of aad (32 bits) ‖ aad ‖ ciphertext`; the length makes the parts unambiguous. */
function tagOf(key: Uint8Array, nonce: Uint8Array, aad: Uint8Array, ciphertext: Uint8Array): Buffer {
  const aadLength = Buffer.alloc(4);
  aadLength.writeUInt32BE(aad.length);
  const mac = createHmac('sm3', key.subarray(CIPHER_KEY_LENGTH));
  return mac.update(nonce).update(aadLength).update(aad).update(ciphertext).digest().subarray(0, TAG_LENGTH);
}

/** Encrypt-then-MAC. Key: 16 bytes SM4, 32 bytes HMAC. Source: docs/spec/sealed-object.md, "The gm AEAD". */
export function sealSm4(key: Uint8Array, nonce: Uint8Array, aad: Uint8Array, plain: Uint8Array): Uint8Array {
  assert(key.length === KEY_LENGTH, 'the key of sm4-ctr-hmac-sm3 has 48 bytes');
  const ciphertext = createCipheriv('sm4-ctr', key.subarray(0, CIPHER_KEY_LENGTH), initialCounter(nonce)).update(plain);
  const out = new Uint8Array(ciphertext.length + TAG_LENGTH);
  out.set(ciphertext);
  out.set(tagOf(key, nonce, aad, ciphertext), ciphertext.length);
  return out;
}

/** Undoes {@link sealSm4}; null when the tag does not match, before anything is decrypted. `sealed` has at least 16 bytes. */
export function openSm4(key: Uint8Array, nonce: Uint8Array, aad: Uint8Array, sealed: Uint8Array): Uint8Array | null {
  assert(key.length === KEY_LENGTH, 'the key of sm4-ctr-hmac-sm3 has 48 bytes');
  const ciphertext = sealed.subarray(0, sealed.length - TAG_LENGTH);
  if (!timingSafeEqual(tagOf(key, nonce, aad, ciphertext), sealed.subarray(sealed.length - TAG_LENGTH))) return null;
  return new Uint8Array(createDecipheriv('sm4-ctr', key.subarray(0, CIPHER_KEY_LENGTH), initialCounter(nonce)).update(ciphertext));
}
