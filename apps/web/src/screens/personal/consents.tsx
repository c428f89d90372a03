import { Button, Modal, Select } from 'antd';
import { useId, useState } from 'react';
import { useConsents, useExportRegister, useNotices, useRecordConsent, useWithdrawConsent } from '../../api/personal.ts';
import { isRefusal } from '../../api/refusal.ts';
import { useMay } from '../../api/session.ts';
import { Chip } from '../../parts/chip.tsx';
import { saveFile } from '../../parts/save-file.ts';
import { EmptyState, ErrorState, LoadingState } from '../../parts/states.tsx';
import { sayDay } from '../../words/dates.ts';
import { useWords } from '../../words/words.tsx';
import { DossierPicker } from '../capture/dossier-picker.tsx';

/** Records what a person signed on paper: told, or agreed, to the version in force. */
function RecordPaper({ close }: { close: () => void }) {
  const { w, code } = useWords();
  const ids = { dossier: useId(), notice: useId() };
  const notices = useNotices();
  const record = useRecordConsent();
  const [dossierId, setDossierId] = useState<string>();
  const [noticeCode, setNoticeCode] = useState<string>();
  const current = notices.data?.items.filter((n) => n.isCurrent) ?? [];
  const submit = () => dossierId && noticeCode && record.mutate({ dossierId, noticeCode }, { onSuccess: close });
  return (
    <Modal open title={w('personal.recordPaper')} footer={null} width={560} onCancel={close}>
      <div className="password-form">
        <label htmlFor={ids.dossier}>{w('personal.dossier')}</label>
        <DossierPicker id={ids.dossier} value={dossierId} onChange={setDossierId} />
        <label htmlFor={ids.notice}>{w('personal.noticeKind')}</label>
        <Select
          id={ids.notice}
          value={noticeCode ?? null}
          onChange={setNoticeCode}
          options={current.map((n) => ({
            value: n.code,
            label: `${w(`personal.notice.${n.kind}`)} · ${n.purposeCode} · ${w('personal.noticeVersion', { version: n.version })}`,
          }))}
        />
        {isRefusal(record.error) && (
          <p className="refusal" role="alert">
            {code(record.error.code, record.error.params)}
          </p>
        )}
        <Button type="primary" disabled={!dossierId || !noticeCode} loading={record.isPending} onClick={submit}>
          {w('personal.record')}
        </Button>
      </div>
    </Modal>
  );
}

/** Who was told and who agreed, to which version, by dossier code. */
export function ConsentsTab() {
  const { w, language } = useWords();
  const may = useMay();
  const { data, error, refetch } = useConsents();
  const withdraw = useWithdrawConsent();
  const exporting = useExportRegister();
  const [recording, setRecording] = useState(false);
  if (error) return <ErrorState error={error} retry={() => void refetch()} />;
  if (!data) return <LoadingState />;
  return (
    <>
      <div className="screen-head">
        <div className="stretch" />
        {may('processing.read') && (
          <Button
            loading={exporting.isPending}
            onClick={() => exporting.mutate('consent', { onSuccess: (bytes) => bytes && saveFile(bytes, 'consents.csv') })}
          >
            {w('personal.export')}
          </Button>
        )}
        <Button type="primary" onClick={() => setRecording(true)}>
          {w('personal.recordPaper')}
        </Button>
      </div>
      {data.items.length === 0 ? (
        <EmptyState title={w('personal.noConsents')}>{w('personal.noConsentsHelp')}</EmptyState>
      ) : (
        <ul className="personal-list card">
          {data.items.map((c) => (
            <li key={c.id} className="own-dossier">
              <strong className="num">{c.dossierCode}</strong>
              <span className="quiet">
                {w(`personal.notice.${c.kind}`)} · {w('personal.noticeVersion', { version: c.noticeVersion })} · {w(`personal.by.${c.way}`)}
              </span>
              <span className="states">
                {c.withdrawnAtMs === null ? (
                  <Chip tone="jade">{w('personal.givenOn', { day: sayDay(c.givenAtMs, language) })}</Chip>
                ) : (
                  <Chip>{w('personal.withdrawnOn', { day: sayDay(c.withdrawnAtMs, language) })}</Chip>
                )}
                {c.isOutdated && c.withdrawnAtMs === null && <Chip tone="amber">{w('personal.outdated')}</Chip>}
                {c.withdrawnAtMs === null && c.kind !== 'notice' && (
                  <Button size="small" loading={withdraw.isPending} onClick={() => withdraw.mutate(c.id)}>
                    {w('personal.withdrawConsent')}
                  </Button>
                )}
              </span>
            </li>
          ))}
        </ul>
      )}
      {recording && <RecordPaper close={() => setRecording(false)} />}
    </>
  );
}
