/** A file held open for writing at its end. */
export interface OpenFile {
  /** Appends all the bytes, or throws. Nothing is durable before {@link sync}. */
  write(bytes: Uint8Array): Promise<void>;
  /** Flushes the file's bytes and length to the disk (fsync). Its name is not included: see {@link FileSystem.syncFolder}. */
  sync(): Promise<void>;
  /** Cuts the file to this length in bytes. */
  truncate(lengthBytes: number): Promise<void>;
  close(): Promise<void>;
}

/** What is known of a file or folder without opening it. */
export interface FileStatus {
  readonly isFolder: boolean;
  readonly lengthBytes: number;
  /** Permission bits, such as 0o600. */
  readonly mode: number;
  /** Tells disks apart: equal for two paths on the same one. */
  readonly device: string;
  /** Tells files apart: another one after a file was replaced under the same name. */
  readonly identity: string;
  readonly modifiedAtMs: number;
}

/**
 * The few operations through which stores touch a disk, so that tests can fail any of them or drop what was not flushed
 * (`SimulatedDisk`, `FaultyFileSystem`). Failures are errors with the `code` of the system: `ENOENT`, `EEXIST`, `ENOSPC`, `EIO`.
 * Paths are parted by `/`.
 */
export interface FileSystem {
  /** `create-new` refuses an existing name with `EEXIST`; `append` opens an existing file. `mode` counts for a new one. */
  open(path: string, how: 'create-new' | 'append', mode?: number): Promise<OpenFile>;
  read(path: string): Promise<Uint8Array>;
  /** Up to `lengthBytes` from `offset`; fewer at the end of the file. */
  readRange(path: string, offset: number, lengthBytes: number): Promise<Uint8Array>;
  /** {@link readRange} while the process waits, for calls that cannot. */
  readRangeSync(path: string, offset: number, lengthBytes: number): Uint8Array;
  findStatus(path: string): Promise<FileStatus | null>;
  findStatusSync(path: string): FileStatus | null;
  /** Names in a folder, in no order. */
  list(path: string): Promise<{ readonly name: string; readonly isFolder: boolean }[]>;
  /** Makes a folder and those above it; nothing happens to those that are there. */
  makeFolder(path: string, mode?: number): Promise<void>;
  /** Gives a file another name in one step, replacing what has it. Durable after {@link syncFolder} of the new name's folder. */
  rename(from: string, to: string): Promise<void>;
  remove(path: string): Promise<void>;
  /** Removes an empty folder. */
  removeFolder(path: string): Promise<void>;
  /** Flushes the names in a folder to the disk. */
  syncFolder(path: string): Promise<void>;
}

/** The system's code of a file error, such as `ENOENT`; null for any other error. */
export function findFileErrorCode(error: unknown): string | null {
  if (!(error instanceof Error) || !('code' in error)) return null;
  return typeof error.code === 'string' && /^E[A-Z0-9]+$/.test(error.code) ? error.code : null;
}
