import type { Box } from '@lantai/values';

/** The forms a copy out is written in: dual-layer PDF/A-1b, dual-layer PDF/A-2b, dual-layer OFD (GB/T 33190). */
export const COPY_FORMS = ['pdf-a-1b', 'pdf-a-2b', 'ofd'] as const;
export type CopyForm = (typeof COPY_FORMS)[number];

/** What a copy says of itself. Names no person: a file is seen by its title in many lists. */
export interface CopyAbout {
  readonly form: CopyForm;
  /** Archival code of the dossier or of the one material copied. */
  readonly title: string;
  /** The keeper 保管单位, in words; stands under each page. */
  readonly keeper: string;
  /** Number of the request, as its entry gives it; stands under each page. */
  readonly number: string;
  /** Id of the request's entry: the document's own id. */
  readonly entryId: string;
  /** When it was made, as printed: `2026-11-22 15:04`. */
  readonly madeAt: string;
  /** The same moment. Milliseconds since 1970. */
  readonly madeAtMs: number;
  readonly language: 'zh' | 'en';
  /** Pages in all: each page says which of them it is. */
  readonly pages: number;
}

/** One line of the text layer, in pixels of the page's picture. */
export interface CopyLine {
  readonly text: string;
  readonly box: Box;
  /** Characters stand one under the other. */
  readonly vertical?: boolean;
}

/** A page of a copy: picture, text under it, and its place in the bookmarks. */
export interface CopyPage {
  /** JPEG of one or three components; its bytes stand in the document as they are. */
  readonly jpeg: Uint8Array;
  readonly widthPx: number;
  readonly heightPx: number;
  /** Of the page on paper; null when the scan did not say: its long side is then taken for that of A4. */
  readonly resolutionDpi: number | null;
  readonly lines: readonly CopyLine[];
  /** From the outermost in: class, material. A bookmark begins where a level first differs from the page before. */
  readonly bookmarks: readonly string[];
}

const MM_PER_INCH = 25.4;
const A4_LONG_MM = 297;
/** Outside of these a resolution is a mistake of some scanner's file. */
const DPI_MIN = 50;
const DPI_MAX = 1200;

/** Millimetres that one pixel of the page takes. */
export function mmPerPixel({ widthPx, heightPx, resolutionDpi }: Pick<CopyPage, 'widthPx' | 'heightPx' | 'resolutionDpi'>): number {
  if (resolutionDpi !== null && resolutionDpi >= DPI_MIN && resolutionDpi <= DPI_MAX) return MM_PER_INCH / resolutionDpi;
  return A4_LONG_MM / Math.max(widthPx, heightPx);
}

/** One bookmark: where in the tree, what it says, which page it leads to. */
export interface Bookmark {
  readonly depth: number;
  readonly title: string;
  /** Index of the page from 0. */
  readonly page: number;
}

/** Collects bookmarks while pages go by. */
export class BookmarkTrail {
  readonly all: Bookmark[] = [];
  #last: readonly string[] = [];

  /** @param page index from 0 */
  add(names: readonly string[], page: number): void {
    let same = 0;
    while (same < names.length && names[same] === this.#last[same]) same++;
    for (let depth = same; depth < names.length; depth++) this.all.push({ depth, title: names[depth]!, page });
    this.#last = names;
  }
}

/**
 * What cannot stand in a document's text: control characters and lone halves of characters become blanks.
 * Source: XML 1.0, production 2; ISO 32000-1, 9.10.3 (UTF-16BE).
 */
export function writable(text: string): string {
  return text.replace(/[\p{Cc}\p{Cs}\ufffe\uffff]/gu, ' ');
}
