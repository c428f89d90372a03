import type { PartialDate } from '@lantai/values';
import { breakLines } from './break-lines.ts';
import { plainLine, type SheetLanguage } from './labels.ts';
import { PdfCanvas } from './pdf-canvas.ts';
import { MM } from './pdf-columns.ts';
import { drawCode } from './separators-pdf.ts';
import { sheetFonts } from './sheet-pdf.ts';

/** A label of a box (卷盒标签) as it is printed. All words are already in its language. */
export interface BoxLabel {
  /** What the QR code says. */
  readonly code: string;
  /** In large letters: number of the box. */
  readonly number: string;
  /** What it is arranged by and holds: label and value, in the order printed. */
  readonly cells: readonly (readonly [label: string, value: string])[];
  /** Names of those whose dossiers lie in it; empty unless the archive says so. */
  readonly names: readonly string[];
  readonly spineMm: number;
}

/** Labels to be stuck on the face or the spine of boxes, or small ones with the code alone. */
export interface BoxLabelJob {
  readonly kind: 'face' | 'spine' | 'qr';
  readonly title: string;
  readonly labels: readonly BoxLabel[];
  readonly printedOn: PartialDate;
}

const PAPER = { width: 210 * MM, height: 297 * MM };
const FACE = { width: 180 * MM, height: 92 * MM, perPage: 3, left: 15 * MM, top: 10 * MM, row: 9 * MM, label: 26 * MM, code: 46 * MM };
/** A spine of DA/T 22's box is 310 mm high; the label leaves room above and below, and fits A4. */
const SPINE = { height: 262 * MM, left: 12 * MM, top: 280 * MM, gap: 3 * MM, cell: 24 * MM, number: 20 * MM };
const SMALL = { columns: 3, rows: 8, width: 70 * MM, height: 37 * MM, code: 28 * MM };
const GREY = 0.93;

/** Writes labels of boxes as PDF for A4. The same job gives the same bytes. Blocks the thread: call it from a worker. */
export async function writeBoxLabelsPdf(job: BoxLabelJob, language: SheetLanguage = 'zh'): Promise<Uint8Array> {
  const { regular, bold } = await sheetFonts();
  const canvas = new PdfCanvas(PAPER, regular, bold);
  if (job.kind === 'face') for (const [at, label] of job.labels.entries()) drawFace(canvas, label, at);
  if (job.kind === 'spine') drawSpines(canvas, job.labels);
  if (job.kind === 'qr') for (const [at, label] of job.labels.entries()) drawSmall(canvas, label, at);
  return canvas.save({ title: job.title, language: language === 'zh' ? 'zh-CN' : 'en', madeOn: job.printedOn });
}

/** The largest size up to `largest` at which the text fits. */
const fitting = (canvas: PdfCanvas, text: string, room: number, largest: number, bold: boolean): number =>
  Math.min(largest, (largest * room) / Math.max(1, canvas.width(text, largest, bold)));

function drawFace(canvas: PdfCanvas, { code, number, cells, names }: BoxLabel, at: number): void {
  const place = at % FACE.perPage;
  if (place === 0) canvas.addPage();
  const top = PAPER.height - FACE.top - place * (FACE.height + 2 * MM);
  const bottom = top - FACE.height;
  canvas.rectangle(FACE.left, bottom, FACE.width, FACE.height);
  const table = FACE.width - FACE.code - 6 * MM;
  for (const [row, [label, value]] of cells.entries()) {
    const y = top - 2 * MM - (row + 1) * FACE.row;
    canvas.rectangle(FACE.left + 2 * MM, y, FACE.label, FACE.row, GREY);
    canvas.rectangle(FACE.left + 2 * MM + FACE.label, y, table - FACE.label, FACE.row);
    const base = y + 3 * MM;
    canvas.text(label, { x: FACE.left + 3.5 * MM, y: base, size: fitting(canvas, label, FACE.label - 3 * MM, 10, false) });
    const text = plainLine(value);
    const size = fitting(canvas, text, table - FACE.label - 3 * MM, 12, true);
    canvas.text(text, { x: FACE.left + 3.5 * MM + FACE.label, y: base, size, bold: true });
  }
  const right = FACE.left + FACE.width - FACE.code - 2 * MM;
  const size = fitting(canvas, number, FACE.code, 26, true);
  canvas.text(number, { x: right + (FACE.code - canvas.width(number, size, true)) / 2, y: top - 13 * MM, size, bold: true });
  drawCode(canvas, code, right, top - 17 * MM, FACE.code);
  drawNames(canvas, names, { x: FACE.left + 3.5 * MM, y: bottom + 5 * MM, width: FACE.width - 7 * MM, lines: 2, size: 10 });
}

interface NamePlace {
  readonly x: number;
  /** Of the last line. */
  readonly y: number;
  readonly width: number;
  readonly lines: number;
  readonly size: number;
}

/** Names in a row, as many as have room; what has none is marked by an ellipsis, never left out unseen. */
function drawNames(canvas: PdfCanvas, names: readonly string[], { x, y, width, lines, size }: NamePlace): void {
  if (!names.length) return;
  const broken = breakLines(plainLine(names.join('　')), width - size, (c) => canvas.width(c, size, false));
  const shown = broken.slice(0, lines);
  if (broken.length > lines) shown[lines - 1] += '…';
  for (const [at, text] of shown.entries()) canvas.text(text, { x, y: y + (shown.length - 1 - at) * size * 1.4, size });
}

/** Spines stand side by side, each as wide as its box. */
function drawSpines(canvas: PdfCanvas, labels: readonly BoxLabel[]): void {
  let x = PAPER.width;
  for (const label of labels) {
    const width = label.spineMm * MM - 1 * MM;
    if (x + width > PAPER.width - SPINE.left) {
      canvas.addPage();
      x = SPINE.left;
    }
    drawSpine(canvas, label, x, width);
    x += width + SPINE.gap;
  }
}

function drawSpine(canvas: PdfCanvas, { code, number, cells, names }: BoxLabel, left: number, width: number): void {
  canvas.rectangle(left, SPINE.top - SPINE.height, width, SPINE.height);
  const room = width - 2 * MM;
  const centre = (text: string, y: number, size: number, bold: boolean) =>
    canvas.text(text, { x: left + (width - canvas.width(text, size, bold)) / 2, y, size, bold });
  const heading = (text: string, top: number) => {
    canvas.rectangle(left, top - 6 * MM, width, 6 * MM, GREY);
    centre(text, top - 4.4 * MM, fitting(canvas, text, room, 9, false), false);
  };
  let top = SPINE.top;
  for (const [label, value] of cells) {
    heading(label, top);
    canvas.rectangle(left, top - SPINE.cell, width, SPINE.cell);
    const size = 12;
    const all = breakLines(plainLine(value), room, (c) => canvas.width(c, size, true));
    // What is longer than three lines is set smaller, never cut.
    const small = all.length <= 3 ? size : (size * 3) / all.length;
    const lines = all.length <= 3 ? all : breakLines(plainLine(value), room, (c) => canvas.width(c, small, true));
    for (const [at, text] of lines.entries())
      centre(text, top - 6 * MM - (at + 1) * small * 1.25, Math.min(small, fitting(canvas, text, room, small, true)), true);
    top -= SPINE.cell;
  }
  centre(number, top - 12 * MM, fitting(canvas, number, room, 30, true), true);
  top -= SPINE.number;
  const codeWidth = Math.min(width - 1 * MM, 34 * MM);
  const bottom = SPINE.top - SPINE.height;
  drawCode(canvas, code, left + (width - codeWidth) / 2, bottom + codeWidth + 2 * MM, codeWidth);
  drawColumn(canvas, names, { x: left + 1 * MM, width: room, top: top - 4 * MM, bottom: bottom + codeWidth + 5 * MM });
}

/** Names one below another, as many as have room. */
function drawColumn(
  canvas: PdfCanvas,
  names: readonly string[],
  { x, width, top, bottom }: { readonly x: number; readonly width: number; readonly top: number; readonly bottom: number },
): void {
  const step = 4.6 * MM;
  const fit = Math.max(0, Math.floor((top - bottom) / step));
  const shown = names.length > fit ? [...names.slice(0, Math.max(0, fit - 1)), '…'] : names;
  for (const [at, name] of shown.entries()) {
    const text = plainLine(name);
    canvas.text(text, { x, y: top - (at + 1) * step + 1 * MM, size: fitting(canvas, text, width, 10, false) });
  }
}

function drawSmall(canvas: PdfCanvas, { code, number, cells }: BoxLabel, at: number): void {
  const place = at % (SMALL.columns * SMALL.rows);
  if (place === 0) canvas.addPage();
  const x = (place % SMALL.columns) * SMALL.width + 4 * MM;
  const top = PAPER.height - Math.floor(place / SMALL.columns) * SMALL.height - 4 * MM;
  drawCode(canvas, code, x, top, SMALL.code);
  const left = x + SMALL.code + 1 * MM;
  const room = SMALL.width - SMALL.code - 8 * MM;
  const lines = [number, ...cells.slice(0, 4).map(([label, value]) => `${label} ${value}`)];
  for (const [line, text] of lines.entries())
    canvas.text(plainLine(text), {
      x: left,
      y: top - (8 + line * 5.4) * MM,
      size: fitting(canvas, plainLine(text), room, line === 0 ? 14 : 8.5, line === 0),
      bold: line === 0,
    });
}
