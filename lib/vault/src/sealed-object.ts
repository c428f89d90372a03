import { ArchiveError, assert } from '@lantai/values';
import { createChunkCipher, createHeader, type ObjectContext, readHeader } from './object-header.ts';
import { CHUNK_LENGTH, chunkCountOf, findPlainLength, HEADER_LENGTH, SEALED_CHUNK_LENGTH, sealedLengthOf } from './object-layout.ts';
import type { Primitives, SuiteId } from './primitives.ts';

/** What {@link sealObject} needs. */
export interface SealObjectInput {
  readonly suite: SuiteId;
  /** The object's own data key, 32 random bytes, used for this object only. */
  readonly key: Uint8Array;
  /** What the object is, bound into the key schedule: see `encodeContext`. Opening needs the same bytes. */
  readonly context: ObjectContext;
  readonly plain: Uint8Array;
  /** 20 random bytes; left out they come from `p.random`. Only vectors give them. */
  readonly salt?: Uint8Array;
}

/**
 * Seals a whole object held in memory. The result is 56 bytes and 16 bytes per started 16 KiB longer than `plain`.
 * Source: docs/spec/sealed-object.md, after C2SP chunked-encryption.
 */
export function sealObject(p: Primitives, { suite, key, context, plain, salt }: SealObjectInput): Uint8Array {
  const { header, schedule } = createHeader(p, suite, key, context, salt ?? p.random(20));
  const cipher = createChunkCipher(p, schedule);
  const sealed = new Uint8Array(sealedLengthOf(plain.length));
  sealed.set(header);
  const chunkCount = chunkCountOf(plain.length);
  for (let chunk = 0, at = HEADER_LENGTH; chunk < chunkCount; chunk++) {
    const bytes = cipher.seal(chunk, plain.subarray(chunk * CHUNK_LENGTH, (chunk + 1) * CHUNK_LENGTH));
    sealed.set(bytes, at);
    at += bytes.length;
  }
  return sealed;
}

/**
 * Opens a whole sealed object. The suite is read from the file.
 * @throws ArchiveError, all corruption: `object/not-sealed`, `object/suite-unknown`, `object/truncated`,
 * `object/key-mismatch` (another key or context, or an altered header), `object/corrupt` (an altered chunk, its number in the detail).
 */
export function openObject(
  p: Primitives,
  { key, context, sealed }: { key: Uint8Array; context: ObjectContext; sealed: Uint8Array },
): Uint8Array {
  const schedule = readHeader(p, key, context, sealed);
  const plainLength = findPlainLength(sealed.length);
  if (plainLength === null) throw new ArchiveError('object/truncated', 'corruption', { lengthBytes: sealed.length });
  const cipher = createChunkCipher(p, schedule);
  const plain = new Uint8Array(plainLength);
  const chunkCount = chunkCountOf(plainLength);
  for (let chunk = 0, from = HEADER_LENGTH; chunk < chunkCount; chunk++, from += SEALED_CHUNK_LENGTH) {
    const bytes = cipher.open(chunk, sealed.subarray(from, from + SEALED_CHUNK_LENGTH));
    plain.set(bytes, chunk * CHUNK_LENGTH);
  }
  return plain;
}

/** What {@link openRange} needs. */
export interface OpenRangeInput {
  readonly key: Uint8Array;
  readonly context: ObjectContext;
  /** Length of the sealed object in bytes, from a place one trusts (its row), not from the object. */
  readonly sealedLength: number;
  /** First byte wanted, and how many, of the plain object. */
  readonly offset: number;
  readonly length: number;
  /** Reads that many bytes of the sealed object, such as `BlobStore.getRange`. */
  readonly read: (offset: number, length: number) => Promise<Uint8Array>;
}

/**
 * Opens a part of an object, reading the header and the chunks it touches only.
 * @throws ArchiveError `object/range` (caller) when the part is not inside the object; else as {@link openObject}.
 */
export async function openRange(p: Primitives, input: OpenRangeInput): Promise<Uint8Array> {
  const { offset, length, sealedLength } = input;
  const plainLength = findPlainLength(sealedLength);
  if (plainLength === null) throw new ArchiveError('object/truncated', 'corruption', { lengthBytes: sealedLength });
  if (!Number.isSafeInteger(offset) || !Number.isSafeInteger(length) || offset < 0 || length < 0 || offset + length > plainLength) {
    throw new ArchiveError('object/range', 'caller', { offset, lengthBytes: length, objectBytes: plainLength });
  }
  const first = Math.floor(offset / CHUNK_LENGTH);
  const last = length === 0 ? first : Math.floor((offset + length - 1) / CHUNK_LENGTH);
  const from = HEADER_LENGTH + first * SEALED_CHUNK_LENGTH;
  const to = Math.min(HEADER_LENGTH + (last + 1) * SEALED_CHUNK_LENGTH, sealedLength);
  const [header, sealed] = await Promise.all([input.read(0, HEADER_LENGTH), input.read(from, to - from)]);
  const cipher = createChunkCipher(p, readHeader(p, input.key, input.context, header));
  if (sealed.length !== to - from) throw new ArchiveError('object/truncated', 'corruption', { lengthBytes: sealed.length });
  const plain = new Uint8Array(length);
  for (let chunk = first; chunk <= last; chunk++) {
    const at = (chunk - first) * SEALED_CHUNK_LENGTH;
    const bytes = cipher.open(chunk, sealed.subarray(at, at + SEALED_CHUNK_LENGTH));
    const start = chunk * CHUNK_LENGTH;
    const cut = bytes.subarray(Math.max(0, offset - start), Math.max(0, offset + length - start));
    plain.set(cut, Math.max(0, start - offset));
  }
  assert(plain.length === length, 'a range is as long as asked');
  return plain;
}
