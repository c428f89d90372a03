import { App, Button, Input, Modal, Popconfirm, Segmented } from 'antd';
import { type FormEvent, useId, useState } from 'react';
import {
  type Determination,
  type KeyFact,
  useConfirmDetermination,
  useRefuseDetermination,
  useWithdrawDetermination,
} from '../../api/key-facts.ts';
import { Chip, type Tone } from '../../parts/chip.tsx';
import { Refused, useSayRefusal } from '../../parts/refused.tsx';
import { sayMoment, sayPartialDate } from '../../words/dates.ts';
import { useWords } from '../../words/words.tsx';
import { DocumentPart } from './document-part.tsx';

const TONES: Readonly<Record<Determination['state'], Tone>> = {
  proposed: 'amber',
  confirmed: 'plain',
  refused: 'plain',
  withdrawn: 'plain',
};

interface ListProps {
  readonly dossierId: string;
  readonly mayDecide: boolean;
  /** Titles of materials, by id; null of what was taken apart. */
  readonly titleOf: (materialId: string) => string | null;
}

/** Confirms or refuses what another person proposed. */
function ReviewDialog({ dossierId, determination, close }: { dossierId: string; determination: Determination; close: () => void }) {
  const { w } = useWords();
  const { message } = App.useApp();
  const id = useId();
  const [way, setWay] = useState<'confirm' | 'refuse'>('confirm');
  const [words, setWords] = useState('');
  const confirm = useConfirmDetermination(dossierId);
  const refuse = useRefuseDetermination(dossierId);
  const act = way === 'confirm' ? confirm : refuse;
  const send = (event: FormEvent) => {
    event.preventDefault();
    act.mutate(
      { id: determination.id, words },
      {
        onSuccess: () => {
          void message.success(w(way === 'confirm' ? 'keyFact.confirmed' : 'keyFact.refused'));
          close();
        },
      },
    );
  };
  return (
    <Modal open title={w('keyFact.review', { value: determination.value })} footer={null} width={520} onCancel={close}>
      <form className="password-form" onSubmit={send}>
        <Segmented
          value={way}
          options={(['confirm', 'refuse'] as const).map((value) => ({ value, label: w(`keyFact.way.${value}`) }))}
          onChange={setWay}
        />
        <label htmlFor={id}>{w(way === 'confirm' ? 'keyFact.opinion' : 'keyFact.refusalReason')}</label>
        <Input.TextArea
          id={id}
          maxLength={500}
          autoSize={{ minRows: 2, maxRows: 6 }}
          value={words}
          onChange={(event) => setWords(event.target.value)}
        />
        <Refused error={act.error} />
        <Button
          type="primary"
          htmlType="submit"
          danger={way === 'refuse'}
          disabled={way === 'refuse' && words.trim() === ''}
          loading={act.isPending}
        >
          {w(`keyFact.way.${way}`)}
        </Button>
      </form>
    </Modal>
  );
}

function Line({ dossierId, determination: d, mayDecide, titleOf }: ListProps & { determination: Determination }) {
  const { w, language } = useWords();
  const { message } = App.useApp();
  const onError = useSayRefusal();
  const withdraw = useWithdrawDetermination(dossierId);
  const [reviewing, setReviewing] = useState(false);
  const isOpen = d.state === 'proposed' && mayDecide;
  return (
    <li className={d.isCurrent ? 'current' : undefined}>
      <p>
        <strong className="num">{d.value}</strong>{' '}
        <Chip tone={d.isCurrent ? 'jade' : TONES[d.state]}>
          {w(d.isCurrent ? 'keyFact.current' : d.state === 'confirmed' ? 'keyFact.superseded' : `keyFact.state.${d.state}`)}
        </Chip>
      </p>
      <p>
        {[d.organisation, d.documentNo, sayPartialDate(d.decidedOn, language)].filter(Boolean).join(' · ')}
        <br />
        {d.reasons}
      </p>
      <p className="quiet">
        {w('keyFact.proposedBy', { name: d.proposedByName, at: sayMoment(d.proposedAtMs, language) })}
        {d.reviewedAtMs !== null && ` · ${w('keyFact.reviewedBy', { name: d.reviewedByName, at: sayMoment(d.reviewedAtMs, language) })}`}
        {d.review && ` · ${d.review}`}
      </p>
      {isOpen && !d.isOwn && <Button onClick={() => setReviewing(true)}>{w('keyFact.reviewAct')}</Button>}
      {isOpen && d.isOwn && (
        <Popconfirm
          title={w('keyFact.withdrawSure')}
          onConfirm={() =>
            withdraw
              .mutateAsync(d.id)
              .then(() => void message.success(w('keyFact.withdrawn')))
              .catch(onError)
          }
        >
          <Button danger>{w('keyFact.withdraw')}</Button>
        </Popconfirm>
      )}
      <DocumentPart dossierId={dossierId} determination={d} mayDecide={mayDecide} titleOf={titleOf} />
      {reviewing && <ReviewDialog dossierId={dossierId} determination={d} close={() => setReviewing(false)} />}
    </li>
  );
}

/** All that was ever determined of a fact, the newest first; none is overwritten. */
export function DeterminationList({ dossierId, fact, mayDecide, titleOf }: ListProps & { fact: KeyFact }) {
  const { w } = useWords();
  if (!fact.determinations.length) return null;
  return (
    <>
      <h3>{w('keyFact.determinations')}</h3>
      <ol className="determinations">
        {[...fact.determinations].reverse().map((d) => (
          <Line key={d.id} dossierId={dossierId} determination={d} mayDecide={mayDecide} titleOf={titleOf} />
        ))}
      </ol>
    </>
  );
}
