import { decodeCtc, type ReadChar } from './ctc.ts';
import type { Frame, Rect } from './frame.ts';
import type { Networks } from './networks.ts';
import type { Rgb } from './raster.ts';
import { type CropColour, type CropTurn, cropInto, cropWidthPx, LINE_HEIGHT_PX } from './tensors.ts';

/** The recogniser's width is rounded up to this: its own stride. */
const WIDTH_STEP_PX = 8;
const MAX_WIDTH_PX = 2400;

/** Reads one rectangle of the deskewed page as a line of text. */
export async function recogniseRect(
  image: Rgb,
  frame: Frame,
  rect: Rect,
  networks: Networks,
  options: { turn: CropTurn; colour: CropColour },
): Promise<ReadChar[]> {
  const widthPx = cropWidthPx(rect, options.turn, MAX_WIDTH_PX);
  const paddedPx = Math.ceil(widthPx / WIDTH_STEP_PX) * WIDTH_STEP_PX;
  const line = new Float32Array(3 * LINE_HEIGHT_PX * paddedPx);
  cropInto(image, frame, rect, { ...options, widthPx, paddedPx }, line);
  const out = await networks.recognise(line, paddedPx);
  return decodeCtc(out.scores, out.steps, out.classes, networks.alphabet, widthPx / paddedPx);
}
