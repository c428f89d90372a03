import { App, Button, Input, type InputRef, Modal } from 'antd';
import { type FormEvent, useId, useRef, useState } from 'react';
import type { Schemas } from '../../api/client.ts';
import { useCountercheck } from '../../api/counterchecks.ts';
import { useShortcuts } from '../../keys/shortcuts.tsx';
import { Chip, type Tone } from '../../parts/chip.tsx';
import { KeyHint } from '../../parts/key-cap.tsx';
import { Refused, useSayRefusal } from '../../parts/refused.tsx';
import { sayMoment } from '../../words/dates.ts';
import { useWords, type WordKey } from '../../words/words.tsx';
import type { Desk, Material } from './desk-data.ts';
import { useDesk } from './desk-state.tsx';
import { useFieldName } from './field-names.ts';
import { findNextToCountercheck, listToCountercheck } from './to-countercheck.ts';
import './countercheck.css';

type Check = NonNullable<Material['countercheck']>;
type Act = Schemas['CountercheckAct'];

const TONES: Readonly<Record<Check['state'], Tone>> = { waiting: 'amber', passed: 'jade', returned: 'cinnabar' };

/** Names of what every material has beside its fields. */
const OWN_FIELDS: Readonly<Record<string, WordKey>> = { classCode: 'form.class', title: 'form.title', date: 'form.date' };

/** What the first person made of the proposal. */
function Corrections({ corrections }: Pick<Check, 'corrections'>) {
  const { w } = useWords();
  const fieldName = useFieldName();
  if (corrections.length === 0) return null;
  const nameOf = (code: string) => (OWN_FIELDS[code] ? w(OWN_FIELDS[code]) : fieldName(code));
  return (
    <>
      <p>{w('check.corrected')}</p>
      <ul className="check-corrections">
        {corrections.map(({ field, proposed }) => (
          <li key={field}>
            {proposed === null
              ? w('check.correctionNew', { field: nameOf(field) })
              : w('check.correction', { field: nameOf(field), proposed })}
          </li>
        ))}
      </ul>
    </>
  );
}

/** Who confirmed it and when, what was changed, and what was said since. */
function Told({ check }: { check: Check }) {
  const { w, language } = useWords();
  const at = (ms: number | null) => (ms === null ? '' : sayMoment(ms, language));
  return (
    <>
      <p>
        {check.firstNames.length > 0 && w('check.first', { names: check.firstNames.join('、'), at: at(check.firstAtMs) })}
        {check.firstNames.length === 0 && w('check.firstUnknown')}
      </p>
      <Corrections corrections={check.corrections} />
      {check.answer && <p className="check-words">{w('check.answerSaid', { words: check.answer })}</p>}
      {check.state === 'passed' && <p>{w('check.passed', { name: check.secondName, at: at(check.secondAtMs) })}</p>}
      {check.state === 'returned' && (
        <p className="check-words">{w('check.returned', { name: check.secondName, at: at(check.secondAtMs), words: check.words })}</p>
      )}
      {check.state === 'waiting' && check.isOwn && <p className="quiet">{w('check.own')}</p>}
      {check.state === 'waiting' && check.isAmong && !check.isOwn && <p className="quiet">{w('check.among')}</p>}
    </>
  );
}

interface WordsDialogProps {
  readonly kind: 'return' | 'answer';
  readonly material: Material;
  readonly close: () => void;
}

/** Why it goes back, or why it stands. */
function WordsDialog({ kind, material, close }: WordsDialogProps) {
  const { w } = useWords();
  const { message } = App.useApp();
  const { desk } = useDesk();
  const id = useId();
  const input = useRef<InputRef>(null);
  const [words, setWords] = useState('');
  const send = useCountercheck(desk.dossierId);
  const act: Act =
    kind === 'return' ? { type: 'return', materialId: material.id, reason: words } : { type: 'answer', materialId: material.id, words };
  const onSubmit = (event: FormEvent) => {
    event.preventDefault();
    if (words.trim() === '') return;
    send.mutate(act, {
      onSuccess: () => {
        void message.success(w(kind === 'return' ? 'check.returnedNow' : 'check.answered'));
        close();
      },
    });
  };
  return (
    <Modal
      open
      title={w(kind === 'return' ? 'check.returnTitle' : 'check.answer')}
      footer={null}
      width={520}
      onCancel={close}
      afterOpenChange={(isOpen) => isOpen && input.current?.focus()}
    >
      <form className="password-form" onSubmit={onSubmit}>
        <label htmlFor={id}>{w(kind === 'return' ? 'check.reason' : 'check.answerLabel')}</label>
        <Input id={id} ref={input} maxLength={500} value={words} onChange={(event) => setWords(event.target.value)} />
        {kind === 'answer' && <p className="quiet">{w('check.answerHelp')}</p>}
        <Refused error={send.error} />
        <Button type="primary" htmlType="submit" danger={kind === 'return'} disabled={words.trim() === ''} loading={send.isPending}>
          {w(kind === 'return' ? 'check.return' : 'check.answer')}
        </Button>
      </form>
    </Modal>
  );
}

/** As many as one request takes. */
const PASSED_MAX = 200;

/** What the second person does, by key and by button. */
function useCheckActs(material: Material | null) {
  const { w } = useWords();
  const { message } = App.useApp();
  const { desk, openMaterial, showTab, mayArrange } = useDesk();
  const sayRefusal = useSayRefusal();
  const [dialog, setDialog] = useState<'return' | 'answer' | null>(null);
  const send = useCountercheck(desk.dossierId);
  const goOn = (from: Desk) => {
    const next = findNextToCountercheck(from, material?.id ?? null);
    if (!next) return void message.info(w('check.allNone'));
    showTab('form');
    openMaterial(next.id, undefined, from);
  };
  const pass = (materials: readonly Material[], after: (next: Desk) => void) => {
    if (!materials.length) return void message.info(w('check.allNone'));
    const materialIds = materials.slice(0, PASSED_MAX).map((m) => m.id);
    send.mutate({ type: 'pass', materialIds }, { onSuccess: after, onError: sayRefusal });
  };
  const check = material?.countercheck ?? null;
  const mayPass = mayArrange && check?.state === 'waiting' && !check.isOwn;
  const mayReturn = mayArrange && (check?.state === 'waiting' || check?.state === 'passed') && !check.isAmong;
  const acts = {
    passOne: () => (material && mayPass ? pass([material], goOn) : undefined),
    passAll: () => {
      const waiting = listToCountercheck(desk);
      pass(waiting, () => void message.success(w('check.allPassed', { count: Math.min(waiting.length, PASSED_MAX) })));
    },
    sendBack: () => (mayReturn ? setDialog('return') : undefined),
    next: () => goOn(desk),
  };
  useShortcuts(
    'keys.check',
    desk.countercheck && mayArrange
      ? [
          { keys: 'y', label: 'check.pass', run: acts.passOne },
          { keys: 'w', label: 'check.allShort', run: acts.passAll },
          { keys: 'v', label: 'check.return', run: acts.sendBack },
          { keys: 'j', label: 'check.next', run: acts.next },
        ]
      : [],
  );
  return { ...acts, mayPass, mayReturn, mayAnswer: mayArrange && check?.state === 'returned', dialog, setDialog, isBusy: send.isPending };
}

/** Where the material in hand stands between its two persons, and what this one may do. Nothing where two are not asked for. */
export function CountercheckBand({ material, isShown }: { material: Material | null; isShown: boolean }) {
  const { w } = useWords();
  const { desk } = useDesk();
  const acts = useCheckActs(material);
  const check = material?.countercheck;
  // Its keys are there whatever the side shows.
  if (!material || !check || !isShown) return null;
  const waiting = listToCountercheck(desk).length;
  return (
    <section className={`check-band ${check.state}`} aria-label={w('check.band')}>
      <h3>
        {w('check.band')} <Chip tone={TONES[check.state]}>{w(`check.state.${check.state}`)}</Chip>
      </h3>
      <Told check={check} />
      <div className="check-acts">
        {acts.mayPass && (
          <Button type="primary" loading={acts.isBusy} onClick={acts.passOne}>
            {w('check.pass')}
            <KeyHint keys="y" />
          </Button>
        )}
        {acts.mayReturn && (
          <Button onClick={acts.sendBack}>
            {w('check.return')}
            <KeyHint keys="v" />
          </Button>
        )}
        {acts.mayAnswer && <Button onClick={() => acts.setDialog('answer')}>{w('check.answer')}</Button>}
        {waiting > 1 && acts.mayPass && (
          <Button disabled={acts.isBusy} onClick={acts.passAll}>
            {w('check.all', { count: waiting })}
            <KeyHint keys="w" />
          </Button>
        )}
      </div>
      {acts.dialog && <WordsDialog kind={acts.dialog} material={material} close={() => acts.setDialog(null)} />}
    </section>
  );
}
