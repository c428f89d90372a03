import type { HashFunction } from './merkle.ts';

/** Signature algorithms a log line may be signed with. */
export type SignatureAlgorithm = 'ed25519' | 'sm2';

/** The cryptography a verifier of receipts and checkpoints is handed; `Primitives` of `@lantai/vault` fits it. */
export interface LogPrimitives {
  /** SHA-256 over the parts laid end to end. */
  hash(alg: 'sha256', ...parts: Uint8Array[]): Uint8Array;
  /** HMAC-SHA-256 over the parts laid end to end. Source: RFC 2104. */
  hmac(alg: 'sha256', key: Uint8Array, ...parts: Uint8Array[]): Uint8Array;
  /** True when the signature holds. An algorithm not at hand, a malformed key or signature: false, never a throw. */
  verify(alg: SignatureAlgorithm, publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean;
}

/** What a signer of checkpoints is handed. */
export interface SigningPrimitives {
  hash(alg: 'sha256', ...parts: Uint8Array[]): Uint8Array;
  sign(alg: SignatureAlgorithm, privateKey: Uint8Array, message: Uint8Array): Uint8Array;
}

/** SHA-256 of these primitives as the tree wants it. */
export const treeHash =
  (p: Pick<LogPrimitives, 'hash'>): HashFunction =>
  (...parts) =>
    p.hash('sha256', ...parts);
