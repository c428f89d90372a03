import { App, Button, Input, Modal, Segmented } from 'antd';
import { type FormEvent, useId, useState } from 'react';
import { type Assertion, type KeyFactCode, useMarkAssertion } from '../../api/key-facts.ts';
import { Refused } from '../../parts/refused.tsx';
import { useWords } from '../../words/words.tsx';

type Way = 'altered' | 'doubted' | 'none';

/** Marks what a material says as altered or doubted, or lifts the mark: a flag for persons, never a verdict. */
export function MarkDialog({
  dossierId,
  fact,
  assertion,
  close,
}: {
  dossierId: string;
  fact: KeyFactCode;
  assertion: Assertion;
  close: () => void;
}) {
  const { w } = useWords();
  const { message } = App.useApp();
  const id = useId();
  const [way, setWay] = useState<Way>(assertion.mark?.kind ?? 'altered');
  const [reason, setReason] = useState('');
  const mark = useMarkAssertion(dossierId);
  const ways: readonly Way[] = assertion.mark ? ['altered', 'doubted', 'none'] : ['altered', 'doubted'];
  const send = (event: FormEvent) => {
    event.preventDefault();
    mark.mutate(
      { materialId: assertion.materialId, fact, mark: way === 'none' ? null : way, reason },
      {
        onSuccess: () => {
          void message.success(w('keyFact.marked'));
          close();
        },
      },
    );
  };
  return (
    <Modal open title={w('keyFact.markTitle', { value: assertion.value ?? assertion.written })} footer={null} width={480} onCancel={close}>
      <form className="password-form" onSubmit={send}>
        <Segmented value={way} options={ways.map((value) => ({ value, label: w(`keyFact.mark.${value}`) }))} onChange={setWay} />
        <label htmlFor={id}>{w('keyFact.markReason')}</label>
        <Input.TextArea
          id={id}
          maxLength={500}
          autoSize={{ minRows: 2, maxRows: 6 }}
          value={reason}
          onChange={(event) => setReason(event.target.value)}
        />
        <p className="quiet">{w('keyFact.markHelp')}</p>
        <Refused error={mark.error} />
        <Button type="primary" htmlType="submit" disabled={way !== 'none' && reason.trim() === ''} loading={mark.isPending}>
          {w('keyFact.markSave')}
        </Button>
      </form>
    </Modal>
  );
}
