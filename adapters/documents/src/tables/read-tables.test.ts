import ExcelJS from 'exceljs';
import { describe, expect, it } from 'vitest';
import { ZipFile } from 'yazl';
import { writeTableXlsx } from '../sheets/index.ts';
import { readTables, type TableSheet } from './read-tables.ts';

const LIMITS = { rows: 50 };
const columns = (...headings: string[]) => headings.map((heading) => ({ heading, width: 10 }));

async function bytesOf(fill: (sheet: ExcelJS.Worksheet, book: ExcelJS.Workbook) => void): Promise<Uint8Array> {
  const book = new ExcelJS.Workbook();
  fill(book.addWorksheet('人员'), book);
  return new Uint8Array(await book.xlsx.writeBuffer());
}

async function buffersOf(stream: AsyncIterable<Buffer>): Promise<Buffer[]> {
  const buffers: Buffer[] = [];
  for await (const buffer of stream) buffers.push(buffer);
  return buffers;
}

async function zipOf(parts: Readonly<Record<string, Buffer>>): Promise<Uint8Array> {
  const zip = new ZipFile();
  for (const [path, bytes] of Object.entries(parts)) zip.addBuffer(bytes, path);
  zip.end();
  return new Uint8Array(Buffer.concat(await buffersOf(zip.outputStream as unknown as AsyncIterable<Buffer>)));
}

describe('reading a workbook', () => {
  it('gives back the text that was written, whatever it looks like', async () => {
    const rows = [
      ['007', '=1+1', ' 公冶 长 '],
      ['', '_x0041_', '𠮷'],
    ];
    const read = await readTables(await writeTableXlsx([{ name: '表', columns: columns('甲', '乙', '丙'), rows }]), LIMITS);
    expect(read).toMatchObject([
      {
        name: '表',
        merged: [],
        rows: [
          { row: 1, cells: [{ text: '甲' }, { text: '乙' }, { text: '丙' }] },
          { row: 2, cells: ['007', '=1+1', '公冶 长'].map((text, i) => ({ column: i + 1, text, kind: 'plain' })) },
          {
            row: 3,
            cells: [
              { column: 2, text: '_x0041_' },
              { column: 3, text: '𠮷' },
            ],
          },
        ],
      },
    ]);
  });

  it('takes whole numbers, truth values, rich text and links as text, and tells formulas, dates, errors and fractions apart', async () => {
    const bytes = await bytesOf((sheet) => {
      sheet.addRow([1001, true, { richText: [{ text: '公' }, { text: '冶' }] }, { text: 'a@b.cn', hyperlink: 'mailto:a@b.cn' }]);
      sheet.addRow([{ formula: 'A1+1', result: 5 }, new Date(0), { error: '#N/A' }, 1.5, 2 ** 60]);
    });
    const [sheet] = (await readTables(bytes, LIMITS)) as readonly TableSheet[];
    expect(sheet?.rows[0]?.cells.map((c) => [c.kind, c.text])).toEqual([
      ['plain', '1001'],
      ['plain', 'true'],
      ['plain', '公冶'],
      ['plain', 'a@b.cn'],
    ]);
    expect(sheet?.rows[1]?.cells.map((c) => c.kind)).toEqual(['formula', 'date', 'error', 'fraction', 'fraction']);
  });

  it('names merged ranges', async () => {
    const bytes = await bytesOf((sheet) => {
      sheet.addRow(['a', 'b']);
      sheet.mergeCells('A1:B2');
    });
    expect(await readTables(bytes, LIMITS)).toMatchObject([{ merged: ['A1:B2'] }]);
  });

  it('refuses what is none, is old, broken, a bomb or too long, each by its code, and takes the longest that may be', async () => {
    const rows = (n: number) =>
      writeTableXlsx([{ name: '表', columns: columns('甲'), rows: Array.from({ length: n }, (_, i) => [String(i)]) }]);
    const code = async (bytes: Uint8Array) => {
      const read = await readTables(bytes, LIMITS);
      return 'kind' in read ? read.code : 'taken';
    };
    expect(await code(await rows(LIMITS.rows))).toBe('taken');
    expect(await code(await rows(LIMITS.rows + 1))).toBe('table/too-many-rows');
    expect(await code(new TextEncoder().encode('工号,姓名\n1,公冶长'))).toBe('table/not-xlsx');
    expect(await code(Uint8Array.of(0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1, 0))).toBe('table/old-format');
    const whole = await rows(3);
    expect(await code(whole.slice(0, whole.length - 40))).toBe('table/unreadable');
    const altered = whole.slice();
    altered.fill(0xff, 60, 90);
    expect(await code(altered)).toBe('table/unreadable');
    const bomb = await zipOf({
      '[Content_Types].xml': Buffer.from('<Types/>'),
      'xl/workbook.xml': Buffer.from('<workbook/>'),
      'xl/worksheets/sheet1.xml': Buffer.alloc(61_000_000, ' '),
    });
    expect(bomb.length).toBeLessThan(100_000);
    expect(await code(bomb)).toBe('table/too-large');
    const many = await bytesOf((_, book) => {
      for (let i = 0; i < 11; i++) book.addWorksheet(`表${i}`).addRow(['x']);
    });
    expect(await code(many)).toBe('table/too-many-sheets');
  });
});
