import { constants, deflateSync, inflateSync } from 'node:zlib';
import { concatBytes } from '@lantai/values';
import { pngChunk } from './encode.ts';

const JPEG_END = Uint8Array.of(0xff, 0xd9);
/** Unpacked rows of a cut PNG that are put together in memory at most. */
const MAX_ROWS_BYTES = 640_000_000;
const SAMPLES: Readonly<Record<number, number>> = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 };

/**
 * A cut file made whole, so that a decoder shows all that arrived before the cut and not only what filled its last buffer.
 * A JPEG gets its end put on and every byte received stays as it is; the rows of a PNG that arrived are packed again above white ones.
 * Null for other formats, and when nothing can be saved.
 */
export function findMended(bytes: Uint8Array, format: string): Uint8Array | null {
  if (format === 'jpeg') return concatBytes(bytes, JPEG_END);
  return format === 'png' ? mendPng(bytes) : null;
}

function mendPng(bytes: Uint8Array): Uint8Array | null {
  const { before, data } = splitPng(bytes);
  const header = before[0];
  if (!header || header.length < 25) return null;
  const view = new DataView(header.buffer, header.byteOffset, header.length);
  const [width, height, depth, colour, interlace] = [view.getUint32(8), view.getUint32(12), header[16]!, header[17]!, header[20]!];
  const rowBytes = 1 + Math.ceil((width * depth * (SAMPLES[colour] ?? 1)) / 8);
  if (interlace !== 0 || rowBytes * height > MAX_ROWS_BYTES) return null;
  const rows = new Uint8Array(rowBytes * height).fill(colour === 3 ? 0 : 0xff);
  for (let y = 0; y < height; y++) rows[y * rowBytes] = 0; // no filter
  const arrived = inflateSome(concatBytes(...data), rows.length);
  if (!arrived) return null;
  rows.set(arrived.subarray(0, Math.floor(Math.min(arrived.length, rows.length) / rowBytes) * rowBytes));
  return concatBytes(
    bytes.subarray(0, 8),
    ...before,
    pngChunk('IDAT', deflateSync(rows, { level: 4 })),
    pngChunk('IEND', new Uint8Array(0)),
  );
}

/** Whole chunks before the picture, and the picture's packed data as far as it goes. */
function splitPng(bytes: Uint8Array): { before: Uint8Array[]; data: Uint8Array[] } {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const before: Uint8Array[] = [];
  const data: Uint8Array[] = [];
  for (let at = 8; at + 8 <= bytes.length; ) {
    const end = at + 12 + view.getUint32(at);
    const type = String.fromCharCode(...bytes.subarray(at + 4, at + 8));
    if (type === 'IDAT') data.push(bytes.subarray(at + 8, Math.min(end - 4, bytes.length)));
    else if (data.length > 0 || end > bytes.length) break;
    else before.push(bytes.subarray(at, end));
    at = end;
  }
  return { before, data };
}

function inflateSome(packed: Uint8Array, maxOutputLength: number): Uint8Array | null {
  try {
    return inflateSync(packed, { finishFlush: constants.Z_SYNC_FLUSH, maxOutputLength });
  } catch {
    return null; // bits changed on the way, or more rows than the header says: nothing to put together
  }
}
