import { ArchiveError } from '@lantai/values';
import type { BlobStore } from '../blob-store.ts';

/** How a {@link FaultyBlobStore} fails. */
export interface BlobFaults {
  /** Number of the first write (put, each of putMany, putStream, remove; from 1) that fails. Null: none. */
  readonly firstWrite: number | null;
  /** True: only that write fails. False: every write from it on, until {@link FaultyBlobStore.mend}. */
  readonly once: boolean;
  /** True: the failing write is carried out and its answer lost, as when a connection breaks. */
  readonly answerLost?: boolean;
}

/** A {@link BlobStore} that fails on purpose, around a real one: for tests of what stands above a store. Reads pass through. */
export class FaultyBlobStore implements BlobStore {
  readonly #inner: BlobStore;
  #faults: BlobFaults;
  /** Writes asked for so far. */
  writeCount = 0;

  constructor(inner: BlobStore, faults: BlobFaults) {
    this.#inner = inner;
    this.#faults = faults;
  }

  /** No write fails any more. */
  mend(): void {
    this.#faults = { firstWrite: null, once: false };
  }

  /** Whether the write that begins now fails. */
  #isFailing(): boolean {
    this.writeCount++;
    const { firstWrite, once } = this.#faults;
    return firstWrite !== null && (once ? this.writeCount === firstWrite : this.writeCount >= firstWrite);
  }

  async #write<T>(work: () => Promise<T>): Promise<T> {
    if (!this.#isFailing()) return await work();
    if (this.#faults.answerLost) await work();
    throw new ArchiveError('blob/store-failed', 'environment', { reason: 'injected' });
  }

  put(sealed: Uint8Array): Promise<Uint8Array> {
    return this.#write(() => this.#inner.put(sealed));
  }

  async putMany(sealed: readonly Uint8Array[]): Promise<Uint8Array[]> {
    const addresses: Uint8Array[] = [];
    for (const bytes of sealed) addresses.push(await this.put(bytes));
    return addresses;
  }

  putStream(sealed: AsyncIterable<Uint8Array>): Promise<{ address: Uint8Array; lengthBytes: number }> {
    return this.#write(() => this.#inner.putStream(sealed));
  }

  remove(address: Uint8Array): Promise<void> {
    return this.#write(() => this.#inner.remove(address));
  }

  get(address: Uint8Array): Promise<Uint8Array> {
    return this.#inner.get(address);
  }

  getRange(address: Uint8Array, offset: number, length: number): Promise<Uint8Array> {
    return this.#inner.getRange(address, offset, length);
  }

  lengthOf(address: Uint8Array): Promise<number> {
    return this.#inner.lengthOf(address);
  }

  has(address: Uint8Array): Promise<boolean> {
    return this.#inner.has(address);
  }

  list(): AsyncIterable<Uint8Array> {
    return this.#inner.list();
  }

  flush(): Promise<void> {
    return this.#inner.flush();
  }
}
