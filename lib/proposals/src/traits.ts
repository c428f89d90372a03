import { foldLabel } from './fold.ts';
import type { PageGroup } from './group.ts';
import { heightOf, type PlacedLine } from './layout.ts';
import type { UnderstoodPage } from './page-judgement.ts';
import type { Proposal } from './proposal.ts';

/**
 * What a proposed material looks like, for learning by it: words of the form, its shape, and what the rules made of it.
 * INVARIANT: these words leave the memory of the process only hashed under a key; values that stand beside labels are not among them.
 */
export interface Traits {
  /** What the rules went by: the heading without its figures, and the class they took. Materials alike in it were judged alike. */
  readonly signature: string;
  /** Each once. */
  readonly traits: readonly string[];
}

/** Of a page that holds more, the first are enough to know its form by. */
const LINES_MAX = 40;
const PAIRS_MAX = 60;
const SHORT_LINE_MAX = 12;
const HAN_ONLY = /[^\p{Script=Han}]/gu;

/** The traits of a material as the rules grouped and judged it. */
export function traitsOf({ heading }: PageGroup, pages: readonly UnderstoodPage[], proposal: Proposal): Traits {
  const out = new Set<string>();
  const first = pages[0]!;
  const words = heading ? han(heading.text) : '';
  out.add(heading ? `H:${words}` : 'H:none');
  for (const pair of pairsOf(words)) out.add(`h:${pair}`);
  for (const { label } of first.labelled.labels.slice(0, LINES_MAX)) out.add(`l:${label}`);
  for (const trait of textTraits(first)) out.add(trait);
  for (const trait of shapeTraits(first, pages.length)) out.add(trait);
  const { classCode, title } = proposal;
  out.add(`r:class:${classCode?.value ?? 'none'}`);
  out.add(`r:by:${heading?.match.by ?? 'none'}`);
  out.add(`r:title:${title ? han(title.value) : 'none'}`);
  return { signature: `s:${words || 'none'}:${classCode?.value ?? 'none'}`, traits: [...out] };
}

/** Pairs of characters of the words that are no value beside a label, and short lines near the top, whole. */
function* textTraits({ labelled: { page }, pairs }: UnderstoodPage): Generator<string> {
  const values = new Set<PlacedLine>(pairs.flatMap((pair) => pair.pieces.map((piece) => piece.line)));
  const seen = new Set<string>();
  for (const line of page.lines.slice(0, LINES_MAX)) {
    if (values.has(line)) continue;
    const words = han(line.text);
    if (words.length >= 2 && words.length <= SHORT_LINE_MAX && line.y0 < 0.4 * page.height) yield `w:${words}`;
    for (const pair of pairsOf(words)) if (seen.size < PAIRS_MAX) seen.add(pair);
  }
  for (const pair of seen) yield `t:${pair}`;
}

function* shapeTraits({ labelled: { page, labels } }: UnderstoodPage, pageCount: number): Generator<string> {
  const tallest = Math.max(0, ...page.lines.map(heightOf));
  yield `y:pages:${Math.min(3, pageCount)}`;
  yield `y:lines:${step(page.lines.length)}`;
  yield `y:labels:${step(labels.length)}`;
  yield `y:short:${Math.round((4 * page.lines.filter((l) => l.folded.length <= 4).length) / Math.max(1, page.lines.length))}`;
  yield `y:tallest:${Math.min(4, Math.round(tallest / page.lineHeight))}`;
  if (page.width > page.height) yield 'y:wide';
}

/** Counts by doubling steps: 0, 1, 2–3, 4–7… */
const step = (count: number): number => (count === 0 ? 0 : 1 + Math.floor(Math.log2(count)));

/** Chinese characters alone, 繁 as 简: figures and Latin letters of a form are numbers of somebody. */
const han = (text: string): string => foldLabel(text).replace(HAN_ONLY, '');

const pairsOf = (text: string): string[] => Array.from({ length: Math.max(0, text.length - 1) }, (_, i) => text.slice(i, i + 2));
