import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeBmp, findBmpHeader } from './bmp.ts';
import { receiveImage } from './receive.ts';

interface Made {
  readonly width: number;
  readonly height: number;
  readonly bits: 1 | 4 | 8 | 24 | 32;
  readonly topDown: boolean;
  /** Bytes between the palette and the pixels. */
  readonly gap: number;
}

/** Writes a bitmap of `indexes` into a palette of grays, or of gray pixels where there is no palette. */
function makeBmp({ width, height, bits, topDown, gap }: Made, value: (x: number, y: number) => number): Uint8Array {
  const colours = bits <= 8 ? 1 << bits : 0;
  const stride = Math.ceil((width * bits) / 32) * 4;
  const dataAt = 54 + colours * 4 + gap;
  const out = new Uint8Array(dataAt + stride * height);
  const view = new DataView(out.buffer);
  out.set([0x42, 0x4d]);
  view.setUint32(10, dataAt, true);
  view.setUint32(14, 40, true);
  view.setInt32(18, width, true);
  view.setInt32(22, topDown ? -height : height, true);
  view.setUint16(26, 1, true);
  view.setUint16(28, bits, true);
  view.setInt32(38, 11811, true);
  for (let i = 0; i < colours; i++) out.fill(grayOf(bits, i), 54 + 4 * i, 57 + 4 * i);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const at = dataAt + (topDown ? y : height - 1 - y) * stride;
      const v = value(x, y);
      if (bits <= 8) out[at + ((x * bits) >> 3)]! |= v << (8 - bits - ((x * bits) % 8));
      else out.fill(v, at + (x * bits) / 8, at + (x * bits) / 8 + 3);
    }
  return out;
}
const grayOf = (bits: number, index: number) => Math.round((index * 255) / ((1 << Math.min(bits, 8)) - 1));

describe('BMP', () => {
  it('of every depth, odd width and direction decodes to the pixels written', () => {
    const made = fc.record({
      width: fc.integer({ min: 1, max: 19 }),
      height: fc.integer({ min: 1, max: 7 }),
      bits: fc.constantFrom(1, 4, 8, 24, 32) as fc.Arbitrary<Made['bits']>,
      topDown: fc.boolean(),
      gap: fc.constantFrom(0, 2, 64),
    });
    fc.assert(
      fc.property(made, fc.nat(), (m, seed) => {
        const value = (x: number, y: number) => (x * 31 + y * 17 + seed) % (1 << Math.min(m.bits, 8));
        const bytes = makeBmp(m, value);
        const decoded = decodeBmp(bytes, findBmpHeader(bytes)!);
        if ('kind' in decoded) throw new Error(decoded.code);
        expect(decoded.share01).toBe(1);
        for (let y = 0; y < m.height; y++)
          for (let x = 0; x < m.width; x++) expect(decoded.pixels.data[(y * m.width + x) * 3]).toBe(grayOf(m.bits, value(x, y)));
      }),
      { numRuns: 300 },
    );
  });
  it('in run-length coding decodes runs, literals, moves and the end', () => {
    const bytes = makeBmp({ width: 6, height: 2, bits: 8, topDown: false, gap: 0 }, () => 0);
    const dataAt = 54 + 1024;
    const rle = [3, 9, 0, 3, 1, 2, 3, 0, 0, 0, 0, 2, 2, 0, 2, 7, 0, 1];
    const coded = new Uint8Array([...bytes.subarray(0, dataAt), ...rle]);
    new DataView(coded.buffer).setUint32(30, 1, true);
    const decoded = decodeBmp(coded, findBmpHeader(coded)!);
    if ('kind' in decoded) throw new Error(decoded.code);
    const reds = Array.from({ length: 12 }, (_, i) => decoded.pixels.data[3 * i]);
    expect(reds).toEqual([0, 0, 7, 7, 0, 0, 9, 9, 9, 1, 2, 3]);
  });
  it('cut short shows what is there, and with a bomb of a header is refused', async () => {
    const bytes = makeBmp({ width: 300, height: 300, bits: 24, topDown: true, gap: 0 }, (x, y) => (x * y) % 256);
    const half = await receiveImage(bytes.subarray(0, bytes.length / 2), { check: 'decode' }).next();
    expect(half.value).toMatchObject({
      origin: 'rendered',
      resolutionDpi: 300,
      findings: [{ code: 'image/incomplete', params: { shownPercent: 49 } }],
    });
    new DataView(bytes.buffer).setInt32(18, 2_000_000_000, true);
    const bomb = await receiveImage(bytes, { check: 'decode' }).next();
    expect(bomb.value).toMatchObject({ kind: 'refused', code: 'image/too-many-pixels' });
  });
});
