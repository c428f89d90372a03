import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { cutTile, decodePixels, decodeQuarter, findImageRequest, fitsQuarter, type Pixels, planOnSmaller, planTile } from './index.ts';

/** Lines of text-like strokes on paper, 1203 × 1601: no multiple of four. */
async function makePage(): Promise<Uint8Array> {
  const strokes = Array.from({ length: 40 }, (_, row) =>
    Array.from(
      { length: 18 },
      (_, i) => `<rect x="${60 + i * 60}" y="${40 + row * 38}" width="${14 + ((i * 7 + row) % 30)}" height="16" fill="#223"/>`,
    ),
  );
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="1203" height="1601"><rect width="100%" height="100%" fill="#f4efe2"/>${strokes.flat().join('')}</svg>`;
  return sharp(Buffer.from(svg)).jpeg({ quality: 90 }).toBuffer();
}

const meanDifference = (a: Pixels, b: Pixels) => a.data.reduce((sum, value, i) => sum + Math.abs(value - b.data[i]!), 0) / a.data.length;

describe('a page at a quarter of its size', () => {
  it('gives the tiles of the overview as the whole page does', async () => {
    const bytes = await makePage();
    const quarter = await decodeQuarter(bytes);
    const whole = await decodePixels(bytes);
    if (!quarter || 'kind' in whole) throw new Error('not decoded');
    expect([quarter.widthPx, quarter.heightPx]).toEqual([301, 400]);
    for (const [region, size] of [
      ['full', '300,400'],
      ['0,0,1024,1024', '256,256'],
      ['400,800,803,801', '100,100'],
    ] as const) {
      const plan = planTile(findImageRequest(region, size, '0', 'default.jpg')!, whole.pixels)!;
      expect(fitsQuarter(plan)).toBe(true);
      const [a, b] = [await cutTile(whole.pixels, plan), await cutTile(quarter, planOnSmaller(plan, whole.pixels, quarter))];
      expect([b.widthPx, b.heightPx]).toEqual([a.widthPx, a.heightPx]);
      expect(meanDifference(a, b)).toBeLessThan(12);
    }
  });
  it('is not used where it would be blurred', async () => {
    const whole = { widthPx: 1203, heightPx: 1601 };
    const plan = planTile(findImageRequest('0,0,512,512', '256,256', '0', 'default.jpg')!, whole)!;
    expect(fitsQuarter(plan)).toBe(false);
  });
  it('leaves a damaged picture to the decoder that says what can be shown', async () => {
    const bytes = await makePage();
    expect(await decodeQuarter(bytes.subarray(0, bytes.length / 2))).toBeNull();
  });
});
