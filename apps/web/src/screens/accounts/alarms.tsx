import { Button, Input, Modal } from 'antd';
import { type FormEvent, useId, useState } from 'react';
import { type UseAlarm, useDecideUseAlarm, useUseAlarms } from '../../api/access.ts';
import { isRefusal } from '../../api/refusal.ts';
import { Chip } from '../../parts/chip.tsx';
import { EmptyState, ErrorState, LoadingState } from '../../parts/states.tsx';
import { sayMoment } from '../../words/dates.ts';
import { useWords, type WordKey } from '../../words/words.tsx';
import '../account/account.css';

const TONE = { warned: 'amber', slowed: 'amber', stopped: 'cinnabar' } as const;
const REASON_CHARS_MIN = 4;

/** Release or keep, with a reason that auditors read. */
function Decide({ alarm, close }: { alarm: UseAlarm; close: () => void }) {
  const { w, code } = useWords();
  const decide = useDecideUseAlarm();
  const [reason, setReason] = useState('');
  const id = useId();
  const isWhole = reason.trim().length >= REASON_CHARS_MIN;
  const send = (decision: 'released' | 'kept') =>
    decide.mutate({ id: alarm.id, body: { decision, reason: reason.trim() } }, { onSuccess: close });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (isWhole) send('released');
  };
  return (
    <Modal open title={w('alarms.decideTitle', { name: alarm.account.name })} footer={null} width={460} onCancel={close}>
      <form className="password-form" onSubmit={submit}>
        <label htmlFor={id}>{w('alarms.reason')}</label>
        <Input.TextArea id={id} rows={3} maxLength={500} value={reason} onChange={(event) => setReason(event.target.value)} autoFocus />
        {isRefusal(decide.error) && (
          <p className="refusal" role="alert">
            {code(decide.error.code, decide.error.params)}
          </p>
        )}
        <div className="account-acts">
          <Button type="primary" htmlType="submit" disabled={!isWhole} loading={decide.isPending}>
            {w('alarms.release')}
          </Button>
          {alarm.level === 'stopped' && alarm.decision === null && (
            <Button danger disabled={!isWhole} loading={decide.isPending} onClick={() => send('kept')}>
              {w('alarms.keep')}
            </Button>
          )}
        </div>
      </form>
    </Modal>
  );
}

function AlarmLine({ alarm, decide }: { alarm: UseAlarm; decide: () => void }) {
  const { w, language } = useWords();
  const holds = alarm.decision !== 'released' && (alarm.endsAtMs === null || alarm.endsAtMs > Date.now());
  return (
    <li className={holds ? 'account-line' : 'account-line off'}>
      <div className="who">
        <strong className="song">{alarm.account.name}</strong>
        <span className="quiet">{sayMoment(alarm.raisedAtMs, language)}</span>
      </div>
      <div className="where quiet">{alarm.reasons.map((reason) => w(`alarms.reason.${reason}` as WordKey)).join(' · ')}</div>
      <div className="when quiet">{w('alarms.points', { points: alarm.points })}</div>
      <div className="states">
        <Chip {...(holds ? { tone: TONE[alarm.level] } : {})}>{w(`alarms.level.${alarm.level}` as WordKey)}</Chip>
        {alarm.decision && <Chip>{w(`alarms.decision.${alarm.decision}` as WordKey)}</Chip>}
      </div>
      <div className="act">
        {alarm.isOwn ? <Chip tone="blue">{w('accounts.own')}</Chip> : holds && <Button onClick={decide}>{w('alarms.decide')}</Button>}
      </div>
    </li>
  );
}

/** What the watch over use has raised, those that hold first. */
export function AlarmList() {
  const { w } = useWords();
  const { data, error, refetch } = useUseAlarms();
  const [deciding, setDeciding] = useState<string | null>(null);
  if (error) return <ErrorState error={error} retry={() => void refetch()} />;
  if (!data) return <LoadingState />;
  if (data.items.length === 0) return <EmptyState title={w('alarms.none')}>{w('alarms.help')}</EmptyState>;
  const alarm = data.items.find((item) => item.id === deciding);
  return (
    <>
      <p className="quiet">{w('alarms.help')}</p>
      <ul className="account-list card">
        {data.items.map((item) => (
          <AlarmLine key={item.id} alarm={item} decide={() => setDeciding(item.id)} />
        ))}
      </ul>
      {alarm && <Decide key={alarm.id} alarm={alarm} close={() => setDeciding(null)} />}
    </>
  );
}
