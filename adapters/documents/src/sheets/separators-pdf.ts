import type { PartialDate } from '@lantai/values';
import { encode } from 'uqr';
import type { SheetLanguage } from './labels.ts';
import { PdfCanvas } from './pdf-canvas.ts';
import { MM } from './pdf-columns.ts';
import { sheetFonts } from './sheet-pdf.ts';

/** One separator sheet as it is printed. */
export interface SeparatorSheet {
  /** What the QR code says. */
  readonly code: string;
  /** In large letters: the archival code of the dossier. */
  readonly dossier: string;
  /** Below it, as the class is printed and called; empty for the sheet of a dossier. */
  readonly lines: readonly string[];
}

/** Sheets to be laid between papers before they are scanned, or labels to be stuck on boxes and covers. */
export type SeparatorJob =
  | { readonly kind: 'sheets'; readonly sheets: readonly SeparatorSheet[]; readonly printedOn: PartialDate }
  | {
      readonly kind: 'labels';
      readonly labels: readonly { readonly code: string; readonly lines: readonly string[] }[];
      readonly printedOn: PartialDate;
    };

const WORDS = {
  heading: { zh: '分隔页', en: 'Separator' },
  notFiled: { zh: '扫描时随卷送入，本页不归档，可重复使用。', en: 'Scan it with the papers. It is not filed, and can be used again.' },
  labels: { zh: '档号标签', en: 'Labels' },
} as const;

const PAPER = { width: 210 * MM, height: 297 * MM };
const CODE_WIDTH = 110 * MM;
/** White around a QR code, in modules. Source: ISO/IEC 18004. */
const QUIET = 4;
/** Labels of a sheet of A4: three by eight, 70 × 37 mm, as they are sold. */
const LABEL = { columns: 3, rows: 8, width: 70 * MM, height: 37 * MM, code: 28 * MM };

/** Writes separator sheets or labels as PDF for A4. The same job gives the same bytes. Blocks the thread: call it from a worker. */
export async function writeSeparatorsPdf(job: SeparatorJob, language: SheetLanguage = 'zh'): Promise<Uint8Array> {
  const { regular, bold } = await sheetFonts();
  const canvas = new PdfCanvas(PAPER, regular, bold);
  if (job.kind === 'sheets') for (const sheet of job.sheets) drawSheet(canvas, sheet, language);
  else drawLabels(canvas, job.labels);
  const title = WORDS[job.kind === 'sheets' ? 'heading' : 'labels'][language];
  return canvas.save({ title, language: language === 'zh' ? 'zh-CN' : 'en', madeOn: job.printedOn });
}

function drawSheet(canvas: PdfCanvas, { code, dossier, lines }: SeparatorSheet, language: SheetLanguage): void {
  canvas.addPage();
  const centre = (text: string, y: number, largest: number, bold = false) => {
    const size = Math.min(largest, (largest * PAPER.width * 0.85) / Math.max(1, canvas.width(text, largest, bold)));
    canvas.text(text, { x: (PAPER.width - canvas.width(text, size, bold)) / 2, y, size, bold });
  };
  centre(WORDS.heading[language], 262 * MM, 30, true);
  centre(dossier, 238 * MM, 34, true);
  for (const [at, line] of lines.entries()) centre(line, (222 - at * 12) * MM, 24);
  drawCode(canvas, code, (PAPER.width - CODE_WIDTH) / 2, 190 * MM, CODE_WIDTH);
  centre(code, 72 * MM, 9);
  centre(WORDS.notFiled[language], 40 * MM, 14);
}

function drawLabels(canvas: PdfCanvas, labels: readonly { readonly code: string; readonly lines: readonly string[] }[]): void {
  const perPage = LABEL.columns * LABEL.rows;
  for (const [at, { code, lines }] of labels.entries()) {
    const place = at % perPage;
    if (place === 0) canvas.addPage();
    const x = (place % LABEL.columns) * LABEL.width + 4 * MM;
    const top = PAPER.height - Math.floor(place / LABEL.columns) * LABEL.height - 4 * MM;
    drawCode(canvas, code, x, top, LABEL.code);
    const left = x + LABEL.code + 1 * MM;
    const room = LABEL.width - LABEL.code - 8 * MM;
    for (const [line, text] of [code, ...lines].entries()) {
      const size = Math.min(11, (11 * room) / Math.max(1, canvas.width(text, 11, line === 0)));
      canvas.text(text, { x: left, y: top - (8 + line * 6) * MM, size, bold: line === 0 });
    }
  }
}

/** Draws a QR code below `top`, in points: dark modules of a row that touch are one rectangle. */
export function drawCode(canvas: PdfCanvas, text: string, left: number, top: number, width: number): void {
  const { data, size } = encode(text, { ecc: 'H', border: QUIET, boostEcc: false });
  const module = width / size;
  for (const [row, cells] of data.entries())
    for (let from = 0; from < size; from++) {
      if (!cells[from]) continue;
      let to = from;
      while (to < size && cells[to]) to++;
      canvas.solid(left + from * module, top - (row + 1) * module, (to - from) * module, module);
      from = to;
    }
}
