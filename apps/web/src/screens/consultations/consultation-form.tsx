import { CloseOutlined, PlusOutlined } from '@ant-design/icons';
import { App, Button, Checkbox, Modal, Segmented, Select } from 'antd';
import { type FormEvent, useId, useState } from 'react';
import { CONSULTATION_PURPOSES, type Schemas } from '../../api/client.ts';
import { useUnits } from '../../api/house.ts';
import { useMakeConsultation, useReaders } from '../../api/rights.ts';
import { Refused } from '../../parts/refused.tsx';
import { useWords } from '../../words/words.tsx';
import { DossierPicker } from '../capture/dossier-picker.tsx';
import { AudienceField } from './audience-field.tsx';

type Right = Schemas['GrantRight'];
type Kind = Schemas['NewConsultation']['target']['kind'];
interface Reader {
  readonly key: number;
  readonly accountId: string | null;
  readonly partyMember: boolean;
}

/** Beside looking, which every consultation gives. */
const FURTHER_RIGHTS: readonly Right[] = ['print', 'copy', 'export'];
const DAYS = [1, 3, 7, 15, 30, 92];
const DAY_MS = 86_400_000;
const READERS_MAX = 20;

function ReadersField({ readers, change }: { readers: readonly Reader[]; change: (readers: Reader[]) => void }) {
  const { w } = useWords();
  const id = useId();
  const { data, error } = useReaders();
  const put = (key: number, over: Partial<Reader>) =>
    change(readers.map((reader) => (reader.key === key ? { ...reader, ...over } : reader)));
  const chosen = readers.flatMap((reader) => reader.accountId ?? []);
  return (
    <fieldset className="readers-field">
      <legend>{w('consult.reader')}</legend>
      <Refused error={error} />
      {data?.items.length === 0 && <p className="refusal">{w('consult.readerNone')}</p>}
      {readers.map((reader, index) => (
        <div key={reader.key} className="reader-row">
          <Select
            id={`${id}-${reader.key}`}
            aria-label={w('consult.readerNth', { number: index + 1 })}
            placeholder={w('consult.readerNth', { number: index + 1 })}
            showSearch={{ optionFilterProp: 'label' }}
            value={reader.accountId}
            onChange={(accountId) => put(reader.key, { accountId })}
            options={(data?.items ?? [])
              .filter((item) => item.accountId === reader.accountId || !chosen.includes(item.accountId))
              .map((item) => ({ value: item.accountId, label: item.name }))}
          />
          <Checkbox checked={reader.partyMember} onChange={(event) => put(reader.key, { partyMember: event.target.checked })}>
            {w('consult.member')}
          </Checkbox>
          {readers.length > 1 && (
            <Button
              type="text"
              aria-label={w('consult.readerRemove', { number: index + 1 })}
              icon={<CloseOutlined aria-hidden />}
              onClick={() => change(readers.filter((other) => other.key !== reader.key))}
            />
          )}
        </div>
      ))}
      {readers.length < READERS_MAX && (
        <Button
          type="dashed"
          icon={<PlusOutlined aria-hidden />}
          onClick={() => change([...readers, { key: Math.max(...readers.map((r) => r.key)) + 1, accountId: null, partyMember: false }])}
        >
          {w('consult.readerAdd')}
        </Button>
      )}
      {readers.length === 1 && <p className="quiet">{w('consult.oneReader')}</p>}
    </fieldset>
  );
}

function TargetField(props: { kind: Kind; targetId: string | null; change(kind: Kind, targetId: string | null): void }) {
  const { w } = useWords();
  const { list, pathOf } = useUnits();
  const id = useId();
  const { kind, targetId } = props;
  return (
    <>
      <Segmented
        value={kind}
        options={[
          { value: 'dossier' as const, label: w('consult.whatDossier') },
          { value: 'unit' as const, label: w('consult.whatUnit') },
        ]}
        onChange={(next) => props.change(next, null)}
      />
      <label htmlFor={id}>{w(kind === 'dossier' ? 'consult.dossier' : 'consult.unit')}</label>
      {kind === 'dossier' ? (
        <DossierPicker id={id} value={targetId ?? undefined} onChange={(next) => props.change('dossier', next)} />
      ) : (
        <Select
          id={id}
          showSearch={{ optionFilterProp: 'label' }}
          value={targetId}
          onChange={(next) => props.change('unit', next)}
          options={list.map((unit) => ({ value: unit.id, label: pathOf(unit.id) }))}
        />
      )}
    </>
  );
}

/** An approved request becomes a consultation: what, by whom, why, how long, and what may be taken along. */
export function ConsultationForm({ dossierId, close }: { dossierId: string | undefined; close: () => void }) {
  const { w } = useWords();
  const { message } = App.useApp();
  const ids = { purpose: useId(), days: useId() };
  const [target, setTarget] = useState<{ kind: Kind; id: string | null }>({ kind: 'dossier', id: dossierId ?? null });
  const [readers, setReaders] = useState<Reader[]>([0, 1].map((key) => ({ key, accountId: null, partyMember: true })));
  const [purpose, setPurpose] = useState<Schemas['PolicyPurpose'] | null>(null);
  const [days, setDays] = useState(1);
  const [further, setFurther] = useState<Right[]>([]);
  const [audiences, setAudiences] = useState<string[]>([]);
  const make = useMakeConsultation();
  const named = readers.flatMap(({ accountId, partyMember }) => (accountId ? [{ accountId, partyMember }] : []));
  const isWhole = target.id !== null && purpose !== null && named.length === readers.length;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!target.id || !purpose) return;
    const fromMs = Date.now();
    make.mutate(
      {
        target: { kind: target.kind, id: target.id },
        readers: named,
        rights: ['view', ...further],
        purposes: [purpose],
        audiences,
        fromMs,
        untilMs: fromMs + days * DAY_MS,
      },
      {
        onSuccess: () => {
          void message.success(w('consult.made'));
          close();
        },
      },
    );
  };
  return (
    <Modal open title={w('consult.new')} footer={null} width={560} onCancel={close}>
      <form className="password-form" onSubmit={submit}>
        <p className="quiet">{w('consult.help')}</p>
        <TargetField
          kind={target.kind}
          targetId={target.id}
          change={(kind, id) => {
            setTarget({ kind, id });
            setAudiences([]);
          }}
        />
        <ReadersField readers={readers} change={setReaders} />
        <div className="two">
          <div className="password-form">
            <label htmlFor={ids.purpose}>{w('consult.purpose')}</label>
            <Select
              id={ids.purpose}
              value={purpose}
              onChange={setPurpose}
              options={CONSULTATION_PURPOSES.map((value) => ({ value, label: w(`purpose.${value}`) }))}
            />
          </div>
          <div className="password-form">
            <label htmlFor={ids.days}>{w('consult.days')}</label>
            <Select
              id={ids.days}
              value={days}
              onChange={setDays}
              options={DAYS.map((count) => ({ value: count, label: w('consult.daysValue', { count }) }))}
            />
          </div>
        </div>
        <fieldset className="unit-choice">
          <legend>{w('consult.rights')}</legend>
          <div className="acts-row">
            <Checkbox checked disabled>
              {w('grantRight.view')}
            </Checkbox>
            <Checkbox.Group
              value={further}
              onChange={setFurther}
              options={FURTHER_RIGHTS.map((right) => ({ value: right, label: w(`grantRight.${right}`) }))}
            />
          </div>
          {further.length > 0 && <p className="quiet">{w('consult.copyHelp')}</p>}
        </fieldset>
        {target.kind === 'dossier' && target.id && <AudienceField dossierId={target.id} value={audiences} change={setAudiences} />}
        <Refused error={make.error} />
        <Button type="primary" htmlType="submit" disabled={!isWhole} loading={make.isPending}>
          {w('consult.approve')}
        </Button>
      </form>
    </Modal>
  );
}
