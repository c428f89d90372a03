import { equalBytes } from '@lantai/values';
import { BundleRefused, collectMembers, type Member, type OpenedContainer, PIECE_BYTES, printable } from './members.ts';
import {
  CENTRAL_BYTES,
  CONTAINER_BYTES_MAX,
  centralRecord,
  crc32,
  END_BYTES,
  endRecord,
  LOCAL_BYTES,
  localHeader,
  type ZipRecord,
} from './zip-format.ts';

/** Bytes that can be read from anywhere: a file on disk, a file chosen in a browser, an array. */
export interface ByteSource {
  readonly byteCount: number;
  /** Exactly `length` bytes from `offset`, or fewer where the source ends. */
  read(offset: number, length: number): Promise<Uint8Array>;
}

/** Longest directory that is read: 65,534 records with paths as long as they may be. */
const DIRECTORY_BYTES_MAX = 64 * 1024 * 1024;

/**
 * Opens a zip of the form that {@link writeZip} writes and no other: stored members one behind the other, nothing between, before or after
 * them, no extra fields. So nothing can hide, overlap or unfold, and reading takes no more than the size of the file.
 * Never throws on a bad zip.
 */
export async function openZip(source: ByteSource): Promise<OpenedContainer> {
  try {
    return collectMembers(await readDirectory(source));
  } catch (error) {
    if (error instanceof BundleRefused) return { kind: 'refused', code: error.code, path: error.path };
    throw error;
  }
}

async function readDirectory(source: ByteSource): Promise<Member[]> {
  const { byteCount } = source;
  const head = await source.read(0, 4);
  if (!startsWith(head, 0x504b0304) && !startsWith(head, 0x504b0506)) throw new BundleRefused('bundle/not-zip');
  if (byteCount > CONTAINER_BYTES_MAX) throw new BundleRefused('bundle/too-large');
  if (byteCount < END_BYTES) throw new BundleRefused('bundle/truncated');
  const end = await source.read(byteCount - END_BYTES, END_BYTES);
  const view = new DataView(end.buffer, end.byteOffset, end.length);
  if (end.length !== END_BYTES || !startsWith(end, 0x504b0506)) throw new BundleRefused('bundle/truncated');
  const [count, bytes, at] = [view.getUint16(10, true), view.getUint32(12, true), view.getUint32(16, true)];
  if (!equalBytes(end, endRecord(count, bytes, at)) || at + bytes + END_BYTES !== byteCount) throw new BundleRefused('bundle/zip-form');
  if (bytes > DIRECTORY_BYTES_MAX) throw new BundleRefused('bundle/too-large');
  const directory = await source.read(at, bytes);
  const records = readRecords(directory, count);
  checkContiguous(records, at);
  return records.map((record) => memberOf(source, record));
}

const startsWith = (bytes: Uint8Array, word: number) =>
  bytes.length >= 4 && new DataView(bytes.buffer, bytes.byteOffset, 4).getUint32(0) === word;

function readRecords(directory: Uint8Array, count: number): ZipRecord[] {
  const view = new DataView(directory.buffer, directory.byteOffset, directory.length);
  const records: ZipRecord[] = [];
  let at = 0;
  for (let i = 0; i < count; i++) {
    if (at + CENTRAL_BYTES > directory.length) throw new BundleRefused('bundle/zip-form');
    const length = CENTRAL_BYTES + view.getUint16(at + 28, true);
    const bytes = directory.subarray(at, at + length);
    const path = new TextDecoder('latin1').decode(bytes.subarray(CENTRAL_BYTES));
    const record = {
      path,
      crc32: view.getUint32(at + 16, true),
      byteCount: view.getUint32(at + 24, true),
      offset: view.getUint32(at + 42, true),
    };
    const flags = view.getUint16(at + 8, true);
    if (flags & 1) throw new BundleRefused('bundle/encrypted', printable(path));
    if (view.getUint16(at + 10, true) !== 0) throw new BundleRefused('bundle/compressed', printable(path));
    if (/[^\x20-\x7e]/.test(path)) throw new BundleRefused('bundle/path', printable(path));
    if (!equalBytes(bytes, centralRecord(record))) throw new BundleRefused('bundle/zip-form', printable(path));
    records.push(record);
    at += length;
  }
  if (at !== directory.length) throw new BundleRefused('bundle/zip-form');
  return records;
}

/** INVARIANT: every byte before the directory belongs to exactly one member. */
function checkContiguous(records: readonly ZipRecord[], directoryAt: number): void {
  let at = 0;
  for (const { path, byteCount, offset } of records) {
    if (offset !== at) throw new BundleRefused('bundle/overlap', printable(path));
    at += LOCAL_BYTES + path.length + byteCount;
  }
  if (at !== directoryAt) throw new BundleRefused('bundle/overlap');
}

function memberOf(source: ByteSource, record: ZipRecord): Member {
  const { path, byteCount, offset } = record;
  const header = localHeader(record);
  const end = offset + header.length + byteCount;
  let isRotten = false;
  return {
    path,
    byteCount,
    isRotten: () => isRotten,
    async *read() {
      let checksum = 0;
      for (let at = offset; at < end; at += PIECE_BYTES) {
        const length = Math.min(PIECE_BYTES, end - at);
        const piece = await source.read(at, length);
        if (piece.length !== length) throw new BundleRefused('bundle/truncated', path);
        const isFirst = at === offset;
        if (isFirst && !equalBytes(piece.subarray(0, header.length), header)) throw new BundleRefused('bundle/zip-form', path);
        const content = isFirst ? piece.subarray(header.length) : piece;
        checksum = crc32(content, checksum);
        if (content.length > 0) yield content;
      }
      // Not thrown: what is wrong with the bytes themselves is said first, and is the better word.
      isRotten = checksum !== record.crc32;
    },
  };
}

/** A source over bytes in memory. */
export const sourceOfBytes = (bytes: Uint8Array): ByteSource => ({
  byteCount: bytes.length,
  read: async (offset, length) => bytes.subarray(offset, offset + length),
});
