import ExcelJS from 'exceljs';
import { qrPng } from './qr-png.ts';
import { fixZipTimes } from './zip-times.ts';

/** A table whose first column is a QR code: for label printers that take their labels out of Excel, or to be cut out. */
export interface CodeTable {
  readonly name: string;
  /** Heads of the columns behind the picture, with their widths in characters. */
  readonly columns: readonly { readonly heading: string; readonly width: number }[];
  /** What stands over the pictures. */
  readonly codeHeading: string;
  readonly rows: readonly { readonly code: string; readonly cells: readonly string[] }[];
}

const TEXT_FORMAT = '@';
const MADE_AT = new Date(Date.UTC(2000, 0, 1));
const PICTURE_PX = 110;
/** Excel counts heights in points, widths in characters. */
const ROW_POINTS = 90;
const CODE_WIDTH = 17;

/** Writes codes as an Excel workbook: pictures of QR codes, and text that is text whatever it begins with. Call it from a worker. */
export async function writeCodeTableXlsx(table: CodeTable): Promise<Uint8Array> {
  const book = new ExcelJS.Workbook();
  Object.assign(book, { creator: 'Lantai', lastModifiedBy: 'Lantai', created: MADE_AT, modified: MADE_AT });
  const page = book.addWorksheet(table.name, {
    views: [{ state: 'frozen', ySplit: 1 }],
    pageSetup: { paperSize: 9, orientation: 'landscape', fitToPage: true, fitToWidth: 1, fitToHeight: 0 },
  });
  page.columns = [{ width: CODE_WIDTH }, ...table.columns.map(({ width }) => ({ width, style: { numFmt: TEXT_FORMAT } }))];
  const head = page.addRow([table.codeHeading, ...table.columns.map(({ heading }) => heading)]);
  head.font = { bold: true };
  for (const [at, { code, cells }] of table.rows.entries()) {
    const row = page.addRow(['', ...cells.map((text) => text.replace(/_(?=x[0-9A-Fa-f]{4}_)/g, '_x005F_'))]);
    row.height = ROW_POINTS;
    row.eachCell((cell) => {
      cell.numFmt = TEXT_FORMAT;
      cell.alignment = { vertical: 'middle', wrapText: true };
    });
    const { png } = qrPng(code);
    const image = book.addImage({ base64: Buffer.from(png).toString('base64'), extension: 'png' });
    page.addImage(image, { tl: { col: 0.05, row: at + 1.05 }, ext: { width: PICTURE_PX, height: PICTURE_PX } });
  }
  const bytes = new Uint8Array(await book.xlsx.writeBuffer());
  fixZipTimes(bytes);
  return bytes;
}
