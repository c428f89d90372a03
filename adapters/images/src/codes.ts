import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { prepareZXingModule, readBarcodes } from 'zxing-wasm/reader';
import type { Pixels } from './types.ts';

/** A code found on a picture. */
export interface FoundCode {
  readonly format: 'qr' | 'code128';
  readonly text: string;
}

/** Codes of one picture that are told. */
const CODES_MAX = 32;

let isLoaded = false;

/**
 * Takes the code reader out of its installed package; nothing is fetched. Called once, before rights are given up: afterwards the file may not be
 * readable any more. It is compiled when the first picture comes.
 */
export function loadCodeReader(): void {
  if (isLoaded) return;
  const bytes = readFileSync(createRequire(import.meta.url).resolve('zxing-wasm/reader/zxing_reader.wasm'));
  const wasmBinary = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer;
  prepareZXingModule({ overrides: { wasmBinary } });
  isLoaded = true;
}

/** QR and Code 128 codes on a picture, however it is turned, in the order in which they were found. */
export async function readCodes(pixels: Pixels): Promise<FoundCode[]> {
  loadCodeReader();
  const image = imageDataOf(pixels);
  const results = await readBarcodes(image as ImageData, {
    formats: ['QRCode', 'Code128'],
    tryHarder: true,
    maxNumberOfSymbols: CODES_MAX,
  });
  return results.filter((r) => r.isValid).map((r) => ({ format: r.format === 'QRCode' ? 'qr' : 'code128', text: r.text }));
}

/** What the reader takes: four bytes a pixel. */
function imageDataOf({ data, widthPx, heightPx, channels }: Pixels): {
  data: Uint8ClampedArray;
  width: number;
  height: number;
  colorSpace: 'srgb';
} {
  const out = new Uint8ClampedArray(widthPx * heightPx * 4);
  for (let at = 0, from = 0; at < out.length; at += 4, from += channels) {
    out[at] = data[from] ?? 0;
    out[at + 1] = data[channels < 3 ? from : from + 1] ?? 0;
    out[at + 2] = data[channels < 3 ? from : from + 2] ?? 0;
    out[at + 3] = 255;
  }
  return { data: out, width: widthPx, height: heightPx, colorSpace: 'srgb' };
}
