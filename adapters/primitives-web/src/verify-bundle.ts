import {
  type BundlePrimitives,
  type ByteSource,
  collectMembers,
  type Member,
  type OpenedContainer,
  openZip,
  PIECE_BYTES,
} from '@lantai/bundle';
import { sha256 } from '@noble/hashes/sha2.js';
import { webPrimitives } from './web-primitives.ts';

/** What the check of a bundle needs, in plain JavaScript. */
export const webBundlePrimitives: BundlePrimitives = {
  ...webPrimitives,
  startSha256: () => {
    const hash = sha256.create();
    return { update: (piece) => void hash.update(piece), digest: () => hash.digest() };
  },
};

const readSlice = async (blob: Blob, at: number, length: number) => new Uint8Array(await blob.slice(at, at + length).arrayBuffer());

/** Opens a zip chosen in the browser; it is read piece by piece and never leaves the machine. */
export function openZipInBrowser(file: Blob): Promise<OpenedContainer> {
  const source: ByteSource = { byteCount: file.size, read: (offset, length) => readSlice(file, offset, length) };
  return openZip(source);
}

/** Opens an unpacked bundle chosen as a folder. @param files as the browser lists them: paths begin with the folder's name */
export function openFolderInBrowser(files: readonly File[]): OpenedContainer {
  return collectMembers(files.map((file) => memberOf(file, file.webkitRelativePath.split('/').slice(1).join('/') || file.name)));
}

function memberOf(file: Blob, path: string): Member {
  return {
    path,
    byteCount: file.size,
    async *read() {
      for (let at = 0; at < file.size; at += PIECE_BYTES) yield await readSlice(file, at, PIECE_BYTES);
    },
  };
}
