/** Sheets that a scheme may expect, by name; sides in millimetres, short one first. 16K is the old 184 × 260 and the newer 195 × 270. */
export const SHEET_SIZES = {
  A3: [[297, 420]],
  A4: [[210, 297]],
  A5: [[148, 210]],
  '16K': [
    [184, 260],
    [195, 270],
  ],
} as const satisfies Record<string, readonly (readonly [number, number])[]>;

/** Name of a sheet size. */
export type SheetSize = keyof typeof SHEET_SIZES;

/** Where a measure becomes a finding. A scheme may set its own: docs/spec/scheme.md. */
export interface InspectionLimits {
  /** Below: `low_resolution`. */
  readonly resolutionDpi: number;
  /** What scans must show: `colour`, at least `grey`, or `any`. */
  readonly colour: 'any' | 'grey' | 'colour';
  /** Above: `skew`. */
  readonly skewDegrees: number;
  /** Below, and no line was read: `blank`. */
  readonly blankInk01: number;
  /** Below: `blur`. */
  readonly blurSlope01: number;
  /** From here on: `black_border`. */
  readonly borderArea01: number;
  /** Paper darker than this luma: `too_dark`. */
  readonly paperLevel: number;
  /** Ink nearer to the paper than this: `too_pale`. */
  readonly inkContrast: number;
  /** From so many pieces of writing on: `text_cut`. */
  readonly cutMarks: number;
  /** From here on: `moire`. */
  readonly moireTiles01: number;
  /** Sheets of another size: `sheet_size`. */
  readonly sizes: readonly SheetSize[];
}

/**
 * Limits where a scheme sets none. Resolution: DA/T 31 asks for 200 dpi and more. Skew: one degree, as tenders ask. Blank: written pages of the samples
 * hold 0.7 % of ink and more, blank ones none. Blur: sharp pages reach 0.46 and more, pages blurred over 3 pixels at 300 dpi 0.36 at most.
 */
export const DEFAULT_LIMITS: InspectionLimits = {
  resolutionDpi: 200,
  colour: 'any',
  skewDegrees: 1,
  blankInk01: 0.0008,
  blurSlope01: 0.4,
  borderArea01: 0.001,
  paperLevel: 140,
  inkContrast: 60,
  cutMarks: 3,
  moireTiles01: 0.15,
  sizes: ['A4', '16K', 'A3'],
};
