import { NEWEST, newestCandidates } from './candidates.ts';
import { CANDIDATES_CAP, COUNT_MAX, type Counted, countAll, countHits, openHits } from './count-hits.ts';
import type { Checked } from './page-section.ts';
import type { HitKind } from './scope-needs.ts';
import type { Search } from './search-context.ts';
import type { Count } from './search-result.ts';
import { newestHits, type Section } from './sections.ts';

/** What is learnt of one kind of hit at the first page of a query. */
export interface Survey extends Counted {
  /** The newest hits: more than were wanted when there are more. */
  readonly newest: readonly Checked[];
}

/** Newest first over all fonds; ids are made in the order of time. */
export const mergeNewest = (parts: readonly (readonly Checked[])[]): Checked[] =>
  parts.length === 1 ? [...parts[0]!] : parts.flat().sort((a, b) => (a.id < b.id ? 1 : -1));

async function surveySection({ tx, exactCount }: Search, section: Section, want: number): Promise<Survey> {
  const first = await newestCandidates(tx, section.table, section.plan, NEWEST, want + 1, CANDIDATES_CAP);
  if (first.complete) {
    // All candidates are at hand: opening them gives list, count and facets at once.
    const opened = await openHits(section, first.ids, Number.POSITIVE_INFINITY);
    return { count: { value: opened.length, more: false }, opened, unopened: [], newest: opened };
  }
  const newest = await newestHits(tx, section, NEWEST, want, first);
  const counted = exactCount ? await countAll(tx, section) : await countHits(tx, section, first.ids);
  return { ...counted, newest };
}

async function surveySections(search: Search, sections: readonly Section[], want: number): Promise<Survey> {
  const parts: Survey[] = [];
  for (const section of sections) parts.push(await surveySection(search, section, want));
  return {
    count: { value: parts.reduce((sum, part) => sum + part.count.value, 0), more: parts.some((part) => part.count.more) },
    opened: parts.flatMap((part) => part.opened),
    unopened: parts.flatMap((part) => part.unopened),
    newest: mergeNewest(parts.map((part) => part.newest)),
  };
}

/** Counts every kind and fetches its first hits. An address is looked for where words find no dossier. */
export async function surveyKinds(search: Search, wantOf: (kind: HitKind) => number): Promise<Map<HitKind, Survey>> {
  const surveys = new Map<HitKind, Survey>();
  for (const [kind, sections] of search.sections) {
    const survey = await surveySections(search, sections, wantOf(kind));
    const byAddress = kind === 'dossier' && survey.count.value === 0;
    surveys.set(kind, byAddress ? await surveySections(search, search.byAddress, wantOf(kind)) : survey);
  }
  return surveys;
}

/** All kinds together. */
export function totalOf(surveys: ReadonlyMap<HitKind, Survey>, exactCount: boolean): Count {
  const counts = [...surveys.values()].map((survey) => survey.count);
  const value = counts.reduce((sum, count) => sum + count.value, 0);
  const more = counts.some((count) => count.more) || (!exactCount && value > COUNT_MAX);
  return { value: more ? COUNT_MAX : value, more };
}
