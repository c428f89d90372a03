import { type Gray, makeGray, type Rgb } from './raster.ts';

/** Side of the squares of which it is known whether they hold ink. Squares are powers of two: the networks' sampling shifts. */
export const PAPER_SQUARE_SHIFT = 2;
/** Side of the squares of which the paper's level is taken, as a multiple of the former: wider than any stroke of writing. */
const LEVEL_SQUARES = 8;
/** Every so many pixels are looked at, each way. */
const STEP_PX = 3;
/** Share of a square's pixels that are darker than its paper. */
const DARKER_01 = 0.75;

/** Away from ink, what is no darker than this against its paper is paper: its grain, print that shows through, a mark that a copy was given. */
const PALE = 20;
/** From here on it is seen as it is; between, it grows from nothing. */
const WRITING = 32;

/**
 * The level of a page's paper, by its green, in squares of 4 pixels; 0 where ink is, so that nothing is taken for paper there: strokes keep their
 * soft edges, and unmarked pages read as before.
 * @param ink of the page, as large as it
 */
export function paperOf(page: Rgb, ink: Gray): Gray {
  const side = 1 << PAPER_SQUARE_SHIFT;
  const out = makeGray(Math.ceil(page.width / side), Math.ceil(page.height / side));
  const counts = new Uint16Array(256);
  for (let top = 0; top < out.height; top += LEVEL_SQUARES)
    for (let left = 0; left < out.width; left += LEVEL_SQUARES) {
      const level = levelOf(page, left * side, top * side, LEVEL_SQUARES * side, counts);
      const right = Math.min(out.width, left + LEVEL_SQUARES);
      for (let y = top; y < Math.min(out.height, top + LEVEL_SQUARES); y++)
        out.data.fill(level, y * out.width + left, y * out.width + right);
    }
  for (let y = 0, i = 0; y < ink.height; y++) {
    const row = (y >> PAPER_SQUARE_SHIFT) * out.width;
    for (let x = 0; x < ink.width; x++, i++) if (ink.data[i]) out.data[row + (x >> PAPER_SQUARE_SHIFT)] = 0;
  }
  return out;
}

/** The level that a quarter of a square's pixels exceed. */
function levelOf(page: Rgb, left: number, top: number, side: number, counts: Uint16Array): number {
  counts.fill(0);
  let n = 0;
  const right = Math.min(page.width, left + side);
  for (let y = top; y < Math.min(page.height, top + side); y += STEP_PX)
    for (let x = left, p = (y * page.width + left) * 3 + 1; x < right; x += STEP_PX, p += 3 * STEP_PX, n++) counts[page.data[p]!]!++;
  let level = 0;
  for (let seen = counts[0]!; seen < n * DARKER_01 && level < 255; ) seen += counts[++level]!;
  return level;
}

/** How much lighter a pixel is to be seen that is so much darker than its paper, 0 to 255: what is pale goes to the paper, writing stays. */
export const LIFT_BY_DEPTH: Uint8Array = Uint8Array.from({ length: 256 }, (_, depth) => {
  if (depth <= PALE) return depth;
  return depth >= WRITING ? 0 : depth - Math.round(((depth - PALE) * WRITING) / (WRITING - PALE));
});
