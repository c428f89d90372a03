import type { Box } from '@lantai/values';

/** One page as the scorer reads it. */
export interface PredictedPage {
  readonly file: string;
  /** Its id in the archive that read it. */
  readonly pageId?: string;
  readonly orientation: 0 | 90 | 180 | 270;
  readonly skewDegrees: number;
  readonly findings: readonly string[];
  /** Of the page turned upright; saved readings of older runs lack them. */
  readonly widthPx?: number;
  readonly heightPx?: number;
  readonly lines: readonly { readonly text: string; readonly box: Box; readonly confidence01?: number }[];
}

/** A field as the scorer reads it. */
export interface PredictedField {
  readonly value: string;
  readonly confidence: number;
  readonly page: string | null;
  readonly box: Box | null;
}

/** Materials that deviate from an earlier one on a key fact. */
export interface PredictedKeyFact {
  readonly conflicts: readonly { readonly pages: readonly string[]; readonly against: readonly string[]; readonly value: string }[];
}

/** One material as the scorer reads it. */
export interface PredictedMaterial {
  readonly pages: readonly string[];
  readonly classCode: string | null;
  readonly title: string;
  readonly date: string | null;
  /** Fields read off the pages, by the names of truth.json. */
  readonly fields: Readonly<Record<string, PredictedField>>;
}

/** One dossier as the scorer reads it. */
export interface PredictedDossier {
  readonly id: string;
  readonly pages: readonly PredictedPage[];
  readonly materials?: readonly PredictedMaterial[];
  readonly keyFacts?: Readonly<Record<string, PredictedKeyFact>>;
}

/** A conflict as the scorer reads it, by fact; materials are named by their pages. */
export function conflictsByFact(
  facts: readonly { readonly code: string; readonly conflicts: readonly { materialId: string; against: string; value: string }[] }[],
  pagesOf: (materialId: string) => readonly string[],
): Record<string, PredictedKeyFact> {
  const conflicted = facts.filter((f) => f.conflicts.length);
  return Object.fromEntries(
    conflicted.map(({ code, conflicts }) => [
      code,
      { conflicts: conflicts.map((c) => ({ pages: pagesOf(c.materialId), against: pagesOf(c.against), value: c.value })) },
    ]),
  );
}
