import { foldLabel } from './fold.ts';
import type { LabelledPage } from './labels.ts';
import { type Block, blockOf, characterHeight, heightOf, midX, midY, type PlacedLine, sameRow } from './layout.ts';
import type { PageWords } from './page-words.ts';
import { guessClass, type HeadingMatch, matchHeading, type TitleBook } from './titles.ts';
import { organisationEnd } from './values.ts';

/** The heading of a page. */
export interface Heading {
  readonly block: Block;
  readonly text: string;
  readonly match: HeadingMatch;
  /** Folded heading of a sheet that comes before its form's own; null for any other. */
  readonly leading: string | null;
  /** How surely this is the heading of a new material. */
  readonly score01: number;
}

/** A heading is this much higher than the page's lines, unless it stands alone at the top. */
const LARGE = 1.17;
const MOST_LINES = 3;

/** Finds what a page calls itself; null for a page that carries on another. */
export function findHeading(labelled: LabelledPage, book: TitleBook, words: PageWords): Heading | null {
  let best: Heading | null = null;
  for (const candidate of candidates(labelled, words)) {
    const heading = judge(candidate, labelled, book, words);
    if (heading && (!best || heading.score01 > best.score01 + 1e-9)) best = heading;
  }
  return best;
}

/** Large or centred lines, alone and joined with those that follow. */
function candidates({ page, labels }: LabelledPage, words: PageWords): Block[] {
  const inRows = joinRows(page.lines.filter((l) => l.folded && isTitleLike(l, page)));
  const isWhole = new Set(labels.filter((l) => !l.inline && l.block.lines.length === 1).map((l) => l.block.lines[0]));
  const rows = inRows.filter((b) => !(b.lines.length === 1 && isWhole.has(b.lines[0]!) && size(b, page.lineHeight) < LARGE));
  const out: Block[] = [];
  for (const [i, row] of rows.entries()) {
    out.push(row);
    let joined = row;
    for (const next of rows.slice(i + 1, i + MOST_LINES)) {
      const last = joined.lines[joined.lines.length - 1]!;
      if (midY(next) - midY(last) > 3.4 * heightOf(last) || heightOf(next) < 0.7 * heightOf(last)) break;
      if (words.titleEndings.some((e) => joined.folded.endsWith(e) && e.length > 1)) break;
      joined = blockOf([...joined.lines, ...next.lines]);
      out.push(joined);
    }
  }
  return out;
}

const size = (block: Block, lineHeight: number): number => Math.min(...block.lines.map(characterHeight)) / lineHeight;

function isTitleLike(line: PlacedLine, page: LabelledPage['page']): boolean {
  const large = characterHeight(line) / page.lineHeight >= LARGE;
  const centred = Math.abs(midX(line) - page.width / 2) < 0.13 * page.width;
  return (
    [...line.folded].length <= 40 && (large || (centred && midY(line) < 0.45 * page.height && heightOf(line) >= 0.95 * page.lineHeight))
  );
}

/** Large characters set far apart are read as several lines of one row. */
function joinRows(lines: readonly PlacedLine[]): Block[] {
  const rows: PlacedLine[][] = [];
  for (const line of [...lines].sort((a, b) => midY(a) - midY(b))) {
    const row = rows.find(
      (r) =>
        sameRow(r[0]!, line, 0.4) &&
        Math.abs(heightOf(r[0]!) / heightOf(line) - 1) < 0.2 &&
        r.some((l) => gap(l, line) < 3 * heightOf(line)),
    );
    if (row) row.push(line);
    else rows.push([line]);
  }
  return rows.map((row) => blockOf(row.sort((a, b) => a.x0 - b.x0)));
}

const gap = (a: PlacedLine, b: PlacedLine): number => Math.max(a.x0, b.x0) - Math.min(a.x1, b.x1);

function judge(block: Block, { page }: LabelledPage, book: TitleBook, words: PageWords): Heading | null {
  const text = block.text.replace(/\s/g, '').replace(/[，。；：:;]$/u, '');
  const folded = foldLabel(text);
  if ([...folded].length < 2 || /[，。；]/u.test(text)) return null;
  const ratio = size(block, page.lineHeight);
  const centred = Math.abs(midX(block) - page.width / 2) < 0.13 * page.width;
  const above = page.lines.filter((l) => l.y1 < block.y0 + 4 && l.folded.length > 1 && !block.lines.includes(l)).length;
  const top = midY(block) / page.height;
  const shape = Math.min(0.3, Math.max(0, ratio - 1) * 0.5) + (centred ? 0.12 : 0) - 0.25 * top - 0.03 * Math.min(above, 8);
  const leading = words.forms.flatMap((f) => f.leading).find((l) => l === folded) ?? null;
  const read01 = Math.min(...block.lines.map((l) => l.line.confidence01));
  const match = leading === null ? matchHeading(book, text, read01) : leadingMatch(book, words, leading);
  const strong = ratio >= LARGE || (centred && above <= 2);
  if (match) {
    if (!strong || (match.by === 'near' && ratio < LARGE && above > 1)) return null;
    // A short wording (简历) is also the label of a cell; only a large one is a title.
    if (folded.length < 4 && ratio < 1.3 && !(centred && above === 0)) return null;
    return { block, text, match, leading, score01: match.score01 + shape + 0.01 * folded.length };
  }
  const isTitle = words.titleEndings.some((e) => folded === e || (folded.endsWith(e) && folded.length >= 3));
  const isLetterhead = words.letterheadEndings.some(
    (e) => folded.endsWith(e) || (block.lines.length > 1 && block.lines[0]!.folded.endsWith(e)),
  );
  if (!isTitle || isLetterhead || ratio < LARGE || !centred || top > 0.6) return null;
  const wording = withoutIssuer(text, words);
  const guess = guessClass(book, wording);
  const unknown: HeadingMatch = { title: null, classCode: guess.classCode, wording, year: null, score01: 0.5 * guess.score01, by: 'words' };
  return { block, text, match: unknown, leading, score01: 0.45 + shape };
}

/** A title without the organisation that set it before: 白鹭大学学生成绩登记表. */
function withoutIssuer(text: string, words: PageWords): string {
  const end = organisationEnd(text, words);
  return end > 0 && end < text.length - 3 ? text.slice(end) : text;
}

/** A sheet that comes before its form's own is of the form's class. */
function leadingMatch(book: TitleBook, words: PageWords, leading: string): HeadingMatch | null {
  const form = words.forms.find((f) => f.leading.includes(leading));
  for (const title of form?.titles ?? []) {
    const match = matchHeading(book, title);
    if (match) return { ...match, score01: 0.9 };
  }
  return null;
}
