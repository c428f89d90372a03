import type { Rgb } from '../raster.ts';

/** How a scan lay on the glass. */
export interface ScanLay {
  /** The clockwise turn that the scan suffered. */
  readonly orientation: 0 | 90 | 180 | 270;
  /** Clockwise positive, after turning upright. */
  readonly skewDegrees: number;
}

/** Edges in pixels of the laid page, right and bottom exclusive. */
export interface Cut {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** Below this no pixel of a sheet moves by as much as one: the scan stays as it is. */
const LEVEL_DEGREES = 0.02;
/** Places on the scan are counted in parts of a pixel this fine. */
const FINE_BITS = 16;

/** The size of the page laid upright and level, the whole scan in it. */
export function laidSize(
  { width, height }: Pick<Rgb, 'width' | 'height'>,
  lay: ScanLay,
): { readonly width: number; readonly height: number } {
  const [w, h] = lay.orientation % 180 === 0 ? [width, height] : [height, width];
  if (isLevel(lay)) return { width: w, height: h };
  const rad = (Math.abs(lay.skewDegrees) * Math.PI) / 180;
  // Rounded to whole steps of two: the centres then lie on whole or half pixels as those of the scan do.
  const grow = (side: number, by: number) => side + 2 * Math.round((side * (Math.cos(rad) - 1) + by * Math.sin(rad)) / 2);
  return { width: grow(w, h), height: grow(h, w) };
}

const isLevel = ({ skewDegrees }: ScanLay) => Math.abs(skewDegrees) < LEVEL_DEGREES;

/**
 * The part `cut` of the scan laid upright and level, each pixel drawn between its four neighbours on the scan, in whole numbers: the same on every
 * machine. Turned by quarters only, pixels are moved and not changed. `reach` is 1 where the scan has a pixel, 0 beyond its edges.
 */
export function layScan(image: Rgb, lay: ScanLay, cut: Cut): { readonly image: Rgb; readonly reach: Uint8Array } {
  const width = cut.right - cut.left;
  const height = cut.bottom - cut.top;
  const size = laidSize(image, lay);
  const out = new Uint8Array(width * height * 3);
  const reach = new Uint8Array(width * height);
  const angle = ((lay.orientation + (isLevel(lay) ? 0 : lay.skewDegrees)) * Math.PI) / 180;
  const one = 1 << FINE_BITS;
  const [cos, sin] = [Math.round(Math.cos(angle) * one), Math.round(Math.sin(angle) * one)];
  const stride = image.width * 3;
  const maxX = (image.width - 1) << 8;
  const maxY = (image.height - 1) << 8;
  for (let y = 0, o = 0; y < height; y++) {
    // Doubled, so that half pixels are whole numbers.
    const dy = 2 * (y + cut.top) + 1 - size.height;
    const dx = 2 * cut.left + 1 - size.width;
    let fineX = (dx * cos - dy * sin) / 2 + ((image.width - 1) * one) / 2;
    let fineY = (dx * sin + dy * cos) / 2 + ((image.height - 1) * one) / 2;
    for (let x = 0; x < width; x++, o++, fineX += cos, fineY += sin) {
      const sx = Math.floor(fineX / 256 + 0.5);
      const sy = Math.floor(fineY / 256 + 0.5);
      if (sx < -128 || sy < -128 || sx > maxX + 128 || sy > maxY + 128) continue;
      reach[o] = 1;
      const cx = sx < 0 ? 0 : sx > maxX ? maxX : sx;
      const cy = sy < 0 ? 0 : sy > maxY ? maxY : sy;
      const i = (cy >> 8) * stride + (cx >> 8) * 3;
      const fx = cx & 255;
      const fy = cy & 255;
      const right = fx ? 3 : 0;
      const below = fy ? stride : 0;
      const w00 = (256 - fx) * (256 - fy);
      const w10 = fx * (256 - fy);
      const w01 = (256 - fx) * fy;
      const w11 = fx * fy;
      for (let c = 0; c < 3; c++) {
        const k = i + c;
        out[o * 3 + c] =
          (image.data[k]! * w00 +
            image.data[k + right]! * w10 +
            image.data[k + below]! * w01 +
            image.data[k + below + right]! * w11 +
            32768) >>
          16;
      }
    }
  }
  return { image: { data: out, width, height }, reach };
}
