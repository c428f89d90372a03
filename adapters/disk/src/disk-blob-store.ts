import { createHash, randomBytes } from 'node:crypto';
import { ArchiveError, assert } from '@lantai/values';
import { type BlobStore, type FileSystem, findFileErrorCode } from '@lantai/vault';
import { toBlobError, translateFailure } from './blob-errors.ts';
import { makeFolderDurably } from './durable-folder.ts';
import { FolderFlusher } from './folder-flusher.ts';
import { nodeFileSystem } from './node-file-system.ts';

/** Options of {@link openDiskBlobStore}. */
export interface DiskBlobStoreOptions {
  /** The disk; a simulated one in tests. */
  readonly fs?: FileSystem;
  /** Age in milliseconds from which a temporary file counts as left over by a dead process. Default one hour: a put takes seconds. */
  readonly orphanAgeMs?: number;
}

const ADDRESS_LENGTH = 32;
const TEMP_FOLDER = 'tmp';
const HOUR_MS = 3_600_000;
/** Objects of one `putMany` in hand at once: enough to keep the disk's queue full, little enough to bound open files. */
const PUT_CONCURRENCY = 16;

/**
 * Opens the sealed objects of a folder, making it (mode 0700) when it is not there.
 * An object lies at `ab/cd/<address in hex>`, `ab` and `cd` being its first two bytes; `tmp/` holds what is being written.
 * Temporary files left over by dead processes are removed. @throws ArchiveError `blob/store-failed`, `blob/store-full` (environment).
 */
export async function openDiskBlobStore(folder: string, options: DiskBlobStoreOptions = {}): Promise<DiskBlobStore> {
  const store = new DiskBlobStore(folder, options.fs ?? nodeFileSystem);
  await store.prepare();
  await store.removeOrphans(options.orphanAgeMs ?? HOUR_MS);
  return store;
}

/** A {@link BlobStore} in a folder: each object a file, written once, under its address. See {@link openDiskBlobStore}. */
export class DiskBlobStore implements BlobStore {
  readonly #folder: string;
  readonly #fs: FileSystem;
  readonly #flusher: FolderFlusher;
  /** Folders whose own name is known to be durable. */
  readonly #sureFolders = new Map<string, Promise<void>>();
  #tempCount = 0;
  readonly #tempPrefix = `${process.pid}-${randomBytes(6).toString('hex')}`;

  constructor(folder: string, fs: FileSystem) {
    this.#folder = folder;
    this.#fs = fs;
    this.#flusher = new FolderFlusher(fs);
  }

  /** Makes the folders of an empty store. */
  async prepare(): Promise<void> {
    await translateFailure(async () => {
      await makeFolderDurably(this.#fs, this.#folder);
      await makeFolderDurably(this.#fs, `${this.#folder}/${TEMP_FOLDER}`);
    });
  }

  async put(sealed: Uint8Array): Promise<Uint8Array> {
    const address = sha256(sealed);
    await translateFailure(() => this.#write(address, (write) => write(sealed)));
    return address;
  }

  async putMany(sealed: readonly Uint8Array[]): Promise<Uint8Array[]> {
    const addresses: Uint8Array[] = new Array(sealed.length);
    let next = 0;
    const worker = async () => {
      while (next < sealed.length) {
        const at = next++;
        addresses[at] = await this.put(sealed[at]!);
      }
    };
    // All workers are awaited even when one fails: nothing goes on writing after the call has ended.
    const ends = await Promise.allSettled(Array.from({ length: Math.min(PUT_CONCURRENCY, sealed.length) }, worker));
    const failed = ends.find((end) => end.status === 'rejected');
    if (failed) throw failed.reason;
    return addresses;
  }

  async putStream(sealed: AsyncIterable<Uint8Array>): Promise<{ address: Uint8Array; lengthBytes: number }> {
    const digest = createHash('sha256');
    let lengthBytes = 0;
    const address = await this.#writeTemp(
      async (write) => {
        for await (const part of sealed) {
          digest.update(part);
          lengthBytes += part.length;
          await translateFailure(() => write(part));
        }
      },
      () => new Uint8Array(digest.digest()),
    );
    return { address, lengthBytes };
  }

  async get(address: Uint8Array): Promise<Uint8Array> {
    const sealed = await this.#reading(address, (path) => this.#fs.read(path));
    if (Buffer.compare(sha256(sealed), address) !== 0) {
      throw new ArchiveError('blob/corrupt', 'corruption', { address: toHex(address) });
    }
    return sealed;
  }

  async getRange(address: Uint8Array, offset: number, length: number): Promise<Uint8Array> {
    const isWhole = Number.isSafeInteger(offset) && Number.isSafeInteger(length) && offset >= 0 && length >= 0;
    const range = () => new ArchiveError('blob/range', 'caller', { address: toHex(address), offset, lengthBytes: length });
    if (!isWhole) throw range();
    const part = await this.#reading(address, (path) => this.#fs.readRange(path, offset, length));
    if (part.length !== length) throw range();
    return part;
  }

  async lengthOf(address: Uint8Array): Promise<number> {
    const status = await translateFailure(() => this.#fs.findStatus(this.#pathOf(address).path));
    if (!status) throw new ArchiveError('blob/missing', 'corruption', { address: toHex(address) });
    return status.lengthBytes;
  }

  async has(address: Uint8Array): Promise<boolean> {
    return (await translateFailure(() => this.#fs.findStatus(this.#pathOf(address).path))) !== null;
  }

  async remove(address: Uint8Array): Promise<void> {
    const { path, folder } = this.#pathOf(address);
    await translateFailure(async () => {
      if (!(await this.#fs.findStatus(folder))) return;
      await this.#removeIfThere(path);
      // Also when it was not there: an earlier removal may have died before its flush.
      await this.#flusher.flush(folder);
    });
  }

  async *list(): AsyncIterable<Uint8Array> {
    const isByte = ({ name, isFolder }: { name: string; isFolder: boolean }) => isFolder && /^[0-9a-f]{2}$/.test(name);
    for (const first of (await translateFailure(() => this.#fs.list(this.#folder))).filter(isByte)) {
      for (const second of (await translateFailure(() => this.#fs.list(`${this.#folder}/${first.name}`))).filter(isByte)) {
        for (const { name } of await translateFailure(() => this.#fs.list(`${this.#folder}/${first.name}/${second.name}`))) {
          if (/^[0-9a-f]{64}$/.test(name) && name.startsWith(first.name + second.name)) yield Uint8Array.from(Buffer.from(name, 'hex'));
        }
      }
    }
  }

  async flush(): Promise<void> {
    // Nothing to do: put, putMany, putStream and remove are durable when they resolve.
  }

  /** Removes temporary files at least `ageMs` old, and says how many. Sealed bytes of puts that never ended; no row names them. */
  async removeOrphans(ageMs: number): Promise<number> {
    const temp = `${this.#folder}/${TEMP_FOLDER}`;
    let count = 0;
    for (const { name, isFolder } of await translateFailure(() => this.#fs.list(temp))) {
      const status = isFolder ? null : await translateFailure(() => this.#fs.findStatus(`${temp}/${name}`));
      if (!status || name.startsWith(this.#tempPrefix) || Date.now() - status.modifiedAtMs < ageMs) continue;
      await translateFailure(() => this.#removeIfThere(`${temp}/${name}`));
      count++;
    }
    return count;
  }

  #pathOf(address: Uint8Array): { path: string; folder: string; parent: string } {
    assert(address.length === ADDRESS_LENGTH, 'an address has 32 bytes');
    const hex = toHex(address);
    const parent = `${this.#folder}/${hex.slice(0, 2)}`;
    const folder = `${parent}/${hex.slice(2, 4)}`;
    return { path: `${folder}/${hex}`, folder, parent };
  }

  async #write(address: Uint8Array, fill: Fill): Promise<void> {
    await this.#writeTemp(fill, () => address);
  }

  /** Writes a temporary file and gives it its name. What exists under that name already is replaced by the same bytes, whole. */
  async #writeTemp(fill: Fill, addressOf: () => Uint8Array): Promise<Uint8Array> {
    const temp = `${this.#folder}/${TEMP_FOLDER}/${this.#tempPrefix}-${this.#tempCount++}`;
    const file = await translateFailure(() => this.#fs.open(temp, 'create-new'));
    try {
      try {
        await fill((bytes) => file.write(bytes));
        // CRASH: up to here a temporary file is left over, which nobody reads and the next start removes.
        await translateFailure(() => file.sync());
      } finally {
        await translateFailure(() => file.close());
      }
      const address = addressOf();
      const { path, folder, parent } = this.#pathOf(address);
      await translateFailure(async () => {
        await this.#ensureFolder(folder, parent);
        // CRASH: the object is whole under its address, or not there; never half.
        await this.#fs.rename(temp, path);
        await this.#flusher.flush(folder);
      });
      return address;
    } catch (error) {
      await this.#discard(temp);
      throw error;
    }
  }

  /** Removes a temporary file after a failure. The first failure is what the caller hears; a file that stays is swept at the next start. */
  async #discard(temp: string): Promise<void> {
    await Promise.allSettled([this.#removeIfThere(temp)]);
  }

  /** Makes the folder of an object; its name is durable when this resolves, whoever made it. Once for each folder and process. */
  async #ensureFolder(folder: string, parent: string): Promise<void> {
    const known = this.#sureFolders.get(folder);
    if (known) return await known;
    const made = (async () => {
      await this.#fs.makeFolder(folder);
      await this.#flusher.flush(parent);
      const root = this.#sureFolders.get(parent) ?? this.#flusher.flush(this.#folder);
      this.#sureFolders.set(parent, root);
      await root;
    })();
    this.#sureFolders.set(folder, made);
    try {
      await made;
    } catch (error) {
      this.#sureFolders.delete(folder);
      this.#sureFolders.delete(parent);
      throw error;
    }
  }

  async #removeIfThere(path: string): Promise<void> {
    try {
      await this.#fs.remove(path);
    } catch (error) {
      if (findFileErrorCode(error) !== 'ENOENT') throw error;
    }
  }

  async #reading<T>(address: Uint8Array, read: (path: string) => Promise<T>): Promise<T> {
    try {
      return await read(this.#pathOf(address).path);
    } catch (error) {
      if (findFileErrorCode(error) === 'ENOENT') throw new ArchiveError('blob/missing', 'corruption', { address: toHex(address) });
      throw toBlobError(error);
    }
  }
}

type Fill = (write: (bytes: Uint8Array) => Promise<void>) => Promise<void>;

const toHex = (bytes: Uint8Array): string => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('hex');

function sha256(bytes: Uint8Array): Uint8Array {
  return new Uint8Array(createHash('sha256').update(bytes).digest());
}
