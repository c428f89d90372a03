import { crc32, deflateSync } from 'node:zlib';
import { encode } from 'uqr';

const SIGNATURE = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a);
/** White around a QR code, in modules. Source: ISO/IEC 18004. */
const QUIET = 4;

function chunk(name: string, body: Uint8Array): Uint8Array {
  const out = new Uint8Array(12 + body.length);
  const view = new DataView(out.buffer);
  view.setUint32(0, body.length);
  for (let i = 0; i < 4; i++) out[4 + i] = name.charCodeAt(i);
  out.set(body, 8);
  view.setUint32(8 + body.length, crc32(out.subarray(4, 8 + body.length)));
  return out;
}

/**
 * A QR code as a picture, one bit a pixel: for workbooks, which take no drawing. The same text gives the same bytes.
 * @param modulePx pixels a module
 * Source: PNG, W3C recommendation, 4 and 11.
 */
export function qrPng(text: string, modulePx = 4): { readonly png: Uint8Array; readonly sizePx: number } {
  const { data, size } = encode(text, { ecc: 'H', border: QUIET, boostEcc: false });
  const sizePx = size * modulePx;
  const rowBytes = Math.ceil(sizePx / 8);
  const pixels = new Uint8Array((rowBytes + 1) * sizePx);
  for (let y = 0; y < sizePx; y++)
    for (let x = 0; x < sizePx; x++) {
      const isDark = data[Math.floor(y / modulePx)]?.[Math.floor(x / modulePx)] === true;
      // Grey of one bit: 1 is white.
      if (!isDark) pixels[y * (rowBytes + 1) + 1 + (x >> 3)]! |= 0x80 >> (x & 7);
    }
  const head = new Uint8Array(13);
  new DataView(head.buffer).setUint32(0, sizePx);
  new DataView(head.buffer).setUint32(4, sizePx);
  head[8] = 1;
  const parts = [SIGNATURE, chunk('IHDR', head), chunk('IDAT', deflateSync(pixels)), chunk('IEND', new Uint8Array())];
  const png = new Uint8Array(parts.reduce((n, p) => n + p.length, 0));
  let at = 0;
  for (const part of parts) {
    png.set(part, at);
    at += part.length;
  }
  return { png, sizePx };
}
