import type { Box, Finding, PartialDate } from '@lantai/values';
import type { Traits } from './traits.ts';

/** Why something is proposed: a code of docs/spec/proposals.md and the words of the form (never of the person) that led to it. */
export interface Reason {
  readonly code: string;
  readonly params?: Readonly<Record<string, string | number>>;
}

/** Something proposed, with how sure it is, where it stands and why. */
export interface Proposed<T> {
  readonly value: T;
  /** Chance that it is right, calibrated: of values above 0.95, 99 in 100 are. */
  readonly confidence01: number;
  /** Null for what no single place says. */
  readonly page: string | null;
  /** On the page turned upright, not deskewed. */
  readonly box: Box | null;
  readonly reason: Reason;
}

/** A field's value as proposed. */
export interface ProposedField extends Proposed<string> {
  /** As the page has it, when the value was normalised. */
  readonly written: string;
  /** `not_a_date`, `lunar`, `check_digit`, `not_in_list`, `repaired`, `extra_text`: a person must look. */
  readonly flags: readonly string[];
}

/** What is proposed for one material: a person accepts or corrects it, nothing is filed by itself. */
export interface Proposal {
  /** Page ids in scanning order. */
  readonly pages: readonly string[];
  /** That exactly these pages are one material. */
  readonly grouping: { readonly confidence01: number; readonly reasons: readonly string[] };
  readonly classCode: Proposed<string> | null;
  readonly title: Proposed<string> | null;
  readonly date: Proposed<PartialDate> | null;
  readonly fields: Readonly<Record<string, ProposedField>>;
  /**
   * `proposal/other-person`, `proposal/no-heading`, `proposal/unknown-form`, `proposal/impossible-date`, `proposal/check-digit`, `proposal/lunar-date`,
   * `proposal/birth-differs-from-number`, `proposal/sex-differs-from-number`. `params.field` names the field, whose page `box` is on.
   */
  readonly findings: readonly Finding[];
}

/** All that is proposed for a dossier. */
export interface DossierProposals {
  readonly proposals: readonly Proposal[];
  /** Whom the pages are about, by their own names; null when none is read. */
  readonly subjectName: string | null;
  /** Of each proposal, in their order: what learning goes by. */
  readonly traits: readonly Traits[];
}
