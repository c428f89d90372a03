import { useInfiniteQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { Button, Segmented } from 'antd';
import { useState } from 'react';
import { api, type Schemas } from '../../api/client.ts';
import { useCountercheckRules, useCounterchecks } from '../../api/counterchecks.ts';
import { answer } from '../../api/refusal.ts';
import { useMay } from '../../api/session.ts';
import { Confidence } from '../../parts/chip.tsx';
import { PagedList } from '../../parts/paged-list.tsx';
import { EmptyState, NoRightState } from '../../parts/states.tsx';
import { useWords } from '../../words/words.tsx';
import { CheckLines } from './check-lines.tsx';
import { RulesDialog } from './rules-dialog.tsx';
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
        <span className="quiet">{line.classCode === null ? w('review.unclassed') : w('review.class', { code: line.classCode })}</span>
        <span className="song">{line.name}</span>
        <span className="num quiet">{line.dossierCode}</span>
        <span className="num quiet">{w('review.pages', { count: line.pages, number: number(line.pages) })}</span>
      </Link>
    </li>
  );
}

/** What was proposed in the dossiers that this account may arrange, the least sure first. */
function Proposed() {
  const { w, number } = useWords();
  const list = useInfiniteQuery({
    queryKey: ['review-queue'],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam }) => answer(api.GET('/api/v1/review-queue', { params: { query: pageParam ? { cursor: pageParam } : {} } })),
    getNextPageParam: (last) => last.nextCursor ?? undefined,
    // Whoever comes back from a desk has settled something there.
    refetchOnMount: 'always',
  });
  const count = list.data?.pages[0]?.count;
  return (
    <>
      {count && count.value > 0 && (
        <p className="quiet">{w('review.count', { count: count.value, number: `${number(count.value)}${count.more ? '+' : ''}` })}</p>
      )}
      <PagedList
        list={list}
        className="review-lines"
        none={<EmptyState title={w('review.none')}>{w('review.noneHelp')}</EmptyState>}
        line={(line) => <ReviewItem key={line.materialId} line={line} />}
      />
    </>
  );
}

type Tab = 'confirm' | 'second' | 'first';

/** The tabs of two-person mode, with how much waits on each; nothing where it is not asked for anywhere. */
function Tabs({ tab }: { tab: Tab }) {
  const { w, number } = useWords();
  const navigate = useNavigate();
  const counts = useCounterchecks('second', true).data?.pages[0]?.counts;
  const labelOf = (value: Tab) => {
    const count = value === 'confirm' ? undefined : counts?.[value];
    return `${w(`check.tab.${value}`)}${count?.value ? ` ${number(count.value)}${count.more ? '+' : ''}` : ''}`;
  };
  return (
    <div className="review-tabs">
      <Segmented<Tab>
        value={tab}
        aria-label={w('check.queue')}
        options={(['confirm', 'second', 'first'] as const).map((value) => ({ value, label: labelOf(value) }))}
        onChange={(value) => void navigate({ to: '/review', search: value === 'confirm' ? {} : { as: value } })}
      />
      {counts && counts.others.value > 0 && (
        <span className="quiet">
          {w('check.others', { count: counts.others.value, number: `${number(counts.others.value)}${counts.others.more ? '+' : ''}` })}
        </span>
      )}
    </div>
  );
}

/** What waits for this person: what the machine proposed, and in two-person mode what others confirmed and what came back. */
export function ReviewScreen() {
  const { w } = useWords();
  const mayArrange = useMay()('material.change');
  const { as } = useSearch({ from: '/review' });
  const [isRuling, setRuling] = useState(false);
  const rules = useCountercheckRules(mayArrange).data?.rules ?? [];
  if (!mayArrange) return <NoRightState />;
  const isTwofold = rules.some((rule) => rule.required);
  return (
    <div className="screen">
      <div className="screen-head">
        <h1>{w('review.title')}</h1>
        <span className="stretch" />
        {(isTwofold || rules.some((rule) => rule.mayChange)) && <Button onClick={() => setRuling(true)}>{w('check.rules')}</Button>}
      </div>
      {(isTwofold || as) && <Tabs tab={as ?? 'confirm'} />}
      {as ? <CheckLines side={as} /> : <Proposed />}
      {isRuling && <RulesDialog rules={rules} close={() => setRuling(false)} />}
    </div>
  );
}
