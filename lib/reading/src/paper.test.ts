import { describe, expect, it } from 'vitest';
import { paperOf } from './paper.ts';
import { type Gray, makeGray, type Rgb } from './raster.ts';
import { detectorInput } from './tensors.ts';

const SIDE = 256;

/** A page of one level with a bar of another across its middle. */
function pageWith(paper: number, bar: number): Rgb {
  const data = new Uint8Array(SIDE * SIDE * 3).fill(paper);
  data.fill(bar, 120 * SIDE * 3, 130 * SIDE * 3);
  return { width: SIDE, height: SIDE, data };
}

const NO_INK = makeGray(SIDE, SIDE);

/** Levels that the detector is shown of a page's middle column, in the green plane. */
function shownOf(image: Rgb, ink: Gray = NO_INK): number[] {
  const room = (_: 'page' | 'line', count: number) => new Float32Array(count);
  const input = detectorInput({ image, paper: paperOf(image, ink) }, { width: SIDE, height: SIDE, skewRad: 0 }, 1, { room });
  const plane = SIDE * SIDE;
  return Array.from({ length: SIDE }, (_, y) => Math.round((input.data[plane + y * SIDE + SIDE / 2]! * 0.224 + 0.456) * 255));
}

describe('what the detector is shown', () => {
  it('is paper where something is hardly darker than the paper', () => {
    expect(new Set(shownOf(pageWith(240, 225)))).toEqual(new Set([240]));
  });

  it('is writing as it is, black or faint', () => {
    for (const level of [20, 190]) expect(shownOf(pageWith(240, level))[125]).toBe(level);
  });

  it('is all as it is near ink: the soft edge of a stroke is the stroke', () => {
    const ink = makeGray(SIDE, SIDE);
    ink.data.fill(1, 120 * SIDE, 122 * SIDE);
    const shown = shownOf(pageWith(240, 225), ink);
    expect([shown[121], shown[129]]).toEqual([225, 240]);
  });

  it('is light writing on a dark ground as it is', () => {
    const shown = shownOf(pageWith(40, 60));
    expect([shown[10], shown[125]]).toEqual([40, 60]);
  });

  it('goes from paper to writing without a step', () => {
    const levels = Array.from({ length: 61 }, (_, depth) => shownOf(pageWith(240, 240 - depth))[125]!);
    for (let depth = 1; depth < levels.length; depth++) {
      expect(levels[depth]).toBeLessThanOrEqual(levels[depth - 1]!);
      expect(levels[depth - 1]! - levels[depth]!).toBeLessThanOrEqual(4);
    }
  });
});

describe('paperOf', () => {
  it('is not misled by dense writing, and knows each part of an unevenly lit page', () => {
    const data = new Uint8Array(SIDE * SIDE * 3);
    for (let p = 0; p < SIDE * SIDE; p++) {
      const [x, y] = [p % SIDE, Math.floor(p / SIDE)];
      const paper = x < SIDE / 2 ? 200 : 240;
      data.fill(y % 5 < 3 ? 30 : paper, p * 3, p * 3 + 3);
    }
    const levels = paperOf({ width: SIDE, height: SIDE, data }, NO_INK);
    expect([levels.data[0], levels.data[levels.width - 1]]).toEqual([200, 240]);
  });
});
