import type { PageCanvas, Paint } from './canvas.ts';
import { type Matrix, multiply } from './geometry.ts';
import type { Outline } from './glyphs.ts';
import { childrenOf, numbersOf, type XmlElement } from './xml.ts';

/** What a text object is drawn with. */
export interface TextStyle {
  readonly sizeMm: number;
  readonly matrix: Matrix;
  readonly paint: Paint;
  readonly hidden: boolean;
  readonly hScale: number;
  /** Degrees each letter is turned clockwise about its origin. */
  readonly charDirection: number;
}

/** Draws the text codes of an object. Source: GB/T 33190-2016, 11.3 (text codes), 11.4 (glyph transforms). */
export function drawText(
  canvas: PageCanvas,
  object: XmlElement,
  style: TextStyle,
  outlineOf: (codePoint: number, glyphId: number | null) => Outline,
): void {
  const glyphIds = readGlyphIds(object);
  let index = 0;
  let [x, y] = [0, 0];
  for (const code of childrenOf(object, 'TextCode')) {
    x = Number(code.attributes.X ?? x) || 0;
    y = Number(code.attributes.Y ?? y) || 0;
    const dx = readDeltas(code.attributes.DeltaX);
    const dy = readDeltas(code.attributes.DeltaY);
    for (const [i, character] of [...code.text].entries()) {
      const outline = outlineOf(character.codePointAt(0)!, glyphIds.get(index) ?? null);
      drawLetter(canvas, character, outline, x, y, style);
      const natural = dx.length === 0 && dy.length === 0 ? outline.advance * style.sizeMm * style.hScale : 0;
      // A list that is too short goes on with its last step: writers give one number for a whole row.
      x += dx[i] ?? dx.at(-1) ?? natural;
      y += dy[i] ?? dy.at(-1) ?? 0;
      index += 1;
    }
  }
}

function drawLetter(canvas: PageCanvas, character: string, outline: Outline, x: number, y: number, style: TextStyle): void {
  const { sizeMm, matrix, hScale } = style;
  canvas.letter(character, matrix, x, y, Math.max(outline.advance, 0.2) * sizeMm * hScale, sizeMm, style.hidden);
  if (style.hidden || character.trim() === '') return;
  if (outline.replaced) canvas.lacks.fonts += 1;
  const scale = sizeMm / outline.unitsPerEm;
  const turn = (style.charDirection * Math.PI) / 180;
  const place: Matrix = [Math.cos(turn), Math.sin(turn), -Math.sin(turn), Math.cos(turn), x, y];
  const glyph = multiply(matrix, multiply(place, [scale * hScale, 0, 0, -scale, 0, 0]));
  // The line width is given in millimetres, the outline in units of the font.
  canvas.path(outline.path, glyph, { ...style.paint, lineWidthMm: style.paint.lineWidthMm / scale });
}

/** `3.5 3.5 g 4 2.1`: steps between letters, `g n v` meaning n times v. */
export function readDeltas(text: string | undefined): number[] {
  const out: number[] = [];
  const parts = (text ?? '').trim().split(/\s+/);
  for (let i = 0; i < parts.length; i++) {
    if (parts[i] === 'g') {
      const count = Math.min(Number(parts[i + 1]) || 0, 100_000 - out.length);
      const value = Number(parts[i + 2]) || 0;
      for (let k = 0; k < count; k++) out.push(value);
      i += 2;
    } else if (parts[i] !== '') out.push(Number(parts[i]) || 0);
  }
  return out;
}

/** Numbers of glyphs by position of the letter, where the text says them. */
function readGlyphIds(object: XmlElement): Map<number, number> {
  const ids = new Map<number, number>();
  for (const transform of childrenOf(object, 'CGTransform')) {
    const from = Number(transform.attributes.CodePosition ?? 0) || 0;
    const glyphs = numbersOf(childrenOf(transform, 'Glyphs')[0]?.text);
    glyphs.slice(0, Number(transform.attributes.CodeCount ?? glyphs.length) || 0).forEach((glyph, i) => {
      if (Number.isInteger(glyph) && glyph >= 0) ids.set(from + i, glyph);
    });
  }
  return ids;
}
