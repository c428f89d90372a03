import { concatBytes } from '@lantai/values';
import { PDFDocument, PDFName, type PDFPage, PDFString, rgb, StandardFonts } from 'pdf-lib';
import { describe, expect, it } from 'vitest';
import type { DeliveredPage } from '../outcome.ts';
import { collect, inkShare01, makeEncryptedPdf, makePaper, makePdf, tools } from '../testing/files.ts';
import { loadPdfium } from './engine.ts';
import { receivePdf } from './receive.ts';
import { addTablePlaces } from './wasm-table.ts';

const A4 = [595, 842] as const;
const receive = async (bytes: Uint8Array, password?: string) =>
  collect(receivePdf(bytes, tools, password === undefined ? {} : { password }));
const same = (a: Uint8Array, b: Uint8Array) => Buffer.compare(a, b) === 0;
const codes = (page: DeliveredPage | undefined) => page?.findings.map((f) => f.code) ?? [];

/** One page with a scan over all of it, and whatever is drawn before and after. */
async function scanned(
  options: { before?: (p: PDFPage) => void; after?: (p: PDFPage, d: PDFDocument) => void | Promise<void>; rotate?: number } = {},
) {
  const jpeg = await makePaper();
  const document = await PDFDocument.create();
  const page = document.addPage([...A4]);
  options.before?.(page);
  page.drawImage(await document.embedJpg(jpeg), { x: 0, y: 0, width: A4[0], height: A4[1] });
  await options.after?.(page, document);
  if (options.rotate) page.node.set(PDFName.of('Rotate'), document.context.obj(options.rotate));
  return { jpeg, pdf: await document.save() };
}

describe('a scanned page of a PDF', () => {
  it('gives its JPEG to the last bit, with the resolution its page implies', async () => {
    const { jpeg, pdf } = await scanned();
    const { outcome, pages } = await receive(pdf);
    expect(outcome).toMatchObject({ kind: 'pages', format: 'pdf', pageCount: 1, findings: [] });
    expect(pages[0]).toMatchObject({ origin: 'embedded', mediaType: 'image/jpeg', widthPx: 620, heightPx: 877, resolutionDpi: 75 });
    expect(same(pages[0]!.bytes, jpeg)).toBe(true);
  });
  it('also when a white sheet lies under it', async () => {
    const { jpeg, pdf } = await scanned({
      before: (page) => page.drawRectangle({ x: 0, y: 0, width: 595, height: 842, color: rgb(1, 1, 1) }),
    });
    expect(same((await receive(pdf)).pages[0]!.bytes, jpeg)).toBe(true);
  });
  it('keeps the hidden text of another recognition apart: it is never the reading', async () => {
    const words = (mode: number) => async (page: PDFPage, document: PDFDocument) => {
      const font = await document.embedFont(StandardFonts.Helvetica);
      page.node.setFontDictionary(PDFName.of('F0'), font.ref);
      page.node.addContentStream(
        document.context.register(document.context.stream(`BT ${mode} Tr /F0 20 Tf 100 600 Td (hidden words) Tj ET`)),
      );
    };
    const invisible = await scanned({ after: words(3) });
    const hidden = (await receive(invisible.pdf)).pages[0]!;
    expect(hidden).toMatchObject({ origin: 'embedded', hiddenText: [{ text: 'hidden words' }] });
    expect(hidden.text).toBeUndefined();
    expect(same(hidden.bytes, invisible.jpeg)).toBe(true);
    // Its twin: the same words seen. Then the page is more than its JPEG and is rendered.
    const visible = (await receive((await scanned({ after: words(0) })).pdf)).pages[0]!;
    expect(visible).toMatchObject({ origin: 'rendered', textCovers: 'part', text: [{ text: 'hidden words' }] });
  });
  it('turned by its page keeps its coded data and gets the orientation', async () => {
    const { jpeg, pdf } = await scanned({ rotate: 90 });
    const page = (await receive(pdf)).pages[0]!;
    expect(page).toMatchObject({ origin: 'rendered', mediaType: 'image/jpeg', widthPx: 877, heightPx: 620 });
    const scan = Buffer.from(jpeg).subarray(Buffer.from(jpeg).indexOf(Buffer.from([0xff, 0xda])));
    expect(Buffer.from(page.bytes).subarray(-scan.length).equals(scan)).toBe(true);
    expect(await tools.readHeader(page.bytes)).toMatchObject({ turned: true, widthPx: 877 });
  });
  it('that is no JPEG is rendered with every pixel it has', async () => {
    const document = await PDFDocument.create();
    const data = new Uint8Array(300 * 400).map((_, i) => (((i % 300) * 7 + Math.floor(i / 300) * 3) % 11 < 5 ? 0 : 255));
    const png = await tools.encodePage({ widthPx: 300, heightPx: 400, channels: 1, data }, { lossless: true });
    document.addPage([72, 96]).drawImage(await document.embedPng(png.bytes), { x: 0, y: 0, width: 72, height: 96 });
    const page = (await receive(await document.save())).pages[0]!;
    expect(page).toMatchObject({ origin: 'rendered', mediaType: 'image/png', widthPx: 300, heightPx: 400, resolutionDpi: 300 });
    const decoded = await tools.decodePixels(page.bytes);
    if ('kind' in decoded) throw new Error(decoded.code);
    expect(same(decoded.pixels.data, data)).toBe(true);
  });
});

describe('a scanned page whose picture is damaged', () => {
  it('is drawn as far as it goes, and one that cannot be decoded at all is said to be missing', async () => {
    const jpeg = await makePaper();
    const scan = (data: Uint8Array) => {
      const text = (s: string) => Uint8Array.from(s, (c) => c.charCodeAt(0));
      const objects = [
        '<< /Type /Catalog /Pages 2 0 R >>',
        '<< /Type /Pages /Kids [3 0 R] /Count 1 >>',
        '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /XObject << /I 5 0 R >> >> >>',
        '<< /Length 30 >>\nstream\nq 595 0 0 842 0 0 cm /I Do Q   \nendstream',
        `<< /Type /XObject /Subtype /Image /Width 620 /Height 877 /BitsPerComponent 8 /ColorSpace /DeviceRGB /Filter /DCTDecode /Length ${data.length} >>\nstream\n@\nendstream`,
      ];
      const [head, tail] = Buffer.from(makePdf(objects)).toString('latin1').split('@') as [string, string];
      return concatBytes(text(head), data, text(tail));
    };
    const whole = (await receive(scan(jpeg))).pages[0]!;
    expect(whole.origin).toBe('embedded');
    const half = (await receive(scan(jpeg.subarray(0, jpeg.length / 2)))).pages[0]!;
    expect(half.origin).toBe('rendered');
    const none = (await receive(scan(jpeg.map((b, i) => (i < 2 ? b : 0x20))))).pages[0]!;
    expect(codes(none)).toContain('document/picture-missing');
  });
});

describe('a drawn page of a PDF', () => {
  it('is rendered at 300 dpi with its text, whose boxes lie on the ink', async () => {
    const document = await PDFDocument.create();
    const page = document.addPage([...A4]);
    const font = await document.embedFont(StandardFonts.TimesRoman);
    page.drawText('Appointment of an archivist', { x: 80, y: 700, size: 24, font });
    page.drawText('Left', { x: 80, y: 500, size: 14, font });
    page.drawText('Right', { x: 400, y: 500, size: 14, font });
    const { pages } = await receive(await document.save());
    expect(pages[0]).toMatchObject({
      origin: 'rendered',
      mediaType: 'image/png',
      resolutionDpi: 300,
      widthPx: 2479,
      heightPx: 3508,
      textCovers: 'page',
    });
    expect(pages[0]!.text!.map((l) => l.text)).toEqual(['Appointment of an archivist', 'Left', 'Right']);
    for (const line of pages[0]!.text!) expect(await inkShare01(pages[0]!.bytes, line.box)).toBeGreaterThan(0.05);
    expect(await inkShare01(pages[0]!.bytes, [0, 0, 2400, 300])).toBe(0);
  });
  it('shows Chinese text whose font is not in the file, and says so', async () => {
    const document = await PDFDocument.create();
    const page = document.addPage([...A4]);
    const c = document.context;
    const descriptor = c.register(
      c.obj({
        Type: 'FontDescriptor',
        FontName: 'SimSun',
        Flags: 4,
        FontBBox: [0, -200, 1000, 900],
        ItalicAngle: 0,
        Ascent: 859,
        Descent: -141,
        CapHeight: 700,
        StemV: 80,
      }),
    );
    const system = { Registry: PDFString.of('Adobe'), Ordering: PDFString.of('GB1'), Supplement: 2 };
    const inner = c.register(
      c.obj({ Type: 'Font', Subtype: 'CIDFontType2', BaseFont: 'SimSun', CIDSystemInfo: system, FontDescriptor: descriptor, DW: 1000 }),
    );
    page.node.setFontDictionary(
      PDFName.of('F1'),
      c.register(c.obj({ Type: 'Font', Subtype: 'Type0', BaseFont: 'SimSun', Encoding: 'UniGB-UCS2-H', DescendantFonts: [inner] })),
    );
    const words = Buffer.from('干部履历表　一九八〇年', 'utf16le').swap16().toString('hex');
    page.node.addContentStream(c.register(c.stream(`BT /F1 24 Tf 50 700 Td <${words}> Tj ET`)));
    const { pages } = await receive(await document.save());
    expect(pages[0]!.text).toMatchObject([{ text: '干部履历表 一九八〇年' }]);
    expect(codes(pages[0])).toContain('document/font-replaced');
    expect(await inkShare01(pages[0]!.bytes, pages[0]!.text![0]!.box)).toBeGreaterThan(0.05);
  });
  it('whose letters have no meaning gives no text, so that it is read like a scan', async () => {
    const objects = [
      '<< /Type /Catalog /Pages 2 0 R >>',
      '<< /Type /Pages /Kids [3 0 R] /Count 1 >>',
      '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 300 300] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>',
      '<< /Length 44 >>\nstream\nBT /F1 20 Tf 20 200 Td (\\001\\002\\003\\004\\005) Tj ET\nendstream',
      '<< /Type /Font /Subtype /Type3 /FontBBox [0 0 1 1] /FontMatrix [1 0 0 1 0 0] /CharProcs << /a 6 0 R >> /Encoding << /Differences [1 /a /a /a /a /a] >> /FirstChar 1 /LastChar 5 /Widths [1 1 1 1 1] >>',
      '<< /Length 27 >>\nstream\n1 0 0 0 1 1 d1 0 0 1 1 re f\nendstream',
    ];
    const { pages } = await receive(makePdf(objects));
    expect(pages[0]!.text).toBeUndefined();
    expect(codes(pages[0])).toContain('document/text-unusable');
  });
  it('comes one after another, the next built only when the last was taken', async () => {
    const document = await PDFDocument.create();
    for (let i = 0; i < 12; i++) document.addPage([144, 144]);
    const receiving = receivePdf(await document.save(), tools);
    for (let i = 0; i < 12; i++) expect((await receiving.next()).value).toMatchObject({ kind: 'page', widthPx: 600 });
    expect((await receiving.next()).value).toMatchObject({ kind: 'pages', pageCount: 12 });
  });
});

describe('a PDF that is protected or carries more', () => {
  it('asks for its password, knows a wrong one, and opens with the right one', async () => {
    const pdf = makeEncryptedPdf('öffne', 'owner');
    expect((await receive(pdf)).outcome).toMatchObject({ kind: 'refused', code: 'pdf/password-needed' });
    expect((await receive(pdf, 'wrong')).outcome).toMatchObject({ kind: 'refused', code: 'pdf/password-wrong' });
    const ascii = makeEncryptedPdf('open', 'owner');
    const { outcome, pages } = await receive(ascii, 'open');
    expect(outcome).toMatchObject({ kind: 'pages', findings: [{ code: 'pdf/restricted' }] });
    expect(pages).toHaveLength(1);
    expect((await receive(makeEncryptedPdf('', 'owner'))).outcome).toMatchObject({ kind: 'pages', findings: [{ code: 'pdf/restricted' }] });
  });
  it('says that attachments are not taken', async () => {
    const document = await PDFDocument.create();
    document.addPage([100, 100]);
    await document.attach(new Uint8Array([1, 2, 3]), 'notes.bin', { mimeType: 'application/octet-stream' });
    expect((await receive(await document.save())).outcome).toMatchObject({
      findings: [{ code: 'document/attachments-ignored', params: { count: 1 } }],
    });
  });
});

describe('a hostile PDF', () => {
  const page = (box: string, rest = '') => [
    '<< /Type /Catalog /Pages 2 0 R >>',
    '<< /Type /Pages /Kids [3 0 R] /Count 1 >>',
    `<< /Type /Page /Parent 2 0 R /MediaBox [${box}] ${rest} >>`,
  ];
  it('with a page of kilometres is refused, with one of metres rendered coarser and said so', async () => {
    expect((await receive(makePdf(page('0 0 9000000 9000000')))).outcome).toMatchObject({
      kind: 'refused',
      code: 'document/page-too-large',
    });
    const { pages } = await receive(makePdf(page('0 0 2384 3370')));
    expect(codes(pages[0])).toEqual(['document/page-reduced']);
    expect(pages[0]!.widthPx * pages[0]!.heightPx).toBeLessThanOrEqual(40_200_000);
  });
  it('with an image that unpacks to gigabytes is refused before it is unpacked', async () => {
    const objects = [
      ...page('0 0 500 500', '/Contents 4 0 R /Resources << /XObject << /I 5 0 R >> >>'),
      '<< /Length 30 >>\nstream\nq 500 0 0 500 0 0 cm /I Do Q   \nendstream',
      '<< /Type /XObject /Subtype /Image /Width 60000 /Height 60000 /BitsPerComponent 8 /ColorSpace /DeviceRGB /Filter /FlateDecode /Length 8 >>\nstream\n........\nendstream',
    ];
    expect((await receive(makePdf(objects))).outcome).toMatchObject({
      kind: 'refused',
      code: 'document/image-too-large',
      detail: { widthPx: 60000 },
    });
  });
  it('without pages, without sense or without an end gets an answer', async () => {
    const none = ['<< /Type /Catalog /Pages 2 0 R >>', '<< /Type /Pages /Kids [] /Count 0 >>'];
    expect((await receive(makePdf(none))).outcome).toMatchObject({ kind: 'refused', code: 'pdf/no-pages' });
    expect((await receive(new TextEncoder().encode('%PDF-1.7\nnothing of the kind'))).outcome).toMatchObject({
      kind: 'refused',
      code: 'pdf/unreadable',
    });
    const whole = makePdf(page('0 0 100 100'));
    const { outcome } = await receive(whole.subarray(0, whole.length - 7));
    expect(outcome).toMatchObject({ kind: 'pages' });
    expect(outcome.kind === 'pages' && outcome.findings.map((f) => f.code)).toContain('pdf/cut-off');
  });
  it('with any bytes changed or cut never throws', async () => {
    const { pdf } = await scanned();
    for (let i = 0; i < 40; i++) {
      const broken = pdf.slice(0, i % 4 === 0 ? Math.floor((pdf.length * (i + 1)) / 41) : pdf.length);
      for (let k = 0; k < 1 + (i % 9); k++) broken[(i * 15_485_863 + k * 32_452_843) % broken.length]! ^= 0x55;
      const { outcome, pages } = await receive(broken);
      if (outcome.kind === 'pages') expect(pages).toHaveLength(outcome.pageCount);
      else expect(outcome).toMatchObject({ kind: 'refused' });
    }
  });
});

describe('the engine', () => {
  it('gets room for callbacks in the table of its binary, and no other binary does', () => {
    expect(loadPdfium().firstPlace).toBeGreaterThan(0);
    const empty = Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0);
    expect(() => addTablePlaces(empty, 2)).toThrow('assertion failed');
    const growable = Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0, 4, 4, 1, 0x70, 0, 5);
    expect(() => addTablePlaces(growable, 2)).toThrow('assertion failed');
  });
});
