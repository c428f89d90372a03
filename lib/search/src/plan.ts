import type { TokenFrequencies, TokenNeeds } from './needs.ts';

/**
 * How candidates are fetched.
 * `index`: intersect posting lists, fetch every match, sort. Right when one of the lists is short.
 * `walk`: go from the newest line back and test each. Right when matches are dense; whether they are shows within a few thousand lines,
 * and when they are not, no more lines can match than `index` fetches quickly.
 */
export interface SearchPlan {
  readonly shape: 'index' | 'walk';
  /** Required tokens, the rarest first: the test of a line that does not match ends at the first. */
  readonly all: readonly number[];
  /** Groups, the rarest first. */
  readonly anyOf: readonly (readonly number[])[];
  /** A line that fulfils one of these does not match. */
  readonly none?: readonly TokenNeeds[];
  /** How many of `all` and of `anyOf`, from the front, an index is asked for. The others are tested on the lines that it finds. */
  readonly inIndex: { readonly all: number; readonly anyOf: number };
  /** Required tokens of what is written, the rarest first, at most {@link SOUGHT_MAX}: a walk seeks them by halving before it tests the rest. */
  readonly sought: readonly number[];
  /** At most this share of the lines matches: that of the rarest token or group. */
  readonly shareMax01: number;
}

/** Microseconds to fetch and sort one line that matches, and to look at one line of a walk; measured, and only their ratio matters. */
const FETCH_US = 1.1;
const TEST_US = 1;
/**
 * So many lists are intersected: each more is read from end to end and takes little away. Measured at a million pages on the forty slowest of
 * two hundred words and phrases: all tokens 18.8 ms, the level tested on the line 15.3, six tokens 12.3, four 13.3, two 23.4.
 */
const INDEX_TOKENS_MAX = 6;
/** A line is seldom left to be tested after so many were sought in it. */
const SOUGHT_MAX = 2;
/** What is on more than this share of the lines is not looked for where anything else is: its list is the longest and takes nothing away. */
const BROAD_SHARE01 = 0.3;
/** Hits that a walk is to find. */
const WALK_HITS = 21;

/**
 * Chooses a plan. Shares are not multiplied: tokens of one word, and words of one form, go together, and a product would promise
 * short lists that are long (the planner's own mistake, up to 500 ms at a million pages).
 * With a share s of N lines `index` fetches sN of them and a walk tests 21/s: at a million lines they cost the same at 0.44 %.
 */
export function planSearch(needs: TokenNeeds, frequencies: TokenFrequencies): SearchPlan {
  const shareOf = new Map<number, number>();
  const share = (token: number): number => {
    const known = shareOf.get(token) ?? frequencies.share01(token);
    shareOf.set(token, known);
    return known;
  };
  const written = new Set(needs.written);
  const groupShare = (group: readonly number[]) =>
    Math.min(
      1,
      group.reduce((sum, token) => sum + share(token), 0),
    );
  const all = [...needs.all].sort((a, b) => share(a) - share(b));
  const anyOf = [...needs.anyOf].sort((a, b) => groupShare(a) - groupShare(b));
  const inIndex = {
    all: all.filter((token) => share(token) <= BROAD_SHARE01).slice(0, INDEX_TOKENS_MAX).length,
    anyOf: anyOf.filter((group) => groupShare(group) <= BROAD_SHARE01).length,
  };
  // Something must be looked for, however broad.
  if (inIndex.all + inIndex.anyOf === 0) inIndex[all.length ? 'all' : 'anyOf'] = 1;
  const shareMax01 = Math.min(all.length ? share(all[0]!) : 1, anyOf.length ? groupShare(anyOf[0]!) : 1);
  const fetched = shareMax01 * frequencies.lineCount * FETCH_US;
  const walked = (WALK_HITS / Math.max(shareMax01, 1e-9)) * TEST_US;
  return {
    shape: fetched <= walked ? 'index' : 'walk',
    all,
    anyOf,
    ...(needs.none?.length ? { none: needs.none } : {}),
    inIndex,
    sought: all.filter((token) => written.has(token)).slice(0, SOUGHT_MAX),
    shareMax01,
  };
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
