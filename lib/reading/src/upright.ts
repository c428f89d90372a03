import { boxesOfMap, type DetectedBox, type DetectionLimits } from './detection.ts';
import { type Frame, turnedFrame } from './frame.ts';
import type { Networks } from './networks.ts';
import { liesSideways, standsOnHead } from './orientation.ts';
import type { Rgb } from './raster.ts';
import type { Reading } from './reading.ts';
import { detectorInput } from './tensors.ts';

const DETECTOR_LONG_SIDE_PX = 1152;
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

/** Finds the text of a page and how it stands. A page that lies sideways is looked at twice: the detector wants level lines. */
export async function standUpright(image: Rgb, layout: Rgb, skewRad: number, networks: Networks): Promise<UprightPage> {
  let page = await detect(image, layout, skewRad, 0, networks);
  if (await liesSideways(page, networks)) page = await detect(image, layout, skewRad, 90, networks);
  if (!(await standsOnHead(page, networks))) return page;
  const { width, height } = page.frame;
  const orientation = page.orientation === 90 ? 270 : 180;
  const boxes = page.boxes.map((b) => ({ ...b, cx: width - b.cx, cy: height - b.cy }));
  return { ...page, orientation, boxes, imageFrame: turnedFrame(page.frame, orientation) };
}

async function detect(image: Rgb, layout: Rgb, skewRad: number, orientation: 0 | 90, networks: Networks): Promise<UprightPage> {
  const [width, height] = orientation ? [image.height, image.width] : [image.width, image.height];
  const frame: Frame = { width, height, skewRad };
  const imageFrame = turnedFrame(frame, orientation);
  const input = detectorInput(layout, imageFrame, DETECTOR_LONG_SIDE_PX, networks);
  const map = await networks.detect(input);
  return { image, frame, imageFrame, orientation, boxes: boxesOfMap(map, input.width, input.height, input.scale, LIMITS) };
}
