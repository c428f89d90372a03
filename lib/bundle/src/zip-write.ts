import { ArchiveError } from '@lantai/values';
import { isMemberPath, MEMBERS_MAX } from './members.ts';
import { CONTAINER_BYTES_MAX, centralRecord, crc32, END_BYTES, endRecord, localHeader, type ZipRecord } from './zip-format.ts';

/** A file to be written. */
export interface NewMember {
  readonly path: string;
  readonly bytes: Uint8Array;
}

/**
 * Writes a zip as its members come, one in memory at a time: stored, without dates, so the same members give the same bytes.
 * @throws ArchiveError `bundle/too-large`, `bundle/too-many` (caller): ask for less; RangeError for a path the format does not allow
 * Normative: docs/spec/bundle.md, section 2.
 */
export async function* writeZip(members: AsyncIterable<NewMember> | Iterable<NewMember>): AsyncGenerator<Uint8Array> {
  const records: ZipRecord[] = [];
  const taken = new Set<string>();
  let offset = 0;
  let directoryBytes = 0;
  for await (const { path, bytes } of members) {
    if (!isMemberPath(path) || taken.has(path.toLowerCase())) throw new RangeError('not a path for a bundle');
    taken.add(path.toLowerCase());
    if (records.length === MEMBERS_MAX) throw new ArchiveError('bundle/too-many', 'caller', { max: MEMBERS_MAX });
    const record = { path, crc32: crc32(bytes), byteCount: bytes.length, offset };
    const header = localHeader(record);
    records.push(record);
    offset += header.length + bytes.length;
    directoryBytes += centralRecord(record).length;
    if (offset + directoryBytes + END_BYTES > CONTAINER_BYTES_MAX) throw new ArchiveError('bundle/too-large', 'caller');
    yield header;
    if (bytes.length) yield bytes;
  }
  for (const record of records) yield centralRecord(record);
  yield endRecord(records.length, directoryBytes, offset);
}
