import sharp, { type Sharp } from 'sharp';
import type { Reduction } from './decode.ts';
import { encodeJpeg, sharpOf } from './encode.ts';
import type { Rect, TilePlan } from './iiif.ts';
import type { Pixels } from './types.ts';

/** Quality of tiles sent to a screen. */
export const TILE_JPEG_QUALITY = 80;
const BITONAL_THRESHOLD = 128;

/**
 * Cuts, scales, mirrors, turns and colours a part of decoded pixels, in this order (IIIF Image API 3.0, 4).
 * The result is pixels again, so that marks can be laid on before {@link encodeTile}; not to be written to, they may be the page's own.
 */
export async function cutTile(pixels: Pixels, plan: TilePlan): Promise<Pixels> {
  const { crop, widthPx, heightPx } = plan;
  const cut = cropRows(pixels, plan);
  const scaled = widthPx !== crop.width || heightPx !== crop.height;
  // Most tiles are a part as it is: a way through the library would cost more than everything else done to them.
  if (!scaled && !plan.mirror && !plan.degrees && (plan.quality === 'default' || plan.quality === 'color')) return cut;
  let image = sharpOf(cut);
  if (scaled) image = image.resize(widthPx, heightPx, { fit: 'fill', kernel: 'cubic' });
  if (plan.mirror) image = await again(image.flop());
  if (plan.degrees) image = await again(image.rotate(plan.degrees));
  if (plan.quality === 'gray' || plan.quality === 'bitonal') image = image.grayscale().toColourspace('b-w');
  if (plan.quality === 'bitonal') image = image.threshold(BITONAL_THRESHOLD);
  const { data, info } = await image.raw().toBuffer({ resolveWithObject: true });
  return { widthPx: info.width, heightPx: info.height, channels: info.channels === 1 ? 1 : 3, data };
}

/** By how much a page may have been reduced for a tile to lose nothing when it is cut out of it; 1 when it wants the whole. */
export function reductionFor({ crop, widthPx, heightPx }: TilePlan): 1 | Reduction {
  const fits = (by: Reduction) => widthPx * by <= crop.width && heightPx * by <= crop.height;
  return fits(4) ? 4 : fits(2) ? 2 : 1;
}

/** The plan of a tile for a page of `from` pixels, laid on the same page as `to`, which is smaller. */
export function planOnSmaller(
  plan: TilePlan,
  from: { widthPx: number; heightPx: number },
  to: { widthPx: number; heightPx: number },
): TilePlan {
  const across = to.widthPx / from.widthPx;
  const down = to.heightPx / from.heightPx;
  const x = Math.min(to.widthPx - 1, Math.round(plan.crop.x * across));
  const y = Math.min(to.heightPx - 1, Math.round(plan.crop.y * down));
  const width = Math.max(1, Math.min(to.widthPx - x, Math.round(plan.crop.width * across)));
  const height = Math.max(1, Math.min(to.heightPx - y, Math.round(plan.crop.height * down)));
  return { ...plan, crop: { x, y, width, height } };
}

/** Where a part of the upright page lies on a scan of it that suffered a clockwise turn. @param page size of the upright page */
export function cropOnScan({ x, y, width, height }: Rect, turned: 0 | 90 | 180 | 270, page: { widthPx: number; heightPx: number }): Rect {
  if (turned === 90) return { x: page.heightPx - y - height, y: x, width: height, height: width };
  if (turned === 180) return { x: page.widthPx - x - width, y: page.heightPx - y - height, width, height };
  if (turned === 270) return { x: y, y: page.widthPx - x - width, width: height, height: width };
  return { x, y, width, height };
}

/** The plan of what is left to do to a part that was decoded alone and scaled already. */
export const planOnPart = (plan: TilePlan, part: Pick<Pixels, 'widthPx' | 'heightPx'>): TilePlan => ({
  ...plan,
  crop: { x: 0, y: 0, width: part.widthPx, height: part.heightPx },
});

/** Encodes a tile in the format its plan asks for. */
export async function encodeTile(pixels: Pixels, format: TilePlan['format']): Promise<{ mediaType: string; bytes: Uint8Array }> {
  const image = sharpOf(pixels);
  if (format === 'png') return { mediaType: 'image/png', bytes: await image.png({ compressionLevel: 4 }).toBuffer() };
  if (format === 'webp') return { mediaType: 'image/webp', bytes: await image.webp({ quality: TILE_JPEG_QUALITY }).toBuffer() };
  return { mediaType: 'image/jpeg', bytes: await encodeJpeg(image, TILE_JPEG_QUALITY, 'once') };
}

/** sharp orders its operations itself; a finished step in between keeps ours. */
async function again(image: Sharp): Promise<Sharp> {
  const { data, info } = await image.raw().toBuffer({ resolveWithObject: true });
  return sharp(data, { raw: { width: info.width, height: info.height, channels: info.channels }, limitInputPixels: false });
}

/** Copies the rows and columns of the crop: cheaper than letting the library walk the whole page from its top. */
function cropRows(pixels: Pixels, { crop }: TilePlan): Pixels {
  const { channels, widthPx, data } = pixels;
  if (crop.x === 0 && crop.width === widthPx) {
    const from = crop.y * widthPx * channels;
    return { ...pixels, heightPx: crop.height, data: data.subarray(from, from + crop.height * widthPx * channels) };
  }
  const out = new Uint8Array(crop.width * crop.height * channels);
  for (let row = 0; row < crop.height; row++) {
    const from = ((crop.y + row) * widthPx + crop.x) * channels;
    out.set(data.subarray(from, from + crop.width * channels), row * crop.width * channels);
  }
  return { widthPx: crop.width, heightPx: crop.height, channels, data: out };
}
