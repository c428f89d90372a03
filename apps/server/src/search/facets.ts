import type { Sql } from '../db/index.ts';
import { pageFilings, type SectionView } from './page-section.ts';
import type { HitKind } from './scope-needs.ts';
import type { FacetValue, SearchResult } from './search-result.ts';
import type { Survey } from './survey.ts';

const tally = (values: readonly (string | number | null)[]): FacetValue[] => {
  const counts = new Map<string, number>();
  for (const value of values) if (value !== null) counts.set(String(value), (counts.get(String(value)) ?? 0) + 1);
  return [...counts].map(([value, count]) => ({ value, count })).sort((a, b) => b.count - a.count || (a.value < b.value ? -1 : 1));
};

/** Counts hits by class, year and kind. Rows outside the scope were never opened, so they are in no count. */
export async function countFacets(
  tx: Sql,
  view: SectionView,
  surveys: ReadonlyMap<HitKind, Survey>,
): Promise<Pick<SearchResult, 'facets' | 'facetsOf'>> {
  const filed: { classCode: string | null; year: number | null }[] = [];
  for (const survey of surveys.values()) {
    filed.push(...survey.opened);
    if (survey.unopened.length) filed.push(...(await pageFilings(tx, view, survey.unopened)));
  }
  return {
    facets: {
      classCode: tally(filed.map((f) => f.classCode)),
      year: tally(filed.map((f) => f.year)),
      kind: [...surveys]
        .filter(([, survey]) => survey.count.value > 0)
        .map(([kind, survey]) => ({ value: kind, count: survey.count.value })),
    },
    facetsOf: filed.length,
  };
}
