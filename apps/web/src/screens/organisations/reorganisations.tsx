import { Progress } from 'antd';
import { useUnits } from '../../api/house.ts';
import { type Reorganisation, useReorganisations } from '../../api/rights.ts';
import { Chip } from '../../parts/chip.tsx';
import { ErrorState, LoadingState } from '../../parts/states.tsx';
import { sayMoment } from '../../words/dates.ts';
import { useWords } from '../../words/words.tsx';

function Line({ item, nameOf }: { item: Reorganisation; nameOf: (id: string, code?: string) => string }) {
  const { w, number, language } = useWords();
  const isRunning = item.state === 'running';
  const percent = item.totalCount === 0 ? (isRunning ? 0 : 100) : Math.round((item.doneCount / item.totalCount) * 100);
  return (
    <li>
      <Chip tone={isRunning ? 'blue' : 'jade'}>{w(`org.state.${item.state}`)}</Chip>
      <span className="what">
        {w(`org.change.${item.kind}`)} {nameOf(item.unitId, item.unitCode)} → {item.intoId && nameOf(item.intoId)}
      </span>
      <span className="quiet num">{sayMoment(item.startedAtMs, language)}</span>
      <span className="progress">
        {isRunning && <Progress percent={percent} showInfo={false} size="small" aria-label={w('org.reorganisations')} />}
        <span className="quiet num">{w('org.progress', { done: number(item.doneCount), total: number(item.totalCount) })}</span>
      </span>
    </li>
  );
}

/** Moves and merges, and how far rows have followed; work goes on meanwhile. */
export function Reorganisations() {
  const { w } = useWords();
  const { byId } = useUnits();
  const { data, error, refetch } = useReorganisations();
  // A unit that was merged is no longer in the tree: its code is known still.
  const nameOf = (id: string, code = '…') => byId.get(id)?.name ?? code;
  return (
    <section className="card reorganisations">
      <h2>{w('org.reorganisations')}</h2>
      {error && <ErrorState error={error} retry={() => void refetch()} />}
      {!data && !error && <LoadingState />}
      {data?.items.length === 0 && <p className="quiet">{w('org.reorganisationsNone')}</p>}
      <ul>
        {data?.items.map((item) => (
          <Line key={item.id} item={item} nameOf={nameOf} />
        ))}
      </ul>
    </section>
  );
}
