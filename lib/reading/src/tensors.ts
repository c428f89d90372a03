import { type Frame, type Rect, toScan } from './frame.ts';
import type { Rgb } from './raster.ts';

/** Height of a line as the recogniser wants it, in pixels. */
export const LINE_HEIGHT_PX = 48;

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

/**
 * The deskewed page, shrunk so that its long side is at most `longSidePx`, normalised for the detector.
 * @param image the upright scan, possibly shrunk already; sampled bilinearly, so no more than about twice the wanted size
 * @param frame of the full-size page
 */
export function detectorInput(image: Rgb, frame: Frame, longSidePx: number): DetectorInput {
  const ratio = Math.min(1, longSidePx / Math.max(frame.width, frame.height));
  const width = Math.max(32, Math.round((frame.width * ratio) / 32) * 32);
  const height = Math.max(32, Math.round((frame.height * ratio) / 32) * 32);
  const scale = [frame.width / width, frame.height / height] as const;
  const n = width * height;
  const data = new Float32Array(3 * n);
  const kx = image.width / frame.width;
  const ky = image.height / frame.height;
  const gain = DET_STD.map((s) => 1 / 255 / s);
  const shift = DET_MEAN.map((m, c) => -m / DET_STD[c]!);
  const [g0, g1, g2] = gain as [number, number, number];
  const [s0, s1, s2] = shift as [number, number, number];
  const c = Math.cos(frame.skewRad);
  const s = Math.sin(frame.skewRad);
  const px = image.data;
  const stride = image.width * 3;
  const maxX = image.width - 1.001;
  const maxY = image.height - 1.001;
  for (let y = 0, o = 0; y < height; y++) {
    const [rowX, rowY] = toScan(frame, 0.5 * scale[0], (y + 0.5) * scale[1]);
    for (let x = 0; x < width; x++, o++) {
      let sx = (rowX + x * scale[0] * c) * kx - 0.5;
      let sy = (rowY + x * scale[0] * s) * ky - 0.5;
      sx = sx < 0 ? 0 : sx > maxX ? maxX : sx;
      sy = sy < 0 ? 0 : sy > maxY ? maxY : sy;
      const xi = sx | 0;
      const yi = sy | 0;
      const fx = sx - xi;
      const fy = sy - yi;
      const i = yi * stride + xi * 3;
      const j = i + stride;
      const a = (1 - fx) * (1 - fy);
      const b = fx * (1 - fy);
      const d = (1 - fx) * fy;
      const e = fx * fy;
      data[o] = (px[i + 2]! * a + px[i + 5]! * b + px[j + 2]! * d + px[j + 5]! * e) * g0 + s0;
      data[o + n] = (px[i + 1]! * a + px[i + 4]! * b + px[j + 1]! * d + px[j + 4]! * e) * g1 + s1;
      data[o + 2 * n] = (px[i]! * a + px[i + 3]! * b + px[j]! * d + px[j + 3]! * e) * g2 + s2;
    }
  }
  return { data, width, height, scale };
}

/** Reading direction of a crop: level, upside down, or running up or down the page and turned a quarter to lie level. */
export type CropTurn = 'level' | 'upside_down' | 'tall' | 'tall_upside_down';

/** Which colours a crop takes: all three, or the red channel alone, in which red ink fades to white. */
export type CropColour = 'normal' | 'red';

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
  options: { turn: CropTurn; colour: CropColour; widthPx: number; paddedPx: number; fromPx?: number },
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
  const [rCh, gCh, bCh] = options.colour === 'red' ? [0, 0, 0] : [0, 1, 2];
  const gain = 1 / (taps * taps) / 127.5;
  const px = image.data;
  const stride = image.width * 3;
  const maxX = image.width - 1.001;
  const maxY = image.height - 1.001;
  for (let j = 0; j < LINE_HEIGHT_PX; j++) {
    for (let i = 0, k = j * paddedPx + (options.fromPx ?? 0); i < widthPx; i++, k++) {
      let r = 0;
      let g = 0;
      let b = 0;
      for (let tj = 0; tj < taps; tj++) {
        const v = (j + (tj + 0.5) / taps) * stepY;
        for (let ti = 0; ti < taps; ti++) {
          const u = (i + (ti + 0.5) / taps) * stepX;
          let x = x0 + ax * u + dx * v - 0.5;
          let y = y0 + ay * u + dy * v - 0.5;
          x = x < 0 ? 0 : x > maxX ? maxX : x;
          y = y < 0 ? 0 : y > maxY ? maxY : y;
          const xi = x | 0;
          const yi = y | 0;
          const fx = x - xi;
          const fy = y - yi;
          const p = yi * stride + xi * 3;
          const q = p + stride;
          const w00 = (1 - fx) * (1 - fy);
          const w10 = fx * (1 - fy);
          const w01 = (1 - fx) * fy;
          const w11 = fx * fy;
          r += px[p + rCh]! * w00 + px[p + 3 + rCh]! * w10 + px[q + rCh]! * w01 + px[q + 3 + rCh]! * w11;
          g += px[p + gCh]! * w00 + px[p + 3 + gCh]! * w10 + px[q + gCh]! * w01 + px[q + 3 + gCh]! * w11;
          b += px[p + bCh]! * w00 + px[p + 3 + bCh]! * w10 + px[q + bCh]! * w01 + px[q + 3 + bCh]! * w11;
        }
      }
      target[k] = b * gain - 1;
      target[k + plane] = g * gain - 1;
      target[k + 2 * plane] = r * gain - 1;
    }
  }
}
