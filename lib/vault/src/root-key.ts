import { assert, formatHex, utf8 } from '@lantai/values';
import { deriveKey, WRAP_LABEL } from './keys.ts';
import type { Primitives, SuiteId } from './primitives.ts';
import { KEY_LENGTH } from './suites.ts';

/**
 * The root key of a key store, as operations: whoever implements it may keep the key's bytes where no program reads them (an HSM, a 密码机).
 * Synchronous, as the libraries of such machines are; called for the few keys that hang on the root, never for a dossier's.
 * Every implementation passes `describeRootKey` of `@lantai/vault/contract`; which functions of a machine give these: docs/spec/key-machine.md.
 */
export interface RootKey {
  /** Eight hexadecimal digits that name the key without telling anything of it: on the recovery kit and in health. */
  readonly name: string;
  /** Wraps a 32-byte key under the root: 40 bytes, deterministic. */
  wrap(suite: SuiteId, key: Uint8Array): Uint8Array;
  /** The 32-byte key, or null when it was wrapped under another root or altered. */
  unwrap(suite: SuiteId, wrapped: Uint8Array): Uint8Array | null;
  /**
   * The 32-byte key that authenticates the key file: always the same for one root and suite. It leaves the machine, and opens nothing:
   * files of 100,000 frames are proved when a store is opened, which no machine on a wire could do frame by frame.
   */
  macKey(suite: SuiteId): Uint8Array;
  /** Ends the use of the key and wipes what this process holds of it. */
  forget(): void;
}

/** Label of the key that authenticates a key file. Source: docs/spec/key-store.md section 3. */
export const KEY_STORE_MAC_LABEL = 'lantai/key-store-mac/v1';

/** The public name of a root key: eight hexadecimal digits. Source: docs/spec/key-store.md section 6. */
export function rootKeyName(p: Primitives, rootKey: Uint8Array): string {
  return formatHex(p.hmac('sha256', rootKey, utf8('lantai/root-key-name/v1')).subarray(0, 4));
}

/** A root key whose 32 bytes lie in this process: out of a file, a passphrase or shares. Keeps a copy of its own. */
export class SoftRootKey implements RootKey {
  readonly name: string;
  readonly #p: Primitives;
  readonly #bytes: Uint8Array;
  #isForgotten = false;

  constructor(p: Primitives, bytes: Uint8Array) {
    assert(bytes.length === KEY_LENGTH, 'a root key has 32 bytes');
    this.#p = p;
    this.#bytes = bytes.slice();
    this.name = rootKeyName(p, bytes);
  }

  wrap(suite: SuiteId, key: Uint8Array): Uint8Array {
    return this.#p.wrapKey(suite, this.#derive(WRAP_LABEL, suite), key);
  }

  unwrap(suite: SuiteId, wrapped: Uint8Array): Uint8Array | null {
    return this.#p.unwrapKey(suite, this.#derive(WRAP_LABEL, suite), wrapped);
  }

  macKey(suite: SuiteId): Uint8Array {
    return this.#derive(KEY_STORE_MAC_LABEL, suite);
  }

  forget(): void {
    this.#bytes.fill(0);
    this.#isForgotten = true;
  }

  #derive(label: string, suite: SuiteId): Uint8Array {
    assert(!this.#isForgotten, 'a forgotten root key is not used again');
    return deriveKey(this.#p, this.#bytes, label, suite);
  }
}
