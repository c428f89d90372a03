import sharp from 'sharp';
import type { Pixels } from './types.ts';

/**
 * Draws an SVG on white at exactly this size. Text and references to other files are the caller's to leave out:
 * the first would depend on fonts of the machine, the second are not followed.
 * @throws when it is no SVG
 */
export async function drawSvg(svg: string, widthPx: number, heightPx: number): Promise<Pixels> {
  const image = sharp(Buffer.from(svg), { unlimited: true, density: 72 })
    .resize(widthPx, heightPx, { fit: 'fill' })
    .flatten({ background: '#ffffff' })
    .toColourspace('srgb');
  const { data, info } = await image.raw().toBuffer({ resolveWithObject: true });
  return { widthPx: info.width, heightPx: info.height, channels: info.channels === 1 ? 1 : 3, data };
}
