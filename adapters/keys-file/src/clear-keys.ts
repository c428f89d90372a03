import { ArchiveError } from '@lantai/values';
import { deriveKey, type KeyName, type Primitives, type RootKey, WRAP_LABEL } from '@lantai/vault';
import type { KeyFileImage } from './key-file-image.ts';

const KEYS_MAX = 20_000;

/**
 * Unwraps keys along their chain and remembers them.
 * INVARIANT: what `find` gives belongs to the cache and is wiped with it; whoever hands it out hands out a copy, or a caller would one day seal under zeros.
 */
export class ClearKeys {
  readonly #p: Primitives;
  readonly #source: () => { readonly image: KeyFileImage; readonly root: RootKey };
  /** Clear keys, and keys for wrapping under `wrap/…`, by name. */
  readonly #keys = new Map<string, Uint8Array>();

  /** @param source the keys' file and root key as they are now; after either changed call {@link forget} */
  constructor(p: Primitives, source: () => { image: KeyFileImage; root: RootKey }) {
    this.#p = p;
    this.#source = source;
  }

  /** The clear key of a name; null when there is none, or it or one above it was destroyed. @throws ArchiveError `key/store-corrupt`. */
  find(name: KeyName): Uint8Array | null {
    const { image } = this.#source();
    const record = image.table.findRecord(name);
    if (record === null || image.table.isDestroyed(record)) return null;
    const text = `${name.kind}/${name.id}`;
    const cached = this.#keys.get(text);
    if (cached) return cached;
    const wrapped = image.table.findWrapped(record);
    if (!wrapped) return null;
    const parent = image.table.parentOf(record);
    const { suite } = image.header;
    // INVARIANT: what hangs on the root is unwrapped by the root key itself, which may be a machine that never gives its bytes.
    const kek = parent && this.#findWrappingKey(parent);
    const key = parent ? kek && this.#p.unwrapKey(suite, kek, wrapped) : this.#source().root.unwrap(suite, wrapped);
    if (!key) throw new ArchiveError('key/store-corrupt', 'corruption', { reason: 'wrapped-key' });
    return this.#remember(text, key);
  }

  /** Wipes what is remembered. */
  forget(): void {
    for (const key of this.#keys.values()) key.fill(0);
    this.#keys.clear();
  }

  /** The key that wraps the children of a key. */
  #findWrappingKey(parent: KeyName): Uint8Array | null {
    const text = `wrap/${parent.kind}/${parent.id}`;
    const cached = this.#keys.get(text);
    if (cached) return cached;
    const key = this.find(parent);
    return key && this.#remember(text, deriveKey(this.#p, key, WRAP_LABEL, this.#source().image.header.suite));
  }

  #remember(text: string, key: Uint8Array): Uint8Array {
    if (this.#keys.size >= KEYS_MAX) {
      const [oldest, bytes] = this.#keys.entries().next().value ?? [text, key];
      if (bytes !== key) bytes.fill(0);
      this.#keys.delete(oldest);
    }
    this.#keys.set(text, key);
    return key;
  }
}
