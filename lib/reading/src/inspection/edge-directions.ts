import type { Gray } from '../raster.ts';

/** Fewer edges say nothing of sharpness. */
const MIN_EDGES = 300;
/** Half the width in which an edge's lightest and darkest pixel are looked for: wider where blur has spread the strokes. */
const REACH_PX = 5;
const WIDE_REACH_PX = 8;
/** Steps and contrasts of edges that count: of print in focus, and of strokes that blur has washed out. */
const STRONG = { minStep: 12, minContrast: 90, reachPx: REACH_PX } as const;
const WASHED = { minStep: 3, minContrast: 28, reachPx: WIDE_REACH_PX } as const;

/** Of the edges in order of their steepness: print in focus reaches 0.46 and more here, page upon page. */
const RANK_01 = 0.7;

/**
 * How steep edges are in the direction that shows less, level or upright: a page moved while it was taken keeps its edges along the movement and loses those
 * across it. The share of an edge's contrast that one pixel's step makes, of the steepest three in ten. Where no strong edge is left on a page with
 * writing the washed out ones are looked at. Null where there are few edges.
 */
export function edgeSlope01(gray: Gray, inkShare01: number): number | null {
  const isWritten = inkShare01 >= 0.006;
  const along = (isDown: boolean) => slope01(gray, isDown, STRONG) ?? (isWritten ? slope01(gray, isDown, WASHED) : null);
  const [level, upright] = [along(false), along(true)];
  if (level === null || upright === null) return level ?? upright;
  return Math.min(level, upright);
}

/** The same along one direction. */
function slope01(
  { data, width, height }: Gray,
  isDown: boolean,
  { minStep, minContrast, reachPx }: { readonly minStep: number; readonly minContrast: number; readonly reachPx: number },
): number | null {
  const margin = Math.round(Math.min(width, height) * 0.03) + reachPx + 1;
  const along = isDown ? width : 1;
  const [stepX, stepY] = isDown ? [5, 1] : [1, 5];
  const slopes: number[] = [];
  for (let y = margin; y < height - margin; y += stepY) {
    for (let x = margin; x < width - margin; x += stepX) {
      const i = y * width + x;
      const here = Math.abs(data[i + along]! - data[i - along]!);
      if (here < 2 * minStep) continue;
      if (here < Math.abs(data[i]! - data[i - 2 * along]!) || here < Math.abs(data[i + 2 * along]! - data[i]!)) continue;
      let low = 255;
      let high = 0;
      for (let k = i - reachPx * along, n = -reachPx; n <= reachPx; n++, k += along) {
        const v = data[k]!;
        if (v < low) low = v;
        if (v > high) high = v;
      }
      if (high - low >= minContrast) slopes.push(here / 2 / (high - low));
    }
  }
  if (slopes.length < MIN_EDGES) return null;
  slopes.sort((a, b) => a - b);
  return slopes[Math.floor(slopes.length * RANK_01)]!;
}
