import { formatSeparator, readSeparator } from '@lantai/catalogue';
import * as images from '@lantai/images';
import { describe, expect, it } from 'vitest';
import { receiveFile } from '../receive.ts';
import { writeSeparatorsPdf } from './index.ts';

const printedOn = { year: 2026, month: 11, day: 22 };

/** Codes on each page, as a scanner sees it: rendered, perhaps turned, half its resolution. */
async function codesOf(pdf: Uint8Array): Promise<images.FoundCode[][]> {
  const pages: images.FoundCode[][] = [];
  for await (const delivery of receiveFile(pdf, images, { check: 'structure', depth: 0 })) {
    if (delivery.kind !== 'page') continue;
    const decoded = await images.decodePixels(delivery.bytes);
    if ('kind' in decoded) throw new Error('a page just rendered decodes');
    const { pixels } = decoded;
    const whole = { x: 0, y: 0, width: pixels.widthPx, height: pixels.heightPx };
    const small = await images.cutTile(pixels, {
      crop: whole,
      widthPx: Math.round(pixels.widthPx / 2),
      heightPx: Math.round(pixels.heightPx / 2),
      mirror: false,
      degrees: 90,
      quality: 'default',
      format: 'jpg',
    });
    pages.push(await images.readCodes(small));
  }
  return pages;
}

describe('separator sheets and labels', () => {
  it('are read again from the printed page, turned and at half its resolution', async () => {
    const wanted = [
      { dossier: 'Z109-RS·GB-000123', classCode: null, isMaterial: false },
      { dossier: 'Z109-RS·GB-000123', classCode: '4-1', isMaterial: true },
    ];
    const sheets = wanted.map((s) => ({
      code: formatSeparator(s),
      dossier: s.dossier,
      lines: s.classCode ? [`${s.classCode} 学历学位材料`] : [],
    }));
    const pdf = await writeSeparatorsPdf({ kind: 'sheets', sheets, printedOn });
    const read = await codesOf(pdf);
    expect(read.map((codes) => codes.map((c) => readSeparator(c.text)))).toEqual(wanted.map((s) => [s]));
    expect(await writeSeparatorsPdf({ kind: 'sheets', sheets, printedOn })).toEqual(pdf);

    const labels = Array.from({ length: 3 }, (_, i) => ({ code: `P110${i}`, lines: ['某人才中心'] }));
    const [codes] = await codesOf(await writeSeparatorsPdf({ kind: 'labels', labels, printedOn }));
    expect(codes?.map((c) => c.text).sort()).toEqual(['P1100', 'P1101', 'P1102']);
    expect(codes?.every((c) => readSeparator(c.text) === null)).toBe(true);
  });
});
