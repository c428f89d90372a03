import { decodeCtc, type ReadChar } from './ctc.ts';
import type { Frame, Rect } from './frame.ts';
import type { Networks } from './networks.ts';
import type { Rgb } from './raster.ts';
import { type CropTurn, cropInto, cropWidthPx, LINE_HEIGHT_PX } from './tensors.ts';

/** The recogniser's width is rounded up to this: its own stride. */
const WIDTH_STEP_PX = 8;
const MAX_WIDTH_PX = 2400;

/** How a rectangle is cut for the recogniser. */
export interface CropChoice {
  readonly turn: CropTurn;
  /** Times wider than true to scale; narrow digits need room to be told apart. */
  readonly stretch?: number;
}

const pad = (px: number) => Math.ceil(px / WIDTH_STEP_PX) * WIDTH_STEP_PX;

/** Reads one rectangle of the deskewed page as a line of text. */
export async function recogniseRect(image: Rgb, frame: Frame, rect: Rect, networks: Networks, choice: CropChoice): Promise<ReadChar[]> {
  const widthPx = Math.min(MAX_WIDTH_PX, Math.round(cropWidthPx(rect, choice.turn, MAX_WIDTH_PX) * (choice.stretch ?? 1)));
  const paddedPx = pad(widthPx);
  const line = networks.room('line', 3 * LINE_HEIGHT_PX * paddedPx).fill(0);
  cropInto(image, frame, rect, { turn: choice.turn, widthPx, paddedPx }, line);
  const out = await networks.recognise(line, paddedPx);
  return decodeCtc(out.scores, out.steps, out.classes, networks.alphabet, widthPx / paddedPx);
}

/**
 * Reads characters that stand apart, side by side as one line.
 * @returns the characters, `at01` counting tiles: 0 at the left edge of the first, 1 at the right edge of the last
 */
export async function recogniseTiles(
  image: Rgb,
  frame: Frame,
  tiles: readonly Rect[],
  networks: Networks,
  stretch = 1,
): Promise<ReadChar[]> {
  const widths = tiles.map((t) => Math.max(12, Math.min(200, Math.round(((LINE_HEIGHT_PX * t.w) / t.h) * stretch))));
  const margin = 8;
  const total = widths.reduce((a, b) => a + b, 0);
  const widthPx = Math.min(MAX_WIDTH_PX, total + 2 * margin);
  const paddedPx = pad(widthPx);
  const line = networks.room('line', 3 * LINE_HEIGHT_PX * paddedPx).fill(0);
  let fromPx = margin;
  const starts: number[] = [];
  for (let i = 0; i < tiles.length && fromPx + widths[i]! <= paddedPx; i++) {
    starts.push(fromPx);
    cropInto(image, frame, tiles[i]!, { turn: 'level', widthPx: widths[i]!, paddedPx, fromPx }, line);
    fromPx += widths[i]!;
  }
  fillMargins(line, paddedPx, margin, fromPx);
  const out = await networks.recognise(line, paddedPx);
  const chars = decodeCtc(out.scores, out.steps, out.classes, networks.alphabet, 1);
  return chars.map((c) => {
    const px = c.at01 * paddedPx;
    let tile = 0;
    while (tile < starts.length - 1 && starts[tile + 1]! <= px) tile++;
    return { ...c, at01: (tile + Math.min(0.99, Math.max(0, (px - starts[tile]!) / widths[tile]!))) / tiles.length };
  });
}

/** Margins take the colour of the crops' outermost columns, so that no edge is read as a stroke. */
function fillMargins(line: Float32Array, paddedPx: number, from: number, to: number): void {
  for (let row = 0; row < 3 * LINE_HEIGHT_PX; row++) {
    const base = row * paddedPx;
    line.fill(line[base + from]!, base, base + from);
    line.fill(line[base + to - 1]!, base + to, base + paddedPx);
  }
}
