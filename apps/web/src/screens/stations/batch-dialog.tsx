import { App, Button, Input, InputNumber, Modal, Select } from 'antd';
import { type FormEvent, useId, useState } from 'react';
import { useContractors, useCreateBatch } from '../../api/stations.ts';
import { Refused } from '../../parts/refused.tsx';
import { useWords } from '../../words/words.tsx';
import '../account/account.css';

type Sampling = 'full' | 'percent' | 'pages';

/** Makes a batch (组批) of the dossiers that are chosen. */
export function BatchDialog({ dossierIds, close }: { dossierIds: readonly string[]; close: () => void }) {
  const { w } = useWords();
  const { message } = App.useApp();
  const id = useId();
  const create = useCreateBatch();
  const contractors = useContractors();
  const [code, setCode] = useState('');
  const [contractor, setContractor] = useState('');
  const [kind, setKind] = useState<Sampling>('full');
  const [size, setSize] = useState<number | null>(10);
  const [limit, setLimit] = useState<number | null>(0);
  const [hours, setHours] = useState<number | null>(8);
  const send = (event: FormEvent) => {
    event.preventDefault();
    create.mutate(
      {
        code: code.trim(),
        dossierIds: [...dossierIds],
        contractorUnitId: contractor || null,
        sampling: kind === 'full' ? { kind } : { kind, size: size ?? 1 },
        limitPercent: limit ?? 0,
        claimHours: hours ?? 8,
      },
      {
        onSuccess: () => {
          void message.success(w('batch.made', { code: code.trim() }));
          close();
        },
      },
    );
  };
  return (
    <Modal open title={w('batch.makeTitle', { count: dossierIds.length })} footer={null} onCancel={close} width={520}>
      <form className="password-form" onSubmit={send}>
        <label htmlFor={`${id} code`}>{w('batch.code')}</label>
        <Input id={`${id} code`} maxLength={60} autoFocus value={code} onChange={(event) => setCode(event.target.value)} />
        <label htmlFor={`${id} who`}>{w('batch.contractor')}</label>
        <Select
          id={`${id} who`}
          value={contractor}
          onChange={setContractor}
          options={[
            { value: '', label: w('batch.ownStaff') },
            ...(contractors.data?.items ?? []).map((c) => ({ value: c.unitId, label: `${c.name} ${c.code}` })),
          ]}
        />
        <label htmlFor={`${id} how`}>{w('batch.sampling')}</label>
        <Select
          id={`${id} how`}
          value={kind}
          onChange={setKind}
          options={(['full', 'percent', 'pages'] as const).map((value) => ({ value, label: w(`batch.sampling.${value}`) }))}
        />
        {kind !== 'full' && (
          <>
            <label htmlFor={`${id} size`}>{w('batch.size')}</label>
            <InputNumber id={`${id} size`} min={1} max={kind === 'percent' ? 100 : 10_000} precision={0} value={size} onChange={setSize} />
          </>
        )}
        <label htmlFor={`${id} limit`}>{w('batch.limitLabel')}</label>
        <InputNumber id={`${id} limit`} min={0} max={100} precision={0} value={limit} onChange={setLimit} />
        <label htmlFor={`${id} hours`}>{w('batch.hours')}</label>
        <InputNumber id={`${id} hours`} min={1} max={72} precision={0} value={hours} onChange={setHours} />
        {contractor && <p className="quiet">{w('batch.classifiedHelp')}</p>}
        <Refused error={create.error} />
        <Button type="primary" htmlType="submit" disabled={code.trim() === ''} loading={create.isPending}>
          {w('batch.make')}
        </Button>
      </form>
    </Modal>
  );
}
