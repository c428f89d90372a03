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

/** Luma of each pixel (integer weights 77, 150, 29 of 256). */
export function toGray(image: Rgb): Gray {
  const n = image.width * image.height;
  const out = new Uint8Array(n);
  for (let i = 0, p = 0; i < n; i++, p += 3) out[i] = (image.data[p]! * 77 + image.data[p + 1]! * 150 + image.data[p + 2]! * 29) >> 8;
  return { data: out, width: image.width, height: image.height };
}

/** Turns an image clockwise by a quarter turn or two or three. */
export function turnRgb(image: Rgb, degreesClockwise: 0 | 90 | 180 | 270): Rgb {
  if (degreesClockwise === 0) return image;
  const { width: w, height: h, data } = image;
  const out = new Uint8Array(data.length);
  const [W, H] = degreesClockwise === 180 ? [w, h] : [h, w];
  for (let y = 0, o = 0; y < H; y++) {
    for (let x = 0; x < W; x++, o += 3) {
      const sx = degreesClockwise === 90 ? y : degreesClockwise === 180 ? w - 1 - x : w - 1 - y;
      const sy = degreesClockwise === 90 ? h - 1 - x : degreesClockwise === 180 ? h - 1 - y : x;
      const i = (sy * w + sx) * 3;
      out[o] = data[i]!;
      out[o + 1] = data[i + 1]!;
      out[o + 2] = data[i + 2]!;
    }
  }
  return { data: out, width: W, height: H };
}

/** Turns a grey image by −`skewRad` about its centre, so that what was skewed by `skewRad` lies level; outside is taken from the edge. */
export function levelGray(image: Gray, skewRad: number): Gray {
  if (Math.abs(skewRad) < 1e-4) return image;
  const { width, height, data } = image;
  const out = new Uint8Array(width * height);
  const c = Math.cos(skewRad);
  const s = Math.sin(skewRad);
  const maxX = width - 1.001;
  const maxY = height - 1.001;
  for (let y = 0, o = 0; y < height; y++) {
    const dy = y + 0.5 - height / 2;
    const rowX = -dy * s + width / 2 - 0.5;
    const rowY = dy * c + height / 2 - 0.5;
    for (let x = 0; x < width; x++, o++) {
      const dx = x + 0.5 - width / 2;
      let sx = rowX + dx * c;
      let sy = rowY + dx * s;
      sx = sx < 0 ? 0 : sx > maxX ? maxX : sx;
      sy = sy < 0 ? 0 : sy > maxY ? maxY : sy;
      const xi = sx | 0;
      const yi = sy | 0;
      const fx = sx - xi;
      const fy = sy - yi;
      const i = yi * width + xi;
      const top = data[i]! + (data[i + 1]! - data[i]!) * fx;
      const low = data[i + width]! + (data[i + width + 1]! - data[i + width]!) * fx;
      out[o] = top + (low - top) * fy;
    }
  }
  return { data: out, width, height };
}

/** Turns a mask or grey image clockwise; see {@link turnRgb}. */
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
