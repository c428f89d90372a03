import type { SuiteId } from './primitives.ts';
import type { RootKey } from './root-key.ts';

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
  /** All keys ever made or destroyed, in no order, without their bytes; former keys are left out. */
  list(): Iterable<KeyRecord>;
  /**
   * The keys that a key had before it was renewed, newest first; empty for one that never was, or was destroyed. What was sealed under them
   * still opens, and nothing is sealed under them any more. Each is kept under the key's present bytes and destroyed with it.
   */
  findFormer(kind: KeyKind, id: string): Uint8Array[];
  /** The suite that keys are wrapped under, which is the suite the archive seals under. Changed by {@link renew} alone. */
  readonly suite: SuiteId;
  /** Another number each time keys may have become others: what was derived from them is derived again. */
  readonly epoch: number;
  /**
   * Changes root key, suite or the bytes of keys, all in one step that happens whole or not at all, durably in every copy when it resolves.
   * Every key is wrapped anew; the root key of before opens nothing afterwards. Keys made meanwhile wait.
   */
  renew(change: KeyRenewal): Promise<void>;
  /** Ends the use of the store and wipes the keys it cached. */
  close(): Promise<void>;
}

/** What {@link KeyStore.renew} changes; what is left out stays. */
export interface KeyRenewal {
  readonly root?: RootKey;
  readonly suite?: SuiteId;
  /** Which keys get new bytes; those of before become former keys. Not asked of destroyed and former keys. */
  readonly gets?: (name: KeyName) => boolean;
}

const FORMER = /^(.+)~([1-9][0-9]{0,8})$/;

/** The name under which the n-th former key of a key is kept, n from 1 for the oldest: a key under the key itself. */
export const formerKeyName = ({ kind, id }: KeyName, n: number): KeyName => ({ kind, id: `${id}~${n}` });

/** Whose former key a name stands for, and which; null for an ordinary name. Ids of that form are made by renewing alone. */
export function findFormerOwner({ kind, id }: KeyName): { readonly owner: KeyName; readonly n: number } | null {
  const found = FORMER.exec(id);
  return found ? { owner: { kind, id: found[1]! }, n: Number(found[2]) } : null;
}

/** Bytes a key id may have. */
export const KEY_ID_LENGTH_MAX = 64;

/** True for a key id: 1 to 64 visible ASCII characters, not in the form of a former key's. */
export function isKeyId(id: string): boolean {
  return id.length <= KEY_ID_LENGTH_MAX && /^[\x21-\x7e]+$/.test(id) && !FORMER.test(id);
}
