import type { Gray } from '../raster.ts';
import type { MeasuredPlace } from './measures.ts';

/** The line is looked for on a picture this much smaller than the layout. */
const SHRINK = 3;
/** Legs of the corner that is missing, as shares of the sheet's short side. */
const LEAST_01 = 0.024;
const MOST_01 = 0.36;
/** One leg may be so much longer than the other: beyond it is a sheet that lies askew. */
const MOST_ASPECT = 2.6;
const STEP = 2;
/** How far on either side of the line the two levels are taken. */
const REACH = 2;
/** A fold throws a shadow or shows a lid: all along, one side is darker by so much. */
const LEAST_STEP = 5;
const USUAL_STEP = 8;
const ALONG_01 = 0.93;

/**
 * A corner folded over: a straight line from edge to edge across a corner, all along which the lid behind, or its shadow, differs from the sheet. Finds what
 * a white lid hides from a search for dark ground. Stains and seals at a corner are round, ruled lines run along the sheet. Box in pixels of the stored page.
 * @param scale pixels of the stored page per pixel of `gray`
 */
export function findFoldLine(gray: Gray, scale: number): MeasuredPlace | null {
  const small = shrinkGray(gray);
  const short = Math.min(small.width, small.height);
  const [least, most] = [Math.max(8, short * LEAST_01), short * MOST_01];
  let best: { strength: number; corner: number; x: number; y: number } | null = null;
  for (let corner = 0; corner < 4; corner++) {
    const at = cornerView(small, corner);
    for (let x = least; x <= most; x += STEP) {
      for (let y = Math.max(least, x / MOST_ASPECT); y <= Math.min(most, x * MOST_ASPECT); y += STEP) {
        const strength = strengthOf(at, x, y);
        if (strength > (best?.strength ?? 0)) best = { strength, corner, x, y };
      }
    }
  }
  if (!best) return null;
  const unit = SHRINK * scale;
  const [w, h] = [best.x * unit, best.y * unit];
  const left = best.corner % 2 ? gray.width * scale - w : 0;
  const top = best.corner > 1 ? gray.height * scale - h : 0;
  return { amount: Math.max(best.x, best.y) / short, box: [left, top, w, h] };
}

/** The picture as seen from a corner: 0 top left, 1 top right, 2 bottom left, 3 bottom right. */
function cornerView({ data, width, height }: Gray, corner: number): (x: number, y: number) => number {
  const [isRight, isBottom] = [corner % 2 === 1, corner > 1];
  return (x, y) => {
    const u = Math.min(width - 1, Math.max(0, Math.round(x)));
    const v = Math.min(height - 1, Math.max(0, Math.round(y)));
    return data[(isBottom ? height - 1 - v : v) * width + (isRight ? width - 1 - u : u)]!;
  };
}

/** The usual step across the line from (x, 0) to (0, y); 0 where it is not one line all along. */
function strengthOf(at: (x: number, y: number) => number, x: number, y: number): number {
  const length = Math.hypot(x, y);
  const [nx, ny] = [(y / length) * REACH, (x / length) * REACH];
  const points = Math.max(10, Math.round(length / 2));
  const mayMiss = Math.floor(points * (1 - ALONG_01));
  let up = 0;
  let down = 0;
  let sum = 0;
  let inner = 0;
  let outer = 0;
  for (let i = 0; i < points; i++) {
    const t = 0.04 + (0.92 * i) / (points - 1);
    const [px, py] = [x * (1 - t), y * t];
    const [sheet, corner] = [at(px + nx, py + ny), at(px - nx, py - ny)];
    const step = sheet - corner;
    inner += sheet / points;
    outer += corner / points;
    sum += Math.min(60, Math.abs(step));
    if (step >= LEAST_STEP) up++;
    else if (step <= -LEAST_STEP) down++;
    if (Math.min(i + 1 - up, i + 1 - down) > mayMiss) return 0;
  }
  if (sum / points < USUAL_STEP) return 0;
  // Past the fold the sheet goes on along the edge; past a border's end there is border.
  const goesOn = (v: number) => Math.abs(v - inner) < Math.abs(v - outer);
  return [1.25, 1.5].every((past) => goesOn(at(x * past + 3, 1)) && goesOn(at(1, y * past + 3))) ? sum / points : 0;
}

/** Means of 3 × 3 pixels. */
function shrinkGray({ data, width, height }: Gray): Gray {
  const [w, h] = [Math.floor(width / SHRINK), Math.floor(height / SHRINK)];
  const out = new Uint8Array(w * h);
  for (let y = 0, o = 0; y < h; y++) {
    for (let x = 0; x < w; x++, o++) {
      const i = y * SHRINK * width + x * SHRINK;
      const [j, k] = [i + width, i + 2 * width];
      out[o] =
        (data[i]! + data[i + 1]! + data[i + 2]! + data[j]! + data[j + 1]! + data[j + 2]! + data[k]! + data[k + 1]! + data[k + 2]!) / 9;
    }
  }
  return { data: out, width: w, height: h };
}
