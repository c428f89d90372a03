import type { Box } from '@lantai/values';

/** What a file says of its colours, and what its pixels show: a colour file without any colour was scanned grey. */
export type ColourMode = 'bitonal' | 'grey' | 'colour';

/** A place on the scan that is not as it should be. */
export interface MeasuredPlace {
  /** Pixels of the stored page as it was scanned, not turned. */
  readonly box: Box;
  /** How much of it there is: see the member that holds it. */
  readonly amount: number;
}

/**
 * What the page checks measured on one scan, before anybody judges it: limits are the scheme's (`judgePage`), so that a changed limit needs no new scan.
 * Shares are 0 to 1. Lengths of paper are believed only where the file's resolution is.
 */
export interface PageMeasures {
  /** Of the measuring itself: {@link MEASURES_VERSION}. */
  readonly version: string;
  /** Of the stored page. */
  readonly widthPx: number;
  readonly heightPx: number;
  /** Ink without the sheet's margins. */
  readonly inkShare01: number;
  /** How steep strong edges are in the direction that shows less: step per pixel ÷ contrast at about 150 dpi, of the steepest three in ten. Null where there are few. */
  readonly edgeSlope01: number | null;
  /** As the file states it; null where it states none or one that programs write unasked. */
  readonly declaredDpi: number | null;
  /** What the pixels give if the sheet is A4, or the size of the print where it has not the shape of one; null where neither tells. */
  readonly estimatedDpi: number | null;
  /** True where the declared resolution makes a sheet so small that its text could not be read: then the estimate counts. */
  readonly declaredIsUnlikely: boolean;
  readonly colour: ColourMode;
  /** Luma of the paper, 0 to 255: what a quarter of the page is lighter than. */
  readonly paperLevel: number;
  /** Paper minus the darkest tenth of the ink; null on a blank sheet. */
  readonly inkContrast: number | null;
  /** Dark area that reaches in from the edges of the image. */
  readonly borderArea01: number;
  /** The darker half of the four outermost rows of pixels: the smaller share of the two edges that are darkest. */
  readonly borderEdge01: number;
  /** Pieces of writing cut by one edge of the image; `amount` counts them. */
  readonly cutText: MeasuredPlace | null;
  /** A corner that is not paper; `amount` is the longer leg, as a share of the sheet's short side. */
  readonly foldedCorner: MeasuredPlace | null;
  /** A blob of skin reaching in from an edge; `amount` is its length, as a share of the sheet's short side. */
  readonly finger: MeasuredPlace | null;
  /** Share of the plain tiles that carry one strong wave. */
  readonly moireTiles01: number;
  /** 16 × 22 squares of what is fainter than ink, as `pageDigest` writes them; the other face shows through here. Empty on a page with ink. */
  readonly faintDigest: string;
}

/** Changes whenever the same scan may measure otherwise. */
export const MEASURES_VERSION = '2';
