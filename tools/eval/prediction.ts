import type { Box } from '@lantai/values';

/** One page as the scorer reads it. */
export interface PredictedPage {
  readonly file: string;
  readonly orientation: 0 | 90 | 180 | 270;
  readonly skewDegrees: number;
  readonly findings: readonly string[];
  readonly lines: readonly { readonly text: string; readonly box: Box }[];
}

/** One dossier as the scorer reads it. */
export interface PredictedDossier {
  readonly id: string;
  readonly pages: readonly PredictedPage[];
}

/** The file that `npm run eval` writes. */
export interface Prediction {
  readonly dossiers: readonly PredictedDossier[];
}
