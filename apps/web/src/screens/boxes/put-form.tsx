import { App, Button, Input, InputNumber, type InputRef, Modal } from 'antd';
import { type FormEvent, useId, useRef, useState } from 'react';
import { useFindBox, usePutIntoBox } from '../../api/boxes.ts';
import { useShortcuts } from '../../keys/shortcuts.tsx';
import { KeyHint } from '../../parts/key-cap.tsx';
import { Refused } from '../../parts/refused.tsx';
import { useWords } from '../../words/words.tsx';
import '../account/account.css';

/** Puts dossiers into a box one after the other: a scanner types the code of each and Enter. */
export function PutForm({ boxId }: { boxId: string }) {
  const { w } = useWords();
  const { message } = App.useApp();
  const put = usePutIntoBox();
  const [code, setCode] = useState('');
  const [volume, setVolume] = useState<number | null>(1);
  const [sheets, setSheets] = useState<number | null>(null);
  const field = useRef<InputRef>(null);
  useShortcuts('keys.boxes', [{ keys: 'a', label: 'box.put', run: () => field.current?.focus() }]);
  const send = (event: FormEvent) => {
    event.preventDefault();
    const typed = code.trim();
    if (typed === '') return;
    const one = { dossier: { code: typed }, volume: volume ?? 1, ...(sheets === null ? {} : { sheets }) };
    put.mutate(
      { boxId, body: { volumes: [one], at: null } },
      {
        onSuccess: () => {
          void message.success(w('box.putIn', { code: typed }));
          setCode('');
          setVolume(1);
          setSheets(null);
          field.current?.focus();
        },
      },
    );
  };
  return (
    <form className="box-put" onSubmit={send}>
      <Input
        ref={field}
        className="num"
        maxLength={120}
        aria-label={w('box.putCode')}
        placeholder={w('box.putCode')}
        value={code}
        onChange={(event) => setCode(event.target.value)}
      />
      <InputNumber
        aria-label={w('box.line.volume')}
        addonBefore={w('box.line.volume')}
        min={1}
        max={99}
        precision={0}
        value={volume}
        onChange={setVolume}
      />
      <InputNumber
        aria-label={w('box.line.sheets')}
        addonBefore={w('box.line.sheets')}
        min={1}
        max={2000}
        precision={0}
        placeholder={w('box.asKnown')}
        value={sheets}
        onChange={setSheets}
      />
      <Button type="primary" htmlType="submit" loading={put.isPending} disabled={code.trim() === ''}>
        {w('box.put')}
        <KeyHint keys="a" />
      </Button>
      <Refused error={put.error} />
    </form>
  );
}

/** Puts the dossiers that are chosen into a box named by its number or code. */
export function PutDialog({ dossierIds, close }: { dossierIds: readonly string[]; close: () => void }) {
  const { w } = useWords();
  const { message } = App.useApp();
  const id = useId();
  const find = useFindBox();
  const put = usePutIntoBox();
  const [text, setText] = useState('');
  const send = (event: FormEvent) => {
    event.preventDefault();
    find.mutate(text.trim(), {
      onSuccess: ({ boxId }) =>
        put.mutate(
          { boxId, body: { volumes: dossierIds.map((dossierId) => ({ dossier: { id: dossierId }, volume: 1 })), at: null } },
          {
            onSuccess: () => {
              void message.success(w('box.putMany', { count: dossierIds.length }));
              close();
            },
          },
        ),
    });
  };
  return (
    <Modal open title={w('box.putTitle', { count: dossierIds.length })} footer={null} onCancel={close} width={460}>
      <form className="password-form" onSubmit={send}>
        <label htmlFor={`${id} box`}>{w('box.findHelp')}</label>
        <Input id={`${id} box`} autoFocus maxLength={120} value={text} onChange={(event) => setText(event.target.value)} />
        <Refused error={find.error ?? put.error} />
        <Button type="primary" htmlType="submit" disabled={text.trim() === ''} loading={find.isPending || put.isPending}>
          {w('box.put')}
        </Button>
      </form>
    </Modal>
  );
}
