import type { Finding } from '@lantai/values';
import { loadFallbackFonts } from '../fallback-font.ts';
import type { ImageTools } from '../image-tools.ts';
import { MAX_PAGE_OBJECTS, MAX_RENDER_PIXELS, MIN_RENDER_DPI, RENDER_DPI } from '../limits.ts';
import { type DeliveredPage, type Receiving, type Refused, refused } from '../outcome.ts';
import type { TrustSettings } from '../signatures/certificates.ts';
import { judgeOfd } from '../signatures/ofd-signatures.ts';
import { signatureFindings } from '../signatures/report.ts';
import { isZip, openZip, type ZipArchive } from '../zip/archive.ts';
import { PageCanvas, toSvg, toSvgBody } from './canvas.ts';
import { type OfdPageEntry, readOfd } from './document.ts';
import { drawObjects, findScan, imageShare01 } from './draw-page.ts';
import type { Matrix } from './geometry.ts';
import { GlyphSource } from './glyphs.ts';
import { isOfd, OfdPackage, resolvePath } from './package.ts';
import { pictureHref } from './picture-address.ts';
import { readResources } from './resources.ts';
import type { Seal } from './seals.ts';
import { childrenOf, findChild, numbersOf, type XmlElement } from './xml.ts';

const MM_PER_INCH = 25.4;
/** Above this share of the page under pictures, text in them must be read too. */
const PICTURES_MATTER_SHARE01 = 0.1;

interface Tools {
  readonly ofd: OfdPackage;
  readonly images: ImageTools;
  readonly glyphs: GlyphSource;
}

interface PagePlan {
  readonly boxMm: { readonly x: number; readonly y: number; readonly width: number; readonly height: number };
  readonly widthPx: number;
  readonly heightPx: number;
  readonly resolutionDpi: number;
  readonly reduced: boolean;
}

/** Takes an OFD apart: a page that is one JPEG gives that JPEG, others are drawn; text comes with boxes. Signatures are judged when there is somebody to judge them by. Source: GB/T 33190-2016. */
export async function* receiveOfd(archive: ZipArchive, images: ImageTools, trust?: TrustSettings): Receiving {
  if (archive.members.some((m) => m.encrypted)) return refused('ofd/encrypted');
  const ofd = new OfdPackage(archive);
  const document = readOfd(ofd);
  if ('kind' in document) return document;
  const tools = { ofd, images, glyphs: new GlyphSource(ofd, loadFallbackFonts()) };
  const findings = [...document.findings];
  let pageCount = 0;
  let why: Refused | null = null;
  for (const [i, entry] of document.pages.entries()) {
    const page = await receivePage(entry, tools);
    if (page.kind === 'refused') {
      why ??= page;
      findings.push({ code: 'document/page-unreadable', severity: 'error', params: { page: i + 1, why: page.code } });
    } else {
      yield page;
      pageCount += 1;
    }
  }
  if (pageCount === 0) return why ?? refused('ofd/no-document');
  const signatures = trust ? await judgeOfd(ofd, trust) : [];
  findings.push(...signatureFindings(signatures));
  const said = signatures.length > 0 ? { signatures } : {};
  return { kind: 'pages', format: 'ofd', mediaType: 'application/ofd', pageCount, findings, ...said };
}

async function receivePage(entry: OfdPageEntry, tools: Tools): Promise<DeliveredPage | Refused> {
  const root = tools.ofd.readXml(entry.path);
  if ('kind' in root) return root;
  const plan = planPage(entry, root, tools.ofd);
  if ('kind' in plan) return plan;
  const { canvas, seals } = drawPage(entry, root, plan, tools);
  if (canvas.objectCount > MAX_PAGE_OBJECTS) return refused('document/page-too-complex');
  const scan = seals.length === 0 ? findScan(canvas, plan.boxMm) : null;
  return (scan && (await embeddedPage(scan.path, canvas, plan, tools))) ?? (await drawnPage(canvas, seals, plan, tools));
}

function planPage(entry: OfdPageEntry, root: XmlElement, ofd: OfdPackage): PagePlan | Refused {
  const area = findChild(root, 'Area');
  const own = numbersOf(area ? findChild(area, 'PhysicalBox')?.text : undefined);
  const [x = 0, y = 0, width = 0, height = 0] = own.length === 4 ? own : (templateArea(entry, root, ofd) ?? entry.document.pageArea);
  if (!(width > 0 && height > 0)) return refused('ofd/page-without-size');
  const possible = Math.floor(Math.sqrt((MAX_RENDER_PIXELS * MM_PER_INCH ** 2) / (width * height)));
  if (possible < MIN_RENDER_DPI) return refused('document/page-too-large', { widthMm: Math.round(width), heightMm: Math.round(height) });
  const resolutionDpi = Math.min(RENDER_DPI, possible);
  const px = (mm: number) => Math.max(1, Math.round((mm * resolutionDpi) / MM_PER_INCH));
  return { boxMm: { x, y, width, height }, widthPx: px(width), heightPx: px(height), resolutionDpi, reduced: possible < RENDER_DPI };
}

function templateArea(entry: OfdPageEntry, root: XmlElement, ofd: OfdPackage): number[] | null {
  for (const use of childrenOf(root, 'Template')) {
    const template = entry.document.templates.get(use.attributes.TemplateID ?? '');
    const part = template && ofd.readXml(template.path);
    const area = part && !('kind' in part) ? findChild(part, 'Area') : null;
    const box = numbersOf(area ? findChild(area, 'PhysicalBox')?.text : undefined);
    if (box.length === 4) return box;
  }
  return null;
}

function drawPage(entry: OfdPageEntry, root: XmlElement, plan: PagePlan, tools: Tools): { canvas: PageCanvas; seals: Seal[] } {
  const { document } = entry;
  const scale = plan.resolutionDpi / MM_PER_INCH;
  const canvas = new PageCanvas([scale, 0, 0, scale, 0, 0]);
  const origin: Matrix = [1, 0, 0, 1, -plan.boxMm.x, -plan.boxMm.y];
  const drawContent = (page: XmlElement, path: string) => {
    const own = childrenOf(page, 'PageRes').map((r) => resolvePath(path, r.text));
    const resources = own.length > 0 ? readResources(tools.ofd, own, document.resources) : document.resources;
    for (const layer of findChild(page, 'Content')?.children ?? []) drawObjects(canvas, layer, resources, tools.glyphs, origin);
  };
  const drawTemplates = (foreground: boolean) => {
    for (const use of childrenOf(root, 'Template')) {
      const template = document.templates.get(use.attributes.TemplateID ?? '');
      if (!template || ((use.attributes.ZOrder ?? template.zOrder) === 'Foreground') !== foreground) continue;
      const part = tools.ofd.readXml(template.path);
      if ('kind' in part) canvas.lacks.resources += 1;
      else drawContent(part, template.path);
    }
  };
  drawTemplates(false);
  drawContent(root, entry.path);
  drawTemplates(true);
  for (const path of document.annotations.get(entry.id) ?? []) drawAnnotations(path, document.resources, canvas, origin, tools);
  return { canvas, seals: document.seals.filter((seal) => seal.pageId === entry.id) };
}

function drawAnnotations(
  path: string,
  resources: Parameters<typeof drawObjects>[2],
  canvas: PageCanvas,
  origin: Matrix,
  tools: Tools,
): void {
  const root = tools.ofd.readXml(path);
  if ('kind' in root) return;
  for (const annotation of childrenOf(root, 'Annot')) {
    if (annotation.attributes.Visible === 'false' || annotation.attributes.Print === 'false') continue;
    for (const appearance of childrenOf(annotation, 'Appearance')) {
      const [x = 0, y = 0] = numbersOf(appearance.attributes.Boundary);
      drawObjects(canvas, appearance, resources, tools.glyphs, [1, 0, 0, 1, origin[4] + x, origin[5] + y]);
    }
  }
}

/** The page's JPEG as it lies in the file; null when it is not one that can be shown as it is. */
async function embeddedPage(path: string, canvas: PageCanvas, plan: PagePlan, { ofd, images }: Tools): Promise<DeliveredPage | null> {
  const bytes = ofd.read(path);
  if ('kind' in bytes || images.findImageFormat(bytes) !== 'jpeg') return null;
  const header = await images.readHeader(bytes);
  const first = await images.receiveImage(bytes, { check: 'structure' }).next();
  if ('kind' in header || header.turned || first.done === true || first.value.origin !== 'as_received') return null;
  const text = canvas.finishText(plan);
  const scaled = (factor: number) => (line: { text: string; box: readonly [number, number, number, number] }) => ({
    text: line.text,
    box: line.box.map((v) => Math.round(v * factor)) as [number, number, number, number],
  });
  // Boxes were measured for the page drawn; the picture has its own size.
  const hidden = [...text.visible, ...text.hidden].map(scaled(header.widthPx / plan.widthPx));
  return {
    kind: 'page',
    origin: 'embedded',
    mediaType: 'image/jpeg',
    bytes,
    widthPx: header.widthPx,
    heightPx: header.heightPx,
    resolutionDpi: Math.round((header.widthPx * MM_PER_INCH) / plan.boxMm.width),
    ...(hidden.length > 0 ? { hiddenText: hidden } : {}),
    findings: [],
  };
}

async function drawnPage(canvas: PageCanvas, seals: readonly Seal[], plan: PagePlan, tools: Tools): Promise<DeliveredPage | Refused> {
  const body = await drawBody(canvas, seals, tools);
  const pixels = await tools.images.drawSvg(toSvg(body, plan.boxMm, plan), plan.widthPx, plan.heightPx).catch(() => null);
  // The drawing library has limits of its own, on elements above all.
  if (!pixels) return refused('document/page-too-complex');
  const share01 = imageShare01(canvas, plan.boxMm);
  const { resolutionDpi, widthPx, heightPx } = plan;
  const { mediaType, bytes } = await tools.images.encodePage(pixels, { lossless: share01 <= PICTURES_MATTER_SHARE01, resolutionDpi });
  const text = canvas.finishText(plan);
  return {
    kind: 'page',
    origin: 'rendered',
    mediaType,
    bytes,
    widthPx,
    heightPx,
    resolutionDpi,
    ...(text.visible.length > 0
      ? { text: text.visible, textCovers: share01 > PICTURES_MATTER_SHARE01 ? ('part' as const) : ('page' as const) }
      : {}),
    ...(text.hidden.length > 0 ? { hiddenText: text.hidden } : {}),
    findings: pageFindings(canvas, plan),
  };
}

function pageFindings({ lacks }: PageCanvas, plan: PagePlan): Finding[] {
  const findings: Finding[] = [];
  if (plan.reduced) findings.push({ code: 'document/page-reduced', severity: 'warning', params: { resolutionDpi: plan.resolutionDpi } });
  if (lacks.resources > 0) findings.push({ code: 'document/picture-missing', severity: 'warning', params: { count: lacks.resources } });
  if (lacks.features > 0) findings.push({ code: 'document/partly-drawn', severity: 'warning', params: { count: lacks.features } });
  if (lacks.fonts > 0) findings.push({ code: 'document/font-replaced', severity: 'info', params: { count: lacks.fonts } });
  return findings;
}

/** Draws the seals, then the body of the page with every picture in it; pictures that cannot be shown are counted. */
async function drawBody(canvas: PageCanvas, seals: readonly Seal[], tools: Tools): Promise<string> {
  const pictures = new Map<string, string>();
  for (const [i, seal] of seals.entries()) if (!(await drawSeal(seal, `\0seal-${i}`, canvas, pictures, tools))) canvas.lacks.resources += 1;
  for (const step of canvas.steps) {
    if (step.kind !== 'image' || pictures.has(step.image.path)) continue;
    const bytes = tools.ofd.read(step.image.path);
    const href = 'kind' in bytes ? null : await pictureHref(bytes, tools.images);
    if (href) pictures.set(step.image.path, href);
    else canvas.lacks.resources += 1;
  }
  return toSvgBody(canvas, (path) => pictures.get(path) ?? null);
}

/** A seal is a picture, or an OFD of one page; such an OFD is drawn without seals of its own. */
async function drawSeal(seal: Seal, name: string, canvas: PageCanvas, pictures: Map<string, string>, tools: Tools): Promise<boolean> {
  if (!seal.picture) return false;
  const [x, y, width, height] = seal.boundary;
  if (!isZip(seal.picture)) {
    const href = await pictureHref(seal.picture, tools.images);
    if (href === null) return false;
    pictures.set(name, href);
    canvas.image({ path: name, matrix: [width, 0, 0, height, x, y], alpha01: 1 });
    return true;
  }
  const archive = await openZip(seal.picture);
  if ('kind' in archive || !isOfd(archive)) return false;
  const ofd = new OfdPackage(archive);
  const document = readOfd(ofd);
  const entry = 'kind' in document ? undefined : document.pages[0];
  const root = entry && ofd.readXml(entry.path);
  const plan = root && !('kind' in root) ? planPage(entry, root, ofd) : null;
  if (!entry || !root || 'kind' in root || !plan || 'kind' in plan) return false;
  const inner = { ...tools, ofd, glyphs: new GlyphSource(ofd, loadFallbackFonts()) };
  const body = await drawBody(drawPage(entry, root, plan, inner).canvas, [], inner);
  canvas.group(body, [width / plan.boxMm.width, 0, 0, height / plan.boxMm.height, x, y]);
  return true;
}
