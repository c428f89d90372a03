import type { Gray, Rgb } from '../raster.ts';

/** Darker than any paper under a lamp. */
const DARK = 75;

/** Dark that begins this near to the edge reaches in from it. */
const BEGINS_PX = 2;
/** A border lies along the edge; a ruled line only ends there, and no stroke is as long. */
const MIN_RUN_PX = 40;
/** Beyond this share of a side it is a dark picture, not a border. */
const DEEPEST_01 = 0.25;

/** Share of the page that is darkness reaching in from its edges and lying along them, on the layout. Corners count for both their edges. */
export function borderArea01({ data, width, height }: Gray): number {
  const depth = (start: number, step: number, length: number) => {
    const deepest = Math.round(length * DEEPEST_01);
    let k = 0;
    while (k < BEGINS_PX && data[start + k * step]! >= DARK) k++;
    if (k === BEGINS_PX) return 0;
    while (k < deepest && data[start + k * step]! < DARK) k++;
    return k;
  };
  const last = (height - 1) * width;
  const area =
    alongArea(width, (x) => depth(x, width, height)) +
    alongArea(width, (x) => depth(last + x, -width, height)) +
    alongArea(height, (y) => depth(y * width, 1, width)) +
    alongArea(height, (y) => depth(y * width + width - 1, -1, width));
  return area / data.length;
}

/** Depths along an edge added up, short runs left out. */
function alongArea(length: number, depthAt: (at: number) => number): number {
  let area = 0;
  let run = 0;
  let sum = 0;
  for (let at = 0; at <= length; at++) {
    const depth = at < length ? depthAt(at) : 0;
    if (depth > 0) {
      run++;
      sum += depth;
      continue;
    }
    if (run >= MIN_RUN_PX) area += sum;
    run = 0;
    sum = 0;
  }
  return area;
}

/**
 * The dark share of the outermost pixels of an edge, of the two darkest edges the smaller. A black lid behind a sheet laid a hair askew shows as a
 * line of one pixel, which the layout has averaged away; one dark edge alone may be print that reaches it.
 * @param image at full size
 */
export function borderEdge01(image: Rgb): number {
  const { data, width, height } = image;
  const isDark = (x: number, y: number) => {
    const p = (y * width + x) * 3;
    return data[p]! * 77 + data[p + 1]! * 150 + data[p + 2]! * 29 < DARK * 256 ? 1 : 0;
  };
  const across = (y: number) => {
    let n = 0;
    for (let x = 0; x < width; x++) n += isDark(x, y);
    return n / width;
  };
  const down = (x: number) => {
    let n = 0;
    for (let y = 0; y < height; y++) n += isDark(x, y);
    return n / height;
  };
  const edges = [across(0), across(height - 1), down(0), down(width - 1)].sort((a, b) => b - a);
  return edges[1]!;
}
