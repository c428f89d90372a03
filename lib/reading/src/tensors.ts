import { type Frame, type Rect, toScan } from './frame.ts';
import type { Networks } from './networks.ts';
import { LIFT_BY_DEPTH, PAPER_SQUARE_SHIFT } from './paper.ts';
import type { Gray, Rgb } from './raster.ts';

/** Height of a line as the recogniser wants it, in pixels. */
export const LINE_HEIGHT_PX = 48;

/** Places are counted in 1/65536 of a pixel and weighed in 1/256: whole numbers are quicker, and as fine as eight bits of level need. */
const ONE = 65536;

/** The networks look at the green of a page alone: ink of every usual colour is dark in it, and stamps were faded before. */
const GREEN = 1;

const DET_MEAN = [0.406, 0.456, 0.485] as const; // BGR
const DET_STD = [0.225, 0.224, 0.229] as const;

/** A page as the detector wants it: three planes in the order blue, green, red. */
export interface DetectorInput {
  readonly data: Float32Array;
  readonly width: number;
  readonly height: number;
  /** Page pixels per input pixel, across and down. */
  readonly scale: readonly [number, number];
}

/** A page and its paper. */
export interface SheetSeen {
  readonly image: Rgb;
  /** The level of the image's paper: `paperOf`. */
  readonly paper: Gray;
}

/**
 * The deskewed page at `ratio` of its size, without what is too pale for writing, normalised for the detector.
 * @param sheet the upright scan, possibly shrunk already; sampled bilinearly, so no more than about twice the wanted size
 * @param frame of the full-size page
 * @param ratio pixels of the input per pixel of the full-size page
 * @param networks whose room the input takes
 */
export function detectorInput({ image, paper }: SheetSeen, frame: Frame, ratio: number, networks: Pick<Networks, 'room'>): DetectorInput {
  const width = Math.max(32, Math.round((frame.width * ratio) / 32) * 32);
  const height = Math.max(32, Math.round((frame.height * ratio) / 32) * 32);
  const scale = [frame.width / width, frame.height / height] as const;
  const n = width * height;
  const data = networks.room('page', 3 * n);
  const scan = frame.scan ?? frame;
  const kx = image.width / scan.width;
  const ky = image.height / scan.height;
  const gain = DET_STD.map((s) => 1 / 255 / s / ONE);
  const shift = DET_MEAN.map((m, c) => -m / DET_STD[c]!);
  const [g0, g1, g2] = gain as [number, number, number];
  const [s0, s1, s2] = shift as [number, number, number];
  const c = Math.cos(frame.skewRad);
  const s = Math.sin(frame.skewRad);
  const px = image.data;
  const stride = image.width * 3;
  const maxX = (image.width - 1) * ONE - 1;
  const maxY = (image.height - 1) * ONE - 1;
  const squareShift = 16 + PAPER_SQUARE_SHIFT;
  const stepX = Math.round(scale[0] * c * kx * ONE);
  const stepY = Math.round(scale[0] * s * ky * ONE);
  for (let y = 0, o = 0; y < height; y++) {
    const [rowX, rowY] = toScan(frame, 0.5 * scale[0], (y + 0.5) * scale[1]);
    let fineX = Math.round((rowX * kx - 0.5) * ONE);
    let fineY = Math.round((rowY * ky - 0.5) * ONE);
    for (let x = 0; x < width; x++, o++, fineX += stepX, fineY += stepY) {
      const sx = fineX < 0 ? 0 : fineX > maxX ? maxX : fineX;
      const sy = fineY < 0 ? 0 : fineY > maxY ? maxY : fineY;
      const i = (sy >> 16) * stride + (sx >> 16) * 3 + GREEN;
      const j = i + stride;
      const fx = (sx >> 8) & 255;
      const top = px[i]! * 256 + (px[i + 3]! - px[i]!) * fx;
      const low = px[j]! * 256 + (px[j + 3]! - px[j]!) * fx;
      const seen = top * 256 + (low - top) * ((sy >> 8) & 255);
      const depth = paper.data[(sy >> squareShift) * paper.width + (sx >> squareShift)]! - (seen >> 16);
      const v = depth > 0 ? seen + (LIFT_BY_DEPTH[depth]! << 16) : seen;
      data[o] = v * g0 + s0;
      data[o + n] = v * g1 + s1;
      data[o + 2 * n] = v * g2 + s2;
    }
  }
  return { data, width, height, scale };
}

/** Reading direction of a crop: level, upside down, or running up or down the page and turned a quarter to lie level. */
export type CropTurn = 'level' | 'upside_down' | 'tall' | 'tall_upside_down';

/** Width of a rectangle's crop at line height, in pixels, before rounding up. */
export function cropWidthPx(rect: Rect, turn: CropTurn, maxWidthPx: number): number {
  const [w, h] = turn.startsWith('tall') ? [rect.h, rect.w] : [rect.w, rect.h];
  return Math.max(16, Math.min(maxWidthPx, Math.round((LINE_HEIGHT_PX * w) / Math.max(1, h))));
}

/**
 * Cuts a rectangle of the deskewed page straight out of the upright scan into a recogniser's input: three planes of 48 rows, blue, green, red,
 * each value (v ÷ 127.5) − 1, zero right of `widthPx`.
 * @param options `fromPx` is the column where the crop starts, for several crops in one line
 * @param target room for 3 × 48 × `paddedPx` values
 */
export function cropInto(
  image: Rgb,
  frame: Frame,
  rect: Rect,
  options: { turn: CropTurn; widthPx: number; paddedPx: number; fromPx?: number },
  target: Float32Array,
): void {
  const { turn, widthPx, paddedPx } = options;
  const plane = LINE_HEIGHT_PX * paddedPx;
  const angle = frame.skewRad + rect.angleRad;
  let [ax, ay] = [Math.cos(angle), Math.sin(angle)];
  let [dx, dy] = [-ay, ax];
  let [w, h] = [rect.w, rect.h];
  if (turn === 'upside_down') [ax, ay, dx, dy] = [-ax, -ay, -dx, -dy];
  if (turn === 'tall') [ax, ay, dx, dy, w, h] = [dx, dy, -ax, -ay, rect.h, rect.w];
  if (turn === 'tall_upside_down') [ax, ay, dx, dy, w, h] = [-dx, -dy, ax, ay, rect.h, rect.w];
  const [cx, cy] = toScan(frame, rect.cx, rect.cy);
  const stepX = w / widthPx;
  const stepY = h / LINE_HEIGHT_PX;
  const taps = Math.max(1, Math.min(3, Math.round(Math.max(stepX, stepY) / 1.4)));
  const x0 = cx - (ax * w) / 2 - (dx * h) / 2;
  const y0 = cy - (ay * w) / 2 - (dy * h) / 2;
  const gain = 1 / (taps * taps) / 127.5 / ONE;
  const px = image.data;
  const stride = image.width * 3;
  const maxX = (image.width - 1) * ONE - 1;
  const maxY = (image.height - 1) * ONE - 1;
  const [tapX, tapY] = [Math.round(((ax * stepX) / taps) * ONE), Math.round(((ay * stepX) / taps) * ONE)];
  for (let j = 0; j < LINE_HEIGHT_PX; j++) {
    for (let i = 0, k = j * paddedPx + (options.fromPx ?? 0); i < widthPx; i++, k++) {
      let sum = 0;
      const u = (i + 0.5 / taps) * stepX;
      for (let tj = 0; tj < taps; tj++) {
        const v = (j + (tj + 0.5) / taps) * stepY;
        let fineX = ((x0 + ax * u + dx * v - 0.5) * ONE) | 0;
        let fineY = ((y0 + ay * u + dy * v - 0.5) * ONE) | 0;
        for (let ti = 0; ti < taps; ti++, fineX += tapX, fineY += tapY) {
          const x = fineX < 0 ? 0 : fineX > maxX ? maxX : fineX;
          const y = fineY < 0 ? 0 : fineY > maxY ? maxY : fineY;
          const p = (y >> 16) * stride + (x >> 16) * 3 + GREEN;
          const q = p + stride;
          const fx = (x >> 8) & 255;
          const top = px[p]! * 256 + (px[p + 3]! - px[p]!) * fx;
          const low = px[q]! * 256 + (px[q + 3]! - px[q]!) * fx;
          sum += top * 256 + (low - top) * ((y >> 8) & 255);
        }
      }
      const v = sum * gain - 1;
      target[k] = v;
      target[k + plane] = v;
      target[k + 2 * plane] = v;
    }
  }
}
