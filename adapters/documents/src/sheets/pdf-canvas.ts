import { assert, type PartialDate } from '@lantai/values';
import * as op from 'pdf-lib';
import { PDFDocument, PDFHexString, PDFName, PDFOperator, PDFOperatorNames, type PDFPage, PDFString } from 'pdf-lib';
import type { EmbeddedFont, SheetFont } from './sheet-font.ts';

/** How a piece of text is set. */
export interface TextPlace {
  readonly x: number;
  /** Baseline, in points from the foot of the page. */
  readonly y: number;
  readonly size: number;
  readonly bold?: boolean;
}

interface Run {
  readonly page: number;
  readonly text: string;
  readonly place: TextPlace;
}

/** Width and height in points. */
export interface Paper {
  readonly width: number;
  readonly height: number;
}

interface Picture {
  readonly page: number;
  readonly jpeg: Uint8Array;
  readonly box: readonly [x: number, y: number, width: number, height: number];
}

interface Frame {
  readonly page: number;
  readonly box: readonly [x: number, y: number, width: number, height: number];
  /** 0 black to 1 white; null for none. */
  readonly fill: number | null;
  /** Filled to its exact edge, without a rule around. */
  readonly isSolid?: true;
}

/** Shown at no width: variation selectors, joiners, marks of direction. They change nothing in this font. */
const INVISIBLE = /[\p{Default_Ignorable_Code_Point}]/u;
const LINE_WIDTH = 0.6;
/** Width of a box that stands for a missing character, in ems. */
const BOX_EMS = 1;

/**
 * Collects text and boxes page by page, and writes them when all is known: only then is it known which characters the fonts must hold.
 */
export class PdfCanvas {
  private pages = 0;
  private readonly runs: Run[] = [];
  private readonly frames: Frame[] = [];
  private readonly pictures: Picture[] = [];
  /** Of pages that are on another paper than the rest. */
  private readonly papers = new Map<number, Paper>();
  private readonly missing = new Set<number>();
  private readonly used = { regular: new Set<number>(), bold: new Set<number>() };
  private readonly paper: Paper;
  private readonly regular: SheetFont;
  private readonly bold: SheetFont;

  constructor(paper: Paper, regular: SheetFont, bold: SheetFont) {
    this.paper = paper;
    this.regular = regular;
    this.bold = bold;
    for (const c of '0123456789ABCDEF') this.used.regular.add(c.codePointAt(0)!);
  }

  /** @param paper of this page; left out: as the rest */
  addPage(paper?: Paper): void {
    this.pages++;
    if (paper) this.papers.set(this.pages, paper);
  }

  /** Draws on every page there is, last. */
  onEachPage(draw: (page: number, pages: number) => void): void {
    const pages = this.pages;
    for (this.pages = 1; this.pages < pages; this.pages++) draw(this.pages, pages);
    draw(pages, pages);
  }

  /** Width of text in points. */
  width(text: string, size: number, bold: boolean): number {
    let units = 0;
    for (const c of text) {
      const codePoint = c.codePointAt(0)!;
      if (this.draws(codePoint)) units += (bold ? this.bold : this.regular).advance(codePoint);
      else if (!INVISIBLE.test(c)) {
        this.missing.add(codePoint);
        units += BOX_EMS * 1000;
      }
    }
    return (units * size) / 1000;
  }

  /** The characters measured or drawn so far that the fonts lack, as `U+20BB7`. */
  undrawable(): string[] {
    return [...this.missing].sort((a, b) => a - b).map((c) => `U+${c.toString(16).toUpperCase().padStart(4, '0')}`);
  }

  text(text: string, place: TextPlace): void {
    if (!text) return;
    assert(this.pages > 0, 'text stands on a page');
    this.width(text, place.size, place.bold ?? false);
    const used = place.bold ? this.used.bold : this.used.regular;
    for (const c of text) if (this.draws(c.codePointAt(0)!)) used.add(c.codePointAt(0)!);
    this.runs.push({ page: this.pages, text, place });
  }

  rectangle(x: number, y: number, width: number, height: number, fill: number | null = null): void {
    this.frames.push({ page: this.pages, box: [x, y, width, height], fill });
  }

  /** A black area, exactly as large as it says. */
  solid(x: number, y: number, width: number, height: number): void {
    this.frames.push({ page: this.pages, box: [x, y, width, height], fill: 0, isSolid: true });
  }

  /** Lays a JPEG on the page now open; its bytes stand in the document as they are. */
  picture(jpeg: Uint8Array, x: number, y: number, width: number, height: number): void {
    assert(this.pages > 0, 'a picture stands on a page');
    this.pictures.push({ page: this.pages, jpeg, box: [x, y, width, height] });
  }

  async save(about: { readonly title: string; readonly language: string; readonly madeOn: PartialDate }): Promise<Uint8Array> {
    const document = await PDFDocument.create({ updateMetadata: false });
    const regular = await this.regular.embed(document, this.used.regular);
    const bold = await this.bold.embed(document, this.used.bold.size ? this.used.bold : new Set([0x20]));
    for (let number = 1; number <= this.pages; number++) {
      const paper = this.papers.get(number) ?? this.paper;
      const page = document.addPage([paper.width, paper.height]);
      page.node.setFontDictionary(PDFName.of('R'), regular.ref);
      page.node.setFontDictionary(PDFName.of('B'), bold.ref);
      for (const { page: at, jpeg, box } of this.pictures) {
        if (at !== number) continue;
        const [x, y, width, height] = box;
        page.drawImage(await document.embedJpg(jpeg), { x, y, width, height });
      }
      page.pushOperators(op.setLineWidth(LINE_WIDTH));
      for (const frame of this.frames) if (frame.page === number) drawFrame(page, frame);
      for (const run of this.runs) if (run.page === number) this.drawRun(page, run, run.place.bold ? bold : regular, regular);
    }
    return finish(document, about);
  }

  private draws(codePoint: number): boolean {
    return this.regular.has(codePoint) && this.bold.has(codePoint);
  }

  /** Splits the run at characters the font lacks: those become boxes. */
  private drawRun(page: PDFPage, { text, place }: Run, font: EmbeddedFont, small: EmbeddedFont): void {
    const bold = place.bold ?? false;
    const show = (part: string, at: number) => showText(page, bold ? 'B' : 'R', place.size, at, place.y, font.encode(part));
    let x = place.x;
    let part = '';
    for (const c of text) {
      if (this.draws(c.codePointAt(0)!)) {
        part += c;
        continue;
      }
      if (part) show(part, x);
      x += this.width(part, place.size, bold);
      part = '';
      if (INVISIBLE.test(c)) continue;
      drawMissing(page, c, x, place, small);
      x += this.width(c, place.size, bold);
    }
    if (part) show(part, x);
  }
}

function drawFrame(page: PDFPage, { box: [x, y, width, height], fill, isSolid }: Frame): void {
  page.pushOperators(
    op.pushGraphicsState(),
    ...(fill === null ? [] : [op.setFillingGrayscaleColor(fill)]),
    PDFOperator.of(PDFOperatorNames.AppendRectangle, [x, y, width, height].map(coordinate)),
    fill === null ? op.stroke() : isSolid ? op.fill() : op.fillAndStroke(),
    op.popGraphicsState(),
  );
}

const coordinate = (n: number) => op.PDFNumber.of(Math.round(n * 100) / 100);

function showText(page: PDFPage, font: 'R' | 'B', size: number, x: number, y: number, bytes: PDFHexString): void {
  page.pushOperators(
    op.beginText(),
    op.setFontAndSize(PDFName.of(font), size),
    PDFOperator.of(PDFOperatorNames.MoveText, [coordinate(x), coordinate(y)]),
    op.showText(bytes),
    op.endText(),
  );
}

/** A box with the code point in small digits. The character itself is its ActualText, so it can be copied and searched. Source: ISO 32000-1 14.9.4. */
function drawMissing(page: PDFPage, character: string, x: number, place: TextPlace, font: EmbeddedFont): void {
  const digits = character.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0');
  const perLine = Math.ceil(digits.length / 2);
  const size = place.size;
  const actual = page.doc.context.obj({ ActualText: PDFHexString.fromText(character) }).toString();
  page.pushOperators(PDFOperator.of(PDFOperatorNames.BeginMarkedContentSequence, [PDFName.of('Span'), actual]));
  drawFrame(page, { page: 0, box: [x + size * 0.05, place.y - size * 0.12, size * 0.9, size], fill: null });
  [digits.slice(0, perLine), digits.slice(perLine)].forEach((line, i) => {
    showText(page, 'R', size * 0.42, x + size * 0.12, place.y + size * (i ? 0 : 0.44), font.encode(line));
  });
  page.pushOperators(op.endMarkedContent());
}

/** Names the document by heading and code, never by person; dates come from the sheet, so the bytes are the same each time. */
async function finish(
  document: PDFDocument,
  about: { readonly title: string; readonly language: string; readonly madeOn: PartialDate },
): Promise<Uint8Array> {
  const { year, month, day } = about.madeOn;
  const made = new Date(Date.UTC(year, (month ?? 1) - 1, day ?? 1));
  document.setTitle(about.title, { showInWindowTitleBar: true });
  document.setProducer('Lantai');
  document.setCreator('Lantai');
  document.setCreationDate(made);
  document.setModificationDate(made);
  document.catalog.set(PDFName.of('Lang'), PDFString.of(about.language));
  return document.save({ useObjectStreams: false });
}
