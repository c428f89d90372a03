/** Codes a font has for text: two bytes, 0 left out. */
const CODES_A_FONT = 65_535;
const BF_MAX = 100;

/** Text in one font: which, and its codes as hexadecimal. */
export interface CodedRun {
  readonly font: number;
  readonly hex: string;
  readonly characters: number;
}

const hex4 = (n: number) => n.toString(16).toUpperCase().padStart(4, '0');

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

  /** The map of a font's codes to text. Source: Adobe Technical Note 5411; ISO 32000-1, 9.10.3. */
  toUnicode(font: number): string {
    const lines: string[] = [];
    for (const [codePoint, number] of this.#codes)
      if (Math.floor(number / CODES_A_FONT) === font) lines.push(`<${hex4((number % CODES_A_FONT) + 1)}> <${utf16Hex(codePoint)}>`);
    const blocks = Array.from({ length: Math.ceil(lines.length / BF_MAX) }, (_, i) => lines.slice(i * BF_MAX, (i + 1) * BF_MAX));
    return [
      '/CIDInit /ProcSet findresource begin',
      '12 dict begin',
      'begincmap',
      '/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def',
      '/CMapName /Adobe-Identity-UCS def',
      '/CMapType 2 def',
      '1 begincodespacerange',
      '<0000> <FFFF>',
      'endcodespacerange',
      ...blocks.flatMap((block) => [`${block.length} beginbfchar`, ...block, 'endbfchar']),
      'endcmap',
      'CMapName currentdict /CMap defineresource pop',
      'end',
      'end',
    ].join('\n');
  }
}

function utf16Hex(codePoint: number): string {
  const text = String.fromCodePoint(codePoint);
  return Array.from({ length: text.length }, (_, i) => hex4(text.charCodeAt(i))).join('');
}

/** Text as a PDF string of UTF-16 with its mark. */
export const pdfText = (text: string): string =>
  `<FEFF${Array.from({ length: text.length }, (_, i) => hex4(text.charCodeAt(i))).join('')}>`;
