import { binarise } from './binarise.ts';
import { findBoxRows } from './box-rows.ts';
import type { ReadChar } from './ctc.ts';
import { DIGIT_STRETCHES, doubtfulNumbers, findBetterNumber, isSameNumber } from './digits.ts';
import { eraseFromInk, eraseRulings } from './erase-rulings.ts';
import type { Frame } from './frame.ts';
import { dropDoubles, layOnScan, linesOfRegion, type PlacedLine } from './lines.ts';
import type { Networks } from './networks.ts';
import { inReadingOrder } from './order.ts';
import { paperOf } from './paper.ts';
import { enlargeRgb, type Gray, isColourful, levelGray, putLumaInGreen, toGray, turnGray } from './raster.ts';
import type { Reading } from './reading.ts';
import { recogniseRect, recogniseTiles } from './recognise.ts';
import { chooseRegions, type Region, type RegionInput } from './regions.ts';
import { findRulings, type Ruling, turnRuling } from './rulings.ts';
import { pageDigest } from './same-sheet.ts';
import { INK_CONTRAST, INK_RADIUS_PX, LAYOUT_LONG_SIDE_PX, type ScanView, viewScan } from './scan-view.ts';
import { estimateSkewDegrees } from './skew.ts';
import { isTraditionalPage, mendMarks, spell } from './spelling.ts';
import { fadeStamps, findStamps } from './stamps.ts';
import { cropWidthPx } from './tensors.ts';
import { enlargementFor } from './text-size.ts';
import { detectorRatio, standUpright, type UprightPage } from './upright.ts';

/** Changes whenever the same page may read otherwise. */
export const READER_VERSION = '6';

/** What the reader is told of a page beside its pixels. */
export interface PageFacts {
  /** Pixels of the stored page per pixel of the image given, 1 or more. */
  readonly scale: number;
}

/**
 * Reads a page: deskews it, fades stamps, erases ruled lines, stands it upright, finds its text and reads it.
 * @param scan its image and layout are changed: they are the reader's own copies
 */
export async function readPage(scan: ScanView, networks: Networks, facts: PageFacts): Promise<Omit<Reading, 'engine' | 'version'>> {
  const { image } = scan;
  const enlargedBy = enlargementFor(scan.text, Math.max(image.width, image.height), LAYOUT_LONG_SIDE_PX);
  const view = enlargedBy > 1 ? viewScan(enlargeRgb(image, enlargedBy)) : scan;
  const scale = facts.scale / enlargedBy;
  const skewDegrees = estimateSkewDegrees(view.ink);
  const skewRad = (skewDegrees * Math.PI) / 180;
  const size = view.text;
  const { rulings, ink } = cleanPage(view, skewRad, size.unit);
  const { layout, factor } = view;
  const sheet = { image: layout, paper: paperOf(layout, view.ink) };
  const page = await standUpright(view.image, sheet, skewRad, detectorRatio(layout, size.textPx) / factor, networks);
  const turned = rulings.map((r) => turnRuling(r, page.orientation, layout.width, layout.height));
  const uprightInk = turnGray(ink, ((360 - page.orientation) % 360) as Reading['orientation']);
  const lines = await readRegions(page, { ink: uprightInk, rulings: turned, scale: factor, unit: size.unit }, networks);
  return {
    widthPx: Math.round(page.frame.width * scale),
    heightPx: Math.round(page.frame.height * scale),
    orientation: page.orientation,
    skewDegrees,
    lines: lines.map((line) => layOnScan(page.frame, line, scale)),
    pageDigest: pageDigest(uprightInk),
  };
}

/** Fades stamps and erases ruled lines in both copies of the page; gives the lines and the ink of the deskewed page without them. */
function cleanPage(view: ScanView, skewRad: number, unit: number): { rulings: Ruling[]; ink: Gray } {
  const { image, layout, factor, gray } = view;
  const stamps = findStamps(layout, unit);
  fadeStamps(image, stamps, factor);
  fadeStamps(layout, stamps, 1);
  if (isColourful(layout)) for (const copy of [image, layout]) putLumaInGreen(copy);
  const ink = binarise(levelGray(stamps.length ? toGray(layout) : gray, skewRad), INK_RADIUS_PX, INK_CONTRAST);
  const rulings = findRulings(ink, unit);
  const frame: Frame = { width: image.width, height: image.height, skewRad };
  eraseRulings(image, frame, rulings, factor);
  eraseRulings(layout, frame, rulings, factor);
  eraseFromInk(ink, rulings);
  return { rulings, ink };
}

async function readRegions(
  page: UprightPage,
  seen: Pick<RegionInput, 'ink' | 'rulings' | 'scale' | 'unit'>,
  networks: Networks,
): Promise<PlacedLine[]> {
  const boxRows = findBoxRows(seen.rulings, seen.unit);
  const regions = chooseRegions({ ...seen, boxes: page.boxes, boxRows });
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

async function readRegion(page: UprightPage, region: Region, networks: Networks): Promise<ReadChar[]> {
  const { image, imageFrame: frame } = page;
  if (region.tiles) return recogniseTiles(image, frame, region.tiles, networks);
  const { rect } = region;
  const tall = rect.h >= rect.w * 1.5 && region.source === 'normal';
  const turn = tall ? 'tall' : 'level';
  let chars = await recogniseRect(image, frame, rect, networks, { turn });
  if (tall) return chars;
  const doubtful = doubtfulNumbers(chars, rect, cropWidthPx(rect, turn, Number.POSITIVE_INFINITY));
  for (const number of doubtful.reverse()) {
    for (const stretch of DIGIT_STRETCHES) {
      const again = await recogniseRect(image, frame, number.rect, networks, { turn, stretch });
      const better = findBetterNumber(chars, number, again);
      if (better) {
        chars = better;
        break;
      }
      if (isSameNumber(chars, number, again)) break;
    }
  }
  return chars;
}
