import type { Rgb } from '../raster.ts';
import type { MeasuredPlace } from './measures.ts';

/** Skin: redder than the paper (Cr), darker than it, red over green over blue; red ink is far redder, brown stains are paler. */
const SKIN_CR: readonly [number, number] = [9, 46];
const SKIN_DARKER = 14;
const DARKEST = 42;
const LEAST_01 = 0.035;
const MOST_01 = 0.45;
/** Area over that of the ellipse with the same spread: 1 for a full shape whichever way it points, far less for a ring, a crescent or letters. */
const FULL_01 = 0.8;

/** A finger is thick, a piece of a seal's ring at the edge is not: its lesser extent, as a share of the sheet's long side. */
const THICK_01 = 0.03;

interface Patch {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
  readonly cells: number;
  /** Area ÷ area of the ellipse of the same moments. */
  readonly fullness01: number;
  /** Lesser extent, whichever way it lies: that of a bar with the same spread. */
  readonly thickness: number;
}

/** A full blob of skin that reaches in from an edge. @param small the layout, shrunk @param unit pixels of the stored page per pixel of `small` */
export function findFinger(small: Rgb, paperLevel: number, unit: number): MeasuredPlace | null {
  const { width, height } = small;
  const isSkin = skinOf(small, paperLevel);
  const short = Math.min(width, height);
  const seen = new Uint8Array(width * height);
  for (const start of rim(width, height)) {
    if (seen[start] || !isSkin(start)) continue;
    const blob = grow(width, height, start, isSkin, seen);
    const [w, h] = [blob.right - blob.left, blob.bottom - blob.top];
    if (Math.min(w, h) < LEAST_01 * short || Math.max(w, h) > MOST_01 * short || blob.fullness01 < FULL_01) continue;
    if (blob.thickness < THICK_01 * Math.max(width, height)) continue;
    return { amount: Math.max(w, h) / short, box: [blob.left * unit, blob.top * unit, w * unit, h * unit] };
  }
  return null;
}

function skinOf({ data, width, height }: Rgb, paperLevel: number): (i: number) => boolean {
  const cr = (p: number) => 0.5 * data[p]! - 0.419 * data[p + 1]! - 0.081 * data[p + 2]!;
  const sample: number[] = [];
  for (let i = 0; i < width * height; i += 7) sample.push(cr(i * 3));
  const paperCr = sample.sort((a, b) => a - b)[sample.length >> 1] ?? 0;
  return (i) => {
    const p = i * 3;
    const [r, g, b] = [data[p]!, data[p + 1]!, data[p + 2]!];
    if (!(r > g && g >= b - 4)) return false;
    const luma = (r * 77 + g * 150 + b * 29) >> 8;
    const redder = cr(p) - paperCr;
    return redder >= SKIN_CR[0] && redder <= SKIN_CR[1] && luma < paperLevel - SKIN_DARKER && luma > DARKEST;
  };
}

function rim(width: number, height: number): number[] {
  const out: number[] = [];
  for (let x = 0; x < width; x++) out.push(x, (height - 1) * width + x);
  for (let y = 1; y < height - 1; y++) out.push(y * width, y * width + width - 1);
  return out;
}

/** The patch of cells that hangs together with the start. */
function grow(width: number, height: number, start: number, is: (i: number) => boolean, seen: Uint8Array): Patch {
  const stack = [start];
  seen[start] = 1;
  let [left, top, right, bottom, cells] = [width, height, 0, 0, 0];
  let [sx, sy, sxx, syy, sxy] = [0, 0, 0, 0, 0];
  for (let at = stack.pop(); at !== undefined; at = stack.pop()) {
    const x = at % width;
    const y = (at - x) / width;
    cells++;
    sx += x;
    sy += y;
    sxx += x * x;
    syy += y * y;
    sxy += x * y;
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
  const [mx, my] = [sx / cells, sy / cells];
  const [vx, vy, vxy] = [sxx / cells - mx * mx, syy / cells - my * my, sxy / cells - mx * my];
  const spread = vx * vy - vxy ** 2;
  const least = (vx + vy) / 2 - Math.sqrt(((vx - vy) / 2) ** 2 + vxy ** 2);
  return {
    left,
    top,
    right,
    bottom,
    cells,
    fullness01: cells / (4 * Math.PI * Math.sqrt(Math.max(spread, 1 / 144))),
    thickness: Math.sqrt(12 * Math.max(0, least)),
  };
}
