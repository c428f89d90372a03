import type { Certainty, Snippet } from '@lantai/search';
import type { Box } from '@lantai/values';
import type { HitKind, SearchFilters } from './scope-needs.ts';

/** What is asked. */
export interface SearchRequest {
  /** As typed: words apart by spaces must all be found, `"phrases"` in one piece. */
  readonly query: string;
  readonly filters?: SearchFilters;
  /** Where the page before ended; null or left out: from the beginning. */
  readonly cursor?: string | null;
  /** Hits at most, 1–100; default 20. */
  readonly limit?: number;
  /** `newest` (default), or pages by relevance among the newest 200 at a time. */
  readonly order?: 'newest' | 'relevance';
  /**
   * `with` (default): hits with count and facets. `without`: the hits alone, which come several times sooner where words are common.
   * `only`: count and facets of the same query, asked while the hits are being read.
   */
  readonly counts?: 'with' | 'without' | 'only';
  /** Count to the end instead of to 1,000. Every hit is opened for it: minutes at a million. */
  readonly exactCount?: boolean;
}

/** A place where the words stand. */
export interface SearchHit {
  readonly kind: HitKind;
  readonly certainty: Certainty;
  readonly dossierId: string;
  readonly dossierCode: string;
  readonly scheme: string;
  /** Of the dossier's subject; empty while it is not known. */
  readonly name: string;
  readonly materialId: string | null;
  readonly materialTitle: string | null;
  readonly classCode: string | null;
  /** Partial date of the material. */
  readonly date: string | null;
  readonly pageId: string | null;
  /** Place of the page in its material. */
  readonly position: number | null;
  /** For a catalogue hit: codes of the fields that were hit. */
  readonly fields: readonly string[];
  readonly snippet: Snippet;
  /** To light up on the upright page, in pixels. */
  readonly boxes: readonly Box[];
}

/** Exact up to 1,000; `{ value: 1000, more: true }` reads "1,000+". */
export interface Count {
  readonly value: number;
  readonly more: boolean;
}

export interface FacetValue {
  readonly value: string;
  readonly count: number;
}

/** What was found. */
export interface SearchResult {
  readonly hits: readonly SearchHit[];
  readonly cursor: string | null;
  /** Null without counts, and on further pages of the same query. */
  readonly count: Count | null;
  readonly facets: {
    readonly classCode: readonly FacetValue[];
    readonly year: readonly FacetValue[];
    readonly kind: readonly FacetValue[];
  };
  /** How many hits the facets were counted over: all of them up to 1,000. */
  readonly facetsOf: number;
  /** False when a query of single characters only could not look into readings, where single characters are not indexed. */
  readonly pagesSearched: boolean;
  /** Pages in scope whose text is not known yet; counted to 10,000. */
  readonly unreadPages: number;
}
