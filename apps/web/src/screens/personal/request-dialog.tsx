import { Button, Modal, Popconfirm, Segmented } from 'antd';
import { useState } from 'react';
import {
  type SubjectRequest,
  useApproveDestruction,
  useDecideRequest,
  useExtendRequest,
  useFulfilRequest,
  useRequestAnswer,
  useWithdrawRequest,
} from '../../api/personal.ts';
import { isRefusal } from '../../api/refusal.ts';
import { useSession } from '../../api/session.ts';
import { LoadingState } from '../../parts/states.tsx';
import { sayInstant } from '../../words/dates.ts';
import { useWords } from '../../words/words.tsx';
import { RequestChips } from './request-chips.tsx';
import { type Field, TextForm } from './text-form.tsx';

const REFUSALS = ['kept_by_law', 'secrecy', 'identity_unproven', 'not_proven', 'not_applicable'] as const;
const DELETIONS = ['retention_over', 'consent_withdrawn', 'unlawful'] as const;

function Steps({ request }: { request: SubjectRequest }) {
  const { w, language } = useWords();
  return (
    <ol className="request-steps">
      {request.steps.map((step) => (
        <li key={step.entryId}>
          <strong>{w(`personal.step.${step.kind}`)}</strong> <span className="quiet num">{sayInstant(step.atMs, language)}</span>
          {step.text && <p>{step.text}</p>}
        </li>
      ))}
    </ol>
  );
}

/** What the person is shown: that it is kept, what is missing, and the catalogue where it may be read. */
function Answer({ request }: { request: SubjectRequest }) {
  const { w, code } = useWords();
  const { data, error } = useRequestAnswer(request.id, true);
  if (error) return null;
  if (!data) return <LoadingState />;
  return (
    <section className="request-answer">
      <h3>{w('personal.answer')}</h3>
      {data.missing.length > 0 && (
        <>
          <p className="quiet">{w('personal.missing', { count: data.missing.length })}</p>
          <ul>
            {data.missing.map((finding) => (
              <li key={`${finding.code}${JSON.stringify(finding.params)}`}>{code(finding.code, finding.params ?? {})}</li>
            ))}
          </ul>
        </>
      )}
      {data.materials === null ? (
        <p>{w('personal.notReadable')}</p>
      ) : data.materials.length === 0 ? (
        <p className="quiet">{w('personal.noMaterials')}</p>
      ) : (
        <ul>
          {data.materials.map((m, i) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: the answer is a fixed list and two materials may be alike
            <li key={i}>
              {m.classCode} {m.title}{' '}
              <span className="quiet num">{[m.date, w('personal.pages', { count: m.pages })].filter(Boolean).join(' · ')}</span>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

function Decide({ request, done }: { request: SubjectRequest; done: () => void }) {
  const { w } = useWords();
  const [way, setWay] = useState<'granted' | 'refused' | 'extended'>('granted');
  const decide = useDecideRequest();
  const extend = useExtendRequest();
  const choices = (['granted', 'refused', ...(request.extended || request.isOverdue ? [] : (['extended'] as const))] as const).map(
    (value) => ({
      value,
      label: w(`personal.way.${value}`),
    }),
  );
  const reason: Field = { key: 'reason', label: w('personal.reason'), kind: 'text' };
  const ground: Field = {
    key: 'ground',
    label: w('personal.ground'),
    kind: 'choice',
    options: (way === 'refused' ? REFUSALS : DELETIONS).map((value) => ({ value, label: w(`personal.ground.${value}`) })),
  };
  const ended: Field = { key: 'endedOn', label: w('personal.endedOn'), kind: 'day', optional: true };
  const isDeletion = way === 'granted' && request.kind === 'delete';
  const fields = way === 'refused' ? [ground, reason] : isDeletion ? [ground, ended, reason] : [reason];
  const submit = (v: Readonly<Record<string, string>>) => {
    const after = { onSuccess: done };
    if (way === 'extended') extend.mutate({ id: request.id, reason: v.reason ?? '' }, after);
    else if (way === 'refused')
      decide.mutate(
        { id: request.id, body: { decision: 'refused', ground: v.ground as (typeof REFUSALS)[number], reason: v.reason ?? '' } },
        after,
      );
    else {
      const deletion = { ground: v.ground as (typeof DELETIONS)[number], ...(v.endedOn ? { endedOn: v.endedOn } : {}) };
      decide.mutate({ id: request.id, body: { decision: 'granted', reason: v.reason ?? '', ...(isDeletion ? { deletion } : {}) } }, after);
    }
  };
  return (
    <section className="request-decide">
      <Segmented aria-label={w('personal.decide')} options={choices} value={way} onChange={(value) => setWay(value)} />
      {request.kind === 'correct' && way === 'granted' && <p className="quiet">{w('personal.correctHelp')}</p>}
      {request.kind === 'restrict' && way === 'granted' && <p className="quiet">{w('personal.restrictHelp')}</p>}
      {isDeletion && <p className="quiet">{w('personal.deleteHelp')}</p>}
      <TextForm
        key={way}
        fields={fields}
        submitLabel={w(`personal.way.${way}`)}
        pending={decide.isPending || extend.isPending}
        error={decide.error ?? extend.error}
        submit={submit}
      />
    </section>
  );
}

function Destroy({ request, done }: { request: SubjectRequest; done: () => void }) {
  const { w, code } = useWords();
  const { account } = useSession();
  const approve = useApproveDestruction();
  if (request.approvedBy === account.id) return <p className="quiet">{w('personal.secondNeeded')}</p>;
  return (
    <>
      <p>{w('personal.destroyHelp')}</p>
      {isRefusal(approve.error) && (
        <p className="refusal" role="alert">
          {code(approve.error.code, approve.error.params)}
        </p>
      )}
      <Popconfirm
        title={w('personal.destroySure', { code: request.dossierCode ?? '' })}
        okText={w('personal.destroy')}
        cancelText={w('act.cancel')}
        okButtonProps={{ danger: true }}
        onConfirm={() => approve.mutate(request.id, { onSuccess: done })}
      >
        <Button danger type="primary" loading={approve.isPending}>
          {w('personal.destroy')}
        </Button>
      </Popconfirm>
    </>
  );
}

function Act({ request, done }: { request: SubjectRequest; done: () => void }) {
  const { w } = useWords();
  const fulfil = useFulfilRequest();
  const withdraw = useWithdrawRequest();
  if (request.mayAnswer && request.state === 'received') return <Decide request={request} done={done} />;
  if (request.mayAnswer && request.state === 'granted' && request.kind === 'delete') return <Destroy request={request} done={done} />;
  if (request.mayAnswer && request.state === 'granted')
    return (
      <TextForm
        fields={[{ key: 'result', label: w('personal.result'), kind: 'text' }]}
        submitLabel={w('personal.record')}
        pending={fulfil.isPending}
        error={fulfil.error}
        submit={(v) => fulfil.mutate({ id: request.id, result: v.result ?? '' }, { onSuccess: done })}
      />
    );
  if (request.isOwn && request.way === 'account' && request.state === 'received')
    return (
      <Button loading={withdraw.isPending} onClick={() => withdraw.mutate(request.id, { onSuccess: done })}>
        {w('personal.withdraw')}
      </Button>
    );
  return null;
}

/** One request: its steps with their words, the answer where there is one, and what is to be done now. */
export function RequestDialog({ request, close }: { request: SubjectRequest; close: () => void }) {
  const { w } = useWords();
  const isAnswered = (request.kind === 'see' || request.kind === 'copy') && (request.state === 'granted' || request.state === 'done');
  return (
    <Modal open title={`${w(`personal.kind.${request.kind}`)} · ${request.dossierCode ?? ''}`} footer={null} width={620} onCancel={close}>
      <RequestChips request={request} />
      <Steps request={request} />
      {isAnswered && <Answer request={request} />}
      <Act request={request} done={close} />
    </Modal>
  );
}
