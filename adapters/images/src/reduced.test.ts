import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import {
  cropOnScan,
  cutTile,
  decodePixels,
  decodeReduced,
  decodeRegion,
  findImageRequest,
  type Pixels,
  planOnPart,
  planOnSmaller,
  planTile,
  reductionFor,
} from './index.ts';

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

/** The plan of a tile, by the parts of its address. */
const planOf = (region: string, size: string, page: { widthPx: number; heightPx: number }, end = 'default.jpg') =>
  planTile(findImageRequest(region, size, '0', end)!, page)!;

describe('a page decoded at a half or a quarter', () => {
  it('gives the tiles of the overview as the whole page does', async () => {
    const bytes = await makePage();
    const whole = await decodePixels(bytes);
    if ('kind' in whole) throw new Error('not decoded');
    for (const [by, sides, tiles] of [
      [2, [602, 801], ['full/602,801', '0,0,1024,1024/512,512', '1024,1024,179,577/90,289', '400,800,803,801/300,300']],
      [4, [301, 400], ['full/300,400', '0,0,1024,1024/256,256', '400,800,803,801/100,100']],
    ] as const) {
      const small = await decodeReduced(bytes, by);
      if (!small) throw new Error('not decoded');
      expect([small.widthPx, small.heightPx]).toEqual(sides);
      for (const tile of tiles) {
        const plan = planOf(...(tile.split('/') as [string, string]), whole.pixels);
        const [a, b] = [await cutTile(whole.pixels, plan), await cutTile(small, planOnSmaller(plan, whole.pixels, small))];
        expect([b.widthPx, b.heightPx]).toEqual([a.widthPx, a.heightPx]);
        expect([tile, meanDifference(a, b) < 12]).toEqual([tile, true]);
      }
    }
  });
  it('is used where nothing is lost by it, and nowhere else', () => {
    const page = { widthPx: 1203, heightPx: 1601 };
    const by = (region: string, size: string) => reductionFor(planOf(region, size, page));
    expect(['512,512', '500,512', '256,256', '257,256', '128,128', '100,90'].map((size) => by('0,0,512,512', size))).toEqual([
      1, 1, 2, 1, 4, 4,
    ]);
    expect(by('full', 'max')).toBe(1);
  });
  it('leaves a damaged picture to the decoder that says what can be shown', async () => {
    const bytes = await makePage();
    for (const by of [2, 4] as const) expect(await decodeReduced(bytes.subarray(0, bytes.length / 2), by)).toBeNull();
  });
});

describe('a tile at the page’s own size', () => {
  it('is the page’s own pixels, and gray or turned where that is asked', async () => {
    const whole = await decodePixels(await makePage());
    if ('kind' in whole) throw new Error('not decoded');
    const tile = await cutTile(whole.pixels, planOf('100,200,64,32', 'max', whole.pixels));
    for (const [x, y] of [
      [0, 0],
      [63, 31],
      [17, 9],
    ] as const) {
      const from = ((200 + y) * 1203 + 100 + x) * 3;
      expect(tile.data.subarray((y * 64 + x) * 3, (y * 64 + x) * 3 + 3)).toEqual(
        new Uint8Array(whole.pixels.data.subarray(from, from + 3)),
      );
    }
    expect((await cutTile(whole.pixels, planOf('100,200,64,32', 'max', whole.pixels, 'gray.jpg'))).channels).toBe(1);
  });
});

describe('a part decoded alone', () => {
  it('is what the whole page shows there, however the scan was turned', async () => {
    const bytes = await makePage();
    const scan = await decodePixels(bytes);
    if ('kind' in scan) throw new Error('not decoded');
    for (const turned of [0, 90, 180, 270] as const) {
      const whole = { crop: { x: 0, y: 0, width: 1203, height: 1601 }, widthPx: 1203, heightPx: 1601 };
      const plain = { mirror: false, quality: 'default', format: 'jpg' } as const;
      const upright = await cutTile(scan.pixels, { ...whole, ...plain, degrees: ((360 - turned) % 360) as 0 | 90 | 180 | 270 });
      for (const crop of [
        { x: 0, y: 0, width: 200, height: 100 },
        { x: upright.widthPx - 150, y: upright.heightPx - 90, width: 150, height: 90 },
        { x: 333, y: 411, width: 64, height: 512 },
      ]) {
        const there = cropOnScan(crop, turned, upright);
        const part = await decodeRegion(bytes, there, there.width, there.height);
        const turnedBack = await cutTile(part!, {
          ...planOnPart({ ...whole, ...plain, degrees: 0 }, part!),
          ...plain,
          degrees: ((360 - turned) % 360) as 0,
          widthPx: part!.widthPx,
          heightPx: part!.heightPx,
        });
        const shown = await cutTile(upright, { crop, ...plain, degrees: 0, widthPx: crop.width, heightPx: crop.height });
        expect([turned, turnedBack.widthPx, turnedBack.heightPx]).toEqual([turned, crop.width, crop.height]);
        expect([turned, crop.x, meanDifference(turnedBack, shown) < 0.5]).toEqual([turned, crop.x, true]);
      }
    }
  });
  it('is had only with the whole where the file itself says to turn it, or is damaged', async () => {
    const bytes = await makePage();
    const turnedByFile = await sharp(bytes).withMetadata({ orientation: 6 }).jpeg().toBuffer();
    const crop = { x: 0, y: 0, width: 100, height: 100 };
    expect(await decodeRegion(turnedByFile, crop, 100, 100)).toBeNull();
    expect(await decodeRegion(bytes.subarray(0, bytes.length / 2), { ...crop, y: 1400 }, 100, 100)).toBeNull();
  });
});
