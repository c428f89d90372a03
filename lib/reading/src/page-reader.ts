import type { Finding } from '@lantai/values';
import { binarise } from './binarise.ts';
import type { ReadChar } from './ctc.ts';
import { boxesOfMap, type DetectedBox, type DetectionLimits } from './detection.ts';
import { eraseRulings } from './erase-rulings.ts';
import { type Frame, type Rect, toScan } from './frame.ts';
import type { Networks } from './networks.ts';
import { liesSideways, standsOnHead } from './orientation.ts';
import { levelGray, type Rgb, shrinkRgb, toGray, turnRgb } from './raster.ts';
import type { Reading, ReadingLine } from './reading.ts';
import { recogniseRect } from './recognise.ts';
import { findRulings } from './rulings.ts';
import { estimateSkewDegrees } from './skew.ts';
import { fadeStamps, findStamps } from './stamps.ts';
import { detectorInput } from './tensors.ts';

/** Changes whenever the same page may read otherwise. */
export const READER_VERSION = '1';

const DETECTOR_LONG_SIDE_PX = 1280;
const LAYOUT_LONG_SIDE_PX = 1754;
const LIMITS: DetectionLimits = { pixel01: 0.3, region01: 0.5, unclip: 1.5 };

/** What the reader is told of a page beside its pixels. */
export interface PageFacts {
  /** Pixels of the stored page per pixel of the image given, 1 or more. */
  readonly scale: number;
  readonly resolutionDpi?: number;
}

interface Upright {
  readonly image: Rgb;
  readonly half: Rgb;
  readonly frame: Frame;
  readonly boxes: readonly DetectedBox[];
  readonly orientation: 0 | 90 | 180 | 270;
}

/** Reads a decoded page: stands it upright, deskews it, finds its text and reads it. */
export async function readPage(image: Rgb, networks: Networks, facts: PageFacts): Promise<Omit<Reading, 'engine' | 'version'>> {
  const factor = Math.max(1, Math.round(Math.max(image.width, image.height) / LAYOUT_LONG_SIDE_PX));
  const half = shrinkRgb(image, factor);
  const skewDegrees = estimateSkewDegrees(toGray(half));
  const skewRad = (skewDegrees * Math.PI) / 180;
  const frame: Frame = { width: image.width, height: image.height, skewRad };
  const stamps = findStamps(half);
  fadeStamps(image, stamps, factor);
  fadeStamps(half, stamps, 1);
  const rulings = findRulings(binarise(levelGray(toGray(half), skewRad), 20, 16));
  eraseRulings(image, frame, rulings, factor);
  eraseRulings(half, frame, rulings, factor);
  const page = await standUpright(image, half, skewRad, networks);
  const lines: ReadingLine[] = [];
  for (const rect of page.boxes) {
    const tall = rect.h >= rect.w * 1.5;
    const chars = await recogniseRect(page.image, page.frame, rect, networks, { turn: tall ? 'tall' : 'level', colour: 'normal' });
    const line = lineOf(page.frame, rect, chars, facts.scale);
    if (line) lines.push(line);
  }
  const findings: Finding[] = [];
  return {
    widthPx: Math.round(page.image.width * facts.scale),
    heightPx: Math.round(page.image.height * facts.scale),
    orientation: page.orientation,
    skewDegrees,
    lines,
    findings,
    pageDigest: '',
  };
}

async function standUpright(image: Rgb, half: Rgb, skewRad: number, networks: Networks): Promise<Upright> {
  let orientation: 0 | 90 | 180 | 270 = 0;
  let page = await find(image, half, skewRad, networks);
  if (await liesSideways(page, networks)) {
    orientation = 90;
    page = await find(turnRgb(image, 270), turnRgb(half, 270), skewRad, networks);
  }
  if (await standsOnHead(page, networks)) {
    orientation = orientation === 90 ? 270 : 180;
    const { width, height } = page.frame;
    const boxes = page.boxes.map((b) => ({ ...b, cx: width - b.cx, cy: height - b.cy }));
    page = { image: turnRgb(page.image, 180), half: turnRgb(page.half, 180), frame: page.frame, boxes };
  }
  return { ...page, orientation };
}

async function find(image: Rgb, half: Rgb, skewRad: number, networks: Networks): Promise<Omit<Upright, 'orientation'>> {
  const frame: Frame = { width: image.width, height: image.height, skewRad };
  const input = detectorInput(half, frame, DETECTOR_LONG_SIDE_PX);
  const map = await networks.detect(input);
  return { image, half, frame, boxes: boxesOfMap(map, input.width, input.height, input.scale, LIMITS) };
}

function lineOf(frame: Frame, rect: Rect, chars: readonly ReadChar[], scale: number): ReadingLine | null {
  if (!chars.length) return null;
  const confidence01 = chars.reduce((s, c) => s + c.confidence01, 0) / chars.length;
  if (confidence01 < 0.5) return null;
  const [cx, cy] = toScan(frame, rect.cx, rect.cy);
  const box = [(cx - rect.w / 2) * scale, (cy - rect.h / 2) * scale, rect.w * scale, rect.h * scale] as const;
  return { text: chars.map((c) => c.char).join(''), box, confidence01, source: 'normal' };
}
