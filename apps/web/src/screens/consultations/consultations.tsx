import { useNavigate, useSearch } from '@tanstack/react-router';
import { Button, Segmented } from 'antd';
import { useEffect, useState } from 'react';
import { useConsultations } from '../../api/rights.ts';
import { useMay, useSession } from '../../api/session.ts';
import { ScreenTabs } from '../../parts/screen-tabs.tsx';
import { EmptyState, ErrorState, LoadingState } from '../../parts/states.tsx';
import { useWords } from '../../words/words.tsx';
import { ConsultationCard } from './consultation-card.tsx';
import { ConsultationForm } from './consultation-form.tsx';
import { shelfOf, stateOf } from './consultation-state.ts';
import { KinshipRegister } from './kinship-register.tsx';
import '../account/account.css';
import '../accounts/accounts.css';
import './consultations.css';

const FILTERS = ['requested', 'live', 'past', 'all'] as const;
const TICK_MS = 20_000;

/** The time, told often enough that somebody whose four hours end is seen to leave. */
function useNowMs(): number {
  const [nowMs, setNowMs] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNowMs(Date.now()), TICK_MS);
    return () => clearInterval(timer);
  }, []);
  return nowMs;
}

function ConsultationList() {
  const { w } = useWords();
  const may = useMay();
  const navigate = useNavigate();
  const { account } = useSession();
  const { dossierId } = useSearch({ from: '/consultations' });
  const { data, error, refetch, dataUpdatedAt } = useConsultations();
  const tickMs = useNowMs();
  const [chosen, setChosen] = useState<(typeof FILTERS)[number] | null>(null);
  const [making, setMaking] = useState(dossierId !== undefined && may('grant.ask'));
  if (error) return <ErrorState error={error} retry={() => void refetch()} />;
  if (!data) return <LoadingState />;
  // What was just answered is never judged by a moment before it.
  const nowMs = Math.max(tickMs, dataUpdatedAt);
  const shelves = data.items.map((item) => shelfOf(stateOf(item, nowMs)));
  // Whoever has something to decide sees that first; nothing chosen means what matters now.
  const filter = chosen ?? (data.items.some((item) => item.mayDecide) ? 'requested' : 'live');
  const shown = data.items.filter((_, at) => filter === 'all' || shelves[at] === filter);
  const make = may('grant.ask') && (
    <Button type="primary" onClick={() => setMaking(true)}>
      {w('consult.new')}
    </Button>
  );
  const isReader = account.role === 'reader';
  return (
    <>
      {data.items.length > 0 && (
        <div className="screen-head">
          <Segmented
            value={filter}
            options={FILTERS.map((value) => ({
              value,
              label: w(`consult.filter.${value}`, { count: shelves.filter((shelf) => value === 'all' || shelf === value).length }),
            }))}
            onChange={setChosen}
          />
          <div className="stretch" />
          {make}
        </div>
      )}
      {data.items.length > 0 && <p className="quiet">{w(isReader ? 'consult.helpReader' : 'consult.help')}</p>}
      {shown.length === 0 && (
        <EmptyState title={w(isReader ? 'consult.noneReader' : 'consult.none')} actions={data.items.length === 0 ? make : null}>
          {w(isReader ? 'consult.noneReaderHelp' : may('grant.ask') ? 'consult.noneHelp' : 'consult.noneKeeperHelp')}
        </EmptyState>
      )}
      <ul className="consultations">
        {shown.map((item) => (
          <ConsultationCard key={item.id} consultation={item} nowMs={nowMs} />
        ))}
      </ul>
      {making && (
        <ConsultationForm
          dossierId={dossierId}
          close={() => {
            setMaking(false);
            if (dossierId) void navigate({ to: '/consultations' });
          }}
        />
      )}
    </>
  );
}

/** Consultations: for readers those named to them, for archivists all of the fonds; and the kinship register beside them. */
export function ConsultationsScreen() {
  const { w } = useWords();
  const may = useMay();
  const navigate = useNavigate();
  const { tab } = useSearch({ from: '/consultations' });
  if (!may('kinship.declare'))
    return (
      <div className="screen">
        <h1>{w('consult.title')}</h1>
        <ConsultationList />
      </div>
    );
  return (
    <div className="screen">
      <h1>{w('nav.consultations')}</h1>
      <ScreenTabs
        label={w('nav.consultations')}
        chosen={tab ?? 'consultations'}
        choose={(key) => void navigate({ to: '/consultations', search: key === 'kinship' ? { tab: 'kinship' } : {} })}
        tabs={[
          { key: 'consultations', label: w('consult.title'), children: <ConsultationList /> },
          { key: 'kinship', label: w('kinship.title'), children: <KinshipRegister /> },
        ]}
      />
    </div>
  );
}
