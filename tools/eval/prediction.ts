import type { Box } from '@lantai/values';

/** One page as the scorer reads it. */
export interface PredictedPage {
  readonly file: string;
  /** Its id in the archive that read it. */
  readonly pageId?: string;
  readonly orientation: 0 | 90 | 180 | 270;
  readonly skewDegrees: number;
  readonly findings: readonly string[];
  readonly lines: readonly { readonly text: string; readonly box: Box }[];
}

/** One material as the scorer reads it. */
export interface PredictedMaterial {
  readonly pages: readonly string[];
  readonly classCode: string | null;
  readonly title: string;
  readonly date: string | null;
  /** Fields read off the pages; empty until the archive holds any. */
  readonly fields: Readonly<Record<string, never>>;
}

/** One dossier as the scorer reads it. */
export interface PredictedDossier {
  readonly id: string;
  readonly pages: readonly PredictedPage[];
  readonly materials?: readonly PredictedMaterial[];
  readonly keyFacts?: Readonly<Record<string, never>>;
}
