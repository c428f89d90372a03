import type { Box } from '@lantai/values';

/** What makes the hints: raised whenever the same scan may give others. */
export const ALTERATION_CHECK = { name: 'lantai-alteration', version: '1' } as const;

/**
 * What the eye should look at again. `ink`: a part of the field is in other ink; `density`: strokes laid over strokes; `rough`: paper roughened or thinned, as
 * scraping leaves it; `covered`: paper whiter and smoother, as correction fluid leaves it; `struck`: a line through the writing; `uneven`: a figure of another
 * size or off the line. None says that anything was altered: a person looks and decides.
 */
export const ALTERATION_CODES = ['ink', 'density', 'rough', 'covered', 'struck', 'uneven'] as const;
export type AlterationCode = (typeof ALTERATION_CODES)[number];

/** One hint: a place of the page turned upright, what was measured there, and the limit that it passed. */
export interface AlterationHint {
  readonly code: AlterationCode;
  readonly box: Box;
  /** In the code's own unit: docs/spec/alteration-hints.md. */
  readonly measured: number;
  readonly limit: number;
}

/** How the page lies. */
export interface PageLie {
  /** The clockwise turn the scan suffered. */
  readonly orientation: 0 | 90 | 180 | 270;
  /** Clockwise, measured on the upright page. */
  readonly skewDegrees: number;
}
