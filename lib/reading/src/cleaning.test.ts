import { describe, expect, it } from 'vitest';
import { binarise } from './binarise.ts';
import { findBoxRows } from './box-rows.ts';
import { boxesOfMap } from './detection.ts';
import { eraseRulings } from './erase-rulings.ts';
import { type Gray, isColourful, makeGray, putLumaInGreen, type Rgb, toGray } from './raster.ts';
import { chooseRegions } from './regions.ts';
import { findRulings, type Ruling } from './rulings.ts';
import { fadeStamps, findStamps } from './stamps.ts';

const [WIDTH, HEIGHT] = [1240, 1754];

function paper(): Rgb {
  return { width: WIDTH, height: HEIGHT, data: new Uint8Array(WIDTH * HEIGHT * 3).fill(240) };
}

function paint(image: Rgb, x0: number, y0: number, w: number, h: number, [r, g, b]: readonly [number, number, number]): void {
  for (let y = y0; y < y0 + h; y++) for (let x = x0; x < x0 + w; x++) image.data.set([r, g, b], (y * image.width + x) * 3);
}

function paintRing(image: Rgb, cx: number, cy: number, radius: number, colour: readonly [number, number, number]): void {
  for (let k = 0; k < 2000; k++) {
    const a = (k / 2000) * 2 * Math.PI;
    paint(image, Math.round(cx + radius * Math.cos(a)) - 3, Math.round(cy + radius * Math.sin(a)) - 3, 6, 6, colour);
  }
}

const RED = [205, 60, 70] as const;
const BLACK = [25, 25, 30] as const;
const greenAt = (image: Rgb, x: number, y: number) => image.data[(y * image.width + x) * 3 + 1]!;

describe('stamps', () => {
  it('fade to paper, and the writing under them stays', () => {
    const page = paper();
    paintRing(page, 700, 900, 95, RED);
    paint(page, 560, 895, 280, 8, BLACK);
    const stamps = findStamps(page, 1);
    expect(stamps).toHaveLength(1);
    fadeStamps(page, stamps, 1);
    expect(greenAt(page, 700, 805)).toBeGreaterThan(220);
    expect(greenAt(page, 605, 898)).toBeLessThan(40);
    expect(greenAt(page, 700, 898)).toBeLessThan(40);
  });

  it('are not red print standing in a row', () => {
    const page = paper();
    for (let k = 0; k < 5; k++) paintRing(page, 300 + k * 110, 300, 40, RED);
    for (let k = 0; k < 8; k++) paint(page, 300 + k * 60, 600, 50, 50, RED);
    expect(findStamps(page, 1)).toEqual([]);
  });

  it('are not the blue or black ink of a writer', () => {
    const page = paper();
    paintRing(page, 700, 900, 95, [40, 60, 150]);
    paintRing(page, 300, 900, 95, BLACK);
    expect(findStamps(page, 1)).toEqual([]);
  });
});

describe('eraseRulings', () => {
  it('paints the line over and leaves the stroke that crosses it', () => {
    const page = paper();
    paint(page, 100, 500, 900, 3, BLACK);
    paint(page, 400, 480, 5, 40, BLACK);
    const rulings = findRulings(binarise(toGray(page), 20, 16), 1);
    expect(rulings).toHaveLength(1);
    eraseRulings(page, { width: WIDTH, height: HEIGHT, skewRad: 0 }, rulings, 1);
    expect(greenAt(page, 200, 501)).toBeGreaterThan(220);
    expect(greenAt(page, 402, 485)).toBeLessThan(40);
    expect(greenAt(page, 402, 501)).toBeLessThan(40);
  });
});

const upright = (x: number, from: number, to: number): Ruling => ({ direction: 'upright', from, to, atFrom: x, atTo: x, thickness: 1 });

describe('isColourful', () => {
  it('tells a page on green ground from one with some coloured ink, and gives green the luma', () => {
    const page = paper();
    paint(page, 100, 100, 200, 40, [20, 50, 160]);
    expect(isColourful(page)).toBe(false);
    paint(page, 0, 300, WIDTH, 900, [169, 234, 122]);
    expect(isColourful(page)).toBe(true);
    putLumaInGreen(page);
    expect(greenAt(page, 5, 500)).toBe(201);
  });
});

describe('findBoxRows', () => {
  it('finds a row of eighteen boxes and not the columns of a table', () => {
    const boxes = Array.from({ length: 19 }, (_, i) => upright(300 + i * 32, 400, 440));
    const columns = [100, 260, 500, 700, 940].map((x) => upright(x, 300, 900));
    const rows = findBoxRows([...columns, ...boxes], 1);
    expect(rows.map((r) => r.boxes.length)).toEqual([18]);
  });

  it('keeps a row together whose walls were not all traced to their ends', () => {
    const boxes = Array.from({ length: 19 }, (_, i) => upright(300 + i * 32, i % 3 ? 408 : 400, i % 2 ? 433 : 440));
    expect(findBoxRows(boxes, 1).map((r) => r.boxes.length)).toEqual([18]);
  });
});

describe('chooseRegions', () => {
  const ink = (...marks: readonly (readonly [number, number, number, number])[]): Gray => {
    const out = makeGray(WIDTH, HEIGHT);
    for (const [x0, y0, w, h] of marks) for (let y = y0; y < y0 + h; y++) out.data.fill(1, y * WIDTH + x0, y * WIDTH + x0 + w);
    return out;
  };
  const input = { rulings: [], boxRows: [], scale: 2, unit: 1 };
  const box = (left: number, top: number, w: number, h: number) => ({ cx: left + w / 2, cy: top + h / 2, w, h, angleRad: 0 });

  it('cuts a box at the wall between two cells', () => {
    const regions = chooseRegions({ ...input, boxes: [box(200, 400, 800, 60)], rulings: [upright(300, 150, 300)], ink: ink() });
    expect(regions.map((r) => [r.rect.cx - r.rect.w / 2, r.rect.cx + r.rect.w / 2])).toEqual([
      [200, 600],
      [600, 1000],
    ]);
  });

  it('adds ink of a character’s size that no box covers, and no specks', () => {
    const regions = chooseRegions({
      ...input,
      boxes: [box(200, 400, 400, 60)],
      ink: ink([120, 205, 24, 24], [500, 205, 24, 24], [700, 300, 3, 3]),
    });
    expect(regions).toHaveLength(2);
    expect(regions[1]!.source).toBe('cell');
    expect(regions[1]!.rect.cx).toBeCloseTo(1024, 0);
  });

  it('takes the characters of a tall box one by one', () => {
    const stacked = [0, 1, 2, 3].map((k) => [105, 210 + k * 32, 24, 22] as const);
    const [region] = chooseRegions({ ...input, boxes: [box(200, 400, 60, 270)], ink: ink(...stacked) });
    expect(region!.vertical).toBe(true);
    expect(region!.tiles).toHaveLength(4);
  });
});

describe('boxesOfMap', () => {
  it('grows a region by the share that the detector shrank it and leaves faint ones out', () => {
    const map = new Float32Array(64 * 64);
    for (let y = 20; y < 30; y++) for (let x = 10; x < 50; x++) map[y * 64 + x] = 0.9;
    for (let y = 50; y < 58; y++) for (let x = 10; x < 50; x++) map[y * 64 + x] = 0.35;
    const boxes = boxesOfMap(map, 64, 64, [2, 2], { pixel01: 0.3, region01: 0.5, unclip: 1.5 });
    expect(boxes).toHaveLength(1);
    expect(boxes[0]!.h).toBeGreaterThan(2 * 12);
    expect(boxes[0]!.cx).toBeCloseTo(60, 0);
  });
});
