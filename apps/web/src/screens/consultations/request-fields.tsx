import { Input } from 'antd';
import { useId } from 'react';
import type { Schemas } from '../../api/client.ts';
import { useWords } from '../../words/words.tsx';

/** The words of the form while they are typed. */
export type RequestWords = Schemas['ConsultationRequest'];

/** An empty form. */
export const NO_WORDS: RequestWords = { unitName: '', letterNo: '', reason: '', contents: '', leader: { name: '', signedOn: '' } };

/** Whether every field that the form needs is filled in. */
export const isFilledIn = ({ unitName, reason, leader }: RequestWords): boolean =>
  [unitName, reason, leader.name, leader.signedOn].every((text) => text.trim() !== '');

/** A leader's signature on paper: whose, and the day. */
export function LeaderFields({
  label,
  value,
  change,
}: {
  label: string;
  value: RequestWords['leader'];
  change: (leader: RequestWords['leader']) => void;
}) {
  const { w } = useWords();
  const ids = { name: useId(), day: useId() };
  return (
    <div className="two">
      <div className="password-form">
        <label htmlFor={ids.name}>{label}</label>
        <Input id={ids.name} maxLength={60} value={value.name} onChange={(event) => change({ ...value, name: event.target.value })} />
      </div>
      <div className="password-form">
        <label htmlFor={ids.day}>{w('consult.signedOn')}</label>
        <Input id={ids.day} type="date" value={value.signedOn} onChange={(event) => change({ ...value, signedOn: event.target.value })} />
      </div>
    </div>
  );
}

/** What stands on the form that the reading unit brings: who asks, why, what of the dossier, and its leader's signature. */
export function RequestFields({ words, change }: { words: RequestWords; change: (words: RequestWords) => void }) {
  const { w } = useWords();
  const ids = { unit: useId(), letter: useId(), reason: useId(), contents: useId() };
  return (
    <>
      <div className="two">
        <div className="password-form">
          <label htmlFor={ids.unit}>{w('consult.unitName')}</label>
          <Input
            id={ids.unit}
            maxLength={120}
            value={words.unitName}
            onChange={(event) => change({ ...words, unitName: event.target.value })}
          />
        </div>
        <div className="password-form">
          <label htmlFor={ids.letter}>{w('consult.letterNo')}</label>
          <Input
            id={ids.letter}
            maxLength={60}
            value={words.letterNo}
            onChange={(event) => change({ ...words, letterNo: event.target.value })}
          />
        </div>
      </div>
      <label htmlFor={ids.reason}>{w('consult.reason')}</label>
      <Input.TextArea
        id={ids.reason}
        maxLength={500}
        autoSize={{ minRows: 2, maxRows: 6 }}
        value={words.reason}
        onChange={(event) => change({ ...words, reason: event.target.value })}
      />
      <label htmlFor={ids.contents}>{w('consult.contents')}</label>
      <Input
        id={ids.contents}
        maxLength={500}
        placeholder={w('consult.contentsWhole')}
        value={words.contents}
        onChange={(event) => change({ ...words, contents: event.target.value })}
      />
      <LeaderFields label={w('consult.leader')} value={words.leader} change={(leader) => change({ ...words, leader })} />
    </>
  );
}
