import type { UseQueryResult } from '@tanstack/react-query';
import { Button } from 'antd';
import { type ReactNode, useState } from 'react';
import { useMay } from '../../api/session.ts';
import { EmptyState, ErrorState, LoadingState } from '../../parts/states.tsx';

interface RecordListProps<T> {
  readonly query: UseQueryResult<{ items: T[] }>;
  /** Of the button that makes one, and of what stands where there is none yet. */
  readonly words: { readonly make: string; readonly none: string; readonly noneHelp: string };
  readonly line: (record: T) => ReactNode;
  /** The form of a new record, while it is made. */
  readonly form: (close: () => void) => ReactNode;
}

/** Records that only who keeps the processing may add: a list, or a state with the way on. */
export function RecordList<T>({ query: { data, error, refetch }, words, line, form }: RecordListProps<T>) {
  const may = useMay();
  const [making, setMaking] = useState(false);
  if (error) return <ErrorState error={error} retry={() => void refetch()} />;
  if (!data) return <LoadingState />;
  const make = may('processing.keep') && (
    <Button type="primary" onClick={() => setMaking(true)}>
      {words.make}
    </Button>
  );
  return (
    <>
      {data.items.length === 0 ? (
        <EmptyState title={words.none} actions={make}>
          {words.noneHelp}
        </EmptyState>
      ) : (
        <>
          <div className="screen-head">
            <div className="stretch" />
            {make}
          </div>
          <ul className="personal-list card">{data.items.map(line)}</ul>
        </>
      )}
      {making && form(() => setMaking(false))}
    </>
  );
}
