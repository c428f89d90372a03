import type { Rgb } from '@lantai/reading';
import type { ColourMode } from '@lantai/reading/inspection';
import { ArchiveError } from '@lantai/values';
import sharp, { type Metadata } from 'sharp';

/** Larger pages are read shrunk to this long side; 4,400 pixels are A4 at 375 dpi. */
const MAX_LONG_SIDE_PX = 4400;
const MAX_INPUT_PIXELS = 200_000_000;

// A reading process has a core to itself, and reads each page once: more threads and a cache of pictures only cost.
sharp.concurrency(1);
sharp.cache(false);

/** A decoded page. */
export interface DecodedPage {
  readonly image: Rgb;
  /** Pixels of the stored page (its EXIF turn applied) per pixel of `image`; 1 or more. */
  readonly scale: number;
  /** As the file states it, when it does. */
  readonly resolutionDpi?: number;
  /** What the file's header says; the pixels are made colour all the same. */
  readonly fileColour: ColourMode;
}

/**
 * Decodes an image for reading: EXIF turn applied, transparency on white, sRGB, 8 bits.
 * @throws ArchiveError `reading/undecodable` (corruption)
 */
export async function decodePage(bytes: Uint8Array): Promise<DecodedPage> {
  try {
    const open = () => sharp(bytes, { failOn: 'error', sequentialRead: true, limitInputPixels: MAX_INPUT_PIXELS });
    const meta = await open().metadata();
    const longSide = Math.max(meta.width, meta.height);
    const scale = Math.max(1, longSide / MAX_LONG_SIDE_PX);
    // Steps that change nothing still pass over every pixel: most scans are upright sRGB without transparency.
    let pipeline = open().autoOrient();
    if (meta.hasAlpha) pipeline = pipeline.flatten({ background: '#fff' }).removeAlpha();
    if (meta.space !== 'srgb' || meta.depth !== 'uchar' || meta.channels !== 3) pipeline = pipeline.toColourspace('srgb');
    if (scale > 1) pipeline = pipeline.resize(MAX_LONG_SIDE_PX, MAX_LONG_SIDE_PX, { fit: 'inside' });
    const { data, info } = await pipeline.raw().toBuffer({ resolveWithObject: true });
    const image = { data: new Uint8Array(data.buffer, data.byteOffset, data.length), width: info.width, height: info.height };
    const dpi = meta.density;
    return {
      image,
      scale: longSide / Math.max(info.width, info.height),
      fileColour: colourOf(meta),
      ...(dpi && dpi > 1 ? { resolutionDpi: dpi } : {}),
    };
  } catch (cause) {
    throw new ArchiveError('reading/undecodable', 'corruption', {}, cause);
  }
}

/** A palette may hold any colours: only one of a bit a pixel is taken for black and white. */
function colourOf(meta: Metadata): ColourMode {
  const bits = meta.bitsPerSample ?? 8;
  if (bits === 1) return 'bitonal';
  return meta.space === 'b-w' || meta.space === 'grey16' ? 'grey' : 'colour';
}
