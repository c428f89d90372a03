import { useInfiniteQuery } from '@tanstack/react-query';
import { api, type Schemas } from '../../api/client.ts';
import { answer } from '../../api/refusal.ts';

export type DossierQuery = Schemas['DossierQuery'];
export type DossierLine = Schemas['DossierLine'];
/** Filters that may stand in the address: codes, states and years. */
export type ClearFilters = Omit<DossierQuery, 'name' | 'idNumber' | 'tag' | 'cursor' | 'limit' | 'state'> & {
  state?: Schemas['DossierState'];
};
/** Filters that hold free text: kept in memory, sent in a body. */
export type TextFilters = Pick<DossierQuery, 'name' | 'idNumber' | 'tag'>;

const CLEAR = ['state', 'toDo', 'unitId', 'schemeId', 'copySet', 'code', 'birthYearFrom', 'birthYearTo', 'sort'] as const;
const PAGE_LENGTH = 100;

/** Splits what a saved view holds into what the address may show and what only memory may hold. */
export function splitFilters(query: DossierQuery): { clear: ClearFilters; text: TextFilters } {
  const { name, idNumber, tag, ...rest } = query;
  const state = Array.isArray(rest.state) ? rest.state[0] : rest.state;
  const clear = Object.fromEntries(
    CLEAR.map((key) => [key, key === 'state' ? state : rest[key]]).filter(([, value]) => value !== undefined),
  );
  return { clear, text: compactText({ name, idNumber, tag }) };
}

function compactText(text: { name: string | undefined; idNumber: string | undefined; tag: string | undefined }): TextFilters {
  return Object.fromEntries(Object.entries(text).filter(([, value]) => value));
}

/** How many filters narrow the list. */
export function countFilters(clear: ClearFilters, text: TextFilters): number {
  const { sort: _, ...rest } = clear;
  return Object.values({ ...rest, ...text }).filter((value) => value !== undefined && value !== '').length;
}

/** The list, a hundred rows at a time. Free text makes it a POST. */
export function useDossierList(clear: ClearFilters, text: TextFilters) {
  return useInfiniteQuery({
    queryKey: ['dossiers', clear, text],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam }) => {
      const cursor = pageParam === undefined ? {} : { cursor: pageParam };
      if (Object.keys(text).length === 0)
        return answer(api.GET('/api/v1/dossiers', { params: { query: { ...clear, ...cursor, limit: PAGE_LENGTH } } }));
      return answer(api.POST('/api/v1/dossiers/query', { body: { ...clear, ...text, ...cursor, limit: PAGE_LENGTH } }));
    },
    getNextPageParam: (last) => last.nextCursor ?? undefined,
  });
}
