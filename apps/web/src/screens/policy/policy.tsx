import { useNavigate, useSearch } from '@tanstack/react-router';
import { usePolicies, usePolicyText } from '../../api/rights.ts';
import { useMay } from '../../api/session.ts';
import { POLICY_TABS } from '../../filters.ts';
import { ScreenTabs } from '../../parts/screen-tabs.tsx';
import { ErrorState, LoadingState, NoRightState } from '../../parts/states.tsx';
import { sayMoment } from '../../words/dates.ts';
import { useWords } from '../../words/words.tsx';
import { DraftTab } from './draft.tsx';
import { PolicyTableView } from './policy-table.tsx';
import { VersionsTab } from './versions.tsx';
import { WhyForm } from './why-form.tsx';
import '../account/account.css';
import './policy.css';

function InForce({ version, atMs }: { version: number; atMs: number | null }) {
  const { w, language } = useWords();
  const { data, error, refetch } = usePolicyText(version);
  if (error) return <ErrorState error={error} retry={() => void refetch()} />;
  if (!data) return <LoadingState />;
  return (
    <>
      <h2>
        {data.table?.name[language] ?? w('policy.version', { version })}{' '}
        <span className="quiet">
          {w('policy.version', { version })} · {atMs === null ? w('policy.program') : sayMoment(atMs, language)}
        </span>
      </h2>
      {data.table ? <PolicyTableView table={data.table} /> : <pre className="policy-text">{data.yaml}</pre>}
    </>
  );
}

function Policy() {
  const { w } = useWords();
  const navigate = useNavigate();
  const search = useSearch({ from: '/policy' });
  const { data, error, refetch } = usePolicies();
  if (error) return <ErrorState error={error} retry={() => void refetch()} />;
  if (!data) return <LoadingState />;
  const active = data.items.find((version) => version.state === 'active');
  const inForce = active?.version ?? 0;
  const content = {
    table: <InForce version={inForce} atMs={active?.activatedAtMs ?? null} />,
    draft: <DraftTab version={search.version ?? inForce} />,
    explain: <WhyForm />,
    versions: <VersionsTab versions={data.items} />,
  };
  return (
    <ScreenTabs
      label={w('policy.title')}
      chosen={search.tab}
      choose={(tab) => void navigate({ to: '/policy', search: tab === 'table' ? {} : { tab } })}
      tabs={POLICY_TABS.map((key) => ({ key, label: w(`policy.tab.${key}`), children: content[key] }))}
    />
  );
}

/** The policy in force as a table, drafts, why somebody may or may not, and all versions. */
export function PolicyScreen() {
  const { w } = useWords();
  const may = useMay();
  if (!may('policy.read')) return <NoRightState />;
  return (
    <div className="screen">
      <h1>{w('policy.title')}</h1>
      <Policy />
    </div>
  );
}
