import type { Extent } from './frame.ts';
import type { Gray } from './raster.ts';

/** A connected piece of ink. */
export interface InkPiece extends Extent {
  /** Set pixels. */
  readonly pixels: number;
}

/** The connected pieces (8 neighbours) of a mask, with their extents in its pixels. */
export function inkPieces(mask: Gray): InkPiece[] {
  const { width, height, data } = mask;
  const left = data.slice();
  // Grows as far as the largest piece; room for the whole page would be memory to collect on every page.
  const stack: number[] = [];
  const out: InkPiece[] = [];
  for (let s = 0; s < left.length; s++) {
    if (!left[s]) continue;
    stack.push(s);
    left[s] = 0;
    let pixels = 0;
    let [x0, y0, x1, y1] = [width, height, 0, 0];
    for (let at = stack.pop(); at !== undefined; at = stack.pop()) {
      const x = at % width;
      const y = (at - x) / width;
      pixels++;
      if (x < x0) x0 = x;
      if (x > x1) x1 = x;
      if (y < y0) y0 = y;
      if (y > y1) y1 = y;
      const fromX = x > 0 ? x - 1 : x;
      const toX = x < width - 1 ? x + 1 : x;
      const toY = y < height - 1 ? y + 1 : y;
      for (let ny = y > 0 ? y - 1 : y; ny <= toY; ny++) {
        for (let k = ny * width + fromX; k <= ny * width + toX; k++) {
          if (!left[k]) continue;
          left[k] = 0;
          stack.push(k);
        }
      }
    }
    out.push({ left: x0, top: y0, right: x1 + 1, bottom: y1 + 1, pixels });
  }
  return out;
}
