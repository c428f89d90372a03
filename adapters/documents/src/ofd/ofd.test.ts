import { concatBytes, utf8 } from '@lantai/values';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { loadFallbackFonts } from '../fallback-font.ts';
import { collect, inkShare01, makePaper, makeZip, tools } from '../testing/files.ts';
import { openZip } from '../zip/archive.ts';
import { toPathData } from './draw-page.ts';
import { readDeltas } from './draw-text.ts';
import { isOfd, resolvePath } from './package.ts';
import { receiveOfd } from './receive.ts';
import { findPicture } from './seals.ts';
import { parseXml } from './xml.ts';

const NS = 'xmlns:ofd="http://www.ofdspec.org/2016"';
const part = (body: string) => `<?xml version="1.0" encoding="UTF-8"?>\n${body}`;

interface Made {
  readonly content?: string;
  readonly resources?: string;
  readonly parts?: Record<string, string | Uint8Array>;
  readonly document?: string;
  readonly body?: string;
}

/** An OFD of one A5 page. */
function makeOfd({ content = '', resources = '', parts = {}, document = '', body = '' }: Made): Uint8Array {
  const files: Record<string, string | Uint8Array> = {
    'OFD.xml': part(
      `<ofd:OFD ${NS} DocType="OFD" Version="1.1"><ofd:DocBody><ofd:DocInfo/><ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot>${body}</ofd:DocBody></ofd:OFD>`,
    ),
    'Doc_0/Document.xml': part(
      `<ofd:Document ${NS}><ofd:CommonData><ofd:PageArea><ofd:PhysicalBox>0 0 148 210</ofd:PhysicalBox></ofd:PageArea><ofd:PublicRes>PublicRes.xml</ofd:PublicRes>${document}</ofd:CommonData><ofd:Pages><ofd:Page ID="1" BaseLoc="Pages/Page_0/Content.xml"/></ofd:Pages></ofd:Document>`,
    ),
    'Doc_0/PublicRes.xml': part(
      `<ofd:Res ${NS} BaseLoc="Res"><ofd:Fonts><ofd:Font ID="3" FontName="宋体"/></ofd:Fonts>${resources}</ofd:Res>`,
    ),
    'Doc_0/Pages/Page_0/Content.xml': part(
      `<ofd:Page ${NS}><ofd:Content><ofd:Layer ID="2">${content}</ofd:Layer></ofd:Content></ofd:Page>`,
    ),
    ...parts,
  };
  return makeZip(Object.entries(files).map(([name, data]) => ({ name, data })));
}
async function receive(bytes: Uint8Array) {
  const archive = await openZip(bytes);
  if ('kind' in archive) throw new Error(archive.code);
  expect(isOfd(archive)).toBe(true);
  return collect(receiveOfd(archive, tools));
}
const image = (path: string) =>
  `<ofd:MultiMedias><ofd:MultiMedia ID="8" Type="Image"><ofd:MediaFile>${path}</ofd:MediaFile></ofd:MultiMedia></ofd:MultiMedias>`;
const FULL_IMAGE = '<ofd:ImageObject ID="7" Boundary="0 0 148 210" CTM="148 0 0 210 0 0" ResourceID="8"/>';
const text = (words: string, more = '') =>
  `<ofd:TextObject ID="4" Boundary="20 30 100 10" Font="3" Size="6" ${more}><ofd:TextCode X="0" Y="6" DeltaX="6">${words}</ofd:TextCode></ofd:TextObject>`;

describe('an OFD', () => {
  it('that is a scan gives its JPEG to the last bit and keeps the text under it apart', async () => {
    const jpeg = await makePaper();
    const ofd = makeOfd({
      content: FULL_IMAGE + text('干部履历表', 'Alpha="0"'),
      resources: image('scan.jpg'),
      parts: { 'Doc_0/Res/scan.jpg': jpeg },
    });
    const { outcome, pages } = await receive(ofd);
    expect(outcome).toMatchObject({ kind: 'pages', format: 'ofd', pageCount: 1, findings: [] });
    expect(pages[0]).toMatchObject({
      origin: 'embedded',
      mediaType: 'image/jpeg',
      widthPx: 620,
      resolutionDpi: 106,
      hiddenText: [{ text: '干部履历表' }],
    });
    expect(Buffer.compare(pages[0]!.bytes, jpeg)).toBe(0);
    const box = pages[0]!.hiddenText![0]!.box;
    expect(box[0]).toBeCloseTo((20 * 620) / 148, -0.5);
    expect(box[2]).toBeCloseTo((30 * 620) / 148, -0.5);
  });
  it('that is drawn shows its text where the boxes say, lines and pictures', async () => {
    const path =
      '<ofd:PathObject ID="5" Boundary="20 100 50 1" LineWidth="1"><ofd:AbbreviatedData>M 0 0.5 L 50 0.5</ofd:AbbreviatedData></ofd:PathObject>';
    const small = '<ofd:ImageObject ID="7" Boundary="90 150 20 20" CTM="20 0 0 20 0 0" ResourceID="8"/>';
    const ofd = makeOfd({
      content: text('姓名：张三') + path + small,
      resources: image('x.jpg'),
      parts: { 'Doc_0/Res/x.jpg': await makePaper(100, 100) },
    });
    const { pages } = await receive(ofd);
    const px = (mm: number) => (mm * 300) / 25.4;
    expect(pages[0]).toMatchObject({
      origin: 'rendered',
      mediaType: 'image/png',
      resolutionDpi: 300,
      widthPx: 1748,
      heightPx: 2480,
      textCovers: 'page',
      text: [{ text: '姓名：张三' }],
    });
    expect(pages[0]!.text![0]!.box[0]).toBeCloseTo(px(20), -0.5);
    expect(await inkShare01(pages[0]!.bytes, pages[0]!.text![0]!.box)).toBeGreaterThan(0.05);
    expect(await inkShare01(pages[0]!.bytes, [px(21), px(100.2), px(40), px(0.5)])).toBeGreaterThan(0.9);
    expect(await inkShare01(pages[0]!.bytes, [px(90), px(150), px(20), px(20)])).toBeGreaterThan(0.05);
    expect(await inkShare01(pages[0]!.bytes, [0, 0, px(148), px(20)])).toBe(0);
    expect(pages[0]!.findings).toMatchObject([{ code: 'document/font-replaced' }]);
  });
  it('is read whatever case, prefix and encoding its writer used', async () => {
    const page = `<?xml version="1.0" encoding="GB18030"?><Page xmlns="http://www.ofdspec.org/2016"><Content><Layer>`;
    const words = Buffer.from('d0d5c3fb', 'hex');
    const gbk = concatBytes(
      utf8(`${page}<TextObject Boundary="20 30 100 10" Font="3" Size="6"><TextCode X="0" Y="6">`),
      words,
      utf8('&amp;&#24352;&#x4e09;</TextCode></TextObject></Layer></Content></Page>'),
    );
    const base = makeOfd({});
    expect(base.length).toBeGreaterThan(0);
    const archive = await openZip(
      makeZip([
        {
          name: 'ofd.xml',
          data: '<OFD xmlns="http://www.ofdspec.org/2016"><DocBody><DocRoot>/DOC_0/Document.xml</DocRoot></DocBody></OFD>',
        },
        {
          name: 'Doc_0/document.xml',
          data: '<Document><CommonData><PageArea><PhysicalBox>0 0 100 100</PhysicalBox></PageArea></CommonData><Pages><Page ID="1" BaseLoc="p.xml"/></Pages></Document>',
        },
        { name: 'Doc_0/P.xml', data: gbk },
      ]),
    );
    if ('kind' in archive) throw new Error(archive.code);
    const { pages } = await collect(receiveOfd(archive, tools));
    expect(pages[0]!.text).toMatchObject([{ text: '姓名&张三' }]);
  });
  it('draws its templates below and the seal of its signature on top', async () => {
    const red = await tools.encodePage(
      { widthPx: 10, heightPx: 10, channels: 3, data: new Uint8Array(300).map((_, i) => (i % 3 === 0 ? 40 : 0)) },
      { lossless: true },
    );
    const der = (tag: number, body: Uint8Array) => concatBytes(Uint8Array.of(tag, 0x82, body.length >> 8, body.length & 255), body);
    const picture = der(
      0x30,
      concatBytes(der(0x16, utf8('png')), der(0x04, red.bytes), der(2, Uint8Array.of(40)), der(2, Uint8Array.of(40))),
    );
    const signature = `<ofd:Signature ${NS}><ofd:SignedInfo><ofd:StampAnnot ID="1" PageRef="1" Boundary="100 150 30 30"/></ofd:SignedInfo><ofd:SignedValue>SignedValue.dat</ofd:SignedValue></ofd:Signature>`;
    const ofd = makeOfd({
      content: '',
      document: '<ofd:TemplatePage ID="9" BaseLoc="Tpls/Tpl_0/Content.xml"/>',
      body: '<ofd:Signatures>Doc_0/Signs/Signatures.xml</ofd:Signatures>',
      parts: {
        'Doc_0/Pages/Page_0/Content.xml': part(`<ofd:Page ${NS}><ofd:Template TemplateID="9"/><ofd:Content/></ofd:Page>`),
        'Doc_0/Tpls/Tpl_0/Content.xml': part(
          `<ofd:Page ${NS}><ofd:Content><ofd:Layer>${text('固定的字')}</ofd:Layer></ofd:Content></ofd:Page>`,
        ),
        'Doc_0/Signs/Signatures.xml': part(`<ofd:Signatures ${NS}><ofd:Signature ID="1" BaseLoc="Sign_0/Signature.xml"/></ofd:Signatures>`),
        'Doc_0/Signs/Sign_0/Signature.xml': part(signature),
        'Doc_0/Signs/Sign_0/SignedValue.dat': der(0x30, concatBytes(der(2, Uint8Array.of(1)), der(0x30, picture))),
      },
    });
    const { outcome, pages } = await receive(ofd);
    expect(outcome).toMatchObject({ findings: [{ code: 'document/signed' }] });
    expect(pages[0]!.text).toMatchObject([{ text: '固定的字' }]);
    const px = (mm: number) => (mm * 300) / 25.4;
    expect(await inkShare01(pages[0]!.bytes, [px(102), px(152), px(26), px(26)])).toBe(1);
  });
  it('draws pictures of kinds a browser does not show', async () => {
    const bmp = new Uint8Array(54 + 4 * 3 * 4);
    const view = new DataView(bmp.buffer);
    bmp.set([0x42, 0x4d]);
    for (const [at, value] of [
      [10, 54],
      [14, 40],
      [18, 4],
      [22, 4],
      [26, 1],
      [28, 24],
    ] as const)
      view.setUint16(at, value, true);
    const content = '<ofd:ImageObject ID="7" Boundary="40 40 60 60" CTM="60 0 0 60 0 0" ResourceID="8"/>';
    const { pages } = await receive(makeOfd({ content, resources: image('x.bmp'), parts: { 'Doc_0/Res/x.bmp': bmp } }));
    expect(pages[0]!.findings).toEqual([]);
    expect(await inkShare01(pages[0]!.bytes, [600, 600, 400, 400])).toBe(1);
  });
  it('says what it could not draw instead of leaving it out silently', async () => {
    const shaded =
      '<ofd:PathObject Boundary="0 0 9 9" Fill="true"><ofd:FillColor><ofd:AxialShd/></ofd:FillColor><ofd:AbbreviatedData>M 0 0 L 9 0 L 9 9 C</ofd:AbbreviatedData></ofd:PathObject>';
    const { pages } = await receive(makeOfd({ content: `${FULL_IMAGE}${shaded}`, resources: image('not-there.png') }));
    expect(pages[0]!.findings.map((f) => f.code)).toEqual(['document/picture-missing', 'document/partly-drawn']);
  });
});

describe('a hostile OFD', () => {
  const code = async (ofd: Uint8Array) => ((await receive(ofd)).outcome as { code?: string }).code;
  it('with a document type is refused: no entity grows and no file is fetched', async () => {
    const xxe = '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><ofd:Page><ofd:Content>&e;</ofd:Content></ofd:Page>';
    expect(await code(makeOfd({ parts: { 'Doc_0/Pages/Page_0/Content.xml': xxe } }))).toBe('ofd/doctype');
    const utf16 = Buffer.from(`\ufeff${xxe}`, 'utf16le');
    expect(await code(makeOfd({ parts: { 'OFD.xml': new Uint8Array(utf16) } }))).toBe('ofd/doctype');
  });
  it('with broken, deep, missing or empty parts is refused with the reason', async () => {
    expect(await code(makeOfd({ parts: { 'OFD.xml': '<a><b></a>' } }))).toBe('ofd/xml-broken');
    expect(await code(makeOfd({ parts: { 'Doc_0/Document.xml': `${'<a>'.repeat(5000)}${'</a>'.repeat(5000)}` } }))).toBe('ofd/xml-broken');
    expect(await code(makeOfd({ parts: { 'OFD.xml': '<OFD/>' } }))).toBe('ofd/no-document');
    expect(await code(makeOfd({ parts: { 'OFD.xml': '<OFD><DocBody><DocRoot>../../etc/passwd</DocRoot></DocBody></OFD>' } }))).toBe(
      'ofd/part-missing',
    );
    const huge = `<ofd:Page ${NS}><ofd:Area><ofd:PhysicalBox>0 0 90000 90000</ofd:PhysicalBox></ofd:Area></ofd:Page>`;
    expect(await code(makeOfd({ parts: { 'Doc_0/Pages/Page_0/Content.xml': huge } }))).toBe('document/page-too-large');
    const none = `<ofd:Page ${NS}><ofd:Area><ofd:PhysicalBox>0 0 0 NaN</ofd:PhysicalBox></ofd:Area></ofd:Page>`;
    expect((await receive(makeOfd({ parts: { 'Doc_0/Pages/Page_0/Content.xml': none } }))).outcome.kind).toBe('pages');
  });
  it('with composites inside themselves or a font of rubbish is drawn to its end', async () => {
    const self =
      '<ofd:CompositeGraphicUnits><ofd:CompositeGraphicUnit ID="6"><ofd:Content><ofd:CompositeObject ResourceID="6" Boundary="0 0 1 1"/></ofd:Content></ofd:CompositeGraphicUnit></ofd:CompositeGraphicUnits>';
    const { outcome } = await receive(makeOfd({ content: '<ofd:CompositeObject ResourceID="6" Boundary="0 0 1 1"/>', resources: self }));
    expect(outcome.kind).toBe('pages');
    const font = '<ofd:Fonts><ofd:Font ID="3" FontName="x"><ofd:FontFile>f.ttf</ofd:FontFile></ofd:Font></ofd:Fonts>';
    const rubbish = loadFallbackFonts()
      .regular.slice(0, 4000)
      .map((b, i) => (i > 200 && i % 3 === 0 ? b ^ 0x5a : b));
    const { pages } = await receive(makeOfd({ content: text('字'), resources: font, parts: { 'Doc_0/Res/f.ttf': rubbish } }));
    expect(pages[0]!.text).toMatchObject([{ text: '字' }]);
    expect(pages[0]!.findings.map((f) => f.code)).toEqual(['document/font-replaced']);
  });
  it('cannot put anything of its own into the drawing but numbers', async () => {
    const evil = '"/><image href="file:///etc/passwd"/>';
    const escaped = evil.replaceAll('"', '&quot;').replaceAll('<', '&lt;');
    const content = `<ofd:PathObject Boundary="0 0 9 9" LineWidth="${escaped}" Cap="${escaped}" DashPattern="${escaped}" CTM="${escaped}"><ofd:StrokeColor Value="${escaped}"/><ofd:AbbreviatedData>M 0 0 L 9 9 ${escaped}</ofd:AbbreviatedData></ofd:PathObject>`;
    expect((await receive(makeOfd({ content }))).outcome.kind).toBe('pages');
    fc.assert(fc.property(fc.string(), (s) => void expect(toPathData(`M 1 2 ${s}`)).toMatch(/^M[-\d.e+ MLQCAZ]*$/)));
  });
});

describe('small readers of OFD', () => {
  it('read steps between letters, repeated ones too, and never without end', () => {
    expect(readDeltas('3.5 g 3 2 1')).toEqual([3.5, 2, 2, 2, 1]);
    expect(readDeltas(undefined)).toEqual([]);
    expect(readDeltas('g 999999999 1')).toHaveLength(100_000);
  });
  it('resolve locations without ever leaving the package', () => {
    expect(resolvePath('Doc_0/Pages/Page_0/Content.xml', '../../Res/a.jpg')).toBe('Doc_0/Res/a.jpg');
    expect(resolvePath('Doc_0/Document.xml', '/Doc_0/x.xml')).toBe('Doc_0/x.xml');
    fc.assert(
      fc.property(
        fc.string(),
        fc.array(fc.constantFrom('..', '.', '', 'a', '/')),
        (from, steps) => void expect(resolvePath(from, steps.join('/')).split('/')).not.toContain('..'),
      ),
    );
  });
  it('find no picture in bytes that are none, however long they claim to be', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => void findPicture(bytes, 0)));
    expect(findPicture(Uint8Array.of(0x30, 0x84, 0xff, 0xff, 0xff, 0xff, 1), 0)).toBeNull();
    expect(parseXml(utf8(''))).toMatchObject({ code: 'ofd/xml-broken' });
  });
});
