import { ArchiveError } from '@lantai/values';
import type { ClosedNumber } from './closed-numbers.ts';
import { foldText } from './fold.ts';
import { pointsOf } from './page-text.ts';

/** One word or phrase of a query; a page must hold every one. */
export interface Term {
  /** As typed. */
  readonly source: string;
  /** Folded like the texts it is looked for in. */
  readonly text: string;
  readonly points: Int32Array;
  /** ID and phone numbers in it. */
  readonly numbers: readonly ClosedNumber[];
  /** Set when the whole term is one of these. */
  readonly number: ClosedNumber | null;
  /** The letters of a term that may be pinyin or initials, ü as v; null when it holds anything else. */
  readonly letters: string | null;
}

/** A parsed query: all of its terms, in the order typed. */
export interface Query {
  readonly terms: readonly Term[];
  /** The whole query folded as one text, for values that are found only whole (an address). */
  readonly whole: string;
}

const TERMS_MAX = 12;
const POINTS_MAX = 120;
const QUOTED = /["“”„‟「『]([^"“”„‟「」『』]*)["“”„‟」』]|([^\s"“”„‟「」『』]+)/gu;
const LETTERS_MAX = 40;

/** Takes the spaces out of numbers typed in groups (`138 0013 8000`), so that each is one term. */
function joinNumbers(text: string): string {
  const { numbers, starts, ends } = foldText(text);
  let out = text;
  for (const { start, end } of [...numbers].reverse()) {
    const [from, to] = [starts[start]!, ends[end - 1]!];
    out = out.slice(0, from) + out.slice(from, to).replace(/\s/gu, '') + out.slice(to);
  }
  return out;
}

function makeTerm(source: string): Term | null {
  const { text, numbers } = foldText(source);
  if (!text) return null;
  const { points } = pointsOf(text);
  const only = numbers.length === 1 && numbers[0]!.start === 0 && numbers[0]!.end === text.length ? numbers[0]! : null;
  const letters = text.replaceAll(/['-]/g, '').replaceAll('ü', 'v');
  return {
    source,
    text,
    points,
    numbers,
    number: only,
    letters: /^[a-z]+$/.test(letters) && letters.length <= LETTERS_MAX ? letters : null,
  };
}

/**
 * Parses what a person typed: words apart by white space must all be found; a phrase in quotation marks is one term, its spaces folded away.
 * @returns null when nothing is left after folding
 * @throws ArchiveError `search/query-too-long` (caller) beyond 12 terms or 120 characters in one
 */
export function parseQuery(text: string): Query | null {
  const terms = new Map<string, Term>();
  for (const match of joinNumbers(text).matchAll(QUOTED)) {
    const term = makeTerm(match[1] ?? match[2] ?? '');
    if (term) terms.set(term.text, term);
  }
  if (!terms.size) return null;
  if (terms.size > TERMS_MAX || [...terms.values()].some((t) => t.points.length > POINTS_MAX))
    throw new ArchiveError('search/query-too-long', 'caller', { termsMax: TERMS_MAX, charactersMax: POINTS_MAX });
  return { terms: [...terms.values()], whole: foldText(text).text };
}
