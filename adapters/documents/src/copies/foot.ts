import fontkit, { type Font } from '@pdf-lib/fontkit';
import { loadFallbackFonts } from '../fallback-font.ts';
import type { CopyAbout } from './copy-model.ts';

/** A part of an outline: SVG's M, L, Q, C and Z, absolute. */
export interface OutlineStep {
  readonly command: 'M' | 'L' | 'Q' | 'C' | 'Z';
  readonly numbers: readonly number[];
}

/** The keeper's mark under one page: a line of outlines on a strip of its own. Millimetres, origin at the strip's upper left. */
export interface Foot {
  readonly heightMm: number;
  readonly steps: readonly OutlineStep[];
}

/** Letters of the mark; smaller where the page is too narrow for the line. */
const SIZE_MM = 2.6;
const SIDE_MM = 4;
const WORDS = {
  zh: { copy: '复制件', page: (n: number, of: number) => `第 ${n} 页 / 共 ${of} 页` },
  en: { copy: 'Copy', page: (n: number, of: number) => `page ${n} of ${of}` },
} as const;

interface Glyph {
  readonly steps: readonly OutlineStep[];
  /** In ems. */
  readonly advance: number;
}

let opened: Font | null = null;

function openFont(): Font {
  opened ??= fontkit.create(loadFallbackFonts().regular);
  return opened;
}

/**
 * Draws the keeper's mark as outlines: it is seen and printed and stands in no text layer, so that what is found and copied is the page's own
 * words and nothing else; and the document needs no font for it.
 */
export class FootDrawer {
  readonly #font: Font = openFont();
  readonly #glyphs = new Map<string, Glyph>();

  /** @param page from 1 */
  draw(about: CopyAbout, page: number, widthMm: number): Foot {
    const words = WORDS[about.language];
    const text = [about.keeper, `${words.copy} ${about.number}`, about.title, words.page(page, about.pages), about.madeAt].join('　');
    const glyphs = [...text].map((c) => this.#glyphOf(c));
    const ems = glyphs.reduce((sum, g) => sum + g.advance, 0);
    const size = Math.min(SIZE_MM, Math.max(0.1, widthMm - 2 * Math.min(SIDE_MM, widthMm / 10)) / ems);
    const heightMm = size * 2;
    const baseline = size * 1.35;
    let x = (widthMm - ems * size) / 2;
    const steps: OutlineStep[] = [];
    for (const glyph of glyphs) {
      for (const { command, numbers } of glyph.steps)
        steps.push({ command, numbers: numbers.map((n, i) => (i % 2 ? baseline - n * size : x + n * size)) });
      x += glyph.advance * size;
    }
    return { heightMm, steps };
  }

  #glyphOf(character: string): Glyph {
    const known = this.#glyphs.get(character);
    if (known) return known;
    const glyph = this.#outline(character.codePointAt(0)!);
    this.#glyphs.set(character, glyph);
    return glyph;
  }

  /** What the font lacks is an empty box, as the font's own first glyph would be; the name stands in the archive's log in any case. */
  #outline(codePoint: number): Glyph {
    if (!this.#font.hasGlyphForCodePoint(codePoint)) return BOX;
    const glyph = this.#font.glyphForCodePoint(codePoint);
    const em = this.#font.unitsPerEm;
    const steps = [...glyph.path.toSVG().matchAll(/([MLQCZ])([^MLQCZ]*)/g)].map(([, command, numbers]) => ({
      command: command as OutlineStep['command'],
      numbers: (numbers ?? '')
        .trim()
        .split(/[\s,]+/)
        .filter((n) => n !== '')
        .map((n) => Number(n) / em),
    }));
    return { steps, advance: glyph.advanceWidth / em };
  }
}

/** Two frames, one in the other, wound against each other, so that filling them leaves a rule. */
const BOX: Glyph = {
  steps: [
    { command: 'M', numbers: [0.08, -0.08] },
    { command: 'L', numbers: [0.92, -0.08] },
    { command: 'L', numbers: [0.92, 0.84] },
    { command: 'L', numbers: [0.08, 0.84] },
    { command: 'Z', numbers: [] },
    { command: 'M', numbers: [0.13, -0.03] },
    { command: 'L', numbers: [0.13, 0.79] },
    { command: 'L', numbers: [0.87, 0.79] },
    { command: 'L', numbers: [0.87, -0.03] },
    { command: 'Z', numbers: [] },
  ],
  advance: 1,
};
