import { addressToken, catalogueNeeds, narrows, pageNeeds, planSearch, type Query, type TokenNeeds, tokensDecide } from '@lantai/search';
import type { Sql } from '../db/index.ts';
import { CATALOGUE_INDEX, type Candidates, newestCandidates, PAGE_INDEX } from './candidates.ts';
import { checkCatalogue } from './catalogue-section.ts';
import { CANDIDATES_CAP, type CountedSection, openHits } from './count-hits.ts';
import type { IndexFrequencies } from './frequencies.ts';
import { indexCipher } from './index-cipher.ts';
import { type Checked, checkPages, type SectionView } from './page-section.ts';
import { filterNeeds, type HitKind, scopeNeeds } from './scope-needs.ts';

/** One kind of hit in one fonds by one way to what may be seen: tokens of two fonds have nothing in common, and no line is reached by two ways. */
export interface Section extends CountedSection {
  readonly kind: HitKind;
}

const joined = (...parts: readonly TokenNeeds[]): TokenNeeds => ({
  all: parts.flatMap((p) => p.all),
  anyOf: parts.flatMap((p) => p.anyOf),
  none: parts.flatMap((p) => p.none ?? []),
  written: parts.flatMap((p) => p.written ?? []),
});

/** The sections a query is looked for in; none for pages when it is single characters only, which readings are not indexed by. */
export function sectionsOf(
  tx: Sql,
  view: SectionView,
  frequencies: IndexFrequencies,
  fondsIds: readonly string[],
  kind: HitKind,
  by: 'words' | 'address' = 'words',
): Section[] {
  return fondsIds.flatMap((fondsId): Section[] => {
    const cipher = indexCipher(view.sealer, fondsId);
    const needs = needsOf(view.query, kind, by, cipher);
    if (!narrows(needs)) return [];
    return scopeNeeds(cipher, view.scope, fondsId).map((way): Section => {
      const plan = planSearch(joined(needs, way, filterNeeds(cipher, view.filters, kind)), frequencies);
      if (kind === 'page') {
        const sure = tokensDecide(view.query) && !view.filters.exactOnly && !view.refiling;
        return { kind, table: PAGE_INDEX, plan, sure, check: (ids) => checkPages(tx, view, ids) };
      }
      // The catalogue is a hundredth of the pages: its lists are short beside theirs, and every candidate is opened.
      return {
        kind,
        table: CATALOGUE_INDEX,
        plan: { ...plan, shape: 'index' },
        sure: false,
        check: (ids) => checkCatalogue(tx, view, kind, ids),
      };
    });
  });
}

function needsOf(query: Query, kind: HitKind, by: 'words' | 'address', cipher: ReturnType<typeof indexCipher>): TokenNeeds {
  if (kind === 'page') return pageNeeds(cipher, query);
  return by === 'address' ? { all: [addressToken(cipher, query)], anyOf: [] } : catalogueNeeds(cipher, query);
}

const STEP_MAX = 1000;

/** The newest hits of a section below `before`: more than `want` when there are more. `first` are candidates fetched already. */
export async function newestHits(tx: Sql, section: Section, before: string, want: number, first?: Candidates): Promise<Checked[]> {
  const hits: Checked[] = [];
  let [from, step] = [before, want + 1];
  let batch = first;
  for (;;) {
    batch ??= await newestCandidates(tx, section.table, section.plan, from, step, CANDIDATES_CAP);
    hits.push(...(await openHits(section, batch.ids, want - hits.length, want + 1)));
    const last = batch.ids.at(-1);
    if (hits.length > want || batch.complete || last === undefined) return hits;
    from = last;
    step = Math.min(STEP_MAX, step * 2);
    batch = undefined;
  }
}
