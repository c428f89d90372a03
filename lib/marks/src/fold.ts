import { type Spectrum, transform } from './fft.ts';
import { type MarkLayout, PILOT_CELLS, TILE_CELLS } from './mark-key.ts';
import type { PaperField } from './paper.ts';

/** A part of a field. */
export interface Region {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Lays all repeats of a pattern with cells of this size upon each other: sums of the field, `bins` to a cell each way. */
export function foldField(field: PaperField, region: Region, cellPx: readonly [number, number], bins: number): Float64Array {
  const side = TILE_CELLS * bins;
  const out = new Float64Array(side * side);
  const column = new Uint16Array(region.width);
  for (let x = 0; x < region.width; x++) column[x] = Math.floor(((region.x + x + 0.5) / cellPx[0]) * bins) % side;
  for (let y = 0; y < region.height; y++) {
    const row = (Math.floor(((region.y + y + 0.5) / cellPx[1]) * bins) % side) * side;
    const from = (region.y + y) * field.widthPx + region.x;
    for (let x = 0; x < region.width; x++) out[row + column[x]!]! += field.value[from + x]!;
  }
  return out;
}

/** Quarter turns of the picture, clockwise. */
export type Quarters = 0 | 1 | 2 | 3;

/** The number of a cell in a pattern turned clockwise. */
export function turnedCell(cell: number, quarters: Quarters): number {
  const last = TILE_CELLS - 1;
  let [x, y] = [cell % TILE_CELLS, Math.floor(cell / TILE_CELLS)];
  for (let i = 0; i < quarters; i++) [x, y] = [last - y, x];
  return y * TILE_CELLS + x;
}

/** Where the pilots of a pattern lie in a fold, for two turns of the picture at once: one in the real part, one in the imaginary. */
export interface PilotPair {
  readonly bins: number;
  readonly turns: readonly [Quarters, Quarters];
  /** Of both patterns, `P* + i Q*` by frequency. */
  readonly conjugate: Spectrum;
}

export function pilotPair(layout: MarkLayout, turns: readonly [Quarters, Quarters], bins: number): PilotPair {
  const side = TILE_CELLS * bins;
  const spectrum = { side, re: new Float64Array(side * side), im: new Float64Array(side * side) };
  turns.forEach((quarters, i) => {
    const plane = i === 0 ? spectrum.re : spectrum.im;
    for (let k = 0; k < PILOT_CELLS; k++) addBump(plane, turnedCell(layout.cells[k]!, quarters), layout.signs[k]!, bins);
  });
  transform(spectrum);
  return { bins, turns, conjugate: opposite(spectrum) };
}

/** Weights of a cell's own raised cosine at the bins around its middle, two cells each way. */
export function bumpWeights(bins: number): Float64Array {
  return Float64Array.from({ length: 2 * bins }, (_, i) => 0.5 + 0.5 * Math.cos((Math.PI * (i + 0.5 - bins)) / bins));
}

function addBump(plane: Float64Array, cell: number, sign: number, bins: number): void {
  const side = TILE_CELLS * bins;
  const weights = bumpWeights(bins);
  // The first bin of the bump lies half a cell before the cell.
  const x0 = (cell % TILE_CELLS) * bins - bins / 2;
  const y0 = Math.floor(cell / TILE_CELLS) * bins - bins / 2;
  weights.forEach((wy, j) => {
    weights.forEach((wx, i) => {
      plane[((y0 + j + side) % side) * side + ((x0 + i + side) % side)]! += sign * wx * wy;
    });
  });
}

/** Where pilots fit a fold best. */
export interface Fit {
  /** Height of the best fit over all others, in standard deviations. */
  readonly sigma: number;
  readonly quarters: Quarters;
  /** Shift of the pattern in the fold, bins. */
  readonly shift: readonly [x: number, y: number];
}

/** Correlates a fold with both turns of a pair by Fourier transforms. */
export function fitPilots(fold: Float64Array, pairs: readonly PilotPair[]): Fit {
  const side = pairs[0]?.conjugate.side ?? 0;
  const of = { side, re: fold.slice(), im: new Float64Array(fold.length) };
  transform(of);
  let best: Fit = { sigma: 0, quarters: 0, shift: [0, 0] };
  for (const { conjugate, turns } of pairs) {
    const re = new Float64Array(fold.length);
    const im = new Float64Array(fold.length);
    // Fold times the conjugate of a real pattern's spectrum; both patterns ride in one transform, as p + i q.
    product(of, conjugate, re, im);
    transform({ side, re: im, im: re });
    for (const [plane, quarters] of [
      [re, turns[0]],
      [im, turns[1]],
    ] as const) {
      const { sigma, at } = highest(plane);
      if (sigma > best.sigma) best = { sigma, quarters, shift: [at % side, Math.floor(at / side)] };
    }
  }
  return best;
}

/** `F(k) · (P*(k) + i Q*(k))`, where the pair holds `P* + i Q*`. */
function product(of: Spectrum, pair: Spectrum, re: Float64Array, im: Float64Array): void {
  for (let at = 0; at < re.length; at++) {
    const r = pair.re[at]!;
    const i = pair.im[at]!;
    re[at] = of.re[at]! * r - of.im[at]! * i;
    im[at] = of.re[at]! * i + of.im[at]! * r;
  }
}

/** A square whose every value stands at its opposite frequency: of the spectrum of a real pattern that is its conjugate. */
function opposite({ side, re, im }: Spectrum): Spectrum {
  const from = (at: number) => ((side - Math.floor(at / side)) % side) * side + ((side - (at % side)) % side);
  return { side, re: re.map((_, at) => re[from(at)]!), im: im.map((_, at) => im[from(at)]!) };
}

function highest(plane: Float64Array): { sigma: number; at: number } {
  let at = 0;
  let sum = 0;
  let squares = 0;
  for (let i = 0; i < plane.length; i++) {
    const v = plane[i]!;
    sum += v;
    squares += v * v;
    if (v > plane[at]!) at = i;
  }
  const mean = sum / plane.length;
  const deviation = Math.sqrt(Math.max(0, squares / plane.length - mean * mean));
  return { sigma: deviation > 0 ? (plane[at]! - mean) / deviation : 0, at };
}
