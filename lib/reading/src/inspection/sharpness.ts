import type { Gray } from '../raster.ts';

/** Fewer strong edges say nothing of sharpness. */
const MIN_EDGES = 300;
const MIN_STEP = 12;
const MIN_CONTRAST = 90;
/** Half the width in which an edge's lightest and darkest pixel are looked for. */
const REACH_PX = 5;

/** Share of the ink on a sheet, 5 % margins left out: dark edges and punched holes are not writing. */
export function inkShare01(ink: Gray): number {
  const margin = Math.round(Math.min(ink.width, ink.height) * 0.05);
  let set = 0;
  for (let y = margin; y < ink.height - margin; y++) {
    const end = (y + 1) * ink.width - margin;
    for (let i = y * ink.width + margin; i < end; i++) set += ink.data[i]!;
  }
  const n = (ink.height - 2 * margin) * (ink.width - 2 * margin);
  return n > 0 ? set / n : 0;
}

/** How steep the steepest tenth of the strong edges is: the share of their contrast that one pixel's step makes; null when there are few. */
export function edgeSlope01(gray: Gray): number | null {
  const { data, width, height } = gray;
  const margin = Math.round(Math.min(width, height) * 0.03) + 6;
  const slopes: number[] = [];
  const step = (i: number) => Math.abs(data[i + 1]! - data[i - 1]!) / 2;
  for (let y = margin; y < height - margin; y += 5) {
    for (let x = margin, i = y * width + margin; x < width - margin; x++, i++) {
      const here = step(i);
      if (here < MIN_STEP || here < step(i - 1) || here < step(i + 1)) continue;
      let low = 255;
      let high = 0;
      for (let k = i - REACH_PX; k <= i + REACH_PX; k++) {
        const v = data[k]!;
        if (v < low) low = v;
        if (v > high) high = v;
      }
      if (high - low >= MIN_CONTRAST) slopes.push(here / (high - low));
    }
  }
  if (slopes.length < MIN_EDGES) return null;
  slopes.sort((a, b) => a - b);
  return slopes[Math.floor(slopes.length * 0.9)]!;
}
