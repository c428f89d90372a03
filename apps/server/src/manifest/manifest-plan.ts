import type { ManifestDossier, ManifestField, ManifestFinding, ManifestRow } from '@lantai/catalogue/manifest';
import type { ListedMaterial } from '../catalogue/index.ts';

/** Where and how a list is filed. */
export interface ManifestOptions {
  /** Scheme of the dossiers. */
  readonly scheme: string;
  /** Unit of new dossiers, where the list names none. */
  readonly unitId: string;
  /** Dossier of rows that name none, for a list of one dossier; null: such rows are refused. */
  readonly dossierCode: string | null;
}

/** What becomes of one dossier of a list. */
export interface DossierPlan {
  readonly code: string;
  readonly firstRow: number;
  readonly rows: number;
  readonly act: 'make' | 'change' | 'nothing' | 'refused';
  readonly made: number;
  readonly changed: number;
  readonly same: number;
  readonly images: number;
  /** The dossier there is; null: a new one. */
  readonly dossierId: string | null;
}

/** A dossier ready to be filed. */
export interface ReadyDossier {
  readonly plan: DossierPlan;
  readonly subject: ManifestDossier['subject'];
  readonly unitId: string;
  readonly listed: readonly ListedMaterial[];
  /** Every image of it, those of no material behind. */
  readonly paths: readonly string[];
  readonly findings: readonly ManifestFinding[];
}

/** A column of the list, known or not. */
export interface SeenColumn {
  /** From 1. */
  readonly column: number;
  readonly heading: string;
  readonly field: ManifestField | null;
}

/** What checking a list found. */
export interface ManifestReport {
  readonly columns: readonly SeenColumn[];
  readonly headRow: number;
  /** Rows below the heading. */
  readonly rows: number;
  readonly dossiers: readonly DossierPlan[];
  /** By row. Of a code that stands more than {@link FINDINGS_OF_CODE_MAX} times, the first of them. */
  readonly findings: readonly ManifestFinding[];
  /** How often each code was found, all of them counted. */
  readonly counts: Readonly<Record<string, number>>;
  /** Images that belong to no dossier of the list. */
  readonly unusedImages: readonly string[];
  /** To be sent back with the list: what is applied is what was shown. */
  readonly digest: string;
}

/** Findings of one code that are told one by one. */
export const FINDINGS_OF_CODE_MAX = 1000;

/** What somebody who watches a check is handed on the way. */
export interface ManifestWatcher {
  /** A dossier that can be filed, as far as the rows so far tell. */
  onReady?(ready: ReadyDossier): void;
  /** Rows of a dossier, or of none (null), with what was found of them so far. */
  onRows?(code: string | null, rows: readonly ManifestRow[], findings: readonly ManifestFinding[]): void;
}
