import { App, Button, Modal } from 'antd';
import { type FormEvent, useState } from 'react';
import { type AccountLine, useChangeAccount, useEndAccountSessions, useRemoveFactors, useResetPassword } from '../../api/access.ts';
import { isRefusal } from '../../api/refusal.ts';
import { useWords } from '../../words/words.tsx';
import { ShownOnce } from '../account/once.tsx';
import { AccountFields, type Draft, type GivenRole, isOffice, isWhole } from './account-fields.tsx';
import '../account/account.css';

/** The acts on an account beside its rights: each asks for the password again when the server wants it. */
function Acts({ line }: { line: AccountLine }) {
  const { w, code } = useWords();
  const { message } = App.useApp();
  const change = useChangeAccount();
  const reset = useResetPassword();
  const end = useEndAccountSessions();
  const factors = useRemoveFactors();
  const onError = (error: unknown) => void message.error(isRefusal(error) ? code(error.code, error.params) : String(error));
  const toggle = () => change.mutate({ id: line.id, body: { baseVersion: line.version, disabled: !line.disabled } }, { onError });
  if (reset.data) return <ShownOnce lines={[reset.data.password]} label={w('accounts.given', { name: line.name })} />;
  return (
    <div className="account-acts">
      <Button onClick={() => reset.mutate(line.id, { onError })} loading={reset.isPending} disabled={line.disabled}>
        {w('accounts.reset')}
      </Button>
      <Button onClick={() => end.mutate(line.id, { onError })} loading={end.isPending} disabled={line.sessions + line.tokens === 0}>
        {w('accounts.endSessions')}
      </Button>
      {(line.totp || line.passkeys > 0) && (
        <Button onClick={() => factors.mutate(line.id, { onError })} loading={factors.isPending}>
          {w('accounts.removeFactors')}
        </Button>
      )}
      <Button danger={!line.disabled} onClick={toggle} loading={change.isPending}>
        {w(line.disabled ? 'accounts.enable' : 'accounts.disable')}
      </Button>
    </div>
  );
}

/** Role, place, level and state of somebody else's account. */
export function ChangeAccount({ line, close }: { line: AccountLine; close: () => void }) {
  const { w, code } = useWords();
  const change = useChangeAccount();
  const before: Draft = { role: line.role as GivenRole, unitId: line.unitId, levelMax: line.levelMax, holderNumber: '' };
  const [draft, setDraft] = useState(before);
  const isFixed = line.role === 'trial_owner';
  const isChanged = JSON.stringify(draft) !== JSON.stringify(before);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const { role, levelMax, holderNumber } = draft;
    const unitId = isOffice(role) ? null : draft.unitId;
    const body = { baseVersion: line.version, role, unitId, levelMax, ...(holderNumber ? { holderNumber } : {}) };
    change.mutate({ id: line.id, body }, { onSuccess: close });
  };
  return (
    <Modal open title={w('accounts.changeTitle', { name: line.name })} footer={null} width={460} onCancel={close}>
      {!isFixed && (
        <form className="password-form" onSubmit={submit}>
          <AccountFields draft={draft} change={setDraft} />
          {isRefusal(change.error) && (
            <p className="refusal" role="alert">
              {code(change.error.code, change.error.params)}
            </p>
          )}
          <Button type="primary" htmlType="submit" disabled={!isChanged || !isWhole(draft, line.holderKnown)} loading={change.isPending}>
            {w('accounts.save')}
          </Button>
        </form>
      )}
      <Acts line={line} />
    </Modal>
  );
}
