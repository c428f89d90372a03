import { boxesOfMap, type DetectedBox, type DetectionLimits } from './detection.ts';
import type { Frame } from './frame.ts';
import type { Networks } from './networks.ts';
import { liesSideways, standsOnHead } from './orientation.ts';
import { type Rgb, turnRgb } from './raster.ts';
import type { Reading } from './reading.ts';
import { detectorInput } from './tensors.ts';

const DETECTOR_LONG_SIDE_PX = 1280;
const LIMITS: DetectionLimits = { pixel01: 0.3, region01: 0.5, unclip: 1.5 };

/** A page that stands upright, with the boxes of its text. */
export interface UprightPage {
  readonly image: Rgb;
  /** The same page shrunk, long side about 1,750 pixels. */
  readonly layout: Rgb;
  readonly frame: Frame;
  /** Full-size pixels of the deskewed page. */
  readonly boxes: readonly DetectedBox[];
  /** The clockwise turn that was taken back. */
  readonly orientation: Reading['orientation'];
}

/** Finds the text of a page and stands it upright. A page that lies sideways is looked at twice: the detector wants level lines. */
export async function standUpright(image: Rgb, layout: Rgb, skewRad: number, networks: Networks): Promise<UprightPage> {
  let orientation: Reading['orientation'] = 0;
  let page = await detect(image, layout, skewRad, networks);
  if (await liesSideways(page, networks)) {
    orientation = 90;
    page = await detect(turnRgb(image, 270), turnRgb(layout, 270), skewRad, networks);
  }
  if (await standsOnHead(page, networks)) {
    orientation = orientation === 90 ? 270 : 180;
    const { width, height } = page.frame;
    const boxes = page.boxes.map((b) => ({ ...b, cx: width - b.cx, cy: height - b.cy }));
    page = { image: turnRgb(page.image, 180), layout: turnRgb(page.layout, 180), frame: page.frame, boxes };
  }
  return { ...page, orientation };
}

async function detect(image: Rgb, layout: Rgb, skewRad: number, networks: Networks): Promise<Omit<UprightPage, 'orientation'>> {
  const frame: Frame = { width: image.width, height: image.height, skewRad };
  const input = detectorInput(layout, frame, DETECTOR_LONG_SIDE_PX);
  const map = await networks.detect(input);
  return { image, layout, frame, boxes: boxesOfMap(map, input.width, input.height, input.scale, LIMITS) };
}
