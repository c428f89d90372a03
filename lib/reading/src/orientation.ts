import type { DetectedBox } from './detection.ts';
import type { Frame, Rect } from './frame.ts';
import { CLASSIFIER_WIDTH_PX, type Networks } from './networks.ts';
import type { Rgb } from './raster.ts';
import { recogniseRect } from './recognise.ts';
import { type CropTurn, cropInto, cropWidthPx, LINE_HEIGHT_PX } from './tensors.ts';

/** A line must be this many times longer than high to tell a direction. */
const LONG_ASPECT = 2;
const CLASSIFIED_LINES = 8;
const COMPARED_LINES = 3;
/** A line that reads so surely in one turn is not read in the opposite one. */
const SURE_01 = 0.9;
/** Of a compared line so many times its height are read: about ten characters. */
const COMPARED_ASPECT = 10;
/** Lines that read less surely in every turn are not lines lying on their side. */
const MIN_SURENESS_01 = 0.55;

/** A page whose boxes were found, as the orientation vote sees it. */
export interface FoundPage {
  readonly image: Rgb;
  readonly imageFrame: Frame;
  readonly boxes: readonly DetectedBox[];
}

/**
 * True when the text of the page lies sideways: most of the length of its lines runs up and down.
 * Where both directions are strong (tables with vertical labels, sparse sheets), sample lines are read both ways and the surer reading wins.
 */
export async function liesSideways(page: FoundPage, networks: Networks): Promise<boolean> {
  const wide = longest(page.boxes.filter((b) => b.w >= LONG_ASPECT * b.h));
  const tall = longest(page.boxes.filter((b) => b.h >= LONG_ASPECT * b.w));
  const length = (list: readonly Rect[]) => list.reduce((sum, b) => sum + Math.max(b.w, b.h), 0);
  const [across, down] = [length(wide), length(tall)];
  if (!across && !down) return squaresLieSideways(page, networks);
  if (down <= across * 0.25) return false;
  if (across <= down * 0.25) {
    // Lines of vertical writing run down the page too, but turned by a quarter they make no sense.
    return (await sureness(page, networks, tall, 'tall', 'tall_upside_down')) >= MIN_SURENESS_01;
  }
  const asWide = await sureness(page, networks, wide, 'level', 'upside_down');
  const asTall = await sureness(page, networks, tall, 'tall', 'tall_upside_down');
  return asTall * down > asWide * across;
}

/** A sheet with single characters only: they are read both ways. */
async function squaresLieSideways(page: FoundPage, networks: Networks): Promise<boolean> {
  const level = await sureness(page, networks, page.boxes, 'level', 'upside_down');
  const turned = await sureness(page, networks, page.boxes, 'tall', 'tall_upside_down');
  return turned > level + 0.1;
}

/** True when the page stands on its head, by the vote of its longest lines; a close vote is settled by reading some lines both ways. */
export async function standsOnHead(page: FoundPage, networks: Networks): Promise<boolean> {
  const wide = longest(page.boxes.filter((b) => b.w >= 1.2 * b.h));
  const lines = (wide.length ? wide : longest(page.boxes)).slice(0, CLASSIFIED_LINES);
  if (!lines.length) return false;
  const plane = 3 * LINE_HEIGHT_PX * CLASSIFIER_WIDTH_PX;
  const batch = new Float32Array(plane * lines.length);
  lines.forEach((rect, i) => {
    const widthPx = cropWidthPx(rect, 'level', CLASSIFIER_WIDTH_PX);
    cropInto(
      page.image,
      page.imageFrame,
      rect,
      { turn: 'level', widthPx, paddedPx: CLASSIFIER_WIDTH_PX },
      batch.subarray(i * plane, (i + 1) * plane),
    );
  });
  const turned = await networks.classifyTurned(batch, lines.length);
  const share = turned.reduce((sum, p) => sum + p, 0) / lines.length;
  if (lines.length >= 4 && (share < 0.2 || share > 0.85)) return share > 0.5;
  const upright = await sureness(page, networks, lines, 'level');
  if (upright >= SURE_01) return false;
  const headDown = await sureness(page, networks, lines, 'upside_down');
  return headDown > upright;
}

function longest<T extends Rect>(boxes: readonly T[]): T[] {
  return [...boxes].sort((a, b) => Math.max(b.w, b.h) - Math.max(a.w, a.h));
}

function middlePart(rect: Rect): Rect {
  return { ...rect, w: Math.min(rect.w, COMPARED_ASPECT * rect.h), h: Math.min(rect.h, COMPARED_ASPECT * rect.w) };
}

/** How surely the longest lines read in the better of the given turns, 0 to 1. */
async function sureness(page: FoundPage, networks: Networks, lines: readonly Rect[], ...turns: CropTurn[]): Promise<number> {
  let sum = 0;
  const sample = lines.slice(0, COMPARED_LINES).map(middlePart);
  for (const rect of sample) {
    let best = 0;
    for (const turn of turns) {
      if (best >= SURE_01) break;
      const chars = await recogniseRect(page.image, page.imageFrame, rect, networks, { turn });
      const mean = chars.length ? chars.reduce((s, c) => s + c.confidence01, 0) / chars.length : 0;
      best = Math.max(best, mean);
    }
    sum += best;
  }
  return sample.length ? sum / sample.length : 0;
}
