import { foldLabel } from './fold.ts';
import type { Heading } from './headings.ts';
import { findHeading } from './headings.ts';
import { findLabels, type LabelBook, type LabelledPage } from './labels.ts';
import { type FlowingText, flow, layPage } from './layout.ts';
import { datesOfPage, type PlacedDate } from './material-date.ts';
import type { PageReading } from './page-reading.ts';
import { type FormWords, formOf, type PageWords } from './page-words.ts';
import { findPairs, type Pair } from './pairs.ts';
import type { TitleBook } from './titles.ts';

/** All that one page says by itself. */
export interface UnderstoodPage {
  readonly reading: PageReading;
  readonly labelled: LabelledPage;
  readonly pairs: readonly Pair[];
  readonly flowing: FlowingText;
  readonly dates: readonly PlacedDate[];
  readonly heading: Heading | null;
  readonly form: FormWords | null;
}

/** Lays a page out, finds its labels, values, dates and heading. */
export function understandPage(reading: PageReading, words: PageWords, book: LabelBook, titles: TitleBook): UnderstoodPage {
  const page = layPage(reading);
  const labelled = findLabels(page, book);
  const pairs = findPairs(labelled);
  const heading = findHeading(labelled, titles, words);
  return {
    reading,
    labelled,
    pairs,
    flowing: flow(page),
    dates: datesOfPage(reading.pageId, page.lines, pairs, words, book),
    heading,
    form: heading ? formOf(words, wordingsOf(heading)) : null,
  };
}

/** The heading as it stands and the scheme's name for it, folded, without a year. */
function wordingsOf({ text, match }: Heading): string[] {
  const names = [text, match.wording, match.title?.name ?? ''].map((t) => foldLabel(t.replace('{year}', '')).replace(/^\d{4}年?度?/u, ''));
  return names.filter(Boolean);
}
