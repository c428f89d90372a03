import type { Rgb } from '../raster.ts';

/** How strong edges are on a small picture, and which way they face. */
export interface EdgeField {
  readonly width: number;
  readonly height: number;
  /** 0 to 1: from no edge to a clear one; faint straight edges count nearly as much as hard ones. */
  readonly strength: Float32Array;
  /** Unit direction in which the light grows (or the colour changes), x and y. */
  readonly gx: Float32Array;
  readonly gy: Float32Array;
  /** Light (72 steps a doubling) and colour against it (red − green, blue − yellow), after writing was closed. */
  readonly planes: readonly Float32Array[];
}

/** Dark strokes narrower than twice this and one are closed: writing and rulings go, sheets stay. In pixels of the small picture. */
const CLOSE_PX = 3;
/** An edge of colour counts so much against one of light. */
const COLOUR_WEIGHT = 1.2;
/** Half strength is at this many times the picture's own middle gradient, but no less than the floor. */
const HALF_AT = 3;
const HALF_FLOOR = 3;
/** Light is counted by its ratios, as eyes do: an edge in the shade is as clear as one in the sun. Below so many levels a sensor's noise would be. */
const SHADE_LEVELS = 32;
const STEPS_A_DOUBLING = 72;
const COLOUR_STEPS = 150;

/** Edges of a small picture, writing left out. */
export function findEdges(image: Rgb): EdgeField {
  const { width, height } = image;
  const planes = split(image).map((plane, i) =>
    smooth(i === 0 ? close(plane, width, height) : middle(plane, width, height), width, height),
  );
  const n = width * height;
  const magnitude = new Float32Array(n);
  const [gx, gy] = [new Float32Array(n), new Float32Array(n)];
  for (const [i, plane] of planes.entries()) {
    const weight = i === 0 ? 1 : COLOUR_WEIGHT;
    for (let y = 1; y < height - 1; y++) {
      for (let x = 1, k = y * width + 1; x < width - 1; x++, k++) {
        const dx = across(plane, k, width) * weight;
        const dy = down(plane, k, width) * weight;
        const size = Math.sqrt(dx * dx + dy * dy);
        if (size <= magnitude[k]!) continue;
        magnitude[k] = size;
        gx[k] = dx / size;
        gy[k] = dy / size;
      }
    }
  }
  const half = Math.max(HALF_FLOOR, HALF_AT * middleOf(magnitude));
  const strength = new Float32Array(n);
  for (let k = 0; k < n; k++) {
    const m = magnitude[k]!;
    strength[k] = (m * m) / (m * m + half * half);
  }
  return { width, height, strength, gx, gy, planes };
}

const across = (p: Float32Array, k: number, w: number) =>
  (p[k - w + 1]! - p[k - w - 1]! + 2 * (p[k + 1]! - p[k - 1]!) + p[k + w + 1]! - p[k + w - 1]!) / 4;
const down = (p: Float32Array, k: number, w: number) =>
  (p[k + w - 1]! - p[k - w - 1]! + 2 * (p[k + w]! - p[k - w]!) + p[k + w + 1]! - p[k - w + 1]!) / 4;

function split({ data, width, height }: Rgb): Float32Array[] {
  const n = width * height;
  const [luma, redGreen, blueYellow] = [new Float32Array(n), new Float32Array(n), new Float32Array(n)];
  for (let i = 0, p = 0; i < n; i++, p += 3) {
    const [r, g, b] = [data[p]!, data[p + 1]!, data[p + 2]!];
    const light = (r * 77 + g * 150 + b * 29) / 256 + SHADE_LEVELS;
    luma[i] = STEPS_A_DOUBLING * Math.log2(light / SHADE_LEVELS);
    redGreen[i] = (COLOUR_STEPS * (r - g)) / light;
    blueYellow[i] = (COLOUR_STEPS * (b - (r + g) / 2)) / light;
  }
  return [luma, redGreen, blueYellow];
}

/** The lightest, then the darkest of each place's neighbourhood: what is dark and narrow is gone. */
function close(plane: Float32Array, width: number, height: number): Float32Array {
  const lightest = sweep(sweep(plane, width, height, 'across', true), width, height, 'down', true);
  return sweep(sweep(lightest, width, height, 'across', false), width, height, 'down', false);
}

/** Opened and closed halves against each other: a seal or a coloured stroke on the sheet does not move its colour far. */
function middle(plane: Float32Array, width: number, height: number): Float32Array {
  const shut = close(plane, width, height);
  const negative = close(
    plane.map((v) => -v),
    width,
    height,
  );
  return shut.map((v, i) => (v - negative[i]!) / 2);
}

/** The most, or the least, of each place's neighbours along rows or columns. */
function sweep(plane: Float32Array, width: number, height: number, way: 'across' | 'down', isMost: boolean): Float32Array {
  const out = new Float32Array(plane.length);
  const [lines, length, step, stride] = way === 'across' ? [height, width, 1, width] : [width, height, width, 1];
  for (let line = 0; line < lines; line++) {
    const base = line * stride;
    for (let i = 0; i < length; i++) {
      const last = Math.min(length - 1, i + CLOSE_PX);
      let j = Math.max(0, i - CLOSE_PX);
      let v = plane[base + j * step]!;
      for (j++; j <= last; j++) {
        const u = plane[base + j * step]!;
        if (isMost ? u > v : u < v) v = u;
      }
      out[base + i * step] = v;
    }
  }
  return out;
}

/** Three by three, one two one. */
function smooth(plane: Float32Array, width: number, height: number): Float32Array {
  const half = plane.slice();
  for (let y = 0; y < height; y++)
    for (let x = 1, k = y * width + 1; x < width - 1; x++, k++) half[k] = (plane[k - 1]! + 2 * plane[k]! + plane[k + 1]!) / 4;
  const out = half.slice();
  for (let y = 1; y < height - 1; y++)
    for (let x = 0, k = y * width; x < width; x++, k++) out[k] = (half[k - width]! + 2 * half[k]! + half[k + width]!) / 4;
  return out;
}

function middleOf(values: Float32Array): number {
  const counts = new Uint32Array(1024);
  for (const v of values) counts[Math.min(1023, Math.floor(v * 4))]!++;
  for (let i = 0, seen = 0; i < 1024; i++) {
    seen += counts[i]!;
    if (seen * 2 >= values.length) return i / 4;
  }
  return 256;
}
