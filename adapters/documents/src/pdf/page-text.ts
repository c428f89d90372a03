import { MAX_TEXT_CHARS } from '../limits.ts';
import type { TextLine } from '../outcome.ts';
import { type Letter, LineBuilder } from '../text-lines.ts';
import { type PdfiumApi, readNumbers } from './engine.ts';

/** Text of a page as lines with boxes in pixels of its image. */
export interface PageText {
  readonly visible: readonly TextLine[];
  readonly hidden: readonly TextLine[];
  /** Share of the visible characters whose meaning the file does not tell: their font has no table of Unicode. */
  readonly unknownShare01: number;
}

/** How page points become pixels. */
export interface PageScale {
  readonly widthPx: number;
  readonly heightPx: number;
}

const RENDER_MODE_INVISIBLE = 3;
/** Reads the text layer of an open page. */
export function readPageText(api: PdfiumApi, page: number, scale: PageScale): PageText {
  const text = api._FPDFText_LoadPage(page);
  if (text === 0) return { visible: [], hidden: [], unknownShare01: 0 };
  try {
    const lines = { visible: new LineBuilder(), hidden: new LineBuilder() };
    let [letters, unknown] = [0, 0];
    const count = Math.min(api._FPDFText_CountChars(text), MAX_TEXT_CHARS);
    for (let i = 0; i < count; i++) {
      const code = api._FPDFText_GetUnicode(text, i);
      const builder = isHidden(api, text, i) ? lines.hidden : lines.visible;
      if (code === 13 || code === 10) {
        lines.visible.endLine();
        lines.hidden.endLine();
        continue;
      }
      const generated = api._FPDFText_IsGenerated(text, i) === 1;
      const unknownLetter = isUnknown(code) || api._FPDFText_HasUnicodeMapError(text, i) === 1;
      if (!generated && builder === lines.visible && (code > 32 || unknownLetter)) {
        letters += 1;
        if (unknownLetter) unknown += 1;
      }
      builder.add({ text: decode(code), box: generated ? null : letterBox(api, page, text, i, scale) });
    }
    return {
      visible: lines.visible.finish(scale),
      hidden: lines.hidden.finish(scale),
      unknownShare01: letters === 0 ? 0 : unknown / letters,
    };
  } finally {
    api._FPDFText_ClosePage(text);
  }
}

function isHidden(api: PdfiumApi, text: number, index: number): boolean {
  const object = api._FPDFText_GetTextObject(text, index);
  return object !== 0 && api._FPDFTextObj_GetTextRenderMode(object) === RENDER_MODE_INVISIBLE;
}

/** Nothing, a replacement character, or a private one: the document's own numbering of glyphs. */
const isUnknown = (code: number) => code === 0 || code === 0xfffd || (code >= 0xe000 && code <= 0xf8ff);

/** Characters beyond the first plane come as two halves; put next to each other they are whole again. */
const decode = (code: number) =>
  code === 0 ? '' : code > 0xffff ? (code <= 0x10ffff ? String.fromCodePoint(code) : '') : String.fromCharCode(code);

function letterBox(api: PdfiumApi, page: number, text: number, index: number, scale: PageScale): Letter['box'] {
  const box = readNumbers(api, 'f32', 4, (at) => api._FPDFText_GetLooseCharBox(text, index, at));
  if (!box) return null;
  const [left, top, right, bottom] = box as [number, number, number, number];
  const a = toPixels(api, page, scale, left, top);
  const b = toPixels(api, page, scale, right, bottom);
  return [Math.min(a[0], b[0]), Math.min(a[1], b[1]), Math.max(a[0], b[0]), Math.max(a[1], b[1])];
}

function toPixels(api: PdfiumApi, page: number, { widthPx, heightPx }: PageScale, x: number, y: number): [number, number] {
  const point = readNumbers(api, 'i32', 2, (at) => api._FPDF_PageToDevice(page, 0, 0, widthPx, heightPx, 0, x, y, at, at + 4));
  return [point?.[0] ?? 0, point?.[1] ?? 0];
}
