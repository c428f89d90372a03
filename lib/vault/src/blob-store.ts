/**
 * Keeps sealed objects under their address: the SHA-256 digest (32 bytes) of the sealed bytes.
 * It holds no key and never sees a plain byte. Every implementation passes `describeBlobStore` of `@lantai/vault/contract`.
 *
 * Errors: `blob/missing` and `blob/corrupt` (corruption: a row names what is not there, or is not what it was),
 * `blob/range` (caller), `blob/store-full` and `blob/store-failed` (environment: retry).
 */
export interface BlobStore {
  /**
   * Stores one object and gives its address.
   * INVARIANT: it resolves only when the bytes and the name that leads to them are on disk. The same bytes again give the same address
   * and mend a damaged object of that address. After an error nothing is promised and nothing half-written can be read.
   */
  put(sealed: Uint8Array): Promise<Uint8Array>;
  /** Like {@link put} for many, sharing flushes; addresses in the same order. After an error some may be stored: put them again. */
  putMany(sealed: readonly Uint8Array[]): Promise<Uint8Array[]>;
  /** Like {@link put} for an object that arrives in pieces, in the memory of one piece. */
  putStream(sealed: AsyncIterable<Uint8Array>): Promise<{ address: Uint8Array; lengthBytes: number }>;
  /** The whole object, its digest checked. @throws ArchiveError `blob/missing`, `blob/corrupt`. */
  get(address: Uint8Array): Promise<Uint8Array>;
  /** A part of an object; its digest is not checked, the seal of the object's chunks is. @throws ArchiveError `blob/missing`, `blob/range` past the end. */
  getRange(address: Uint8Array, offset: number, length: number): Promise<Uint8Array>;
  /** Length of the object in bytes. @throws ArchiveError `blob/missing`. */
  lengthOf(address: Uint8Array): Promise<number>;
  has(address: Uint8Array): Promise<boolean>;
  /** Removes an object for good, durably. Removing what is not there is no error. */
  remove(address: Uint8Array): Promise<void>;
  /** The addresses of all objects, in no order, as they were at some moment during the walk. */
  list(): AsyncIterable<Uint8Array>;
  /** Resolves when everything put or removed before is durable. Implementations whose `put` is durable have nothing left to do. */
  flush(): Promise<void>;
}
