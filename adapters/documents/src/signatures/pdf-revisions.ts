import { loadFallbackFonts } from '../fallback-font.ts';
import { openPdf, type PdfDocument } from '../pdf/document.ts';
import { type PdfiumApi, readNumbers } from '../pdf/engine.ts';
import type { SignatureFault } from './report.ts';

/** Resolution of the pictures compared: a digit is eight pixels high, and any pixel counts. */
const COMPARED_DPI = 72;
const POINTS_PER_INCH = 72;
/** Pages compared; of a longer document it is said that it was not. */
const PAGES_COMPARED_MAX = 100;
/** Pixels of a compared page: A2 at {@link COMPARED_DPI}. */
const PIXELS_MAX = 4_000_000;
const FORMAT_GREY = 1;
const WHITE = 0xffffffff;
const FLAG_ANNOTATIONS = 0x01;
/** FPDF_ANNOT_WIDGET and FPDF_FORMFIELD_SIGNATURE. */
const [WIDGET, SIGNATURE_FIELD] = [20, 7];

/** Left, bottom, right, top in points of the page. */
type RectPt = readonly [number, number, number, number];

/** A page as it looks: its own content, and with fields and notes. */
interface Look {
  readonly content: Uint8Array;
  readonly whole: Uint8Array;
}

/**
 * Compares the document as it is with the one that was signed: both are drawn, page by page. An update that changes what a page says, by
 * whatever trick (a font, an overlay, another object behind a number), shows in its picture.
 * Fields of signatures are covered up: a second signer's seal is no change.
 * @returns `pages-changed` for the pages' own content or their number, `marks-changed` for notes and filled fields, `not-compared` where it cannot be told
 */
export async function compareRevisions(now: PdfDocument, signed: Uint8Array): Promise<SignatureFault[]> {
  const then = await openPdf(signed, loadFallbackFonts());
  if ('kind' in then) return ['not-compared'];
  try {
    if (then.pageCount !== now.pageCount) return ['pages-changed'];
    if (now.pageCount > PAGES_COMPARED_MAX) return ['not-compared'];
    const found = new Set<SignatureFault>();
    for (let i = 0; i < now.pageCount; i++) for (const fault of comparePage(now, then, i)) found.add(fault);
    return [...found];
  } finally {
    then.close();
  }
}

function comparePage(now: PdfDocument, then: PdfDocument, index: number): SignatureFault[] {
  const seals = withPage(now, index, (page) => signatureRects(now, page)) ?? [];
  const one = look(now, index, seals);
  const other = look(then, index, seals);
  if (one === 'too-large' || other === 'too-large') return ['not-compared'];
  if (!one || !other) return one === other ? [] : ['pages-changed'];
  if (!sameBytes(one.content, other.content)) return ['pages-changed'];
  return sameBytes(one.whole, other.whole) ? [] : ['marks-changed'];
}

const sameBytes = (one: Uint8Array, other: Uint8Array) => Buffer.compare(one, other) === 0;

function withPage<T>({ api, handle }: PdfDocument, index: number, work: (page: number) => T): T | null {
  const page = api._FPDF_LoadPage(handle, index);
  if (page === 0) return null;
  try {
    return work(page);
  } finally {
    api._FPDF_ClosePage(page);
  }
}

/** Where signatures show themselves on a page. */
function signatureRects({ api, form }: PdfDocument, page: number): RectPt[] {
  const count = api._FPDFPage_GetAnnotCount(page);
  const rects: RectPt[] = [];
  for (let i = 0; i < count; i++) {
    const annotation = api._FPDFPage_GetAnnot(page, i);
    if (annotation === 0) continue;
    const isSeal =
      form !== 0 &&
      api._FPDFAnnot_GetSubtype(annotation) === WIDGET &&
      api._FPDFAnnot_GetFormFieldType(form, annotation) === SIGNATURE_FIELD;
    const rect = isSeal ? readNumbers(api, 'f32', 4, (at) => api._FPDFAnnot_GetRect(annotation, at)) : null;
    // FS_RECTF: left, top, right, bottom.
    if (rect) rects.push([rect[0]!, rect[3]!, rect[2]!, rect[1]!]);
    api._FPDFPage_CloseAnnot(annotation);
  }
  return rects;
}

function look(document: PdfDocument, index: number, seals: readonly RectPt[]): Look | 'too-large' | null {
  return withPage(document, index, (page) => {
    const { api, form } = document;
    const px = (points: number) => Math.max(1, Math.ceil((points * COMPARED_DPI) / POINTS_PER_INCH));
    const [width, height] = [px(api._FPDF_GetPageWidthF(page)), px(api._FPDF_GetPageHeightF(page))];
    if (width * height > PIXELS_MAX) return 'too-large' as const;
    const draw = (withMarks: boolean) =>
      drawGrey(api, width, height, (bitmap) => {
        const flags = withMarks ? FLAG_ANNOTATIONS : 0;
        api._FPDF_RenderPageBitmap(bitmap, page, 0, 0, width, height, 0, flags);
        if (withMarks && form !== 0) {
          api._FORM_OnAfterLoadPage(page, form);
          api._FPDF_FFLDraw(form, bitmap, page, 0, 0, width, height, 0, flags);
          api._FORM_OnBeforeClosePage(page, form);
        }
        for (const seal of withMarks ? seals : []) coverUp(api, page, bitmap, { width, height }, seal);
      });
    const content = draw(false);
    const whole = draw(true);
    return content && whole ? { content, whole } : ('too-large' as const);
  });
}

function drawGrey(api: PdfiumApi, width: number, height: number, draw: (bitmap: number) => void): Uint8Array | null {
  const buffer = api.wasmExports.malloc(width * height);
  const bitmap = buffer === 0 ? 0 : api._FPDFBitmap_CreateEx(width, height, FORMAT_GREY, buffer, width);
  if (bitmap === 0) return null;
  api._FPDFBitmap_FillRect(bitmap, 0, 0, width, height, WHITE);
  draw(bitmap);
  const data = api.HEAPU8.slice(buffer, buffer + width * height);
  api._FPDFBitmap_Destroy(bitmap);
  api.wasmExports.free(buffer);
  return data;
}

/** Lays white over a place of the page and a pixel around it. */
function coverUp(api: PdfiumApi, page: number, bitmap: number, { width, height }: { width: number; height: number }, seal: RectPt): void {
  const corner = (x: number, y: number) =>
    readNumbers(api, 'i32', 2, (at) => api._FPDF_PageToDevice(page, 0, 0, width, height, 0, x, y, at, at + 4)) ?? [0, 0];
  const [x0, y0] = corner(seal[0], seal[1]) as [number, number];
  const [x1, y1] = corner(seal[2], seal[3]) as [number, number];
  const [left, top] = [Math.min(x0, x1) - 1, Math.min(y0, y1) - 1];
  api._FPDFBitmap_FillRect(bitmap, left, top, Math.abs(x1 - x0) + 3, Math.abs(y1 - y0) + 3, WHITE);
}
