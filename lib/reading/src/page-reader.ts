import { binarise } from './binarise.ts';
import { findBoxRows } from './box-rows.ts';
import type { ReadChar } from './ctc.ts';
import { boxesOfMap, type DetectedBox, type DetectionLimits } from './detection.ts';
import { DIGIT_STRETCHES, doubtfulNumbers, findBetterNumber } from './digits.ts';
import { eraseRulings } from './erase-rulings.ts';
import type { Frame } from './frame.ts';
import { dropDoubles, layOnScan, linesOfRegion, type PlacedLine } from './lines.ts';
import type { Networks } from './networks.ts';
import { inReadingOrder } from './order.ts';
import { liesSideways, standsOnHead } from './orientation.ts';
import { checkPage } from './page-checks.ts';
import { type Gray, levelGray, type Rgb, shrinkRgb, toGray, turnRgb } from './raster.ts';
import type { Reading } from './reading.ts';
import { recogniseRect, recogniseTiles } from './recognise.ts';
import { chooseRegions, type Region } from './regions.ts';
import { findRulings, type Ruling, turnRuling } from './rulings.ts';
import { pageDigest } from './same-sheet.ts';
import { estimateSkewDegrees } from './skew.ts';
import { isTraditionalPage, mendMarks, spell } from './spelling.ts';
import { fadeStamps, findStamps } from './stamps.ts';
import { cropWidthPx, detectorInput } from './tensors.ts';

/** Changes whenever the same page may read otherwise. */
export const READER_VERSION = '1';

const DETECTOR_LONG_SIDE_PX = 1280;
const LAYOUT_LONG_SIDE_PX = 1754;
const LAYOUT_SHORT_SIDE_PX = 1240;
const LIMITS: DetectionLimits = { pixel01: 0.3, region01: 0.5, unclip: 1.5 };

/** What the reader is told of a page beside its pixels. */
export interface PageFacts {
  /** Pixels of the stored page per pixel of the image given, 1 or more. */
  readonly scale: number;
  readonly resolutionDpi?: number;
}

interface Upright {
  readonly image: Rgb;
  readonly layout: Rgb;
  readonly frame: Frame;
  readonly boxes: readonly DetectedBox[];
}

/**
 * Reads a decoded page: deskews it, fades stamps, erases ruled lines, stands it upright, finds its text and reads it.
 * @param image is changed: it is the reader's own copy
 */
export async function readPage(image: Rgb, networks: Networks, facts: PageFacts): Promise<Omit<Reading, 'engine' | 'version'>> {
  const factor = Math.max(1, Math.round(Math.max(image.width, image.height) / LAYOUT_LONG_SIDE_PX));
  const layout = shrinkRgb(image, factor);
  const gray = toGray(layout);
  const size = { widthPx: Math.round(image.width * facts.scale), heightPx: Math.round(image.height * facts.scale) };
  const findings = checkPage({ gray, ...size, ...(facts.resolutionDpi ? { resolutionDpi: facts.resolutionDpi } : {}) });
  const skewDegrees = estimateSkewDegrees(gray);
  const skewRad = (skewDegrees * Math.PI) / 180;
  const rulings = cleanPage(image, layout, skewRad, factor);
  const page = await standUpright(image, layout, skewRad, networks);
  const turned = rulings.map((r) => turnRuling(r, page.orientation, layout.width, layout.height));
  const ink = binarise(levelGray(toGray(page.layout), skewRad), 20, 24);
  const lines = await readRegions(page, ink, turned, factor, networks);
  return {
    widthPx: Math.round(page.image.width * facts.scale),
    heightPx: Math.round(page.image.height * facts.scale),
    orientation: page.orientation,
    skewDegrees,
    lines: lines.map((line) => layOnScan(page.frame, line, facts.scale)),
    // A sheet with a few words in a corner holds next to no ink and is not blank.
    findings: lines.length ? findings.filter((f) => f.code !== 'blank') : findings,
    pageDigest: pageDigest(ink),
  };
}

/** Fades stamps and erases ruled lines in both copies of the page; gives the lines. */
function cleanPage(image: Rgb, layout: Rgb, skewRad: number, factor: number): Ruling[] {
  const stamps = findStamps(layout);
  fadeStamps(image, stamps, factor);
  fadeStamps(layout, stamps, 1);
  const rulings = findRulings(binarise(levelGray(toGray(layout), skewRad), 20, 16));
  const frame: Frame = { width: image.width, height: image.height, skewRad };
  eraseRulings(image, frame, rulings, factor);
  eraseRulings(layout, frame, rulings, factor);
  return rulings;
}

async function readRegions(
  page: Upright,
  ink: Gray,
  rulings: readonly Ruling[],
  factor: number,
  networks: Networks,
): Promise<PlacedLine[]> {
  const unit = Math.min(ink.width, ink.height) / LAYOUT_SHORT_SIDE_PX;
  const boxRows = findBoxRows(rulings, unit);
  const regions = chooseRegions({ boxes: page.boxes, rulings, boxRows, ink, scale: factor, unit });
  const read: { region: Region; chars: ReadChar[] }[] = [];
  for (const region of regions) read.push({ region, chars: await readRegion(page, region, networks) });
  const traditional = isTraditionalPage(read.map((r) => r.chars));
  const lines: PlacedLine[] = [];
  for (const { region, chars } of read) {
    const spelled = traditional ? chars : spell(chars, networks.lexicon);
    lines.push(...linesOfRegion(region, mendMarks(spelled)));
  }
  return inReadingOrder(dropDoubles(lines));
}

async function readRegion(page: Upright, region: Region, networks: Networks): Promise<ReadChar[]> {
  const { image, frame } = page;
  if (region.tiles) return recogniseTiles(image, frame, region.tiles, networks);
  const { rect } = region;
  const tall = rect.h >= rect.w * 1.5 && region.source === 'normal';
  const turn = tall ? 'tall' : 'level';
  let chars = await recogniseRect(image, frame, rect, networks, { turn, colour: 'normal' });
  if (tall) return chars;
  const doubtful = doubtfulNumbers(chars, rect, cropWidthPx(rect, turn, Number.POSITIVE_INFINITY));
  for (const number of doubtful.reverse()) {
    for (const stretch of DIGIT_STRETCHES) {
      const again = await recogniseRect(image, frame, number.rect, networks, { turn, colour: 'normal', stretch });
      const better = findBetterNumber(chars, number, again);
      if (better) {
        chars = better;
        break;
      }
    }
  }
  return chars;
}

async function standUpright(image: Rgb, layout: Rgb, skewRad: number, networks: Networks): Promise<Upright & Pick<Reading, 'orientation'>> {
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

async function detect(image: Rgb, layout: Rgb, skewRad: number, networks: Networks): Promise<Upright> {
  const frame: Frame = { width: image.width, height: image.height, skewRad };
  const input = detectorInput(layout, frame, DETECTOR_LONG_SIDE_PX);
  const map = await networks.detect(input);
  return { image, layout, frame, boxes: boxesOfMap(map, input.width, input.height, input.scale, LIMITS) };
}
