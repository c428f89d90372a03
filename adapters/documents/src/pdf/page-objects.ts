import { MAX_PAGE_OBJECTS } from '../limits.ts';
import { type PdfiumApi, readNumbers, withHeap } from './engine.ts';

// What lies on a page, in the order it is drawn.

const TYPE = { text: 1, path: 2, image: 3, shading: 4, form: 5 } as const;
const RENDER_MODE_INVISIBLE = 3;
/** Annotation kinds that draw nothing of their own on paper: link, popup. */
const SILENT_ANNOTATIONS = [2, 16];
/** A picture counts as the page when it covers this much of its width and height. */
const FILLS_SHARE01 = 0.95;

/** A rectangle of the page in points, origin at the lower left. */
export interface PdfRect {
  readonly left: number;
  readonly bottom: number;
  readonly right: number;
  readonly top: number;
}

/** A picture on the page. */
export interface PdfImage {
  readonly handle: number;
  readonly widthPx: number;
  readonly heightPx: number;
  readonly bitsPerPixel: number;
  readonly bounds: PdfRect;
  /** Names of its filters, outermost first: `["DCTDecode"]` is a JPEG as it stands. */
  readonly filters: readonly string[];
  /** Degrees the picture is turned counter-clockwise on the page: 0, 90, 180, 270; null when skewed, mirrored or turned otherwise. */
  readonly turnedCcw: number | null;
  readonly transparent: boolean;
  /** Inside a form object, whose matrix is not known here. */
  readonly nested: boolean;
}

/** All that decides how a page is taken. */
export interface PageContent {
  readonly box: PdfRect;
  readonly images: readonly PdfImage[];
  /** A picture that covers the page, and nothing visible after it. */
  readonly scan: PdfImage | null;
  /** Share of the page's area under pictures, at most 1. */
  readonly imageShare01: number;
  /** Fonts of visible text that are not in the file. */
  readonly fontsMissing: number;
  readonly tooManyObjects: boolean;
}

/** Looks through the objects of a page, one level into forms. */
export function inspectPage(api: PdfiumApi, page: number): PageContent {
  const box = pageBox(api, page);
  const count = api._FPDFPage_CountObjects(page);
  const images: PdfImage[] = [];
  let scan: PdfImage | null = null;
  let fontsMissing = 0;
  for (let i = 0; i < Math.min(count, MAX_PAGE_OBJECTS); i++) {
    const object = api._FPDFPage_GetObject(page, i);
    const type = api._FPDFPageObj_GetType(object);
    if (type === TYPE.image) {
      const image = describeImage(api, page, object, false);
      images.push(image);
      scan = fills(image, box) && !image.transparent ? image : null;
    } else if (type === TYPE.form) {
      const inner = imagesOfForm(api, page, object);
      images.push(...inner);
      scan = null;
    } else if (type === TYPE.text) {
      if (api._FPDFTextObj_GetTextRenderMode(object) === RENDER_MODE_INVISIBLE) continue;
      if (api._FPDFFont_GetIsEmbedded(api._FPDFTextObj_GetFont(object)) === 0) fontsMissing += 1;
      scan = null;
    } else scan = null;
  }
  if (scan && hasVisibleAnnotation(api, page)) scan = null;
  return { box, images, scan, imageShare01: coveredShare01(images, box), fontsMissing, tooManyObjects: count > MAX_PAGE_OBJECTS };
}

function pageBox(api: PdfiumApi, page: number): PdfRect {
  const [left, top, right, bottom] = readNumbers(api, 'f32', 4, (at) => api._FPDF_GetPageBoundingBox(page, at)) ?? [0, 0, 0, 0];
  return { left: left!, top: top!, right: right!, bottom: bottom! };
}

function imagesOfForm(api: PdfiumApi, page: number, form: number): PdfImage[] {
  const images: PdfImage[] = [];
  const count = Math.min(api._FPDFFormObj_CountObjects(form), MAX_PAGE_OBJECTS);
  for (let i = 0; i < count; i++) {
    const object = api._FPDFFormObj_GetObject(form, i);
    if (api._FPDFPageObj_GetType(object) === TYPE.image) images.push(describeImage(api, page, object, true));
  }
  return images;
}

function describeImage(api: PdfiumApi, page: number, handle: number, nested: boolean): PdfImage {
  const size = readNumbers(api, 'i32', 2, (at) => api._FPDFImageObj_GetImagePixelSize(handle, at, at + 4)) ?? [0, 0];
  const bounds = readNumbers(api, 'f32', 4, (at) => api._FPDFPageObj_GetBounds(handle, at, at + 4, at + 8, at + 12)) ?? [0, 0, 0, 0];
  const bits = withHeap(api, 28, ({ at, view }) => (api._FPDFImageObj_GetImageMetadata(handle, page, at) ? view().getUint32(16, true) : 0));
  return {
    handle,
    widthPx: size[0]! >>> 0,
    heightPx: size[1]! >>> 0,
    bitsPerPixel: bits || 24,
    bounds: { left: bounds[0]!, bottom: bounds[1]!, right: bounds[2]!, top: bounds[3]! },
    filters: readFilters(api, handle),
    turnedCcw: readTurn(api, handle),
    transparent: api._FPDFPageObj_HasTransparency(handle) !== 0,
    nested,
  };
}

function readFilters(api: PdfiumApi, image: number): string[] {
  const count = Math.min(api._FPDFImageObj_GetImageFilterCount(image), 8);
  return Array.from({ length: count }, (_, i) =>
    withHeap(api, 64, ({ at }) => {
      const length = api._FPDFImageObj_GetImageFilter(image, i, at, 64);
      return String.fromCharCode(...api.HEAPU8.subarray(at, at + Math.max(0, Math.min(length, 64) - 1)));
    }),
  );
}

function readTurn(api: PdfiumApi, object: number): number | null {
  const m = readNumbers(api, 'f32', 6, (at) => api._FPDFPageObj_GetMatrix(object, at));
  if (!m) return null;
  const [a, b, c, d] = m as [number, number, number, number];
  const small = 0.002 * Math.max(Math.abs(a), Math.abs(b), Math.abs(c), Math.abs(d));
  if (Math.abs(b) <= small && Math.abs(c) <= small) return a > 0 && d > 0 ? 0 : a < 0 && d < 0 ? 180 : null;
  if (Math.abs(a) <= small && Math.abs(d) <= small) return b > 0 && c < 0 ? 90 : b < 0 && c > 0 ? 270 : null;
  return null;
}

function fills(image: PdfImage, box: PdfRect): boolean {
  const width = Math.min(image.bounds.right, box.right) - Math.max(image.bounds.left, box.left);
  const height = Math.min(image.bounds.top, box.top) - Math.max(image.bounds.bottom, box.bottom);
  return width >= FILLS_SHARE01 * (box.right - box.left) && height >= FILLS_SHARE01 * (box.top - box.bottom);
}

function coveredShare01(images: readonly PdfImage[], box: PdfRect): number {
  const page = (box.right - box.left) * (box.top - box.bottom);
  const sum = images.reduce((total, { bounds: b }) => total + Math.max(0, b.right - b.left) * Math.max(0, b.top - b.bottom), 0);
  return page > 0 ? Math.min(1, sum / page) : 0;
}

function hasVisibleAnnotation(api: PdfiumApi, page: number): boolean {
  const count = Math.min(api._FPDFPage_GetAnnotCount(page), 1000);
  for (let i = 0; i < count; i++) {
    const annotation = api._FPDFPage_GetAnnot(page, i);
    if (annotation === 0) continue;
    const silent = SILENT_ANNOTATIONS.includes(api._FPDFAnnot_GetSubtype(annotation));
    api._FPDFPage_CloseAnnot(annotation);
    if (!silent) return true;
  }
  return false;
}
