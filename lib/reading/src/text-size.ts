import type { InkPiece } from './components.ts';

/** Short side of an A4 page's layout, and the height of characters on it: 10 to 12 points at 150 pixels per inch. */
const PAGE_SHORT_SIDE_PX = 1240;
const PAGE_TEXT_PX = 25;
/** Fewer pieces of ink say nothing of the size of the text. */
const MIN_PIECES = 20;
const MIN_PIECE_PX = 6;
/** A page whose text is within these of the usual is measured by its sides: headings and handwriting do not make it another page. */
const USUAL_01: readonly [least: number, most: number] = [0.75, 1.45];

/** Text below this is read better enlarged to the usual size. */
const SMALL_TEXT_PX = 17;
const ENLARGED_MAX = 3;

/** How large things are on a page. */
export interface TextSize {
  /** Pixels per 1/1240 of an A4 page's short side; lengths of the trade (strokes, cells, number boxes) are given in it. */
  readonly unit: number;
  /** Height of the usual character, pixels; null where there is too little ink to tell. */
  readonly textPx: number | null;
}

/**
 * Measures a page by its text. A slip, a card, a part cut out of a form or a photograph is no A4 sheet: measured by its sides alone, strokes
 * of its characters would be ruled lines. The size of text is the middle of the sizes of its pieces, weighed by their ink: a character of
 * several pieces counts as much as one in one piece, specks and dots next to nothing.
 * @param page long side about 1,750 pixels or less
 * @param pieces of its ink
 */
export function measureText(page: { readonly width: number; readonly height: number }, pieces: readonly InkPiece[]): TextSize {
  const bySides = Math.min(page.width, page.height) / PAGE_SHORT_SIDE_PX;
  const largest = Math.max(page.width, page.height) / 3;
  const sizes: { px: number; ink: number }[] = [];
  for (const piece of pieces) {
    const [w, h] = [piece.right - piece.left, piece.bottom - piece.top];
    const px = Math.max(w, h);
    // Ruled lines and frames are long or hollow.
    if (px < MIN_PIECE_PX || px > largest || w > 2.5 * h || h > 2.5 * w || piece.pixels < 0.1 * w * h) continue;
    sizes.push({ px, ink: piece.pixels });
  }
  if (sizes.length < MIN_PIECES) return { unit: bySides, textPx: null };
  sizes.sort((a, b) => a.px - b.px);
  let left = sizes.reduce((sum, s) => sum + s.ink, 0) / 2;
  const textPx = sizes.find((s) => {
    left -= s.ink;
    return left <= 0;
  })!.px;
  const byText = textPx / PAGE_TEXT_PX;
  const isUsual = byText > USUAL_01[0] * bySides && byText < USUAL_01[1] * bySides;
  return { unit: isUsual ? bySides : byText, textPx };
}

/** By how much a picture is to be enlarged before it is read: small pictures of small text, so that nothing grows beyond the layout of a page. */
export function enlargementFor({ textPx }: TextSize, longSidePx: number, layoutLongSidePx: number): number {
  if (textPx === null || textPx >= SMALL_TEXT_PX) return 1;
  const by = Math.min(ENLARGED_MAX, PAGE_TEXT_PX / textPx, layoutLongSidePx / longSidePx);
  return by > 1.2 ? by : 1;
}
