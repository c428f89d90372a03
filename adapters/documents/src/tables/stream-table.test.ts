import ExcelJS from 'exceljs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Refused } from '../outcome.ts';
import { streamTable } from './stream-table.ts';
import type { StreamedRow, TableHead } from './streamed-row.ts';
import { dateShownBy } from './workbook-parts.ts';

async function read(bytes: Uint8Array, rows = 100) {
  const taken: StreamedRow[] = [];
  let head: TableHead | null = null;
  const stretches = streamTable(bytes, { rows });
  for (;;) {
    const next: IteratorResult<{ kind: string; head?: TableHead; rows?: readonly StreamedRow[] }, Refused | null> = await stretches.next();
    if (next.done) return { rows: taken, head: head as TableHead | null, refused: next.value?.code ?? null };
    if (next.value.head) head = next.value.head;
    taken.push(...(next.value.rows ?? []));
  }
}

async function workbook(fill: (sheet: ExcelJS.Worksheet, book: ExcelJS.Workbook) => void): Promise<Uint8Array> {
  const book = new ExcelJS.Workbook();
  fill(book.addWorksheet('目录'), book);
  return new Uint8Array(await book.xlsx.writeBuffer());
}

const csv = (text: string) => new TextEncoder().encode(text);
const texts = (rows: readonly StreamedRow[]) => rows.map((r) => r.cells.map((c) => c.text));

describe('streaming a catalogue', () => {
  it('reads text, numbers, formulas with the value they left, dates as far as shown, and tells what lost its digits', async () => {
    const bytes = await workbook((sheet, book) => {
      sheet.addRow(['类号', ' 材料名称 ', { richText: [{ text: '公' }, { text: '冶' }] }]);
      sheet.addRow([19850701, { formula: 'A2+1', result: 19850702 }, { formula: 'B9' }, { error: '#N/A' }, 1985.1, 110105194912310020]);
      const row = sheet.addRow([new Date(Date.UTC(1985, 6, 1)), new Date(Date.UTC(1985, 6, 1)), '_x0041_']);
      row.getCell(1).numFmt = 'yyyy"年"m"月"';
      row.getCell(2).numFmt = 'yyyy-mm-dd';
      sheet.mergeCells('A5:A9');
      book.addWorksheet('说明').addRow(['x']);
    });
    const { rows, head, refused } = await read(bytes);
    expect(refused).toBeNull();
    expect(head).toEqual({
      format: 'xlsx',
      encoding: 'utf-8',
      otherSheets: 1,
      merged: [{ fromRow: 5, toRow: 9, fromColumn: 1, toColumn: 1 }],
    });
    expect(texts(rows.slice(0, 1))).toEqual([['类号', '材料名称', '公冶']]);
    expect(rows[1]!.cells).toEqual([
      { column: 1, text: '19850701' },
      { column: 2, text: '19850702', formula: true },
      { column: 3, text: '', formula: true },
      { column: 4, text: '#N/A', kind: 'error' },
      { column: 5, text: '1985.1', kind: 'fraction' },
      { column: 6, text: expect.stringMatching(/^1\.?10105/), kind: 'rounded' },
    ]);
    expect(rows[2]!.cells).toEqual([
      { column: 1, text: '1985-07', kind: 'date' },
      { column: 2, text: '1985-07-01', kind: 'date' },
      { column: 3, text: 'A' },
    ]);
  });

  it('knows which formats show a day, a month or a year, and which show no date', () => {
    const shown = (format: string) => dateShownBy(format);
    expect(['yyyy-mm-dd', 'yyyy"年"m"月"', 'yyyy', '[$-804]yyyy/m;@', 'd-mmm'].map(shown)).toEqual([
      'day',
      'month',
      'year',
      'month',
      'day',
    ]);
    expect(['General', '0.00', '@', '#,##0;[Red]-#,##0', 'h:mm:ss', '0"day"'].map(shown)).toEqual([null, null, null, null, null, null]);
  });

  it('reads UTF-8 and GB18030, with commas or tabs, quotes and line ends of any kind', async () => {
    expect(texts((await read(csv('\ufeff姓名,题名\r\n"公冶,长","他说""好"""\r\n\r\n阿'))).rows)).toEqual([
      ['姓名', '题名'],
      ['公冶,长', '他说"好"'],
      ['阿'],
    ]);
    expect(texts((await read(csv('甲\t乙,丙\n1\t2\r3\t4'))).rows)).toEqual([
      ['甲', '乙,丙'],
      ['1', '2'],
      ['3', '4'],
    ]);
    // 姓名,公冶长 in GB18030
    const gb = Uint8Array.from([0xd0, 0xd5, 0xc3, 0xfb, 0x2c, 0xb9, 0xab, 0xd2, 0xb1, 0xb3, 0xa4]);
    expect(await read(gb)).toMatchObject({ head: { encoding: 'gb18030' }, rows: [{ cells: [{ text: '姓名' }, { text: '公冶长' }] }] });
    expect((await read(csv('a,1.10105E+17'))).rows[0]!.cells[1]).toEqual({ column: 2, text: '1.10105E+17', kind: 'rounded' });
  });

  it('gives back every table of plain text written as CSV', async () => {
    const cell = fc
      .string({ unit: fc.constantFrom('甲', '"', ',', '\n', 'a', '·', '𠮷', ';'), minLength: 1, maxLength: 6 })
      .map((t) => `x${t}x`);
    await fc.assert(
      fc.asyncProperty(fc.array(fc.array(cell, { minLength: 2, maxLength: 4 }), { minLength: 1, maxLength: 5 }), async (table) => {
        const text = ['h,h,h,h,h,h,h,h,h,h,h,h', ...table.map((row) => row.map((c) => `"${c.replaceAll('"', '""')}"`).join(','))].join(
          '\r\n',
        );
        expect(texts((await read(csv(text))).rows).slice(1)).toEqual(table);
      }),
    );
  });

  it('refuses what is none, is old, broken, a bomb or too long, each by its code', async () => {
    const lines = (n: number) => csv(`h,h\n${Array.from({ length: n }, (_, i) => `${i},x`).join('\n')}`);
    expect((await read(lines(60), 60)).refused).toBeNull();
    expect((await read(lines(90), 60)).refused).toBe('table/too-many-rows');
    const whole = await workbook((sheet) => {
      for (let i = 0; i < 90; i++) sheet.addRow([String(i)]);
    });
    expect((await read(whole, 60)).refused).toBe('table/too-many-rows');
    expect((await read(whole.slice(0, whole.length - 40))).refused).toBe('table/unreadable');
    const altered = whole.slice();
    const at = Buffer.from(altered).indexOf('xl/worksheets/sheet1.xml') + 60;
    altered.fill(0xff, at, at + 20);
    expect((await read(altered)).refused).toBe('table/unreadable');
    expect((await read(Uint8Array.of(0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1, 0))).refused).toBe('table/old-format');
    expect((await read(Uint8Array.of(0x89, 0x50, 0, 0))).refused).toBe('table/not-xlsx');
    expect((await read(csv('a,"never closed'))).refused).toBe('table/unreadable');
  });
});
