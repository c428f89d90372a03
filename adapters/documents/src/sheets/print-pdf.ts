import type { PartialDate } from '@lantai/values';
import type { SheetLanguage } from './labels.ts';
import { type Paper, PdfCanvas } from './pdf-canvas.ts';
import { MM } from './pdf-columns.ts';
import { sheetFonts } from './sheet-pdf.ts';

/** One face of paper: a page of the dossier, its picture marked already. */
export interface PrintedFace {
  readonly jpeg: Uint8Array;
  readonly widthPx: number;
  readonly heightPx: number;
  /** Archival code or class and number of its material; null for a loose page. */
  readonly material: string | null;
  /** Place among the pages of this print, from 1. */
  readonly page: number;
  readonly copy: number;
  /** Number of the face's own entry, as its marks say it. */
  readonly number: string;
  readonly entryId: string;
}

/** A print of pages of one dossier, as it goes to paper. */
export interface PrintJob {
  readonly dossierCode: string;
  /** Number of the request's entry. */
  readonly requestNumber: string;
  readonly pages: number;
  readonly copies: number;
  readonly madeBy: string;
  /** On the server's wall: `2026-11-22 15:04`. */
  readonly madeAt: string;
  readonly madeOn: PartialDate;
  readonly purpose: string;
  /** Copy by copy, each in order. */
  readonly faces: readonly PrintedFace[];
}

const PORTRAIT: Paper = { width: 210 * MM, height: 297 * MM };
const LANDSCAPE: Paper = { width: PORTRAIT.height, height: PORTRAIT.width };
/** Room that office printers leave white at the sides. */
const SIDE = 8 * MM;
/** Below the head line and above the foot. */
const HEAD = 14 * MM;
const FOOT = 22 * MM;
const SIZE = 8;
const RULE_MM = 34;

const WORDS = {
  code: { zh: '档号', en: 'Dossier' },
  material: { zh: '材料', en: 'Material' },
  loose: { zh: '散页', en: 'loose page' },
  page: { zh: (n: number, of: number) => `第 ${n} 页 / 共 ${of} 页`, en: (n: number, of: number) => `page ${n} of ${of}` },
  copy: {
    zh: (n: number, of: number, request: string) => `打印单 ${request} 第 ${n} 份 / 共 ${of} 份`,
    en: (n: number, of: number, request: string) => `copy ${n} of ${of} of request ${request}`,
  },
  by: { zh: '打印人', en: 'Printed by' },
  at: { zh: '打印时间', en: 'at' },
  purpose: { zh: '用途', en: 'Purpose' },
  number: { zh: '本页编号', en: 'No.' },
  entry: { zh: '日志条目', en: 'log entry' },
  checked: { zh: '核对人', en: 'Checked by' },
  stamp: { zh: '档案保管单位（章）', en: 'Stamp of the keeper' },
} as const;

/**
 * Writes a print as PDF for A4: each face upright or lying as its picture is, head and foot of the trade around it, the pictures' bytes as they were given.
 * A rule is left for who checks the copy and for the keeper's stamp. The same job gives the same bytes.
 * Blocks the thread while the fonts are cut: call it from a worker.
 */
export async function writePrintPdf(job: PrintJob, language: SheetLanguage = 'zh'): Promise<Uint8Array> {
  const { regular, bold } = await sheetFonts();
  const canvas = new PdfCanvas(PORTRAIT, regular, bold);
  for (const face of job.faces) drawFace(canvas, job, face, language);
  const title = `${job.dossierCode} ${job.requestNumber}`;
  return canvas.save({ title, language: language === 'zh' ? 'zh-CN' : 'en', madeOn: job.madeOn });
}

function drawFace(canvas: PdfCanvas, job: PrintJob, face: PrintedFace, language: SheetLanguage): void {
  const paper = face.widthPx > face.heightPx ? LANDSCAPE : PORTRAIT;
  canvas.addPage(paper);
  const room = { width: paper.width - 2 * SIDE, height: paper.height - HEAD - FOOT };
  const scale = Math.min(room.width / face.widthPx, room.height / face.heightPx);
  const [width, height] = [face.widthPx * scale, face.heightPx * scale];
  canvas.picture(face.jpeg, (paper.width - width) / 2, FOOT + (room.height - height) / 2, width, height);

  const said = (key: 'code' | 'material' | 'by' | 'at' | 'purpose' | 'number' | 'entry', value: string) =>
    language === 'zh' ? `${WORDS[key].zh}：${value}` : `${WORDS[key].en} ${value}`;
  const top = paper.height - 9 * MM;
  const material = face.material === null ? WORDS.loose[language] : said('material', face.material);
  canvas.text(`${said('code', job.dossierCode)}　${material}`, { x: SIDE, y: top, size: SIZE, bold: true });
  right(canvas, paper, top, WORDS.page[language](face.page, job.pages));
  canvas.rectangle(SIDE, paper.height - 11 * MM, room.width, 0);

  canvas.rectangle(SIDE, 20 * MM, room.width, 0);
  canvas.text(`${said('by', job.madeBy)}　${said('at', job.madeAt)}　${said('purpose', job.purpose)}`, {
    x: SIDE,
    y: 16.5 * MM,
    size: SIZE,
  });
  right(canvas, paper, 16.5 * MM, WORDS.copy[language](face.copy, job.copies, job.requestNumber));
  canvas.text(`${said('number', face.number)}　${said('entry', face.entryId)}`, { x: SIDE, y: 12.5 * MM, size: SIZE });
  signature(canvas, SIDE, WORDS.checked[language]);
  signature(canvas, paper.width / 2, WORDS.stamp[language]);
}

function right(canvas: PdfCanvas, paper: Paper, y: number, text: string): void {
  canvas.text(text, { x: paper.width - SIDE - canvas.width(text, SIZE, false), y, size: SIZE });
}

/** A label with a rule to write on. */
function signature(canvas: PdfCanvas, x: number, label: string): void {
  const y = 7.5 * MM;
  canvas.text(label, { x, y, size: SIZE });
  canvas.rectangle(x + canvas.width(label, SIZE, false) + 2 * MM, y - 1 * MM, RULE_MM * MM, 0);
}
