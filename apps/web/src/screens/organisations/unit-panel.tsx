import { Button } from 'antd';
import { useState } from 'react';
import { useUnits } from '../../api/house.ts';
import { useUnitView } from '../../api/rights.ts';
import { ErrorState, LoadingState } from '../../parts/states.tsx';
import { useWords } from '../../words/words.tsx';
import { PlanDialog } from './plan-dialog.tsx';
import type { TreeRow } from './tree-rows.ts';
import { AddUnit } from './unit-forms.tsx';

function Numbers({ unitId, below }: { unitId: string; below: number }) {
  const { w, number } = useWords();
  const { data, error, refetch } = useUnitView(unitId);
  if (error) return <ErrorState error={error} retry={() => void refetch()} />;
  if (!data) return <LoadingState />;
  return (
    <>
      <dl className="unit-numbers">
        <div>
          <dt>{w('org.dossiers')}</dt>
          <dd className="num">{number(data.dossiers)}</dd>
        </div>
        <div>
          <dt>{w('org.dossiersBelow')}</dt>
          <dd className="num">{number(data.dossiersBelow)}</dd>
        </div>
      </dl>
      <p className="quiet">{w('org.below', { count: below })}</p>
      <h3>{w('org.posts')}</h3>
      {data.posts.length === 0 && <p className="quiet">{w('org.postsNone')}</p>}
      <ul className="unit-posts">
        {data.posts.map(({ role, count }) => (
          <li key={role}>
            <span>{w(`role.${role}`)}</span> <span className="num">{number(count)}</span>
          </li>
        ))}
      </ul>
      {data.merged.length > 0 && (
        <>
          <h3>{w('org.merged')}</h3>
          <ul className="unit-posts">
            {data.merged.map(({ code, name }) => (
              <li key={code}>
                <span>{name || code}</span> <span className="quiet num">{code}</span>
              </li>
            ))}
          </ul>
        </>
      )}
    </>
  );
}

/** One unit: what it holds, and what can be done with it. */
export function UnitPanel({ row, rows, choose }: { row: TreeRow; rows: readonly TreeRow[]; choose: (id: string) => void }) {
  const { w } = useWords();
  const { pathOf } = useUnits();
  const [act, setAct] = useState<'add' | 'move' | 'merge' | 'split' | null>(null);
  const below = rows.filter((other) => other.parentRowId === row.id).length;
  const canSplit = rows.some((other) => other.parentRowId === row.id && !other.isRoot);
  return (
    <section className="card unit-panel" aria-labelledby="unit-name">
      <p className="quiet">{row.isRoot ? w('org.fonds', { code: row.code }) : pathOf(row.id)}</p>
      <h2 id="unit-name">
        {row.name} <span className="quiet num">{row.code}</span>
      </h2>
      <Numbers unitId={row.id} below={below} />
      <div className="account-acts">
        <Button type="primary" onClick={() => setAct('add')}>
          {w('org.add')}
        </Button>
        {!row.isRoot && (
          <>
            <Button onClick={() => setAct('move')}>{w('org.move')}</Button>
            <Button onClick={() => setAct('merge')}>{w('org.merge')}</Button>
            <Button disabled={!canSplit} onClick={() => setAct('split')}>
              {w('org.split')}
            </Button>
          </>
        )}
      </div>
      {row.isRoot && <p className="quiet">{w('org.root')}</p>}
      {act === 'add' && (
        <AddUnit
          above={row}
          close={(madeId) => {
            setAct(null);
            if (madeId) choose(madeId);
          }}
        />
      )}
      {act !== null && act !== 'add' && <PlanDialog kind={act} row={row} rows={rows} close={() => setAct(null)} />}
    </section>
  );
}
