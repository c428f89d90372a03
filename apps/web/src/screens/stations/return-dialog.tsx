import { App, Button, Input, Modal, Select } from 'antd';
import { type FormEvent, useId, useState } from 'react';
import { type Station, useReturnClaim } from '../../api/stations.ts';
import { Refused } from '../../parts/refused.tsx';
import { useWords } from '../../words/words.tsx';
import { returnsFrom } from './station-order.ts';

/** Sends a dossier back to a station before (返工). */
export function ReturnDialog({
  claim,
  suggested,
  close,
  done,
}: {
  claim: { readonly id: string; readonly station: Station; readonly dossierCode: string };
  /** Where the marked defects lead back to. */
  suggested?: Station | undefined;
  close: () => void;
  done?: () => void;
}) {
  const { w } = useWords();
  const { message } = App.useApp();
  const id = useId();
  const back = returnsFrom(claim.station);
  const [toStation, setToStation] = useState<Station | undefined>(suggested ?? back.at(-1));
  const [reason, setReason] = useState('');
  const send = useReturnClaim();
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!toStation) return;
    send.mutate(
      { id: claim.id, toStation, reason },
      {
        onSuccess: () => {
          void message.success(w('station.returnedTo', { station: w(`station.${toStation}`) }));
          close();
          done?.();
        },
      },
    );
  };
  return (
    <Modal open title={w('station.returnTitle', { code: claim.dossierCode })} footer={null} onCancel={close} width={480}>
      <form className="password-form" onSubmit={submit}>
        <label htmlFor={`${id} to`}>{w('station.returnTo')}</label>
        <Select
          id={`${id} to`}
          value={toStation ?? null}
          onChange={(station) => station && setToStation(station)}
          options={back.map((station) => ({ value: station, label: w(`station.${station}`) }))}
        />
        <label htmlFor={`${id} why`}>{w('station.returnReason')}</label>
        <Input.TextArea
          id={`${id} why`}
          maxLength={500}
          autoSize={{ minRows: 2, maxRows: 6 }}
          value={reason}
          onChange={(event) => setReason(event.target.value)}
        />
        <Refused error={send.error} />
        <Button type="primary" danger htmlType="submit" disabled={!toStation} loading={send.isPending}>
          {w('station.return')}
        </Button>
      </form>
    </Modal>
  );
}
