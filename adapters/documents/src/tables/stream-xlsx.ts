import { findOfficeKind } from '../office.ts';
import { type Refused, refused } from '../outcome.ts';
import { openZip, type ZipMember } from '../zip/archive.ts';
import { SheetReader } from './sheet-reader.ts';
import { COLUMNS_MAX, HEADING_ROWS_MAX, type MergedRange, Stretches, type TableStretch } from './streamed-row.ts';
import { readWorkbookParts } from './workbook-parts.ts';
import { readTags, unpack } from './xml-tags.ts';

/** Bytes a worksheet unpacks to: a catalogue of 200,000 rows of 14 columns has 170 MB. */
const SHEET_BYTES_MAX = 600_000_000;
const MERGED_MAX = 100_000;

/**
 * The rows of the first visible worksheet of a workbook, read while it is unpacked: memory holds its shared strings and one stretch.
 * @returns null, or a refusal `table/not-xlsx`, `table/too-large`, `table/too-many-rows`, `table/unreadable`
 */
export async function* streamXlsx(bytes: Uint8Array, limits: { readonly rows: number }): AsyncGenerator<TableStretch, Refused | null> {
  const archive = await openZip(bytes);
  if ('kind' in archive) return refused('table/unreadable');
  if (findOfficeKind(archive)?.format !== 'xlsx') return refused('table/not-xlsx');
  if (archive.members.some((m) => m.unpackedBytes > SHEET_BYTES_MAX)) return refused('table/too-large', { limit: SHEET_BYTES_MAX });
  try {
    const parts = await readWorkbookParts(bytes, archive);
    const sheet = parts.sheets[0];
    if (!sheet) return refused('table/not-xlsx');
    const merged = await readMerged(bytes, sheet);
    yield { kind: 'head', head: { format: 'xlsx', encoding: 'utf-8', merged, otherSheets: parts.sheets.length - 1 } };
    const reader = new SheetReader(parts);
    const stretches = new Stretches();
    let count = 0;
    for await (const row of readTags(bytes, sheet, reader, () => reader.takeRows())) {
      if (row.cells.length && ++count > limits.rows + HEADING_ROWS_MAX) return refused('table/too-many-rows', { limit: limits.rows });
      const full = stretches.add(row);
      if (full) yield full;
    }
    const last = stretches.rest();
    if (last) yield last;
    return null;
  } catch {
    return refused('table/unreadable'); // the parser's words quote the file
  }
}

const MERGE = /mergeCell\s[^>]*?ref="([A-Z]{1,3})(\d{1,7}):([A-Z]{1,3})(\d{1,7})"/g;
const KEPT_CHARS = 200;

/** Column of its letters: A is 1, AB is 28. */
export const columnOf = (letters: string): number => [...letters].reduce((n, c) => n * 26 + c.charCodeAt(0) - 64, 0);

/** The merged cells stand behind the rows that they are about, so they are looked for first. */
async function readMerged(zip: Uint8Array, sheet: ZipMember): Promise<MergedRange[]> {
  const merged: MergedRange[] = [];
  const decoder = new TextDecoder();
  let tail = '';
  for await (const piece of unpack(zip, sheet)) {
    const text = tail + decoder.decode(piece, { stream: true });
    let end = 0;
    for (const m of text.matchAll(MERGE)) {
      end = m.index + m[0].length;
      const range = { fromColumn: columnOf(m[1]!), fromRow: Number(m[2]), toColumn: columnOf(m[3]!), toRow: Number(m[4]) };
      if (range.fromColumn > COLUMNS_MAX) continue;
      if (merged.length >= MERGED_MAX) throw new Error('too many merged cells');
      merged.push(range);
    }
    tail = text.slice(Math.max(end, text.length - KEPT_CHARS));
  }
  return merged;
}
