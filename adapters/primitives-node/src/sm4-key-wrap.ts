import { createCipheriv, createDecipheriv, createHmac, timingSafeEqual } from 'node:crypto';

const HALF = 8;
const ROUNDS = 6;
const INTEGRITY = Buffer.from('a6a6a6a6a6a6a6a6', 'hex');
const KEK_LABEL = 'lantai/sm4-key-wrap/v1';

/** SM4 takes 16 bytes: the first half of HMAC-SM3 of the label under the 32-byte key-encrypting key. */
const sm4KeyOf = (kek: Uint8Array): Buffer => createHmac('sm3', kek).update(KEK_LABEL).digest().subarray(0, 16);

/** The step number t of RFC 3394 into the low bytes of A; t stays below 256 for a 32-byte key. */
function mixStep(a: Buffer, t: number): void {
  a[HALF - 1]! ^= t;
}

/** Key wrap of RFC 3394 section 2.2.1 (KW of NIST SP 800-38F) over SM4 instead of AES: 32 bytes to 40. */
export function wrapWithSm4(kek: Uint8Array, key: Uint8Array): Uint8Array {
  const cipher = createCipheriv('sm4-ecb', sm4KeyOf(kek), null).setAutoPadding(false);
  const n = key.length / HALF;
  const a = Buffer.from(INTEGRITY);
  const r = Buffer.from(key);
  for (let j = 0; j < ROUNDS; j++) {
    for (let i = 0; i < n; i++) {
      const block = cipher.update(Buffer.concat([a, r.subarray(i * HALF, (i + 1) * HALF)]));
      a.set(block.subarray(0, HALF));
      mixStep(a, n * j + i + 1);
      r.set(block.subarray(HALF), i * HALF);
    }
  }
  return new Uint8Array(Buffer.concat([a, r]));
}

/** Undoes {@link wrapWithSm4} (RFC 3394 section 2.2.2); null when the integrity value is not found. */
export function unwrapWithSm4(kek: Uint8Array, wrapped: Uint8Array): Uint8Array | null {
  const decipher = createDecipheriv('sm4-ecb', sm4KeyOf(kek), null).setAutoPadding(false);
  const n = wrapped.length / HALF - 1;
  const a = Buffer.from(wrapped.subarray(0, HALF));
  const r = Buffer.from(wrapped.subarray(HALF));
  for (let j = ROUNDS - 1; j >= 0; j--) {
    for (let i = n - 1; i >= 0; i--) {
      mixStep(a, n * j + i + 1);
      const block = decipher.update(Buffer.concat([a, r.subarray(i * HALF, (i + 1) * HALF)]));
      a.set(block.subarray(0, HALF));
      r.set(block.subarray(HALF), i * HALF);
    }
  }
  return timingSafeEqual(a, INTEGRITY) ? new Uint8Array(r) : null;
}
