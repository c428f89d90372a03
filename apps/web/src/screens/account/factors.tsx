import { App, Button, Input, Modal } from 'antd';
import { type FormEvent, useId, useState } from 'react';
import {
  useAddPasskey,
  useConfirmTotp,
  useFactors,
  useMakeRecoveryCodes,
  useRemovePasskey,
  useRemoveTotp,
  useStartTotp,
} from '../../api/access.ts';
import { isRefusal } from '../../api/refusal.ts';
import { Chip } from '../../parts/chip.tsx';
import { sayMoment } from '../../words/dates.ts';
import { useWords } from '../../words/words.tsx';
import { CardState } from './card-state.tsx';
import { ShownOnce } from './once.tsx';
import { QrCode } from './qr.tsx';

function useRefusalText(): (error: unknown) => string | null {
  const { w, code } = useWords();
  return (error) => (error ? (isRefusal(error) ? code(error.code, error.params) : w('factors.unsupported')) : null);
}

function Enrol({ secret, uri, onCodes }: { secret: string; uri: string; onCodes: (codes: string[]) => void }) {
  const { w } = useWords();
  const id = useId();
  const [typed, setTyped] = useState('');
  const confirm = useConfirmTotp();
  const refusal = useRefusalText()(confirm.error);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    confirm.mutate(typed, { onSuccess: ({ recoveryCodes }) => onCodes(recoveryCodes), onSettled: () => setTyped('') });
  };
  return (
    <form className="password-form enrol" onSubmit={submit}>
      <p>{w('factors.scan')}</p>
      <QrCode text={uri} label={w('factors.totp')} />
      <code className="secret">{secret.match(/.{1,4}/g)?.join(' ')}</code>
      <label htmlFor={id}>{w('factors.codeShort')}</label>
      <Input
        id={id}
        inputMode="numeric"
        autoComplete="one-time-code"
        maxLength={6}
        value={typed}
        onChange={(event) => setTyped(event.target.value.replace(/\D/g, ''))}
      />
      {refusal && (
        <p className="refusal" role="alert">
          {refusal}
        </p>
      )}
      <Button type="primary" htmlType="submit" disabled={typed.length !== 6} loading={confirm.isPending}>
        {w('factors.confirm')}
      </Button>
    </form>
  );
}

function Totp({ isOn, codesLeft }: { isOn: boolean; codesLeft: number }) {
  const { w } = useWords();
  const start = useStartTotp();
  const remove = useRemoveTotp();
  const renew = useMakeRecoveryCodes();
  const [codes, setCodes] = useState<string[] | null>(null);
  const begun = !isOn && start.data && !codes ? start.data : null;
  const close = () => {
    setCodes(null);
    start.reset();
  };
  return (
    <div className="factor">
      <div className="factor-head">
        <h3>{w('factors.totp')}</h3>
        <Chip tone={isOn ? 'jade' : 'plain'}>{w(isOn ? 'factors.on' : 'factors.none')}</Chip>
        {isOn && <span className={codesLeft < 3 ? 'low-codes' : 'quiet'}>{w('factors.codesLeft', { count: codesLeft })}</span>}
      </div>
      <div className="acts-row">
        {isOn ? (
          <>
            <Button
              onClick={() => renew.mutate(undefined, { onSuccess: (made) => setCodes(made.recoveryCodes) })}
              loading={renew.isPending}
            >
              {w('factors.renew')}
            </Button>
            <Button danger type="text" onClick={() => remove.mutate(undefined)} loading={remove.isPending}>
              {w('factors.off')}
            </Button>
          </>
        ) : (
          <Button onClick={() => start.mutate(undefined)} loading={start.isPending}>
            {w('factors.begin')}
          </Button>
        )}
      </div>
      <Modal
        open={begun !== null || codes !== null}
        title={w(codes ? 'factors.codes' : 'factors.begin')}
        onCancel={close}
        footer={codes ? <Button onClick={close}>{w('access.done')}</Button> : null}
        width={420}
        destroyOnHidden
      >
        {begun && <Enrol {...begun} onCodes={setCodes} />}
        {codes && (
          <>
            <p>{w('factors.codesHelp')}</p>
            <ShownOnce lines={codes} label={w('factors.codes')} />
          </>
        )}
      </Modal>
    </div>
  );
}

/** Authenticator and passkeys of the one who is signed in. */
export function FactorsCard() {
  const { w, language } = useWords();
  const { message } = App.useApp();
  const { data, error, refetch } = useFactors();
  const add = useAddPasskey();
  const remove = useRemovePasskey();
  const [label, setLabel] = useState('');
  const say = useRefusalText();
  if (!data) return <CardState title={w('factors.title')} error={error} retry={() => void refetch()} />;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    add.mutate(label, { onSuccess: () => setLabel(''), onError: (error) => void message.error(say(error) ?? '') });
  };
  return (
    <section className="card">
      <h2>{w('factors.title')}</h2>
      <p className="quiet">{w('factors.help')}</p>
      <Totp isOn={data.totp} codesLeft={data.recoveryCodesLeft} />
      <div className="factor">
        <div className="factor-head">
          <h3>{w('factors.passkey')}</h3>
          {data.passkeys.length === 0 && <Chip>{w('factors.none')}</Chip>}
        </div>
        <p className="quiet">{w('factors.passkeyHelp')}</p>
        <ul className="lines">
          {data.passkeys.map((key) => (
            <li key={key.id}>
              <span>{key.label}</span>
              {key.usedAtMs !== null && <span className="quiet">{w('factors.used', { at: sayMoment(key.usedAtMs, language) })}</span>}
              <Button type="text" danger size="small" onClick={() => remove.mutate(key.id)}>
                {w('access.remove')}
              </Button>
            </li>
          ))}
        </ul>
        <form className="row-form" onSubmit={submit}>
          <Input
            aria-label={w('factors.label')}
            placeholder={w('access.name')}
            maxLength={60}
            value={label}
            onChange={(event) => setLabel(event.target.value)}
          />
          <Button htmlType="submit" disabled={!label.trim()} loading={add.isPending}>
            {w('factors.add')}
          </Button>
        </form>
      </div>
    </section>
  );
}
