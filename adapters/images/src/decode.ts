import sharp from 'sharp';
import type { Rect } from './iiif.ts';
import { BELIEVED_DPI, MAX_IMAGE_PIXELS, MIN_READABLE_SHARE01 } from './limits.ts';
import { checkJpegStructure, checkPngStructure, findPngSize } from './structure.ts';
import { type Pixels, type Refusal, refusal } from './types.ts';

/** What a file's header says of one of its pictures. */
export interface ImageHeader {
  /** As shown, after the turn the file asks for. */
  readonly widthPx: number;
  readonly heightPx: number;
  /** Frames of an animation, directories of a TIFF; 1 for all others. */
  readonly frameCount: number;
  readonly resolutionDpi?: number;
  /** True when the file asks to be turned or mirrored for showing (EXIF 2 to 8). */
  readonly turned: boolean;
}

/** `none`; `slight`: the decoder complained but shows a picture; `partial`: it stopped, and only a part can be shown. */
export type Damage = 'none' | 'slight' | 'partial';

/** Reads one header. @returns a refusal when it is unreadable or too large. */
export async function readHeader(bytes: Uint8Array, frame = 0): Promise<ImageHeader | Refusal> {
  // A PNG that announces too much is refused even when the rest is missing and nothing could be decoded.
  const announced = findPngSize(bytes);
  if (announced && announced.widthPx * announced.heightPx > MAX_IMAGE_PIXELS) return tooLarge(announced);
  try {
    const meta = await sharp(bytes, { failOn: 'none', limitInputPixels: false, page: frame }).metadata();
    const { width: widthPx, height: heightPx } = meta.autoOrient;
    if (widthPx * heightPx > MAX_IMAGE_PIXELS) return tooLarge({ widthPx, heightPx });
    const dpi = Math.round(meta.density ?? 0);
    const believed = dpi >= BELIEVED_DPI[0] && dpi <= BELIEVED_DPI[1];
    const turned = (meta.orientation ?? 1) > 1;
    return { widthPx, heightPx, frameCount: meta.pages ?? 1, turned, ...(believed ? { resolutionDpi: dpi } : {}) };
  } catch {
    // The decoder's words may quote the file: only the fact goes on.
    return refusal('image/unreadable');
  }
}

const tooLarge = ({ widthPx, heightPx }: { widthPx: number; heightPx: number }) =>
  refusal('image/too-many-pixels', { widthPx, heightPx, limit: MAX_IMAGE_PIXELS });

/**
 * Tells whether a JPEG, PNG or WebP can be shown whole. `structure` looks at the outside first and decodes only what looks odd;
 * `decode` always decodes, JPEG at an eighth of its size, which still reads every coded bit.
 */
export async function checkWhole(bytes: Uint8Array, header: ImageHeader, format: string, check: 'structure' | 'decode'): Promise<Damage> {
  if (check === 'structure') {
    const sound = format === 'jpeg' ? checkJpegStructure(bytes) : format === 'png' ? checkPngStructure(bytes) : 'unsure';
    if (sound === 'sound') return 'none';
  }
  if (await decodes(bytes, 'warning', Math.max(1, Math.floor(header.widthPx / 8)))) return 'none';
  return (await decodes(bytes, 'error')) ? 'slight' : 'partial';
}

async function decodes(bytes: Uint8Array, failOn: 'warning' | 'error', widthPx?: number): Promise<boolean> {
  try {
    const image = sharp(bytes, { failOn, limitInputPixels: MAX_IMAGE_PIXELS, sequentialRead: true });
    await image
      .resize(widthPx ?? 64, null, { kernel: 'nearest' })
      .raw()
      .toBuffer();
    return true;
  } catch {
    return false; // this is the question asked; the caller goes on with the next
  }
}

/** Pixels of a picture, upright as the file asks, transparency on white, 8 bits, and how damaged it was. @returns a refusal when less than a tenth can be shown. */
export async function decodePixels(
  bytes: Uint8Array,
  frame = 0,
): Promise<{ pixels: Pixels; damage: Damage; shownShare01: number } | Refusal> {
  for (const failOn of ['warning', 'error', 'none'] as const) {
    const pixels = await tryDecode(bytes, failOn, frame);
    if (!pixels) continue;
    const damage: Damage = failOn === 'warning' ? 'none' : failOn === 'error' ? 'slight' : 'partial';
    const shownShare01 = damage === 'none' ? 1 : findShownShare01(pixels);
    if (damage === 'partial' && shownShare01 < MIN_READABLE_SHARE01) break;
    return { pixels, damage, shownShare01 };
  }
  return refusal('image/unreadable');
}

/** A page decoded smaller than it is: its sides divided by so much. */
export type Reduction = 2 | 4;

/**
 * The same with its sides divided by `by`: JPEG leaves out what it need not compute, so a quarter takes a third of the time and a sixteenth of the memory.
 * Only for a picture that decodes without complaint; null otherwise, and {@link decodePixels} says what can be shown.
 */
export async function decodeReduced(bytes: Uint8Array, by: Reduction): Promise<Pixels | null> {
  try {
    const input = sharp(bytes, { failOn: 'warning', limitInputPixels: MAX_IMAGE_PIXELS, sequentialRead: true });
    const meta = await input.metadata();
    const { width: widthPx, height: heightPx } = meta.autoOrient;
    const gray = meta.channels === 1 && meta.space !== 'srgb';
    const image = input
      .autoOrient()
      .flatten({ background: '#ffffff' })
      .resize(reduced(widthPx, by), reduced(heightPx, by), { fit: 'fill' })
      .toColourspace(gray ? 'b-w' : 'srgb');
    const { data, info } = await image.raw({ depth: 'uchar' }).toBuffer({ resolveWithObject: true });
    if (info.channels !== 1 && info.channels !== 3) return null;
    return { widthPx: info.width, heightPx: info.height, channels: info.channels, data };
  } catch {
    return null; // the caller decodes it whole, which tells damage from what cannot be shown
  }
}

/**
 * A part of a picture as it lies in the file, scaled to `widthPx` × `heightPx`: a fifth of the time of the whole, most of which is carrying pixels.
 * Null where the part cannot be had alone: a picture that its file says to turn, or one that does not decode without complaint.
 */
export async function decodeRegion(bytes: Uint8Array, crop: Rect, widthPx: number, heightPx: number): Promise<Pixels | null> {
  try {
    const input = sharp(bytes, { failOn: 'warning', limitInputPixels: MAX_IMAGE_PIXELS, sequentialRead: true });
    const meta = await input.metadata();
    if ((meta.orientation ?? 1) !== 1) return null;
    const gray = meta.channels === 1 && meta.space !== 'srgb';
    let image = input.extract({ left: crop.x, top: crop.y, width: crop.width, height: crop.height }).flatten({ background: '#ffffff' });
    if (widthPx !== crop.width || heightPx !== crop.height) image = image.resize(widthPx, heightPx, { fit: 'fill', kernel: 'cubic' });
    image = image.toColourspace(gray ? 'b-w' : 'srgb');
    const { data, info } = await image.raw({ depth: 'uchar' }).toBuffer({ resolveWithObject: true });
    if (info.channels !== 1 && info.channels !== 3) return null;
    return { widthPx: info.width, heightPx: info.height, channels: info.channels, data };
  } catch {
    return null; // the caller decodes it whole, which tells damage from what cannot be shown
  }
}

/** Pixels of a side divided by `by`. */
export const reduced = (px: number, by: Reduction): number => Math.max(1, Math.round(px / by));

async function tryDecode(bytes: Uint8Array, failOn: 'warning' | 'error' | 'none', page: number): Promise<Pixels | null> {
  try {
    const input = sharp(bytes, { failOn, limitInputPixels: MAX_IMAGE_PIXELS, sequentialRead: true, page });
    const gray = (await input.metadata()).channels === 1 && (await input.metadata()).space !== 'srgb';
    const image = input
      .autoOrient()
      .flatten({ background: '#ffffff' })
      .toColourspace(gray ? 'b-w' : 'srgb');
    const { data, info } = await image.raw({ depth: 'uchar' }).toBuffer({ resolveWithObject: true });
    if (info.channels !== 1 && info.channels !== 3) return null;
    return { widthPx: info.width, heightPx: info.height, channels: info.channels, data };
  } catch {
    return null; // the caller tries a more forgiving decoder, then refuses
  }
}

/** How far down there is anything but one colour: what a decoder leaves out, it leaves plain. 0 to 1. */
export function findShownShare01(pixels: Pixels): number {
  const { widthPx, heightPx, channels, data } = pixels;
  const rowBytes = widthPx * channels;
  for (let y = heightPx - 1; y >= 0; y--) {
    const row = data.subarray(y * rowBytes, (y + 1) * rowBytes);
    for (let i = channels; i < rowBytes; i++) if (row[i] !== row[i % channels]) return (y + 1) / heightPx;
  }
  return 0;
}
