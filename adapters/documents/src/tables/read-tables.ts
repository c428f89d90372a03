import ExcelJS from 'exceljs';
import { findOfficeKind, isCompoundFile } from '../office.ts';
import { type Refused, refused } from '../outcome.ts';
import { isZip, openZip, type ZipArchive } from '../zip/archive.ts';

/** A cell with something in it. */
export interface TableCell {
  /** From 1. */
  readonly column: number;
  readonly text: string;
  /** `plain`: text, or a whole number or a truth value as text. Others are not taken for what they show: nobody sees what they are made of. */
  readonly kind: 'plain' | 'formula' | 'error' | 'date' | 'fraction';
}

/** A row with something in it. */
export interface TableRow {
  /** As Excel counts, from 1. */
  readonly row: number;
  readonly cells: readonly TableCell[];
}

/** One worksheet. */
export interface TableSheet {
  readonly name: string;
  readonly rows: readonly TableRow[];
  /** Ranges of merged cells, the first hundred. */
  readonly merged: readonly string[];
}

/** What a workbook may hold. */
export interface TableLimits {
  /** Rows of all sheets together. */
  readonly rows: number;
}

const FILE_BYTES_MAX = 8_000_000;
const PART_BYTES_MAX = 60_000_000;
const SHEETS_MAX = 10;
const COLUMNS_MAX = 100;
const CELL_CHARS_MAX = 1000;
const MERGED_TOLD = 100;

/**
 * Reads the cells of an Excel workbook (.xlsx). Nothing in it is calculated or run. Before the library opens it, the parts are unpacked one by
 * one under limits and the rows are counted, so that a bomb or a register of a hundred thousand is refused and not loaded.
 * @returns the sheets; a refusal `table/not-xlsx`, `table/old-format`, `table/too-large`, `table/too-many-rows`, `table/too-many-sheets`,
 * `table/unreadable`
 */
export async function readTables(bytes: Uint8Array, limits: TableLimits): Promise<readonly TableSheet[] | Refused> {
  if (isCompoundFile(bytes)) return refused('table/old-format');
  if (!isZip(bytes)) return refused('table/not-xlsx');
  if (bytes.length > FILE_BYTES_MAX) return refused('table/too-large', { limit: FILE_BYTES_MAX });
  const archive = await openZip(bytes);
  if ('kind' in archive) return refused('table/unreadable');
  if (findOfficeKind(archive)?.format !== 'xlsx') return refused('table/not-xlsx');
  const fault = checkParts(archive, limits);
  if (fault) return fault;
  const book = new ExcelJS.Workbook();
  try {
    // The library's types know an older Buffer.
    await book.xlsx.load(Buffer.from(bytes) as unknown as Parameters<typeof book.xlsx.load>[0]);
  } catch {
    return refused('table/unreadable'); // the library's words may quote the file
  }
  return book.worksheets.map(sheetOf);
}

/** Unpacks every part within limits and counts the rows of the sheets. */
function checkParts(archive: ZipArchive, { rows }: TableLimits): Refused | null {
  const sheets = archive.members.filter(({ path }) => /^xl\/worksheets\/[^/]+\.xml$/i.test(path));
  if (sheets.length > SHEETS_MAX) return refused('table/too-many-sheets', { limit: SHEETS_MAX });
  if (archive.members.reduce((sum, m) => sum + m.unpackedBytes, 0) > PART_BYTES_MAX)
    return refused('table/too-large', { limit: PART_BYTES_MAX });
  let count = 0;
  for (const member of archive.members) {
    const part = archive.read(member);
    if ('kind' in part) return refused('table/unreadable');
    if (sheets.includes(member)) count += countRows(part, rows - count);
    // The heading of each sheet is a row too.
    if (count > rows + sheets.length) return refused('table/too-many-rows', { limit: rows });
  }
  return null;
}

/** Rows that are written down, a cell in them or not. */
function countRows(part: Uint8Array, enough: number): number {
  const text = Buffer.from(part.buffer, part.byteOffset, part.length);
  let count = 0;
  for (let at = text.indexOf('<c '); at >= 0 && count <= enough + SHEETS_MAX; count++) {
    // A row counts when it has a cell: Excel writes empty formatted rows by the thousand.
    const end = text.indexOf('</row>', at);
    if (end < 0) return count + 1;
    at = text.indexOf('<c ', end);
  }
  return count;
}

function sheetOf(sheet: ExcelJS.Worksheet): TableSheet {
  const rows: TableRow[] = [];
  sheet.eachRow({ includeEmpty: false }, (row, number) => {
    const cells: TableCell[] = [];
    row.eachCell({ includeEmpty: false }, (cell, column) => {
      const read = column > COLUMNS_MAX ? null : cellOf(cell, column);
      if (read && (read.kind !== 'plain' || read.text !== '')) cells.push(read);
    });
    if (cells.length) rows.push({ row: number, cells });
  });
  return { name: sheet.name, rows, merged: (sheet.model.merges ?? []).slice(0, MERGED_TOLD) };
}

function cellOf(cell: ExcelJS.Cell, column: number): TableCell | null {
  const { value } = cell;
  const plain = (text: string): TableCell => ({ column, text: text.trim().slice(0, CELL_CHARS_MAX), kind: 'plain' });
  if (value === null || value === undefined || cell.type === ExcelJS.ValueType.Merge) return null;
  if (typeof value === 'string') return plain(value);
  if (typeof value === 'boolean') return plain(value ? 'true' : 'false');
  if (typeof value === 'number')
    return Number.isSafeInteger(value) ? plain(String(value)) : { column, text: String(value), kind: 'fraction' };
  if (value instanceof Date) return { column, text: '', kind: 'date' };
  if ('formula' in value || 'sharedFormula' in value) return { column, text: '', kind: 'formula' };
  if ('error' in value) return { column, text: '', kind: 'error' };
  if ('richText' in value) return plain(value.richText.map((run) => run.text).join(''));
  if ('text' in value) return plain(typeof value.text === 'string' ? value.text : '');
  return { column, text: '', kind: 'error' };
}
