import { drawMarkSheet, type Pixels } from '@lantai/images';
import {
  formatViewNumber,
  type InkSheet,
  layMarks,
  layoutOf,
  type MarkHmac,
  type MarkLayout,
  numberOfEntry,
  type PagePlane,
  signsOf,
  timeOfNumberMs,
} from '@lantai/marks';
import { type Archive, formatWallTime, PURPOSE } from '../archive/index.ts';

/** Whose look a mark names. */
export interface Looker {
  /** Entry of the look. */
  readonly entryId: string;
  /** Account name. */
  readonly name: string;
  /** The archive's clock, as the policy has it. */
  readonly utcOffsetMinutes: number;
}

/** What an image shows of its page. */
export interface MarkedPart {
  readonly plane: PagePlane;
  readonly page: { readonly widthPx: number; readonly heightPx: number };
  /** Height of the visible letters: so many to the long side of the page. */
  readonly letters: number;
  /** Cells of the invisible pattern to the long side of the page. */
  readonly cells: number;
}

/** Marks of the latest looks: half a megabyte each. */
const MARKS_MAX = 96;
/** Longer names are cut: the number behind them says who it was. */
const NAME_MAX = 24;

/** Account name, time on the archive's clock, and the number of the look. */
export function markText({ entryId, name, utcOffsetMinutes }: Looker): string {
  const number = numberOfEntry(entryId);
  return `${[...name].slice(0, NAME_MAX).join('')} ${formatWallTime(timeOfNumberMs(number), utcOffsetMinutes)} ${formatViewNumber(number)}`;
}

/** The archive's keyed function for invisible marks: under a key of its own, out of the auditors'. @throws ArchiveError `key/missing` */
export function markHmac({ sealer }: Pick<Archive, 'sealer'>): MarkHmac {
  const key = sealer.subkey({ kind: 'purpose', id: PURPOSE.audit }, 'lantai/image-mark/v1');
  return (...parts) => sealer.primitives.hmac('sha256', key, ...parts);
}

interface LookMarks {
  readonly sheet: InkSheet;
  readonly signs: Int8Array;
}

/** Lays the marks of a look on its tiles and thumbnails. What is drawn for a look is kept while it is among the latest. */
export class ViewMarks {
  readonly #marks = new Map<string, Promise<LookMarks>>();
  #layout: MarkLayout | undefined;

  constructor(readonly archive: Pick<Archive, 'config' | 'sealer'>) {}

  /** Marked pixels. INVARIANT: nothing of a page leaves for a screen without having been here. */
  async lay(pixels: Pixels, { plane, page, letters, cells }: MarkedPart, looker: Looker): Promise<Pixels> {
    const { sheet, signs } = await this.#marksOf(looker);
    const longPx = Math.max(page.widthPx, page.heightPx);
    const visible = { sheet, emPagePx: longPx / letters, strength01: this.archive.config.markStrength01 };
    return layMarks(pixels, plane, visible, { signs, cellPagePx: longPx / cells });
  }

  #marksOf(looker: Looker): Promise<LookMarks> {
    const known = this.#marks.get(looker.entryId);
    if (known) return known;
    const oldest = this.#marks.keys().next().value;
    if (this.#marks.size >= MARKS_MAX && oldest !== undefined) this.#marks.delete(oldest);
    const making = this.#make(looker);
    this.#marks.set(looker.entryId, making);
    // What could not be made is made again for the next tile.
    making.catch(() => this.#marks.delete(looker.entryId));
    return making;
  }

  async #make(looker: Looker): Promise<LookMarks> {
    const hmac = markHmac(this.archive);
    this.#layout ??= layoutOf(hmac);
    const signs = signsOf(hmac, numberOfEntry(looker.entryId), this.#layout);
    return { sheet: await drawMarkSheet(markText(looker)), signs };
  }
}
