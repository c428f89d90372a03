import { useInfiniteQuery, useMutation, useQuery } from '@tanstack/react-query';
import { Link, type LinkProps } from '@tanstack/react-router';
import { Button } from 'antd';
import { type KeyboardEvent, useMemo, useRef } from 'react';
import { api, type Schemas } from '../../api/client.ts';
import { answer } from '../../api/refusal.ts';
import { useMay } from '../../api/session.ts';
import { useShortcuts } from '../../keys/shortcuts.tsx';
import { Chip } from '../../parts/chip.tsx';
import { useCount } from '../../parts/count.ts';
import { EmptyState, ErrorState, LoadingState, NoRightState } from '../../parts/states.tsx';
import { sayPartialDate } from '../../words/dates.ts';
import { useWords } from '../../words/words.tsx';
import { Facets } from './facets.tsx';
import { useSearchState } from './search-state.tsx';
import { partsOfSnippet } from './snippet.ts';
import './search.css';

type Hit = Schemas['SearchHit'];

/** The page with its boxes lit, else the material, else the dossier. Boxes travel beside the address, never in it. */
function doorOf(hit: Hit): LinkProps {
  const to = { to: '/dossiers/$dossierId', params: { dossierId: hit.dossierId } } as const;
  if (hit.pageId) return { ...to, search: { page: hit.pageId }, state: { lit: { pageId: hit.pageId, boxes: hit.boxes } } };
  return hit.materialId ? { ...to, search: { material: hit.materialId } } : to;
}

function HitLine({ hit }: { hit: Hit }) {
  const { w, language } = useWords();
  const facts = [
    hit.materialTitle,
    hit.pageNumber !== null ? w('hit.page', { number: hit.pageNumber }) : null,
    hit.date ? sayPartialDate(hit.date, language) : null,
    hit.dossierCode,
  ].filter(Boolean);
  return (
    <Link {...doorOf(hit)} className={hit.exactness === 'possible' ? 'hit possible' : 'hit'} data-hit={hit.kind}>
      <span className="hit-head">
        <span className="song">{hit.name}</span>
        <span className="quiet num">{facts.join(' · ')}</span>
        {hit.exactness === 'possible' && <Chip tone="amber">{w('hit.possible')}</Chip>}
      </span>
      <span className="snippet">
        {partsOfSnippet(hit.snippet, hit.marks).map((part, i) =>
          // biome-ignore lint/suspicious/noArrayIndexKey: the parts of one snippet never change their order
          part.isLit ? <mark key={i}>{part.text}</mark> : <span key={i}>{part.text}</span>,
        )}
      </span>
    </Link>
  );
}

function useHits() {
  const { asked, filters } = useSearchState();
  return useInfiniteQuery({
    queryKey: ['search', asked, filters],
    enabled: asked !== '',
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam, signal }) =>
      answer(
        api.POST('/api/v1/search', {
          body: { query: asked, filters, counts: 'without', ...(pageParam === undefined ? {} : { cursor: pageParam }) },
          signal,
        }),
      ),
    getNextPageParam: (last) => last.nextCursor ?? undefined,
    staleTime: 60_000,
    placeholderData: (before) => before,
  });
}

/** How many, and by class, year and kind: asked beside the hits, which are there sooner. */
function useCounts() {
  const { asked, filters } = useSearchState();
  return useQuery({
    queryKey: ['search-counts', asked, filters],
    enabled: asked !== '',
    queryFn: ({ signal }) => answer(api.POST('/api/v1/search', { body: { query: asked, filters, limit: 1, counts: 'only' }, signal })),
    staleTime: 60_000,
  });
}

/** How many, exact to a thousand; the exact number on demand. */
function CountLine({ count }: { count: Schemas['Count'] | null }) {
  const { w, number } = useWords();
  const sayCount = useCount();
  const { asked, filters } = useSearchState();
  const exact = useMutation({
    mutationFn: () => answer(api.POST('/api/v1/search', { body: { query: asked, filters, limit: 1, counts: 'only', exactCount: true } })),
  });
  const shown = exact.data?.count ?? count;
  if (!shown) return <h1 role="status">{w('search.searching')}</h1>;
  return (
    <>
      <h1 role="status">{w('search.count', { count: shown.value, hits: shown.more ? sayCount(shown) : number(shown.value) })}</h1>
      {shown.more && (
        <Button size="small" loading={exact.isPending} onClick={() => exact.mutate()}>
          {w('search.exactCount')}
        </Button>
      )}
    </>
  );
}

/** Arrows walk from hit to hit. */
function walkHits(event: KeyboardEvent<HTMLElement>): void {
  const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
  if (step === 0) return;
  const links = [...event.currentTarget.querySelectorAll<HTMLElement>('[data-hit]')];
  const next = links[links.indexOf(document.activeElement as HTMLElement) + step];
  if (!next) return;
  event.preventDefault();
  next.focus();
}

function Answers() {
  const { w } = useWords();
  const { asked, filters, filter } = useSearchState();
  const hits = useHits();
  const counts = useCounts();
  const first = hits.data?.pages[0];
  const list = useRef<HTMLUListElement>(null);
  const lines = useMemo(() => hits.data?.pages.flatMap((page) => page.hits) ?? [], [hits.data]);
  useShortcuts('keys.hits', [
    { keys: 'arrowdown', label: 'keys.firstHit', run: () => list.current?.querySelector<HTMLElement>('[data-hit]')?.focus() },
  ]);
  if (hits.isPending) return <LoadingState what={w('search.searching')} />;
  const failed = hits.error ? hits : counts.error ? counts : null;
  if (failed) return <ErrorState error={failed.error} retry={() => void failed.refetch()} />;
  if (!first) return null;
  const isNarrowed = Object.values(filters).some(
    (value) => value !== undefined && value !== false && !(Array.isArray(value) && value.length === 0),
  );
  return (
    <div className="search">
      <Facets hits={first.hits} facets={counts.data?.facets ?? null} />
      <div>
        <div className="search-summary">
          <CountLine key={`${asked} ${JSON.stringify(filters)}`} count={counts.data?.count ?? null} />
          <span className="stretch" />
          <span className="quiet num">{w('search.took', { ms: Math.round(first.tookMs) })}</span>
        </div>
        {lines.length === 0 ? (
          <EmptyState title={w('search.noHits')} actions={isNarrowed && <Button onClick={() => filter({})}>{w('filter.none')}</Button>}>
            {w(isNarrowed ? 'search.noHitsFiltered' : 'search.noHitsAdvice')}
          </EmptyState>
        ) : (
          <ul className="hits" ref={list} onKeyDown={walkHits}>
            {lines.map((hit, i) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: one page may be hit in several ways; the list only grows at its end
              <li key={i}>
                <HitLine hit={hit} />
              </li>
            ))}
          </ul>
        )}
        {hits.hasNextPage && (
          <Button className="more-hits" loading={hits.isFetchingNextPage} onClick={() => void hits.fetchNextPage()}>
            {w('search.more')}
          </Button>
        )}
        {first.unreadPages > 0 && <p className="unread-note">{w('search.unread', { count: first.unreadPages })}</p>}
      </div>
    </div>
  );
}

/** Hits in readings and catalogue. The question stands in the box above and in no address. */
export function SearchScreen() {
  const { w } = useWords();
  const may = useMay();
  const { asked } = useSearchState();
  if (!may('search')) return <NoRightState />;
  if (asked === '') return <EmptyState title={w('search.start')}>{w('search.startText')}</EmptyState>;
  return <Answers />;
}
