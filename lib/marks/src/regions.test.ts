import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { PaperField } from './paper.ts';
import { fullestRegions, regionAbout } from './regions.ts';

const [WIDTH, HEIGHT, SIDE] = [400, 240, 96] as const;

/** A blank panel of a program, with grain from a column on. */
function fieldWith(grainFrom: number): PaperField {
  const value = Float32Array.from({ length: WIDTH * HEIGHT }, (_, i) => (i % WIDTH < grainFrom ? 0 : ((i * 7) % 5) - 2));
  return { widthPx: WIDTH, heightPx: HEIGHT, value, weight: new Float32Array(WIDTH * HEIGHT).fill(1) };
}

describe('where a mark is sought first', () => {
  it('is where the grain of paper is, though a panel of a program is as light', () => {
    const regions = fullestRegions(fieldWith(250), SIDE, 3);
    expect(regions.length).toBeGreaterThan(1);
    for (const { x } of regions) expect(x).toBeGreaterThanOrEqual(250 - SIDE / 4);
  });

  it('is nowhere on a blank', () => {
    expect(fullestRegions(fieldWith(WIDTH), SIDE, 3)).toEqual([]);
  });

  it('lies inside, with no two places nearly the same', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 300 }), fc.integer({ min: 70, max: 500 }), (from, side) => {
        const regions = fullestRegions(fieldWith(from), side, 3);
        for (const [i, a] of regions.entries()) {
          expect(a.x >= 0 && a.y >= 0 && a.x + a.width <= WIDTH && a.y + a.height <= HEIGHT).toBe(true);
          for (const b of regions.slice(i + 1)) expect(Math.max(Math.abs(a.x - b.x), Math.abs(a.y - b.y))).toBeGreaterThanOrEqual(side / 2);
        }
      }),
      { numRuns: 30 },
    );
  });

  it('grows about its middle and stays inside', () => {
    const region = { x: 10, y: 100, width: 40, height: 40 };
    expect(regionAbout(fieldWith(0), region, 80)).toEqual({ x: 0, y: 80, width: 80, height: 80 });
    expect(regionAbout(fieldWith(0), region, 1000)).toEqual({ x: 0, y: 0, width: WIDTH, height: HEIGHT });
  });
});
