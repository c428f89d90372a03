import type { CatalogueSheet } from '@lantai/catalogue';
import ExcelJS from 'exceljs';
import { breakLines } from './break-lines.ts';
import {
  cellOf,
  formatDay,
  labelled,
  type PrintedColumn,
  pageOf,
  plainLine,
  printedColumns,
  SHEET_WORDS,
  type SheetLanguage,
} from './labels.ts';
import { fixZipTimes } from './zip-times.ts';

/** Widths in characters of the default font. */
const WIDTHS: Readonly<Record<PrintedColumn['key'], number>> = {
  number: 7,
  code: 24,
  title: 42,
  year: 7,
  month: 5,
  day: 5,
  copies: 6,
  pages: 6,
  retention: 11,
  remarks: 16,
};

const FONT = '宋体';
const THIN = { style: 'thin' } as const;
const BORDER = { top: THIN, left: THIN, bottom: THIN, right: THIN };
const CENTRE = { horizontal: 'center', vertical: 'middle', wrapText: true } as const;
const LEFT = { horizontal: 'left', vertical: 'middle', wrapText: true } as const;
/** Excel's format for text: what is typed later stays text too, so no title ever becomes a formula. */
const TEXT_FORMAT = '@';
const HEADING_ROWS = 4;
const ROW_POINTS = 20;
const LINE_POINTS = 15;
const HEADING_FILL: ExcelJS.Fill = { type: 'pattern', pattern: 'solid', fgColor: { argb: 'FFEDEDED' } };

const characterWidth = (c: string) => (c.codePointAt(0)! < 0x2000 ? 1 : 2);

/**
 * Writes the catalogue sheet as an Excel workbook: A4, header repeated on each printed page, page numbers in the footer.
 * Titles and remarks are text cells whatever they begin with; the same sheet gives the same bytes.
 * Blocks the thread for some milliseconds: call it from a job or worker.
 */
export async function writeCatalogueXlsx(sheet: CatalogueSheet, language: SheetLanguage = 'zh'): Promise<Uint8Array> {
  const columns = printedColumns(sheet.columns, language);
  const book = new ExcelJS.Workbook();
  const { madeOn } = sheet.head;
  const madeAt = new Date(Date.UTC(madeOn.year, (madeOn.month ?? 1) - 1, madeOn.day ?? 1));
  Object.assign(book, { creator: 'Lantai', lastModifiedBy: 'Lantai', created: madeAt, modified: madeAt });
  const page = book.addWorksheet(language === 'zh' ? '目录' : 'Catalogue', {
    pageSetup: {
      paperSize: 9,
      orientation: 'portrait',
      fitToPage: true,
      fitToWidth: 1,
      fitToHeight: 0,
      horizontalCentered: true,
      // Inches; 25 mm at the left, where the dossier is bound.
      margins: { left: 0.98, right: 0.5, top: 0.7, bottom: 0.7, header: 0.3, footer: 0.3 },
      printTitlesRow: `1:${HEADING_ROWS}`,
    },
    headerFooter: { oddFooter: `&C${pageOf('&P', '&N', language)}` },
    views: [{ state: 'frozen', ySplit: HEADING_ROWS }],
  });
  page.columns = columns.map((c) => ({ width: WIDTHS[c.key] }));
  writeHead(page, sheet, columns, language);
  for (const row of sheet.rows) writeRow(page, columns, (key) => cellOf(row, key, language), row.kind === 'class');
  const { total } = sheet;
  writeRow(
    page,
    columns,
    (key) => (key === 'title' ? SHEET_WORDS.total[language] : key === 'copies' ? total.copies : key === 'pages' ? total.pages : ''),
    true,
  );
  writeSignatures(page, sheet, columns.length, language);
  const bytes = new Uint8Array(await book.xlsx.writeBuffer());
  fixZipTimes(bytes);
  return bytes;
}

function writeHead(page: ExcelJS.Worksheet, sheet: CatalogueSheet, columns: readonly PrintedColumn[], language: SheetLanguage): void {
  const last = columns.length;
  page.mergeCells(1, 1, 1, last);
  put(page.getCell(1, 1), sheet.heading[language], { size: 18, bold: true });
  page.getRow(1).height = 32;
  const middle = columns.findIndex((c) => c.key === 'title') + 1;
  page.mergeCells(2, 1, 2, middle);
  put(page.getCell(2, 1), labelled(SHEET_WORDS[sheet.subject], sheet.head.subjectName, language), { alignment: LEFT });
  if (last > middle) {
    page.mergeCells(2, middle + 1, 2, last);
    const set = SHEET_WORDS[sheet.head.set][language];
    put(page.getCell(2, middle + 1), `${labelled(SHEET_WORDS.dossierCode, sheet.head.dossierCode, language)}　${set}`, { alignment: LEFT });
  }
  page.getRow(2).height = 22;
  columns.forEach((column, at) => {
    const below = page.getCell(4, at + 1);
    if (column.under === null) page.mergeCells(3, at + 1, 4, at + 1);
    else if (columns[at - 1]?.under !== column.under) {
      page.mergeCells(3, at + 1, 3, at + columns.filter((c) => c.under === column.under).length);
      put(page.getCell(3, at + 1), column.under, { bold: true, border: BORDER });
    }
    put(column.under === null ? page.getCell(3, at + 1) : below, column.label, { bold: true, border: BORDER });
    below.border = BORDER;
    page.getCell(3, at + 1).border = BORDER;
  });
}

function writeRow(
  page: ExcelJS.Worksheet,
  columns: readonly PrintedColumn[],
  value: (key: PrintedColumn['key']) => string | number,
  bold: boolean,
): void {
  const row = page.addRow([]);
  // Excel fits a row to wrapped text only when a person edits it, so the lines are counted here, a Han character as two.
  const lines = columns.map(({ key }) => breakLines(plainLine(String(value(key))), WIDTHS[key] - 2, characterWidth).length);
  row.height = Math.max(ROW_POINTS, Math.max(...lines) * LINE_POINTS + 4);
  columns.forEach(({ key }, at) => {
    const alignment = key === 'title' || key === 'remarks' ? LEFT : CENTRE;
    put(row.getCell(at + 1), value(key), { bold, border: BORDER, alignment });
    if (bold) row.getCell(at + 1).fill = HEADING_FILL;
  });
}

function writeSignatures(page: ExcelJS.Worksheet, sheet: CatalogueSheet, last: number, language: SheetLanguage): void {
  const row = page.addRow([]);
  row.height = 26;
  page.mergeCells(row.number, 1, row.number, last);
  const day = formatDay(sheet.head.madeOn, language);
  const blank = '　'.repeat(6);
  const words = [SHEET_WORDS.arranger, SHEET_WORDS.reviewer].map((w) => labelled(w, blank, language)).join('');
  put(row.getCell(1), `${words}${labelled(SHEET_WORDS.madeOn, day, language)}`, { alignment: LEFT });
}

interface Look {
  readonly size?: number;
  readonly bold?: boolean;
  readonly border?: Partial<ExcelJS.Borders>;
  readonly alignment?: Partial<ExcelJS.Alignment>;
}

function put(cell: ExcelJS.Cell, value: string | number, look: Look): void {
  if (value !== '') cell.value = typeof value === 'number' ? value : escapeCell(plainLine(value));
  cell.font = { name: FONT, size: look.size ?? 11, bold: look.bold ?? false };
  cell.alignment = look.alignment ?? CENTRE;
  if (look.border) cell.border = look.border;
  if (typeof value === 'string') cell.numFmt = TEXT_FORMAT;
}

/** Excel reads `_x0041_` in a cell as A, so a title that holds such text is written with its underscore escaped. Source: ECMA-376 part 1, 22.9.2.19. */
function escapeCell(text: string): string {
  return text.replace(/_(?=x[0-9A-Fa-f]{4}_)/g, '_x005F_');
}
