import { LeftOutlined } from '@ant-design/icons';
import { Link, useParams } from '@tanstack/react-router';
import { App, Button, Progress, Segmented, Select } from 'antd';
import { useState } from 'react';
import {
  type PropertyCheckSummary,
  type PropertyMoment,
  usePropertyCheck,
  usePropertyChecks,
  useStartCheck,
} from '../../api/properties.ts';
import { useMay } from '../../api/session.ts';
import { useShortcuts } from '../../keys/shortcuts.tsx';
import { useSayRefusal } from '../../parts/refused.tsx';
import { EmptyState, ErrorState, LoadingState, NoRightState } from '../../parts/states.tsx';
import { sayMoment } from '../../words/dates.ts';
import { useWords } from '../../words/words.tsx';
import { useDossier } from '../desk/desk-data.ts';
import '../account/account.css';
import { CheckView } from './check-view.tsx';
import { FilingRuleButton } from './filing-rule.tsx';
import './properties.css';

const MOMENTS = ['filing', 'handover', 'keeping'] as const;

/** Chooses the moment and starts; one at a time of a dossier. */
function StartCheck({ dossierId, isRunning }: { dossierId: string; isRunning: boolean }) {
  const { w, code } = useWords();
  const { message } = App.useApp();
  const onError = useSayRefusal();
  const [moment, setMoment] = useState<PropertyMoment>('filing');
  const start = useStartCheck(dossierId);
  const run = () => start.mutate(moment, { onSuccess: () => void message.success(w('four.started')), onError });
  useShortcuts('keys.four', [{ keys: 's', label: 'four.start', run: () => !isRunning && run() }]);
  return (
    <div className="four-start">
      <Segmented
        aria-label={w('four.moment')}
        value={moment}
        options={MOMENTS.map((value) => ({ value, label: code(`four-report/moment.${value}`) }))}
        onChange={setMoment}
      />
      <Button type="primary" disabled={isRunning} loading={start.isPending} onClick={run}>
        {w('four.start')}
      </Button>
    </div>
  );
}

function Running({ check }: { check: PropertyCheckSummary }) {
  const { w } = useWords();
  const share = check.total ? Math.round((check.done / check.total) * 100) : 0;
  return (
    <section className="card" role="status">
      <p>{check.total ? w('four.running', { done: check.done, total: check.total }) : w('four.waiting')}</p>
      <Progress percent={share} showInfo={false} />
    </section>
  );
}

/** One check of the list, or how far it is. */
function ChosenCheck({ check }: { check: PropertyCheckSummary }) {
  const { w } = useWords();
  const { data, error, refetch } = usePropertyCheck(check);
  if (check.state === 'running') return <Running check={check} />;
  if (!data) return error ? <ErrorState error={error} retry={() => void refetch()} /> : <LoadingState what={w('four.opening')} />;
  return <CheckView key={check.id} check={data} />;
}

/** The four-property checks (四性检测) of a dossier: start one, look at what came of it, answer what only a person can tell. */
export function PropertiesScreen() {
  const { w, code, language } = useWords();
  const { dossierId } = useParams({ from: '/dossiers/$dossierId/properties' });
  const may = useMay();
  const dossier = useDossier(dossierId);
  const { data, error, refetch } = usePropertyChecks(dossierId);
  const [picked, setPicked] = useState<string | null>(null);
  if (!may('dossier.read')) return <NoRightState />;
  if (!data) return error ? <ErrorState error={error} retry={() => void refetch()} /> : <LoadingState what={w('four.opening')} />;
  const [newest] = data.checks;
  const chosen = data.checks.find((c) => c.id === picked) ?? newest;
  return (
    <div className="screen four">
      <div className="screen-head">
        <Link to="/dossiers/$dossierId" params={{ dossierId }} className="back" aria-label={w('four.back')}>
          <LeftOutlined aria-hidden />
        </Link>
        <h1>
          {dossier.data && <span className="song">{dossier.data.name} </span>}
          {w('four.title')}
        </h1>
        {dossier.data && <span className="quiet num stretch">{dossier.data.code}</span>}
        {data.checks.length > 1 && chosen && (
          <Select
            aria-label={w('four.choose')}
            value={chosen.id}
            onChange={setPicked}
            options={data.checks.map((c) => ({
              value: c.id,
              label: `${sayMoment(c.startedAtMs, language)} · ${code(`four-report/moment.${c.moment}`)} · ${code(
                c.verdict ? `four-report/verdict.${c.verdict}` : `four-report/state.${c.state}`,
              )}`,
            }))}
          />
        )}
        <FilingRuleButton mayFile={may('dossier.change')} />
        {may('dossier.change') && <StartCheck dossierId={dossierId} isRunning={newest?.state === 'running'} />}
      </div>
      {chosen ? <ChosenCheck check={chosen} /> : <EmptyState title={w('four.none')}>{w('four.noneHelp')}</EmptyState>}
    </div>
  );
}
