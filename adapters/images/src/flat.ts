import type { Rgb } from '@lantai/reading';
import {
  type CornerMarks,
  FLATTENER,
  type FlatPlan,
  findCornerFault,
  findSheet,
  layFlat,
  markCorners,
  type PaperName,
  planFlat,
  resolutionOf,
} from '@lantai/reading/photo';
import { decodePixels } from './decode.ts';
import { encodeJpeg, sharpOf } from './encode.ts';
import { type EncodingLibraries, librariesOf, rgbOf } from './optimised.ts';
import { type Refusal, refusal } from './types.ts';

/** As of optimised images: high enough that strokes stay as they are; colour at full resolution. */
const QUALITY = 90;

/** How a photograph was laid flat: whoever has the photograph and these versions makes the same bytes. */
export interface FlatRecipe {
  readonly name: string;
  readonly version: string;
  readonly parameters: FlatPlan & {
    /** The paper that a person said it is. */
    readonly paper: PaperName | null;
  };
  readonly encoding: { readonly mediaType: 'image/jpeg'; readonly quality: number; readonly subsampling: '4:4:4' };
  /** What computed, decoded and encoded. */
  readonly libraries: EncodingLibraries;
}

/** A sheet laid flat out of a photograph. */
export interface FlatSheet {
  readonly bytes: Uint8Array;
  readonly widthPx: number;
  readonly heightPx: number;
  /** Null where the paper's size is not known. */
  readonly resolutionDpi: number | null;
  readonly recipe: FlatRecipe;
}

/**
 * Lays the sheet on a photograph flat (docs/spec/photograph.md).
 * @param corners in 1/65536 of the photograph as it is shown, after its EXIF turn
 * @returns a refusal when the photograph cannot be shown (`image/…`) or the corners are no sheet (`photo/corners`)
 */
export async function makeFlat(bytes: Uint8Array, corners: CornerMarks, paper: PaperName | null): Promise<FlatSheet | Refusal> {
  const decoded = await decodePixels(bytes);
  if ('kind' in decoded) return decoded;
  const photograph: Rgb = rgbOf(decoded.pixels);
  const fault = findCornerFault(corners, photograph);
  if (fault) return refusal('photo/corners', { why: fault });
  const plan = planFlat(corners, photograph, paper);
  const { data, width: widthPx, height: heightPx } = layFlat(photograph, plan);
  const resolutionDpi = resolutionOf(plan, paper);
  const drawn = sharpOf({ widthPx, heightPx, channels: 3, data });
  return {
    bytes: await encodeJpeg(resolutionDpi ? drawn.withMetadata({ density: resolutionDpi }) : drawn, QUALITY),
    widthPx,
    heightPx,
    resolutionDpi,
    recipe: {
      ...FLATTENER,
      parameters: { ...plan, paper },
      encoding: { mediaType: 'image/jpeg', quality: QUALITY, subsampling: '4:4:4' },
      libraries: librariesOf(),
    },
  };
}

/** The corners of the one sheet on a photograph, written down, and how sure; null where there is none, or more than one. */
export async function findCorners(bytes: Uint8Array): Promise<{ corners: CornerMarks; confidence01: number } | Refusal | null> {
  const decoded = await decodePixels(bytes);
  if ('kind' in decoded) return decoded;
  const photograph = rgbOf(decoded.pixels);
  const search = findSheet(photograph);
  return search.kind === 'found' ? { corners: markCorners(search.corners, photograph), confidence01: search.confidence01 } : null;
}
