import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { binarise } from '../binarise.ts';
import { type Rgb, toGray } from '../raster.ts';
import { estimateSkewDegrees } from '../skew.ts';
import { laidSize, layScan, optimise, planOptimising, type ScanLay, valueAt } from './index.ts';

type Colour = readonly [number, number, number];
const [WIDTH, HEIGHT] = [620, 877];
const INK: Colour = [35, 32, 40];
const SEAL: Colour = [200, 60, 70];
const STAIN: Colour = [214, 190, 150];

function paint(image: Rgb, x0: number, y0: number, w: number, h: number, [r, g, b]: Colour): void {
  for (let y = y0; y < y0 + h; y++) {
    for (let x = x0; x < x0 + w; x++) {
      const p = (y * image.width + x) * 3;
      image.data[p] = r;
      image.data[p + 1] = g;
      image.data[p + 2] = b;
    }
  }
}

/** Tinted paper under falling light, with grain, writing, a seal and a stain. */
function sheet(): Rgb {
  const image: Rgb = { width: WIDTH, height: HEIGHT, data: new Uint8Array(WIDTH * HEIGHT * 3) };
  let seed = 11;
  for (let y = 0, p = 0; y < HEIGHT; y++) {
    for (let x = 0; x < WIDTH; x++, p += 3) {
      seed = (seed * 1103515245 + 12345) & 0x7fffffff;
      const grain = ((seed >> 16) % 7) - 3 - Math.round((12 * (x + y)) / (WIDTH + HEIGHT));
      image.data[p] = 244 + grain;
      image.data[p + 1] = 240 + grain;
      image.data[p + 2] = 226 + grain;
    }
  }
  for (let y = 120; y < 760; y += 24) for (let x = 70; x < 540; x += 14) paint(image, x, y, 8, 3, INK);
  paint(image, 380, 600, 90, 14, SEAL);
  paint(image, 100, 640, 120, 60, STAIN);
  return image;
}

/** A scan of the sheet that lay askew on a black ground, as a scanner's bed shows it. */
function scanned(image: Rgb, skewDegrees: number): Rgb {
  const frame = { ...image, data: image.data };
  const { image: turned, reach } = layScan(
    frame,
    { orientation: 0, skewDegrees: -skewDegrees },
    { left: 0, top: 0, ...rightBottom(image, skewDegrees) },
  );
  for (let i = 0; i < reach.length; i++) if (!reach[i]) turned.data.fill(16, i * 3, i * 3 + 3);
  return turned;
}
const rightBottom = (image: Rgb, skewDegrees: number) => {
  const { width, height } = laidSize(image, { orientation: 0, skewDegrees: -skewDegrees });
  return { right: width, bottom: height };
};
const whole = (image: Rgb, lay: ScanLay) => {
  const { width, height } = laidSize(image, lay);
  return { left: 0, top: 0, right: width, bottom: height };
};

describe('laying a scan', () => {
  it('moves the pixels of a scan turned by quarters and changes none', () => {
    const small = fc.record({ width: fc.integer({ min: 1, max: 9 }), height: fc.integer({ min: 1, max: 9 }) });
    fc.assert(
      fc.property(small, fc.constantFrom(0, 90, 180, 270), ({ width, height }, orientation) => {
        const image: Rgb = { width, height, data: Uint8Array.from({ length: width * height * 3 }, (_, i) => (i * 37) & 255) };
        const lay = { orientation, skewDegrees: 0 } as ScanLay;
        const laid = layScan(image, lay, whole(image, lay));
        const back = { orientation: (360 - orientation) % 360, skewDegrees: 0 } as ScanLay;
        const again = layScan(laid.image, back, whole(laid.image, back));
        return laid.reach.every((r) => r === 1) && again.image.width === width && again.image.data.every((v, i) => v === image.data[i]);
      }),
    );
  });

  it.each([-1.7, 0.6])('levels a sheet that lay askew by %f degrees', (skewDegrees) => {
    const scan = scanned(sheet(), skewDegrees);
    const made = optimise(scan, planOptimising(scan, { orientation: 0, skewDegrees }));
    expect(Math.abs(estimateSkewDegrees(binarise(toGray(made), 20, 18)))).toBeLessThan(0.15);
  });
});

describe('the optimised image', () => {
  const scan = scanned(sheet(), 1.2);
  const plan = planOptimising(scan, { orientation: 0, skewDegrees: 1.2 });
  const laid = layScan(scan, plan, plan.cut);
  const made = optimise(scan, plan);

  it('is cut to the sheet: no dark ground, next to none of the sheet lost', () => {
    expect(made.width).toBeGreaterThan(WIDTH * 0.98);
    expect(made.height).toBeGreaterThan(HEIGHT * 0.98);
    const dark = (x: number, y: number) => made.data[(y * made.width + x) * 3 + 1]! < 75;
    for (let x = 0; x < made.width; x++) expect(dark(x, 0) || dark(x, made.height - 1)).toBe(false);
    for (let y = 0; y < made.height; y++) expect(dark(0, y) || dark(made.width - 1, y)).toBe(false);
  });

  it('leaves every pixel that is darker or more coloured than the paper as it was, but for the turn', () => {
    const paper = plan.paper!;
    expect(paper.threshold).toBeLessThan(17);
    let kept = 0;
    for (let i = 0; i < laid.reach.length; i++) {
      if (!laid.reach[i]) continue;
      const [x, y] = [i % made.width, Math.floor(i / made.width)];
      const at = paper.surface.map((s) => valueAt(s, ((x + 0.5) / made.width) * 2 - 1, ((y + 0.5) / made.height) * 2 - 1));
      const [r, g, b] = [0, 1, 2].map((c) => laid.image.data[i * 3 + c]!) as [number, number, number];
      const luma = (p: readonly number[]) => (p[0]! * 77 + p[1]! * 150 + p[2]! * 29) / 256;
      const off = Math.max(luma(at) - luma([r, g, b]), Math.abs(r - g - (at[0]! - at[1]!)), Math.abs(g - b - (at[1]! - at[2]!)));
      if (off < paper.threshold) continue;
      kept++;
      if ([r, g, b].some((v, c) => made.data[i * 3 + c] !== v)) expect.fail(`pixel ${x}, ${y} was changed`);
    }
    // The writing, the seal and the stain.
    expect(kept).toBeGreaterThan(25 * 34 * 24 + 90 * 14 + 120 * 60);
  });

  it('gives the background one colour, whatever the light and the grain', () => {
    const counts = new Map<number, number>();
    for (let p = 0; p < made.data.length; p += 3) counts.set(made.data[p + 1]!, (counts.get(made.data[p + 1]!) ?? 0) + 1);
    expect(counts.get(plan.paper!.colour[1])! / (made.width * made.height)).toBeGreaterThan(0.75);
  });

  it('cleans nothing where there is no paper, as on a photograph', () => {
    const photograph: Rgb = { width: 300, height: 300, data: new Uint8Array(300 * 300 * 3) };
    for (let y = 0, p = 0; y < 300; y++)
      for (let x = 0; x < 300; x++, p += 3) photograph.data.fill(128 + Math.round(110 * Math.sin(x / 9) * Math.cos(y / 13)), p, p + 3);
    const own = planOptimising(photograph, { orientation: 0, skewDegrees: 0 });
    expect(own.paper).toBeNull();
    expect(optimise(photograph, own).data.every((v, i) => v === photograph.data[i])).toBe(true);
  });

  it('cleans nothing on a photograph of paper, whose light and grain would take pale lines with them', () => {
    const rough = sheet();
    for (let p = 0, seed = 5; p < rough.data.length; p++) {
      seed = (seed * 1103515245 + 12345) & 0x7fffffff;
      rough.data[p] = Math.max(0, Math.min(255, rough.data[p]! + (((seed >> 16) % 61) - 30)));
    }
    expect(planOptimising(rough, { orientation: 0, skewDegrees: 0 }).paper).toBeNull();
  });

  it('loses no writing at the edge of a sheet: a row with writing is not ground', () => {
    const close = sheet();
    for (let x = 4; x < 610; x += 12) paint(close, x, 2, 7, 6, INK);
    const own = planOptimising(close, { orientation: 0, skewDegrees: 0 });
    expect(own.cut).toEqual({ left: 0, top: 0, right: WIDTH, bottom: HEIGHT });
  });
});
