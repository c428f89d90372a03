import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { assert } from '@lantai/values';
import fontkit, { type Font } from '@pdf-lib/fontkit';
import { type PDFDocument, PDFHexString, PDFName, type PDFRef } from 'pdf-lib';
import subsetFont from 'subset-font';
import { hex4, toUnicodeMap } from '../to-unicode.ts';
import { readAdvances, readCffGlyphs } from './open-type.ts';

/** Tables that shape running text; a sheet is set character by character. */
const UNUSED_TABLES = ['GSUB', 'GPOS', 'GDEF', 'BASE', 'VORG', 'vmtx', 'vhea'];
const EM = 1000;

/** A font of the catalogue sheet: measures text, then is embedded with only the characters used. */
export interface SheetFont {
  /** Whether the font draws this code point. */
  has(codePoint: number): boolean;
  /** Width of a code point in thousandths of the size. */
  advance(codePoint: number): number;
  /** Embeds the characters of `text`; the answer encodes text for a content stream. */
  embed(document: PDFDocument, text: ReadonlySet<number>): Promise<EmbeddedFont>;
}

/** A subset inside one document. */
export interface EmbeddedFont {
  readonly ref: PDFRef;
  /** Text as the bytes of a show-text operator. Every code point was in the set that was embedded. */
  encode(text: string): PDFHexString;
}

/**
 * Noto Sans Hans (OFL-1.1, npm @embedpdf/fonts-sc): all of the CJK Unified Ideographs block to U+9FA5 and of extension A, few beyond.
 * @param weight which of its files
 */
export async function loadSheetFont(weight: 'Regular' | 'Bold'): Promise<SheetFont> {
  const entry = createRequire(import.meta.url).resolve('@embedpdf/fonts-sc');
  const bytes = await readFile(join(dirname(entry), '..', 'fonts', `NotoSansHans-${weight}.otf`));
  const font = fontkit.create(bytes);
  const advances = readAdvances(bytes);
  // Widths are asked for each character of each line; the map saves a look-up through fontkit every time.
  const known = new Map(font.characterSet.map((codePoint) => [codePoint, Number.NaN]));
  return {
    has: (codePoint) => known.has(codePoint),
    advance: (codePoint) => {
      const kept = known.get(codePoint);
      if (kept !== undefined && !Number.isNaN(kept)) return kept;
      const advance = (advances(font.glyphForCodePoint(codePoint).id) * EM) / font.unitsPerEm;
      if (kept !== undefined) known.set(codePoint, advance);
      return advance;
    },
    embed: (document, text) => embed(document, bytes, `LANTAI+NotoSansHans-${weight}`, text),
  };
}

async function embed(document: PDFDocument, whole: Buffer, name: string, codePoints: ReadonlySet<number>): Promise<EmbeddedFont> {
  const characters = [...codePoints].sort((a, b) => a - b);
  const text = String.fromCodePoint(...characters);
  const cut = await subsetFont(whole, text, { targetFormat: 'sfnt', keepFeatures: [], noLayoutClosure: true, dropTables: UNUSED_TABLES });
  const font = fontkit.create(cut);
  const { table, cids } = readCffGlyphs(cut);
  const advances = readAdvances(cut);
  const glyphs = characters.map((codePoint) => {
    const glyph = font.glyphForCodePoint(codePoint);
    const cid = cids[glyph.id];
    assert(cid !== undefined && glyph.id > 0, 'the subset holds each character it was cut to');
    return { codePoint, cid, width: (advances(glyph.id) * EM) / font.unitsPerEm };
  });
  const cidOf = new Map(glyphs.map((g) => [g.codePoint, g.cid]));
  return {
    ref: writeFont(document, name, font, table, glyphs),
    encode: (line) =>
      PDFHexString.of(
        [...line]
          .map((c) => {
            const cid = cidOf.get(c.codePointAt(0) ?? 0);
            assert(cid !== undefined, 'text was embedded before it is shown');
            return hex4(cid);
          })
          .join(''),
      ),
  };
}

interface Glyph {
  readonly codePoint: number;
  readonly cid: number;
  readonly width: number;
}

/** A Type 0 font over a CID-keyed CFF, Identity-H: a code is a CID. Source: ISO 32000-1 9.7. */
function writeFont(document: PDFDocument, name: string, font: Font, table: Uint8Array, glyphs: readonly Glyph[]): PDFRef {
  const { context } = document;
  const { minX, minY, maxX, maxY } = font.bbox;
  const file = context.register(context.flateStream(table, { Subtype: 'CIDFontType0C' }));
  const descriptor = context.register(
    context.obj({
      Type: 'FontDescriptor',
      FontName: name,
      // Symbolic: codes are glyphs, not letters of a standard encoding.
      Flags: 4,
      FontBBox: [minX, minY, maxX, maxY],
      ItalicAngle: 0,
      Ascent: font.ascent,
      Descent: font.descent,
      CapHeight: font.capHeight || font.ascent,
      StemV: 80,
      FontFile3: file,
    }),
  );
  const widths = [...new Map(glyphs.map((g) => [g.cid, g.width]))].sort(([a], [b]) => a - b).flatMap(([cid, width]) => [cid, [width]]);
  const descendant = context.register(
    context.obj({
      Type: 'Font',
      Subtype: 'CIDFontType0',
      BaseFont: name,
      CIDSystemInfo: { Registry: PDFHexString.fromText('Adobe'), Ordering: PDFHexString.fromText('Identity'), Supplement: 0 },
      FontDescriptor: descriptor,
      DW: EM,
      W: widths,
    }),
  );
  return context.register(
    context.obj({
      Type: 'Font',
      Subtype: 'Type0',
      BaseFont: PDFName.of(name),
      Encoding: 'Identity-H',
      DescendantFonts: [descendant],
      ToUnicode: context.register(context.flateStream(toUnicode(glyphs))),
    }),
  );
}

/** Maps CIDs back to text. One CID stands for one character; of two characters drawn alike the first wins. */
const toUnicode = (glyphs: readonly Glyph[]): string =>
  toUnicodeMap([...new Map(glyphs.toReversed().map((g) => [g.cid, g.codePoint]))].sort(([a], [b]) => a - b));
