import { ArchiveError, utf8 } from '@lantai/values';
import {
  COLUMN_LABEL,
  type ColumnCipher,
  type ColumnPlace,
  createColumnCipher,
  deriveKey,
  type KeyName,
  type KeyStore,
  type Primitives,
  type SuiteId,
} from '@lantai/vault';

/** Whose key a value lies under: a dossier's (or subject's), a fonds', or one of the archive's purposes. */
export type KeyRef = KeyName;

/** Keys of the archive itself, beside those of fonds and dossiers. */
export const PURPOSE = { account: 'account', audit: 'audit', upload: 'upload', logSigner: 'log-signer', index: 'index' } as const;

/** Deriving costs twice what opening a value does, and a search touches any dossier; some 600 bytes each. */
const CACHE_KEYS_MAX = 60_000;
/** A mark at the beginning of a text (U+FEFF) is part of it. */
const TEXT = new TextDecoder('utf-8', { ignoreBOM: true });

/** Seals and opens columns, with the derived keys of recent dossiers at hand (deriving costs more than sealing). */
export class Sealer {
  readonly #derived = new Map<string, Uint8Array>();
  readonly #ciphers = new Map<string, ColumnCipher>();

  constructor(
    readonly primitives: Primitives,
    readonly keys: KeyStore,
    readonly suite: SuiteId,
  ) {}

  /** A subkey for one use of a stored key. @throws ArchiveError `key/missing`, `key/destroyed` */
  subkey(ref: KeyRef, label: string): Uint8Array {
    const name = `${ref.kind}/${ref.id}/${label}`;
    const known = this.#derived.get(name);
    // INVARIANT: a destroyed key opens nothing, not even out of this cache.
    if (known && !this.keys.isDestroyed(ref.kind, ref.id)) return known;
    return keep(this.#derived, name, deriveKey(this.primitives, this.keys.get(ref.kind, ref.id), label, this.suite));
  }

  /** Seals bytes for one place. */
  sealBytes(ref: KeyRef, place: ColumnPlace, plain: Uint8Array): Uint8Array {
    return this.#cipher(ref).seal(place, plain);
  }

  /** @throws ArchiveError `column/corrupt` (corruption) when the value was altered or moved */
  openBytes(ref: KeyRef, place: ColumnPlace, sealed: Uint8Array): Uint8Array {
    return this.#cipher(ref).open(place, sealed);
  }

  #cipher(ref: KeyRef): ColumnCipher {
    const name = `${ref.kind}/${ref.id}`;
    const known = this.#ciphers.get(name);
    if (known && !this.keys.isDestroyed(ref.kind, ref.id)) return known;
    // Kept as a cipher only: the subkey beside it would be a second copy.
    const key = deriveKey(this.primitives, this.keys.get(ref.kind, ref.id), COLUMN_LABEL, this.suite);
    return keep(this.#ciphers, name, createColumnCipher(this.primitives, { suite: this.suite, key }));
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
