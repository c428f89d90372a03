import { type Finding, isArchiveError } from '@lantai/values';
import { loadFallbackFonts } from '../fallback-font.ts';
import type { ImageTools, Pixels } from '../image-tools.ts';
import { jpegComponents } from '../jpeg.ts';
import { MAX_EMBEDDED_IMAGE_BYTES, MAX_PDF_BYTES } from '../limits.ts';
import { type DeliveredPage, type Receiving, type Refused, refused } from '../outcome.ts';
import type { TrustSettings } from '../signatures/certificates.ts';
import { judgePdf } from '../signatures/pdf-signatures.ts';
import { type SignatureReport, signatureFindings, unreadableSignature } from '../signatures/report.ts';
import { openPdf, type PdfDocument } from './document.ts';
import { withHeap } from './engine.ts';
import { inspectPage, type PageContent, type PdfImage } from './page-objects.ts';
import { type PageText, readPageText } from './page-text.ts';
import { planRender, type RenderPlan, renderPage } from './render.ts';

/** Above this share of characters without a meaning the text layer is not believed and the page is read like a scan. */
const MAX_UNKNOWN_SHARE01 = 0.05;
/** Above this share of the page under pictures, text in them must be read too. */
const PICTURES_MATTER_SHARE01 = 0.1;
/** The engine trapped (a hole, or its heap is full) on a page. */
const ENGINE_FAILED = 'pdf/engine-failed';
/** Engines a document may wear out. */
const MAX_RESTARTS = 5;
/** EXIF orientation that shows a picture turned clockwise by the degrees of the key. */
const ORIENTATION: Readonly<Record<number, number>> = { 0: 1, 90: 6, 180: 3, 270: 8 };

/** What is asked of a PDF besides its pages. */
export interface PdfOptions {
  /** For an encrypted document. */
  readonly password?: string;
  /** Whom its signatures are judged by; left out: they are only counted. */
  readonly trust?: TrustSettings;
}

/**
 * Takes a PDF apart: a page that is one JPEG gives that JPEG bit by bit, every other page is rendered; visible text comes with its boxes.
 * Signatures are judged behind the last page.
 */
export async function* receivePdf(bytes: Uint8Array, tools: ImageTools, { password, trust }: PdfOptions = {}): Receiving {
  if (bytes.length > MAX_PDF_BYTES) return refused('file/too-large', { byteLength: bytes.length, limit: MAX_PDF_BYTES });
  let document = await openPdf(bytes, loadFallbackFonts(), password);
  if ('kind' in document) return document;
  const findings: Finding[] = [...document.findings];
  let pageCount = 0;
  let restarts = 0;
  let why: Refused | null = null;
  for (let i = 0; i < document.pageCount; i++) {
    const page = await tryPage(document, i, tools);
    if (page.kind === 'refused' && page.code === ENGINE_FAILED) {
      // Its heap cannot be trusted any more; a new engine goes on with the next page.
      const again: PdfDocument | Refused = restarts < MAX_RESTARTS ? await openPdf(bytes, loadFallbackFonts(), password) : page;
      if ('kind' in again) return again;
      restarts += 1;
      document = again;
    }
    if (page.kind === 'refused') {
      why ??= page;
      findings.push({ code: 'document/page-unreadable', severity: 'error', params: { page: i + 1, why: page.code } });
    } else {
      yield page;
      pageCount += 1;
    }
  }
  if (pageCount === 0) return why ?? refused('pdf/unreadable');
  const signatures = trust ? await trySignatures(document, bytes, trust) : [];
  document.close();
  findings.push(...signatureFindings(signatures));
  const said = signatures.length > 0 ? { signatures } : {};
  return { kind: 'pages', format: 'pdf', mediaType: 'application/pdf', pageCount, findings, ...said };
}

/** The signatures; where the engine dies of the file, one that could not be read: the pages are there all the same. */
async function trySignatures(document: PdfDocument, bytes: Uint8Array, trust: TrustSettings): Promise<readonly SignatureReport[]> {
  try {
    return await judgePdf(document, bytes, trust);
  } catch (error) {
    if (isEngineDeath(error)) return [unreadableSignature(bytes.length)];
    throw error;
  }
}

const isEngineDeath = (error: unknown): boolean => error instanceof WebAssembly.RuntimeError || isArchiveError(error, 'pdf/out-of-memory');

/** The page, or why there is none. What the engine dies of is the file's doing; a mistake of ours goes on as itself. */
async function tryPage(document: PdfDocument, index: number, tools: ImageTools): Promise<DeliveredPage | Refused> {
  try {
    return await receivePage(document, index, tools);
  } catch (error) {
    if (isEngineDeath(error)) return refused(ENGINE_FAILED);
    throw error;
  }
}

async function receivePage(document: PdfDocument, index: number, tools: ImageTools): Promise<DeliveredPage | Refused> {
  const { api } = document;
  const page = api._FPDF_LoadPage(document.handle, index);
  if (page === 0) return refused('pdf/page-broken');
  try {
    const content = inspectPage(api, page);
    if (content.tooManyObjects) return refused('document/page-too-complex');
    const bomb = content.images.find((i) => (i.widthPx * i.heightPx * i.bitsPerPixel) / 8 > MAX_EMBEDDED_IMAGE_BYTES);
    if (bomb)
      return refused('document/image-too-large', { widthPx: bomb.widthPx, heightPx: bomb.heightPx, limit: MAX_EMBEDDED_IMAGE_BYTES });
    const size = { widthPt: api._FPDF_GetPageWidthF(page), heightPt: api._FPDF_GetPageHeightF(page) };
    const scan = content.scan && (await embeddedPage(document, page, content.scan, size, tools));
    if (scan) return scan;
    const plan = planRender(size.widthPt, size.heightPt, content);
    if (!plan) return refused('document/page-too-large', { widthMm: toMm(size.widthPt), heightMm: toMm(size.heightPt) });
    return await renderedPage(document, page, content, plan, tools);
  } finally {
    api._FPDF_ClosePage(page);
  }
}

const toMm = (points: number) => Math.round((points / 72) * 25.4);

/** The page's JPEG as it stands in the file; null when it is not one, or the page shows it otherwise than it is. */
async function embeddedPage(
  document: PdfDocument,
  page: number,
  image: PdfImage,
  { widthPt, heightPt }: { widthPt: number; heightPt: number },
  tools: ImageTools,
): Promise<DeliveredPage | null> {
  if (image.nested || image.turnedCcw === null || image.filters.length !== 1 || image.filters[0] !== 'DCTDecode') return null;
  const raw = readImageFile(document, image);
  if (tools.findImageFormat(raw) !== 'jpeg' || jpegComponents(raw) === 4) return null;
  const header = await tools.readHeader(raw);
  // A damaged JPEG is drawn instead: the engine shows what can be shown, and the page image then decodes for everybody.
  if ('kind' in header || !(await isWhole(raw, tools))) return null;
  const turnCw = (document.api._FPDFPage_GetRotation(page) * 90 - image.turnedCcw + 360) % 360;
  // A PDF shows a JPEG without regard to its EXIF, a viewer of JPEG with it: where they differ the file gets the orientation the page has.
  const asItIs = turnCw === 0 && !header.turned;
  const bytes = asItIs ? raw : tools.orientJpeg(raw, ORIENTATION[turnCw]!);
  const shown = asItIs ? header : await tools.readHeader(bytes);
  if ('kind' in shown) return null;
  const resolutionDpi = Math.round(shown.widthPx / (widthPt / 72));
  const text = readPageText(document.api, page, shown);
  return {
    kind: 'page',
    origin: asItIs ? 'embedded' : 'rendered',
    mediaType: 'image/jpeg',
    bytes,
    widthPx: shown.widthPx,
    heightPx: shown.heightPx,
    ...(Number.isFinite(resolutionDpi) && heightPt > 0 ? { resolutionDpi } : {}),
    // Text under a picture that fills the page is seen by nobody, whatever its mode says.
    ...(text.hidden.length + text.visible.length > 0 ? { hiddenText: [...text.visible, ...text.hidden] } : {}),
    findings: [],
  };
}

async function isWhole(jpeg: Uint8Array, tools: ImageTools): Promise<boolean> {
  const first = await tools.receiveImage(jpeg, { check: 'structure' }).next();
  return first.done !== true && first.value.origin === 'as_received';
}

function readImageFile({ api }: PdfDocument, image: PdfImage): Uint8Array {
  const length = api._FPDFImageObj_GetImageDataRaw(image.handle, 0, 0);
  if (length <= 0) return new Uint8Array(0);
  return withHeap(api, length, ({ at }) => {
    api._FPDFImageObj_GetImageDataRaw(image.handle, at, length);
    return api.HEAPU8.slice(at, at + length);
  });
}

async function renderedPage(
  document: PdfDocument,
  page: number,
  content: PageContent,
  plan: RenderPlan,
  tools: ImageTools,
): Promise<DeliveredPage | Refused> {
  const before = document.fontsGiven();
  const pixels = renderPage(document, page, plan);
  if (!pixels) return refused('document/page-too-large', { widthPx: plan.widthPx, heightPx: plan.heightPx });
  const text = readPageText(document.api, page, plan);
  const usable = text.unknownShare01 <= MAX_UNKNOWN_SHARE01;
  const { mediaType, bytes } = await tools.encodePage(pixels, {
    lossless: content.imageShare01 <= PICTURES_MATTER_SHARE01,
    resolutionDpi: plan.resolutionDpi,
  });
  return {
    kind: 'page',
    origin: 'rendered',
    mediaType,
    bytes,
    widthPx: plan.widthPx,
    heightPx: plan.heightPx,
    resolutionDpi: plan.resolutionDpi,
    ...(usable && text.visible.length > 0
      ? { text: text.visible, textCovers: content.imageShare01 > PICTURES_MATTER_SHARE01 ? ('part' as const) : ('page' as const) }
      : {}),
    ...(text.hidden.length > 0 ? { hiddenText: text.hidden } : {}),
    findings: [
      ...renderFindings(plan, text, usable, document.fontsGiven() > before || content.fontsMissing > 0),
      ...pictureFindings(document, content, pixels),
    ],
  };
}

function renderFindings(plan: RenderPlan, text: PageText, usable: boolean, fontsMissing: boolean): Finding[] {
  const findings: Finding[] = [];
  if (plan.reduced) findings.push({ code: 'document/page-reduced', severity: 'warning', params: { resolutionDpi: plan.resolutionDpi } });
  if (!usable)
    findings.push({ code: 'document/text-unusable', severity: 'info', params: { unknownPercent: Math.round(text.unknownShare01 * 100) } });
  if (fontsMissing) findings.push({ code: 'document/font-replaced', severity: 'info' });
  return findings;
}

/** The engine leaves a picture it cannot decode blank without a word: when a page with pictures comes out empty, each is asked. */
function pictureFindings({ api }: PdfDocument, content: PageContent, { data }: Pixels): Finding[] {
  if (content.images.length === 0 || data.some((value) => value !== data[0])) return [];
  const count = content.images.filter((image) => {
    const bitmap = api._FPDFImageObj_GetBitmap(image.handle);
    if (bitmap !== 0) api._FPDFBitmap_Destroy(bitmap);
    return bitmap === 0;
  }).length;
  return count === 0 ? [] : [{ code: 'document/picture-missing', severity: 'error', params: { count } }];
}
