import { useNavigate } from '@tanstack/react-router';
import { App, Button, Modal } from 'antd';
import { useEffect, useState } from 'react';
import { useAccounts } from '../../api/access.ts';
import type { Schemas } from '../../api/client.ts';
import { useActivatePolicy, usePolicyText, useTryPolicy } from '../../api/rights.ts';
import { useMay } from '../../api/session.ts';
import { Chip, type Tone } from '../../parts/chip.tsx';
import { Refused } from '../../parts/refused.tsx';
import { LoadingState } from '../../parts/states.tsx';
import { sayMoment } from '../../words/dates.ts';
import { useWords } from '../../words/words.tsx';
import { PolicyTableView } from './policy-table.tsx';
import { TrialResult } from './trial.tsx';

type Version = Schemas['PolicyVersion'];
const TONE: Readonly<Record<Version['state'], Tone>> = { active: 'jade', draft: 'amber', former: 'plain' };

/** Puts a version in force: first who would gain and lose, then the password. */
function Activate({ version, baseVersion, close }: { version: number; baseVersion: number; close: () => void }) {
  const { w } = useWords();
  const { message } = App.useApp();
  const text = usePolicyText(version);
  const tried = useTryPolicy();
  const activate = useActivatePolicy();
  const yaml = text.data?.yaml;
  const { mutate } = tried;
  useEffect(() => {
    if (yaml !== undefined) mutate(yaml);
  }, [yaml, mutate]);
  const act = () =>
    activate.mutate(
      { version, baseVersion },
      {
        onSuccess: () => {
          void message.success(w('policy.activated'));
          close();
        },
      },
    );
  return (
    <Modal open title={w('policy.activateTitle', { version })} footer={null} width={560} onCancel={close}>
      <p>{w('policy.activateHelp')}</p>
      {tried.data ? <TrialResult trial={tried.data} /> : !tried.error && !text.error && <LoadingState />}
      <Refused error={text.error ?? tried.error ?? activate.error} />
      <div className="acts-row">
        <Button type="primary" disabled={!tried.data} loading={activate.isPending} onClick={act}>
          {w('policy.activate')}
        </Button>
        <Button onClick={close}>{w('act.cancel')}</Button>
      </div>
    </Modal>
  );
}

function View({ version, close }: { version: number; close: () => void }) {
  const { w } = useWords();
  const { data, error } = usePolicyText(version);
  return (
    <Modal open title={w('policy.version', { version })} footer={null} width="min(96vw, 86rem)" onCancel={close}>
      <Refused error={error} />
      {!data && !error && <LoadingState />}
      {data?.table && <PolicyTableView table={data.table} />}
      {data && !data.table && (
        <>
          <p className="refusal">{w('policy.unreadable')}</p>
          <pre className="policy-text">{data.yaml}</pre>
        </>
      )}
    </Modal>
  );
}

/** Every version, the newest first: who wrote it, who put it in force and when. */
export function VersionsTab({ versions }: { versions: readonly Version[] }) {
  const { w, language } = useWords();
  const may = useMay();
  const navigate = useNavigate();
  const accounts = useAccounts();
  const [viewed, setViewed] = useState<number | null>(null);
  const [chosen, setChosen] = useState<number | null>(null);
  const nameOf = (id: string | null) => accounts.data?.items.find((line) => line.id === id)?.name ?? '…';
  const active = versions.find((version) => version.state === 'active')?.version ?? 0;
  return (
    <>
      <ol className="card versions">
        {versions.map((version) => (
          <li key={version.version}>
            <span>
              <strong>{w('policy.version', { version: version.version })}</strong>{' '}
              <Chip tone={TONE[version.state]}>{w(`policy.state.${version.state}`)}</Chip>
            </span>
            <span className="quiet">
              {version.madeAtMs === null
                ? w('policy.program')
                : w('policy.versionMade', { name: nameOf(version.madeBy), at: sayMoment(version.madeAtMs, language) })}
              {version.activatedAtMs !== null && (
                <>
                  <br />
                  {w('policy.versionPut', { name: nameOf(version.activatedBy), at: sayMoment(version.activatedAtMs, language) })}
                </>
              )}
            </span>
            <span className="act">
              <Button onClick={() => setViewed(version.version)}>{w('policy.view')}</Button>
              {may('policy.change') && (
                <>
                  <Button onClick={() => void navigate({ to: '/policy', search: { tab: 'draft', version: version.version } })}>
                    {w('policy.draftFrom', { version: version.version })}
                  </Button>
                  {version.state !== 'active' && (
                    <Button type={version.state === 'draft' ? 'primary' : 'default'} onClick={() => setChosen(version.version)}>
                      {w('policy.activate')}
                    </Button>
                  )}
                </>
              )}
            </span>
          </li>
        ))}
      </ol>
      {viewed !== null && <View version={viewed} close={() => setViewed(null)} />}
      {chosen !== null && <Activate version={chosen} baseVersion={active} close={() => setChosen(null)} />}
    </>
  );
}
