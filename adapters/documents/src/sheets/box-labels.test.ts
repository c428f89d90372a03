import { formatBoxCode, readBoxCode } from '@lantai/catalogue';
import * as images from '@lantai/images';
import ExcelJS from 'exceljs';
import { describe, expect, it } from 'vitest';
import { receiveFile } from '../receive.ts';
import { type BoxLabel, qrPng, writeBoxLabelsPdf, writeCodeTableXlsx } from './index.ts';

const printedOn = { year: 2026, month: 11, day: 22 };
const label = (number: number): BoxLabel => ({
  code: formatBoxCode({ fonds: 'Z109', number }),
  number: `第 ${String(number).padStart(4, '0')} 盒`,
  cells: [
    ['全宗号', 'Z109'],
    ['类别', '干部人事档案（十大类）'],
    ['年度', '2026'],
    ['保管期限', '永久'],
    ['起止档号', 'Z109-RS·GB-000101 ～ Z109-RS·GB-000123'],
    ['盒内', '23 册 290 张'],
    ['存放位置', '一库 3架 12列'],
  ],
  names: Array.from({ length: 30 }, (_, i) => `欧阳子墨${i}`),
  spineMm: [20, 30, 40, 50][number % 4]!,
});

async function codesOn(picture: Uint8Array): Promise<string[]> {
  const decoded = await images.decodePixels(picture);
  if ('kind' in decoded) throw new Error('a picture just made decodes');
  return (await images.readCodes(decoded.pixels)).map((c) => c.text).sort();
}

/** Texts of the codes of each page. */
async function codesOf(pdf: Uint8Array): Promise<string[][]> {
  const pages: string[][] = [];
  for await (const delivery of receiveFile(pdf, images, { check: 'structure', depth: 0 }))
    if (delivery.kind === 'page') pages.push(await codesOn(delivery.bytes));
  return pages;
}

describe('labels of boxes', () => {
  it.each([
    ['face', 3],
    ['spine', 4],
    ['qr', 4],
  ] as const)('for the %s are read again from the printed page', async (kind, onFirst) => {
    const labels = [1, 2, 3, 4].map(label);
    const pdf = await writeBoxLabelsPdf({ kind, title: '卷盒标签', labels, printedOn });
    const pages = await codesOf(pdf);
    expect(pages[0]).toHaveLength(onFirst);
    expect(
      pages
        .flat()
        .map(readBoxCode)
        .sort((a, b) => Number(a && a !== 'damaged' && a.number) - Number(b && b !== 'damaged' && b.number)),
    ).toEqual([1, 2, 3, 4].map((number) => ({ fonds: 'Z109', number })));
    expect(await writeBoxLabelsPdf({ kind, title: '卷盒标签', labels, printedOn })).toEqual(pdf);
  });

  it('as Excel hold a picture of each code, and cells that are text', async () => {
    const rows = [1, 2].map((n) => ({ code: label(n).code, cells: [`00${n}`, '=1+1'] }));
    const table = { name: '标签', codeHeading: '二维码', columns: ['盒号', '备注'].map((heading) => ({ heading, width: 10 })), rows };
    const bytes = await writeCodeTableXlsx(table);
    expect(await writeCodeTableXlsx(table)).toEqual(bytes);
    const book = new ExcelJS.Workbook();
    await book.xlsx.load(Uint8Array.from(bytes).buffer);
    const [sheet] = book.worksheets;
    expect([sheet?.getCell('B2').value, sheet?.getCell('C3').value]).toEqual(['001', '=1+1']);
    const read: string[][] = [];
    for (const { imageId } of sheet?.getImages() ?? []) {
      const picture = book.getImage(Number(imageId)).buffer;
      read.push(await codesOn(new Uint8Array(picture as unknown as ArrayBuffer)));
    }
    expect(read).toEqual(rows.map((r) => [r.code]));
  });

  it('have pictures of one bit a pixel', () => {
    const { png, sizePx } = qrPng('LANTAI', 3);
    expect([...png.slice(1, 4)].map((c) => String.fromCharCode(c)).join('')).toBe('PNG');
    expect([new DataView(png.buffer).getUint32(16), sizePx % 3]).toEqual([sizePx, 0]);
  });
});
