import { ArchiveError } from '@lantai/values';
import { deriveKey, type KeyName, type Primitives, WRAP_LABEL } from '@lantai/vault';
import type { KeyFileImage } from './key-file-image.ts';

const KEYS_MAX = 20_000;

/**
 * Unwraps keys along their chain and remembers them.
 * INVARIANT: what `find` gives belongs to the cache and is wiped with it; whoever hands it out hands out a copy, or a caller would one day seal under zeros.
 */
export class ClearKeys {
  readonly #p: Primitives;
  readonly #source: () => { readonly image: KeyFileImage; readonly rootKey: Uint8Array };
  /** Clear keys, and keys for wrapping under `wrap/…`, by name. */
  readonly #keys = new Map<string, Uint8Array>();

  /** @param source the keys' file and root key as they are now; after either changed call {@link forget} */
  constructor(p: Primitives, source: () => { image: KeyFileImage; rootKey: Uint8Array }) {
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
    const kek = this.#findWrappingKey(image.table.parentOf(record));
    const key = kek && this.#p.unwrapKey(image.header.suite, kek, wrapped);
    if (!key) throw new ArchiveError('key/store-corrupt', 'corruption', { reason: 'wrapped-key' });
    return this.#remember(text, key);
  }

  /** Wipes what is remembered. */
  forget(): void {
    for (const key of this.#keys.values()) key.fill(0);
    this.#keys.clear();
  }

  /** The key that wraps the children of a key, or of the root. */
  #findWrappingKey(parent: KeyName | null): Uint8Array | null {
    const text = parent === null ? 'wrap' : `wrap/${parent.kind}/${parent.id}`;
    const cached = this.#keys.get(text);
    if (cached) return cached;
    const { image, rootKey } = this.#source();
    const key = parent === null ? rootKey : this.find(parent);
    return key && this.#remember(text, deriveKey(this.#p, key, WRAP_LABEL, image.header.suite));
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
