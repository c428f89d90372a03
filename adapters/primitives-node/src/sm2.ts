import { createHash } from 'node:crypto';
import { assert } from '@lantai/values';
import { weierstrass } from '@noble/curves/abstract/weierstrass.js';

// The recommended curve of GB/T 32918.5, section 2.
const p = 0xfffffffeffffffffffffffffffffffffffffffff00000000ffffffffffffffffn;
const a = p - 3n;
const b = 0x28e9fa9e9d9f5e344d5a9e4bcf6509a7f39789f515ab8f92ddbcbd414d940e93n;
const n = 0xfffffffeffffffffffffffffffffffff7203df6b21c6052b53bbf40939d54123n;
const Gx = 0x32c4ae2c1f1981195f9904466a39c9948fe30bbff2660be1715a4589334c74c7n;
const Gy = 0xbc3736a2f4f6779c59bdcee36b692153d0a9877cc62a474002df32e52139f0a0n;
const Point = weierstrass({ p, a, b, n, Gx, Gy, h: 1n });

/** The user id everyone uses when none was agreed (GM/T 0009 section 10). */
export const SM2_USER_ID = '1234567812345678';
const SCALAR_LENGTH = 32;

const readScalar = (bytes: Uint8Array): bigint => BigInt(`0x${Buffer.from(bytes).toString('hex')}`);
const formatScalar = (value: bigint): Buffer => Buffer.from(value.toString(16).padStart(2 * SCALAR_LENGTH, '0'), 'hex');
const modN = (value: bigint): bigint => ((value % n) + n) % n;

function sm3(...parts: Uint8Array[]): Buffer {
  const digest = createHash('sm3');
  for (const part of parts) digest.update(part);
  return digest.digest();
}

/** Z_A (GB/T 32918.2 section 5.5): the digest that ties a signature to the signer's id, the curve and the public key. */
export function sm2UserDigest(publicKey: Uint8Array, userId: string = SM2_USER_ID): Uint8Array {
  const id = Buffer.from(userId);
  const bits = Buffer.alloc(2);
  bits.writeUInt16BE(id.length * 8);
  return sm3(bits, id, formatScalar(a), formatScalar(b), formatScalar(Gx), formatScalar(Gy), publicKey.subarray(1));
}

/** The public point `04 ‖ x ‖ y` of a 32-byte private key; null when the number is not in 1 … n−2 (GB/T 32918.1 section 6.1). */
export function sm2PublicKey(privateKey: Uint8Array): Uint8Array | null {
  assert(privateKey.length === SCALAR_LENGTH, 'an SM2 private key has 32 bytes');
  const d = readScalar(privateKey);
  if (d < 1n || d > n - 2n) return null;
  return Point.BASE.multiply(d).toBytes(false);
}

/**
 * Signs (GB/T 32918.2 section 6.1) with the default user id: `r ‖ s`, 64 bytes.
 * BigInt arithmetic is not constant time: long-lived keys belong in a cipher machine (密码机) behind the same interface.
 * @param random source of the one-time number k; the standard's example gives its own.
 */
export function sm2Sign(privateKey: Uint8Array, message: Uint8Array, random: (length: number) => Uint8Array): Uint8Array {
  const publicKey = sm2PublicKey(privateKey);
  assert(publicKey, 'an SM2 private key lies in 1 … n−2');
  const d = readScalar(privateKey);
  const e = readScalar(sm3(sm2UserDigest(publicKey), message));
  for (;;) {
    const k = readScalar(random(SCALAR_LENGTH));
    if (k < 1n || k >= n) continue;
    const r = modN(e + Point.BASE.multiply(k).toAffine().x);
    if (r === 0n || r + k === n) continue;
    const s = modN(Point.Fn.inv(modN(1n + d)) * modN(k - r * d));
    if (s !== 0n) return new Uint8Array(Buffer.concat([formatScalar(r), formatScalar(s)]));
  }
}

/** Verifies `r ‖ s` (GB/T 32918.2 section 7.1) with the default user id; malformed input gives false. */
export function isSm2Signature(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean {
  if (signature.length !== 2 * SCALAR_LENGTH) return false;
  const signer = findPoint(publicKey);
  if (!signer) return false;
  const r = readScalar(signature.subarray(0, SCALAR_LENGTH));
  const s = readScalar(signature.subarray(SCALAR_LENGTH));
  if (r < 1n || r >= n || s < 1n || s >= n) return false;
  const t = modN(r + s);
  if (t === 0n) return false;
  const e = readScalar(sm3(sm2UserDigest(publicKey), message));
  const sum = Point.BASE.multiplyUnsafe(s).add(signer.multiplyUnsafe(t));
  return !sum.is0() && modN(e + sum.toAffine().x) === r;
}

/** The point of an uncompressed public key; null when it is malformed, off the curve or at infinity. */
function findPoint(publicKey: Uint8Array) {
  if (publicKey.length !== 65 || publicKey[0] !== 4) return null;
  try {
    const point = Point.fromBytes(publicKey);
    point.assertValidity();
    return point;
  } catch {
    // noble reports a bad encoding only by throwing; for a verifier it is an outcome.
    return null;
  }
}
