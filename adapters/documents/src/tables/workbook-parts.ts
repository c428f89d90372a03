import type { ZipArchive, ZipMember } from '../zip/archive.ts';
import { readTags, type TagReader } from './xml-tags.ts';

/** How much of a date a number format shows. */
export type DateShown = 'day' | 'month' | 'year';

/** What of a workbook its worksheets need: which they are, its strings, and which of its formats show dates. */
export interface WorkbookParts {
  /** In the order of the tabs, hidden ones left out. */
  readonly sheets: readonly ZipMember[];
  readonly strings: readonly string[];
  /** By index of the cell format. */
  readonly dates: ReadonlyMap<number, DateShown>;
  /** Days count from 1904, not from 1900. */
  readonly from1904: boolean;
}

const STRINGS_MAX = 3_000_000;
const nothing: TagReader = { open: () => undefined, text: () => undefined, close: () => undefined };

async function readAll(zip: Uint8Array, member: ZipMember | undefined, reader: TagReader): Promise<void> {
  if (!member) return;
  for await (const _ of readTags(zip, member, reader, () => []));
}

/** @throws Error when a part is damaged or there are more strings than any catalogue has */
export async function readWorkbookParts(zip: Uint8Array, archive: ZipArchive): Promise<WorkbookParts> {
  const part = (path: string) => archive.members.find((m) => m.path.toLowerCase() === path.toLowerCase());
  const tabs: { id: string; hidden: boolean }[] = [];
  let from1904 = false;
  await readAll(zip, part('xl/workbook.xml'), {
    ...nothing,
    open: (name, attribute) => {
      if (name === 'sheet')
        tabs.push({ id: attribute('r:id') ?? attribute('id') ?? '', hidden: (attribute('state') ?? 'visible') !== 'visible' });
      if (name === 'workbookPr') from1904 = ['1', 'true'].includes(attribute('date1904') ?? '');
    },
  });
  const targets = new Map<string, string>();
  await readAll(zip, part('xl/_rels/workbook.xml.rels'), {
    ...nothing,
    open: (name, attribute) => {
      if (name === 'Relationship') targets.set(attribute('Id') ?? '', attribute('Target') ?? '');
    },
  });
  const pathOf = (target: string) => (target.startsWith('/') ? target.slice(1) : `xl/${target.replace(/^\.\//, '')}`);
  const sheets = tabs.flatMap(({ id, hidden }) => {
    const target = hidden ? undefined : targets.get(id);
    const found = target === undefined ? undefined : part(pathOf(target));
    return found && /worksheets\//i.test(found.path) ? [found] : [];
  });
  return {
    sheets,
    strings: await readStrings(zip, part('xl/sharedStrings.xml')),
    dates: await readDates(zip, part('xl/styles.xml')),
    from1904,
  };
}

async function readStrings(zip: Uint8Array, member: ZipMember | undefined): Promise<string[]> {
  const strings: string[] = [];
  let text = '';
  let inText = false;
  let inReading = false;
  await readAll(zip, member, {
    open: (name) => {
      if (name === 'si') text = '';
      // How a name is pronounced is no part of it.
      if (name === 'rPh') inReading = true;
      inText = name === 't' && !inReading;
    },
    text: (piece) => {
      if (inText) text += piece;
    },
    close: (name) => {
      if (name === 't') inText = false;
      if (name === 'rPh') inReading = false;
      if (name !== 'si') return;
      if (strings.length >= STRINGS_MAX) throw new Error('too many strings');
      // Copied: a slice would hold the whole piece of the file it was cut from.
      strings.push(Buffer.from(text).toString());
    },
  });
  return strings;
}

/** Formats of Excel that are not written down, and show a date. Source: ECMA-376 part 1, 18.8.30, with the Chinese ones. */
const BUILT_IN: ReadonlyMap<number, DateShown> = new Map([
  ...[14, 15, 16, 22, 28, 29, 30, 31, 36, 50, 51, 53, 54, 56, 58].map((id) => [id, 'day'] as const),
  ...[17, 27, 52, 55, 57].map((id) => [id, 'month'] as const),
]);

/** How much of a date a format shows; null for one that shows none. Times of day are no dates. */
export function dateShownBy(format: string): DateShown | null {
  const plain = format
    .replace(/"[^"]*"|\\.|_.|\*./g, '')
    .replace(/\[[^\]]*\]/g, '')
    .toLowerCase()
    .split(';')[0]!;
  if (!/[yd]/.test(plain)) return null;
  if (!/y/.test(plain)) return 'day';
  return /d/.test(plain) ? 'day' : /m/.test(plain) ? 'month' : 'year';
}

async function readDates(zip: Uint8Array, member: ZipMember | undefined): Promise<Map<number, DateShown>> {
  const written = new Map<number, DateShown | null>();
  const dates = new Map<number, DateShown>();
  let inCellFormats = false;
  let index = 0;
  await readAll(zip, member, {
    ...nothing,
    open: (name, attribute) => {
      if (name === 'numFmt') written.set(Number(attribute('numFmtId')), dateShownBy(attribute('formatCode') ?? ''));
      if (name === 'cellXfs') inCellFormats = true;
      if (name !== 'xf' || !inCellFormats) return;
      const id = Number(attribute('numFmtId') ?? 0);
      const shown = written.has(id) ? written.get(id) : BUILT_IN.get(id);
      if (shown) dates.set(index, shown);
      index++;
    },
    close: (name) => {
      if (name === 'cellXfs') inCellFormats = false;
    },
  });
  return dates;
}
