import { hex4, toUnicodeMap, utf16Hex } from '../to-unicode.ts';

/** Codes a font has for text: two bytes, 0 left out. */
const CODES_A_FONT = 65_535;

/** Text in one font: which, and its codes as hexadecimal. */
export interface CodedRun {
  readonly font: number;
  readonly hex: string;
  readonly characters: number;
}

/**
 * Gives each character a code of its own when it first comes, from whatever plane it is: a code of two bytes cannot be the character's own number
 * beyond the first plane, and an office's own characters (造字) fill the private area. What a code means is said by the font's ToUnicode map,
 * written when all pages have gone by. Should a document hold more than 65,535 different characters, the next font goes on.
 */
export class TextCodes {
  readonly #codes = new Map<number, number>();

  /** How many fonts are in use; one at least. */
  get fonts(): number {
    return Math.max(1, Math.ceil(this.#codes.size / CODES_A_FONT));
  }

  /** Characters of one font. */
  count(font: number): number {
    return Math.min(CODES_A_FONT, Math.max(0, this.#codes.size - font * CODES_A_FONT));
  }

  encode(text: string): CodedRun[] {
    const runs: { font: number; hex: string; characters: number }[] = [];
    for (const character of text) {
      const codePoint = character.codePointAt(0)!;
      const number = this.#codes.get(codePoint) ?? this.#codes.size;
      this.#codes.set(codePoint, number);
      const font = Math.floor(number / CODES_A_FONT);
      let run = runs.at(-1);
      if (run?.font !== font) {
        run = { font, hex: '', characters: 0 };
        runs.push(run);
      }
      run.hex += hex4((number % CODES_A_FONT) + 1);
      run.characters += 1;
    }
    return runs;
  }

  /** The map of a font's codes to text. */
  toUnicode(font: number): string {
    return toUnicodeMap(
      [...this.#codes]
        .filter(([, number]) => Math.floor(number / CODES_A_FONT) === font)
        .map(([codePoint, number]) => [(number % CODES_A_FONT) + 1, codePoint]),
    );
  }
}

/** Text as a PDF string of UTF-16 with its mark. */
export const pdfText = (text: string): string => `<FEFF${utf16Hex(text)}>`;
