import { concatBytes } from '@lantai/values';

/** Width of every character of the font, in thousandths of its size. */
export const GLYPHLESS_WIDTH = 500;
const UNITS_PER_EM = 1000;

/** Big-endian numbers of two bytes each. */
function words(...values: readonly number[]): Uint8Array {
  const view = new DataView(new ArrayBuffer(values.length * 2));
  values.forEach((v, i) => {
    view.setUint16(2 * i, v & 0xffff);
  });
  return new Uint8Array(view.buffer);
}

const long = (v: number) => words(v >>> 16, v & 0xffff);

/**
 * Glyph 1: a contour of two points, from the lower left to the upper right. It encloses nothing and so draws nothing, but it has an extent:
 * a character of none is passed over by pdfium where lines run down. Contours, bounds, last point, no instructions, two points on the curve.
 */
const GLYPH = concatBytes(
  words(1, 0, 0, GLYPHLESS_WIDTH, UNITS_PER_EM, 1, 0),
  Uint8Array.of(1, 1),
  words(0, GLYPHLESS_WIDTH, 0, UNITS_PER_EM),
);

/**
 * A TrueType font of two glyphs that draw nothing, 500 wide: what text is set in that is to be found and copied and never drawn. PDF/A wants
 * every font embedded, also one that draws nothing. Only the tables that a CIDFontType2 needs.
 * Sources: OpenType 1.9 (head, hhea, hmtx, maxp, loca, glyf); ISO 32000-1, 9.9.
 */
export function glyphlessFont(): Uint8Array {
  const tables: readonly (readonly [string, Uint8Array])[] = [
    ['glyf', GLYPH],
    ['head', headTable()],
    // Version, ascender, descender, gap, widest, bearings, extent, caret, five reserved and the data format, metrics.
    ['hhea', concatBytes(long(0x00010000), words(UNITS_PER_EM, -1, 0, GLYPHLESS_WIDTH, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 2))],
    ['hmtx', words(GLYPHLESS_WIDTH, 0, GLYPHLESS_WIDTH, 0)],
    ['loca', words(0, 0, GLYPH.length / 2)],
    ['maxp', concatBytes(long(0x00010000), words(2, 2, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0))],
  ];
  return joinTables(tables);
}

function headTable(): Uint8Array {
  const created = words(0, 0, 0, 0);
  return concatBytes(
    long(0x00010000),
    long(0x00010000),
    long(0), // checksum of the whole, set when all is known
    long(0x5f0f3cf5),
    words(0b1011, UNITS_PER_EM),
    created,
    created,
    // Bounds, style, smallest size, direction, short offsets, glyph format.
    words(0, 0, GLYPHLESS_WIDTH, UNITS_PER_EM, 0, 8, 2, 0, 0),
  );
}

function checksum(bytes: Uint8Array): number {
  let sum = 0;
  for (let i = 0; i < bytes.length; i += 4)
    sum = (sum + ((bytes[i]! << 24) | ((bytes[i + 1] ?? 0) << 16) | ((bytes[i + 2] ?? 0) << 8) | (bytes[i + 3] ?? 0))) >>> 0;
  return sum;
}

function joinTables(tables: readonly (readonly [string, Uint8Array])[]): Uint8Array {
  const log2 = Math.floor(Math.log2(tables.length));
  const head = concatBytes(long(0x00010000), words(tables.length, 16 * 2 ** log2, log2, 16 * (tables.length - 2 ** log2)));
  let at = head.length + 16 * tables.length;
  const records: Uint8Array[] = [];
  const bodies: Uint8Array[] = [];
  let headAt = 0;
  for (const [tag, body] of tables) {
    const padded = concatBytes(body, new Uint8Array((4 - (body.length % 4)) % 4));
    if (tag === 'head') headAt = at;
    records.push(
      concatBytes(
        Uint8Array.from(tag, (c) => c.charCodeAt(0)),
        long(checksum(body)),
        long(at),
        long(body.length),
      ),
    );
    bodies.push(padded);
    at += padded.length;
  }
  const font = concatBytes(head, ...records, ...bodies);
  new DataView(font.buffer, font.byteOffset).setUint32(headAt + 8, (0xb1b0afba - checksum(font)) >>> 0);
  return font;
}
