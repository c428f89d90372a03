import { ArchiveError } from '@lantai/values';
import type { AeadAlg, HashAlg, SignatureAlg, SuiteId } from './primitives.ts';

/** What a suite is made of. Suites are data: code asks the table and never compares ids. */
export interface Suite {
  readonly id: SuiteId;
  /** The byte that names the suite in headers of sealed objects, sealed columns and key files. */
  readonly byte: number;
  readonly aead: AeadAlg;
  /** Name of the AEAD inside the key schedule: from the IANA registry, or private with `X_`. */
  readonly aeadName: string;
  /** Bytes of AEAD key: 32, or 48 for a cipher key and a MAC key. */
  readonly aeadKeyLength: number;
  /** Hash of the key schedule of sealed objects (HKDF-Expand). */
  readonly scheduleHash: HashAlg;
  /** Digest and HMAC everywhere else. */
  readonly digest: HashAlg;
  readonly signature: SignatureAlg;
}

/** Nonce of every AEAD here, in bytes. */
export const NONCE_LENGTH = 12;
/** Tag of every AEAD here, in bytes. */
export const TAG_LENGTH = 16;
/** Every key handed about in Lantai, in bytes. */
export const KEY_LENGTH = 32;

/** The suites by id. The bytes are frozen: they stand in files. */
export const SUITES: Readonly<Record<SuiteId, Suite>> = {
  intl: {
    id: 'intl',
    byte: 0x01,
    aead: 'aes-256-gcm',
    aeadName: 'AEAD_AES_256_GCM',
    aeadKeyLength: 32,
    scheduleHash: 'sha512',
    digest: 'sha256',
    signature: 'ed25519',
  },
  gm: {
    id: 'gm',
    byte: 0x02,
    aead: 'sm4-ctr-hmac-sm3',
    aeadName: 'X_SM4_CTR_HMAC_SM3_128',
    aeadKeyLength: 48,
    scheduleHash: 'sm3',
    digest: 'sm3',
    signature: 'sm2',
  },
};

/** The suite named by a header byte; null when this version knows none by it. */
export function findSuite(byte: number | undefined): Suite | null {
  return Object.values(SUITES).find((suite) => suite.byte === byte) ?? null;
}

/** The suite with this id. @throws ArchiveError `suite/unknown` (caller), for an id out of a configuration. */
export function getSuite(id: string): Suite {
  const suite = Object.values(SUITES).find((s) => s.id === id);
  if (!suite) throw new ArchiveError('suite/unknown', 'caller');
  return suite;
}
