import { concatBytes, utf8 } from '@lantai/values';

/** Length of a commitment's salt in bytes. */
export const SALT_BYTES = 32;

const LABEL = utf8('lantai/content-commitment/v1\n');

/**
 * What an entry says of a file's content: HMAC-SHA-256 under a random salt of the file's SHA-256. Whoever holds the salt (it travels in
 * the receipt) can prove which bytes were meant; to anyone else it is noise, and destroying the salt makes it noise for ever.
 * @param hmac HMAC-SHA-256 of (key, ...parts)
 * @param salt 32 random bytes, one salt for each entry
 * @param fileSha256 SHA-256 of the file's clear bytes
 * Normative: docs/spec/log-entry.md, "Content commitment".
 */
export function contentCommitment(
  hmac: (key: Uint8Array, ...parts: Uint8Array[]) => Uint8Array,
  salt: Uint8Array,
  fileSha256: Uint8Array,
): Uint8Array {
  if (salt.length !== SALT_BYTES || fileSha256.length !== 32) throw new RangeError('salt and digest are 32 bytes');
  return hmac(salt, concatBytes(LABEL, fileSha256));
}
