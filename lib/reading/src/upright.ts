import { boxesOfMap, type DetectedBox, type DetectionLimits } from './detection.ts';
import { type Frame, turnedFrame } from './frame.ts';
import type { Networks } from './networks.ts';
import { liesSideways, standsOnHead } from './orientation.ts';
import type { Rgb } from './raster.ts';
import type { Reading } from './reading.ts';
import { detectorInput, type SheetSeen } from './tensors.ts';

/** The detector looks at a page this long, … */
const DETECTOR_LONG_SIDE_PX = 1152;
/** … and at one of smaller text larger, so that it sees characters of the size it does best with. */
const DETECTOR_LONG_SIDE_MAX_PX = 1760;
const DETECTOR_TEXT_PX = 16;
const DETECTOR_TEXT_MIN_PX = 13;
const DETECTOR_RATIO_MAX = 2;
const LIMITS: DetectionLimits = { pixel01: 0.3, region01: 0.5, unclip: 1.5 };

/** A page that is looked at upright, with the boxes of its text. Its pixels lie as they were scanned. */
export interface UprightPage {
  readonly image: Rgb;
  /** The upright page and its skew. */
  readonly frame: Frame;
  /** The same over the image as it lies. */
  readonly imageFrame: Frame;
  /** Full-size pixels of the deskewed upright page. */
  readonly boxes: readonly DetectedBox[];
  /** The clockwise turn that the scan suffered. */
  readonly orientation: Reading['orientation'];
}

/** How large the detector is to look at a page: its pixels per pixel of the layout. @param textPx height of the page's characters, when known */
export function detectorRatio({ width, height }: Pick<Rgb, 'width' | 'height'>, textPx: number | null): number {
  const longSide = Math.max(width, height);
  const usual = Math.min(1, DETECTOR_LONG_SIDE_PX / longSide);
  if (textPx === null || textPx * usual >= DETECTOR_TEXT_MIN_PX) return usual;
  return Math.max(usual, Math.min(DETECTOR_RATIO_MAX, DETECTOR_LONG_SIDE_MAX_PX / longSide, DETECTOR_TEXT_PX / textPx));
}

/** Finds the text of a page and how it stands. `ratio`: pixels of the detector's input per pixel of the page. A page that lies sideways is looked at twice: the detector wants level lines. */
export async function standUpright(
  image: Rgb,
  layout: SheetSeen,
  skewRad: number,
  ratio: number,
  networks: Networks,
): Promise<UprightPage> {
  let page = await detect(image, layout, { skewRad, ratio, orientation: 0 }, networks);
  if (await liesSideways(page, networks)) page = await detect(image, layout, { skewRad, ratio, orientation: 90 }, networks);
  if (!(await standsOnHead(page, networks))) return page;
  const { width, height } = page.frame;
  const orientation = page.orientation === 90 ? 270 : 180;
  const boxes = page.boxes.map((b) => ({ ...b, cx: width - b.cx, cy: height - b.cy }));
  return { ...page, orientation, boxes, imageFrame: turnedFrame(page.frame, orientation) };
}

interface Look {
  readonly skewRad: number;
  readonly ratio: number;
  readonly orientation: 0 | 90;
}

async function detect(image: Rgb, layout: SheetSeen, { skewRad, ratio, orientation }: Look, networks: Networks): Promise<UprightPage> {
  const [width, height] = orientation ? [image.height, image.width] : [image.width, image.height];
  const frame: Frame = { width, height, skewRad };
  const imageFrame = turnedFrame(frame, orientation);
  const input = detectorInput(layout, imageFrame, ratio, networks);
  const map = await networks.detect(input);
  return { image, frame, imageFrame, orientation, boxes: boxesOfMap(map, input.width, input.height, input.scale, LIMITS) };
}
