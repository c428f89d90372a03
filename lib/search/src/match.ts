import { type Folded, foldedText } from './fold.ts';
import { continuesSegment } from './fold-table.ts';
import { foldCharacter } from './fold-units.ts';
import type { FoldedPage, TextLine } from './page-text.ts';
import { nearForms } from './page-tokens.ts';
import { isShortOf, type NumberRange } from './possible-numbers.ts';
import type { Query, Term } from './query.ts';

/** `exact`: the folded text holds it. `possible`: it holds it if a doubtful character is read another way. */
export type Certainty = 'exact' | 'possible';

/** Where a term was found: a range of the source text, in UTF-16 units. */
export interface Hit {
  readonly start: number;
  readonly end: number;
  /** Index into the query's terms. */
  readonly term: number;
  readonly certainty: Certainty;
}

export interface PageMatch {
  /** `exact` when every term is. */
  readonly certainty: Certainty;
  /** By place; at least one for each term. */
  readonly hits: readonly Hit[];
}

/** More hits of one term on one page help nobody. */
const HITS_MAX = 50;

/** Whether a folded text holds every term, as a substring. This is the law that the index is tested against. */
export function holdsAll(folded: string, query: Query): boolean {
  return query.terms.every((term) => folded.includes(term.text));
}

/** Han that folds to itself and to which no mark can have been added by what stands around it in a query. */
const PLAIN_TERM = /^[\u3400-\u4dbf\u4e00-\u9fff]+$/;

/**
 * Whether a text that is not folded yet holds every term: {@link holdsAll} of its folded form, but most hits are settled without folding,
 * because Han that stands in a text as it stands in a folded term folds to itself.
 */
export function holdsAllUnfolded(source: string, query: Query): boolean {
  return query.terms.every((term) => standsPlainly(source, term.text)) || holdsAll(foldedText(source), query);
}

function standsPlainly(source: string, text: string): boolean {
  if (!PLAIN_TERM.test(text)) return false;
  const at = source.indexOf(text);
  // A mark behind the last character would make another character of it.
  return at >= 0 && !continuesSegment(source[at + text.length] ?? '');
}

/**
 * A quick no: false when reading uncertain characters another way cannot make a text hold what it lacks.
 * @param folded a folded text that does not hold every term. @param candidates its uncertain characters
 */
export function couldHold(folded: string, candidates: NonNullable<TextLine['candidates']>, query: Query): boolean {
  const others = new Set(candidates.flatMap((c) => c.options.map((o) => foldCharacter(o.char)?.codePointAt(0))));
  return query.terms.every(
    (term) => term.number?.kind === 'id' || folded.includes(term.text) || term.points.some((point) => others.has(point)),
  );
}

/** Where a term stands in a folded text; ranges of the source, none overlapping. */
export function exactRanges(folded: Folded, term: Term): { start: number; end: number }[] {
  const found: { start: number; end: number }[] = [];
  for (let at = folded.text.indexOf(term.text); at >= 0 && found.length < HITS_MAX; ) {
    const last = at + term.text.length - 1;
    found.push({ start: folded.starts[at]!, end: folded.ends[last]! });
    at = folded.text.indexOf(term.text, last + 1);
  }
  return found;
}

/** Whether the term stands at code point `from` if doubtful characters are read another way. */
function standsAt({ points, options }: FoldedPage, wanted: Int32Array, from: number): boolean {
  if (from < 0 || from + wanted.length > points.length) return false;
  for (let i = 0; i < wanted.length; i++) {
    if (points[from + i] !== wanted[i] && !options.get(from + i)?.includes(wanted[i]!)) return false;
  }
  return true;
}

function possibleTextRanges(page: FoldedPage, term: Term): { start: number; end: number }[] {
  const places = new Set<number>();
  for (const [at, others] of page.options) {
    for (let k = 0; k < term.points.length && places.size < HITS_MAX; k++) {
      if (others.includes(term.points[k]!) && standsAt(page, term.points, at - k)) places.add(at - k);
    }
  }
  return [...places].map((from) => ({
    start: page.folded.starts[page.offsets[from]!]!,
    end: page.folded.ends[page.offsets[from + term.points.length - 1]!]!,
  }));
}

function possibleNumberRanges(page: FoldedPage, value: string): { start: number; end: number }[] {
  const near = new Set(nearForms(value));
  const misread: NumberRange[] = page.folded.numbers
    .filter((n) => n.kind === 'id' && !n.valid && nearForms(n.value).some((form) => near.has(form)))
    .map((n) => ({ value, start: page.folded.starts[n.start]!, end: page.folded.ends[n.end - 1]! }));
  return [
    ...misread,
    ...page.possibleNumbers.filter((n) => n.value === value),
    ...page.shortNumbers.filter((n) => isShortOf(n.value, value)),
  ];
}

/** Matches a page against a query; null when it is no hit. */
export function matchPage(page: FoldedPage, query: Query): PageMatch | null {
  const hits: Hit[] = [];
  for (const [i, term] of query.terms.entries()) {
    let certainty: Certainty = 'exact';
    let ranges = exactRanges(page.folded, term);
    if (!ranges.length) {
      certainty = 'possible';
      if (term.number?.kind === 'id') ranges = possibleNumberRanges(page, term.number.value);
      else if (!term.number) ranges = possibleTextRanges(page, term);
    }
    if (!ranges.length) return null;
    for (const { start, end } of ranges) hits.push({ start, end, term: i, certainty });
  }
  hits.sort((a, b) => a.start - b.start || a.end - b.end);
  return { certainty: hits.every((h) => h.certainty === 'exact') ? 'exact' : 'possible', hits };
}
