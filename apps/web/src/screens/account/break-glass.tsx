import { Button, Input, Modal, Select } from 'antd';
import { type FormEvent, useId, useState } from 'react';
import { useAskBreakGlass, useBreakGlass } from '../../api/access.ts';
import { isRefusal } from '../../api/refusal.ts';
import { useWords } from '../../words/words.tsx';

const MINUTES = [15, 30, 60, 120];
const REASON_MIN = 8;

function AskForm({ close }: { close: () => void }) {
  const { w, code } = useWords();
  const ids = { reason: useId(), minutes: useId() };
  const [reason, setReason] = useState('');
  const [minutes, setMinutes] = useState(30);
  const ask = useAskBreakGlass();
  const submit = (event: FormEvent) => {
    event.preventDefault();
    ask.mutate({ reason, minutes }, { onSuccess: close });
  };
  return (
    <form className="password-form" onSubmit={submit}>
      <p className="quiet">{w('breakGlass.help')}</p>
      <label htmlFor={ids.reason}>{w('breakGlass.reason')}</label>
      <Input.TextArea id={ids.reason} rows={3} maxLength={500} value={reason} onChange={(event) => setReason(event.target.value)} />
      <p className="quiet">{w('breakGlass.reasonHelp')}</p>
      <label htmlFor={ids.minutes}>{w('breakGlass.minutes')}</label>
      <Select
        id={ids.minutes}
        value={minutes}
        onChange={setMinutes}
        options={MINUTES.map((count) => ({ value: count, label: w('breakGlass.minutesValue', { count }) }))}
      />
      {isRefusal(ask.error) && (
        <p className="refusal" role="alert">
          {code(ask.error.code, ask.error.params)}
        </p>
      )}
      <Button type="primary" danger htmlType="submit" disabled={reason.trim().length < REASON_MIN} loading={ask.isPending}>
        {w('breakGlass.ask')}
      </Button>
    </form>
  );
}

/** Emergency access, for those who do archive business. */
export function BreakGlassCard() {
  const { w } = useWords();
  const { data } = useBreakGlass();
  const [asking, setAsking] = useState(false);
  if (!data?.mayAsk) return null;
  const own = data.items.find((item) => item.isOwn && item.state !== 'over');
  return (
    <section className="card">
      <h2>{w('breakGlass.title')}</h2>
      <p className="quiet">{w(own?.state === 'asked' ? 'breakGlass.waiting' : 'breakGlass.help')}</p>
      <Button danger disabled={own !== undefined} onClick={() => setAsking(true)}>
        {w('breakGlass.ask')}
      </Button>
      <Modal open={asking} title={w('breakGlass.title')} footer={null} width={460} onCancel={() => setAsking(false)} destroyOnHidden>
        <AskForm close={() => setAsking(false)} />
      </Modal>
    </section>
  );
}
