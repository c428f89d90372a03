import type { Box } from '@lantai/values';
import type { PageMeasures } from './inspection/measures.ts';

/** One line of text seen on a page. */
export interface ReadingLine {
  readonly text: string;
  /**
   * [x, y, w, h] in pixels of the page image turned upright but not deskewed: centred where the line's centre lies on the scan,
   * with the line's own length and height. `quad` follows the skew.
   */
  readonly box: Box;
  /** The four corners on the same image, clockwise from top left: x0, y0, … x3, y3. */
  readonly quad?: readonly [number, number, number, number, number, number, number, number];
  /** Mean of the characters' confidences. */
  readonly confidence01: number;
  /** Set when the characters stand one under the other. */
  readonly vertical?: true;
  /** How the line was read: from the image as it is, from its red channel (under a red seal), out of a ruled cell, or from a born-digital page. */
  readonly source: 'normal' | 'red' | 'cell' | 'born_digital';
  /** Uncertain characters: `at` counts UTF-16 units of `text`; options best first, the one in the text included. */
  readonly candidates?: readonly LineCandidate[];
}

/** The candidates of one uncertain character. */
export interface LineCandidate {
  readonly at: number;
  readonly options: readonly { readonly char: string; readonly confidence01: number }[];
}

/** What recognition saw on a page. */
export interface Reading {
  readonly engine: string;
  readonly version: string;
  /** Of the image turned upright. */
  readonly widthPx: number;
  readonly heightPx: number;
  /** The clockwise turn the scan suffered; turn back by as much to stand it upright. */
  readonly orientation: 0 | 90 | 180 | 270;
  /** Clockwise positive, measured after turning upright. */
  readonly skewDegrees: number;
  /** In reading order. */
  readonly lines: readonly ReadingLine[];
  /** What the page checks measured on the scan; `judgePage` of `@lantai/reading/inspection` makes findings of it. A born-digital page has none. */
  readonly measures?: PageMeasures;
  /** A perceptual digest of the page turned upright and deskewed, to find sheets scanned twice: see `isSameSheet`. */
  readonly pageDigest: string;
}

/** Reads page images. Implementations pass the suite of `@lantai/reading/contract`. */
export interface OcrEngine {
  readonly name: string;
  /** Changes whenever the same page may read otherwise. */
  readonly version: string;
  /**
   * Reads one page image (JPEG, PNG, TIFF, WebP …; of a file with several pages the first).
   * @throws ArchiveError `reading/undecodable` (corruption) when the bytes are no readable image
   */
  read(image: { readonly bytes: Uint8Array }): Promise<Reading>;
  close(): Promise<void>;
}
