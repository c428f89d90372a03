/** Digests known to Lantai. `sha512` serves only the key schedule of sealed objects (Cobblestone-256); addresses and the log use the other two. */
export type HashAlg = 'sha256' | 'sha512' | 'sm3';

/** Authenticated ciphers. Key lengths: 32 bytes for `aes-256-gcm`; 48 bytes (16 SM4, then 32 HMAC) for `sm4-ctr-hmac-sm3`. Nonce 12, tag 16 bytes in both. Neither commits to its key. */
export type AeadAlg = 'aes-256-gcm' | 'sm4-ctr-hmac-sm3';

/** Signature schemes. SM2 is always with user id `1234567812345678` (GM/T 0009), never plain ECDSA over its curve. */
export type SignatureAlg = 'ed25519' | 'sm2';

/** Block ciphers for {@link Primitives.encryptBlocks}. */
export type BlockAlg = 'aes' | 'sm4';

/** A cipher suite: `intl` AES-256-GCM, SHA-256, Ed25519; `gm` SM4-CTR with HMAC-SM3, SM3, SM2. */
export type SuiteId = 'intl' | 'gm';

/** A signing key pair as raw bytes: Ed25519 32 and 32 bytes; SM2 32 bytes and the 65-byte point `04 ‖ x ‖ y`. */
export interface SignerKeys {
  readonly privateKey: Uint8Array;
  readonly publicKey: Uint8Array;
}

/**
 * The cryptography that `lib` needs, handed in so that `lib` stays pure and tests can use fixed randomness.
 * All calls are synchronous and none keeps a reference to the keys it was given.
 * Wrong lengths are bugs and throw; a failed authentication is an outcome and gives null or false.
 */
export interface Primitives {
  /** Digest of the parts one after another: 32 bytes, 64 for `sha512`. */
  hash(alg: HashAlg, ...parts: Uint8Array[]): Uint8Array;
  /** HMAC (RFC 2104) of the parts one after another, as long as the digest. */
  hmac(alg: HashAlg, key: Uint8Array, ...parts: Uint8Array[]): Uint8Array;
  /** HKDF, extract then expand (RFC 5869). `length` in bytes, at most 255 digests. */
  hkdf(alg: HashAlg, key: Uint8Array, salt: Uint8Array, info: Uint8Array, length: number): Uint8Array;
  /** Ciphertext followed by the 16-byte tag. A nonce must never repeat under one key. */
  aeadSeal(aead: AeadAlg, key: Uint8Array, nonce: Uint8Array, aad: Uint8Array, plain: Uint8Array): Uint8Array;
  /** The plain bytes, or null when key, nonce, additional data or any bit is not what was sealed. */
  aeadOpen(aead: AeadAlg, key: Uint8Array, nonce: Uint8Array, aad: Uint8Array, sealed: Uint8Array): Uint8Array | null;
  /** Wraps a 32-byte key under a 32-byte key: 40 bytes, deterministic (RFC 3394; under `gm` the same construction over SM4). */
  wrapKey(suite: SuiteId, kek: Uint8Array, key: Uint8Array): Uint8Array;
  /** The 32-byte key, or null when `kek` is another one or `wrapped` was altered. */
  unwrapKey(suite: SuiteId, kek: Uint8Array, wrapped: Uint8Array): Uint8Array | null;
  /** A fresh key pair from the primitives' own randomness. */
  generateSigner(alg: SignatureAlg): SignerKeys;
  /** A 64-byte signature: Ed25519 (RFC 8032), or SM2 `r ‖ s` (GB/T 32918.2). */
  sign(alg: SignatureAlg, privateKey: Uint8Array, message: Uint8Array): Uint8Array;
  /** True only for a valid signature; malformed keys and signatures give false. */
  verify(alg: SignatureAlg, publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean;
  /**
   * The raw block cipher over each 16-byte block on its own (ECB), in one native call, for blind-index tokens and nothing else.
   * Key of 16 or 32 bytes for `aes` (the default), 16 for `sm4`.
   */
  encryptBlocks(key: Uint8Array, blocks: Uint8Array, alg?: BlockAlg): Uint8Array;
  /** Unpredictable bytes. */
  random(length: number): Uint8Array;
}
