import { concatBytes, utf8 } from '@lantai/values';

/** What a zip says of one member; Lantai writes and reads members without compression, extra fields or comments. Source: PKWARE APPNOTE 6.3.10. */
export interface ZipRecord {
  readonly path: string;
  readonly crc32: number;
  readonly byteCount: number;
  /** Where its local header begins. */
  readonly offset: number;
}

export const LOCAL_BYTES = 30;
export const CENTRAL_BYTES = 46;
export const END_BYTES = 22;
/** Without zip64 a container ends below 4 GiB. */
export const CONTAINER_BYTES_MAX = 0xffff_ffff;

const LOCAL = 0x04034b50;
const CENTRAL = 0x02014b50;
const END = 0x06054b50;
const VERSION = 20;
/** 1 January 1980, midnight: the same files give the same bytes. */
const DATE = 0x0021;

/** The local header of a member, its name behind it. */
export function localHeader({ path, crc32, byteCount }: Omit<ZipRecord, 'offset'>): Uint8Array {
  const name = utf8(path);
  const view = new DataView(new ArrayBuffer(LOCAL_BYTES));
  view.setUint32(0, LOCAL, true);
  writeShared(view, 4, { crc32, byteCount, nameBytes: name.length });
  return concatBytes(new Uint8Array(view.buffer), name);
}

/** The record of a member in the central directory, its name behind it. */
export function centralRecord({ path, crc32, byteCount, offset }: ZipRecord): Uint8Array {
  const name = utf8(path);
  const view = new DataView(new ArrayBuffer(CENTRAL_BYTES));
  view.setUint32(0, CENTRAL, true);
  view.setUint16(4, VERSION, true);
  writeShared(view, 6, { crc32, byteCount, nameBytes: name.length });
  view.setUint32(42, offset, true);
  return concatBytes(new Uint8Array(view.buffer), name);
}

/** Fields that both headers have, from "version needed" to the length of the name. */
function writeShared(view: DataView, at: number, of: { crc32: number; byteCount: number; nameBytes: number }): void {
  view.setUint16(at, VERSION, true);
  view.setUint16(at + 8, DATE, true);
  view.setUint32(at + 10, of.crc32, true);
  view.setUint32(at + 14, of.byteCount, true);
  view.setUint32(at + 18, of.byteCount, true);
  view.setUint16(at + 22, of.nameBytes, true);
}

/** The end record. */
export function endRecord(count: number, directoryBytes: number, directoryAt: number): Uint8Array {
  const view = new DataView(new ArrayBuffer(END_BYTES));
  view.setUint32(0, END, true);
  view.setUint16(8, count, true);
  view.setUint16(10, count, true);
  view.setUint32(12, directoryBytes, true);
  view.setUint32(16, directoryAt, true);
  return new Uint8Array(view.buffer);
}

const TABLE = Uint32Array.from({ length: 256 }, (_, n) => {
  let c = n;
  for (let k = 0; k < 8; k++) c = c & 1 ? 0xedb88320 ^ (c >>> 1) : c >>> 1;
  return c;
});

/** CRC-32 as zip has it. @param before the checksum of what came before these bytes. Source: ISO 3309. */
export function crc32(bytes: Uint8Array, before = 0): number {
  let c = ~before;
  for (let i = 0; i < bytes.length; i++) c = TABLE[(c ^ bytes[i]!) & 255]! ^ (c >>> 8);
  return ~c >>> 0;
}
