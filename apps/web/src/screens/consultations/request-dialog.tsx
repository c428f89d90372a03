import { App, Button, Input, Modal, Popconfirm, Segmented } from 'antd';
import { type FormEvent, useId, useState } from 'react';
import type { Schemas } from '../../api/client.ts';
import {
  type Consultation,
  useApproveConsultation,
  useConsultationForm,
  useConsultationWords,
  useRefuseConsultation,
  useWithdrawConsultation,
} from '../../api/rights.ts';
import { Refused, useSayRefusal } from '../../parts/refused.tsx';
import { ErrorState, LoadingState } from '../../parts/states.tsx';
import { sayMoment } from '../../words/dates.ts';
import { useWords } from '../../words/words.tsx';
import { LeaderFields } from './request-fields.tsx';

type Words = Schemas['ConsultationWords'];

/** What was asked in so many words, who signed for it, and what came of it. */
function Told({ consultation, words }: { consultation: Consultation; words: Words }) {
  const { w, language } = useWords();
  const { request, decision } = words;
  const signed = (leader: { name: string; signedOn: string } | null | undefined) => (leader ? `${leader.name} ${leader.signedOn}` : '—');
  const lines: readonly (readonly [string, string])[] = [
    [w('consult.unitName'), request?.unitName ?? '—'],
    ...(request?.letterNo ? [[w('consult.letterNo'), request.letterNo] as const] : []),
    [w('consult.reason'), request?.reason ?? '—'],
    [w('consult.contents'), request?.contents || w('consult.contentsWhole')],
    [w('consult.leader'), signed(request?.leader)],
    [w('consult.askedBy'), `${consultation.askedByName} ${sayMoment(consultation.askedAtMs, language)}`],
  ];
  const outcome: readonly (readonly [string, string])[] = consultation.decidedAtMs
    ? [
        [
          w(consultation.state === 'refused' ? 'consult.refusedBy' : 'consult.decidedBy'),
          `${consultation.decidedByName} ${sayMoment(consultation.decidedAtMs, language)}`,
        ],
        [w(consultation.state === 'refused' ? 'consult.refusalReason' : 'consult.opinion'), decision?.words || '—'],
        ...(decision?.leader ? [[w('consult.archiveLeader'), signed(decision.leader)] as const] : []),
      ]
    : [];
  return (
    <dl className="request-words">
      {[...lines, ...outcome].map(([term, text]) => (
        <div key={term}>
          <dt>{term}</dt>
          <dd>{text}</dd>
        </div>
      ))}
    </dl>
  );
}

/** Approves or refuses: an opinion and, where one signed, the archive's leader; or the reason. */
function Decide({ consultation, close }: { consultation: Consultation; close: () => void }) {
  const { w } = useWords();
  const { message } = App.useApp();
  const id = useId();
  const [way, setWay] = useState<'approve' | 'refuse'>('approve');
  const [text, setText] = useState('');
  const [leader, setLeader] = useState({ name: '', signedOn: '' });
  const approve = useApproveConsultation();
  const refuse = useRefuseConsultation();
  const isHalfSigned = (leader.name.trim() === '') !== (leader.signedOn === '');
  const send = (event: FormEvent) => {
    event.preventDefault();
    const onSuccess = () => {
      void message.success(w(way === 'approve' ? 'consult.made' : 'consult.refused'));
      close();
    };
    if (way === 'refuse') refuse.mutate({ id: consultation.id, body: { reason: text } }, { onSuccess });
    else approve.mutate({ id: consultation.id, body: { opinion: text, leader: leader.name.trim() ? leader : null } }, { onSuccess });
  };
  return (
    <form className="password-form decide" onSubmit={send}>
      <Segmented
        value={way}
        options={(['approve', 'refuse'] as const).map((value) => ({ value, label: w(`consult.way.${value}`) }))}
        onChange={setWay}
      />
      <label htmlFor={id}>{w(way === 'approve' ? 'consult.opinion' : 'consult.refusalReason')}</label>
      <Input.TextArea
        id={id}
        maxLength={500}
        autoSize={{ minRows: 2, maxRows: 6 }}
        value={text}
        onChange={(event) => setText(event.target.value)}
      />
      {way === 'approve' && <LeaderFields label={w('consult.archiveLeader')} value={leader} change={setLeader} />}
      <Refused error={way === 'approve' ? approve.error : refuse.error} />
      <Button
        type="primary"
        htmlType="submit"
        danger={way === 'refuse'}
        disabled={way === 'refuse' ? text.trim() === '' : isHalfSigned}
        loading={approve.isPending || refuse.isPending}
      >
        {w(way === 'approve' ? 'consult.approve' : 'consult.refuse')}
      </Button>
    </form>
  );
}

/** A request opened: its words, the form as a PDF, and what one may do with it. Opening it is an entry. */
export function RequestDialog({ consultation, close }: { consultation: Consultation; close: () => void }) {
  const { w } = useWords();
  const { message } = App.useApp();
  const onError = useSayRefusal();
  const { data, error, refetch } = useConsultationWords(consultation.id);
  const print = useConsultationForm();
  const withdraw = useWithdrawConsultation();
  return (
    <Modal open title={w('consult.request', { code: consultation.target.code })} footer={null} width={560} onCancel={close}>
      {error ? (
        <ErrorState error={error} retry={() => void refetch()} />
      ) : !data ? (
        <LoadingState />
      ) : (
        <Told consultation={consultation} words={data} />
      )}
      <div className="acts-row">
        <Button loading={print.isPending} onClick={() => print.mutate(consultation, { onError })}>
          {w('consult.printForm')}
        </Button>
        {consultation.isOwn && consultation.state === 'requested' && (
          <Popconfirm
            title={w('consult.withdrawSure')}
            onConfirm={() =>
              withdraw
                .mutateAsync(consultation.id)
                .then(() => void message.success(w('consult.withdrawn')))
                .then(close)
                .catch(onError)
            }
          >
            <Button danger>{w('consult.withdraw')}</Button>
          </Popconfirm>
        )}
      </div>
      {consultation.mayDecide && data && <Decide consultation={consultation} close={close} />}
    </Modal>
  );
}
