import { Button } from 'antd';
import type { ReactNode } from 'react';
import { useWords } from '../words/words.tsx';
import { ErrorState, LoadingState } from './states.tsx';

/** A list that is fetched a page at a time, as react-query keeps it. */
export interface Paged<Item> {
  readonly data: { readonly pages: readonly { readonly items: readonly Item[] }[] } | undefined;
  readonly error: Error | null;
  readonly hasNextPage: boolean;
  readonly isFetchingNextPage: boolean;
  refetch(): unknown;
  fetchNextPage(): unknown;
}

interface PagedListProps<Item> {
  readonly list: Paged<Item>;
  readonly className: string;
  /** Shown when there is nothing. */
  readonly none: ReactNode;
  /** One item: an `li` with its key. */
  line(item: Item): ReactNode;
}

/** What was fetched so far in order, and a button for more. */
export function PagedList<Item>({ list, className, none, line }: PagedListProps<Item>) {
  const { w } = useWords();
  if (list.error) return <ErrorState error={list.error} retry={() => void list.refetch()} />;
  if (!list.data) return <LoadingState />;
  const items = list.data.pages.flatMap((page) => page.items);
  if (items.length === 0) return none;
  return (
    <>
      <ol className={className}>{items.map(line)}</ol>
      {list.hasNextPage && (
        <Button loading={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
          {w('list.more')}
        </Button>
      )}
    </>
  );
}
