import { concatBytes } from '@lantai/values';
import type { TiffDirectory } from './tiff.ts';

// JPEG inside TIFF as version 6.0 first described it and scanners of the 1990s wrote it; libtiff as shipped no longer reads it.
// Source: Adobe TIFF 6.0 section 22; TIFF Technical Note 2 (why it was given up).

/** A JPEG found in a page of such a TIFF. `exact`: it lay there whole and is a copy; else it was put together from tables and strips. */
export interface FoundJpeg {
  readonly bytes: Uint8Array;
  readonly exact: boolean;
}

const END = Uint8Array.of(0xff, 0xd9);

/** The page's JPEG; null when the directory does not lead to one. */
export function findOldJpeg(file: Uint8Array, page: TiffDirectory): FoundJpeg | null {
  const at = page.jpegOffset ?? page.strips[0]?.offset ?? -1;
  if (at < 0 || file[at] !== 0xff || file[at + 1] !== 0xd8) return null;
  const header = readHeader(file, at);
  if (header.scanAt !== null) {
    const whole = cutAtEnd(file, header.scanAt);
    if (whole !== null) return { bytes: file.subarray(at, whole), exact: true };
    // Without an end marker the bytes run to the end of the file; a decoder stops when the picture is full.
    return { bytes: concatBytes(file.subarray(at), END), exact: false };
  }
  return header.frameAt === null ? null : fromStrips(file, at, header, page);
}

interface JpegHeader {
  /** Place of the scan, of the frame header, and of the first byte behind the tables. */
  readonly scanAt: number | null;
  readonly frameAt: number | null;
  readonly end: number;
  readonly hasRestarts: boolean;
}

function readHeader(file: Uint8Array, at: number): JpegHeader {
  let frameAt: number | null = null;
  let hasRestarts = false;
  let place = at + 2;
  while (place + 4 <= file.length && file[place] === 0xff) {
    const marker = file[place + 1]!;
    if (marker === 0xda) return { scanAt: place, frameAt, end: place, hasRestarts };
    if (marker === 0xd9 || marker === 0 || marker === 0xff) break;
    if (marker >= 0xc0 && marker <= 0xc2) frameAt = place;
    if (marker === 0xdd) hasRestarts = true;
    place += 2 + ((file[place + 2]! << 8) | file[place + 3]!);
  }
  return { scanAt: null, frameAt, end: Math.min(place, file.length), hasRestarts };
}

function cutAtEnd(file: Uint8Array, from: number): number | null {
  for (let at = from; at + 1 < file.length; at++) if (file[at] === 0xff && file[at + 1] === 0xd9) return at + 2;
  return null;
}

/** Tables in one place, the scan cut into strips: a restart interval of one strip, and a restart marker before each further one, make it one JPEG. */
function fromStrips(file: Uint8Array, at: number, header: JpegHeader, page: TiffDirectory): FoundJpeg | null {
  const strips = page.strips.map((s) => file.subarray(s.offset, s.offset + s.length)).filter((s) => s.length > 0);
  const first = strips[0];
  if (!first || header.frameAt === null || first[0] !== 0xff || first[1] !== 0xda) return null;
  const interval =
    Math.ceil(page.rowsPerStrip / mcuHeight(file, header.frameAt)) * Math.ceil(page.widthPx / mcuWidth(file, header.frameAt));
  const restarts = strips.length > 1 && !header.hasRestarts;
  if (restarts && (interval < 1 || interval > 0xffff)) return null;
  const parts = [file.subarray(at, header.end)];
  if (restarts) parts.push(Uint8Array.of(0xff, 0xdd, 0, 4, interval >> 8, interval & 0xff));
  strips.forEach((strip, i) => {
    if (restarts && i > 0) parts.push(Uint8Array.of(0xff, 0xd0 + ((i - 1) % 8)));
    parts.push(strip);
  });
  return { bytes: concatBytes(...parts, END), exact: false };
}

const mcuWidth = (file: Uint8Array, frameAt: number) => 8 * Math.max(1, (file[frameAt + 11] ?? 0x11) >> 4);
const mcuHeight = (file: Uint8Array, frameAt: number) => 8 * Math.max(1, (file[frameAt + 11] ?? 0x11) & 15);
