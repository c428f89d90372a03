import { TAG_LENGTH } from './suites.ts';

/** Bytes of plain text in every chunk but the last, which is always shorter and may be empty. */
export const CHUNK_LENGTH = 16 * 1024;
/** Bytes of such a chunk once sealed. */
export const SEALED_CHUNK_LENGTH = CHUNK_LENGTH + TAG_LENGTH;
/** Bytes before the first chunk: 24 of salt, 32 of commitment. */
export const HEADER_LENGTH = 56;
/** Chunks an object may have: 64 TiB. C2SP allows 2^38; 2^32 is the least it recommends. */
export const MAX_CHUNK_COUNT = 2 ** 32;

/** Chunks of an object of `plainLength` bytes, the last short one included. */
export const chunkCountOf = (plainLength: number): number => Math.floor(plainLength / CHUNK_LENGTH) + 1;

/** Bytes of the sealed object that holds `plainLength` bytes. */
export const sealedLengthOf = (plainLength: number): number => HEADER_LENGTH + plainLength + chunkCountOf(plainLength) * TAG_LENGTH;

/** Bytes inside a sealed object of `sealedLength` bytes; null when no whole object has that length, that is, it was cut. */
export function findPlainLength(sealedLength: number): number | null {
  const body = sealedLength - HEADER_LENGTH;
  if (!Number.isSafeInteger(sealedLength) || body < TAG_LENGTH) return null;
  const lastLength = body % SEALED_CHUNK_LENGTH;
  if (lastLength < TAG_LENGTH) return null;
  return Math.floor(body / SEALED_CHUNK_LENGTH) * CHUNK_LENGTH + lastLength - TAG_LENGTH;
}
