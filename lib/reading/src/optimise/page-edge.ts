import type { Gray } from '../raster.ts';
import type { Cut } from './lay.ts';

const DARK = 75;
/** A row belongs to the sheet when at least so much of it is scanned and not the dark ground. */
const SHEET_SHARE_01 = 0.5;
/** No more than this of a side is taken for ground: what lies deeper is the sheet's own. */
const DEEPEST_01 = 0.2;
/** Changes from light to dark along a row that are writing, not the edge of a ground. */
const MOST_STROKES = 4;

/**
 * The sheet on a laid scan: what is left when the rows and columns of dark ground, and those mostly beyond the scan, are taken off each side.
 * INVARIANT: a row with writing in it is never taken off.
 * @param gray the laid page, small; @param reach where the scan has pixels
 */
export function findPageEdge(gray: Gray, reach: Uint8Array): Cut {
  const { width, height, data } = gray;
  const isGround = (start: number, step: number, length: number) => {
    let sheet = 0;
    let strokes = 0;
    let wasLight = false;
    for (let k = 0, i = start; k < length; k++, i += step) {
      const isLight = reach[i] === 1 && data[i]! >= DARK;
      if (isLight) sheet++;
      // The dark begins after light: once is the ground, more is ink.
      if (wasLight && reach[i] === 1 && !isLight) strokes++;
      wasLight = isLight;
    }
    return sheet < SHEET_SHARE_01 * length && strokes <= MOST_STROKES;
  };
  const row = (y: number) => isGround(y * width, 1, width);
  const column = (x: number) => isGround(x, width, height);
  const depth = (is: (at: number) => boolean, length: number, from: 'start' | 'end') => {
    const most = Math.floor(length * DEEPEST_01);
    let k = 0;
    while (k < most && is(from === 'start' ? k : length - 1 - k)) k++;
    return k < most ? k : 0;
  };
  return {
    left: depth(column, width, 'start'),
    top: depth(row, height, 'start'),
    right: width - depth(column, width, 'end'),
    bottom: height - depth(row, height, 'end'),
  };
}
