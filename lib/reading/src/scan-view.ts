import { binarise } from './binarise.ts';
import { type InkPiece, inkPieces } from './components.ts';
import { type Gray, type Rgb, shrinkRgb, toGray } from './raster.ts';
import { measureText, type TextSize } from './text-size.ts';

/** Long side that a page is shrunk to for its layout: A4 at 150 dpi. */
export const LAYOUT_LONG_SIDE_PX = 1754;
/** Neighbourhood and contrast that make ink, on the layout. */
export const INK_RADIUS_PX = 20;
/** See {@link INK_RADIUS_PX}. */
export const INK_CONTRAST = 18;

/** A decoded scan, shrunk to its layout, with its ink. Checks and reader look at one and the same: making it costs as much as all the checks. */
export interface ScanView {
  /** As decoded. The reader works on its pixels; whoever measures them does so before. */
  readonly image: Rgb;
  /** Long side about {@link LAYOUT_LONG_SIDE_PX} or less; the reader works on it too. */
  readonly layout: Rgb;
  /** Pixels of the image per pixel of the layout, a whole number. */
  readonly factor: number;
  /** Of the layout; never changed. */
  readonly gray: Gray;
  /** Ink as it was scanned, a mask over the layout; never changed. */
  readonly ink: Gray;
  /** The connected pieces of `ink`. */
  readonly pieces: readonly InkPiece[];
  /** How large things are on the layout. */
  readonly text: TextSize;
}

/** Shrinks a decoded scan to its layout, finds its ink and measures its text. */
export function viewScan(image: Rgb): ScanView {
  const factor = Math.max(1, Math.round(Math.max(image.width, image.height) / LAYOUT_LONG_SIDE_PX));
  const layout = shrinkRgb(image, factor);
  const gray = toGray(layout);
  const ink = binarise(gray, INK_RADIUS_PX, INK_CONTRAST);
  const pieces = inkPieces(ink);
  return { image, layout, factor, gray, ink, pieces, text: measureText(ink, pieces) };
}
