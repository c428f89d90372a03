import { Link, useNavigate } from '@tanstack/react-router';
import { App, Button, Input } from 'antd';
import { useState } from 'react';
import { useMay, useSession } from '../../api/session.ts';
import { type Batch, type Station, useBatches, useClaimStation, useOpenExceptions } from '../../api/stations.ts';
import { Chip } from '../../parts/chip.tsx';
import { PagedList } from '../../parts/paged-list.tsx';
import { useSayRefusal } from '../../parts/refused.tsx';
import { type ScreenTab, ScreenTabs } from '../../parts/screen-tabs.tsx';
import { EmptyState, ErrorState, LoadingState, NoRightState } from '../../parts/states.tsx';
import { sayMoment } from '../../words/dates.ts';
import { useWords } from '../../words/words.tsx';
import '../account/account.css';
import { OwnClaims } from './own-claims.tsx';
import { CONTRACTOR_STATIONS, STATION_ORDER } from './station-order.ts';
import './stations.css';

/** How many dossiers of a batch stand where; a station where some wait is claimed at by its button. */
function StationRow({ batch }: { batch: Batch }) {
  const { w, number } = useWords();
  const { message } = App.useApp();
  const onError = useSayRefusal();
  const navigate = useNavigate();
  const { account } = useSession();
  const claim = useClaimStation();
  const [code, setCode] = useState('');
  const mayAt = (station: Station) => account.role !== 'contractor' || CONTRACTOR_STATIONS.includes(station);
  const take = (station: Station) =>
    claim.mutate(
      { batchId: batch.id, station, dossierCode: code.trim() || null },
      {
        onSuccess: ({ id }) => {
          setCode('');
          void message.success(w('station.claimed'));
          if (station === 'check') void navigate({ to: '/inspections/$claimId', params: { claimId: id } });
        },
        onError,
      },
    );
  const done = batch.standing.filter((s) => s.station === 'done').reduce((n, s) => n + s.dossiers, 0);
  return (
    <>
      <ol className="station-row">
        {STATION_ORDER.map((station) => {
          const here = batch.standing.filter((s) => s.station === station);
          const dossiers = here.reduce((n, s) => n + s.dossiers, 0);
          const waiting = dossiers - here.reduce((n, s) => n + s.claimed, 0);
          return (
            <li key={station} className={dossiers > 0 ? 'some' : 'none'}>
              <span>{w(`station.${station}`)}</span>
              <strong className="num">{number(dossiers)}</strong>
              {waiting > 0 && mayAt(station) && (
                <Button size="small" loading={claim.isPending} onClick={() => take(station)}>
                  {w('station.claim')}
                </Button>
              )}
            </li>
          );
        })}
        <li className={done > 0 ? 'some' : 'none'}>
          <span>{w('station.done')}</span>
          <strong className="num">{number(done)}</strong>
        </li>
      </ol>
      {done < batch.dossiers && (
        <Input
          className="claim-code"
          aria-label={w('station.byCode')}
          placeholder={w('station.byCode')}
          maxLength={120}
          value={code}
          onChange={(event) => setCode(event.target.value)}
        />
      )}
    </>
  );
}

function BatchCard({ batch }: { batch: Batch }) {
  const { w, number } = useWords();
  const { sampling } = batch;
  const sampled = sampling.kind === 'full' ? w('batch.full') : w(`batch.${sampling.kind}`, { size: sampling.size });
  return (
    <li className="batch-card">
      <div className="claim-head">
        <Link to="/stations/$batchId" params={{ batchId: batch.id }} className="num batch-code">
          {batch.code}
        </Link>
        <Chip tone={batch.contractor ? 'blue' : 'plain'}>{batch.contractor?.name ?? w('batch.ownStaff')}</Chip>
        <span className="quiet">
          {w('batch.dossiers', { count: batch.dossiers, number: number(batch.dossiers) })} · {sampled} ·{' '}
          {w('batch.limit', { limit: batch.limitPercent })}
        </span>
      </div>
      <StationRow batch={batch} />
    </li>
  );
}

function Work() {
  const { w } = useWords();
  const { data, error, refetch } = useBatches();
  return (
    <>
      <section>
        <h2>{w('station.inHand')}</h2>
        <OwnClaims />
      </section>
      <section>
        <h2>{w('batch.title')}</h2>
        {error && <ErrorState error={error} retry={() => void refetch()} />}
        {!data && !error && <LoadingState />}
        {data?.items.length === 0 && <EmptyState title={w('batch.none')}>{w('batch.noneHelp')}</EmptyState>}
        <ul className="batches">
          {data?.items.map((batch) => (
            <BatchCard key={batch.id} batch={batch} />
          ))}
        </ul>
      </section>
    </>
  );
}

/** Exception reports of counting that nobody closed, the oldest first. */
function Exceptions() {
  const { w, language } = useWords();
  const list = useOpenExceptions();
  return (
    <PagedList
      list={list}
      className="claims"
      none={<EmptyState title={w('count.noneOpen')}>{w('count.noneOpenHelp')}</EmptyState>}
      line={(e) => (
        <li key={e.id} className="claim-head">
          <Link to="/dossiers/$dossierId" params={{ dossierId: e.dossierId }} className="num">
            {e.dossierCode}
          </Link>
          <Chip tone="cinnabar">{w(`count.${e.kind}`, { count: Math.abs(e.difference) })}</Chip>
          <span className="quiet">{sayMoment(e.openedAtMs, language)}</span>
        </li>
      )}
    />
  );
}

type Tab = 'work' | 'exceptions';

/** Digitisation as stations: what is in one's hand, batches with what waits where, exception reports of counting. */
export function StationsScreen() {
  const { w } = useWords();
  const may = useMay();
  const [tab, setTab] = useState<Tab>('work');
  if (!may('station.work')) return <NoRightState />;
  const work: ScreenTab<Tab> = { key: 'work', label: w('station.tab.work'), children: <Work /> };
  const exceptions: ScreenTab<Tab> = { key: 'exceptions', label: w('count.reports'), children: <Exceptions /> };
  const tabs = may('material.change') ? [work, exceptions] : [work];
  return (
    <div className="screen stations">
      <div className="screen-head">
        <h1>{w('station.title')}</h1>
      </div>
      <ScreenTabs<Tab> label={w('station.title')} tabs={tabs} chosen={tab} choose={(key) => setTab(key)} />
    </div>
  );
}
