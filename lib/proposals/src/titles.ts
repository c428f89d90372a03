import { foldTitle, formatTitle, indexTitles, type Scheme, type SchemeTitle, suggestTitle, type TitleIndex } from '@lantai/catalogue';
import { editDistance, simplify } from './fold.ts';

/** A heading matched with the titles of a scheme. */
export interface HeadingMatch {
  /** Null when no title of the scheme fits; `classCode` is then a guess from the words. */
  readonly title: SchemeTitle | null;
  readonly classCode: string | null;
  /** What the catalogue would call the material; may hold `{year}` still to be filled. */
  readonly wording: string;
  readonly year: number | null;
  /** How surely the heading means that title. */
  readonly score01: number;
  /** `exact`, `ending` (a longer heading that ends with the title), `near` (a character or two misread), `words` (only like others). */
  readonly by: 'exact' | 'ending' | 'near' | 'words';
}

interface Wording {
  readonly folded: string;
  readonly text: string;
  readonly title: SchemeTitle;
}

/** The titles of one scheme, ready for headings as read. */
export interface TitleBook {
  readonly scheme: Scheme;
  readonly index: TitleIndex;
  readonly wordings: readonly Wording[];
  /** In how many wordings each pair of characters stands. */
  readonly pairCounts: ReadonlyMap<string, number>;
  /** How words end that only say whose form it is (机关工作人员, 企业职工, the name of a school), folded. */
  readonly qualifiers: readonly string[];
}

const fold = (text: string): string => simplify(foldTitle(text));

/** Prepares a scheme's titles. @param qualifiers see {@link TitleBook} */
export function titleBook(scheme: Scheme, qualifiers: readonly string[]): TitleBook {
  const wordings = scheme.classes.flatMap((c) =>
    c.titles.flatMap((title) =>
      [title.name, ...title.aliases]
        .filter((text) => !text.includes('{any}'))
        .map((text) => ({ folded: fold(text.replace('{year}', '')), text, title })),
    ),
  );
  const pairCounts = new Map<string, number>();
  for (const { folded } of wordings) for (const pair of new Set(pairsOf(folded))) pairCounts.set(pair, (pairCounts.get(pair) ?? 0) + 1);
  wordings.sort((a, b) => b.folded.length - a.folded.length);
  return { scheme, index: indexTitles(scheme, simplify), wordings, pairCounts, qualifiers };
}

/** Whether the catalogue calls a wording by the title's plain name: it only adds whose form it is. */
function isPlainName(book: TitleBook, text: string, title: SchemeTitle): boolean {
  const name = fold(title.name.replace('{year}', ''));
  const own = fold(text).replace(/^\d{4}年?度?/u, '');
  const before = own.endsWith(name) ? own.slice(0, -name.length).replace(/\d{4}年?度?$/u, '') : null;
  return before !== null && (before === '' || isWhose(book, before));
}

/** 员工入职登记表 and 干部调动审批表 are forms of their own; only what is set wholly before one (企业职工, 机关事业单位工作人员) is left out. */
const SHORTEST_QUALIFIER = 4;

const isWhose = (book: TitleBook, before: string): boolean =>
  [...before].length >= SHORTEST_QUALIFIER && book.qualifiers.some((q) => before.endsWith(q));

const SHORTEST_ENDING = 4;
const NEAR_SHARE = 0.2;

/**
 * The title a heading means, or null when nothing in the scheme is like it. Exact wordings win over endings, those over near ones.
 * @param confidence01 of the reader in the heading: a near wording that was surely read so is another wording, not a misread one
 */
export function matchHeading(book: TitleBook, heading: string, confidence01 = 1): HeadingMatch | null {
  const text = heading.replace(/\s/g, '');
  const exact = suggestTitle(book.index, text);
  if (exact) {
    const keep = exact.by === 'alias' && !isPlainName(book, text, exact.title);
    return {
      title: exact.title,
      classCode: exact.title.classCode,
      wording: keep ? text : exact.title.name,
      year: exact.year,
      score01: 1,
      by: 'exact',
    };
  }
  return matchEnding(book, text) ?? matchNear(book, text, confidence01);
}

function matchEnding(book: TitleBook, text: string): HeadingMatch | null {
  const bare = fold(text.replace(/[（(][^）)]*[）)]$/u, ''));
  const folded = fold(text);
  const year = /(?:19|20)\d{2}(?=年)/.exec(folded)?.[0];
  const found = book.wordings.find((w) => w.folded.length >= SHORTEST_ENDING && (folded.endsWith(w.folded) || bare.endsWith(w.folded)));
  if (!found) return null;
  const share = found.folded.length / folded.length;
  const match = named(found, year === undefined ? null : Number(year), share > 0.3 ? 0.95 : 0.8, 'ending');
  const before = folded.endsWith(found.folded) ? folded.slice(0, -found.folded.length) : '';
  return !before || match.wording.includes('{year}') || isWhose(book, before) ? match : { ...match, wording: text };
}

/** A character changed by reading is seldom read as surely. */
const SURELY_READ = 0.97;

function matchNear(book: TitleBook, text: string, confidence01: number): HeadingMatch | null {
  const folded = fold(text).replace(/^\d{4}年?度?/, '');
  let best: { wording: Wording; share: number; rank: number } | null = null;
  for (const wording of book.wordings) {
    const longest = Math.max(wording.folded.length, folded.length);
    if (longest < 4 || Math.abs(wording.folded.length - folded.length) > NEAR_SHARE * longest) continue;
    const share = editDistance(wording.folded, folded) / longest;
    // Of wordings in two scripts that of the page is kept.
    const rank = share + 0.001 * editDistance(wording.text, text);
    if (share <= NEAR_SHARE && (!best || rank < best.rank)) best = { wording, share, rank };
  }
  const year = /(?:19|20)\d{2}(?=年)/.exec(fold(text))?.[0];
  if (!best) return null;
  const match = named(best.wording, year === undefined ? null : Number(year), 0.9 - best.share, 'near');
  return isOtherWording(best.wording.text, text, confidence01) && !best.wording.text.includes('{') ? { ...match, wording: text } : match;
}

/** Readers lose a character inside a title and change one; two, one too many, or one less at an end are the page's own words. */
const isOtherWording = (known: string, read: string, confidence01: number): boolean =>
  editDistance(known, read) > 1 ||
  read.length > known.length ||
  known.startsWith(read) ||
  known.endsWith(read) ||
  (read.length === known.length && confidence01 >= SURELY_READ);

function named({ text, title, folded }: Wording, year: number | null, score01: number, by: HeadingMatch['by']): HeadingMatch {
  const own = folded.includes(fold(title.name.replace('{year}', '')));
  return { title, classCode: title.classCode, wording: own ? title.name : text, year, score01, by };
}

const pairsOf = (text: string): string[] => Array.from({ length: Math.max(0, text.length - 1) }, (_, i) => text.slice(i, i + 2));

/** How much two titles share, by pairs of characters; a pair that many titles hold (登记, 审批) says little. */
function likeness01(book: TitleBook, a: string, b: string): number {
  const weight = (pair: string) => 1 / (1 + (book.pairCounts.get(pair) ?? 0));
  const [x, y] = [new Set(pairsOf(a)), new Set(pairsOf(b))];
  let shared = 0;
  let total = 0;
  for (const pair of new Set([...x, ...y])) {
    total += weight(pair);
    if (x.has(pair) && y.has(pair)) shared += weight(pair);
  }
  return total ? shared / total : 0;
}

/** The class whose words a heading speaks, when no title fits. Weighs the class's words against titles that are like it. */
export function guessClass(book: TitleBook, heading: string): { readonly classCode: string | null; readonly score01: number } {
  const folded = fold(heading);
  const votes = new Map<string, number>();
  const vote = (code: string, weight: number) => votes.set(code, Math.max(votes.get(code) ?? 0, weight));
  for (const c of book.scheme.classes) for (const word of c.words) if (folded.includes(fold(word))) vote(c.code, 0.35 + 0.12 * word.length);
  for (const w of book.wordings) {
    const like = likeness01(book, folded, w.folded);
    if (like > 0.12) vote(w.title.classCode, 0.3 + like);
  }
  const ranked = [...votes].sort((a, b) => b[1] - a[1]);
  const [first, second] = ranked;
  if (!first) return { classCode: null, score01: 0 };
  return { classCode: first[0], score01: Math.min(0.9, first[1] * (second ? Math.min(1, 0.6 + (first[1] - second[1])) : 1)) };
}

/** The catalogue's wording with its year filled in. */
export function titleText(match: HeadingMatch, year: number | null): string {
  if (!match.wording.includes('{year}')) return match.wording;
  return match.title && match.wording === match.title.name
    ? formatTitle(match.title, match.year ?? year)
    : match.wording.replace('{year}', String(match.year ?? year ?? ''));
}
