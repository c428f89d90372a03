import { ArchiveError, assert, concatBytes, utf8 } from '@lantai/values';
import type { HashAlg, Primitives, SuiteId } from './primitives.ts';
import { KEY_LENGTH, SUITES } from './suites.ts';

const NO_SALT = new Uint8Array(0);

/** True when both hold the same bytes, in a time that depends on the length only. For commitments and tags. */
export function equalSecret(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  let difference = 0;
  for (let i = 0; i < a.length; i++) difference |= a[i]! ^ b[i]!;
  return difference === 0;
}

/** HKDF-Expand alone (RFC 5869 section 2.3), for a `prk` that is already uniformly random. `length` in bytes. */
export function hkdfExpand(p: Primitives, alg: HashAlg, prk: Uint8Array, info: Uint8Array, length: number): Uint8Array {
  const out = new Uint8Array(length);
  let block: Uint8Array = new Uint8Array(0);
  for (let at = 0, counter = 1; at < length; counter++) {
    assert(counter <= 255, 'HKDF-Expand gives at most 255 blocks');
    block = p.hmac(alg, prk, block, info, Uint8Array.of(counter));
    out.set(block.subarray(0, length - at), at);
    at += block.length;
  }
  return out;
}

/**
 * A 32-byte key for one use, out of a 32-byte key and a label such as `lantai/column/v1` (HKDF, empty salt, the label as info).
 * INVARIANT: a key out of the KeyStore is never used itself, only keys derived from it, so no two uses share key bytes.
 * Costs tens of microseconds: callers keep what they derive.
 */
export function deriveKey(p: Primitives, key: Uint8Array, label: string, suite: SuiteId = 'intl'): Uint8Array {
  assert(key.length === KEY_LENGTH, 'a key has 32 bytes');
  return p.hkdf(SUITES[suite].digest, key, NO_SALT, utf8(label), KEY_LENGTH);
}

/** Label under which a key wraps other keys: `deriveKey(p, key, WRAP_LABEL)` is the key-encrypting key. */
export const WRAP_LABEL = 'lantai/wrap/v1';
/** Label of the key for sealed columns. */
export const COLUMN_LABEL = 'lantai/column/v1';

/** Wraps a 32-byte key: 40 bytes for the row of an object. `kek` is `deriveKey(p, dossierKey, WRAP_LABEL, suite)`. */
export function wrapKey(p: Primitives, { suite, kek, key }: { suite: SuiteId; kek: Uint8Array; key: Uint8Array }): Uint8Array {
  assert(kek.length === KEY_LENGTH && key.length === KEY_LENGTH, 'keys have 32 bytes');
  return p.wrapKey(suite, kek, key);
}

/** Undoes {@link wrapKey}. @throws ArchiveError `key/unwrap-failed` (corruption) when the wrapped bytes or the wrapping key are not the right ones. */
export function unwrapKey(p: Primitives, { suite, kek, wrapped }: { suite: SuiteId; kek: Uint8Array; wrapped: Uint8Array }): Uint8Array {
  assert(kek.length === KEY_LENGTH, 'keys have 32 bytes');
  const key = wrapped.length === KEY_LENGTH + 8 ? p.unwrapKey(suite, kek, wrapped) : null;
  if (!key) throw new ArchiveError('key/unwrap-failed', 'corruption');
  return key;
}

/**
 * Context or additional data out of texts, unambiguous: each part is preceded by its length in bytes (16 bits, big-endian).
 * The first part names the use (`lantai/page/v1`), the others are ids. Parts are at most 65,535 bytes.
 */
export function encodeContext(...parts: readonly string[]): Uint8Array {
  return concatBytes(
    ...parts.flatMap((part) => {
      const bytes = utf8(part);
      assert(bytes.length <= 0xffff, 'a context part is at most 65,535 bytes');
      return [Uint8Array.of(bytes.length >> 8, bytes.length & 0xff), bytes];
    }),
  );
}
