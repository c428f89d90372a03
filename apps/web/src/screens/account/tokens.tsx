import { Button, Input, Modal, Select } from 'antd';
import { type FormEvent, useId, useState } from 'react';
import { useMakeToken, useRevokeToken, useTokens } from '../../api/access.ts';
import { isRefusal } from '../../api/refusal.ts';
import { type Right, useSession } from '../../api/session.ts';
import { Chip } from '../../parts/chip.tsx';
import { useSayRefusal } from '../../parts/refused.tsx';
import { sayDay } from '../../words/dates.ts';
import { useWords } from '../../words/words.tsx';
import { CardState } from './card-state.tsx';
import { ShownOnce } from './once.tsx';

const DAYS = [7, 30, 90, 365];

function MakeToken({ close }: { close: () => void }) {
  const { w, code } = useWords();
  const { rights } = useSession();
  const ids = { label: useId(), scopes: useId(), days: useId() };
  const [label, setLabel] = useState('');
  const [scopes, setScopes] = useState<Right[]>([]);
  const [days, setDays] = useState(30);
  const make = useMakeToken();
  if (make.data)
    return (
      <>
        <ShownOnce lines={[make.data.token]} label={w('tokens.title')} />
        <Button onClick={close}>{w('access.done')}</Button>
      </>
    );
  const submit = (event: FormEvent) => {
    event.preventDefault();
    make.mutate({ label, scopes, days });
  };
  return (
    <form className="password-form" onSubmit={submit}>
      <label htmlFor={ids.label}>{w('access.name')}</label>
      <Input id={ids.label} maxLength={60} value={label} onChange={(event) => setLabel(event.target.value)} />
      <label htmlFor={ids.scopes}>{w('tokens.scopes')}</label>
      <Select
        id={ids.scopes}
        mode="multiple"
        value={scopes}
        onChange={setScopes}
        notFoundContent={w('tokens.noScope')}
        showSearch={{ optionFilterProp: 'label' }}
        options={rights.map((right) => ({ value: right, label: w(`action.${right}`) }))}
      />
      <label htmlFor={ids.days}>{w('tokens.days')}</label>
      <Select
        id={ids.days}
        value={days}
        onChange={setDays}
        options={DAYS.map((count) => ({ value: count, label: w('tokens.daysValue', { count }) }))}
      />
      {isRefusal(make.error) && (
        <p className="refusal" role="alert">
          {code(make.error.code, make.error.params)}
        </p>
      )}
      <Button type="primary" htmlType="submit" disabled={!label.trim() || scopes.length === 0} loading={make.isPending}>
        {w('tokens.make')}
      </Button>
    </form>
  );
}

/** Tokens for programs: made, shown once, revoked. */
export function TokensCard() {
  const { w, language } = useWords();
  const { data, error, refetch } = useTokens();
  const revoke = useRevokeToken();
  const onError = useSayRefusal();
  const [making, setMaking] = useState(false);
  if (!data) return <CardState title={w('tokens.title')} error={error} retry={() => void refetch()} />;
  return (
    <section className="card">
      <h2>{w('tokens.title')}</h2>
      <p className="quiet">{w('tokens.help')}</p>
      {data.items.length === 0 && <p className="quiet">{w('tokens.none')}</p>}
      <ul className="lines">
        {data.items.map((item) => (
          <li key={item.id}>
            <span>{item.label}</span>
            <span className="quiet">
              {item.scopes.map((scope) => w(`action.${scope}`)).join(w('list.comma'))} ·{' '}
              {w('tokens.until', { at: sayDay(item.expiresAtMs, language) })}
            </span>
            {item.revokedAtMs === null ? (
              <Button type="text" danger size="small" onClick={() => revoke.mutate(item.id, { onError })}>
                {w('tokens.revoke')}
              </Button>
            ) : (
              <Chip>{w('tokens.revoked')}</Chip>
            )}
          </li>
        ))}
      </ul>
      <Button onClick={() => setMaking(true)}>{w('tokens.make')}</Button>
      <Modal open={making} title={w('tokens.make')} footer={null} width={460} onCancel={() => setMaking(false)} destroyOnHidden>
        <MakeToken close={() => setMaking(false)} />
      </Modal>
    </section>
  );
}
