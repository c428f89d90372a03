import { ArchiveError, isArchiveError, utf8 } from '@lantai/values';
import {
  COLUMN_LABEL,
  type ColumnCipher,
  type ColumnPlace,
  createColumnCipher,
  deriveKey,
  findSuite,
  type KeyName,
  type KeyStore,
  type Primitives,
  type SuiteId,
  unwrapKey,
  WRAP_LABEL,
  wrapKey,
} from '@lantai/vault';

/** Whose key a value lies under: a dossier's (or subject's), a fonds', or one of the archive's purposes. */
export type KeyRef = KeyName;

/** Keys of the archive itself, beside those of fonds and dossiers. */
export const PURPOSE = { account: 'account', audit: 'audit', upload: 'upload', logSigner: 'log-signer', index: 'index' } as const;

/** Deriving costs twice what opening a value does, and a search touches any dossier; some 600 bytes each. */
const CACHE_KEYS_MAX = 60_000;
/** A mark at the beginning of a text (U+FEFF) is part of it. */
const TEXT = new TextDecoder('utf-8', { ignoreBOM: true });

/**
 * Seals and opens columns and data keys, with the derived keys of recent dossiers at hand (deriving costs more than sealing).
 *
 * What is sealed is sealed under the present bytes of its key and the key store's suite; what is opened may be of another suite, as it says
 * itself, and of a former key. INVARIANT: tokens and keyed digests ({@link subkey}) never change: they are derived from the first bytes
 * a key had, under the suite the archive was made with, or what was filed under them would not be found again.
 */
export class Sealer {
  readonly #derived = new Map<string, Uint8Array>();
  readonly #ciphers = new Map<string, ColumnCipher>();
  #epoch = 0;

  /** @param tokenSuite the suite the archive was made with */
  constructor(
    readonly primitives: Primitives,
    readonly keys: KeyStore,
    readonly tokenSuite: SuiteId,
  ) {}

  /** The suite that is sealed under now: the key store's, which `rekey` changes for all processes at once. */
  get suite(): SuiteId {
    return this.keys.suite;
  }

  /** A subkey for one use of a stored key, the same for ever. @throws ArchiveError `key/missing`, `key/destroyed` */
  subkey(ref: KeyRef, label: string): Uint8Array {
    const first = () => this.keys.findFormer(ref.kind, ref.id).at(-1) ?? this.keys.get(ref.kind, ref.id);
    return this.#derive(ref, label, this.tokenSuite, 'first', first);
  }

  /** Subkeys of every generation of a key's bytes, the present one last: what `use` makes of each. */
  subkeysOfAll<T>(ref: KeyRef, use: (subkey: (label: string) => Uint8Array) => T): T[] {
    const keys = [...this.keys.findFormer(ref.kind, ref.id).reverse(), this.keys.get(ref.kind, ref.id)];
    return keys.map((key) => use((label) => deriveKey(this.primitives, key, label, this.tokenSuite)));
  }

  /** Wraps an object's data key under the present key. */
  wrapDataKey(ref: KeyRef, key: Uint8Array): { readonly suite: SuiteId; readonly wrapped: Uint8Array } {
    const { suite } = this;
    return { suite, wrapped: wrapKey(this.primitives, { suite, kek: this.#wrappingKey(ref, suite), key }) };
  }

  /** Undoes {@link wrapDataKey}, also what was wrapped under a former key. @throws ArchiveError `key/unwrap-failed` (corruption) */
  unwrapDataKey(ref: KeyRef, suite: SuiteId, wrapped: Uint8Array): Uint8Array {
    return this.#firstThatOpens(ref, 'key/unwrap-failed', (key, which) => {
      const kek = this.#derive(ref, WRAP_LABEL, suite, which, key);
      return unwrapKey(this.primitives, { suite, kek, wrapped });
    });
  }

  /** Whether a data key is wrapped under the present key and suite. */
  isWrappedAnew(ref: KeyRef, suite: SuiteId, wrapped: Uint8Array): boolean {
    const wasFound = this.primitives.unwrapKey(suite, this.#wrappingKey(ref, suite), wrapped);
    return suite === this.suite && wasFound !== null;
  }

  /** Seals bytes for one place. */
  sealBytes(ref: KeyRef, place: ColumnPlace, plain: Uint8Array): Uint8Array {
    return this.#presentCipher(ref, this.suite).seal(place, plain);
  }

  /** @throws ArchiveError `column/corrupt` (corruption) when the value was altered or moved */
  openBytes(ref: KeyRef, place: ColumnPlace, sealed: Uint8Array): Uint8Array {
    const suite = findSuite(sealed[0])?.id ?? this.suite;
    return this.#firstThatOpens(ref, 'column/corrupt', (key, which) => this.#cipher(ref, suite, which, key).open(place, sealed));
  }

  /** The value sealed under the present key and suite; null when it is already. @throws ArchiveError as {@link openBytes} */
  sealAnew(ref: KeyRef, place: ColumnPlace, sealed: Uint8Array): Uint8Array | null {
    if (findSuite(sealed[0])?.id === this.suite && this.#opensUnderPresent(ref, place, sealed)) return null;
    return this.sealBytes(ref, place, this.openBytes(ref, place, sealed));
  }

  #opensUnderPresent(ref: KeyRef, place: ColumnPlace, sealed: Uint8Array): boolean {
    try {
      this.#presentCipher(ref, this.suite).open(place, sealed);
      return true;
    } catch (error) {
      if (isArchiveError(error, 'column/corrupt')) return false;
      throw error;
    }
  }

  /** Tries the present key, then the former ones; the present one's failure is what the caller hears. */
  #firstThatOpens<T>(ref: KeyRef, code: string, open: (key: () => Uint8Array, which: string) => T): T {
    try {
      return open(() => this.keys.get(ref.kind, ref.id), '');
    } catch (error) {
      if (!isArchiveError(error, code)) throw error;
      for (const [i, former] of this.keys.findFormer(ref.kind, ref.id).entries()) {
        try {
          return open(() => former, `former/${i}`);
        } catch (again) {
          if (!isArchiveError(again, code)) throw again;
        }
      }
      throw error;
    }
  }

  #wrappingKey(ref: KeyRef, suite: SuiteId): Uint8Array {
    return this.#derive(ref, WRAP_LABEL, suite, '', () => this.keys.get(ref.kind, ref.id));
  }

  #presentCipher(ref: KeyRef, suite: SuiteId): ColumnCipher {
    return this.#cipher(ref, suite, '', () => this.keys.get(ref.kind, ref.id));
  }

  #derive(ref: KeyRef, label: string, suite: SuiteId, which: string, key: () => Uint8Array): Uint8Array {
    this.#followEpoch();
    const name = `${ref.kind}/${ref.id}/${label}/${suite}/${which}`;
    const known = this.#derived.get(name);
    // INVARIANT: a destroyed key opens nothing, not even out of this cache.
    if (known && !this.keys.isDestroyed(ref.kind, ref.id)) return known;
    return keep(this.#derived, name, deriveKey(this.primitives, key(), label, suite));
  }

  #cipher(ref: KeyRef, suite: SuiteId, which: string, key: () => Uint8Array): ColumnCipher {
    this.#followEpoch();
    const name = `${ref.kind}/${ref.id}/${suite}/${which}`;
    const known = this.#ciphers.get(name);
    if (known && !this.keys.isDestroyed(ref.kind, ref.id)) return known;
    // Kept as a cipher only: the subkey beside it would be a second copy.
    const columnKey = deriveKey(this.primitives, key(), COLUMN_LABEL, suite);
    return keep(this.#ciphers, name, createColumnCipher(this.primitives, { suite, key: columnKey }));
  }

  /** What was derived from keys of before would go on sealing under them. */
  #followEpoch(): void {
    if (this.keys.epoch === this.#epoch) return;
    this.#epoch = this.keys.epoch;
    this.#derived.clear();
    this.#ciphers.clear();
  }

  /** Seals text; null stays null, so that an empty column says so. */
  seal(ref: KeyRef, place: ColumnPlace, text: string | null): Uint8Array | null {
    return text === null ? null : this.sealBytes(ref, place, utf8(text));
  }

  open(ref: KeyRef, place: ColumnPlace, sealed: Uint8Array | null): string | null {
    return sealed === null ? null : TEXT.decode(this.openBytes(ref, place, sealed));
  }

  /** Opens a column that must not be empty. @throws ArchiveError `column/missing` (corruption) */
  get(ref: KeyRef, place: ColumnPlace, sealed: Uint8Array | null): string {
    const text = this.open(ref, place, sealed);
    if (text === null) throw new ArchiveError('column/missing', 'corruption', { table: place.table, column: place.column });
    return text;
  }

  /** Keyed digest that tells equal contents inside one fonds, and nothing outside it. 32 bytes. */
  contentKey(fondsId: string, sha256: Uint8Array): Uint8Array {
    return this.primitives.hmac('sha256', this.subkey({ kind: 'fonds', id: fondsId }, 'lantai/content-key/v1'), sha256);
  }

  /** Keyed digest of a folded name, for finding an account without naming anybody. 32 bytes. */
  accountToken(name: string): Uint8Array {
    const folded = name.normalize('NFKC').trim().toLowerCase();
    return this.primitives.hmac('sha256', this.subkey({ kind: 'purpose', id: PURPOSE.account }, 'lantai/account-name/v1'), utf8(folded));
  }
}

/** Remembers a value, forgetting the oldest when there are too many. */
function keep<V>(cache: Map<string, V>, name: string, value: V): V {
  if (cache.size >= CACHE_KEYS_MAX) cache.delete(cache.keys().next().value ?? '');
  cache.set(name, value);
  return value;
}
