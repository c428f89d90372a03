import { drawMarkSheet, type Pixels } from '@lantai/images';
import { formatViewNumber, type InkSheet, layInk, numberOfEntry, type PagePlane, timeOfNumberMs } from '@lantai/marks';
import type { Archive } from '../archive/index.ts';

/** Whose look a mark names. */
export interface Looker {
  /** Entry of the look. */
  readonly entryId: string;
  /** Account name. */
  readonly name: string;
}

/** What an image shows of its page. */
export interface MarkedPart {
  readonly plane: PagePlane;
  readonly page: { readonly widthPx: number; readonly heightPx: number };
  /** Height of the letters: so many to the long side of the page. */
  readonly letters: number;
}

/** Sheets of the latest looks: half a megabyte each. */
const SHEETS_MAX = 96;
/** Longer names are cut: the number behind them says who it was. */
const NAME_MAX = 24;

const two = (n: number) => String(n).padStart(2, '0');

/** Account name, time on the server's clock and wall, and the number of the look. */
export function markText({ entryId, name }: Looker): string {
  const number = numberOfEntry(entryId);
  const at = new Date(timeOfNumberMs(number));
  const day = `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
  return `${[...name].slice(0, NAME_MAX).join('')} ${day} ${two(at.getHours())}:${two(at.getMinutes())} ${formatViewNumber(number)}`;
}

/** Lays the marks of a look on its tiles and thumbnails. What is drawn for a look is kept while it is among the latest. */
export class ViewMarks {
  readonly #sheets = new Map<string, Promise<InkSheet>>();

  constructor(readonly archive: Pick<Archive, 'config'>) {}

  /** Marked pixels. INVARIANT: nothing of a page leaves for a screen without having been here. */
  async lay(pixels: Pixels, { plane, page, letters }: MarkedPart, looker: Looker): Promise<Pixels> {
    const sheet = await this.#sheetOf(looker);
    const emPagePx = Math.max(page.widthPx, page.heightPx) / letters;
    return layInk(pixels, plane, { sheet, emPagePx, strength01: this.archive.config.markStrength01 });
  }

  #sheetOf(looker: Looker): Promise<InkSheet> {
    const known = this.#sheets.get(looker.entryId);
    if (known) return known;
    const oldest = this.#sheets.keys().next().value;
    if (this.#sheets.size >= SHEETS_MAX && oldest !== undefined) this.#sheets.delete(oldest);
    const drawing = drawMarkSheet(markText(looker));
    this.#sheets.set(looker.entryId, drawing);
    // What could not be drawn is drawn again for the next tile.
    drawing.catch(() => this.#sheets.delete(looker.entryId));
    return drawing;
  }
}
