import { type Gray, type Rgb, shrinkRgb, toGray } from '../raster.ts';
import { findFoldLine } from './fold-line.ts';
import type { MeasuredPlace } from './measures.ts';
import { findFinger } from './skin.ts';

/** What lies on or behind the sheet is looked for on a picture this much smaller than the layout. */
const SHRINK = 6;
/** How far a folded corner's ground is from paper. */
const GROUND_OFF_PAPER = 26;
/** Legs of a folded corner, as shares of the sheet's short side: smaller is dirt, larger a border. */
const CORNER_LEAST_01 = 0.035;
const CORNER_MOST_01 = 0.45;
interface Blob {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
  readonly cells: number;
}

/** What hides a part of the sheet: a folded corner, a finger. Boxes in pixels of the stored page. @param scale its pixels per pixel of the layout */
export function findObstructions(
  layout: Rgb,
  gray: Gray,
  paperLevel: number,
  scale: number,
): { readonly foldedCorner: MeasuredPlace | null; readonly finger: MeasuredPlace | null } {
  const small = shrinkRgb(layout, SHRINK);
  const unit = SHRINK * scale;
  if (Math.min(small.width, small.height) < 20) return { foldedCorner: null, finger: null };
  return {
    foldedCorner: findCorner(toGray(small), paperLevel, unit) ?? findFoldLine(gray, scale),
    finger: findFinger(small, paperLevel, unit),
  };
}

/** A three-sided patch in a corner that is not paper. Wedges of a skewed sheet have one leg as long as the sheet, a border four. */
function findCorner(gray: Gray, paperLevel: number, unit: number): MeasuredPlace | null {
  const { width, height, data } = gray;
  const off = (i: number) => Math.abs(data[i]! - paperLevel) > GROUND_OFF_PAPER;
  const short = Math.min(width, height);
  for (const [x, y] of [
    [0, 0],
    [width - 1, 0],
    [0, height - 1],
    [width - 1, height - 1],
  ] as const) {
    const blob = grow(width, height, [y * width + x], off);
    if (!blob) continue;
    const [w, h] = [blob.right - blob.left, blob.bottom - blob.top];
    if (Math.min(w, h) < CORNER_LEAST_01 * short || Math.max(w, h) > CORNER_MOST_01 * short || w > 3 * h || h > 3 * w) continue;
    const fill = blob.cells / (w * h);
    if (fill < 0.35 || fill > 0.72) continue;
    return { amount: Math.max(w, h) / short, box: [blob.left * unit, blob.top * unit, w * unit, h * unit] };
  }
  return null;
}

/** The patch of cells that hangs together with the start; null when the start is none of it. */
function grow(
  width: number,
  height: number,
  starts: readonly number[],
  is: (i: number) => boolean,
  seen: Uint8Array = new Uint8Array(width * height),
): Blob | null {
  const stack = starts.filter((i) => !seen[i] && is(i));
  if (!stack.length) return null;
  for (const i of stack) seen[i] = 1;
  let [left, top, right, bottom, cells] = [width, height, 0, 0, 0];
  for (let at = stack.pop(); at !== undefined; at = stack.pop()) {
    const x = at % width;
    const y = (at - x) / width;
    cells++;
    left = Math.min(left, x);
    right = Math.max(right, x + 1);
    top = Math.min(top, y);
    bottom = Math.max(bottom, y + 1);
    for (const next of [x > 0 ? at - 1 : -1, x < width - 1 ? at + 1 : -1, at - width, at + width]) {
      if (next < 0 || next >= width * height || seen[next] || !is(next)) continue;
      seen[next] = 1;
      stack.push(next);
    }
  }
  return { left, top, right, bottom, cells };
}
