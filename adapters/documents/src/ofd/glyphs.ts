import fontkit, { type Font, type Glyph } from '@pdf-lib/fontkit';
import type { FallbackFonts } from '../fallback-font.ts';
import type { OfdPackage } from './package.ts';
import type { OfdFont } from './resources.ts';

/** The outline of one character: SVG path data in units of the em, y upwards, and what it takes of the line. */
export interface Outline {
  readonly path: string;
  readonly unitsPerEm: number;
  /** Advance in ems. */
  readonly advance: number;
  /** The document's own font had no such character, or there is no such font. */
  readonly replaced: boolean;
}

/** Fonts of one document: its own where it carries them, else the stand-in. */
export class GlyphSource {
  readonly #own = new Map<string, Font | null>();
  readonly #standIns = new Map<'regular' | 'bold', Font>();

  constructor(
    private readonly ofd: OfdPackage,
    private readonly fallback: FallbackFonts,
  ) {}

  /** @param glyphId number of the glyph in the document's own font, when the text says it */
  outline(font: OfdFont | undefined, codePoint: number, glyphId: number | null): Outline {
    const own = font?.file ? this.#openOwn(font.file) : null;
    const found = own ? this.#fromOwn(own, codePoint, glyphId) : null;
    if (found) return found;
    const standIn = this.#openStandIn(font?.bold ? 'bold' : 'regular');
    const glyph = standIn.glyphForCodePoint(codePoint);
    return describe(standIn, glyph, true);
  }

  #fromOwn(font: Font, codePoint: number, glyphId: number | null): Outline | null {
    try {
      const glyph = glyphId === null ? font.glyphForCodePoint(codePoint) : font.getGlyph(glyphId, []);
      // Glyph 0 stands for "not in this font".
      return glyph && (glyph.id > 0 || codePoint <= 0x20) ? describe(font, glyph, false) : null;
    } catch {
      return null; // a broken outline or table: the stand-in is drawn and reported
    }
  }

  #openOwn(path: string): Font | null {
    let font = this.#own.get(path);
    if (font === undefined) {
      font = openFont(this.ofd.read(path));
      this.#own.set(path, font);
    }
    return font;
  }

  #openStandIn(weight: 'regular' | 'bold'): Font {
    let font = this.#standIns.get(weight);
    if (!font) {
      font = fontkit.create(this.fallback[weight]);
      this.#standIns.set(weight, font);
    }
    return font;
  }
}

function openFont(bytes: Uint8Array | { kind: 'refused' }): Font | null {
  if ('kind' in bytes) return null;
  try {
    return fontkit.create(bytes);
  } catch {
    return null; // not a font this library reads: the stand-in is drawn and reported
  }
}

function describe(font: Font, glyph: Glyph, replaced: boolean): Outline {
  const path = glyph.path.toSVG();
  if (/NaN|Infinity/.test(path)) throw new RangeError('outline without numbers');
  return { path, unitsPerEm: font.unitsPerEm || 1000, advance: glyph.advanceWidth / (font.unitsPerEm || 1000), replaced };
}
