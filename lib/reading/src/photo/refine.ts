import { type Rgb, toGray } from '../raster.ts';
import { type Corners, distance, type Line, lineThrough, meet, orderCorners, type Point } from './quadrangle.ts';

/** Places along a side at which its edge is looked for. */
const PLACES = 64;
/** The ends of a side are left out: corners are bent, and neighbours' edges are near. */
const ENDS_01 = 0.06;
const ROUNDS = 5;

/**
 * Finds the sides again on a larger picture, to a part of a pixel: at places along each the steepest change across is looked for, and a line laid
 * through what agrees. A side of which too little agrees, and one that is the picture's edge, stays.
 * @param reachPx how far the true side may lie from the one given
 */
export function refineCorners(image: Rgb, corners: Corners, isFixed: readonly boolean[], reachPx: number): Corners {
  const gray = toGray(image);
  const channels = channelsOf(image);
  const lines = corners.map((from, i) => {
    const to = corners[(i + 1) % 4]!;
    const line = lineThrough(from, to);
    if (isFixed[i]) return line;
    return fitSide([gray.data, ...channels], image, from, to, line, reachPx) ?? line;
  });
  const places = corners.map((corner, i) => meet(lines[(i + 3) % 4]!, lines[i]!) ?? corner);
  const refined = orderCorners(places);
  if (!refined) return corners;
  return refined.every((p, i) => distance(p, corners[i]!) <= 4 * reachPx) ? refined : corners;
}

function channelsOf({ data, width, height }: Rgb): Uint8Array[] {
  const [redGreen, blueYellow] = [new Uint8Array(width * height), new Uint8Array(width * height)];
  for (let i = 0, p = 0; i < width * height; i++, p += 3) {
    redGreen[i] = 128 + ((data[p]! - data[p + 1]!) >> 1);
    blueYellow[i] = 128 + ((2 * data[p + 2]! - data[p]! - data[p + 1]!) >> 2);
  }
  return [redGreen, blueYellow];
}

function fitSide(
  planes: readonly Uint8Array[],
  size: { readonly width: number; readonly height: number },
  from: Point,
  to: Point,
  line: Line,
  reachPx: number,
): Line | null {
  const found: { t: number; d: number; weight: number }[] = [];
  const length = distance(from, to);
  const half = Math.max(1, Math.floor(length / PLACES / 2));
  for (let i = 0; i < PLACES; i++) {
    const t = ENDS_01 + ((1 - 2 * ENDS_01) * (i + 0.5)) / PLACES;
    const at = { x: from.x + (to.x - from.x) * t, y: from.y + (to.y - from.y) * t };
    const hit = steepest(planes, size, at, line, reachPx, Math.min(half, 8));
    if (hit) found.push({ t: t * length, ...hit });
  }
  if (found.length < PLACES / 3) return null;
  let [level, slope] = [0, 0];
  for (let round = 0, reach = reachPx; round < ROUNDS; round++, reach = Math.max(1.5, reach / 2)) {
    const fit = weighted(found.filter((f) => Math.abs(f.d - level - slope * f.t) <= reach));
    if (!fit) return null;
    [level, slope] = fit;
  }
  const agreed = found.filter((f) => Math.abs(f.d - level - slope * f.t) <= 3).length;
  if (agreed < found.length / 3) return null;
  const moved = (p: Point, d: number) => ({ x: p.x + line.nx * d, y: p.y + line.ny * d });
  return lineThrough(moved(from, level), moved(to, level + slope * length));
}

/** Least squares of d over t; null when too few. */
function weighted(found: readonly { t: number; d: number; weight: number }[]): [number, number] | null {
  if (found.length < 8) return null;
  let [w, st, sd] = [0, 0, 0];
  for (const f of found) {
    w += f.weight;
    st += f.weight * f.t;
    sd += f.weight * f.d;
  }
  const [mt, md] = [st / w, sd / w];
  let [stt, std] = [0, 0];
  for (const f of found) {
    stt += f.weight * (f.t - mt) * (f.t - mt);
    std += f.weight * (f.t - mt) * (f.d - md);
  }
  const slope = stt > 0 ? std / stt : 0;
  return [md - slope * mt, slope];
}

/** How far off the line the change across is steepest, each step the mean of a short stretch along the line. */
function steepest(
  planes: readonly Uint8Array[],
  { width, height }: { readonly width: number; readonly height: number },
  at: Point,
  { nx, ny }: Line,
  reachPx: number,
  half: number,
): { d: number; weight: number } | null {
  const steps = Math.ceil(reachPx) + 3;
  const sums = planes.map(() => new Float64Array(2 * steps + 1));
  for (let d = -steps; d <= steps; d++)
    for (let s = -half; s <= half; s++) {
      const x = Math.floor(at.x + nx * d - ny * s);
      const y = Math.floor(at.y + ny * d + nx * s);
      if (x < 0 || y < 0 || x >= width || y >= height) return null;
      for (const [c, plane] of planes.entries()) sums[c]![d + steps]! += plane[y * width + x]!;
    }
  const change = (k: number) => {
    let most = 0;
    for (const sum of sums) most = Math.max(most, Math.abs(sum[k + 1]! + sum[k + 2]! - sum[k - 1]! - sum[k - 2]!));
    return most;
  };
  let [best, size] = [-1, 0];
  for (let k = 2; k <= 2 * steps - 2; k++) {
    const c = change(k);
    if (c > size) [best, size] = [k, c];
  }
  const least = 2 * 3 * (2 * half + 1);
  if (size < least) return null;
  const [before, after] = [best > 2 ? change(best - 1) : size, best < 2 * steps - 2 ? change(best + 1) : size];
  const bend = before - 2 * size + after;
  const part = bend < 0 ? (before - after) / (2 * bend) : 0;
  return { d: best - steps + part, weight: Math.min(1, size / (8 * least)) };
}
