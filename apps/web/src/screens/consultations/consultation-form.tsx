import { App, Button, Checkbox, Modal, Select } from 'antd';
import { type FormEvent, useId, useState } from 'react';
import { CONSULTATION_PURPOSES, type Schemas } from '../../api/client.ts';
import { useAskConsultation } from '../../api/rights.ts';
import { Refused } from '../../parts/refused.tsx';
import { useWords } from '../../words/words.tsx';
import { AudienceField } from './audience-field.tsx';
import { type ReaderLine, ReadersField } from './readers-field.tsx';
import { isFilledIn, NO_WORDS, RequestFields, type RequestWords } from './request-fields.tsx';
import { TargetField, type TargetKind } from './target-field.tsx';

type Right = Schemas['GrantRight'];

/** Beside looking, which every consultation gives. */
const FURTHER_RIGHTS: readonly Right[] = ['print', 'copy', 'export'];
const DAYS = [1, 3, 7, 15, 30, 92];
const DAY_MS = 86_400_000;

/** What is asked for while it is typed. */
interface Asked {
  readonly target: { readonly kind: TargetKind; readonly id: string | null };
  readonly readers: readonly ReaderLine[];
  readonly purpose: Schemas['PolicyPurpose'] | null;
  readonly days: number;
  readonly further: readonly Right[];
  readonly audiences: readonly string[];
  readonly words: RequestWords;
}

/** As the server takes it; null while something is missing. It begins at once, which is when it is approved. */
function toRequest({ target, readers, purpose, days, further, audiences, words }: Asked, nowMs: number): Schemas['NewConsultation'] | null {
  const named = readers.flatMap(({ accountId, partyMember }) => (accountId ? [{ accountId, partyMember }] : []));
  if (!target.id || !purpose || named.length !== readers.length || !isFilledIn(words)) return null;
  return {
    target: { kind: target.kind, id: target.id },
    readers: named,
    rights: ['view', ...further],
    purposes: [purpose],
    audiences: [...audiences],
    fromMs: nowMs,
    untilMs: nowMs + days * DAY_MS,
    request: words,
  };
}

function PurposeAndDays({ asked, put }: { asked: Asked; put: (over: Partial<Asked>) => void }) {
  const { w } = useWords();
  const ids = { purpose: useId(), days: useId() };
  return (
    <div className="two">
      <div className="password-form">
        <label htmlFor={ids.purpose}>{w('consult.purpose')}</label>
        <Select
          id={ids.purpose}
          value={asked.purpose}
          onChange={(purpose) => put({ purpose })}
          options={CONSULTATION_PURPOSES.map((value) => ({ value, label: w(`purpose.${value}`) }))}
        />
      </div>
      <div className="password-form">
        <label htmlFor={ids.days}>{w('consult.days')}</label>
        <Select
          id={ids.days}
          value={asked.days}
          onChange={(days) => put({ days })}
          options={DAYS.map((count) => ({ value: count, label: w('consult.daysValue', { count }) }))}
        />
      </div>
    </div>
  );
}

function RightsField({ further, change }: { further: readonly Right[]; change: (further: Right[]) => void }) {
  const { w } = useWords();
  return (
    <fieldset className="unit-choice">
      <legend>{w('consult.rights')}</legend>
      <div className="acts-row">
        <Checkbox checked disabled>
          {w('grantRight.view')}
        </Checkbox>
        <Checkbox.Group
          value={[...further]}
          onChange={change}
          options={FURTHER_RIGHTS.map((right) => ({ value: right, label: w(`grantRight.${right}`) }))}
        />
      </div>
      {further.length > 0 && <p className="quiet">{w('consult.copyHelp')}</p>}
    </fieldset>
  );
}

/** Asks for a consultation as the form does: what, by whom, why, how long, what may be taken along, and who signed for it. */
export function ConsultationForm({ dossierId, close }: { dossierId: string | undefined; close: () => void }) {
  const { w } = useWords();
  const { message } = App.useApp();
  const [asked, setAsked] = useState<Asked>({
    target: { kind: 'dossier', id: dossierId ?? null },
    readers: [0, 1].map((key) => ({ key, accountId: null, partyMember: true })),
    purpose: null,
    days: 1,
    further: [],
    audiences: [],
    words: NO_WORDS,
  });
  const put = (over: Partial<Asked>) => setAsked({ ...asked, ...over });
  const ask = useAskConsultation();
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const body = toRequest(asked, Date.now());
    if (!body) return;
    ask.mutate(body, {
      onSuccess: () => {
        void message.success(w('consult.asked'));
        close();
      },
    });
  };
  const { target } = asked;
  return (
    <Modal open title={w('consult.new')} footer={null} width={600} onCancel={close}>
      <form className="password-form" onSubmit={submit}>
        <p className="quiet">{w('consult.askHelp')}</p>
        <TargetField kind={target.kind} targetId={target.id} change={(kind, id) => put({ target: { kind, id }, audiences: [] })} />
        <ReadersField readers={asked.readers} change={(readers) => put({ readers })} />
        <PurposeAndDays asked={asked} put={put} />
        <RequestFields words={asked.words} change={(words) => put({ words })} />
        <RightsField further={asked.further} change={(further) => put({ further })} />
        {target.kind === 'dossier' && target.id && (
          <AudienceField dossierId={target.id} value={asked.audiences} change={(audiences) => put({ audiences })} />
        )}
        <Refused error={ask.error} />
        <Button type="primary" htmlType="submit" disabled={!toRequest(asked, 0)} loading={ask.isPending}>
          {w('consult.ask')}
        </Button>
      </form>
    </Modal>
  );
}
