import { binarise } from '../binarise.ts';
import { type Gray, type Rgb, shrinkRgb, toGray } from '../raster.ts';

const LAYOUT_LONG_SIDE_PX = 1754;
const INK_RADIUS_PX = 20;
const INK_CONTRAST = 18;

/** A scan as the checks look at it. */
export interface ScanView {
  /** As decoded; never changed here. */
  readonly image: Rgb;
  /** Long side about 1,750 pixels or less. */
  readonly layout: Rgb;
  readonly gray: Gray;
  /** Ink of the layout, as a mask. */
  readonly ink: Gray;
  /** Pixels of the stored page per pixel of the layout. */
  readonly scale: number;
}

/** Shrinks a scan to its layout and finds its ink. @param scale pixels of the stored page per pixel of `image` */
export function viewScan(image: Rgb, scale: number): ScanView {
  const factor = Math.max(1, Math.round(Math.max(image.width, image.height) / LAYOUT_LONG_SIDE_PX));
  const layout = shrinkRgb(image, factor);
  const gray = toGray(layout);
  return { image, layout, gray, ink: binarise(gray, INK_RADIUS_PX, INK_CONTRAST), scale: factor * scale };
}
