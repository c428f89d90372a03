import { crc32, deflateSync } from 'node:zlib';
import { concatBytes, utf8 } from '@lantai/values';
import sharp, { type Sharp } from 'sharp';
import { DERIVED_JPEG_QUALITY } from './limits.ts';
import type { Pixels } from './types.ts';

/** A page file made from pixels. */
export interface EncodedPage {
  readonly mediaType: 'image/png' | 'image/jpeg';
  readonly bytes: Uint8Array;
}

/** What the colours of a page are, and so what it is best kept as. */
export type Tone = 'bilevel' | 'gray' | 'colour';

const MAX_JPEG_SIDE_PX = 65_500;

/** Looks at every pixel: pure black and white, gray, or colour. */
export function findTone(pixels: Pixels): Tone {
  const { data, channels } = pixels;
  let bilevel = true;
  for (let i = 0; i < data.length; i += channels) {
    const v = data[i]!;
    if (channels === 3 && (data[i + 1] !== v || data[i + 2] !== v)) return 'colour';
    if (v !== 0 && v !== 255) bilevel = false;
  }
  return bilevel ? 'bilevel' : 'gray';
}

/**
 * Makes the page file of derived pixels: black and white as 1-bit PNG, drawn pages (`lossless`) as PNG, photographs and scans as JPEG.
 * @param resolutionDpi written into the file
 */
export async function encodePage(pixels: Pixels, options: { lossless: boolean; resolutionDpi?: number }): Promise<EncodedPage> {
  const tone = findTone(pixels);
  const { resolutionDpi } = options;
  if (tone === 'bilevel') return { mediaType: 'image/png', bytes: encodeBilevelPng(pixels, resolutionDpi) };
  let image = sharpOf(pixels);
  if (tone === 'gray') image = image.toColourspace('b-w');
  if (resolutionDpi) image = image.withMetadata({ density: resolutionDpi });
  if (options.lossless || Math.max(pixels.widthPx, pixels.heightPx) > MAX_JPEG_SIDE_PX)
    return { mediaType: 'image/png', bytes: await image.png({ compressionLevel: 6 }).toBuffer() };
  return { mediaType: 'image/jpeg', bytes: await encodeJpeg(image, DERIVED_JPEG_QUALITY) };
}

/** Raw pixels as sharp takes them. */
export function sharpOf(pixels: Pixels): Sharp {
  const { widthPx: width, heightPx: height, channels, data } = pixels;
  return sharp(data, { raw: { width, height, channels }, limitInputPixels: false });
}

/**
 * Baseline JPEG, colour at full resolution so that red seals stay sharp.
 * @param use `once`: the customary Huffman tables; a fifth more bytes for half the time, right for what is looked at and thrown away
 */
export async function encodeJpeg(image: Sharp, quality: number, use: 'kept' | 'once' = 'kept'): Promise<Uint8Array> {
  return image.jpeg({ quality, chromaSubsampling: '4:4:4', optimiseCoding: use === 'kept' }).toBuffer();
}

/** PNG of one bit a pixel from values 0 and 255. sharp would send it through a colour quantiser. */
function encodeBilevelPng(pixels: Pixels, resolutionDpi: number | undefined): Uint8Array {
  const { widthPx, heightPx, channels, data } = pixels;
  const rowBytes = Math.ceil(widthPx / 8);
  const rows = new Uint8Array((rowBytes + 1) * heightPx);
  for (let y = 0; y < heightPx; y++)
    for (let x = 0, at = y * widthPx * channels; x < widthPx; x++, at += channels)
      if (data[at]) rows[y * (rowBytes + 1) + 1 + (x >> 3)]! |= 0x80 >> (x & 7);
  const header = new DataView(new ArrayBuffer(13));
  header.setUint32(0, widthPx);
  header.setUint32(4, heightPx);
  header.setUint8(8, 1);
  const chunks = [pngChunk('IHDR', new Uint8Array(header.buffer))];
  if (resolutionDpi) {
    const perMetre = new DataView(new ArrayBuffer(9));
    perMetre.setUint32(0, Math.round(resolutionDpi / 0.0254));
    perMetre.setUint32(4, Math.round(resolutionDpi / 0.0254));
    perMetre.setUint8(8, 1);
    chunks.push(pngChunk('pHYs', new Uint8Array(perMetre.buffer)));
  }
  return concatBytes(
    new Uint8Array([0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10]),
    ...chunks,
    pngChunk('IDAT', deflateSync(rows)),
    pngChunk('IEND', new Uint8Array(0)),
  );
}

/** One chunk of a PNG with its length and checksum. */
export function pngChunk(type: string, data: Uint8Array): Uint8Array {
  const body = concatBytes(utf8(type), data);
  const frame = new DataView(new ArrayBuffer(12 + data.length));
  frame.setUint32(0, data.length);
  new Uint8Array(frame.buffer).set(body, 4);
  frame.setUint32(8 + data.length, crc32(body));
  return new Uint8Array(frame.buffer);
}
