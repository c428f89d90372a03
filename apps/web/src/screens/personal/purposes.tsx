import { Button, Modal } from 'antd';
import { useState } from 'react';
import { type ProcessingPurpose, useKeepNotice, useKeepPurpose, useNotices, usePurposes } from '../../api/personal.ts';
import { useMay } from '../../api/session.ts';
import { Chip } from '../../parts/chip.tsx';
import { ErrorState, LoadingState } from '../../parts/states.tsx';
import { useWords } from '../../words/words.tsx';
import { Limits } from './limits.tsx';
import { TextForm } from './text-form.tsx';

const BASES = ['consent', 'contract_hr', 'legal_duty', 'emergency', 'news', 'published', 'other_law'] as const;

function EditPurpose({ purpose, close }: { purpose: ProcessingPurpose; close: () => void }) {
  const { w } = useWords();
  const keep = useKeepPurpose();
  const { code, version, madeAtMs: _, ...body } = purpose;
  return (
    <Modal open title={purpose.name.zh} footer={null} width={620} onCancel={close}>
      <TextForm
        fields={[
          {
            key: 'basis',
            label: w('personal.basis'),
            kind: 'choice',
            value: body.basis,
            options: BASES.map((value) => ({ value, label: w(`personal.basis.${value}`) })),
          },
          { key: 'kinds', label: w('personal.kinds'), kind: 'text', value: body.kinds },
          { key: 'sensitive', label: w('personal.sensitive'), kind: 'tick', value: body.sensitive ? '1' : '' },
          { key: 'necessity', label: w('personal.necessity'), kind: 'text', optional: true, value: body.necessity },
          { key: 'retention', label: w('personal.retention'), kind: 'text', value: body.retention },
          { key: 'recipients', label: w('personal.recipients'), kind: 'text', optional: true, value: body.recipients },
          { key: 'retired', label: w('personal.retire'), kind: 'tick', value: body.retired ? '1' : '' },
        ]}
        submitLabel={w(version === 0 ? 'personal.adopt' : 'personal.newVersion')}
        pending={keep.isPending}
        error={keep.error}
        submit={(v) =>
          keep.mutate(
            {
              code,
              body: {
                ...body,
                basis: v.basis as ProcessingPurpose['basis'],
                kinds: v.kinds ?? '',
                sensitive: v.sensitive === '1',
                necessity: v.necessity ?? '',
                retention: v.retention ?? '',
                recipients: v.recipients ?? '',
                retired: v.retired === '1',
                after: version,
              },
            },
            { onSuccess: close },
          )
        }
      />
    </Modal>
  );
}

function NewNotice({ purposes, close }: { purposes: readonly ProcessingPurpose[]; close: () => void }) {
  const { w, language } = useWords();
  const keep = useKeepNotice();
  return (
    <Modal open title={w('personal.newNotice')} footer={null} width={620} onCancel={close}>
      <TextForm
        fields={[
          {
            key: 'purposeCode',
            label: w('personal.purpose'),
            kind: 'choice',
            options: purposes.map((p) => ({ value: p.code, label: p.name[language] })),
          },
          {
            key: 'kind',
            label: w('personal.noticeKind'),
            kind: 'choice',
            value: 'notice',
            options: (['notice', 'consent', 'separate_consent'] as const).map((value) => ({ value, label: w(`personal.notice.${value}`) })),
          },
          { key: 'zh', label: w('personal.textZh'), kind: 'text' },
          { key: 'en', label: w('personal.textEn'), kind: 'text', optional: true },
        ]}
        submitLabel={w('personal.newVersion')}
        pending={keep.isPending}
        error={keep.error}
        submit={({ purposeCode = '', kind, zh = '', en = '' }) =>
          keep.mutate(
            {
              code: `${purposeCode}-${(kind ?? '').replace('_', '-')}`.slice(0, 60),
              kind: kind as 'notice',
              purposeCode,
              text: { zh, en },
            },
            { onSuccess: close },
          )
        }
      />
    </Modal>
  );
}

/** Purposes with their legal basis, and the texts that persons are told or agree to. */
export function PurposesTab() {
  const { w, language } = useWords();
  const may = useMay();
  const purposes = usePurposes();
  const notices = useNotices();
  const [editing, setEditing] = useState<ProcessingPurpose | null>(null);
  const [wording, setWording] = useState(false);
  const error = purposes.error ?? notices.error;
  if (error) return <ErrorState error={error} retry={() => void purposes.refetch()} />;
  if (!purposes.data || !notices.data) return <LoadingState />;
  const adopted = purposes.data.items.filter((p) => p.version > 0 && !p.retired);
  return (
    <>
      <ul className="personal-list card">
        {purposes.data.items.map((p) => (
          <li key={p.code} className="own-dossier">
            <strong>{p.name[language]}</strong>
            <span className="quiet">{w(`personal.basis.${p.basis}`)}</span>
            <span className="states">
              {p.sensitive && <Chip tone="amber">{w('personal.sensitive')}</Chip>}
              {p.version === 0 ? (
                <Chip>{w('personal.proposed')}</Chip>
              ) : (
                <Chip tone="jade">{w('personal.version', { version: p.version })}</Chip>
              )}
              {p.retired && <Chip>{w('personal.retired')}</Chip>}
              {may('processing.keep') && (
                <Button size="small" onClick={() => setEditing(p)}>
                  {w(p.version === 0 ? 'personal.adopt' : 'personal.change')}
                </Button>
              )}
            </span>
          </li>
        ))}
      </ul>
      <div className="screen-head texts-head">
        <h2>{w('personal.notices')}</h2>
        <div className="stretch" />
        {may('processing.keep') && (
          <Button disabled={adopted.length === 0} onClick={() => setWording(true)}>
            {w('personal.newNotice')}
          </Button>
        )}
      </div>
      {notices.data.items.length === 0 ? (
        <p className="quiet">{w('personal.noNotices')}</p>
      ) : (
        <ul className="personal-list card">
          {notices.data.items.map((n) => (
            <li key={`${n.code}/${n.version}`} className="own-dossier">
              <strong>{w(`personal.notice.${n.kind}`)}</strong>
              <details>
                <summary>
                  {purposes.data.items.find((p) => p.code === n.purposeCode)?.name[language]} ·{' '}
                  {w('personal.noticeVersion', { version: n.version })}
                </summary>
                <p className="notice-text">{(language === 'en' && n.text.en) || n.text.zh}</p>
              </details>
              <span className="states">{n.isCurrent && <Chip tone="jade">{w('personal.current')}</Chip>}</span>
            </li>
          ))}
        </ul>
      )}
      <Limits />
      {editing && <EditPurpose purpose={editing} close={() => setEditing(null)} />}
      {wording && <NewNotice purposes={adopted} close={() => setWording(false)} />}
    </>
  );
}
