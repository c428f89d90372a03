import { readFileSync } from 'node:fs';
import { PDFiumLibrary } from '@hyzyla/pdfium';
import { type CatalogueSheet, layCatalogueSheet, loadScheme, type SheetMaterial } from '@lantai/catalogue';
import ExcelJS from 'exceljs';
import fc from 'fast-check';
import { PDFDocument } from 'pdf-lib';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { breakLines } from './break-lines.ts';
import { findUndrawable, writeCataloguePdf, writeCatalogueXlsx } from './index.ts';

const scheme = loadScheme(readFileSync(new URL('../../../../schemes/cadre-2018.yaml', import.meta.url), 'utf8'));
const head = {
  subjectName: '欧阳某某',
  dossierCode: 'Z109-RS·GB-000123',
  set: 'original',
  madeOn: { year: 2026, month: 11, day: 22 },
} as const;

const material = (id: string, classCode: string, title: string, more: Partial<SheetMaterial> = {}): SheetMaterial => ({
  id,
  code: null,
  classCode,
  title,
  date: { year: 1990, month: 7 },
  copies: 1,
  pages: 2,
  remarks: '',
  follows: null,
  ...more,
});
const sheetOf = (...materials: SheetMaterial[]) => layCatalogueSheet(scheme, head, materials);
const many = sheetOf(...Array.from({ length: 90 }, (_, i) => material(`m${i}`, i % 2 ? '3' : '9-1', `第${i}份材料`)));

/** Titles that a spreadsheet, an XML writer or a font may trip over. */
const NAUGHTY = [
  '=1+1',
  '=HYPERLINK("http://x","y")',
  '+1',
  '-1',
  '@SUM(A1)',
  '_x0041_',
  '<b>&amp;</b>',
  '"引号"',
  "'",
  ' 前后 ',
  'a\tb\nc',
  'é',
  '😀',
  '葛\u{E0100}',
  '\u202Etxt',
  '١٢٣',
];

afterEach(() => vi.useRealTimers());

describe('catalogue sheet as Excel', () => {
  const read = async (sheet: CatalogueSheet) => {
    const book = new ExcelJS.Workbook();
    const bytes = await writeCatalogueXlsx(sheet);
    await book.xlsx.load(bytes.buffer as ArrayBuffer);
    return book.worksheets[0]!;
  };
  const column = (page: ExcelJS.Worksheet, n: number) => page.getColumn(n).values.slice(1);

  it('of a scheme by item shows code and retention period of each item', async () => {
    const byItem = loadScheme(readFileSync(new URL('../../../../schemes/social-insurance-item.yaml', import.meta.url), 'utf8'));
    const code = 'Z109-SB·2024-0001-6-2-00001';
    const items = [material('a', '6-2', '认定工伤决定书', { code }), material('b', '4-2', '医疗费用报销申请表')];
    const page = await read(layCatalogueSheet(byItem, { ...head, dossierCode: 'Z109-SB·2024-0001' }, items));
    expect((page.getRow(4).values as unknown[]).slice(1)).toEqual(['类号', '档号', '材料名称', '年', '月', '日', '页数', '保管期限']);
    const rowOf = (title: string) => (page.getRow(column(page, 3).indexOf(title) + 1).values as unknown[]).slice(1);
    expect(rowOf('认定工伤决定书')).toEqual([1, code, '认定工伤决定书', 1990, 7, undefined, 2, '50年']);
    // Neither confirmed nor with a period: both cells stay empty.
    expect(rowOf('医疗费用报销申请表')).toEqual([1, undefined, '医疗费用报销申请表', 1990, 7, undefined, 2]);
  });

  it('holds heading, code, every class, the materials with their dates, and the total', async () => {
    const page = await read(
      sheetOf(material('a', '4-1', '学籍卡', { pages: 3, remarks: '复印件' }), material('b', '4-1', '毕业证书', { date: { year: 1988 } })),
    );
    expect(page.getCell('A1').value).toBe('干部人事档案材料目录');
    expect(page.getCell('A2').value).toBe('姓名：欧阳某某');
    expect(page.getCell('C2').value).toBe('档号：Z109-RS·GB-000123　正本');
    expect((page.getRow(4).values as unknown[]).slice(1)).toEqual(['类号', '材料名称', '年', '月', '日', '份数', '页数', '备注']);
    expect(page.getCell('C3').value).toBe('材料形成时间');
    const at = column(page, 2).indexOf('毕业证书') + 1;
    expect((page.getRow(at).values as unknown[]).slice(1, 8)).toEqual([1, '毕业证书', 1988, null, null, 1, 2].map((v) => v ?? undefined));
    expect((page.getRow(at + 1).values as unknown[]).slice(1)).toEqual([2, '学籍卡', 1990, 7, undefined, 1, 3, '复印件']);
    expect(column(page, 1).filter((v) => ['一', '四-1', '十'].includes(String(v)))).toHaveLength(3);
    const total = column(page, 2).indexOf('合计') + 1;
    expect([page.getCell(total, 6).value, page.getCell(total, 7).value]).toEqual([2, 5]);
    expect(page.pageSetup).toMatchObject({ paperSize: 9, orientation: 'portrait', printTitlesRow: '1:4' });
    expect(page.headerFooter.oddFooter).toBe('&C第 &P 页　共 &N 页');
  });

  it('keeps every title as text, whatever it begins with, and gives it back unchanged', async () => {
    const page = await read(sheetOf(...NAUGHTY.map((title, i) => material(`${i}`, '10', title, { date: null, remarks: title }))));
    const plain = NAUGHTY.map((t) => t.replace(/[\t\n]/g, ' '));
    const titles = column(page, 2);
    const first = titles.indexOf('=1+1') + 1;
    plain.forEach((title, i) => {
      for (const at of [2, 8]) {
        const cell = page.getCell(first + i, at);
        expect(cell.type, title).toBe(ExcelJS.ValueType.String);
        // The reader leaves Excel's escape for an underscore as it stands in the file.
        expect(String(cell.value).replace('_x005F_', '_')).toBe(title);
        expect(cell.numFmt).toBe('@');
      }
    });
  });

  it('makes a row high enough for a long title', async () => {
    const page = await read(sheetOf(material('a', '1', '短'), material('b', '2', '很长的题名'.repeat(20))));
    const titles = column(page, 2);
    const heightOf = (title: string) => page.getRow(titles.indexOf(title) + 1).height;
    expect(heightOf('短')).toBe(20);
    expect(heightOf('很长的题名'.repeat(20))).toBeGreaterThan(70);
  });

  it('has the same bytes for the same sheet, whenever it is written, and others for another', async () => {
    vi.useFakeTimers({ toFake: ['Date'], now: Date.UTC(2026, 0, 1) });
    const first = await writeCatalogueXlsx(many);
    vi.setSystemTime(Date.UTC(2031, 5, 6, 7, 8, 9));
    expect(Buffer.compare(await writeCatalogueXlsx(many), first)).toBe(0);
    expect(Buffer.compare(await writeCatalogueXlsx({ ...many, head: { ...head, set: 'duplicate' } }), first)).not.toBe(0);
  });
});

describe('catalogue sheet as PDF', () => {
  const textOf = async (bytes: Uint8Array) => {
    const library = await PDFiumLibrary.init();
    try {
      const document = await library.loadDocument(bytes);
      const pages = [...document.pages()].map((page) => page.getText());
      document.destroy();
      return pages;
    } finally {
      library.destroy();
    }
  };
  const inkOf = async (bytes: Uint8Array) => {
    const library = await PDFiumLibrary.init();
    try {
      const document = await library.loadDocument(bytes);
      const { data } = await document.getPage(0).render({ scale: 2, render: 'bitmap' });
      document.destroy();
      let dark = 0;
      for (let i = 0; i < data.length; i += 4) if (data[i]! < 128) dark++;
      return dark;
    } finally {
      library.destroy();
    }
  };

  it('repeats header and code on every page, numbers the pages, and loses no material', async () => {
    const pages = await textOf(await writeCataloguePdf(many));
    expect(pages.length).toBeGreaterThan(3);
    pages.forEach((text, i) => {
      expect(text).toContain('干部人事档案材料目录');
      expect(text).toContain('Z109-RS·GB-000123');
      expect(text).toContain('材料名称');
      expect(text.replace(/[\s\u3000]/g, '')).toContain(`第${i + 1}页共${pages.length}页`);
    });
    const all = pages.join('\n');
    for (let i = 0; i < 90; i++) expect(all).toContain(`第${i}份材料`);
    expect(pages.at(-1)).toContain('合计');
    expect(pages.at(-1)).toContain('整理人');
    expect(pages[0]).toContain('欧阳某某');
  });

  it('draws rare characters of the font, and those it lacks as boxes that keep their text and are named in a note', async () => {
    const rare = sheetOf(material('a', '1', '犇羴赟彧喆堃翀旻昇㛃䶮䒑'));
    expect(await findUndrawable(rare)).toEqual([]);
    expect((await textOf(await writeCataloguePdf(rare)))[0]).toContain('犇羴赟彧喆堃翀旻昇㛃䶮䒑');
    const empty = await inkOf(await writeCataloguePdf(sheetOf(material('a', '1', ''))));
    expect((await inkOf(await writeCataloguePdf(rare))) - empty).toBeGreaterThan(12 * 60);
    const beyond = sheetOf(material('a', '1', '𠮷某与𪚥某'), material('b', '1', '自传', { remarks: '𠮷' }));
    expect(await findUndrawable(beyond)).toEqual(['U+20BB7', 'U+2A6A5']);
    const bytes = await writeCataloguePdf(beyond);
    const pages = await textOf(bytes);
    expect(pages.join('')).toContain('U+20BB7 U+2A6A5');
    const streams = Buffer.from(await (await PDFDocument.load(bytes)).save({ useObjectStreams: false })).toString('latin1');
    expect(streams).not.toContain('欧阳');
  });

  it('sets any title without failing and stays on its page', async () => {
    const long = '很长的题名'.repeat(60);
    const sheet = sheetOf(
      ...[...NAUGHTY, long, 'W'.repeat(300)].map((title, i) => material(`${i}`, '5', title, { remarks: title.slice(0, 60) })),
    );
    const all = (await textOf(await writeCataloguePdf(sheet))).join('').replace(/\s/g, '');
    expect(all).toContain('=HYPERLINK("http://x","y")');
    expect(all.split('很长的题名').length - 1).toBeGreaterThanOrEqual(40);
  });

  it('sets a sheet of other columns and of no materials, in English too', async () => {
    const few = { ...sheetOf(), columns: ['number', 'title'] as const };
    expect((await textOf(await writeCataloguePdf(few, 'en')))[0]).toContain('Catalogue of personnel dossier materials');
    expect((await textOf(await writeCataloguePdf(few, 'en')))[0]).not.toContain('Remarks');
  });

  it('names the person on the page alone, never in what describes the file', async () => {
    const document = await PDFDocument.load(await writeCataloguePdf(many));
    expect([document.getTitle(), document.getAuthor(), document.getSubject()]).toEqual([
      '干部人事档案材料目录 Z109-RS·GB-000123',
      undefined,
      undefined,
    ]);
  });

  it('has the same bytes for the same sheet, whenever it is written', async () => {
    vi.useFakeTimers({ toFake: ['Date'], now: Date.UTC(2026, 0, 1) });
    const first = await writeCataloguePdf(many);
    vi.setSystemTime(Date.UTC(2031, 5, 6));
    expect(Buffer.compare(await writeCataloguePdf(many), first)).toBe(0);
  });
});

describe('line breaking', () => {
  const one = () => 1;
  it('keeps closing marks off the beginning and opening marks off the end of a line, and words whole', () => {
    expect(breakLines('一二三四，五六', 4, one)).toEqual(['一二三', '四，五六']);
    expect(breakLines('一二三（四五）', 4, one)).toEqual(['一二三', '（四五）']);
    expect(breakLines('甲乙 IBM Corp', 5, one)).toEqual(['甲乙', 'IBM', 'Corp']);
    expect(breakLines('', 5, one)).toEqual(['']);
    expect(breakLines('abcdefgh', 3, one)).toEqual(['abc', 'def', 'gh']);
  });
  it('loses no character and keeps each line within the width', () => {
    const text = fc.string({ unit: fc.constantFrom('甲', '乙', '，', '（', '）', 'a', 'b', '1', ' ', '😀'), maxLength: 60 });
    fc.assert(
      fc.property(text, fc.integer({ min: 1, max: 12 }), (t, width) => {
        const lines = breakLines(t, width, one);
        expect(lines.join('').replaceAll(' ', '')).toBe(t.replaceAll(' ', ''));
        for (const line of lines) expect([...line].length).toBeLessThanOrEqual(width);
      }),
    );
  });
});
