import { isCompoundFile } from '../office.ts';
import { type Refused, refused } from '../outcome.ts';
import { isZip } from '../zip/archive.ts';
import { streamCsv } from './stream-csv.ts';
import { streamXlsx } from './stream-xlsx.ts';
import type { TableStretch } from './streamed-row.ts';

/** Bytes of a catalogue as a file. */
export const TABLE_BYTES_MAX = 64_000_000;

/**
 * Reads a catalogue, an Excel workbook (.xlsx) or separated text, row by row in bounded memory. Nothing in it is calculated or run, and
 * nothing touches the disk. What was told before a refusal does not count.
 * @param limits.rows rows at most, those of the heading not counted
 * @returns null when all of it was read; else a refusal `table/not-xlsx`, `table/old-format`, `table/too-large`, `table/too-many-rows`, `table/unreadable`
 */
export async function* streamTable(bytes: Uint8Array, limits: { readonly rows: number }): AsyncGenerator<TableStretch, Refused | null> {
  if (bytes.length > TABLE_BYTES_MAX) return refused('table/too-large', { limit: TABLE_BYTES_MAX });
  if (isCompoundFile(bytes)) return refused('table/old-format');
  if (isZip(bytes)) return yield* streamXlsx(bytes, limits);
  // Text has no NUL; a picture or a document is no catalogue.
  if (bytes.subarray(0, 4096).includes(0)) return refused('table/not-xlsx');
  return yield* streamCsv(bytes, limits);
}
