import { assert } from '@lantai/values';
import type { PagePlane, Raster } from './plane.ts';

/** A repeating sheet of text, drawn once for a view: how much ink lies where, at several sizes so that no tile is scaled far. */
export interface InkSheet {
  /** The sheet repeats after so many letter heights (em), to the right and downwards. */
  readonly periodEm: readonly [x: number, y: number];
  /** The finest first; `ink` is 0 (none) to 255 (full). */
  readonly levels: readonly { readonly widthPx: number; readonly heightPx: number; readonly ink: Uint8Array }[];
}

/** Where the text of a visible mark comes in: letters this high, this dark. */
export interface VisibleMark {
  readonly sheet: InkSheet;
  /** Height of the letters, pixels of the page. */
  readonly emPagePx: number;
  /** Share of a white page's light that full ink takes away, 0 to 1. */
  readonly strength01: number;
}

/**
 * Ink draws every pixel towards this level, of 255: what is lighter gets darker, what is darker gets lighter, so that letters are seen on a
 * black ground too, there about half as strongly as on paper.
 */
const INK_LEVEL = 100;

/** What full ink leaves of a pixel's own level, and what it adds: of the pixel `v` becomes `v · kept + added`. */
export function fullInk(strength01: number): { readonly kept: number; readonly added: number } {
  const taken = Math.min(1, (strength01 * 255) / (255 - INK_LEVEL));
  return { kept: 1 - taken, added: taken * INK_LEVEL };
}

/** Letters to a page's long side: on A4 some 6 mm, some 16 pixels when the whole page is on a small screen. */
export const LETTERS_A_PAGE = 48;
/**
 * Share of white that full ink takes where nobody says otherwise: some 17 levels of 255 on paper. A person sees it at a glance; the built-in
 * reader takes what is so pale for paper (docs/adr/0300).
 */
export const MARK_STRENGTH01 = 0.07;
/** Letters to a thumbnail's long side: larger, or nobody could read them. */
export const LETTERS_A_THUMBNAIL = 20;

/**
 * Ink of a row of a tile, 0 to 255, into `out`. A function of page coordinates alone, so tiles fit together.
 */
export type InkRow = (row: number, out: Uint8Array) => void;

/** Prepares a tile's rows of ink. */
export function inkRows(mark: VisibleMark, plane: PagePlane): InkRow {
  const level = levelFor(mark, plane);
  const [periodX, periodY] = mark.sheet.periodEm;
  const alongStride = plane.isTurned ? level.widthPx : 1;
  const downStride = plane.isTurned ? 1 : level.widthPx;
  const [alongCount, downCount] = plane.isTurned ? [level.heightPx, level.widthPx] : [level.widthPx, level.heightPx];
  const along = places(plane.columns, alongCount, (plane.isTurned ? periodY : periodX) * mark.emPagePx);
  const down = places(plane.rows, downCount, (plane.isTurned ? periodX : periodY) * mark.emPagePx);
  return (row, out) => {
    const a = (down.first[row] ?? 0) * downStride;
    const b = (down.second[row] ?? 0) * downStride;
    const t = down.part[row] ?? 0;
    const { first, second, part } = along;
    const ink = level.ink;
    for (let i = 0; i < out.length; i++) {
      const p = first[i]! * alongStride;
      const q = second[i]! * alongStride;
      const upper = ink[a + p]! + (ink[a + q]! - ink[a + p]!) * part[i]!;
      const lower = ink[b + p]! + (ink[b + q]! - ink[b + p]!) * part[i]!;
      out[i] = upper + (lower - upper) * t;
    }
  };
}

/** The coarsest level that is not coarser than the tile, else the finest. */
function levelFor(mark: VisibleMark, plane: PagePlane): InkSheet['levels'][number] {
  const wantedPxPerEm = mark.emPagePx * plane.scale;
  const { levels, periodEm } = mark.sheet;
  const level = levels.findLast((l) => l.widthPx / periodEm[0] >= wantedPxPerEm) ?? levels[0];
  assert(level !== undefined, 'a sheet has a level');
  return level;
}

/** For each page coordinate the two samples of a period that it lies between, and how far. */
function places(coordinates: Float64Array, count: number, periodPagePx: number) {
  const first = new Uint32Array(coordinates.length);
  const second = new Uint32Array(coordinates.length);
  const part = new Float32Array(coordinates.length);
  coordinates.forEach((at, i) => {
    const sample = (at / periodPagePx) * count - 0.5;
    const floor = Math.floor(sample);
    first[i] = ((floor % count) + count) % count;
    second[i] = (first[i]! + 1) % count;
    part[i] = sample - floor;
  });
  return { first, second, part };
}

/** Lays a visible mark on a tile. A new raster. */
export function layInk(pixels: Raster, plane: PagePlane, mark: VisibleMark): Raster {
  const { widthPx, heightPx, channels, data } = pixels;
  const out = new Uint8Array(data.length);
  const inkRow = inkRows(mark, plane);
  const ink = new Uint8Array(widthPx);
  const { kept, added } = fullInk(mark.strength01);
  const [take, add] = [(1 - kept) / 255, added / 255];
  for (let row = 0, at = 0; row < heightPx; row++) {
    inkRow(row, ink);
    for (let i = 0; i < widthPx; i++) {
      const slope = 1 - ink[i]! * take;
      const floor = ink[i]! * add + 0.5;
      for (let c = 0; c < channels; c++, at++) out[at] = data[at]! * slope + floor;
    }
  }
  return { widthPx, heightPx, channels, data: out };
}
