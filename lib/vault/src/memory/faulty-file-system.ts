import type { FileStatus, FileSystem, OpenFile } from '../file-system.ts';

/** An error as a file system throws it: `code` is the system's, such as `ENOSPC`. */
export class FileError extends Error {
  override readonly name = 'FileError';
  readonly code: string;

  constructor(code: string, path: string) {
    super(`${code}: ${path}`);
    this.code = code;
  }
}

/** How a {@link FaultyFileSystem} fails. */
export interface FileFaults {
  /** Number of the first changing step (open for a new file, write, truncate, sync, folder sync, rename, remove, new folder; from 1) that fails. */
  readonly firstStep: number;
  /** `ENOSPC` a full disk, `EIO` a broken one. */
  readonly code: 'ENOSPC' | 'EIO';
  /** True: only that step fails. False: every step that takes room (or, with `EIO`, every step) from it on, until `mend`. */
  readonly once: boolean;
}

/** A {@link FileSystem} that fails on purpose, around any other. A failing write leaves the first half of its bytes, as a full disk does. */
export class FaultyFileSystem implements FileSystem {
  readonly #inner: FileSystem;
  #faults: FileFaults | null;
  /** Changing steps asked for so far. */
  stepCount = 0;

  constructor(inner: FileSystem, faults: FileFaults | null = null) {
    this.#inner = inner;
    this.#faults = faults;
  }

  /** No step fails any more. */
  mend(): void {
    this.#faults = null;
  }

  /** From now on, fails so; steps are counted on. */
  breakDown(faults: FileFaults): void {
    this.#faults = faults;
  }

  #isFailing(takesRoom: boolean): boolean {
    this.stepCount++;
    if (!this.#faults || this.stepCount < this.#faults.firstStep) return false;
    if (this.stepCount === this.#faults.firstStep) return true;
    return !this.#faults.once && (takesRoom || this.#faults.code === 'EIO');
  }

  async #step<T>(path: string, takesRoom: boolean, work: () => Promise<T>, spoil?: () => Promise<void>): Promise<T> {
    if (!this.#isFailing(takesRoom)) return await work();
    await spoil?.();
    throw new FileError(this.#faults?.code ?? 'EIO', path);
  }

  async open(path: string, how: 'create-new' | 'append', mode?: number): Promise<OpenFile> {
    const opened = () => this.#inner.open(path, how, mode);
    const file = how === 'create-new' ? await this.#step(path, true, opened) : await opened();
    return {
      write: (bytes) =>
        this.#step(
          path,
          true,
          () => file.write(bytes),
          () => file.write(bytes.subarray(0, bytes.length >> 1)),
        ),
      sync: () => this.#step(path, true, () => file.sync()),
      truncate: (lengthBytes) => this.#step(path, false, () => file.truncate(lengthBytes)),
      close: () => file.close(),
    };
  }

  makeFolder(path: string, mode?: number): Promise<void> {
    return this.#step(path, true, () => this.#inner.makeFolder(path, mode));
  }

  rename(from: string, to: string): Promise<void> {
    return this.#step(from, false, () => this.#inner.rename(from, to));
  }

  remove(path: string): Promise<void> {
    return this.#step(path, false, () => this.#inner.remove(path));
  }

  removeFolder(path: string): Promise<void> {
    return this.#step(path, false, () => this.#inner.removeFolder(path));
  }

  syncFolder(path: string): Promise<void> {
    return this.#step(path, false, () => this.#inner.syncFolder(path));
  }

  read(path: string): Promise<Uint8Array> {
    return this.#inner.read(path);
  }

  readRange(path: string, offset: number, lengthBytes: number): Promise<Uint8Array> {
    return this.#inner.readRange(path, offset, lengthBytes);
  }

  readRangeSync(path: string, offset: number, lengthBytes: number): Uint8Array {
    return this.#inner.readRangeSync(path, offset, lengthBytes);
  }

  findStatus(path: string): Promise<FileStatus | null> {
    return this.#inner.findStatus(path);
  }

  findStatusSync(path: string): FileStatus | null {
    return this.#inner.findStatusSync(path);
  }

  list(path: string): Promise<{ readonly name: string; readonly isFolder: boolean }[]> {
    return this.#inner.list(path);
  }
}
