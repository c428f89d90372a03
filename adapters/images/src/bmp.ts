import type { Pixels, Refusal } from './types.ts';
import { refusal } from './types.ts';

// Windows bitmaps, own decoder: the kept libraries read pixels from the wrong offset, know no 12-byte header and lose odd widths (docs/adr/0041).

/** What the header of a bitmap says. */
export interface BmpHeader {
  readonly widthPx: number;
  readonly heightPx: number;
  readonly topDown: boolean;
  readonly bitsPerPixel: number;
  /** 0 none, 1 RLE8, 2 RLE4, 3 and 6 bit fields. */
  readonly compression: number;
  readonly dataOffset: number;
  readonly palette: Uint8Array;
  readonly masks: readonly [red: number, green: number, blue: number];
  readonly resolutionDpi: number | null;
}

const FILE_HEADER_BYTES = 14;
const DEFAULT_MASKS: Readonly<Record<number, readonly [number, number, number]>> = {
  16: [0x7c00, 0x03e0, 0x001f],
  32: [0xff0000, 0x00ff00, 0x0000ff],
};

/** Reads the header; null when it is none or contradicts itself. Source: Microsoft, BITMAPINFOHEADER to BITMAPV5HEADER. */
export function findBmpHeader(bytes: Uint8Array): BmpHeader | null {
  if (bytes.length < FILE_HEADER_BYTES + 12) return null;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const headerBytes = view.getUint32(14, true);
  const core = headerBytes === 12;
  if (bytes.length < FILE_HEADER_BYTES + headerBytes) return null;
  const width = core ? view.getUint16(18, true) : view.getInt32(18, true);
  const height = core ? view.getUint16(20, true) : view.getInt32(22, true);
  const bitsPerPixel = view.getUint16(core ? 24 : 28, true);
  const compression = core ? 0 : view.getUint32(30, true);
  if (width <= 0 || height === 0 || ![1, 4, 8, 16, 24, 32].includes(bitsPerPixel)) return null;
  const masksBehind = headerBytes === 40 && (compression === 3 || compression === 6) ? (compression === 3 ? 12 : 16) : 0;
  const maskAt = FILE_HEADER_BYTES + 40;
  const hasMasks = (compression === 3 || compression === 6) && bytes.length >= maskAt + 12;
  const paletteAt = FILE_HEADER_BYTES + headerBytes + masksBehind;
  const dataOffset = view.getUint32(10, true);
  if (dataOffset >= bytes.length) return null;
  return {
    widthPx: width,
    heightPx: Math.abs(height),
    topDown: height < 0,
    bitsPerPixel,
    compression,
    dataOffset,
    palette:
      bitsPerPixel <= 8
        ? readPalette(bytes, paletteAt, core ? 3 : 4, core ? 0 : view.getUint32(46, true), bitsPerPixel)
        : new Uint8Array(0),
    masks: hasMasks
      ? [view.getUint32(maskAt, true), view.getUint32(maskAt + 4, true), view.getUint32(maskAt + 8, true)]
      : (DEFAULT_MASKS[bitsPerPixel] ?? [0, 0, 0]),
    resolutionDpi: core ? null : Math.round(view.getInt32(38, true) * 0.0254) || null,
  };
}

/** RGB triples; colours the file does not hold stay black. */
function readPalette(bytes: Uint8Array, at: number, entryBytes: number, used: number, bitsPerPixel: number): Uint8Array {
  const all = 1 << bitsPerPixel;
  const count = used === 0 ? all : Math.min(used, all);
  const out = new Uint8Array(all * 3);
  for (let i = 0; i < count; i++) for (let c = 0; c < 3; c++) out[3 * i + c] = bytes[at + entryBytes * i + (2 - c)] ?? 0;
  return out;
}

/**
 * Decodes a bitmap whose header was read and whose size was found small enough.
 * @returns the pixels and which share of the rows the file holds (1 when it is whole), or a refusal for a kind that is none of the six depths.
 */
export function decodeBmp(bytes: Uint8Array, header: BmpHeader): { pixels: Pixels; share01: number } | Refusal {
  const { widthPx, heightPx, bitsPerPixel, compression } = header;
  const data = new Uint8Array(widthPx * heightPx * 3);
  const rle = compression === 1 || compression === 2;
  if ((rle && bitsPerPixel !== (compression === 1 ? 8 : 4)) || ![0, 1, 2, 3, 6].includes(compression))
    return refusal('image/format-unsupported', { format: `bmp-${compression}` });
  const rows = rle ? decodeRle(bytes, header, data) : decodeRows(bytes, header, data);
  return { pixels: { widthPx, heightPx, channels: 3, data }, share01: rows / heightPx };
}

function decodeRows(bytes: Uint8Array, header: BmpHeader, out: Uint8Array): number {
  const { widthPx, heightPx, bitsPerPixel, dataOffset } = header;
  const stride = Math.ceil((widthPx * bitsPerPixel) / 32) * 4;
  const needed = Math.ceil((widthPx * bitsPerPixel) / 8);
  const decodeRow = bitsPerPixel <= 8 ? indexedRow : bitsPerPixel === 24 ? bgrRow : maskedRow(header.masks, bitsPerPixel / 8);
  let row = 0;
  for (; row < heightPx && dataOffset + row * stride + needed <= bytes.length; row++) {
    const y = header.topDown ? row : heightPx - 1 - row;
    const at = dataOffset + row * stride;
    decodeRow(bytes.subarray(at, at + needed), out.subarray(y * widthPx * 3, (y + 1) * widthPx * 3), header);
  }
  return row;
}

function indexedRow(row: Uint8Array, out: Uint8Array, { bitsPerPixel, palette }: BmpHeader): void {
  const perByte = 8 / bitsPerPixel;
  const mask = (1 << bitsPerPixel) - 1;
  for (let x = 0; 3 * x < out.length; x++) {
    const index = (row[Math.floor(x / perByte)]! >> (8 - bitsPerPixel * ((x % perByte) + 1))) & mask;
    out[3 * x] = palette[3 * index]!;
    out[3 * x + 1] = palette[3 * index + 1]!;
    out[3 * x + 2] = palette[3 * index + 2]!;
  }
}

function bgrRow(row: Uint8Array, out: Uint8Array): void {
  for (let i = 0; i < out.length; i += 3) {
    out[i] = row[i + 2]!;
    out[i + 1] = row[i + 1]!;
    out[i + 2] = row[i]!;
  }
}

function maskedRow(masks: readonly number[], pixelBytes: number) {
  const channels = masks.map((mask) => {
    const shift = mask === 0 ? 0 : 31 - Math.clz32(mask & -mask);
    const max = mask >>> shift;
    return { mask, shift, max };
  });
  return (row: Uint8Array, out: Uint8Array): void => {
    for (let x = 0; 3 * x < out.length; x++) {
      let value = 0;
      for (let b = pixelBytes - 1; b >= 0; b--) value = (value << 8) | row[pixelBytes * x + b]!;
      channels.forEach(({ mask, shift, max }, c) => {
        out[3 * x + c] = max === 0 ? 0 : Math.round((((value & mask) >>> shift) * 255) / max);
      });
    }
  };
}

/** Run-length coding. Returns the rows reached; whatever it was told to write outside the picture is not written. */
function decodeRle(bytes: Uint8Array, header: BmpHeader, out: Uint8Array): number {
  const { widthPx, heightPx, palette, bitsPerPixel } = header;
  const perByte = 8 / bitsPerPixel;
  let [x, y, at] = [0, 0, header.dataOffset];
  const put = (index: number) => {
    if (x < widthPx && y < heightPx) {
      const row = header.topDown ? y : heightPx - 1 - y;
      out.set(palette.subarray(3 * index, 3 * index + 3), (row * widthPx + x) * 3);
    }
    x += 1;
  };
  const nibble = (byte: number, i: number) => (perByte === 1 ? byte : i % 2 === 0 ? byte >> 4 : byte & 15);
  while (at + 1 < bytes.length && y < heightPx) {
    const [count, value] = [bytes[at]!, bytes[at + 1]!];
    at += 2;
    if (count > 0) for (let i = 0; i < count; i++) put(nibble(value, i));
    else if (value === 0) [x, y] = [0, y + 1];
    else if (value === 1) return heightPx;
    else if (value === 2) {
      x += bytes[at] ?? 0;
      y += bytes[at + 1] ?? 0;
      at += 2;
    } else {
      for (let i = 0; i < value; i++) put(nibble(bytes[at + Math.floor(i / perByte)] ?? 0, i));
      at += Math.ceil(value / perByte / 2) * 2;
    }
  }
  return Math.min(y, heightPx);
}
