import sharp, { type Sharp } from 'sharp';
import { encodeJpeg } from './encode.ts';
import { MAX_IMAGE_PIXELS } from './limits.ts';
import type { Pixels } from './types.ts';

const THUMBNAIL_JPEG_QUALITY = 75;

/**
 * A small upright JPEG of a page file; the longer side is at most `longSidePx`, nothing is enlarged.
 * Decodes what can be shown of a damaged page. @throws when the page cannot be decoded at all: it was refused on receipt.
 */
export async function makeThumbnail(
  bytes: Uint8Array,
  longSidePx: number,
): Promise<{ mediaType: 'image/jpeg'; bytes: Uint8Array; widthPx: number; heightPx: number }> {
  const small = sharp(await encodeJpeg(shrink(bytes, longSidePx), THUMBNAIL_JPEG_QUALITY));
  const { width: widthPx, height: heightPx } = await small.metadata();
  return { mediaType: 'image/jpeg', bytes: await small.toBuffer(), widthPx, heightPx };
}

/** The pixels of {@link makeThumbnail}, for marks to be laid on. @throws as it does */
export async function thumbnailPixels(bytes: Uint8Array, longSidePx: number): Promise<Pixels> {
  const { data, info } = await shrink(bytes, longSidePx).raw({ depth: 'uchar' }).toBuffer({ resolveWithObject: true });
  return { widthPx: info.width, heightPx: info.height, channels: info.channels === 1 ? 1 : 3, data };
}

function shrink(bytes: Uint8Array, longSidePx: number): Sharp {
  return sharp(bytes, { failOn: 'none', limitInputPixels: MAX_IMAGE_PIXELS, sequentialRead: true })
    .autoOrient()
    .resize(longSidePx, longSidePx, { fit: 'inside', withoutEnlargement: true })
    .flatten({ background: '#ffffff' })
    .toColourspace('srgb');
}
