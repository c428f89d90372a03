import { PDFiumLibrary } from '@hyzyla/pdfium';
import { encode } from 'uqr';
import { afterAll, describe, expect, it } from 'vitest';
import { type CheckpointSheet, rootGroups, writeCheckpointPdf } from './index.ts';

const root = Array.from({ length: 32 }, (_, i) => (i * 7).toString(16).padStart(2, '0')).join('');
const line = (name: string, bytes: number) => `\u2014 ${name} ${Buffer.alloc(bytes, 5).toString('base64')}\n`;
const origin = 'lantai.archive/0190b2c4-7d1a-7000-8000-0000000000aa';
const sheet: CheckpointSheet = {
  origin,
  size: 4711,
  root,
  note: `${origin}\n4711\n${Buffer.from(root, 'hex').toString('base64')}\n\n${line(origin, 68)}${line(origin, 68)}`,
  signedAt: '2026-11-22T00:00:00.000Z',
  signatures: [
    { algorithm: 'Ed25519', name: origin, keyId: '01020304' },
    { algorithm: 'SM2', name: origin, keyId: 'a1b2c3d4' },
  ],
  outside: [
    { name: 'tsa', kind: 'rfc3161', size: 4700, at: '2026-11-21T23:00:00.000Z' },
    { name: 'witness.example/a', kind: 'witness', size: 4711, at: '2026-11-22T00:00:01.000Z' },
  ],
  printedOn: { year: 2026, month: 11, day: 22 },
};

const library = PDFiumLibrary.init();
afterAll(async () => (await library).destroy());
/** Text of each page, and the first as grey pixels, four to a point. */
async function look(bytes: Uint8Array) {
  const document = await (await library).loadDocument(Buffer.from(bytes));
  const texts = [...document.pages()].map((page) => page.getText());
  // Rendering closes the page it is given.
  const picture = await document.getPage(0).render({ scale: 4, render: 'bitmap' });
  document.destroy();
  return { texts, picture };
}

describe('a printed checkpoint', () => {
  it('is one page that says the log, its size, the root in groups, both keys and who holds it outside', async () => {
    for (const [language, words] of [
      ['zh', ['日志检查点', '条目数：4711', '锚定与见证']],
      ['en', ['Checkpoint of the log', 'Entries: 4711', 'Anchors and witnesses']],
    ] as const) {
      const { texts } = await look(await writeCheckpointPdf(sheet, language));
      expect(texts).toHaveLength(1);
      for (const word of [...words, '01020304', 'a1b2c3d4', 'SM2', 'tsa (rfc3161)', 'witness.example/a', ...rootGroups(root)])
        expect(texts[0], word).toContain(word);
    }
    expect(rootGroups(root).join('').replaceAll(' ', '')).toBe(root);
  });

  it('holds the whole note as a QR code, module by module', async () => {
    const { picture } = await look(await writeCheckpointPdf(sheet));
    const { data, size } = encode(sheet.note, { ecc: 'M', border: 4, boostEcc: false });
    const isDark = (x: number, y: number) => picture.data[(Math.round(y) * picture.width + Math.round(x)) * 4]! < 128;
    const mm = (72 / 25.4) * 4;
    const module = (70 * mm) / size;
    // Where the first finder pattern begins, below the words: the first dark pixel of the column in the middle of its left side.
    const x0 = 25 * mm;
    const rows = (x: number) => Array.from({ length: picture.height }, (_, y) => isDark(x, y));
    const column = rows(x0 + 4.5 * module);
    const runs = column.map((dark, y) => (dark && !column[y - 1] ? column.slice(y).findIndex((d) => !d) : 0));
    const top = runs.findIndex((length) => Math.abs(length - 7 * module) < 1.5) - 4 * module;
    expect(top).toBeGreaterThan(0);
    const wrong: string[] = [];
    for (const [row, cells] of data.entries())
      for (const [at, cell] of cells.entries())
        if (isDark(x0 + (at + 0.5) * module, top + (row + 0.5) * module) !== cell) wrong.push(`${row}/${at}`);
    expect(wrong).toEqual([]);
  });

  it('is the same bytes for the same checkpoint, and one page for the most there can be', async () => {
    expect(await writeCheckpointPdf(sheet)).toEqual(await writeCheckpointPdf(sheet));
    const outside = Array.from({ length: 20 }, (_, i) => ({ name: `provider-${i}`, kind: 'evm', size: 2 ** 40, at: sheet.signedAt }));
    const { texts } = await look(await writeCheckpointPdf({ ...sheet, outside, origin: 'x'.repeat(80) }));
    expect(texts).toHaveLength(1);
  });
});
