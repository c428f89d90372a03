import { ArchiveError, concatBytes, equalBytes, findHex, formatHex } from '@lantai/values';
import type { BlobStore } from '../blob-store.ts';

/** A {@link BlobStore} in memory, for tests. `hash` is SHA-256. Nothing survives the process. */
export class MemoryBlobStore implements BlobStore {
  readonly #hash: (bytes: Uint8Array) => Uint8Array;
  /** The stored bytes by the hexadecimal address; tests may damage them. */
  readonly objects = new Map<string, Uint8Array>();

  constructor(hash: (bytes: Uint8Array) => Uint8Array) {
    this.#hash = hash;
  }

  async put(sealed: Uint8Array): Promise<Uint8Array> {
    const address = this.#hash(sealed);
    this.objects.set(formatHex(address), sealed.slice());
    return address;
  }

  async putMany(sealed: readonly Uint8Array[]): Promise<Uint8Array[]> {
    return await Promise.all(sealed.map((bytes) => this.put(bytes)));
  }

  async putStream(sealed: AsyncIterable<Uint8Array>): Promise<{ address: Uint8Array; lengthBytes: number }> {
    const parts: Uint8Array[] = [];
    for await (const part of sealed) parts.push(part.slice());
    const whole = concatBytes(...parts);
    return { address: await this.put(whole), lengthBytes: whole.length };
  }

  async get(address: Uint8Array): Promise<Uint8Array> {
    const bytes = this.#stored(address);
    if (!equalBytes(this.#hash(bytes), address)) throw new ArchiveError('blob/corrupt', 'corruption', { address: formatHex(address) });
    return bytes.slice();
  }

  async getRange(address: Uint8Array, offset: number, length: number): Promise<Uint8Array> {
    const bytes = this.#stored(address);
    if (offset < 0 || length < 0 || offset + length > bytes.length) {
      throw new ArchiveError('blob/range', 'caller', { address: formatHex(address), offset, lengthBytes: length });
    }
    return bytes.slice(offset, offset + length);
  }

  async lengthOf(address: Uint8Array): Promise<number> {
    return this.#stored(address).length;
  }

  async has(address: Uint8Array): Promise<boolean> {
    return this.objects.has(formatHex(address));
  }

  async remove(address: Uint8Array): Promise<void> {
    this.objects.delete(formatHex(address));
  }

  async *list(): AsyncIterable<Uint8Array> {
    for (const hex of [...this.objects.keys()]) {
      const address = findHex(hex);
      if (address) yield address;
    }
  }

  async flush(): Promise<void> {
    // Nothing to do: memory has no later moment at which it would be safer.
  }

  #stored(address: Uint8Array): Uint8Array {
    const bytes = this.objects.get(formatHex(address));
    if (!bytes) throw new ArchiveError('blob/missing', 'corruption', { address: formatHex(address) });
    return bytes;
  }
}
