import { PlusOutlined } from '@ant-design/icons';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { Button } from 'antd';
import { useCallback, useEffect, useMemo, useState } from 'react';
import { isRefusal } from '../../api/refusal.ts';
import { useMay } from '../../api/session.ts';
import { useShortcuts } from '../../keys/shortcuts.tsx';
import { useCount } from '../../parts/count.ts';
import { EmptyState, ErrorState, LoadingState, NoRightState } from '../../parts/states.tsx';
import { useWords } from '../../words/words.tsx';
import { BulkBar, useBulkEdit } from './bulk-bar.tsx';
import { DossierGrid } from './dossier-grid.tsx';
import { FilterBar } from './filter-bar.tsx';
import { type ClearFilters, countFilters, splitFilters, type TextFilters, useDossierList } from './filters.ts';
import { NewDossier } from './new-dossier.tsx';
import { SavedViews, useSavedViews } from './saved-views.tsx';
import './dossiers.css';

/** Filters of the address, of memory and of the saved view named in the address, as one. */
function useFilters() {
  const navigate = useNavigate();
  const search = useSearch({ from: '/dossiers' });
  const viewId = search.view;
  const [text, setText] = useState<TextFilters>({});
  const views = useSavedViews().data?.views;
  const view = views?.find((v) => v.id === viewId);
  const effective = useMemo(() => {
    const { view: _, ...clear } = search;
    return view ? splitFilters(view.filters) : { clear, text };
  }, [view, search, text]);
  const show = useCallback(
    (clear: ClearFilters, nextText: TextFilters) => {
      setText(nextText);
      void navigate({ to: '/dossiers', search: clear, replace: true });
    },
    [navigate],
  );
  return {
    ...effective,
    viewId: view?.id,
    isWaiting: viewId !== undefined && views === undefined,
    show,
    open: (id: string | null) => {
      setText({});
      void navigate({ to: '/dossiers', search: id === null ? {} : { view: id } });
    },
  };
}

function List({ filters, mayEdit }: { filters: ReturnType<typeof useFilters>; mayEdit: boolean }) {
  const { w, code } = useWords();
  const { clear, text, show } = filters;
  const list = useDossierList(clear, text);
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());
  const bulk = useBulkEdit();
  const lines = useMemo(() => list.data?.pages.flatMap((page) => page.items) ?? [], [list.data]);
  const none = useCallback(() => setSelected(new Set()), []);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a selection belongs to the list it was made in
  useEffect(none, [clear, text]);
  const { fetchNextPage, isFetchingNextPage } = list;
  const nearEnd = useCallback(() => void (isFetchingNextPage || fetchNextPage()), [fetchNextPage, isFetchingNextPage]);
  if (list.isPending || filters.isWaiting) return <LoadingState />;
  if (isRefusal(list.error, 'list/too-many-to-sort'))
    return <EmptyState title={code('list/too-many-to-sort', list.error.params)}>{w('list.narrow')}</EmptyState>;
  if (list.error) return <ErrorState error={list.error} retry={() => void list.refetch()} />;
  const isFiltered = countFilters(clear, text) > 0;
  if (lines.length === 0)
    return (
      <EmptyState
        title={w(isFiltered ? 'list.noneFiltered' : 'list.none')}
        actions={isFiltered ? <Button onClick={() => show({}, {})}>{w('filter.none')}</Button> : undefined}
      >
        {w(isFiltered ? 'list.noneFilteredAdvice' : 'list.noneAdvice')}
      </EmptyState>
    );
  return (
    <>
      {mayEdit && <BulkBar selected={selected} bulk={bulk} onNone={none} />}
      <DossierGrid
        lines={lines}
        rowCount={list.data.pages[0]!.count.more ? -1 : list.data.pages[0]!.count.value}
        selected={selected}
        mayEdit={mayEdit}
        sort={clear.sort ?? '-changed'}
        hasMore={list.hasNextPage}
        onSelect={setSelected}
        onSort={(sort) => show({ ...clear, sort }, text)}
        onNearEnd={nearEnd}
      />
    </>
  );
}

function CountLine({ filters }: { filters: ReturnType<typeof useFilters> }) {
  const { w } = useWords();
  const sayCount = useCount();
  const { data } = useDossierList(filters.clear, filters.text);
  const count = data?.pages[0]?.count;
  return (
    <span className="quiet" role="status">
      {count ? w('list.count', { count: count.value, dossiers: sayCount(count) }) : ''}
    </span>
  );
}

/** The dossiers this account may see. */
export function DossiersScreen() {
  const { w } = useWords();
  const may = useMay();
  const navigate = useNavigate();
  const filters = useFilters();
  const [isMaking, setMaking] = useState(false);
  const mayMake = may('dossier.create');
  useShortcuts('keys.dossiers', mayMake ? [{ keys: 'c', label: 'new.title', run: () => setMaking(true) }] : []);
  if (!may('dossier.list')) return <NoRightState />;
  return (
    <div className="dossiers">
      <header className="screen-head">
        <h1>{w('nav.dossiers')}</h1>
        <CountLine filters={filters} />
        <span className="stretch" />
        {mayMake && (
          <Button type="primary" icon={<PlusOutlined aria-hidden />} onClick={() => setMaking(true)}>
            {w('new.title')}
          </Button>
        )}
      </header>
      <SavedViews
        current={filters.viewId}
        filters={{ ...filters.clear, ...filters.text }}
        canSave={countFilters(filters.clear, filters.text) > 0}
        onOpen={(view) => filters.open(view?.id ?? null)}
      />
      <FilterBar
        clear={filters.clear}
        text={filters.text}
        onClear={(clear) => filters.show(clear, filters.text)}
        onText={(text) => filters.show(filters.clear, text)}
      />
      <List filters={filters} mayEdit={may('dossier.change')} />
      {mayMake && (
        <NewDossier
          open={isMaking}
          onClose={() => setMaking(false)}
          onMade={(dossierId) => {
            setMaking(false);
            void navigate({ to: '/dossiers/$dossierId', params: { dossierId } });
          }}
        />
      )}
    </div>
  );
}
