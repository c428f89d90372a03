import type { PartialDate } from '@lantai/values';
import { breakLines } from './break-lines.ts';
import { formatDay, plainLine, type SheetLanguage } from './labels.ts';
import { PdfCanvas } from './pdf-canvas.ts';
import { MM } from './pdf-columns.ts';
import { drawCode } from './separators-pdf.ts';
import { sheetFonts } from './sheet-pdf.ts';

/** A processing slip (数字化加工流程单) as it is printed. All words are already in its language. */
export interface SlipSheet {
  readonly title: string;
  /** The archival code: in large letters, and what the QR code says. */
  readonly code: string;
  /** Below the code. */
  readonly lines: readonly string[];
  /** What was declared and came: label and number. */
  readonly numbers: readonly (readonly [label: string, value: string])[];
  /** Heads of the table to sign in; the first is of the stations. */
  readonly columns: readonly string[];
  readonly stations: readonly string[];
  readonly foot: string;
  readonly printedOn: PartialDate;
}

const PAPER = { width: 210 * MM, height: 297 * MM };
const LEFT = 20 * MM;
const WIDTH = 170 * MM;
const CODE_WIDTH = 38 * MM;
const NUMBER = { height: 16 * MM, label: 8, value: 15 };
const ROW_HEIGHT = 13 * MM;
/** Widths of the table's columns as shares: station, operator, date, count, remarks. */
const SHARES = [0.2, 0.2, 0.2, 0.14, 0.26];

/** Writes a processing slip as PDF for A4, one page. The same slip gives the same bytes. Blocks the thread: call it from a worker. */
export async function writeSlipPdf(slip: SlipSheet, language: SheetLanguage = 'zh'): Promise<Uint8Array> {
  const { regular, bold } = await sheetFonts();
  const canvas = new PdfCanvas(PAPER, regular, bold);
  canvas.addPage();
  drawHead(canvas, slip);
  drawNumbers(canvas, slip.numbers, 214 * MM);
  drawStations(canvas, slip, 206 * MM);
  canvas.text(plainLine(`${slip.foot}　${formatDay(slip.printedOn, language)}`), { x: LEFT, y: 12 * MM, size: 8 });
  return canvas.save({ title: slip.title, language: language === 'zh' ? 'zh-CN' : 'en', madeOn: slip.printedOn });
}

function drawHead(canvas: PdfCanvas, { title, code, lines }: SlipSheet): void {
  const room = WIDTH - CODE_WIDTH - 6 * MM;
  const fitting = (text: string, largest: number, bold: boolean) =>
    Math.min(largest, (largest * room) / Math.max(1, canvas.width(text, largest, bold)));
  canvas.text(title, { x: LEFT, y: 268 * MM, size: fitting(title, 20, true), bold: true });
  canvas.text(code, { x: LEFT, y: 254 * MM, size: fitting(code, 24, true), bold: true });
  for (const [at, line] of lines.entries())
    canvas.text(plainLine(line), { x: LEFT, y: (245 - at * 6) * MM, size: fitting(line, 11, false) });
  drawCode(canvas, code, LEFT + WIDTH - CODE_WIDTH, 277 * MM, CODE_WIDTH);
}

function drawNumbers(canvas: PdfCanvas, numbers: SlipSheet['numbers'], bottom: number): void {
  const width = WIDTH / numbers.length;
  for (const [at, [label, value]] of numbers.entries()) {
    const x = LEFT + at * width;
    canvas.rectangle(x, bottom, width, NUMBER.height, null);
    canvas.text(label, { x: x + 2 * MM, y: bottom + NUMBER.height - 4.5 * MM, size: NUMBER.label });
    canvas.text(value, { x: x + 2 * MM, y: bottom + 3 * MM, size: NUMBER.value, bold: true });
  }
}

function drawStations(canvas: PdfCanvas, { columns, stations }: SlipSheet, top: number): void {
  const rows = [columns, ...stations.map((station) => [station])];
  for (const [row, cells] of rows.entries()) {
    const y = top - (row + 1) * ROW_HEIGHT;
    let x = LEFT;
    for (const [at, share] of SHARES.entries()) {
      const width = share * WIDTH;
      canvas.rectangle(x, y, width, ROW_HEIGHT, row === 0 ? 0.93 : null);
      const size = 10;
      const lines = breakLines(plainLine(cells[at] ?? ''), width - 4 * MM, (c) => canvas.width(c, size, row === 0));
      for (const [line, text] of lines.slice(0, 2).entries())
        canvas.text(text, { x: x + 2 * MM, y: y + ROW_HEIGHT - (5.2 + line * 4.8) * MM, size, bold: row === 0 });
      x += width;
    }
  }
}
