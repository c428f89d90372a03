import { type NewMember, writeZip } from '@lantai/bundle';
import { utf8 } from '@lantai/values';
import { type Bookmark, BookmarkTrail, type CopyAbout, type CopyLine, type CopyPage, mmPerPixel, writable } from './copy-model.ts';
import { type Foot, FootDrawer } from './foot.ts';
import { escapeXml } from './xmp.ts';

const NAMESPACE = 'xmlns:ofd="http://www.ofdspec.org/2016"';
const part = (path: string, body: string): NewMember => ({ path, bytes: utf8(`<?xml version="1.0" encoding="UTF-8"?>\n${body}`) });
const mm = (n: number) => String(Math.round(n * 1000) / 1000);
/** Letters stand on a line this far down their box, as in the fonts of Chinese text. */
const BASELINE01 = 0.88;
/** Of the font that the text layer names. Nothing of it is drawn, so it is not carried. */
const FONT_ID = 1;

/** Numbers of a document's objects: one row for all of them. */
class Ids {
  last = FONT_ID;
  next(): number {
    this.last += 1;
    return this.last;
  }
}

interface ListedPage {
  readonly id: number;
  readonly widthMm: number;
  readonly heightMm: number;
}

/**
 * Writes a copy as dual-layer OFD: each page the keeper's mark as outlines, the picture, and over it the words as text that nothing is seen of
 * (`Alpha="0"`, as makers of 双层 OFD do); an outline by class and material. One page is in memory at a time; what comes behind the
 * last page holds the list of pages, without which the package does not open. The same copy gives the same bytes.
 * Source: GB/T 33190-2016, 7 (structure), 8.2 (paths), 10 (images), 11 (text), 14.2 (actions); the packages that writers of others make.
 * @throws ArchiveError `bundle/too-large` (caller) above 4 GiB
 */
export async function* writeDualLayerOfd(about: CopyAbout, pages: AsyncIterable<CopyPage>): AsyncGenerator<Uint8Array> {
  yield* writeZip(members(about, pages));
}

async function* members(about: CopyAbout, pages: AsyncIterable<CopyPage>): AsyncGenerator<NewMember> {
  const ids = new Ids();
  const foot = new FootDrawer();
  const trail = new BookmarkTrail();
  const listed: ListedPage[] = [];
  const pictures: string[] = [];
  yield part('OFD.xml', rootPart(about));
  for await (const page of pages) {
    const index = listed.length;
    trail.add(page.bookmarks, index);
    const [id, picture] = [ids.next(), ids.next()];
    pictures.push(
      `<ofd:MultiMedia ID="${picture}" Type="Image" Format="JPEG"><ofd:MediaFile>Image_${index}.jpg</ofd:MediaFile></ofd:MultiMedia>`,
    );
    yield { path: `Doc_0/Res/Image_${index}.jpg`, bytes: page.jpeg };
    const scale = mmPerPixel(page);
    const [widthMm, pictureMm] = [page.widthPx * scale, page.heightPx * scale];
    const strip = foot.draw(about, index + 1, widthMm);
    const heightMm = pictureMm + strip.heightMm;
    listed.push({ id, widthMm, heightMm });
    const objects = [
      footObject(strip, { id: ids.next(), widthMm, topMm: pictureMm }),
      `<ofd:ImageObject ID="${ids.next()}" Boundary="0 0 ${mm(widthMm)} ${mm(pictureMm)}" CTM="${mm(widthMm)} 0 0 ${mm(pictureMm)} 0 0" ResourceID="${picture}"/>`,
      ...page.lines.map((line) => textObject(line, scale, ids)),
    ].join('');
    yield part(
      `Doc_0/Pages/Page_${index}/Content.xml`,
      `<ofd:Page ${NAMESPACE}><ofd:Area><ofd:PhysicalBox>0 0 ${mm(widthMm)} ${mm(heightMm)}</ofd:PhysicalBox></ofd:Area><ofd:Content><ofd:Layer ID="${ids.next()}" Type="Body">${objects}</ofd:Layer></ofd:Content></ofd:Page>`,
    );
  }
  yield part(
    'Doc_0/PublicRes.xml',
    `<ofd:Res ${NAMESPACE} BaseLoc="Res"><ofd:Fonts><ofd:Font ID="${FONT_ID}" FontName="宋体" FamilyName="宋体"/></ofd:Fonts></ofd:Res>`,
  );
  yield part(
    'Doc_0/DocumentRes.xml',
    `<ofd:Res ${NAMESPACE} BaseLoc="Res"><ofd:MultiMedias>${pictures.join('')}</ofd:MultiMedias></ofd:Res>`,
  );
  yield part('Doc_0/Document.xml', documentPart(listed, trail.all, ids.last));
}

function rootPart(about: CopyAbout): string {
  const made = new Date(about.madeAtMs).toISOString().slice(0, 10);
  return `<ofd:OFD ${NAMESPACE} Version="1.1" DocType="OFD"><ofd:DocBody><ofd:DocInfo><ofd:DocID>${about.entryId.replaceAll('-', '')}</ofd:DocID><ofd:Title>${escapeXml(writable(about.title))}</ofd:Title><ofd:Author>${escapeXml(writable(about.keeper))}</ofd:Author><ofd:CreationDate>${made}</ofd:CreationDate><ofd:Creator>Lantai</ofd:Creator></ofd:DocInfo><ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot></ofd:DocBody></ofd:OFD>`;
}

function documentPart(pages: readonly ListedPage[], marks: readonly Bookmark[], lastId: number): string {
  const first = pages[0];
  const area = `0 0 ${mm(first?.widthMm ?? 210)} ${mm(first?.heightMm ?? 297)}`;
  const list = pages.map(({ id }, i) => `<ofd:Page ID="${id}" BaseLoc="Pages/Page_${i}/Content.xml"/>`).join('');
  const outlines = marks.length ? `<ofd:Outlines>${outlineParts(marks, pages)}</ofd:Outlines>` : '';
  return `<ofd:Document ${NAMESPACE}><ofd:CommonData><ofd:MaxUnitID>${lastId}</ofd:MaxUnitID><ofd:PageArea><ofd:PhysicalBox>${area}</ofd:PhysicalBox></ofd:PageArea><ofd:PublicRes>PublicRes.xml</ofd:PublicRes><ofd:DocumentRes>DocumentRes.xml</ofd:DocumentRes></ofd:CommonData><ofd:Pages>${list}</ofd:Pages>${outlines}</ofd:Document>`;
}

/** Nested as their depths say: an element closes when one as shallow or shallower comes. */
function outlineParts(marks: readonly Bookmark[], pages: readonly ListedPage[]): string {
  let out = '';
  let open = 0;
  for (const { depth, title, page } of marks) {
    for (; open > depth; open--) out += '</ofd:OutlineElem>';
    out += `<ofd:OutlineElem Title="${escapeXml(writable(title))}"><ofd:Actions><ofd:Action Event="CLICK"><ofd:Goto><ofd:Dest Type="Fit" PageID="${pages[page]!.id}"/></ofd:Goto></ofd:Action></ofd:Actions>`;
    open += 1;
  }
  return out + '</ofd:OutlineElem>'.repeat(open);
}

const PATH_COMMANDS = { M: 'M', L: 'L', Q: 'Q', C: 'B', Z: 'C' } as const;

function footObject({ heightMm, steps }: Foot, at: { id: number; widthMm: number; topMm: number }): string {
  const data = steps.map(({ command, numbers }) => [PATH_COMMANDS[command], ...numbers.map(mm)].join(' ')).join(' ');
  return `<ofd:PathObject ID="${at.id}" Boundary="0 ${mm(at.topMm)} ${mm(at.widthMm)} ${mm(heightMm)}" Stroke="false" Fill="true"><ofd:FillColor Value="76 76 76"/><ofd:AbbreviatedData>${data}</ofd:AbbreviatedData></ofd:PathObject>`;
}

/** One line, its letters an equal step apart so that they fill the box; those of a vertical line step down. */
function textObject(line: CopyLine, scale: number, ids: Ids): string {
  const text = writable(line.text).trim();
  const [x, y, width, height] = line.box.map((v) => v * scale) as [number, number, number, number];
  if (text === '' || !(width > 0 && height > 0)) return '';
  const count = [...text].length;
  const step = (line.vertical ? height : width) / count;
  const size = line.vertical ? Math.min(width, step) : height;
  const steps = count > 1 ? ` Delta${line.vertical ? 'Y' : 'X'}="g ${count - 1} ${mm(step)}"` : '';
  const first = mm(size * BASELINE01);
  return `<ofd:TextObject ID="${ids.next()}" Boundary="${mm(x)} ${mm(y)} ${mm(width)} ${mm(height)}" Font="${FONT_ID}" Size="${mm(size)}" Alpha="0"><ofd:TextCode X="0" Y="${first}"${steps}>${escapeXml(text)}</ofd:TextCode></ofd:TextObject>`;
}
