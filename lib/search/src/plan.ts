import type { TokenNeeds } from './needs.ts';

/** How common tokens are, from a sample of the index. */
export interface TokenFrequencies {
  /** Lines in the index, about. */
  readonly lineCount: number;
  /** Share of the lines that hold a token, 0–1; tokens rarer than the sample can tell give `rareShare`. */
  share01(token: number): number;
  /** The share below which the sample says nothing. */
  readonly rareShare: number;
}

/**
 * How candidates are fetched.
 * `index`: intersect posting lists, then sort. Right when one list is short, or when the newest lines hold no match for long.
 * `newest`: walk from the newest line and test each; stop at enough. Right when matches are dense.
 */
export interface SearchPlan {
  readonly shape: 'index' | 'newest';
  /** Required tokens, the rarest first: the test of a line that does not match ends at the first. */
  readonly all: readonly number[];
  readonly anyOf: readonly (readonly number[])[];
  /** Share of the lines expected to match if tokens were independent; real pairs go together, so at least this. */
  readonly density01: number;
}

/** Walking is worth it while a match comes at least every so many lines. */
const WALK_LINES_PER_MATCH = 100;
/** A posting list this short is read in a few milliseconds, whatever the other lists are. */
const SHORT_LIST = 20_000;

/** Chooses a plan. Tokens of one word go together, so their shares are not multiplied: the rarest stands for each group. */
export function planSearch(needs: TokenNeeds, groups: readonly (readonly number[])[], frequencies: TokenFrequencies): SearchPlan {
  const share = (token: number) => frequencies.share01(token);
  const all = [...needs.all].sort((a, b) => share(a) - share(b));
  const rarestOf = (tokens: readonly number[]) => tokens.reduce((low, token) => Math.min(low, share(token)), 1);
  const anyShares = needs.anyOf.map((group) =>
    Math.min(
      1,
      group.reduce((sum, token) => sum + share(token), 0),
    ),
  );
  const density01 = [...groups.map(rarestOf), ...anyShares].reduce((product, s) => product * s, 1);
  const shortest = Math.min(rarestOf(all), ...anyShares) * frequencies.lineCount;
  const shape = shortest > SHORT_LIST && density01 * WALK_LINES_PER_MATCH >= 1 ? 'newest' : 'index';
  return { shape, all, anyOf: needs.anyOf, density01 };
}

const SATURATION = 1.2;
const LENGTH_WEIGHT = 0.6;

/**
 * A light BM25 of one text: how often its terms occur against how rare they are.
 * @param terms for each term its count in the text and the share of all texts that hold it
 * @param length folded characters of the text; @param meanLength of all texts
 * Source: Robertson and Zaragoza, The Probabilistic Relevance Framework, 2009, section 3.
 */
export function bm25(terms: readonly { count: number; share01: number }[], length: number, meanLength: number): number {
  const norm = SATURATION * (1 - LENGTH_WEIGHT + (LENGTH_WEIGHT * length) / Math.max(1, meanLength));
  return terms.reduce((sum, { count, share01 }) => {
    const weight = Math.log(1 + (1 - share01 + 1e-9) / (share01 + 1e-9));
    return sum + (weight * count * (SATURATION + 1)) / (count + norm);
  }, 0);
}
