import type { Rect } from './frame.ts';

/** Limits of the text detector's map, after PaddleOCR's DB post-processing. */
export interface DetectionLimits {
  /** A pixel belongs to text above this. */
  readonly pixel01: number;
  /** A region is kept when its mean is above this. */
  readonly region01: number;
  /** How far a region grows: area × this ÷ perimeter. */
  readonly unclip: number;
}

/** A text region found by the detector. */
export interface DetectedBox extends Rect {
  readonly score01: number;
}

interface Region {
  /** First row, and for each row from there its first and last pixel. */
  readonly top: number;
  readonly rows: readonly (readonly [from: number, to: number])[];
  readonly pixels: number;
}

/** Turned by less than this a region is taken as level: the page is deskewed, so a small angle is the shape of its characters. */
const LEVEL_RAD = (4 * Math.PI) / 180;

/**
 * Text boxes from the detector's probability map.
 * @param map probabilities row by row, `width` × `height`
 * @param scale page pixels per map pixel, across and down
 */
export function boxesOfMap(
  map: Float32Array,
  width: number,
  height: number,
  scale: readonly [number, number],
  limits: DetectionLimits,
): DetectedBox[] {
  const seen = new Uint8Array(width * height);
  const stack: number[] = [];
  const out: DetectedBox[] = [];
  for (let s = 0; s < map.length; s++) {
    if (map[s]! <= limits.pixel01 || seen[s]) continue;
    const region = fillRegion(map, width, height, s, limits.pixel01, seen, stack);
    if (region.pixels < 6) continue;
    const rect = rectOfRegion(region);
    if (Math.min(rect.w, rect.h) < 3) continue;
    const score01 = meanInside(map, width, height, rect);
    if (score01 < limits.region01) continue;
    const grow = (rect.w * rect.h * limits.unclip) / (2 * (rect.w + rect.h));
    const w = rect.w + 2 * grow;
    const h = rect.h + 2 * grow;
    if (Math.min(w, h) < 5) continue;
    out.push({
      cx: (rect.cx + 0.5) * scale[0],
      cy: (rect.cy + 0.5) * scale[1],
      w: w * scale[0],
      h: h * scale[1],
      angleRad: rect.angleRad,
      score01,
    });
  }
  return out;
}

function fillRegion(
  map: Float32Array,
  width: number,
  height: number,
  start: number,
  pixel01: number,
  seen: Uint8Array,
  stack: number[],
): Region {
  // The fill starts at the region's first pixel in reading order, so no row lies above it.
  const top = Math.floor(start / width);
  const rows: [number, number][] = [];
  let pixels = 0;
  stack.push(start);
  seen[start] = 1;
  for (let at = stack.pop(); at !== undefined; at = stack.pop()) {
    const x = at % width;
    const y = (at - x) / width;
    pixels++;
    const row = rows[y - top];
    if (!row) rows[y - top] = [x, x];
    else if (x < row[0]) row[0] = x;
    else if (x > row[1]) row[1] = x;
    for (let ny = Math.max(0, y - 1); ny <= Math.min(height - 1, y + 1); ny++) {
      for (let nx = Math.max(0, x - 1); nx <= Math.min(width - 1, x + 1); nx++) {
        const k = ny * width + nx;
        if (seen[k] || map[k]! <= pixel01) continue;
        seen[k] = 1;
        stack.push(k);
      }
    }
  }
  return { top, rows, pixels };
}

function rectOfRegion(region: Region): Rect {
  const points: [number, number][] = [];
  for (const [k, [from, to]] of region.rows.entries()) {
    points.push([from, region.top + k]);
    if (to !== from) points.push([to, region.top + k]);
  }
  const hull = convexHull(points);
  const turned = hull.length < 3 ? null : smallestRect(hull);
  if (turned && Math.abs(turned.angleRad) >= LEVEL_RAD && Math.max(turned.w, turned.h) > 2 * Math.min(turned.w, turned.h)) return turned;
  const xs = points.map((p) => p[0]);
  const ys = points.map((p) => p[1]);
  const [left, right] = [Math.min(...xs), Math.max(...xs)];
  const [top, bottom] = [Math.min(...ys), Math.max(...ys)];
  return { cx: (left + right) / 2, cy: (top + bottom) / 2, w: right - left, h: bottom - top, angleRad: 0 };
}

/** Corners of the convex hull, counter-clockwise. Source: Andrew's monotone chain. */
function convexHull(points: [number, number][]): [number, number][] {
  points.sort((a, b) => a[0] - b[0] || a[1] - b[1]);
  const turn = (o: [number, number], a: [number, number], b: [number, number]) =>
    (a[0] - o[0]) * (b[1] - o[1]) - (a[1] - o[1]) * (b[0] - o[0]);
  const half = (list: [number, number][]) => {
    const out: [number, number][] = [];
    for (const p of list) {
      while (out.length >= 2 && turn(out[out.length - 2]!, out[out.length - 1]!, p) <= 0) out.pop();
      out.push(p);
    }
    out.pop();
    return out;
  };
  return [...half(points), ...half([...points].reverse())];
}

/** The turned rectangle of least area round a hull; its angle is within ±45°. */
function smallestRect(hull: [number, number][]): Rect | null {
  let best: Rect | null = null;
  for (let i = 0; i < hull.length; i++) {
    const a = hull[i]!;
    const b = hull[(i + 1) % hull.length]!;
    const length = Math.hypot(b[0] - a[0], b[1] - a[1]);
    if (!length) continue;
    const ux = (b[0] - a[0]) / length;
    const uy = (b[1] - a[1]) / length;
    const us = hull.map((p) => p[0] * ux + p[1] * uy);
    const vs = hull.map((p) => p[1] * ux - p[0] * uy);
    const [u0, u1, v0, v1] = [Math.min(...us), Math.max(...us), Math.min(...vs), Math.max(...vs)];
    const area = (u1 - u0) * (v1 - v0);
    if (best && area >= best.w * best.h) continue;
    const cu = (u0 + u1) / 2;
    const cv = (v0 + v1) / 2;
    best = { cx: cu * ux - cv * uy, cy: cu * uy + cv * ux, w: u1 - u0, h: v1 - v0, angleRad: Math.atan2(uy, ux) };
  }
  if (!best) return null;
  let { w, h, angleRad } = best;
  while (angleRad > Math.PI / 4) {
    angleRad -= Math.PI / 2;
    [w, h] = [h, w];
  }
  while (angleRad <= -Math.PI / 4) {
    angleRad += Math.PI / 2;
    [w, h] = [h, w];
  }
  return { ...best, w, h, angleRad };
}

function meanInside(map: Float32Array, width: number, height: number, rect: Rect): number {
  const c = Math.cos(rect.angleRad);
  const s = Math.sin(rect.angleRad);
  const across = Math.max(2, Math.ceil(rect.w));
  const down = Math.max(2, Math.ceil(rect.h));
  let sum = 0;
  let n = 0;
  for (let i = 0; i <= across; i++) {
    for (let j = 0; j <= down; j++) {
      const u = (i / across - 0.5) * rect.w;
      const v = (j / down - 0.5) * rect.h;
      const x = Math.round(rect.cx + u * c - v * s);
      const y = Math.round(rect.cy + u * s + v * c);
      if (x < 0 || x >= width || y < 0 || y >= height) continue;
      sum += map[y * width + x]!;
      n++;
    }
  }
  return n ? sum / n : 0;
}
