/** What a key belongs to: an organisation's fonds, one dossier, or a purpose such as the search index of a fonds. */
export type KeyKind = 'fonds' | 'dossier' | 'purpose';

/** Names a key: its kind and an id of 1 to 64 visible ASCII characters, usually a UUID. Ids are not personal data. */
export interface KeyName {
  readonly kind: KeyKind;
  readonly id: string;
}

/** A key to be made, wrapped under `parent`, or under the root key when that is null. */
export interface NewKey extends KeyName {
  readonly parent: KeyName | null;
}

/** What is known of a key besides its bytes. Times in milliseconds since 1970 UTC. */
export interface KeyRecord extends NewKey {
  readonly createdAtMs: number;
  /** Present once the key was destroyed. */
  readonly destroyedAtMs?: number;
}

/**
 * Keeps the keys of an archive, each wrapped under its parent: root → fonds and purpose → dossier.
 * Wrapped dossier keys live here only, never in the database, so destroying one here destroys the data (docs/spec/key-store.md).
 * Every implementation passes `describeKeyStore` of `@lantai/vault/contract`.
 *
 * Errors: `key/missing` (corruption), `key/destroyed`, `key/parent-missing`, `key/other-parent` and `key/id-malformed` (caller),
 * `key/store-corrupt` (corruption), `key/store-failed` and `key/store-locked` (environment).
 */
export interface KeyStore {
  /**
   * Makes a key of 32 random bytes. Nothing happens when it is there already with the same parent.
   * INVARIANT: it resolves only when the wrapped key is durable in every copy; use the key only after that.
   * @throws ArchiveError `key/destroyed` (a destroyed id never comes back), `key/parent-missing`, `key/other-parent`, `key/id-malformed`.
   */
  create(kind: KeyKind, id: string, parent: KeyName | null): Promise<void>;
  /** Like {@link create} for many with one flush; a parent may stand earlier in the list. A refusal makes none; after a failure some may be made: ask again. */
  createMany(keys: readonly NewKey[]): Promise<void>;
  /** The clear key, 32 bytes, unwrapped along its chain; null when there is none or it or an ancestor was destroyed. The bytes are the caller's own copy. */
  find(kind: KeyKind, id: string): Uint8Array | null;
  /** Like {@link find}. @throws ArchiveError `key/missing` (corruption) or `key/destroyed` (caller). */
  get(kind: KeyKind, id: string): Uint8Array;
  /**
   * Destroys a key and with it all keys under it. Durable in every copy when it resolves: from then on the key is never given again.
   * The wrapped bytes are erased from the store within the time its specification names. Destroying again, or an id never seen, is no error:
   * the register of destroyed keys is applied to restored stores this way.
   */
  destroy(kind: KeyKind, id: string): Promise<void>;
  /** Like {@link destroy} for many with one flush. */
  destroyMany(keys: readonly KeyName[]): Promise<void>;
  /** True when the key or an ancestor of it was destroyed. */
  isDestroyed(kind: KeyKind, id: string): boolean;
  /** All keys ever made or destroyed, in no order, without their bytes. */
  list(): Iterable<KeyRecord>;
  /** Wraps the keys that hang on the root under a new root key, durably in every copy; the old root key opens nothing afterwards. */
  rewrapRoot(newRootKey: Uint8Array): Promise<void>;
  /** Ends the use of the store and wipes the keys it cached. */
  close(): Promise<void>;
}

/** Bytes a key id may have. */
export const KEY_ID_LENGTH_MAX = 64;

/** True for a key id: 1 to 64 visible ASCII characters. */
export function isKeyId(id: string): boolean {
  return id.length <= KEY_ID_LENGTH_MAX && /^[\x21-\x7e]+$/.test(id);
}
