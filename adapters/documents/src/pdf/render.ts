import type { Pixels } from '../image-tools.ts';
import { MAX_RENDER_DPI, MAX_RENDER_PIXELS, MIN_RENDER_DPI, RENDER_DPI } from '../limits.ts';
import type { PdfDocument } from './document.ts';
import type { PageContent } from './page-objects.ts';

const FORMAT_BGR = 2;
/** FPDF_ANNOT and FPDF_REVERSE_BYTE_ORDER: with annotations, and RGB instead of BGR. */
const FLAGS = 0x01 | 0x10;
const WHITE = 0xffffffff;
const POINTS_PER_INCH = 72;

/** Size and resolution a page is rendered at. */
export interface RenderPlan {
  readonly widthPx: number;
  readonly heightPx: number;
  readonly resolutionDpi: number;
  /** The page was too large for the resolution wanted. */
  readonly reduced: boolean;
}

/**
 * Drawn pages at {@link RENDER_DPI}; a page that is a picture at the picture's own resolution, one of several pictures up to
 * {@link MAX_RENDER_DPI}; less when the page is larger than {@link MAX_RENDER_PIXELS}. Null when it would need less than {@link MIN_RENDER_DPI}, or has no size.
 */
export function planRender(widthPt: number, heightPt: number, content: PageContent): RenderPlan | null {
  if (!(widthPt > 0 && heightPt > 0)) return null;
  const wanted = wantedDpi(content);
  const squareInches = (widthPt / POINTS_PER_INCH) * (heightPt / POINTS_PER_INCH);
  const possible = Math.floor(Math.sqrt(MAX_RENDER_PIXELS / squareInches));
  const resolutionDpi = Math.min(wanted, possible);
  if (resolutionDpi < MIN_RENDER_DPI) return null;
  const px = (points: number) => Math.max(1, Math.round((points * resolutionDpi) / POINTS_PER_INCH));
  return { widthPx: px(widthPt), heightPx: px(heightPt), resolutionDpi, reduced: possible < wanted };
}

/** A page that is one picture keeps every pixel of it; one made of several, of the finest up to a sensible resolution. */
function wantedDpi(content: PageContent): number {
  if (content.imageShare01 <= 0.5) return RENDER_DPI;
  const dpi = Math.max(RENDER_DPI / 2, imageDpi(content));
  return content.scan ? dpi : Math.min(MAX_RENDER_DPI, dpi);
}

/** Resolution of the finest picture that matters. */
function imageDpi({ images }: PageContent): number {
  const dpis = images
    .filter((image) => !image.nested)
    .map(({ widthPx, heightPx, bounds: b }) => {
      const turned = b.right - b.left > b.top - b.bottom !== widthPx > heightPx;
      const inches = (turned ? b.top - b.bottom : b.right - b.left) / POINTS_PER_INCH;
      return inches > 0 ? widthPx / inches : 0;
    });
  const finest = Math.round(Math.max(0, ...dpis));
  return finest > 0 ? finest : RENDER_DPI;
}

/** Draws a page with its annotations and form fields on white. Null when the heap cannot hold it. */
export function renderPage({ api, form }: PdfDocument, page: number, plan: RenderPlan): Pixels | null {
  const { widthPx, heightPx } = plan;
  const stride = widthPx * 3;
  const buffer = api.wasmExports.malloc(stride * heightPx);
  if (buffer === 0) return null;
  const bitmap = api._FPDFBitmap_CreateEx(widthPx, heightPx, FORMAT_BGR, buffer, stride);
  if (bitmap === 0) return null;
  api._FPDFBitmap_FillRect(bitmap, 0, 0, widthPx, heightPx, WHITE);
  if (form !== 0) api._FORM_OnAfterLoadPage(page, form);
  api._FPDF_RenderPageBitmap(bitmap, page, 0, 0, widthPx, heightPx, 0, FLAGS);
  if (form !== 0) {
    api._FPDF_FFLDraw(form, bitmap, page, 0, 0, widthPx, heightPx, 0, FLAGS);
    api._FORM_OnBeforeClosePage(page, form);
  }
  const data = api.HEAPU8.slice(buffer, buffer + stride * heightPx);
  api._FPDFBitmap_Destroy(bitmap);
  api.wasmExports.free(buffer);
  return { widthPx, heightPx, channels: 3, data };
}
