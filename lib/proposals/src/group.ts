import type { Heading } from './headings.ts';
import type { LabelledPage } from './labels.ts';
import type { FormWords } from './page-words.ts';

/** A page on its way into a material. */
export interface JudgedPage {
  readonly labelled: LabelledPage;
  readonly heading: Heading | null;
  /** The form its heading names; null without a heading. */
  readonly form: FormWords | null;
}

/** Pages that make one material, in scanning order. */
export interface PageGroup {
  readonly pages: readonly JudgedPage[];
  /** The heading that names it; null when no page has one. */
  readonly heading: Heading | null;
  readonly form: FormWords | null;
  /** Why its pages belong together: codes of docs/spec/proposals.md, one for each page. */
  readonly reasons: readonly string[];
  readonly confidence01: number;
}

/** A page with no more lines than this may be a cover. */
const COVER_LINES = 8;
/** Labels that only the head of a form has, seen together on a page without a heading. */
const OWN_HEAD = 3;

/**
 * Groups pages in scanning order: a heading begins a material, a page without one goes on with the last.
 * A cover, a leading sheet and a repeated heading do not begin a second one. Blank and duplicate pages must be left out before.
 */
export function groupPages(pages: readonly JudgedPage[], headFields: ReadonlySet<string>): PageGroup[] {
  const groups: { pages: JudgedPage[]; heading: Heading | null; form: FormWords | null; reasons: string[]; confidence01: number }[] = [];
  for (const page of pages) {
    const last = groups[groups.length - 1];
    const reason = last ? joins(last, page, headFields) : null;
    if (last && reason) {
      last.pages.push(page);
      last.reasons.push(reason.code);
      last.confidence01 = Math.min(last.confidence01, reason.confidence01);
      if (page.heading && (!last.heading || last.heading.leading !== null || last.heading.match.score01 < page.heading.match.score01)) {
        last.heading = page.heading;
        last.form = page.form;
      }
      continue;
    }
    const starts = page.heading ? Math.min(1, page.heading.score01) : 0.4;
    groups.push({
      pages: [page],
      heading: page.heading,
      form: page.form,
      reasons: [page.heading ? 'heading' : 'own_head'],
      confidence01: starts,
    });
  }
  return groups;
}

type Reason = { readonly code: string; readonly confidence01: number };

function joins(
  group: { readonly pages: readonly JudgedPage[]; readonly heading: Heading | null },
  page: JudgedPage,
  headFields: ReadonlySet<string>,
): Reason | null {
  const before = group.pages[group.pages.length - 1]!;
  const isCover = before.labelled.page.lines.length <= COVER_LINES && group.pages.length === 1;
  if (!page.heading) {
    const own = new Set(
      page.labelled.labels
        .filter((l) => !l.inList && headFields.has(l.label) && l.y0 < 0.4 * page.labelled.page.height)
        .map((l) => l.label),
    );
    if (own.size >= OWN_HEAD && !isCover) return null;
    return { code: isCover ? 'after_cover' : 'no_heading', confidence01: isCover ? 0.98 : 0.96 };
  }
  const { heading } = page;
  if (group.heading?.leading && page.form?.leading.includes(group.heading.leading))
    return { code: 'after_leading_sheet', confidence01: 0.97 };
  const same = group.heading !== null && group.heading.match.title !== null && group.heading.match.title === heading.match.title;
  if (same && isCover && page.labelled.page.lines.length > COVER_LINES) return { code: 'after_cover', confidence01: 0.95 };
  return null;
}
