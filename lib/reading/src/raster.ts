/** Interleaved 8-bit RGB, row by row, no padding. */
export interface Rgb {
  readonly data: Uint8Array;
  readonly width: number;
  readonly height: number;
}

/** One byte a pixel, row by row. As a grey image 0 is black; as a mask 1 is set. */
export interface Gray {
  readonly data: Uint8Array;
  readonly width: number;
  readonly height: number;
}

/** An empty plane of zeros. */
export function makeGray(width: number, height: number): Gray {
  return { data: new Uint8Array(width * height), width, height };
}

/** Shrinks by a whole factor, each output pixel the mean of `factor` × `factor` input pixels (edge rows that do not fill one are dropped). */
export function shrinkRgb(image: Rgb, factor: number): Rgb {
  if (factor <= 1) return image;
  const width = Math.floor(image.width / factor);
  const height = Math.floor(image.height / factor);
  const out = new Uint8Array(width * height * 3);
  const stride = image.width * 3;
  if (factor === 2) {
    shrinkByTwo(image.data, stride, out, width, height);
    return { data: out, width, height };
  }
  const share = 1 / (factor * factor);
  for (let y = 0, o = 0; y < height; y++) {
    for (let x = 0; x < width; x++, o += 3) {
      let r = 0;
      let g = 0;
      let b = 0;
      for (let j = 0; j < factor; j++) {
        let i = (y * factor + j) * stride + x * factor * 3;
        for (let k = 0; k < factor; k++, i += 3) {
          r += image.data[i]!;
          g += image.data[i + 1]!;
          b += image.data[i + 2]!;
        }
      }
      out[o] = r * share;
      out[o + 1] = g * share;
      out[o + 2] = b * share;
    }
  }
  return { data: out, width, height };
}

function shrinkByTwo(src: Uint8Array, stride: number, out: Uint8Array, width: number, height: number): void {
  for (let y = 0, o = 0; y < height; y++) {
    let i = y * 2 * stride;
    let j = i + stride;
    for (let x = 0; x < width; x++, o += 3, i += 6, j += 6) {
      out[o] = (src[i]! + src[i + 3]! + src[j]! + src[j + 3]! + 2) >> 2;
      out[o + 1] = (src[i + 1]! + src[i + 4]! + src[j + 1]! + src[j + 4]! + 2) >> 2;
      out[o + 2] = (src[i + 2]! + src[i + 5]! + src[j + 2]! + src[j + 5]! + 2) >> 2;
    }
  }
}

/** Enlarges by a factor above 1, each pixel drawn between its four neighbours. */
export function enlargeRgb(image: Rgb, factor: number): Rgb {
  const width = Math.round(image.width * factor);
  const height = Math.round(image.height * factor);
  const out = new Uint8Array(width * height * 3);
  const place = (i: number, to: number, from: number) => Math.max(0, Math.min(from - 1.001, ((i + 0.5) * from) / to - 0.5));
  const stride = image.width * 3;
  for (let y = 0, o = 0; y < height; y++) {
    const v = place(y, height, image.height);
    const top = Math.floor(v);
    const down = v - top;
    for (let x = 0; x < width; x++) {
      const u = place(x, width, image.width);
      const left = Math.floor(u);
      const across = u - left;
      const i = top * stride + left * 3;
      for (let c = i; c < i + 3; c++, o++) {
        const upper = image.data[c]! + (image.data[c + 3]! - image.data[c]!) * across;
        const lower = image.data[c + stride]! + (image.data[c + stride + 3]! - image.data[c + stride]!) * across;
        out[o] = upper + (lower - upper) * down + 0.5;
      }
    }
  }
  return { data: out, width, height };
}

/** Luma of each pixel (integer weights 77, 150, 29 of 256). */
export function toGray(image: Rgb): Gray {
  const n = image.width * image.height;
  const out = new Uint8Array(n);
  for (let i = 0, p = 0; i < n; i++, p += 3) out[i] = (image.data[p]! * 77 + image.data[p + 1]! * 150 + image.data[p + 2]! * 29) >> 8;
  return { data: out, width: image.width, height: image.height };
}

/** Green is this far from luma where colour is more than a tint of paper. */
const COLOURED = 12;
const COLOURED_SHARE_01 = 0.05;

/** True for photographs and pages printed on or in colour, not for scans of paper with some coloured ink on it. */
export function isColourful(image: Rgb): boolean {
  const { data } = image;
  let coloured = 0;
  let n = 0;
  for (let p = 0; p + 2 < data.length; p += 3 * 31, n++) if (Math.abs(data[p + 1]! - lumaAt(data, p)) > COLOURED) coloured++;
  return coloured > n * COLOURED_SHARE_01;
}

/** Puts the luma of each pixel in place of its green, for those who look at green alone. */
export function putLumaInGreen(image: Rgb): void {
  const { data } = image;
  for (let p = 0; p < data.length; p += 3) data[p + 1] = lumaAt(data, p);
}

const lumaAt = (data: Uint8Array, p: number) => (data[p]! * 77 + data[p + 1]! * 150 + data[p + 2]! * 29) >> 8;

/** Turns a grey image by −`skewRad` about its centre, so that what was skewed by `skewRad` lies level; outside is taken from the edge. */
export function levelGray(image: Gray, skewRad: number): Gray {
  if (Math.abs(skewRad) < 1e-4) return image;
  const { width, height, data } = image;
  const out = new Uint8Array(width * height);
  // In 1/256 of a pixel: whole numbers are quicker, and finer than the eight bits of a level can tell.
  const stepX = Math.round(Math.cos(skewRad) * 65536);
  const stepY = Math.round(Math.sin(skewRad) * 65536);
  const maxX = (width - 1) * 256 - 1;
  const maxY = (height - 1) * 256 - 1;
  for (let y = 0, o = 0; y < height; y++) {
    const dx = 0.5 - width / 2;
    const dy = y + 0.5 - height / 2;
    let fineX = Math.round((dx * Math.cos(skewRad) - dy * Math.sin(skewRad) + width / 2 - 0.5) * 65536);
    let fineY = Math.round((dx * Math.sin(skewRad) + dy * Math.cos(skewRad) + height / 2 - 0.5) * 65536);
    for (let x = 0; x < width; x++, o++, fineX += stepX, fineY += stepY) {
      let sx = fineX >> 8;
      let sy = fineY >> 8;
      sx = sx < 0 ? 0 : sx > maxX ? maxX : sx;
      sy = sy < 0 ? 0 : sy > maxY ? maxY : sy;
      const i = (sy >> 8) * width + (sx >> 8);
      const fx = sx & 255;
      const top = data[i]! * 256 + (data[i + 1]! - data[i]!) * fx;
      const low = data[i + width]! * 256 + (data[i + width + 1]! - data[i + width]!) * fx;
      out[o] = (top * 256 + (low - top) * (sy & 255)) >> 16;
    }
  }
  return { data: out, width, height };
}

/** Turns a mask or grey image clockwise by a quarter turn or two or three. */
export function turnGray(image: Gray, degreesClockwise: 0 | 90 | 180 | 270): Gray {
  if (degreesClockwise === 0) return image;
  const { width: w, height: h, data } = image;
  const [W, H] = degreesClockwise === 180 ? [w, h] : [h, w];
  const out = makeGray(W, H);
  for (let y = 0, o = 0; y < H; y++) {
    for (let x = 0; x < W; x++, o++) {
      const sx = degreesClockwise === 90 ? y : degreesClockwise === 180 ? w - 1 - x : w - 1 - y;
      const sy = degreesClockwise === 90 ? h - 1 - x : degreesClockwise === 180 ? h - 1 - y : x;
      out.data[o] = data[sy * w + sx]!;
    }
  }
  return out;
}
