import ExcelJS from 'exceljs';
import { fixZipTimes } from './zip-times.ts';

/** A column of a plain table. */
export interface TableColumn {
  readonly heading: string;
  /** In characters of the default font. */
  readonly width: number;
  /** What may be chosen in it; left out: anything. */
  readonly choices?: readonly string[];
}

/** A worksheet of plain text under one line of headings. */
export interface PlainTable {
  readonly name: string;
  readonly columns: readonly TableColumn[];
  readonly rows: readonly (readonly string[])[];
}

/** Excel's format for text: no staff number loses its zeros, and nothing becomes a formula. */
const TEXT_FORMAT = '@';
const HEADING_FILL: ExcelJS.Fill = { type: 'pattern', pattern: 'solid', fgColor: { argb: 'FFEDEDED' } };
/** Rows below the headings in which a choice is offered. */
const CHOICE_ROWS = 1000;
/** A workbook of no day, so that the same table gives the same bytes. */
const MADE_AT = new Date(Date.UTC(2000, 0, 1));

/** Writes tables as an Excel workbook. Every cell is text, whatever it begins with. Blocks the thread: call it from a worker. */
export async function writeTableXlsx(tables: readonly PlainTable[]): Promise<Uint8Array> {
  const book = new ExcelJS.Workbook();
  Object.assign(book, { creator: 'Lantai', lastModifiedBy: 'Lantai', created: MADE_AT, modified: MADE_AT });
  for (const table of tables) {
    const page = book.addWorksheet(table.name, { views: [{ state: 'frozen', ySplit: 1 }] });
    page.columns = table.columns.map(({ width }) => ({ width, style: { numFmt: TEXT_FORMAT } }));
    const head = page.addRow(table.columns.map(({ heading }) => heading));
    head.eachCell((cell) => {
      cell.font = { bold: true };
      cell.fill = HEADING_FILL;
      cell.numFmt = TEXT_FORMAT;
    });
    for (const row of table.rows)
      page.addRow(row.map((text) => text.replace(/_(?=x[0-9A-Fa-f]{4}_)/g, '_x005F_'))).eachCell((cell) => {
        cell.numFmt = TEXT_FORMAT;
      });
    table.columns.forEach(({ choices }, at) => {
      if (!choices) return;
      for (let row = 2; row <= CHOICE_ROWS; row++)
        page.getCell(row, at + 1).dataValidation = { type: 'list', allowBlank: true, formulae: [`"${choices.join(',')}"`] };
    });
  }
  const bytes = new Uint8Array(await book.xlsx.writeBuffer());
  fixZipTimes(bytes);
  return bytes;
}
