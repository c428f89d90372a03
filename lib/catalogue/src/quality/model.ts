import type { Finding } from '@lantai/values';
import type { Words } from '../scheme.ts';

/** When a check concerns a dossier at all. All that is said must hold; what nobody has determined is asked of a person, and costs nothing. */
export interface Applies {
  /** Conditions of the scheme by code. */
  readonly when: readonly string[];
  /** Service began in this year or before. */
  readonly begunBy: number | null;
  /** One of these titles is there: what is not held cannot be filled in wrongly. */
  readonly held: readonly string[];
}

/** What is looked at, and what one fault costs. Titles as the scheme writes them. */
export type QualityCheck = Applies &
  (
    | {
        readonly kind: 'held';
        readonly any: readonly string[];
        readonly from: number | null;
        readonly until: number | null;
        readonly lost: number;
      }
    /** What the scheme asks for in these classes: once for each title that is missing. */
    | { readonly kind: 'needs'; readonly classes: readonly string[]; readonly lost: number }
    /** One each year of service from a year on: once for each year without. */
    | { readonly kind: 'yearly'; readonly any: readonly string[]; readonly from: number; readonly lost: number }
    /** No more years between one and the next than this, from a year on: once for each gap. */
    | { readonly kind: 'chain'; readonly any: readonly string[]; readonly from: number; readonly gapYears: number; readonly lost: number }
    /** Each of these from a year on says when it was made. */
    | { readonly kind: 'dated'; readonly any: readonly string[]; readonly from: number; readonly lost: number }
    /** Findings of the catalogue's own checks, by code. */
    | { readonly kind: 'findings'; readonly codes: readonly string[]; readonly lost: number }
    /** Pages with content that are in no material. */
    | { readonly kind: 'loose'; readonly lost: number }
    /** What no machine can tell: a person says what it costs. */
    | { readonly kind: 'person' }
  );

/** One item of a standard. */
export interface QualityItem {
  readonly code: string;
  /** What it can cost at most. */
  readonly points: number;
  /** Losing anything here fails the dossier, whatever its points. */
  readonly veto: boolean;
  readonly text: Words;
  readonly checks: readonly QualityCheck[];
}

/** A quality standard as versioned data: docs/spec/quality.md. */
export interface QualityStandard {
  readonly id: string;
  readonly version: number;
  readonly name: Words;
  /** Where it comes from, as shown to an archivist; never a claim of conformity. */
  readonly source: string;
  /** Ids of the schemes whose dossiers it judges. */
  readonly schemes: readonly string[];
  /** Points before anything is taken off. */
  readonly total: number;
  /** Least points of the two grades. */
  readonly grades: { readonly excellent: number; readonly pass: number };
  readonly items: readonly QualityItem[];
}

/** `full`: nothing is lost; `lost`; `not_applicable`: it does not concern this dossier, so nothing is lost; `open`: nothing is lost, and a person has yet to say. */
export type ItemState = 'full' | 'lost' | 'not_applicable' | 'open';

/** What came of one item. */
export interface ItemScore {
  readonly code: string;
  readonly points: number;
  readonly veto: boolean;
  readonly text: Words;
  readonly state: ItemState;
  readonly lost: number;
  /** Whether a person is asked for points here; what was said, or null. */
  readonly person: { readonly lost: number | null } | null;
  /** Why, code by code; `quality/…`. Titles and classes of the scheme alone, never what somebody typed. */
  readonly reasons: readonly Finding[];
}

/** A material to be chased 催缴. */
export interface Chased {
  readonly classCode: string;
  readonly title: string;
  /** Of a yearly material. */
  readonly year: number | null;
  readonly key: boolean;
  /** Items that lose points by its absence. */
  readonly items: readonly string[];
}

/** What a dossier gets by a standard. */
export interface QualityScore {
  readonly score: number;
  readonly grade: 'excellent' | 'pass' | 'fail' | 'vetoed';
  /** Items that wait for a person: until then the score is what the machine can tell. */
  readonly open: number;
  readonly items: readonly ItemScore[];
  readonly chased: readonly Chased[];
}
