import sharp, { type Sharp } from 'sharp';
import type { Chance } from './chance.ts';

/** Interleaved RGB with the resolution it was scanned at. */
export interface Picture {
  readonly data: Uint8ClampedArray;
  readonly width: number;
  readonly height: number;
  readonly dpi: number;
}
export type Colour = readonly [number, number, number];

/** Decodes a scan, at another resolution where `dpi` is given. @param dpi resolution it is brought to; its own is 300 */
export async function openPicture(bytes: Uint8Array, dpi = 300): Promise<Picture> {
  const meta = await sharp(bytes).metadata();
  const from = meta.density ?? 300;
  let image = sharp(bytes).removeAlpha().toColourspace('srgb');
  if (dpi !== from) image = image.resize({ width: Math.round(((meta.width ?? 0) * dpi) / from), kernel: 'lanczos3' });
  const { data, info } = await image.raw().toBuffer({ resolveWithObject: true });
  return { data: new Uint8ClampedArray(data), width: info.width, height: info.height, dpi };
}

/** As JPEG with its resolution in the header. */
export function encode(picture: Picture, quality: number, options: { readonly isGrey?: boolean } = {}): Promise<Uint8Array> {
  const image = options.isGrey ? toSharp(picture).greyscale() : toSharp(picture);
  return image
    .jpeg({ quality, chromaSubsampling: quality > 88 ? '4:4:4' : '4:2:0' })
    .withMetadata({ density: picture.dpi })
    .toBuffer();
}

export const toSharp = ({ data, width, height }: Picture) => sharp(Buffer.from(data.buffer), { raw: { width, height, channels: 3 } });

export async function fromSharp(image: Sharp, dpi: number): Promise<Picture> {
  const { data, info } = await image.removeAlpha().toColourspace('srgb').raw().toBuffer({ resolveWithObject: true });
  const size = { width: info.width, height: info.height, dpi };
  if (info.channels === 3) return { data: new Uint8ClampedArray(data), ...size };
  // What was turned grey comes as one channel.
  const rgb = new Uint8ClampedArray(info.width * info.height * 3);
  for (let i = 0, o = 0; i < data.length; i += info.channels, o += 3) rgb.fill(data[i]!, o, o + 3);
  return { data: rgb, ...size };
}

export const emptyPicture = (width: number, height: number, dpi: number): Picture => ({
  data: new Uint8ClampedArray(width * height * 3),
  width,
  height,
  dpi,
});

export const copyOf = (picture: Picture): Picture => ({ ...picture, data: picture.data.slice() });

/** Pixels of a length on paper. */
export const mm = (picture: { readonly dpi: number }, length: number): number => (length * picture.dpi) / 25.4;

/** The colour between the four pixels about a place; null outside the picture. */
export function sample({ data, width, height }: Picture, x: number, y: number, out: [number, number, number]): boolean {
  if (x < 0 || y < 0 || x > width - 1 || y > height - 1) return false;
  const [x0, y0] = [Math.floor(x), Math.floor(y)];
  const [fx, fy] = [x - x0, y - y0];
  const a = (y0 * width + x0) * 3;
  const b = x0 + 1 < width ? a + 3 : a;
  const down = y0 + 1 < height ? width * 3 : 0;
  for (let k = 0; k < 3; k++) {
    const top = data[a + k]! * (1 - fx) + data[b + k]! * fx;
    const low = data[a + down + k]! * (1 - fx) + data[b + down + k]! * fx;
    out[k] = top * (1 - fy) + low * fy;
  }
  return true;
}

/** Writes every pixel: `at` gives the colour of a place into its third argument. */
export function paint(picture: Picture, at: (x: number, y: number, rgb: [number, number, number]) => void): void {
  const rgb: [number, number, number] = [0, 0, 0];
  for (let y = 0, i = 0; y < picture.height; y++) {
    for (let x = 0; x < picture.width; x++, i += 3) {
      rgb[0] = picture.data[i]!;
      rgb[1] = picture.data[i + 1]!;
      rgb[2] = picture.data[i + 2]!;
      at(x, y, rgb);
      picture.data[i] = rgb[0];
      picture.data[i + 1] = rgb[1];
      picture.data[i + 2] = rgb[2];
    }
  }
}

/** Noise of a sensor: stronger where it is light, alike in neighbours by `grain`. */
export function addNoise(picture: Picture, chance: Chance, deviation: number): void {
  const table = Float32Array.from({ length: 8192 }, () => chance.normal() * deviation);
  let at = 0;
  for (let i = 0; i < picture.data.length; i += 3) {
    if ((i & 4095) < 3) at = chance.whole(0, 8191);
    const luminance = table[at++ & 8191]!;
    for (let k = 0; k < 3; k++) picture.data[i + k] = picture.data[i + k]! + luminance + 0.4 * table[(at * 7 + k * 91) & 8191]!;
  }
}

/** The paper's colour: what most of the lighter pixels are. */
export function paperOf({ data }: Picture): Colour {
  const counts = [new Uint32Array(256), new Uint32Array(256), new Uint32Array(256)] as const;
  for (let i = 0; i < data.length; i += 3 * 31) for (let k = 0; k < 3; k++) counts[k as 0]![data[i + k]!]!++;
  const most = (count: Uint32Array) => {
    let total = 0;
    for (const c of count) total += c;
    for (let v = 0, sum = 0; v < 256; v++) {
      sum += count[v]!;
      if (sum >= total * 0.62) return v;
    }
    return 255;
  };
  return [most(counts[0]), most(counts[1]), most(counts[2])];
}

/** 0 at or below `low`, 1 at or above `high`, smooth between. */
export function ramp(v: number, low: number, high: number): number {
  const t = Math.min(1, Math.max(0, (v - low) / (high - low || 1e-6)));
  return t * t * (3 - 2 * t);
}

/** A waving line about 0, for torn, soft and uneven edges. @param length in pixels of its longest wave */
export function wavingLine(chance: Chance, length: number): (at: number) => number {
  const waves = Array.from({ length: 4 }, (_, k) => ({ f: (2 * Math.PI * (k + 1)) / length, p: chance.between(0, 7), a: 1 / (k + 1) }));
  return (at) => waves.reduce((sum, w) => sum + w.a * Math.sin(w.f * at + w.p), 0);
}
