import { Button, Input, Modal } from 'antd';
import { type FormEvent, useId, useState } from 'react';
import { useCreateAccount } from '../../api/access.ts';
import { isRefusal } from '../../api/refusal.ts';
import { useWords } from '../../words/words.tsx';
import { ShownOnce } from '../account/once.tsx';
import { AccountFields, type Draft, isOffice, isWhole } from './account-fields.tsx';
import '../account/account.css';

/** A new account: its first password is shown once and must be changed by its owner. */
export function CreateAccount({ close }: { close: () => void }) {
  const { w, code } = useWords();
  const id = useId();
  const [name, setName] = useState('');
  const [draft, setDraft] = useState<Draft>({ role: 'archivist', unitId: null, levelMax: 1, holderNumber: '' });
  const create = useCreateAccount();
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const { role, levelMax, holderNumber } = draft;
    const unitId = isOffice(role) ? null : draft.unitId;
    create.mutate({ name, role, fondsId: null, unitId, levelMax, ...(holderNumber ? { holderNumber } : {}) });
  };
  const given = create.data;
  const givenTitle = given && w('accounts.given', { name: given.account.name });
  return (
    <Modal open title={givenTitle ?? w('accounts.new')} footer={null} width={460} onCancel={close}>
      {given ? (
        <>
          <ShownOnce lines={[given.password]} label={givenTitle ?? ''} />
          <p className="quiet">{w('accounts.givenHelp')}</p>
          <Button type="primary" onClick={close}>
            {w('access.done')}
          </Button>
        </>
      ) : (
        <form className="password-form" onSubmit={submit}>
          <label htmlFor={id}>{w('signIn.name')}</label>
          <Input id={id} autoComplete="off" maxLength={60} value={name} onChange={(event) => setName(event.target.value)} />
          <AccountFields draft={draft} change={setDraft} />
          {isRefusal(create.error) && (
            <p className="refusal" role="alert">
              {code(create.error.code, create.error.params)}
            </p>
          )}
          <Button type="primary" htmlType="submit" disabled={!name.trim() || !isWhole(draft, false)} loading={create.isPending}>
            {w('accounts.new')}
          </Button>
        </form>
      )}
    </Modal>
  );
}
