import type { PartialDate } from '@lantai/values';
import { breakLines } from './break-lines.ts';
import { plainLine } from './labels.ts';
import { PdfCanvas } from './pdf-canvas.ts';
import { MM } from './pdf-columns.ts';
import type { SheetFont } from './sheet-font.ts';
import { sheetFonts } from './sheet-pdf.ts';

/** A part of a report: a heading, and lines of text or a table below it. */
export interface ReportSection {
  /** Begins on a page of its own, however much room the last one left. */
  readonly newPage?: boolean;
  readonly heading: string;
  readonly lines: readonly string[];
  readonly table?: {
    /** Widths are shares of the page's width. */
    readonly columns: readonly { readonly label: string; readonly share: number }[];
    readonly rows: readonly (readonly string[])[];
  };
}

/** A report to be read by people, laid out as text and tables. All words are already in its language. */
export interface ReportDocument {
  readonly title: string;
  readonly language: 'zh' | 'en';
  readonly madeOn: PartialDate;
  /** Printed at the foot of each page, before the page's number. */
  readonly foot: string;
  readonly sections: readonly ReportSection[];
}

const PAPER = { width: 210 * MM, height: 297 * MM };
const LEFT = 20 * MM;
const WIDTH = 170 * MM;
const TOP = PAPER.height - 18 * MM;
const BOTTOM = 18 * MM;
const SIZE = 9;
const LINE = 4.6 * MM;
const PADDING = 1 * MM;

/**
 * Writes a report as a PDF: A4, tables whose header stands on every page, page numbers, the fonts embedded with the characters used.
 * The same report gives the same bytes. Blocks the thread for some tenths of a second: call it from a worker.
 */
export async function writeReportPdf(report: ReportDocument): Promise<Uint8Array> {
  const { regular, bold } = await sheetFonts();
  const page = new ReportPage(regular, bold);
  page.heading(report.title, 16);
  for (const section of report.sections) page.section(section);
  page.foot(report.foot);
  return page.canvas.save({ title: report.title, language: report.language === 'zh' ? 'zh-CN' : 'en', madeOn: report.madeOn });
}

class ReportPage {
  readonly canvas: PdfCanvas;
  #y = TOP;

  constructor(regular: SheetFont, bold: SheetFont) {
    this.canvas = new PdfCanvas(PAPER, regular, bold);
    this.canvas.addPage();
  }

  heading(text: string, size: number): void {
    this.#room(size * 2 + LINE);
    this.#y -= size * 1.2;
    for (const line of this.#lines(text, WIDTH, size, true)) {
      this.canvas.text(line, { x: LEFT, y: this.#y, size, bold: true });
      this.#y -= size * 1.3;
    }
  }

  section({ heading, lines, table, newPage }: ReportSection): void {
    if (newPage) this.#newPage();
    this.heading(heading, 11);
    for (const text of lines)
      for (const line of this.#lines(text, WIDTH, SIZE, false)) {
        this.#room(LINE);
        this.#y -= LINE;
        this.canvas.text(line, { x: LEFT, y: this.#y + 1.2 * MM, size: SIZE });
      }
    if (table) this.#table(table);
    this.#y -= LINE / 2;
  }

  foot(text: string): void {
    this.canvas.onEachPage((page, pages) => {
      this.canvas.text(`${text}　${page} / ${pages}`, { x: LEFT, y: 10 * MM, size: 8 });
    });
  }

  #table({ columns, rows }: NonNullable<ReportSection['table']>): void {
    const total = columns.reduce((sum, column) => sum + column.share, 0);
    const widths = columns.map((column) => (column.share / total) * WIDTH);
    const head = () =>
      this.#row(
        columns.map((column) => column.label),
        widths,
        true,
      );
    this.#room(3 * LINE);
    head();
    for (const row of rows) {
      if (this.#y - this.#heightOf(row, widths, false) < BOTTOM) {
        this.#newPage();
        head();
      }
      this.#row(row, widths, false);
    }
  }

  #row(cells: readonly string[], widths: readonly number[], isHead: boolean): void {
    const height = this.#heightOf(cells, widths, isHead);
    this.#y -= height;
    let x = LEFT;
    widths.forEach((width, i) => {
      this.canvas.rectangle(x, this.#y, width, height, isHead ? 0.93 : null);
      this.#lines(cells[i] ?? '', width - 2 * PADDING, SIZE, isHead).forEach((line, n) => {
        this.canvas.text(line, { x: x + PADDING, y: this.#y + height - PADDING - SIZE * 0.9 - n * LINE, size: SIZE, bold: isHead });
      });
      x += width;
    });
  }

  #heightOf(cells: readonly string[], widths: readonly number[], bold: boolean): number {
    const counts = widths.map((width, i) => this.#lines(cells[i] ?? '', width - 2 * PADDING, SIZE, bold).length);
    return Math.max(...counts) * LINE + 2 * PADDING;
  }

  #lines(text: string, width: number, size: number, bold: boolean): string[] {
    return breakLines(plainLine(text), width, (c) => this.canvas.width(c, size, bold));
  }

  #room(height: number): void {
    if (this.#y - height < BOTTOM) this.#newPage();
  }

  #newPage(): void {
    this.canvas.addPage();
    this.#y = TOP;
  }
}
