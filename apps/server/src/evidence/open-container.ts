import { type FileHandle, open, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import {
  type ByteSource,
  collectMembers,
  MEMBERS_MAX,
  type Member,
  type OpenedContainer,
  openZip,
  PIECE_BYTES,
  printable,
} from '@lantai/bundle';
import { ArchiveError } from '@lantai/values';

/** A container that is open: its members, and how to let go of the file behind them. */
export interface HeldContainer {
  readonly opened: OpenedContainer;
  close(): Promise<void>;
}

const DEPTH_MAX = 8;

/**
 * Opens a bundle on disk: a zip, or the folder it was unpacked into. Nothing is written, and no link is followed.
 * @throws ArchiveError `file/unreadable` (environment)
 */
export async function openContainer(path: string): Promise<HeldContainer> {
  const found = await readable(stat(path));
  if (found.isDirectory()) return { opened: await openFolder(path), close: async () => undefined };
  const file = await readable(open(path));
  return { opened: await openZip(sourceOfFile(file, found.size)), close: () => file.close() };
}

async function readable<T>(reading: Promise<T>): Promise<T> {
  return reading.catch((cause: unknown) => {
    throw new ArchiveError('file/unreadable', 'environment', {}, cause);
  });
}

/** Members lie one behind the other and most are small: reading each by itself was ten thousand waits for a bundle of 1,000 materials. */
const WINDOW_BYTES = 4 * 1024 * 1024;

function sourceOfFile(file: FileHandle, byteCount: number): ByteSource {
  let window = { offset: 0, bytes: new Uint8Array(0) };
  return {
    byteCount,
    read: async (offset, length) => {
      const at = offset - window.offset;
      if (at >= 0 && at + length <= window.bytes.length) return window.bytes.subarray(at, at + length);
      // A new array each time: what was given out before stays what it was.
      const bytes = await readAt(file, offset, Math.min(Math.max(length, WINDOW_BYTES), byteCount - offset));
      window = { offset, bytes };
      return bytes.subarray(0, length);
    },
  };
}

/** So many bytes of a file, or fewer where it ends. */
async function readAt(file: FileHandle, offset: number, length: number): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = new Uint8Array(Math.max(0, length));
  let at = 0;
  while (at < bytes.length) {
    const { bytesRead } = await file.read(bytes, at, bytes.length - at, offset + at);
    if (bytesRead === 0) return bytes.subarray(0, at);
    at += bytesRead;
  }
  return bytes;
}

async function openFolder(root: string): Promise<OpenedContainer> {
  const members: Member[] = [];
  const folders: { parts: string[] }[] = [{ parts: [] }];
  for (let folder = folders.pop(); folder; folder = folders.pop()) {
    for (const item of await readable(readdir(join(root, ...folder.parts), { withFileTypes: true }))) {
      const parts = [...folder.parts, item.name];
      const path = parts.join('/');
      if (parts.length > DEPTH_MAX || members.length > MEMBERS_MAX) return { kind: 'refused', code: 'bundle/too-many', path: null };
      if (item.isDirectory()) folders.push({ parts });
      // A link could lead to any file of this machine, and a pipe never ends.
      else if (!item.isFile()) return { kind: 'refused', code: 'bundle/not-a-file', path: printable(path) };
      else members.push(await memberOfFile(join(root, ...parts), path));
    }
  }
  return collectMembers(members);
}

async function memberOfFile(place: string, path: string): Promise<Member> {
  const { size } = await readable(stat(place));
  return {
    path,
    byteCount: size,
    async *read() {
      const file = await readable(open(place));
      try {
        const source = sourceOfFile(file, size);
        for (let at = 0; at < size; at += PIECE_BYTES) yield await source.read(at, PIECE_BYTES);
      } finally {
        await file.close();
      }
    },
  };
}
