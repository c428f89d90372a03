import type { Gray } from '../raster.ts';

/** Side of the tiles in which a wave is looked for. */
const TILE_PX = 64;
/** Tiles looked at, spread over the page. */
const MOST_TILES = 96;
/** A tile with more ink shows strokes, one with less contrast nothing but noise. */
const MAX_INK_01 = 0.01;
const DEVIATION: readonly [number, number] = [1.8, 30];
/** Waves longer than a fifth of a tile are shade. */
const LOWEST_BIN = 5;
/** Share of a tile's energy that one wave holds. */
const WAVE_SHARE_01 = 0.4;

/**
 * Share of the plain tiles that carry one strong wave: a print's dots seen through the scanner's own grid (摩尔纹). Paper grain and sensor noise spread
 * over all waves, strokes are left out with the ink.
 */
export function moireTiles01(gray: Gray, ink: Gray): number {
  const across = Math.floor(gray.width / TILE_PX);
  const down = Math.floor(gray.height / TILE_PX);
  const tiles = across * down;
  if (!tiles) return 0;
  const every = Math.max(1, Math.floor(tiles / MOST_TILES));
  let plain = 0;
  let waved = 0;
  for (let t = 0; t < tiles; t += every) {
    const [x, y] = [(t % across) * TILE_PX, Math.floor(t / across) * TILE_PX];
    const tile = plainTile(gray, ink, x, y);
    if (tile === null) continue;
    plain++;
    if (tile.length && waveShare01(tile) >= WAVE_SHARE_01) waved++;
  }
  return plain ? waved / plain : 0;
}

/** A tile's levels about their mean, weighed down to its rim; null where there is ink, empty where it is too even to carry a wave. */
function plainTile(gray: Gray, ink: Gray, x0: number, y0: number): Float64Array | null {
  let sum = 0;
  let squares = 0;
  let inked = 0;
  for (let y = y0; y < y0 + TILE_PX; y++) {
    for (let i = y * gray.width + x0, end = i + TILE_PX; i < end; i++) {
      const v = gray.data[i]!;
      sum += v;
      squares += v * v;
      inked += ink.data[i]!;
    }
  }
  const n = TILE_PX * TILE_PX;
  if (inked > MAX_INK_01 * n) return null;
  const mean = sum / n;
  const deviation = Math.sqrt(Math.max(0, squares / n - mean * mean));
  if (deviation < DEVIATION[0] || deviation > DEVIATION[1]) return new Float64Array(0);
  const out = new Float64Array(n);
  for (let y = 0, k = 0; y < TILE_PX; y++)
    for (let x = 0; x < TILE_PX; x++, k++) out[k] = (gray.data[(y0 + y) * gray.width + x0 + x]! - mean) * WINDOW[y]! * WINDOW[x]!;
  return out;
}

const WINDOW = Float64Array.from({ length: TILE_PX }, (_, i) => 0.5 - 0.5 * Math.cos((2 * Math.PI * (i + 0.5)) / TILE_PX));

/** The share of the energy above the shades that the strongest wave holds, its neighbours counted in: a wave between two bins spills into both. */
function waveShare01(tile: Float64Array): number {
  const re = tile.slice();
  const im = new Float64Array(tile.length);
  for (let y = 0; y < TILE_PX; y++) transform(re, im, y * TILE_PX, 1);
  for (let x = 0; x < TILE_PX; x++) transform(re, im, x, TILE_PX);
  const energy = new Float64Array(tile.length);
  let total = 0;
  let best = 0;
  for (let v = 0; v < TILE_PX; v++) {
    for (let u = 0; u <= TILE_PX / 2; u++) {
      if (Math.hypot(u, v > TILE_PX / 2 ? v - TILE_PX : v) < LOWEST_BIN) continue;
      const k = v * TILE_PX + u;
      energy[k] = re[k]! ** 2 + im[k]! ** 2;
      total += energy[k]!;
      if (energy[k]! > energy[best]!) best = k;
    }
  }
  if (!total) return 0;
  const [bu, bv] = [best % TILE_PX, Math.floor(best / TILE_PX)];
  let held = 0;
  for (let dv = -1; dv <= 1; dv++)
    for (let u = Math.max(0, bu - 1); u <= Math.min(TILE_PX / 2, bu + 1); u++)
      held += energy[((bv + dv + TILE_PX) % TILE_PX) * TILE_PX + u]!;
  return held / total;
}

/** Fourier transform in place of 64 values that lie `step` apart from `from` on: radix 2, decimation in time. */
function transform(re: Float64Array, im: Float64Array, from: number, step: number): void {
  for (let i = 0; i < TILE_PX; i++) {
    const j = MIRRORED[i]!;
    if (j <= i) continue;
    const [a, b] = [from + i * step, from + j * step];
    [re[a], re[b]] = [re[b]!, re[a]!];
    [im[a], im[b]] = [im[b]!, im[a]!];
  }
  for (let half = 1; half < TILE_PX; half *= 2) {
    for (let k = 0; k < half; k++) {
      const c = COSINE[(k * TILE_PX) / (2 * half)]!;
      const s = -SINE[(k * TILE_PX) / (2 * half)]!;
      for (let i = k; i < TILE_PX; i += 2 * half) {
        const [a, b] = [from + i * step, from + (i + half) * step];
        const r = re[b]! * c - im[b]! * s;
        const m = re[b]! * s + im[b]! * c;
        re[b] = re[a]! - r;
        im[b] = im[a]! - m;
        re[a]! += r;
        im[a]! += m;
      }
    }
  }
}

const COSINE = Float64Array.from({ length: TILE_PX }, (_, i) => Math.cos((2 * Math.PI * i) / TILE_PX));
const SINE = Float64Array.from({ length: TILE_PX }, (_, i) => Math.sin((2 * Math.PI * i) / TILE_PX));
const MIRRORED = Uint8Array.from({ length: TILE_PX }, (_, i) =>
  Number.parseInt(i.toString(2).padStart(6, '0').split('').reverse().join(''), 2),
);
