import type { InkPiece } from '../components.ts';
import type { Gray } from '../raster.ts';

/** A page with more ink is written on, holes or not. */
const MOST_INK_01 = 0.006;
/** Punched and stitched holes: across, and from the nearest edge, as shares of the sheet's short side (1.3 to 9 mm, within 25 mm). */
const ACROSS_01: readonly [number, number] = [0.006, 0.044];
const FROM_EDGE_01 = 0.12;
const ROUND: readonly [number, number] = [0.7, 1.43];
/** A filled disc fills 0.785 of its box; letters less, rings far less. */
const FILL_01: readonly [number, number] = [0.62, 0.95];

/**
 * Share of the sheet without its 5 % margins that is punched holes and not ink: what would make a blank face look written on. 0 where there is more ink
 * than holes make.
 */
export function holeShare01({ width, height }: Gray, pieces: readonly InkPiece[], inkShare01: number): number {
  if (inkShare01 > MOST_INK_01) return 0;
  const short = Math.min(width, height);
  const margin = Math.round(short * 0.05);
  let pixels = 0;
  for (const p of pieces) {
    const [w, h] = [p.right - p.left, p.bottom - p.top];
    const across = Math.max(w, h);
    if (across < ACROSS_01[0] * short || across > ACROSS_01[1] * short || w < ROUND[0] * h || w > ROUND[1] * h) continue;
    const fill = p.pixels / (w * h);
    if (fill < FILL_01[0] || fill > FILL_01[1]) continue;
    const fromEdge = Math.min(p.left, p.top, width - p.right, height - p.bottom);
    if (fromEdge > FROM_EDGE_01 * short) continue;
    // What lies in the margin was not counted as ink either.
    const within = (low: number, high: number, end: number) =>
      Math.max(0, Math.min(high, end - margin) - Math.max(low, margin)) / (high - low);
    pixels += p.pixels * within(p.left, p.right, width) * within(p.top, p.bottom, height);
  }
  const n = (height - 2 * margin) * (width - 2 * margin);
  return n > 0 ? pixels / n : 0;
}
