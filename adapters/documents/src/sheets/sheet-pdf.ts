import type { CatalogueSheet, SheetRow } from '@lantai/catalogue';
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
import { PdfCanvas } from './pdf-canvas.ts';
import { type Column, MM, placeColumns } from './pdf-columns.ts';
import { loadSheetFont, type SheetFont } from './sheet-font.ts';

/** A4, in points. */
const PAPER = { width: 210 * MM, height: 297 * MM };
/** 25 mm at the left, where the dossier is bound. */
const LEFT = 25 * MM;
const TABLE_WIDTH = 173 * MM;
const TOP = PAPER.height - 16 * MM;
const BOTTOM = 18 * MM;

const TEXT_SIZE = 10.5;
const HEADING_SIZE = 19;
const LINE = 5 * MM;
const ROW_LEAST = 8 * MM;
const CELL_PADDING = 1.4 * MM;
const HEAD_ROW = 7 * MM;

let fonts: Promise<{ regular: SheetFont; bold: SheetFont }> | null = null;

/** The two weights, read from the package once for the life of the process (17 MB). */
export function sheetFonts(): Promise<{ regular: SheetFont; bold: SheetFont }> {
  fonts ??= Promise.all([loadSheetFont('Regular'), loadSheetFont('Bold')]).then(([regular, bold]) => ({ regular, bold }));
  return fonts;
}

/**
 * Writes the catalogue sheet as a PDF to be printed and signed: A4, the table's header on every page, page numbers, total, signature line,
 * the font embedded with the characters used. A character that the font lacks is drawn as a box with its code point, keeps its text
 * for searching and copying, and is named in a note. The same sheet gives the same bytes.
 * Blocks the thread for some tenths of a second: call it from a job or worker.
 */
export async function writeCataloguePdf(sheet: CatalogueSheet, language: SheetLanguage = 'zh'): Promise<Uint8Array> {
  const { regular, bold } = await sheetFonts();
  const canvas = new PdfCanvas(PAPER, regular, bold);
  const columns = placeColumns(printedColumns(sheet.columns, language), LEFT, TABLE_WIDTH);
  const table = new Table(canvas, sheet, columns, language);
  sheet.rows.forEach((row, at) => {
    table.row(row, sheet.rows[at + 1]);
  });
  table.end();
  const title = `${sheet.heading[language]} ${sheet.head.dossierCode}`;
  return canvas.save({ title, language: language === 'zh' ? 'zh-CN' : 'en', madeOn: sheet.head.madeOn });
}

/** The characters of a sheet that the PDF can only show by code point, as `U+20BB7`, each once; none for nearly every dossier. */
export async function findUndrawable(sheet: CatalogueSheet): Promise<string[]> {
  const { regular, bold } = await sheetFonts();
  const canvas = new PdfCanvas(PAPER, regular, bold);
  const texts = [
    sheet.head.subjectName,
    sheet.head.dossierCode,
    ...sheet.rows.flatMap((r) => (r.kind === 'material' ? [r.title, r.remarks] : [])),
  ];
  for (const text of texts) canvas.width(plainLine(text), TEXT_SIZE, false);
  return canvas.undrawable();
}

/** Draws the table from the top of the first page to the foot of the last. */
class Table {
  private y = TOP;
  private readonly canvas: PdfCanvas;
  private readonly sheet: CatalogueSheet;
  private readonly columns: readonly Column[];
  private readonly language: SheetLanguage;

  constructor(canvas: PdfCanvas, sheet: CatalogueSheet, columns: readonly Column[], language: SheetLanguage) {
    this.canvas = canvas;
    this.sheet = sheet;
    this.columns = columns;
    this.language = language;
    this.startPage(true);
  }

  /** Draws one row; a class heading goes to the next page with its first material, rather than stay alone at the foot. */
  row(row: SheetRow, next: SheetRow | undefined): void {
    const height = this.heightOf(row);
    const together = row.kind === 'class' && next?.kind === 'material' ? height + this.heightOf(next) : height;
    if (this.y - together < BOTTOM) this.startPage(false);
    this.drawRow(height, row.kind === 'class', (key) => cellOf(row, key, this.language));
  }

  /** Draws the total, the note on characters that could not be drawn, the signature line, and the foot of every page. */
  end(): void {
    const { total } = this.sheet;
    const note = this.canvas.undrawable();
    if (this.y - ROW_LEAST - 3 * LINE - (note.length ? 2 * LINE : 0) < BOTTOM) this.startPage(false);
    const words: Partial<Record<PrintedColumn['key'], string | number>> = {
      title: this.word('total'),
      copies: total.copies,
      pages: total.pages,
    };
    this.drawRow(ROW_LEAST, true, (key) => words[key] ?? '');
    if (note.length) {
      this.y -= LINE;
      this.canvas.text(this.labelled('undrawable', note.join(' ')), { x: LEFT, y: this.y, size: 9 });
    }
    this.y -= 2.4 * LINE;
    this.drawSignatures();
    this.canvas.onEachPage((page, pages) => {
      const text = pageOf(page, pages, this.language);
      this.canvas.text(text, { x: LEFT + (TABLE_WIDTH - this.canvas.width(text, 9, false)) / 2, y: 10 * MM, size: 9 });
    });
  }

  /** Who arranged and who reviewed sign over a rule; the day is printed. */
  private drawSignatures(): void {
    const labels = (['arranger', 'reviewer', 'madeOn'] as const).map((key) => this.labelled(key, ''));
    const third = TABLE_WIDTH / labels.length;
    labels.forEach((label, i) => {
      const x = LEFT + i * third;
      const after = x + this.canvas.width(label, TEXT_SIZE, false);
      const last = i === labels.length - 1;
      this.canvas.text(last ? label + formatDay(this.sheet.head.madeOn, this.language) : label, { x, y: this.y, size: TEXT_SIZE });
      if (!last) this.canvas.rectangle(after, this.y - 1.2 * MM, x + third - 6 * MM - after, 0);
    });
  }

  private word(key: keyof typeof SHEET_WORDS): string {
    return SHEET_WORDS[key][this.language];
  }

  private labelled(key: keyof typeof SHEET_WORDS, value: string): string {
    return labelled(SHEET_WORDS[key], value, this.language);
  }

  private startPage(first: boolean): void {
    this.canvas.addPage();
    this.y = TOP;
    const { head, heading, subject } = this.sheet;
    const code = this.labelled('dossierCode', head.dossierCode);
    const set = this.word(head.set);
    if (first) {
      const text = heading[this.language];
      this.y -= HEADING_SIZE;
      this.canvas.text(text, {
        x: LEFT + (TABLE_WIDTH - this.canvas.width(text, HEADING_SIZE, true)) / 2,
        y: this.y,
        size: HEADING_SIZE,
        bold: true,
      });
      this.y -= 9 * MM;
      const setX = LEFT + TABLE_WIDTH - this.canvas.width(set, TEXT_SIZE, false);
      const codeX = LEFT + TABLE_WIDTH * 0.45;
      // A long name takes lines of its own, so that it never runs into the code.
      const names = this.lines(this.labelled(subject, plainLine(head.subjectName)), codeX - LEFT - 4 * MM, false);
      names.forEach((name, i) => {
        this.canvas.text(name, { x: LEFT, y: this.y - i * LINE, size: TEXT_SIZE });
      });
      this.canvas.text(code, { x: codeX, y: this.y, size: TEXT_SIZE });
      this.canvas.text(set, { x: setX, y: this.y, size: TEXT_SIZE });
      this.y -= (names.length - 1) * LINE + 3 * MM;
    } else {
      this.y -= 9;
      const text = `${heading[this.language]}　${code}　${set}`;
      this.canvas.text(text, { x: LEFT, y: this.y, size: 9 });
      this.y -= 2 * MM;
    }
    this.drawHeader();
  }

  /** Two rows: the date above its year, month and day, the other columns through both. */
  private drawHeader(): void {
    const bottom = this.y - 2 * HEAD_ROW;
    const middle = (x: number, width: number, y: number, height: number, text: string) => {
      this.canvas.rectangle(x, y, width, height);
      this.canvas.text(text, {
        x: x + (width - this.canvas.width(text, TEXT_SIZE, true)) / 2,
        y: y + height / 2 - TEXT_SIZE * 0.36,
        size: TEXT_SIZE,
        bold: true,
      });
    };
    for (const column of this.columns) {
      if (column.under === null) {
        middle(column.x, column.width, bottom, 2 * HEAD_ROW, column.label);
        continue;
      }
      middle(column.x, column.width, bottom, HEAD_ROW, column.label);
      const group = this.columns.filter((c) => c.under === column.under);
      const width = group.reduce((sum, c) => sum + c.width, 0);
      if (group[0] === column) middle(column.x, width, bottom + HEAD_ROW, HEAD_ROW, column.under);
    }
    this.y = bottom;
  }

  private heightOf(row: SheetRow): number {
    const lines = this.columns.map(
      (c) => this.lines(String(cellOf(row, c.key, this.language)), c.width - 2 * CELL_PADDING, row.kind === 'class').length,
    );
    return Math.max(ROW_LEAST, Math.max(...lines) * LINE + 2 * CELL_PADDING);
  }

  private lines(text: string, width: number, bold: boolean): string[] {
    return breakLines(plainLine(text), width, (c) => this.canvas.width(c, TEXT_SIZE, bold));
  }

  private drawRow(height: number, bold: boolean, value: (key: PrintedColumn['key']) => string | number): void {
    this.y -= height;
    for (const column of this.columns) {
      this.canvas.rectangle(column.x, this.y, column.width, height, bold ? 0.93 : null);
      const lines = this.lines(String(value(column.key)), column.width - 2 * CELL_PADDING, bold);
      const centred = column.key !== 'title' && column.key !== 'remarks';
      const first = this.y + height / 2 + ((lines.length - 1) * LINE) / 2 - TEXT_SIZE * 0.36;
      lines.forEach((line, i) => {
        const space = column.width - this.canvas.width(line, TEXT_SIZE, bold);
        this.canvas.text(line, { x: column.x + (centred ? space / 2 : CELL_PADDING), y: first - i * LINE, size: TEXT_SIZE, bold });
      });
    }
  }
}
