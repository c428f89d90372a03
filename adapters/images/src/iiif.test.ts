import fc from 'fast-check';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { findImageRequest, imageInfo, planTile } from './iiif.ts';
import { cutTile, encodeTile } from './tile.ts';
import type { Pixels } from './types.ts';

const page = { widthPx: 1000, heightPx: 1400 };
const plan = (path: string, of = page) => {
  const [region, size, rotation, last] = path.split('/') as [string, string, string, string];
  const request = findImageRequest(region, size, rotation, last);
  return request && planTile(request, of);
};

/** Every pixel tells where it is: red its column, green its row. */
function map(widthPx: number, heightPx: number): Pixels {
  const data = new Uint8Array(widthPx * heightPx * 3);
  for (let y = 0; y < heightPx; y++) for (let x = 0; x < widthPx; x++) data.set([x, y, 100], (y * widthPx + x) * 3);
  return { widthPx, heightPx, channels: 3, data };
}
const at = (p: Pixels, x: number, y: number) => [
  ...p.data.subarray((y * p.widthPx + x) * p.channels, (y * p.widthPx + x) * p.channels + p.channels),
];

describe('IIIF image requests', () => {
  it('of the examples of the specification are planned as it says', () => {
    const whole = { x: 0, y: 0, width: 1000, height: 1400 };
    expect(plan('full/max/0/default.jpg')).toMatchObject({ crop: whole, widthPx: 1000, heightPx: 1400, degrees: 0, mirror: false });
    expect(plan('square/max/0/default.jpg')?.crop).toEqual({ x: 0, y: 200, width: 1000, height: 1000 });
    expect(plan('125,15,120,140/max/0/default.jpg')?.crop).toEqual({ x: 125, y: 15, width: 120, height: 140 });
    expect(plan('pct:41.6,7.5,40,70/max/0/default.jpg')?.crop).toEqual({ x: 416, y: 105, width: 400, height: 980 });
    expect(plan('125,1350,200,200/max/0/default.jpg')?.crop).toEqual({ x: 125, y: 1350, width: 200, height: 50 });
    expect(plan('full/150,/0/default.jpg')).toMatchObject({ widthPx: 150, heightPx: 210 });
    expect(plan('full/,140/0/default.jpg')).toMatchObject({ widthPx: 100, heightPx: 140 });
    expect(plan('full/pct:50/0/default.jpg')).toMatchObject({ widthPx: 500, heightPx: 700 });
    expect(plan('full/225,100/0/default.jpg')).toMatchObject({ widthPx: 225, heightPx: 100 });
    expect(plan('full/!225,100/0/default.jpg')).toMatchObject({ widthPx: 71, heightPx: 100 });
    expect(plan('full/^2000,/!90/gray.png')).toMatchObject({
      widthPx: 2000,
      heightPx: 2800,
      mirror: true,
      degrees: 90,
      quality: 'gray',
      format: 'png',
    });
  });
  it('that ask for more than there is, or for nothing, get no plan', () => {
    for (const path of [
      'full/2000,/0/default.jpg',
      'full/pct:101/0/default.jpg',
      'full/pct:0/0/default.jpg',
      'full/0,/0/default.jpg',
      'full/,/0/default.jpg',
      'full/full/0/default.jpg',
      '1000,0,10,10/max/0/default.jpg',
      '0,0,0,10/max/0/default.jpg',
      '0.5,0,10,10/max/0/default.jpg',
      '-1,0,10,10/max/0/default.jpg',
      'full/^999999999,/0/default.jpg',
      'full/max/45/default.jpg',
      'full/max/360/default.jpg',
      'full/max/0/default.gif',
      'full/max/0/native.jpg',
      'full/max/0/default',
      '../max/0/default.jpg',
    ])
      expect([path, plan(path)]).toEqual([path, null]);
    expect(plan('full/!2000,2000/0/default.jpg')).toMatchObject({ widthPx: 1000, heightPx: 1400 });
  });
  it('never plan a pixel outside the page, whatever the numbers', () => {
    const n = fc.integer({ min: 0, max: 3000 });
    fc.assert(
      fc.property(
        n,
        n,
        n,
        n,
        fc.constantFrom('px', 'pct'),
        fc.constantFrom('max', '^max', '50,', ',50', '!30,40', '^5000,'),
        (x, y, w, h, kind, size) => {
          const region =
            kind === 'px' ? `${x},${y},${w},${h}` : `pct:${x / 30},${y / 30},${w / 30},${h / 30}`.replace(/(\.\d{6})\d+/g, '$1');
          const made = plan(`${region}/${size}/0/default.jpg`);
          if (!made) return;
          expect(made.crop.x + made.crop.width).toBeLessThanOrEqual(page.widthPx);
          expect(made.crop.y + made.crop.height).toBeLessThanOrEqual(page.heightPx);
          expect(Math.min(made.crop.width, made.crop.height, made.widthPx, made.heightPx)).toBeGreaterThan(0);
        },
      ),
    );
  });
  it('all tiles that info.json announces are planned', () => {
    const info = imageInfo('https://archive.example/iiif/1', page);
    expect(info.tiles[0]!.scaleFactors).toEqual([1, 2, 4]);
    for (const f of info.tiles[0]!.scaleFactors)
      for (let y = 0; y < page.heightPx; y += 512 * f)
        for (let x = 0; x < page.widthPx; x += 512 * f) {
          const w = Math.min(512 * f, page.widthPx - x);
          const h = Math.min(512 * f, page.heightPx - y);
          expect(plan(`${x},${y},${w},${h}/${Math.ceil(w / f)},${Math.ceil(h / f)}/0/default.jpg`)).not.toBeNull();
        }
    for (const s of info.sizes) expect(plan(`full/${s.width},${s.height}/0/default.jpg`)).not.toBeNull();
  });
});

describe('tiles', () => {
  it('hold the pixels of their region', async () => {
    const source = map(200, 160);
    const cut = await cutTile(source, plan('30,40,50,60/max/0/default.jpg', source)!);
    expect(cut).toMatchObject({ widthPx: 50, heightPx: 60, channels: 3 });
    expect(at(cut, 0, 0)).toEqual([30, 40, 100]);
    expect(at(cut, 49, 59)).toEqual([79, 99, 100]);
  });
  it('are mirrored first and turned clockwise after', async () => {
    const source = map(200, 160);
    const turned = await cutTile(source, plan('30,40,50,60/max/90/default.jpg', source)!);
    expect(turned).toMatchObject({ widthPx: 60, heightPx: 50 });
    expect(at(turned, 59, 0)).toEqual([30, 40, 100]);
    const mirrored = await cutTile(source, plan('30,40,50,60/max/!90/default.jpg', source)!);
    expect(at(mirrored, 59, 0)).toEqual([79, 40, 100]);
  });
  it('come in gray and in black and white, and encode in each format', async () => {
    const source = map(200, 160);
    const gray = await cutTile(source, plan('full/100,/0/gray.jpg', source)!);
    expect(gray.channels).toBe(1);
    const bitonal = await cutTile(source, plan('full/100,/0/bitonal.jpg', source)!);
    expect([...new Set(bitonal.data)].every((v) => v === 0 || v === 255)).toBe(true);
    for (const format of ['jpg', 'png', 'webp'] as const) {
      const { mediaType, bytes } = await encodeTile(gray, format);
      expect(mediaType).toBe(`image/${format === 'jpg' ? 'jpeg' : format}`);
      expect(await sharp(bytes).metadata()).toMatchObject({ width: 100, height: 80 });
    }
  });
});
