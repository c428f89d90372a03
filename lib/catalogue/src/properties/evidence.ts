import type { CodeForm } from '../archival-code.ts';
import type { SubjectFacts } from '../completeness.ts';
import type { Scheme } from '../scheme.ts';
import type { DescribedThing } from './elements.ts';

/** A material as its row stands: whatever is written there, also what no program would have written. */
export interface EvidenceMaterial {
  readonly id: string;
  readonly classCode: string | null;
  readonly sequence: number;
  readonly code: string | null;
  readonly title: string | null;
  readonly date: string | null;
  readonly remarks: string | null;
  /** Faces that the row says it has. */
  readonly pageCount: number;
  readonly follows: string | null;
  readonly origin: string;
  readonly state: string;
  readonly fields: Readonly<Record<string, string>>;
}

/** A page as its row stands. */
export interface EvidencePage {
  readonly id: string;
  readonly materialId: string | null;
  readonly position: number | null;
  readonly isBlank: boolean;
  /** A better scan took its place. */
  readonly isSuperseded: boolean;
}

/** What the items that look at metadata look at. Personal data, in memory alone. */
export interface DossierEvidence {
  readonly dossierId: string;
  readonly code: string;
  readonly scheme: Scheme;
  readonly subject: {
    readonly id: string;
    readonly name: string | null;
    readonly idNumber: string | null;
    readonly birthYear: number | null;
  };
  readonly facts: SubjectFacts;
  /** Dossiers of the fonds whose code is this one's, however it is written. */
  readonly sameCode: number;
  /** Forms of a material's code behind the dossier's, and what stands there. */
  readonly codes: { readonly form: CodeForm; readonly suffixes: readonly string[] };
  readonly materials: readonly EvidenceMaterial[];
  readonly pages: readonly EvidencePage[];
  /** Files that wait for a person. */
  readonly unsettledFiles: readonly string[];
  /** The dossier first, then its materials. */
  readonly described: readonly DescribedThing[];
  /** The archive's day, `2026-11-22`. */
  readonly today: string;
}
