import type { Rgb } from '@lantai/reading';
import { OPTIMISER, type OptimisePlan, optimise, planOptimising, type ScanLay } from '@lantai/reading/optimise';
import sharp from 'sharp';
import { decodePixels } from './decode.ts';
import { encodeJpeg, sharpOf } from './encode.ts';
import type { Pixels, Refusal } from './types.ts';

/** As the scheme of DA/T 31 has it, high enough that strokes stay as they are; colour at full resolution. */
const QUALITY = 90;

/** What computed, decoded and encoded, with its version. */
export type EncodingLibraries = Readonly<Record<string, string>>;

/** How an optimised image was made: whoever has the scan and these versions makes the same bytes. */
export interface OptimiseRecipe {
  readonly name: string;
  readonly version: string;
  readonly parameters: OptimisePlan;
  readonly encoding: { readonly mediaType: 'image/jpeg'; readonly quality: number; readonly subsampling: '4:4:4' };
  readonly libraries: EncodingLibraries;
}

/** An optimised image and its recipe. */
export interface OptimisedImage {
  readonly bytes: Uint8Array;
  readonly widthPx: number;
  readonly heightPx: number;
  readonly recipe: OptimiseRecipe;
}

/**
 * Makes the optimised image of a scan: upright, level, cut to the sheet, its background cleaned (docs/spec/optimised-image.md).
 * @param resolutionDpi written into the file
 * @returns a refusal when the scan cannot be shown
 */
export async function makeOptimised(bytes: Uint8Array, lay: ScanLay, resolutionDpi: number | null): Promise<OptimisedImage | Refusal> {
  const decoded = await decodePixels(bytes);
  if ('kind' in decoded) return decoded;
  const image = rgbOf(decoded.pixels);
  const parameters = planOptimising(image, lay);
  const { data, width: widthPx, height: heightPx } = optimise(image, parameters);
  const drawn = sharpOf({ widthPx, heightPx, channels: 3, data });
  return {
    bytes: await encodeJpeg(resolutionDpi ? drawn.withMetadata({ density: resolutionDpi }) : drawn, QUALITY),
    widthPx,
    heightPx,
    recipe: {
      ...OPTIMISER,
      parameters,
      encoding: { mediaType: 'image/jpeg', quality: QUALITY, subsampling: '4:4:4' },
      libraries: librariesOf(),
    },
  };
}

/** Pixels as the lib takes them. */
export function rgbOf({ data, channels, widthPx: width, heightPx: height }: Pixels): Rgb {
  if (channels === 3) return { data, width, height };
  const out = new Uint8Array(width * height * 3);
  for (let i = 0, p = 0; i < width * height; i++, p += 3) out.fill(data[i]!, p, p + 3);
  return { data: out, width, height };
}

/** The versions of this process. */
export function librariesOf(): EncodingLibraries {
  const { sharp: binding = '', vips = '', mozjpeg = '' } = sharp.versions as Readonly<Record<string, string>>;
  return { node: process.versions.node, sharp: binding, vips, mozjpeg };
}
