import type { Box } from '@lantai/values';
import type { TextLine } from './outcome.ts';

/** A letter and where it stands: left, top, right, bottom in pixels; null for a blank that takes no place of its own. */
export interface Letter {
  readonly text: string;
  readonly box: readonly [number, number, number, number] | null;
}

/** Half of a character of a higher plane without its other half. */
const LONE_HALF = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;
/** A gap wider than this many letter heights ends a line: columns and cells of a table are lines of their own. */
const GAP_HEIGHTS = 2.5;

/** Puts the letters of a page together into lines, in the order they come; a jump begins a new line. */
export class LineBuilder {
  readonly #lines: TextLine[] = [];
  #letters: Letter[] = [];
  #last: Letter['box'] = null;

  add(letter: Letter): void {
    if (this.#last && letter.box && breaksLine(this.#last, letter.box)) this.endLine();
    this.#letters.push(letter);
    this.#last = letter.box ?? this.#last;
  }

  endLine(): void {
    const text = this.#letters
      .map((l) => l.text)
      .join('')
      .replace(/\s+/g, ' ')
      .trim()
      .replace(LONE_HALF, '');
    const boxes = this.#letters.flatMap((l) => (l.box && l.text.trim() !== '' ? [l.box] : []));
    this.#letters = [];
    this.#last = null;
    if (text !== '' && boxes.length > 0) this.#lines.push({ text, box: unite(boxes) });
  }

  /** The lines so far, the open one ended; boxes are cut at the page's edge and lines beyond it left out. */
  finish(page: { readonly widthPx: number; readonly heightPx: number }): TextLine[] {
    this.endLine();
    return this.#lines.flatMap((line) => {
      const [x, y] = [Math.max(0, line.box[0]), Math.max(0, line.box[1])];
      const width = Math.min(page.widthPx, line.box[0] + line.box[2]) - x;
      const height = Math.min(page.heightPx, line.box[1] + line.box[3]) - y;
      return width > 0 && height > 0 ? [{ text: line.text, box: [x, y, width, height] as const }] : [];
    });
  }
}

function unite(boxes: readonly NonNullable<Letter['box']>[]): Box {
  let [left, top, right, bottom] = boxes[0]!;
  for (const b of boxes) {
    left = Math.min(left, b[0]);
    top = Math.min(top, b[1]);
    right = Math.max(right, b[2]);
    bottom = Math.max(bottom, b[3]);
  }
  return [Math.round(left), Math.round(top), Math.round(right - left), Math.round(bottom - top)];
}

/** True when the next letter stands neither beside nor, in vertical text, below the last one. */
function breaksLine(last: NonNullable<Letter['box']>, next: NonNullable<Letter['box']>): boolean {
  const height = Math.max(last[3] - last[1], next[3] - next[1], 1);
  const width = Math.max(last[2] - last[0], next[2] - next[0], 1);
  const sameRow = Math.min(last[3], next[3]) - Math.max(last[1], next[1]) > 0.3 * Math.min(last[3] - last[1], next[3] - next[1]);
  const sameColumn = Math.min(last[2], next[2]) - Math.max(last[0], next[0]) > 0.5 * width;
  const gapX = Math.max(next[0] - last[2], last[0] - next[2]);
  const gapY = next[1] - last[3];
  const beside = sameRow && gapX < GAP_HEIGHTS * height;
  const below = sameColumn && gapY > -0.5 * height && gapY < height && last[2] - last[0] < 1.5 * height;
  return !beside && !below;
}
