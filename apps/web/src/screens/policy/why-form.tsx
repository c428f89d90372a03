import { Button, Modal, Select } from 'antd';
import { type FormEvent, useId, useState } from 'react';
import { useAccounts } from '../../api/access.ts';
import { CONSULTATION_PURPOSES, currentPurpose, DAILY_PURPOSES, type Purpose, type Schemas } from '../../api/client.ts';
import { useExplain } from '../../api/rights.ts';
import { DossierByCode } from '../../parts/dossier-code.tsx';
import { Refused } from '../../parts/refused.tsx';
import { useWords } from '../../words/words.tsx';
import { ExplanationView } from './explanation.tsx';
import '../account/account.css';
import './policy.css';

type Action = Schemas['AccessQuestion']['action'];
/** What people ask of a dossier; the rest is the house's own business. */
const ASKED: readonly Action[] = [
  'page.view',
  'dossier.list',
  'search',
  'page.print',
  'page.copy',
  'page.download',
  'dossier.export',
  'dossier.change',
  'material.change',
  'grant.ask',
  'grant.make',
];

function ActionField({ value, change }: { value: Action; change: (action: Action) => void }) {
  const { w } = useWords();
  const id = useId();
  return (
    <>
      <label htmlFor={id}>{w('why.action')}</label>
      <Select id={id} value={value} onChange={change} options={ASKED.map((action) => ({ value: action, label: w(`action.${action}`) }))} />
    </>
  );
}

/** Of any account and any dossier, for whoever keeps the policy. */
export function WhyForm() {
  const { w } = useWords();
  const accounts = useAccounts();
  const ids = { account: useId(), purpose: useId() };
  const [accountId, setAccountId] = useState<string | null>(null);
  const [dossierId, setDossierId] = useState<string | null>(null);
  const [action, setAction] = useState<Action>('page.view');
  const [purpose, setPurpose] = useState<Purpose>('archive_work');
  const ask = useExplain();
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (accountId && dossierId) ask.mutate({ accountId, dossierId, action, purpose });
  };
  const change =
    <T,>(set: (value: T) => void) =>
    (value: T) => {
      ask.reset();
      set(value);
    };
  return (
    <div className="why-grid">
      <form className="card password-form" onSubmit={submit}>
        <p className="quiet">{w('why.help')}</p>
        <label htmlFor={ids.account}>{w('why.account')}</label>
        <Select
          id={ids.account}
          showSearch={{ optionFilterProp: 'label' }}
          loading={accounts.isPending}
          value={accountId}
          onChange={change(setAccountId)}
          options={(accounts.data?.items ?? [])
            .filter((line) => !line.disabled)
            .map((line) => ({ value: line.id, label: `${line.name} · ${w(`role.${line.role}`)}` }))}
        />
        <DossierByCode label={w('why.dossier')} choose={change(setDossierId)} />
        <ActionField value={action} change={change(setAction)} />
        <label htmlFor={ids.purpose}>{w('why.purpose')}</label>
        <Select
          id={ids.purpose}
          value={purpose}
          onChange={change(setPurpose)}
          options={[...new Set<Purpose>([...DAILY_PURPOSES, ...CONSULTATION_PURPOSES])].map((value) => ({
            value,
            label: w(`purpose.${value}`),
          }))}
        />
        <Refused error={accounts.error ?? ask.error} />
        <Button type="primary" htmlType="submit" disabled={!accountId || !dossierId} loading={ask.isPending}>
          {w('why.ask')}
        </Button>
      </form>
      <div className="card why-answer">
        {ask.data ? <ExplanationView explanation={ask.data} /> : <p className="quiet">{w('why.waiting')}</p>}
      </div>
    </div>
  );
}

/** Of the own account and the dossier that is open. */
export function WhyDialog({ dossierId, close }: { dossierId: string; close: () => void }) {
  const { w } = useWords();
  const [action, setAction] = useState<Action>('page.view');
  const ask = useExplain();
  const submit = (event: FormEvent) => {
    event.preventDefault();
    ask.mutate({ dossierId, action, purpose: currentPurpose() });
  };
  return (
    <Modal open title={w('why.title')} footer={null} width={520} onCancel={close}>
      <form className="password-form" onSubmit={submit}>
        <p className="quiet">{w('why.help')}</p>
        <ActionField
          value={action}
          change={(next) => {
            ask.reset();
            setAction(next);
          }}
        />
        <Refused error={ask.error} />
        <Button type="primary" htmlType="submit" loading={ask.isPending}>
          {w('why.ask')}
        </Button>
      </form>
      {ask.data && <ExplanationView explanation={ask.data} />}
    </Modal>
  );
}
