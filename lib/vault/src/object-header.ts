import { ArchiveError, assert, concatBytes, utf8 } from '@lantai/values';
import { equalSecret, hkdfExpand } from './keys.ts';
import { HEADER_LENGTH, MAX_CHUNK_COUNT } from './object-layout.ts';
import type { Primitives, SuiteId } from './primitives.ts';
import { findSuite, KEY_LENGTH, NONCE_LENGTH, SUITES, type Suite } from './suites.ts';

/** The first three bytes of every sealed object, "LTO"; the fourth names the suite; 20 random bytes complete the salt. */
const MAGIC = Uint8Array.of(0x4c, 0x54, 0x4f);
const SALT_LENGTH = 24;
const RANDOM_SALT_LENGTH = 20;
const COMMITMENT_LENGTH = 32;
const INFO_PREFIX = 'c2sp.org/chunked-encryption@v1+';

/** What an object is, as bytes or as text (its UTF-8 is taken). Ids are parted by `/` or by `encodeContext`, so that no two objects share one. */
export type ObjectContext = Uint8Array | string;

/** The keys of one object, out of its data key, salt and context. */
export interface Schedule {
  readonly suite: Suite;
  readonly aeadKey: Uint8Array;
  readonly baseNonce: Uint8Array;
  readonly commitment: Uint8Array;
}

/** C2SP chunked-encryption, "Key derivation". */
function deriveSchedule(p: Primitives, suite: Suite, key: Uint8Array, salt: Uint8Array, context: ObjectContext): Schedule {
  assert(key.length === KEY_LENGTH, 'a data key has 32 bytes');
  const info = concatBytes(utf8(`${INFO_PREFIX}${suite.aeadName}\0`), salt, typeof context === 'string' ? utf8(context) : context);
  const nonceAt = suite.aeadKeyLength;
  const commitmentAt = nonceAt + NONCE_LENGTH;
  const bytes = hkdfExpand(p, suite.scheduleHash, key, info, commitmentAt + COMMITMENT_LENGTH);
  return {
    suite,
    aeadKey: bytes.subarray(0, nonceAt),
    baseNonce: bytes.subarray(nonceAt, commitmentAt),
    commitment: bytes.subarray(commitmentAt),
  };
}

/** The 56 bytes that open a sealed object, and its keys. `randomSalt` is 20 bytes that never repeat under one key. */
export function createHeader(
  p: Primitives,
  suiteId: SuiteId,
  key: Uint8Array,
  context: ObjectContext,
  randomSalt: Uint8Array,
): { header: Uint8Array; schedule: Schedule } {
  assert(randomSalt.length === RANDOM_SALT_LENGTH, 'the random part of a salt has 20 bytes');
  const suite = SUITES[suiteId];
  const salt = concatBytes(MAGIC, Uint8Array.of(suite.byte), randomSalt);
  const schedule = deriveSchedule(p, suite, key, salt, context);
  return { header: concatBytes(salt, schedule.commitment), schedule };
}

/** The suite a sealed object names in its header, without any key. @throws ArchiveError `object/truncated`, `object/not-sealed`, `object/suite-unknown` (corruption). */
export function suiteOfObject(sealed: Uint8Array): SuiteId {
  return readSuite(sealed).id;
}

function readSuite(sealed: Uint8Array): Suite {
  if (sealed.length < HEADER_LENGTH) throw new ArchiveError('object/truncated', 'corruption', { lengthBytes: sealed.length });
  if (!MAGIC.every((byte, i) => sealed[i] === byte)) throw new ArchiveError('object/not-sealed', 'corruption');
  const suite = findSuite(sealed[MAGIC.length]);
  if (!suite) throw new ArchiveError('object/suite-unknown', 'corruption', { suite: sealed[MAGIC.length]! });
  return suite;
}

/**
 * The keys of a sealed object, after its commitment was checked.
 * INVARIANT: no chunk is decrypted before the commitment matched, so one file never opens under two keys.
 * @throws ArchiveError as {@link suiteOfObject}, and `object/key-mismatch` (corruption).
 */
export function readHeader(p: Primitives, key: Uint8Array, context: ObjectContext, sealed: Uint8Array): Schedule {
  const suite = readSuite(sealed);
  const schedule = deriveSchedule(p, suite, key, sealed.subarray(0, SALT_LENGTH), context);
  if (!equalSecret(schedule.commitment, sealed.subarray(SALT_LENGTH, HEADER_LENGTH))) {
    throw new ArchiveError('object/key-mismatch', 'corruption');
  }
  return schedule;
}

/** Seals and opens the chunks of one object by their number. */
export interface ChunkCipher {
  seal(chunk: number, plain: Uint8Array): Uint8Array;
  /** @throws ArchiveError `object/corrupt` (corruption). */
  open(chunk: number, sealed: Uint8Array): Uint8Array;
}

const NO_AAD = new Uint8Array(0);

/** The chunk cipher of a schedule. C2SP chunked-encryption, "AEAD usage": nonce = base nonce XOR chunk number, no additional data. */
export function createChunkCipher(p: Primitives, { suite, aeadKey, baseNonce }: Schedule): ChunkCipher {
  const nonceOf = (chunk: number) => {
    assert(chunk < MAX_CHUNK_COUNT, 'a sealed object has at most 2^32 chunks');
    const nonce = baseNonce.slice();
    for (let i = 0; i < 4; i++) nonce[NONCE_LENGTH - 1 - i]! ^= (chunk >>> (8 * i)) & 0xff;
    return nonce;
  };
  return {
    seal: (chunk, plain) => p.aeadSeal(suite.aead, aeadKey, nonceOf(chunk), NO_AAD, plain),
    open(chunk, sealed) {
      const plain = p.aeadOpen(suite.aead, aeadKey, nonceOf(chunk), NO_AAD, sealed);
      if (!plain) throw new ArchiveError('object/corrupt', 'corruption', { chunk });
      return plain;
    },
  };
}
