import { describe, expect, it } from 'vitest';
import { inkPieces } from './components.ts';
import { type Gray, makeGray } from './raster.ts';
import { enlargementFor, measureText } from './text-size.ts';

/** Rows of hollow characters of one size, a frame round them and some specks. */
function pageOf(width: number, height: number, textPx: number): Gray {
  const ink = makeGray(width, height);
  const set = (x: number, y: number) => {
    if (x < width && y < height) ink.data[y * width + x] = 1;
  };
  const box = (x: number, y: number, w: number, h: number, stroke: number) => {
    for (let k = 0; k < stroke; k++) {
      for (let i = 0; i < w; i++) for (const v of [y + k, y + h - 1 - k]) set(x + i, v);
      for (let i = 0; i < h; i++) for (const u of [x + k, x + w - 1 - k]) set(u, y + i);
    }
  };
  box(2, 2, width - 4, height - 4, 2);
  for (let y = 10; y + textPx < height - 10; y += textPx * 2) {
    for (let x = 10; x + textPx < width - 10; x += Math.round(textPx * 1.3)) box(x, y, textPx, textPx, Math.max(1, textPx >> 3));
    set(5, y);
  }
  return ink;
}

const measure = (ink: Gray) => measureText(ink, inkPieces(ink));

describe('the size of text', () => {
  it('leaves a page of usual text measured by its sides', () => {
    expect(measure(pageOf(1240, 1754, 25))).toEqual({ unit: 1, textPx: 25 });
    expect(measure(pageOf(1240, 1754, 34)).unit).toBe(1);
  });
  it('measures slips, cards and parts by their text, whatever their sides', () => {
    expect(measure(pageOf(300, 187, 18))).toEqual({ unit: 18 / 25, textPx: 18 });
    expect(measure(pageOf(1167, 54, 15)).unit).toBeCloseTo(0.6);
    expect(measure(pageOf(800, 800, 70)).unit).toBeCloseTo(2.8);
  });
  it('says nothing of a page with next to no ink', () => {
    expect(measure(makeGray(620, 877))).toEqual({ unit: 0.5, textPx: null });
    expect(measure(pageOf(90, 60, 30))).toMatchObject({ textPx: null });
  });
  it('asks for small text to be enlarged, never beyond the layout of a page', () => {
    const by = (textPx: number | null, longSidePx: number) => enlargementFor({ unit: 1, textPx }, longSidePx, 1754);
    expect([by(null, 300), by(18, 300), by(25, 1754)]).toEqual([1, 1, 1]);
    expect(by(12.5, 300)).toBe(2);
    expect(by(6, 300)).toBe(3);
    expect(by(10, 1000)).toBeCloseTo(1.754);
    expect(by(12, 1600)).toBe(1);
  });
});
