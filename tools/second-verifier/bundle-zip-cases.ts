import { u16 } from './craft-bundle.ts';

/** Fields of the header of a member: name, offset in the common part, bytes put there. */
export const HEADERS: readonly (readonly [string, number, Uint8Array])[] = [
  ['version', 0, u16(10)],
  ['flag of a descriptor', 2, u16(8)],
  ['flag of UTF-8', 2, u16(0x800)],
  ['flag of encryption', 2, u16(1)],
  ['method deflate', 4, u16(8)],
  ['method unknown', 4, u16(99)],
  ['time', 6, u16(1)],
  ['date', 8, u16(0x22)],
  ['checksum', 10, u16(1)],
  ['packed size', 14, u16(1)],
  ['size', 18, u16(1)],
  ['length of the name', 22, u16(5)],
  ['length of the extra field', 24, u16(4)],
];

const endOf = (with_: (end: Buffer) => void) => (zip: Buffer) => {
  const copy = Buffer.from(zip);
  with_(copy.subarray(-22));
  return copy;
};
const centralOf = (with_: (header: Buffer) => void) => (zip: Buffer) => {
  const copy = Buffer.from(zip);
  with_(copy.subarray(copy.readUInt32LE(copy.length - 6)));
  return copy;
};

/** Zips altered as a whole. */
export const ZIPS: Record<string, (zip: Buffer) => Buffer> = {
  nothing: () => Buffer.alloc(0),
  '21 bytes': (zip) => zip.subarray(0, 21),
  '22 bytes': (zip) => zip.subarray(0, 22),
  'the end record alone': (zip) => zip.subarray(-22),
  'an empty zip': () => Buffer.from('PK\x05\x06'.padEnd(22, '\0'), 'latin1'),
  'the directory alone': (zip) => zip.subarray(zip.readUInt32LE(zip.length - 6)),
  'a byte in front': (zip) => Buffer.concat([Buffer.from('x'), zip]),
  'a byte behind': (zip) => Buffer.concat([zip, Buffer.from('x')]),
  'a comment': (zip) => Buffer.concat([zip.subarray(0, -2), u16(3), Buffer.from('abc')]),
  'a comment announced': endOf((end) => end.writeUInt16LE(3, 20)),
  'a second end record behind': (zip) => Buffer.concat([zip, zip.subarray(-22)]),
  'a byte between members and directory': (zip) => {
    const at = zip.readUInt32LE(zip.length - 6);
    const copy = Buffer.concat([zip.subarray(0, at), Buffer.from('x'), zip.subarray(at)]);
    copy.writeUInt32LE(at + 1, copy.length - 6);
    return copy;
  },
  'a byte between directory and end': (zip) => {
    const copy = Buffer.concat([zip.subarray(0, -22), Buffer.from('x'), zip.subarray(-22)]);
    return copy;
  },
  'a byte between directory and end, counted': (zip) => {
    const copy = Buffer.concat([zip.subarray(0, -22), Buffer.from('x'), zip.subarray(-22)]);
    copy.writeUInt32LE(copy.readUInt32LE(copy.length - 10) + 1, copy.length - 10);
    return copy;
  },
  'a disk number': endOf((end) => end.writeUInt16LE(1, 4)),
  'a disk of the directory': endOf((end) => end.writeUInt16LE(1, 6)),
  'one member fewer on this disk': endOf((end) => end.writeUInt16LE(9, 8)),
  'one member fewer': endOf((end) => {
    end.writeUInt16LE(9, 8);
    end.writeUInt16LE(9, 10);
  }),
  'one member more': endOf((end) => {
    end.writeUInt16LE(11, 8);
    end.writeUInt16LE(11, 10);
  }),
  '65,535 members': endOf((end) => {
    end.writeUInt16LE(65535, 8);
    end.writeUInt16LE(65535, 10);
  }),
  'the directory one byte shorter': endOf((end) => end.writeUInt32LE(end.readUInt32LE(12) - 1, 12)),
  'the directory one byte earlier': endOf((end) => end.writeUInt32LE(end.readUInt32LE(16) - 1, 16)),
  'the directory beyond the file': endOf((end) => end.writeUInt32LE(0xffffffff, 16)),
  'the signature of a directory header': centralOf((header) => header.writeUInt8(9, 3)),
  'the version made by': centralOf((header) => header.writeUInt16LE(0x314, 4)),
  'a file comment': centralOf((header) => header.writeUInt16LE(1, 32)),
  'the disk of a member': centralOf((header) => header.writeUInt16LE(1, 34)),
  'internal attributes': centralOf((header) => header.writeUInt16LE(1, 36)),
  'external attributes': centralOf((header) => header.writeUInt32LE(0o100644 * 65536, 38)),
  'the place of a member': centralOf((header) => header.writeUInt32LE(1, 42)),
  'the signature of a local header': (zip) => Buffer.concat([Buffer.from('PK\x03\x05'), zip.subarray(4)]),
  'the first byte': (zip) => Buffer.concat([Buffer.from('Q'), zip.subarray(1)]),
};
