import { ArchiveError, assert, concatBytes, utf8 } from '@lantai/values';
import { interpolate, type Point } from './gf256.ts';
import { equalSecret } from './keys.ts';
import type { Primitives } from './primitives.ts';

/** Most shares a secret is split into; more than a table of officers needs. */
export const SHARE_COUNT_MAX = 16;
const SECRET_LENGTH = 32;
const SET_LENGTH = 4;
const DIGEST_LENGTH = 4;
/** Places of the polynomial that no share has. Source: SLIP-39, "Shamir's secret sharing". */
const [SECRET_X, DIGEST_X] = [255, 254];
const VERSION = 1;
/** Bytes of a share: version, set, needed, count, number, value. */
export const SHARE_LENGTH = 4 + SET_LENGTH + SECRET_LENGTH;
const COMMITMENT_LENGTH = 16;

/** One share of a secret. Nothing of the secret is known to who holds fewer than `needed`. */
export interface Share {
  /** Four random bytes that shares made together have in common. */
  readonly set: Uint8Array;
  readonly needed: number;
  readonly count: number;
  /** From 1. */
  readonly number: number;
  readonly value: Uint8Array;
}

/** What may be known to everybody, and names a wrong share: kept where the shares are asked for. */
export interface ShareSet {
  readonly set: Uint8Array;
  readonly needed: number;
  readonly count: number;
  /** A digest of each share, in order of their numbers; 16 bytes. */
  readonly commitments: readonly Uint8Array[];
}

/** What came of putting shares together. Numbers are those on the shares. */
export type Combined =
  | { readonly kind: 'secret'; readonly secret: Uint8Array }
  | { readonly kind: 'too-few'; readonly needed: number; readonly given: number }
  /** These are not what was handed out: altered, or of another splitting. */
  | { readonly kind: 'wrong-shares'; readonly numbers: readonly number[] }
  /** The shares agree in form, but what they give is not the secret, and nothing tells which of them is wrong. */
  | { readonly kind: 'wrong-somewhere'; readonly numbers: readonly number[] };

/**
 * Splits 32 bytes into `count` shares of which any `needed` give them back: Shamir's scheme over GF(256), byte by byte, laid out as SLIP-39
 * does: the secret at place 255, and at 254 a digest of it with random bytes, so that wrong shares never give a wrong secret unseen.
 */
export function splitSecret(
  p: Primitives,
  secret: Uint8Array,
  { needed, count }: { needed: number; count: number },
): { shares: Share[]; set: ShareSet } {
  assert(secret.length === SECRET_LENGTH, 'a secret has 32 bytes');
  if (!Number.isInteger(needed) || !Number.isInteger(count) || needed < 2 || needed > count || count > SHARE_COUNT_MAX) {
    throw new ArchiveError('share/counts-impossible', 'caller', { max: SHARE_COUNT_MAX });
  }
  const id = p.random(SET_LENGTH);
  const padding = p.random(SECRET_LENGTH - DIGEST_LENGTH);
  // The first needed − 2 shares are random; with secret and digest they fix the polynomials, and the other shares.
  const known: Point[] = Array.from({ length: needed - 2 }, (_, i) => ({ x: i, y: p.random(SECRET_LENGTH) }));
  const fixed: Point[] = [...known, { x: DIGEST_X, y: concatBytes(digestOf(p, secret, padding), padding) }, { x: SECRET_X, y: secret }];
  const shares = Array.from({ length: count }, (_, i) => ({
    set: id,
    needed,
    count,
    number: i + 1,
    value: known[i]?.y ?? interpolate(fixed, i),
  }));
  return { shares, set: { set: id, needed, count, commitments: shares.map((share) => commitmentOf(p, share)) } };
}

/**
 * Puts shares together. INVARIANT: never gives bytes that are not the secret that was split, except by guessing 32 bits, and 2^-128 with `known`.
 * @param known what was kept of the splitting; with it each wrong share is named. Without it the shares must agree among themselves, and a wrong
 * one is named when enough right ones are there beside it.
 */
export function combineShares(p: Primitives, given: readonly Share[], known?: ShareSet): Combined {
  const shares = [...new Map(given.map((share) => [`${share.number}/${share.value.join()}`, share])).values()];
  const numbers = shares.map((share) => share.number);
  if (known) {
    const wrong = shares.filter((share) => !isOf(p, share, known)).map((share) => share.number);
    if (wrong.length) return { kind: 'wrong-shares', numbers: wrong };
  }
  const first = shares[0];
  if (!first) return { kind: 'too-few', needed: known?.needed ?? 2, given: 0 };
  const strange = shares.filter((s) => !equalSecret(s.set, first.set) || s.needed !== first.needed || s.count !== first.count);
  // Two holders of one number, or shares of two splittings: which of them is the stranger cannot be said from here.
  if (strange.length || new Set(numbers).size < numbers.length) return { kind: 'wrong-somewhere', numbers };
  if (shares.length < first.needed) return { kind: 'too-few', needed: first.needed, given: shares.length };
  for (const some of choose(shares, first.needed)) {
    const secret = findSecret(p, some);
    if (!secret) continue;
    const wrong = shares.filter((share) => !some.includes(share) && !liesOn(some, share)).map((share) => share.number);
    return wrong.length ? { kind: 'wrong-shares', numbers: wrong } : { kind: 'secret', secret };
  }
  return { kind: 'wrong-somewhere', numbers };
}

const pointOf = (share: Share): Point => ({ x: share.number - 1, y: share.value });

/** Source: SLIP-39: the digest's first four bytes are those of HMAC-SHA-256 of the secret under the random rest. */
const digestOf = (p: Primitives, secret: Uint8Array, padding: Uint8Array): Uint8Array =>
  p.hmac('sha256', padding, secret).subarray(0, DIGEST_LENGTH);

function findSecret(p: Primitives, shares: readonly Share[]): Uint8Array | null {
  const points = shares.map(pointOf);
  const secret = interpolate(points, SECRET_X);
  const check = interpolate(points, DIGEST_X);
  return equalSecret(check.subarray(0, DIGEST_LENGTH), digestOf(p, secret, check.subarray(DIGEST_LENGTH))) ? secret : null;
}

const liesOn = (some: readonly Share[], share: Share): boolean =>
  equalSecret(interpolate(some.map(pointOf), share.number - 1), share.value);

function commitmentOf(p: Primitives, share: Share): Uint8Array {
  return p.hash('sha256', utf8('lantai/share-commitment/v1'), encodeShare(share)).subarray(0, COMMITMENT_LENGTH);
}

function isOf(p: Primitives, share: Share, known: ShareSet): boolean {
  const commitment = known.commitments[share.number - 1];
  return commitment !== undefined && equalSecret(commitment, commitmentOf(p, share));
}

/** All choices of `size` shares; at most C(16, 8). */
function* choose(shares: readonly Share[], size: number, from = 0): Iterable<Share[]> {
  if (size === 0) {
    yield [];
    return;
  }
  for (let i = from; i <= shares.length - size; i++) for (const rest of choose(shares, size - 1, i + 1)) yield [shares[i]!, ...rest];
}

/** A share as 40 bytes. */
export function encodeShare({ set, needed, count, number, value }: Share): Uint8Array {
  return concatBytes(Uint8Array.of(VERSION, needed, count, number), set, value);
}

/** Undoes {@link encodeShare}; null when these bytes are no share. */
export function findShare(bytes: Uint8Array): Share | null {
  const [version, needed = 0, count = 0, number = 0] = bytes;
  const isShare = bytes.length === SHARE_LENGTH && version === VERSION && needed >= 2 && needed <= count && count <= SHARE_COUNT_MAX;
  if (!isShare || number < 1 || number > count) return null;
  return { set: bytes.slice(4, 4 + SET_LENGTH), needed, count, number, value: bytes.slice(4 + SET_LENGTH) };
}
