import type { PartialDate } from '@lantai/values';
import { encode } from 'uqr';
import { labelled, type SheetLanguage } from './labels.ts';
import { PdfCanvas } from './pdf-canvas.ts';
import { MM } from './pdf-columns.ts';
import { sheetFonts } from './sheet-pdf.ts';

/** What a printed checkpoint says. Nothing in it is personal. */
export interface CheckpointSheet {
  readonly origin: string;
  /** Entries under it. */
  readonly size: number;
  /** 64 lower-case hexadecimal digits. */
  readonly root: string;
  /** The signed note; its own signatures only, so that the QR code can hold it. */
  readonly note: string;
  /** When it was signed, ISO 8601. */
  readonly signedAt: string;
  readonly signatures: readonly { readonly algorithm: string; readonly name: string; readonly keyId: string }[];
  /** Who outside the archive holds it, or held one before, a line each. */
  readonly outside: readonly { readonly name: string; readonly kind: string; readonly size: number; readonly at: string }[];
  readonly printedOn: PartialDate;
}

const WORDS = {
  heading: { zh: '日志检查点', en: 'Checkpoint of the log' },
  purpose: {
    zh: '本页载明日志在签署时的全部条目之根。日后日志如被改写，持本页者可以证明。请签字、注明日期后存档。',
    en: 'This page holds the root over every entry of the log when it was signed. Whoever keeps it can prove a later rewriting.',
  },
  origin: { zh: '日志名称', en: 'Log' },
  size: { zh: '条目数', en: 'Entries' },
  signedAt: { zh: '签署时间', en: 'Signed at' },
  root: { zh: '根（SHA-256）', en: 'Root (SHA-256)' },
  signatures: { zh: '签名', en: 'Signatures' },
  outside: { zh: '锚定与见证', en: 'Anchors and witnesses' },
  none: { zh: '无', en: 'None' },
  entries: { zh: '条', en: 'entries' },
  note: { zh: '检查点原文（二维码内容相同）', en: 'The signed note (the QR code holds the same)' },
  keeper: { zh: '保管人', en: 'Kept by' },
  day: { zh: '日期', en: 'Date' },
} as const;

const PAPER = { width: 210 * MM, height: 297 * MM };
const LEFT = 25 * MM;
const WIDTH = 165 * MM;
const QR_WIDTH = 70 * MM;
/** White around a QR code, in modules. Source: ISO/IEC 18004. */
const QR_QUIET = 4;
const SIZE = 10;
const NOTE_SIZE = 7.5;
const LINE = 5.2 * MM;
const OUTSIDE_MAX = 8;

/**
 * Writes a checkpoint as one page of A4 to be printed, signed and kept: the same sheet gives the same bytes.
 * Blocks the thread for some tenths of a second: call it from a worker.
 */
export async function writeCheckpointPdf(sheet: CheckpointSheet, language: SheetLanguage = 'zh'): Promise<Uint8Array> {
  const { regular, bold } = await sheetFonts();
  const canvas = new PdfCanvas(PAPER, regular, bold);
  canvas.addPage();
  const page = new CheckpointPage(canvas, language);
  page.head(sheet);
  page.lists(sheet);
  page.noteAndCode(sheet.note);
  page.foot();
  const title = `${WORDS.heading[language]} ${sheet.size}`;
  return canvas.save({ title, language: language === 'zh' ? 'zh-CN' : 'en', madeOn: sheet.printedOn });
}

/** Groups of eight digits, four to a line. */
export function rootGroups(root: string): readonly string[] {
  const groups = root.match(/.{8}/g) ?? [];
  return [groups.slice(0, 4).join(' '), groups.slice(4).join(' ')];
}

class CheckpointPage {
  private y = PAPER.height - 20 * MM;
  private readonly canvas: PdfCanvas;
  private readonly language: SheetLanguage;

  constructor(canvas: PdfCanvas, language: SheetLanguage) {
    this.canvas = canvas;
    this.language = language;
  }

  head(sheet: CheckpointSheet): void {
    const heading = WORDS.heading[this.language];
    const x = LEFT + (WIDTH - this.canvas.width(heading, 19, true)) / 2;
    this.canvas.text(heading, { x, y: this.y, size: 19, bold: true });
    this.y -= 10 * MM;
    for (const line of this.wrap(WORDS.purpose[this.language], SIZE, WIDTH)) this.line(line);
    this.y -= 2 * MM;
    this.line(this.labelled('origin', sheet.origin));
    this.line(this.labelled('size', String(sheet.size)));
    this.line(this.labelled('signedAt', sheet.signedAt));
    this.line(this.labelled('root', ''));
    for (const groups of rootGroups(sheet.root)) this.line(`    ${groups}`, 13);
  }

  lists(sheet: CheckpointSheet): void {
    this.y -= 2 * MM;
    this.line(this.labelled('signatures', ''));
    for (const { algorithm, name, keyId } of sheet.signatures) this.line(`    ${algorithm}  ${keyId}  ${name}`);
    const { outside } = sheet;
    this.line(this.labelled('outside', outside.length ? '' : WORDS.none[this.language]));
    for (const { name, kind, size, at } of outside.slice(0, OUTSIDE_MAX))
      this.line(`    ${name} (${kind})  ${size} ${WORDS.entries[this.language]}  ${at}`);
  }

  noteAndCode(note: string): void {
    this.y -= 3 * MM;
    this.line(WORDS.note[this.language]);
    const top = this.y + 2 * MM;
    this.code(note, top);
    const x = LEFT + QR_WIDTH + 3 * MM;
    let y = top - 4 * MM;
    for (const text of note.split('\n').flatMap((line) => (line ? this.wrap(line, NOTE_SIZE, WIDTH - QR_WIDTH - 3 * MM) : ['']))) {
      this.canvas.text(text, { x, y, size: NOTE_SIZE });
      y -= 3.6 * MM;
    }
  }

  foot(): void {
    const y = 22 * MM;
    this.canvas.text(this.labelled('keeper', '____________________'), { x: LEFT, y, size: SIZE });
    this.canvas.text(this.labelled('day', '____________________'), { x: LEFT + WIDTH / 2, y, size: SIZE });
  }

  /** The note as a QR code: dark modules of a row that touch are one rectangle. */
  private code(text: string, top: number): void {
    const { data, size } = encode(text, { ecc: 'M', border: QR_QUIET, boostEcc: false });
    const module = QR_WIDTH / size;
    for (const [row, cells] of data.entries())
      for (let from = 0; from < size; from++) {
        if (!cells[from]) continue;
        let to = from;
        while (to < size && cells[to]) to++;
        this.canvas.solid(LEFT + from * module, top - (row + 1) * module, (to - from) * module, module);
        from = to;
      }
  }

  private line(text: string, size = SIZE): void {
    this.canvas.text(text, { x: LEFT, y: this.y, size });
    this.y -= LINE;
  }

  private labelled(key: keyof typeof WORDS, value: string): string {
    return labelled(WORDS[key], value, this.language);
  }

  /** Breaks between any two characters where a word is longer than the line, as base 64 is. */
  private wrap(text: string, size: number, width: number): string[] {
    const lines = [''];
    for (const piece of text.match(/ ?[\x21-\x7e]+|./gu) ?? []) {
      const last = lines[lines.length - 1] ?? '';
      if (this.canvas.width(last + piece, size, false) <= width) {
        lines[lines.length - 1] = last + piece;
        continue;
      }
      for (const c of piece.length > 24 ? piece : [piece]) {
        const now = lines[lines.length - 1] ?? '';
        if (this.canvas.width(now + c, size, false) <= width) lines[lines.length - 1] = now + c;
        else lines.push(c);
      }
    }
    return lines;
  }
}
