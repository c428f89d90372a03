import fc from 'fast-check';
import { PDFArray, PDFDict, PDFDocument, PDFHexString, PDFName } from 'pdf-lib';
import { beforeAll, describe, expect, it } from 'vitest';
import { receiveFile } from '../receive.ts';
import { aboutCopy, COPY_LINES, copyPages, writeWhole } from '../testing/copies.ts';
import { collect, inkShare01, tools } from '../testing/files.ts';
import { openZip } from '../zip/archive.ts';
import { COPY_FORMS, type CopyForm, type CopyPage } from './index.ts';
import { TextCodes } from './text-codes.ts';

/** What a reader gives for blanks does not count; all else does. */
const tight = (lines: readonly string[]) => lines.join('').replace(/\s+/gu, '');

let pages: CopyPage[];
beforeAll(async () => {
  pages = await copyPages();
});

/** A copy taken in again, as an archive that receives it does. */
async function takeIn(bytes: Uint8Array) {
  return collect(receiveFile(bytes, tools));
}

describe.each(COPY_FORMS)('a copy as %s', (form: CopyForm) => {
  it('gives its text back character for character, rare ones too, and each picture to the last bit', async () => {
    const { outcome, pages: received } = await takeIn(await writeWhole(aboutCopy(form, 3), pages));
    expect(outcome).toMatchObject({ kind: 'pages', pageCount: 3, findings: [] });
    expect(received.map((p) => tight((p.hiddenText ?? []).map((l) => l.text)))).toEqual(COPY_LINES.map(tight));
    for (const [i, page] of received.entries()) {
      expect(page).toMatchObject({ origin: 'embedded', widthPx: 620, heightPx: 877, resolutionDpi: 75 });
      expect(Buffer.compare(page.bytes, pages[i]!.jpeg)).toBe(0);
      expect(page.text).toBeUndefined();
    }
  });

  it('says where each line stands, within half a letter', async () => {
    const { pages: received } = await takeIn(await writeWhole(aboutCopy(form, 3), pages));
    for (const [i, page] of received.entries())
      for (const [k, line] of (page.hiddenText ?? []).entries())
        line.box.forEach((v, side) => {
          expect(Math.abs(v - pages[i]!.lines[k]!.box[side]!), `${i}/${k}/${side}`).toBeLessThanOrEqual(11);
        });
  });

  it('is the same to the byte when written again, and another for another request', async () => {
    const once = await writeWhole(aboutCopy(form, 3), pages);
    expect(Buffer.compare(once, await writeWhole(aboutCopy(form, 3), pages))).toBe(0);
    expect(Buffer.compare(once, await writeWhole(aboutCopy(form, 3, { number: '01JD-9K3Z-T5QX' }), pages))).not.toBe(0);
  });

  it('takes any text at all: what no document can hold is a blank, the rest comes back', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'binary', minLength: 1, maxLength: 12 }), async (noise) => {
        const text = `甲${noise}乙`;
        const page: CopyPage = { ...pages[0]!, bookmarks: [noise], lines: [{ text, box: [60, 60, 300, 22] }] };
        const { outcome, pages: received } = await takeIn(await writeWhole(aboutCopy(form, 1, { keeper: noise }), [page]));
        expect(outcome).toMatchObject({ kind: 'pages', pageCount: 1 });
        const back = tight((received[0]?.hiddenText ?? []).map((l) => l.text));
        expect(back.startsWith('甲') && back.endsWith('乙')).toBe(true);
      }),
      { numRuns: 8 },
    );
  });

  it('without what comes behind its last page is no document', async () => {
    const whole = Buffer.from(await writeWhole(aboutCopy(form, 3), pages));
    const end = form === 'ofd' ? whole.indexOf('Doc_0/PublicRes.xml') : whole.lastIndexOf('/Type /Pages /Count');
    expect(end).toBeGreaterThan(0);
    expect((await takeIn(whole.subarray(0, end))).outcome.kind).toBe('refused');
  });
});

describe('the mark of the keeper', () => {
  it('is seen below the picture and is no text', async () => {
    const bytes = await writeWhole(aboutCopy('pdf-a-1b', 1), pages.slice(0, 1));
    const { PDFiumLibrary } = await import('@hyzyla/pdfium');
    const library = await PDFiumLibrary.init();
    const document = await library.loadDocument(Buffer.from(bytes));
    const page = document.getPage(0);
    expect(page.getText()).not.toContain('流动人员');
    const sharp = (await import('sharp')).default;
    const render = ({ data, width, height }: { data: Uint8Array; width: number; height: number }) =>
      sharp(data, { raw: { width, height, channels: 4 } })
        .flatten({ background: 'white' })
        .png()
        .toBuffer();
    const { data, width, height } = await page.render({ scale: 2, render });
    const stripPx = (2.6 * 2 * 72 * 2) / 25.4;
    const strip = [width * 0.2, height - stripPx + 2, width * 0.6, stripPx - 4] as const;
    expect(await inkShare01(data, strip)).toBeGreaterThan(0.03);
    document.destroy();
    library.destroy();
  });

  it('shrinks to a narrow page rather than run over its edge', async () => {
    const { FootDrawer } = await import('./foot.ts');
    const { steps, heightMm } = new FootDrawer().draw(aboutCopy('ofd', 1), 1, 54);
    const xs = steps.flatMap((s) => s.numbers.filter((_, i) => i % 2 === 0));
    expect(Math.min(...xs)).toBeGreaterThan(0);
    expect(Math.max(...xs)).toBeLessThan(54);
    expect(heightMm).toBeLessThan(5.2);
  });
});

describe('bookmarks', () => {
  it('of a PDF lead by class and material to their pages', async () => {
    const document = await PDFDocument.load(await writeWhole(aboutCopy('pdf-a-1b', 3), pages));
    const text = (node: PDFDict) => node.lookup(PDFName.of('Title'), PDFHexString).decodeText();
    const kids = (node: PDFDict): PDFDict[] => {
      const all: PDFDict[] = [];
      for (let next = node.lookupMaybe(PDFName.of('First'), PDFDict); next; next = next.lookupMaybe(PDFName.of('Next'), PDFDict))
        all.push(next);
      return all;
    };
    const pageOf = (node: PDFDict) => document.getPages().findIndex((p) => p.ref === node.lookup(PDFName.of('Dest'), PDFArray).get(0));
    const root = document.catalog.lookup(PDFName.of('Outlines'), PDFDict);
    const tree = kids(root).map((c) => [text(c), pageOf(c), kids(c).map((m) => [text(m), pageOf(m)])]);
    expect(tree).toEqual([
      [
        '一 履历类材料',
        0,
        [
          ['1-1 干部履历表 2010-08', 0],
          ['1-2 自传', 1],
        ],
      ],
      ['四 学历学位类', 2, []],
    ]);
  });

  it('of an OFD do so too, in the parts that packages of others have', async () => {
    const archive = await openZip(await writeWhole(aboutCopy('ofd', 3), pages));
    if ('kind' in archive) throw new Error(archive.code);
    const paths = archive.members.map((m) => m.path);
    expect(paths).toEqual(
      expect.arrayContaining([
        'OFD.xml',
        'Doc_0/Document.xml',
        'Doc_0/PublicRes.xml',
        'Doc_0/DocumentRes.xml',
        'Doc_0/Pages/Page_2/Content.xml',
        'Doc_0/Res/Image_2.jpg',
      ]),
    );
    const bytes = archive.read(archive.members.find((m) => m.path === 'Doc_0/Document.xml')!);
    const document = new TextDecoder().decode(bytes as Uint8Array);
    const pageIds = [...document.matchAll(/<ofd:Page ID="(\d+)"/g)].map((m) => m[1]);
    const goals = [...document.matchAll(/OutlineElem Title="([^"]+)".*?PageID="(\d+)"/g)].map((m) => [m[1], pageIds.indexOf(m[2])]);
    expect(goals).toEqual([
      ['一 履历类材料', 0],
      ['1-1 干部履历表 2010-08', 0],
      ['1-2 自传', 1],
      ['四 学历学位类', 2],
    ]);
    expect(document.match(/<ofd:OutlineElem/g)?.length).toBe(document.match(/<\/ofd:OutlineElem>/g)?.length);
  });
});

describe('codes of text', () => {
  it('are two bytes and different for every character of every plane; the next font begins where they end', () => {
    const codes = new TextCodes();
    expect(codes.encode('甲乙甲')).toEqual([{ font: 0, hex: '000100020001', characters: 3 }]);
    let text = '';
    for (let c = 0x20000; c < 0x20000 + 65_534; c++) text += String.fromCodePoint(c);
    const runs = codes.encode(text);
    expect(runs.map((r) => [r.font, r.characters])).toEqual([
      [0, 65_533],
      [1, 1],
    ]);
    expect([codes.fonts, codes.count(0), codes.count(1)]).toEqual([2, 65_535, 1]);
    expect(runs[1]!.hex).toBe('0001');
    expect(codes.toUnicode(1)).toContain('<0001> <D87FDFFD>');
  });
});
