import { assert } from '@lantai/values';

/** GF(2^8) with the polynomial x^8 + x^4 + x^3 + x + 1, that of AES and SLIP-39. */
const POLYNOMIAL = 0x11b;

/**
 * Product of two elements. Without tables and branches on the values, so that neither time nor cache tells of a secret.
 * Source: FIPS 197 section 4.2.
 */
export function multiply(a: number, b: number): number {
  let product = 0;
  let factor = a;
  for (let bit = 0; bit < 8; bit++) {
    product ^= -((b >> bit) & 1) & factor;
    factor = (factor << 1) ^ (-((factor >> 7) & 1) & POLYNOMIAL);
  }
  return product & 0xff;
}

/** The element whose product with `a` is 1: a^254. @throws when `a` is 0 (a bug) */
export function invert(a: number): number {
  assert(a !== 0, 'zero has no inverse');
  let result = 1;
  let power = a;
  for (let bit = 1; bit < 8; bit++) {
    power = multiply(power, power);
    result = multiply(result, power);
  }
  return result;
}

/** A point of several polynomials at once, one a byte: the place and the bytes there. */
export interface Point {
  readonly x: number;
  readonly y: Uint8Array;
}

/** The bytes at `x` of the polynomials of least degree through `points` (Lagrange). The places are distinct and the bytes equally many. */
export function interpolate(points: readonly Point[], x: number): Uint8Array {
  assert(new Set(points.map((p) => p.x)).size === points.length, 'the places of points are distinct');
  const out = new Uint8Array(points[0]?.y.length ?? 0);
  for (const point of points) {
    let weight = 1;
    for (const other of points) {
      if (other === point) continue;
      weight = multiply(weight, multiply(x ^ other.x, invert(point.x ^ other.x)));
    }
    for (let i = 0; i < out.length; i++) out[i]! ^= multiply(weight, point.y[i]!);
  }
  return out;
}
