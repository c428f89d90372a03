import type { Box } from '@lantai/values';

/** One line of a page as proposals need it; a `ReadingLine` of @lantai/reading fits. */
export interface PageLine {
  readonly text: string;
  /** Pixels of the page turned upright, not deskewed. */
  readonly box: Box;
  readonly confidence01: number;
  /** Uncertain characters: `at` counts UTF-16 units of `text`; options best first. */
  readonly candidates?: readonly {
    readonly at: number;
    readonly options: readonly { readonly char: string; readonly confidence01: number }[];
  }[];
}

/** The reading of one page with its place in the dossier: what proposals are made from. */
export interface PageReading {
  /** Whatever names the page to the caller. */
  readonly pageId: string;
  /** Of the image turned upright. */
  readonly widthPx: number;
  readonly heightPx: number;
  /** Clockwise positive, of the upright image. */
  readonly skewDegrees: number;
  /** Codes of the page's findings; `blank` and `duplicate` pages belong to no material. */
  readonly findings: readonly string[];
  /** In reading order. */
  readonly lines: readonly PageLine[];
}
