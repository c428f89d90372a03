import { App, Button, Input, Modal, Segmented } from 'antd';
import { type FormEvent, useId, useState } from 'react';
import { type PropertyCheck, type PropertyItem, useAnswerItem } from '../../api/properties.ts';
import { Refused } from '../../parts/refused.tsx';
import { useWords } from '../../words/words.tsx';

const WAYS = ['pass', 'fail', 'skipped'] as const;

/** What a person saw of an item that no machine can tell. */
export function AnswerDialog({ check, item, close }: { check: PropertyCheck; item: PropertyItem; close: () => void }) {
  const { w, language } = useWords();
  const { message } = App.useApp();
  const id = useId();
  const [result, setResult] = useState<(typeof WAYS)[number]>('pass');
  const [words, setWords] = useState('');
  const act = useAnswerItem(check);
  const send = (event: FormEvent) => {
    event.preventDefault();
    act.mutate(
      { item: item.code, result, words },
      {
        onSuccess: () => {
          void message.success(w('four.answered'));
          close();
        },
      },
    );
  };
  return (
    <Modal open title={w('four.answerTitle', { code: item.code })} footer={null} width={520} onCancel={close}>
      <form className="password-form" onSubmit={send}>
        <p>{item.name[language]}</p>
        <Segmented value={result} options={WAYS.map((value) => ({ value, label: w(`four.way.${value}`) }))} onChange={setResult} />
        <label htmlFor={id}>{w('four.words')}</label>
        <Input.TextArea
          id={id}
          maxLength={1000}
          autoSize={{ minRows: 2, maxRows: 8 }}
          value={words}
          onChange={(event) => setWords(event.target.value)}
        />
        <p className="quiet">{w('four.answerHelp')}</p>
        <Refused error={act.error} />
        <Button type="primary" htmlType="submit" disabled={words.trim() === ''} loading={act.isPending}>
          {w('four.act')}
        </Button>
      </form>
    </Modal>
  );
}
