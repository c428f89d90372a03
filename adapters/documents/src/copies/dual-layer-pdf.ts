import { assert } from '@lantai/values';
import { jpegComponents } from '../jpeg.ts';
import { type Bookmark, BookmarkTrail, type CopyAbout, type CopyLine, type CopyPage, mmPerPixel, writable } from './copy-model.ts';
import { type Foot, FootDrawer } from './foot.ts';
import { GLYPHLESS_WIDTH, glyphlessFont } from './glyphless-font.ts';
import { PdfObjects } from './pdf-objects.ts';
import { srgbProfile } from './srgb-profile.ts';
import { pdfText, TextCodes } from './text-codes.ts';
import { infoDictionary, xmpPacket } from './xmp.ts';

const POINTS_PER_MM = 72 / 25.4;
const n2 = (n: number) => String(Math.round(n * 100) / 100);
const n4 = (n: number) => String(Math.round(n * 10000) / 10000);

/** Numbers of the objects that all pages share. */
interface Shared {
  readonly pages: number;
  /** Of the dictionary of fonts. */
  readonly fonts: number;
}

/**
 * Writes a copy as dual-layer PDF/A: each page its picture, under it the words as invisible text where they stand, on a strip below the keeper's
 * mark; bookmarks by class and material. A page is taken when what came before has been given, so one page is in memory, however many there are.
 * The same copy gives the same bytes. What comes behind the last page holds the tree of pages: without it there is no document.
 * Source: ISO 19005-1 (PDF/A-1b), ISO 19005-2 (PDF/A-2b); docs/spec/copies-out.md.
 */
export async function* writeDualLayerPdf(about: CopyAbout, pages: AsyncIterable<CopyPage>): AsyncGenerator<Uint8Array> {
  const objects = new PdfObjects();
  const [catalog, info] = [objects.reserve(), objects.reserve()];
  const shared: Shared = { pages: objects.reserve(), fonts: objects.reserve() };
  const codes = new TextCodes();
  const trail = new BookmarkTrail();
  const foot = new FootDrawer();
  const pageIds: number[] = [];
  yield objects.header();
  for await (const page of pages) {
    trail.add(page.bookmarks, pageIds.length);
    const id = objects.reserve();
    pageIds.push(id);
    yield* writePage(objects, { id, shared, page, codes, foot: (widthMm) => foot.draw(about, pageIds.length, widthMm) });
  }
  yield objects.object(shared.pages, `<< /Type /Pages /Count ${pageIds.length} /Kids [${pageIds.map((id) => `${id} 0 R`).join(' ')}] >>`);
  yield* writeFonts(objects, shared.fonts, codes);
  const outlines = yield* writeOutlines(objects, trail.all, pageIds);
  const [metadata, profile] = [objects.reserve(), objects.reserve()];
  yield objects.stream(metadata, '/Type /Metadata /Subtype /XML', xmpPacket(about));
  yield objects.packed(profile, '/N 3', srgbProfile());
  yield objects.object(info, infoDictionary(about));
  const intent = `<< /Type /OutputIntent /S /GTS_PDFA1 /OutputConditionIdentifier (sRGB IEC61966-2.1) /Info (sRGB IEC61966-2.1) /DestOutputProfile ${profile} 0 R >>`;
  const lang = about.language === 'zh' ? 'zh-CN' : 'en';
  yield objects.object(
    catalog,
    `<< /Type /Catalog /Pages ${shared.pages} 0 R /Metadata ${metadata} 0 R /OutputIntents [${intent}] /Lang (${lang}) /ViewerPreferences << /DisplayDocTitle true >>${outlines === null ? '' : ` /Outlines ${outlines} 0 R /PageMode /UseOutlines`} >>`,
  );
  yield objects.trailer(catalog, info, about.entryId.replaceAll('-', ''));
}

interface PageParts {
  readonly id: number;
  readonly shared: Shared;
  readonly page: CopyPage;
  readonly codes: TextCodes;
  readonly foot: (widthMm: number) => Foot;
}

function* writePage(objects: PdfObjects, { id, shared, page, codes, foot }: PageParts): Generator<Uint8Array> {
  const components = jpegComponents(page.jpeg);
  assert(components === 1 || components === 3, 'a page picture is gray or RGB');
  const [picture, content] = [objects.reserve(), objects.reserve()];
  const scale = mmPerPixel(page) * POINTS_PER_MM;
  const [width, height] = [page.widthPx * scale, page.heightPx * scale];
  const strip = foot(width / POINTS_PER_MM);
  const footHeight = strip.heightMm * POINTS_PER_MM;
  const colour = components === 3 ? '/DeviceRGB' : '/DeviceGray';
  yield objects.stream(
    picture,
    `/Type /XObject /Subtype /Image /Width ${page.widthPx} /Height ${page.heightPx} /ColorSpace ${colour} /BitsPerComponent 8 /Filter /DCTDecode`,
    page.jpeg,
  );
  const drawn = [
    'q 0.3 g',
    ...footOperators(strip, footHeight),
    'f Q',
    // The picture is the last that is seen: whoever takes the page apart finds a scan.
    `q ${n2(width)} 0 0 ${n2(height)} 0 ${n2(footHeight)} cm /P Do Q`,
    'BT 3 Tr',
    ...page.lines.flatMap((line) => textOperators(line, { scale, top: footHeight + height, codes })),
    'ET',
  ];
  yield objects.packed(content, '', drawn.join('\n'));
  yield objects.object(
    id,
    `<< /Type /Page /Parent ${shared.pages} 0 R /MediaBox [0 0 ${n2(width)} ${n2(height + footHeight)}] /Resources << /XObject << /P ${picture} 0 R >> /Font ${shared.fonts} 0 R >> /Contents ${content} 0 R >>`,
  );
}

const PATH_OPERATORS = { M: 'm', L: 'l', C: 'c', Z: 'h' } as const;

/** Outlines in points, y upwards. */
function footOperators({ steps }: Foot, heightPt: number): string[] {
  let last: readonly number[] = [0, 0];
  return steps.map(({ command, numbers }) => {
    // PDF has no quadratic curve: the cubic one that is the same.
    const curve = command === 'Q' ? toCubic(last, numbers) : numbers;
    if (numbers.length) last = numbers.slice(-2);
    const points = curve.map((n, i) => n2(i % 2 ? heightPt - n * POINTS_PER_MM : n * POINTS_PER_MM));
    return `${points.join(' ')} ${PATH_OPERATORS[command === 'Q' ? 'C' : command]}`.trim();
  });
}

function toCubic([x0 = 0, y0 = 0]: readonly number[], [x1 = 0, y1 = 0, x2 = 0, y2 = 0]: readonly number[]): number[] {
  return [x0 + (2 / 3) * (x1 - x0), y0 + (2 / 3) * (y1 - y0), x2 + (2 / 3) * (x1 - x2), y2 + (2 / 3) * (y1 - y2), x2, y2];
}

/**
 * One line of text, stretched over its box: size is the box's height, the baseline its lower edge, since the font reaches from there to one em.
 * Vertical lines are turned by a quarter, so that they run down.
 */
function textOperators(line: CopyLine, at: { scale: number; top: number; codes: TextCodes }): string[] {
  const text = writable(line.text).trim();
  const [x, y, width, height] = line.box.map((v) => v * at.scale) as [number, number, number, number];
  if (text === '' || !(width > 0 && height > 0)) return [];
  const [length, size] = line.vertical ? [height, width] : [width, height];
  const all = [...text].length;
  const stretch = (length / (all * size * (GLYPHLESS_WIDTH / 1000))) * 100;
  const operators: string[] = [];
  let before = 0;
  for (const run of at.codes.encode(text)) {
    const done = (length * before) / all;
    const place = line.vertical ? `0 -1 1 0 ${n2(x)} ${n2(at.top - y - done)}` : `1 0 0 1 ${n2(x + done)} ${n2(at.top - y - height)}`;
    operators.push(`/T${run.font} ${n4(size)} Tf ${n4(stretch)} Tz ${place} Tm <${run.hex}> Tj`);
    before += run.characters;
  }
  return operators;
}

/** The fonts of the text layer: one program of no outlines; each with the map of its codes. Source: ISO 32000-1, 9.7. */
function* writeFonts(objects: PdfObjects, id: number, codes: TextCodes): Generator<Uint8Array> {
  const [file, descriptor] = [objects.reserve(), objects.reserve()];
  const program = glyphlessFont();
  yield objects.packed(file, `/Length1 ${program.length}`, program);
  yield objects.object(
    descriptor,
    `<< /Type /FontDescriptor /FontName /LantaiGlyphless /Flags 4 /FontBBox [0 0 ${GLYPHLESS_WIDTH} 1000] /ItalicAngle 0 /Ascent 1000 /Descent -1 /CapHeight 1000 /StemV 80 /FontFile2 ${file} 0 R >>`,
  );
  const names: string[] = [];
  for (let font = 0; font < codes.fonts; font++) {
    const [root, descendant, map, unicode] = [objects.reserve(), objects.reserve(), objects.reserve(), objects.reserve()];
    names.push(`/T${font} ${root} 0 R`);
    // Every code is drawn by the same empty glyph, 1.
    const glyphs = new Uint8Array(2 * (codes.count(font) + 1)).map((_, i) => i % 2);
    yield objects.packed(map, '', glyphs);
    yield objects.packed(unicode, '', codes.toUnicode(font));
    yield objects.object(
      descendant,
      `<< /Type /Font /Subtype /CIDFontType2 /BaseFont /LantaiGlyphless /CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >> /FontDescriptor ${descriptor} 0 R /DW ${GLYPHLESS_WIDTH} /CIDToGIDMap ${map} 0 R >>`,
    );
    yield objects.object(
      root,
      `<< /Type /Font /Subtype /Type0 /BaseFont /LantaiGlyphless /Encoding /Identity-H /DescendantFonts [${descendant} 0 R] /ToUnicode ${unicode} 0 R >>`,
    );
  }
  yield objects.object(id, `<< ${names.join(' ')} >>`);
}

interface OutlineNode {
  readonly id: number;
  readonly mark: Bookmark;
  readonly children: OutlineNode[];
}

/** The tree of bookmarks, all open; null when there are none. Source: ISO 32000-1, 12.3.3. */
function* writeOutlines(objects: PdfObjects, marks: readonly Bookmark[], pageIds: readonly number[]): Generator<Uint8Array, number | null> {
  if (marks.length === 0) return null;
  const root = objects.reserve();
  const top: OutlineNode[] = [];
  const open: OutlineNode[] = [];
  for (const mark of marks) {
    const node: OutlineNode = { id: objects.reserve(), mark, children: [] };
    open.length = mark.depth;
    (open.at(-1)?.children ?? top).push(node);
    open.push(node);
  }
  const countOf = (nodes: readonly OutlineNode[]): number => nodes.reduce((sum, n) => sum + 1 + countOf(n.children), 0);
  const family = (nodes: readonly OutlineNode[]) =>
    nodes.length ? `/First ${nodes[0]!.id} 0 R /Last ${nodes.at(-1)!.id} 0 R /Count ${countOf(nodes)}` : '';
  function* write(nodes: readonly OutlineNode[], parent: number): Generator<Uint8Array> {
    for (const [i, node] of nodes.entries()) {
      const siblings = `${i ? `/Prev ${nodes[i - 1]!.id} 0 R ` : ''}${i + 1 < nodes.length ? `/Next ${nodes[i + 1]!.id} 0 R ` : ''}`;
      yield objects.object(
        node.id,
        `<< /Title ${pdfText(writable(node.mark.title))} /Parent ${parent} 0 R ${siblings}/Dest [${pageIds[node.mark.page]} 0 R /Fit] ${family(node.children)} >>`,
      );
      yield* write(node.children, node.id);
    }
  }
  yield objects.object(root, `<< /Type /Outlines ${family(top)} >>`);
  yield* write(top, root);
  return root;
}
