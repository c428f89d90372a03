import { crc32, inflateRawSync } from 'node:zlib';
import { type Entry, fromBufferPromise, type ZipFile } from 'yauzl';
import { MAX_FILE_BYTES, MAX_ZIP_MEMBERS, MAX_ZIP_RATIO, MAX_ZIP_TOTAL_BYTES, ZIP_RATIO_FREE_BYTES } from '../limits.ts';
import { type Refused, refused } from '../outcome.ts';
import { decodeName, findSafePath } from './path.ts';

/** A file inside a ZIP whose directory was checked. */
export interface ZipMember {
  /** Safe, unique, with forward slashes. */
  readonly path: string;
  readonly packedBytes: number;
  readonly unpackedBytes: number;
  /** 0 stored, 8 deflated; others cannot be read. */
  readonly method: number;
  readonly crc: number;
  readonly encrypted: boolean;
  readonly dataStart: number;
}

/** A ZIP whose directory holds no trick: members are read one at a time. */
export interface ZipArchive {
  readonly members: readonly ZipMember[];
  /** The member's bytes; a refusal when it is damaged, encrypted, packed in another way or too large. */
  read(member: ZipMember): Uint8Array | Refused;
}

const METHOD = { stored: 0, deflated: 8 } as const;
const FLAG_SIZES_FOLLOW = 0x8;
const UNIX_TYPE = 0o170000;
const UNIX_LINK = 0o120000;

/** True when bytes begin like a ZIP, an empty one included. */
export function isZip(bytes: Uint8Array): boolean {
  return bytes[0] === 0x50 && bytes[1] === 0x4b && ((bytes[2] === 3 && bytes[3] === 4) || (bytes[2] === 5 && bytes[3] === 6));
}

/**
 * Reads and checks the whole directory before any member is touched: readable, few enough, no name leading out, no name twice, no links,
 * headers that agree, no data used twice, no bomb by its own sizes.
 */
export async function openZip(bytes: Uint8Array): Promise<ZipArchive | Refused> {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  let members: ZipMember[] | Refused;
  try {
    const zip = await fromBufferPromise(file, { lazyEntries: true, decodeStrings: false, validateEntrySizes: true, autoClose: false });
    members = await readMembers(zip);
  } catch {
    return refused('zip/unreadable'); // the library's words quote names
  }
  if ('kind' in members) return members;
  const fault = findOverlap(members, bytes.length) ?? findBomb(members, bytes.length);
  return fault ?? { members, read: (member) => readMember(file, member) };
}

async function readMembers(zip: ZipFile): Promise<ZipMember[] | Refused> {
  if (zip.entryCount > MAX_ZIP_MEMBERS) return refused('zip/too-many-members', { count: zip.entryCount, limit: MAX_ZIP_MEMBERS });
  const seen = new Set<string>();
  const members: ZipMember[] = [];
  let index = 0;
  for await (const entry of zip.eachEntry()) {
    index += 1;
    if (index > MAX_ZIP_MEMBERS) return refused('zip/too-many-members', { count: index, limit: MAX_ZIP_MEMBERS });
    const name = decodeName({ bytes: entry.fileNameRaw, flags: entry.generalPurposeBitFlag, extraFields: entry.extraFields });
    const path = findSafePath(name);
    if (path === null) return refused('zip/unsafe-path', { member: index });
    if (seen.has(path)) return refused('zip/duplicate-name', { member: index });
    seen.add(path);
    if (((entry.externalFileAttributes >>> 16) & UNIX_TYPE) === UNIX_LINK) return refused('zip/link', { member: index });
    const local = await zip.readLocalFileHeaderPromise(entry, {});
    if (!agrees(entry, local)) return refused('zip/inconsistent', { member: index });
    if (path.endsWith('/')) continue;
    members.push({
      path,
      packedBytes: entry.compressedSize,
      unpackedBytes: entry.uncompressedSize,
      method: entry.compressionMethod,
      crc: entry.crc32,
      encrypted: entry.isEncrypted(),
      dataStart: local.fileDataStart,
    });
  }
  return members;
}

/** Two headers name each member; programs that believe different ones see different files. */
function agrees(
  entry: Entry,
  local: {
    fileName: Buffer;
    compressionMethod: number;
    generalPurposeBitFlag: number;
    compressedSize: number;
    uncompressedSize: number;
    crc32: number;
  },
): boolean {
  if (!local.fileName.equals(entry.fileNameRaw) || local.compressionMethod !== entry.compressionMethod) return false;
  if (entry.compressionMethod === METHOD.stored && !entry.isEncrypted() && entry.compressedSize !== entry.uncompressedSize) return false;
  if (local.generalPurposeBitFlag & FLAG_SIZES_FOLLOW) return true;
  const zip64 = 0xffffffff;
  return (
    (local.compressedSize === entry.compressedSize || local.compressedSize === zip64) &&
    (local.uncompressedSize === entry.uncompressedSize || local.uncompressedSize === zip64) &&
    local.crc32 === entry.crc32
  );
}

/** Members sharing bytes multiply a small file without any high ratio of their own. */
function findOverlap(members: readonly ZipMember[], fileBytes: number): Refused | null {
  const byPlace = [...members].sort((a, b) => a.dataStart - b.dataStart);
  let end = 0;
  for (const member of byPlace) {
    if (member.dataStart < end || member.dataStart + member.packedBytes > fileBytes) return refused('zip/inconsistent');
    end = member.dataStart + member.packedBytes;
  }
  return null;
}

function findBomb(members: readonly ZipMember[], fileBytes: number): Refused | null {
  const total = members.reduce((sum, m) => sum + m.unpackedBytes, 0);
  if (total > MAX_ZIP_TOTAL_BYTES) return refused('zip/too-large', { unpackedBytes: total, limit: MAX_ZIP_TOTAL_BYTES });
  if (total <= ZIP_RATIO_FREE_BYTES || total <= fileBytes * MAX_ZIP_RATIO) return null;
  return refused('zip/bomb', { unpackedBytes: total, packedBytes: fileBytes, limit: MAX_ZIP_RATIO });
}

function readMember(file: Buffer, member: ZipMember): Uint8Array | Refused {
  if (member.encrypted) return refused('zip/password-needed');
  if (member.method !== METHOD.stored && member.method !== METHOD.deflated)
    return refused('zip/method-unsupported', { method: member.method });
  if (member.unpackedBytes > MAX_FILE_BYTES) return refused('file/too-large', { byteLength: member.unpackedBytes, limit: MAX_FILE_BYTES });
  const packed = file.subarray(member.dataStart, member.dataStart + member.packedBytes);
  const bytes = member.method === METHOD.stored ? packed : inflate(packed, member.unpackedBytes);
  // What a member unpacks to is what its header says, or it is not taken: neither more nor less, and with its checksum.
  return bytes && bytes.length === member.unpackedBytes && crc32(bytes) === member.crc ? bytes : refused('zip/member-damaged');
}

function inflate(packed: Buffer, unpackedBytes: number): Uint8Array | null {
  try {
    return inflateRawSync(packed, { maxOutputLength: Math.max(1, unpackedBytes) });
  } catch {
    return null; // damaged, or larger than it says
  }
}
