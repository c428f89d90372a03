import { loadScheme } from '@lantai/catalogue';
import { loadPageWords } from '../load-page-words.ts';
import type { PageReading } from '../page-reading.ts';
import { type Knowledge, prepare } from '../propose.ts';

/**
 * A scheme as it ships, ready for proposals.
 * @param read gives the text of a file of `schemes/`
 */
export function shippedKnowledge(read: (path: string) => string, scheme = 'cadre-2018'): Knowledge {
  const words = loadPageWords({ fields: read('pages/fields.yaml'), forms: read('pages/forms.yaml') });
  return prepare(loadScheme(read(`${scheme}.yaml`)), words);
}

/** Text, left edge, top and, when it is not that of the words, height. Pixels at 300 dpi. */
export type MadeLine = readonly [text: string, x: number, y: number, height?: number];

/** A page with these lines as a reader would give them, on an A4 sheet at 300 dpi. */
export function madePage(pageId: string, lines: readonly MadeLine[], more: Partial<PageReading> = {}): PageReading {
  return {
    pageId,
    widthPx: 2480,
    heightPx: 3508,
    skewDegrees: 0,
    findings: [],
    lines: lines.map(([words, x, y, height = 60]) => {
      const width = [...words].reduce((sum, c) => sum + (/[\u0020-\u007e]/.test(c) ? 0.55 : 1), 0) * height * 0.9;
      return { text: words, box: [x, y, width, height], confidence01: 0.99 };
    }),
    ...more,
  };
}

/** A heading in the middle of the sheet. */
export const heading = (words: string, y = 280, height = 90): MadeLine => [words, 1240 - ([...words].length * height * 0.9) / 2, y, height];
