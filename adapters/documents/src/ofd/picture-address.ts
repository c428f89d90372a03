import type { ImageTools } from '../image-tools.ts';

/**
 * A picture as an address inside SVG: JPEG and PNG as they are, others (BMP, TIFF, WebP) as the page image made of their first page.
 * Null when it cannot be shown.
 */
export async function pictureHref(bytes: Uint8Array, images: ImageTools): Promise<string | null> {
  const format = images.findImageFormat(bytes);
  if (format === 'png' || format === 'jpeg')
    return 'kind' in (await images.readHeader(bytes)) ? null : dataAddress(`image/${format}`, bytes);
  if (format === null) return null;
  const first = await images.receiveImage(bytes, { check: 'structure' }).next();
  if (first.done) return null;
  if (first.value.origin === 'rendered') return dataAddress(first.value.mediaType, first.value.bytes);
  const decoded = await images.decodePixels(first.value.bytes);
  if ('kind' in decoded) return null;
  const page = await images.encodePage(decoded.pixels, { lossless: true });
  return dataAddress(page.mediaType, page.bytes);
}

const dataAddress = (mediaType: string, bytes: Uint8Array) => `data:${mediaType};base64,${Buffer.from(bytes).toString('base64')}`;
