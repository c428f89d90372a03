import { concatBytes, formatHex, utf8 } from '@lantai/values';
import { weierstrass } from '@noble/curves/abstract/weierstrass.js';
import { sm3 } from './sm3.ts';

// The recommended curve of GB/T 32918.5, section 2.
const p = 0xfffffffeffffffffffffffffffffffffffffffff00000000ffffffffffffffffn;
const a = p - 3n;
const b = 0x28e9fa9e9d9f5e344d5a9e4bcf6509a7f39789f515ab8f92ddbcbd414d940e93n;
const n = 0xfffffffeffffffffffffffffffffffff7203df6b21c6052b53bbf40939d54123n;
const Gx = 0x32c4ae2c1f1981195f9904466a39c9948fe30bbff2660be1715a4589334c74c7n;
const Gy = 0xbc3736a2f4f6779c59bdcee36b692153d0a9877cc62a474002df32e52139f0a0n;
const Point = weierstrass({ p, a, b, n, Gx, Gy, h: 1n });

const SCALAR_BYTES = 32;
/** The user id everyone uses when none was agreed (GM/T 0009 section 10). */
const USER_ID = utf8('1234567812345678');

const readNumber = (bytes: Uint8Array) => BigInt(`0x${formatHex(bytes)}`);
const formatNumber = (value: bigint) =>
  Uint8Array.from(
    value
      .toString(16)
      .padStart(2 * SCALAR_BYTES, '0')
      .match(/../g)!,
    (pair) => Number.parseInt(pair, 16),
  );

/** What goes before the message under the digest: the id's length in bits, the id and the curve (GB/T 32918.2 section 5.5). */
const BEFORE_KEY = concatBytes(Uint8Array.of(0, USER_ID.length * 8), USER_ID, ...[a, b, Gx, Gy].map(formatNumber));

/**
 * Verifies an SM2 signature `r ‖ s` (64 bytes) with SM3 and the default user id, by a public key `04 ‖ x ‖ y`. Malformed input gives
 * false, never a throw. Source: GB/T 32918.2 section 7.1. Written apart from the server's, which it must agree with.
 */
export function isSm2SignatureInBrowser(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean {
  if (publicKey.length !== 1 + 2 * SCALAR_BYTES || publicKey[0] !== 4 || signature.length !== 2 * SCALAR_BYTES) return false;
  const r = readNumber(signature.subarray(0, SCALAR_BYTES));
  const s = readNumber(signature.subarray(SCALAR_BYTES));
  const t = (r + s) % n;
  if (r < 1n || r >= n || s < 1n || s >= n || t === 0n) return false;
  const signer = findPoint(publicKey);
  if (!signer) return false;
  const e = readNumber(sm3(sm3(BEFORE_KEY, publicKey.subarray(1)), message));
  const sum = Point.BASE.multiplyUnsafe(s).add(signer.multiplyUnsafe(t));
  return !sum.is0() && (e + sum.toAffine().x) % n === r;
}

function findPoint(publicKey: Uint8Array) {
  try {
    const point = Point.fromBytes(publicKey);
    point.assertValidity();
    return point;
  } catch {
    // noble says only by throwing that a key is no point of the curve: an expected outcome for a key from outside.
    return null;
  }
}
