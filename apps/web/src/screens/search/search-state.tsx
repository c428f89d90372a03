import { createContext, type PropsWithChildren, useContext, useMemo, useState } from 'react';
import type { Schemas } from '../../api/client.ts';

export type SearchFilters = NonNullable<Schemas['SearchRequest']['filters']>;

interface SearchState {
  /** What stands in the box. */
  readonly typed: string;
  /** What was asked; empty before the first question. */
  readonly asked: string;
  readonly filters: SearchFilters;
  type(text: string): void;
  ask(query: string): void;
  filter(filters: SearchFilters): void;
}

const SearchContext = createContext<SearchState | null>(null);

/**
 * The question and its filters, kept in memory while the page is open, so that "back" finds the hits again.
 * INVARIANT: never in the address and never in the browser's storage: a question holds names and numbers.
 */
export function SearchProvider({ children }: PropsWithChildren) {
  const [typed, type] = useState('');
  const [asked, setAsked] = useState('');
  const [filters, filter] = useState<SearchFilters>({});
  const value = useMemo<SearchState>(
    () => ({
      typed,
      asked,
      filters,
      type,
      filter,
      ask(query) {
        type(query);
        if (query.trim() !== asked) filter({});
        setAsked(query.trim());
      },
    }),
    [typed, asked, filters],
  );
  return <SearchContext.Provider value={value}>{children}</SearchContext.Provider>;
}

export function useSearchState(): SearchState {
  const value = useContext(SearchContext);
  if (!value) throw new Error('useSearchState needs SearchProvider');
  return value;
}
