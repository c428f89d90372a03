import { useInfiniteQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { api, type Schemas } from '../../api/client.ts';
import { answer } from '../../api/refusal.ts';
import { useMay } from '../../api/session.ts';
import { Confidence } from '../../parts/chip.tsx';
import { PagedList } from '../../parts/paged-list.tsx';
import { EmptyState, NoRightState } from '../../parts/states.tsx';
import { useWords } from '../../words/words.tsx';
import './review.css';

type Line = Schemas['ReviewLine'];

/** A proposed material: a door to the desk, with it in hand. */
function ReviewItem({ line }: { line: Line }) {
  const { w, number, percent } = useWords();
  return (
    <li>
      <Link className="review-line" to="/dossiers/$dossierId" params={{ dossierId: line.dossierId }} search={{ material: line.materialId }}>
        <Confidence share01={line.least01} label={w('review.least', { share: percent(line.least01) })} />
        <span className="song what">{line.title ?? w('review.untitled')}</span>
        <span className="quiet">{line.classCode ?? w('review.unclassed')}</span>
        <span className="song">{line.name}</span>
        <span className="num quiet">{line.dossierCode}</span>
        <span className="num quiet">{w('review.pages', { count: line.pages, number: number(line.pages) })}</span>
      </Link>
    </li>
  );
}

/** What was proposed in the dossiers that this account may arrange, the least sure first. */
export function ReviewScreen() {
  const { w, number } = useWords();
  const mayArrange = useMay()('material.change');
  const list = useInfiniteQuery({
    queryKey: ['review-queue'],
    enabled: mayArrange,
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam }) => answer(api.GET('/api/v1/review-queue', { params: { query: pageParam ? { cursor: pageParam } : {} } })),
    getNextPageParam: (last) => last.nextCursor ?? undefined,
    // Whoever comes back from a desk has settled something there.
    refetchOnMount: 'always',
  });
  if (!mayArrange) return <NoRightState />;
  const count = list.data?.pages[0]?.count;
  return (
    <div className="screen">
      <div className="screen-head">
        <h1>{w('review.title')}</h1>
        {count && count.value > 0 && (
          <p className="quiet">{w('review.count', { count: count.value, number: `${number(count.value)}${count.more ? '+' : ''}` })}</p>
        )}
      </div>
      <PagedList
        list={list}
        className="review-lines"
        none={<EmptyState title={w('review.none')}>{w('review.noneHelp')}</EmptyState>}
        line={(line) => <ReviewItem key={line.materialId} line={line} />}
      />
    </div>
  );
}
