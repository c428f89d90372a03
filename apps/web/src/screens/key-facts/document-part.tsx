import { Link } from '@tanstack/react-router';
import { App, Button, Modal, Popconfirm, Select } from 'antd';
import { type FormEvent, useId, useState } from 'react';
import { type Determination, useAttachDocument, useMakeDocument } from '../../api/key-facts.ts';
import { Refused, useSayRefusal } from '../../parts/refused.tsx';
import { EmptyState, LoadingState } from '../../parts/states.tsx';
import { sayMoment } from '../../words/dates.ts';
import { useWords } from '../../words/words.tsx';
import { useDeskQuery } from '../desk/desk-data.ts';

/** Takes a confirmed material of the dossier, the scan of what came on paper, as the document. */
function AttachDialog({ dossierId, determination, close }: { dossierId: string; determination: Determination; close: () => void }) {
  const { w } = useWords();
  const { message } = App.useApp();
  const id = useId();
  const desk = useDeskQuery(dossierId, {});
  const [materialId, choose] = useState<string | null>(null);
  const attach = useAttachDocument(dossierId);
  const known = determination.documents[0]?.materialId;
  const materials = desk.data?.materials.filter((m) => m.state === 'confirmed' && m.pageIds.length > 0 && m.id !== known) ?? [];
  const send = (event: FormEvent) => {
    event.preventDefault();
    if (materialId === null) return;
    attach.mutate(
      { id: determination.id, materialId },
      {
        onSuccess: () => {
          void message.success(w('keyFact.documentFiled'));
          close();
        },
      },
    );
  };
  return (
    <Modal open title={w('keyFact.documentAttach')} footer={null} width={520} onCancel={close}>
      {!desk.data && <LoadingState />}
      {desk.data && materials.length === 0 && <EmptyState title={w('keyFact.documentNone')}>{w('keyFact.documentNoneHelp')}</EmptyState>}
      {materials.length > 0 && (
        <form className="password-form" onSubmit={send}>
          <label htmlFor={id}>{w('keyFact.documentPick')}</label>
          <Select
            id={id}
            value={materialId}
            options={materials.map((m) => ({ value: m.id, label: [m.code, m.title, m.date].filter(Boolean).join(' · ') }))}
            onChange={choose}
          />
          <p className="quiet">{w('keyFact.documentAttachHelp')}</p>
          <Refused error={attach.error} />
          <Button type="primary" htmlType="submit" disabled={materialId === null} loading={attach.isPending}>
            {w('keyFact.documentAttachAct')}
          </Button>
        </form>
      )}
    </Modal>
  );
}

interface DocumentPartProps {
  readonly dossierId: string;
  readonly determination: Determination;
  readonly mayDecide: boolean;
  /** Titles of materials, by id: what was taken apart has none. */
  readonly titleOf: (materialId: string) => string | null;
}

/** What a determination was filed as (认定材料), the newest first, and how to file it. */
export function DocumentPart({ dossierId, determination: d, mayDecide, titleOf }: DocumentPartProps) {
  const { w, language } = useWords();
  const { message } = App.useApp();
  const sayRefusal = useSayRefusal();
  const make = useMakeDocument(dossierId);
  const [isAttaching, setAttaching] = useState(false);
  if (d.state !== 'confirmed') return null;
  const makeNow = () => make.mutate(d.id, { onSuccess: () => void message.success(w('keyFact.documentFiled')), onError: sayRefusal });
  const isFiled = d.documents.length > 0;
  const makeButton = (onClick?: () => void) => (
    <Button loading={make.isPending} {...(onClick ? { onClick } : {})}>
      {w('keyFact.documentMake')}
    </Button>
  );
  return (
    <div className="determination-document">
      {!isFiled && <p className="quiet">{w('keyFact.documentMissing')}</p>}
      <ul>
        {d.documents.map((document, at) => {
          const title = titleOf(document.materialId);
          return (
            <li key={`${document.materialId} ${document.atMs}`} className={at === 0 ? undefined : 'quiet'}>
              {w(at === 0 ? 'keyFact.document' : 'keyFact.documentFormer')}{' '}
              {title === null ? (
                w('keyFact.documentGone')
              ) : (
                <Link to="/dossiers/$dossierId" params={{ dossierId }} search={{ material: document.materialId }}>
                  {title}
                </Link>
              )}{' '}
              <span className="quiet">
                {w(`keyFact.documentWay.${document.way}`, { name: document.byName, at: sayMoment(document.atMs, language) })}
              </span>
            </li>
          );
        })}
      </ul>
      {mayDecide && (
        <div className="acts">
          {isFiled ? (
            <Popconfirm title={w('keyFact.documentAgainSure')} onConfirm={makeNow}>
              {makeButton()}
            </Popconfirm>
          ) : (
            makeButton(makeNow)
          )}
          <Button onClick={() => setAttaching(true)}>{w('keyFact.documentAttach')}</Button>
        </div>
      )}
      {isAttaching && <AttachDialog dossierId={dossierId} determination={d} close={() => setAttaching(false)} />}
    </div>
  );
}
