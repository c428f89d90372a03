import fs from 'node:fs';
import { promisify } from 'node:util';
import type { FileStatus, FileSystem, OpenFile } from '@lantai/vault';

// The callback functions with bare descriptors cost half of what FileHandle does for a file written once.
const open = promisify(fs.open);
const write = promisify(fs.write) as (fd: number, bytes: Uint8Array, offset: number, length: number) => Promise<{ bytesWritten: number }>;
const read = promisify(fs.read) as (
  fd: number,
  into: Uint8Array,
  offset: number,
  length: number,
  position: number,
) => Promise<{ bytesRead: number }>;
const fsync = promisify(fs.fsync);
const ftruncate = promisify(fs.ftruncate);
const close = promisify(fs.close);

const FILE_MODE = 0o600;
const FOLDER_MODE = 0o700;

class NodeOpenFile implements OpenFile {
  readonly #fd: number;

  constructor(fd: number) {
    this.#fd = fd;
  }

  async write(bytes: Uint8Array): Promise<void> {
    for (let at = 0; at < bytes.length; ) at += (await write(this.#fd, bytes, at, bytes.length - at)).bytesWritten;
  }

  async sync(): Promise<void> {
    await fsync(this.#fd);
  }

  async truncate(lengthBytes: number): Promise<void> {
    await ftruncate(this.#fd, lengthBytes);
  }

  async close(): Promise<void> {
    await close(this.#fd);
  }
}

function toStatus(stat: fs.BigIntStats): FileStatus {
  return {
    isFolder: stat.isDirectory(),
    lengthBytes: Number(stat.size),
    mode: Number(stat.mode & 0o777n),
    device: String(stat.dev),
    identity: `${stat.dev}:${stat.ino}`,
    modifiedAtMs: Number(stat.mtimeMs),
  };
}

/** Up to `lengthBytes` from `offset`, fewer at the end of the file. */
async function readSpan(fd: number, offset: number, lengthBytes: number): Promise<Uint8Array> {
  const into = new Uint8Array(lengthBytes);
  let at = 0;
  for (; at < lengthBytes; ) {
    const { bytesRead } = await read(fd, into, at, lengthBytes - at, offset + at);
    if (bytesRead === 0) break;
    at += bytesRead;
  }
  return into.subarray(0, at);
}

function readSoFar(fd: number, offset: number, into: Uint8Array): number {
  let at = 0;
  for (; at < into.length; ) {
    const count = fs.readSync(fd, into, at, into.length - at, offset + at);
    if (count === 0) break;
    at += count;
  }
  return at;
}

/** The machine's disk. New files get mode 0600 and new folders 0700 unless told otherwise. */
export const nodeFileSystem: FileSystem = {
  async open(path, how, mode = FILE_MODE) {
    // 'ax' would be create-new for appending; 'a' alone would make a missing file, so the flags are spelled out.
    const flags = fs.constants.O_WRONLY | fs.constants.O_APPEND | (how === 'create-new' ? fs.constants.O_CREAT | fs.constants.O_EXCL : 0);
    return new NodeOpenFile(await open(path, flags, mode));
  },

  async read(path) {
    const fd = await open(path, 'r');
    try {
      // One read into one buffer: readFile of the promises goes in steps of 512 KiB.
      return await readSpan(fd, 0, fs.fstatSync(fd).size);
    } finally {
      await close(fd);
    }
  },

  async readRange(path, offset, lengthBytes) {
    const fd = await open(path, 'r');
    try {
      return await readSpan(fd, offset, lengthBytes);
    } finally {
      await close(fd);
    }
  },

  readRangeSync(path, offset, lengthBytes) {
    const fd = fs.openSync(path, 'r');
    try {
      const into = new Uint8Array(lengthBytes);
      return into.subarray(0, readSoFar(fd, offset, into));
    } finally {
      fs.closeSync(fd);
    }
  },

  async findStatus(path) {
    const stat = await fs.promises.stat(path, { bigint: true }).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return null;
      throw error;
    });
    return stat && toStatus(stat);
  },

  findStatusSync(path) {
    const stat = fs.statSync(path, { bigint: true, throwIfNoEntry: false });
    return stat ? toStatus(stat) : null;
  },

  async list(path) {
    const entries = await fs.promises.readdir(path, { withFileTypes: true });
    return entries.map((entry) => ({ name: entry.name, isFolder: entry.isDirectory() }));
  },

  async makeFolder(path, mode = FOLDER_MODE) {
    await fs.promises.mkdir(path, { recursive: true, mode });
  },

  async rename(from, to) {
    await fs.promises.rename(from, to);
  },

  async remove(path) {
    await fs.promises.unlink(path);
  },

  async removeFolder(path) {
    await fs.promises.rmdir(path);
  },

  async syncFolder(path) {
    const fd = await open(path, 'r');
    try {
      await fsync(fd);
    } finally {
      await close(fd);
    }
  },
};
