import { encodeBits } from './convolution.ts';
import { frameOf, layoutOf, type MarkHmac, type MarkLayout, PILOT_CELLS, TILE_CELLS } from './mark-key.ts';
import type { PagePlane, Raster } from './plane.ts';
import { fullInk, inkRows, type VisibleMark } from './visible.ts';

/** Cells to a page's long side: on A4 2.7 mm; five pixels and more when the whole page is on a screen. */
export const CELLS_A_PAGE = 112;
/** Cells to a thumbnail's long side. */
export const CELLS_A_THUMBNAIL = 40;
/** How far a cell's middle is lighter or darker than the paper around, of 255. */
export const MARK_AMPLITUDE = 2.5;

/** An invisible mark on its page. */
export interface InvisibleMark {
  /** Signs of the 32 × 32 cells, row by row. */
  readonly signs: Int8Array;
  /** Side of a cell, pixels of the page. */
  readonly cellPagePx: number;
}

/** Signs of the cells of a number's mark. */
export function signsOf(hmac: MarkHmac, number: bigint, layout: MarkLayout = layoutOf(hmac)): Int8Array {
  const coded = encodeBits(frameOf(hmac, number));
  const signs = new Int8Array(TILE_CELLS * TILE_CELLS);
  layout.cells.forEach((cell, i) => {
    const bit = i < PILOT_CELLS || coded[(i - PILOT_CELLS) % coded.length] ? 1 : -1;
    signs[cell] = bit * layout.signs[i]!;
  });
  return signs;
}

/**
 * Lays both marks on a tile in one pass; a new raster.
 * The invisible one needs room above the paper: white becomes 255 less the amplitude, everything else in proportion; the darker a pixel, the less it moves.
 */
export function layMarks(pixels: Raster, plane: PagePlane, visible: VisibleMark, invisible: InvisibleMark): Raster {
  const { widthPx, heightPx, channels, data } = pixels;
  // Rounds and clamps what is written; a plain byte array would wrap.
  const out = new Uint8ClampedArray(data.length);
  const inkRow = inkRows(visible, plane);
  const ink = new Uint8Array(widthPx);
  const wave = new Float32Array(widthPx);
  const waveRow = waveRows(invisible, plane);
  const { kept, added } = fullInk(visible.strength01);
  const [take, add] = [(1 - kept) / 255, added / 255];
  const room = 1 - MARK_AMPLITUDE / 255;
  for (let row = 0, at = 0; row < heightPx; row++) {
    inkRow(row, ink);
    waveRow(row, wave);
    for (let i = 0; i < widthPx; i++) {
      const lift = wave[i]! * MARK_AMPLITUDE;
      const slope = (1 - ink[i]! * take) * room + lift * 0.00255;
      const floor = lift * 0.35 + ink[i]! * add;
      out[at] = data[at]! * slope + floor;
      at++;
      if (channels === 1) continue;
      out[at] = data[at]! * slope + floor;
      at++;
      out[at] = data[at]! * slope + floor;
      at++;
    }
  }
  return { widthPx, heightPx, channels, data: new Uint8Array(out.buffer) };
}

/** Rows of the pattern, -1 to 1: cells run into each other by a raised cosine, so that there is no edge to be seen. */
function waveRows({ signs, cellPagePx }: InvisibleMark, plane: PagePlane): (row: number, out: Float32Array) => void {
  const [alongStride, downStride] = plane.isTurned ? [TILE_CELLS, 1] : [1, TILE_CELLS];
  const along = cellsAt(plane.columns, cellPagePx);
  const down = cellsAt(plane.rows, cellPagePx);
  const line = new Float32Array(TILE_CELLS);
  return (row, out) => {
    const upper = down.cell[row]! * downStride;
    const lower = ((down.cell[row]! + 1) % TILE_CELLS) * downStride;
    const t = down.part[row]!;
    for (let k = 0; k < TILE_CELLS; k++) line[k] = signs[upper + k * alongStride]! * (1 - t) + signs[lower + k * alongStride]! * t;
    for (let i = 0; i < out.length; i++) {
      const cell = along.cell[i]!;
      const a = line[cell]!;
      out[i] = a + (line[(cell + 1) % TILE_CELLS]! - a) * along.part[i]!;
    }
  };
}

/** The cell whose middle lies before each coordinate, and how much of the next is there. */
function cellsAt(coordinates: Float64Array, cellPagePx: number): { cell: Uint8Array; part: Float32Array } {
  const cell = new Uint8Array(coordinates.length);
  const part = new Float32Array(coordinates.length);
  coordinates.forEach((at, i) => {
    const place = at / cellPagePx - 0.5;
    const floor = Math.floor(place);
    cell[i] = ((floor % TILE_CELLS) + TILE_CELLS) % TILE_CELLS;
    part[i] = 0.5 - 0.5 * Math.cos(Math.PI * (place - floor));
  });
  return { cell, part };
}
