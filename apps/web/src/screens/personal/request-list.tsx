import { Button, Modal, Select } from 'antd';
import { useId, useState } from 'react';
import { type RequestKind, type SubjectRequest, useExportRegister, useMakeRequest, useRequests } from '../../api/personal.ts';
import { useMay } from '../../api/session.ts';
import { saveFile } from '../../parts/save-file.ts';
import { EmptyState, ErrorState, LoadingState } from '../../parts/states.tsx';
import { sayDay } from '../../words/dates.ts';
import { useWords } from '../../words/words.tsx';
import { DossierPicker } from '../capture/dossier-picker.tsx';
import { RequestChips } from './request-chips.tsx';
import { RequestDialog } from './request-dialog.tsx';
import { TextForm } from './text-form.tsx';

const KINDS: readonly RequestKind[] = ['see', 'copy', 'correct', 'restrict', 'delete', 'explain'];

/** Makes a request: the person of the own dossiers, an archivist at the desk of any that is chosen. */
export function NewRequest({ own, close }: { own: readonly { dossierId: string; code: string }[] | null; close: () => void }) {
  const { w } = useWords();
  const ids = { dossier: useId(), kind: useId() };
  const [dossierId, setDossierId] = useState(own?.[0]?.dossierId);
  const [kind, setKind] = useState<RequestKind>('see');
  const make = useMakeRequest();
  return (
    <Modal open title={w(own ? 'personal.ask' : 'personal.receive')} footer={null} width={560} onCancel={close}>
      <div className="password-form">
        <label htmlFor={ids.dossier}>{w('personal.dossier')}</label>
        {own ? (
          <Select
            id={ids.dossier}
            value={dossierId ?? null}
            onChange={setDossierId}
            options={own.map((d) => ({ value: d.dossierId, label: d.code }))}
          />
        ) : (
          <DossierPicker id={ids.dossier} value={dossierId} onChange={setDossierId} />
        )}
        <label htmlFor={ids.kind}>{w('personal.kind')}</label>
        <Select
          id={ids.kind}
          value={kind}
          onChange={setKind}
          options={KINDS.map((value) => ({ value, label: w(`personal.kind.${value}`) }))}
        />
      </div>
      <p className="quiet">{w(`personal.kindHelp.${kind}`)}</p>
      <TextForm
        key={kind}
        fields={[
          { key: 'text', label: w('personal.text'), kind: 'text' },
          ...(kind === 'correct' ? [{ key: 'evidence', label: w('personal.evidence'), kind: 'text' as const }] : []),
        ]}
        submitLabel={w(own ? 'personal.ask' : 'personal.receive')}
        pending={make.isPending}
        error={make.error}
        submit={({ text = '', evidence }) =>
          dossierId && make.mutate({ dossierId, kind, text, ...(evidence ? { evidence } : {}) }, { onSuccess: close })
        }
      />
    </Modal>
  );
}

/** A list of requests, each a door to its steps. */
export function RequestLines({ items, open }: { items: readonly SubjectRequest[]; open: (id: string) => void }) {
  const { w, language } = useWords();
  return (
    <ul className="personal-list card">
      {items.map((request) => (
        <li key={request.id}>
          <button type="button" className="line-button" onClick={() => open(request.id)}>
            <strong>{w(`personal.kind.${request.kind}`)}</strong>
            <span className="num">{request.dossierCode}</span>
            <span className="quiet">
              {sayDay(request.receivedAtMs, language)} · {w(`personal.from.${request.way}`)}
            </span>
            <RequestChips request={request} />
          </button>
        </li>
      ))}
    </ul>
  );
}

/** Requests that wait for an answer, then those that had one: the archivist's list. */
export function RequestsTab() {
  const { w } = useWords();
  const may = useMay();
  const { data, error, refetch } = useRequests();
  const [opened, setOpened] = useState<string | null>(null);
  const [receiving, setReceiving] = useState(false);
  const exporting = useExportRegister();
  if (error) return <ErrorState error={error} retry={() => void refetch()} />;
  if (!data) return <LoadingState />;
  const request = data.items.find((item) => item.id === opened);
  const overdue = data.items.filter((item) => item.isOverdue).length;
  return (
    <>
      <div className="screen-head">
        <span className="quiet">
          {overdue > 0 ? w('personal.overdueCount', { count: overdue }) : w('personal.count', { count: data.items.length })}
        </span>
        <div className="stretch" />
        {may('processing.read') && (
          <Button
            loading={exporting.isPending}
            onClick={() => exporting.mutate('request', { onSuccess: (bytes) => bytes && saveFile(bytes, 'requests.csv') })}
          >
            {w('personal.export')}
          </Button>
        )}
        <Button type="primary" onClick={() => setReceiving(true)}>
          {w('personal.receive')}
        </Button>
      </div>
      {data.items.length === 0 ? (
        <EmptyState title={w('personal.none')}>{w('personal.noneHelp')}</EmptyState>
      ) : (
        <RequestLines items={data.items} open={setOpened} />
      )}
      {receiving && <NewRequest own={null} close={() => setReceiving(false)} />}
      {request && <RequestDialog key={`${request.id}/${request.state}`} request={request} close={() => setOpened(null)} />}
    </>
  );
}
