import { App, Button, Modal, Select } from 'antd';
import { type FormEvent, type ReactNode, useId, useState } from 'react';
import { useAccounts } from '../../api/access.ts';
import type { Schemas } from '../../api/client.ts';
import { useDeclareKinship } from '../../api/rights.ts';
import { useMay } from '../../api/session.ts';
import { DossierByCode } from '../../parts/dossier-code.tsx';
import { Refused } from '../../parts/refused.tsx';
import { useWords } from '../../words/words.tsx';
import { DossierPicker } from '../capture/dossier-picker.tsx';

type Relation = Schemas['NewKinship']['relation'];
const RELATIONS: readonly Relation[] = ['spouse', 'parent', 'child', 'sibling', 'other'];

function RelationField({ value, change }: { value: Relation | null; change: (relation: Relation) => void }) {
  const { w } = useWords();
  const id = useId();
  return (
    <>
      <label htmlFor={id}>{w('kinship.relation')}</label>
      <Select
        id={id}
        value={value}
        onChange={change}
        options={RELATIONS.map((relation) => ({ value: relation, label: w(`kinship.relation.${relation}`) }))}
      />
    </>
  );
}

/** Somebody declares their own relation to the subject of a dossier, and sees it no longer. */
export function KinshipDialog(props: { dossierId: string; help?: ReactNode; close: () => void; declared?: () => void }) {
  const { w } = useWords();
  const { message } = App.useApp();
  const [relation, setRelation] = useState<Relation | null>(null);
  const declare = useDeclareKinship();
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!relation) return;
    declare.mutate(
      { dossierId: props.dossierId, relation },
      {
        onSuccess: () => {
          void message.success(w('kinship.declared'));
          props.close();
          props.declared?.();
        },
      },
    );
  };
  return (
    <Modal open title={w('kinship.declareOwn')} footer={null} width={460} onCancel={props.close}>
      <form className="password-form" onSubmit={submit}>
        <p>{props.help ?? w('kinship.declareOwnHelp')}</p>
        <RelationField value={relation} change={setRelation} />
        <Refused error={declare.error} />
        <Button type="primary" danger htmlType="submit" disabled={!relation} loading={declare.isPending}>
          {w('kinship.declare')}
        </Button>
      </form>
    </Modal>
  );
}

/** A dossier, pointed at as this account can: out of the list, or by its code alone. */
function DossierField({ label, value, choose }: { label: string; value: string | null; choose: (id: string | null) => void }) {
  const may = useMay();
  const id = useId();
  if (!may('dossier.list')) return <DossierByCode label={label} choose={choose} />;
  return (
    <>
      <label htmlFor={id}>{label}</label>
      <DossierPicker id={id} value={value ?? undefined} onChange={choose} />
    </>
  );
}

/** The keepers of the register: any relation, of an account or of the person of a dossier. */
export function RegisterKinship({ close }: { close: () => void }) {
  const { w } = useWords();
  const { message } = App.useApp();
  const may = useMay();
  const id = useId();
  const seesAccounts = may('account.manage');
  const accounts = useAccounts(seesAccounts);
  const [accountId, setAccountId] = useState<string | null>(null);
  const [personId, setPersonId] = useState<string | null>(null);
  const [dossierId, setDossierId] = useState<string | null>(null);
  const [relation, setRelation] = useState<Relation | null>(null);
  const declare = useDeclareKinship();
  const isWhole =
    dossierId !== null && relation !== null && (seesAccounts ? accountId !== null : personId !== null && personId !== dossierId);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!dossierId || !relation) return;
    const person = seesAccounts ? { accountId: accountId ?? '' } : { personDossierId: personId ?? '' };
    declare.mutate(
      { ...person, dossierId, relation },
      {
        onSuccess: () => {
          void message.success(w('kinship.declared'));
          close();
        },
      },
    );
  };
  return (
    <Modal open title={w('kinship.declare')} footer={null} width={480} onCancel={close}>
      <form className="password-form" onSubmit={submit}>
        <p className="quiet">{w('kinship.help')}</p>
        {seesAccounts ? (
          <>
            <label htmlFor={id}>{w('kinship.account')}</label>
            <Select
              id={id}
              showSearch={{ optionFilterProp: 'label' }}
              value={accountId}
              onChange={setAccountId}
              options={(accounts.data?.items ?? []).map((line) => ({ value: line.id, label: `${line.name} · ${w(`role.${line.role}`)}` }))}
            />
          </>
        ) : (
          <DossierField label={w('kinship.personDossier')} value={personId} choose={setPersonId} />
        )}
        <RelationField value={relation} change={setRelation} />
        <DossierField label={w('kinship.dossierOf')} value={dossierId} choose={setDossierId} />
        <Refused error={declare.error} />
        <Button type="primary" htmlType="submit" disabled={!isWhole} loading={declare.isPending}>
          {w('kinship.declare')}
        </Button>
      </form>
    </Modal>
  );
}
