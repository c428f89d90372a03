import { App, Button, Input, Modal, Segmented } from 'antd';
import { type FormEvent, useId, useState } from 'react';
import { type AlterationHint, useAnswerHint } from '../../api/key-facts.ts';
import { Refused } from '../../parts/refused.tsx';
import { useWords } from '../../words/words.tsx';

type Answer = 'no_concern' | 'concern';
const ANSWERS: readonly Answer[] = ['no_concern', 'concern'];

/** Says what a person saw at a hint: without concern, or with one, which marks the record as altered. */
export function HintDialog({ dossierId, hint, close }: { dossierId: string; hint: AlterationHint; close: () => void }) {
  const { w, code } = useWords();
  const { message } = App.useApp();
  const id = useId();
  const [answer, setAnswer] = useState<Answer>(hint.state === 'concern' ? 'concern' : 'no_concern');
  const [reason, setReason] = useState('');
  const send = useAnswerHint(dossierId);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    send.mutate(
      { id: hint.id, answer, reason },
      {
        onSuccess: () => {
          void message.success(w('keyFact.hint.saved'));
          close();
        },
      },
    );
  };
  return (
    <Modal open title={w('keyFact.hint.dialog', { what: code(`hint/${hint.code}`) })} footer={null} width={480} onCancel={close}>
      <form className="password-form" onSubmit={submit}>
        <Segmented
          value={answer}
          options={ANSWERS.map((value) => ({ value, label: w(`keyFact.hint.answer.${value}`) }))}
          onChange={setAnswer}
        />
        <label htmlFor={id}>{w('keyFact.hint.reason')}</label>
        <Input.TextArea
          id={id}
          maxLength={500}
          autoSize={{ minRows: 2, maxRows: 6 }}
          value={reason}
          onChange={(event) => setReason(event.target.value)}
        />
        <p className="quiet">{w('keyFact.hint.help')}</p>
        <Refused error={send.error} />
        <Button type="primary" htmlType="submit" disabled={reason.trim() === ''} loading={send.isPending}>
          {w('keyFact.hint.save')}
        </Button>
      </form>
    </Modal>
  );
}
