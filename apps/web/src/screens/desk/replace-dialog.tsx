import { App, Button, Input, Modal } from 'antd';
import { type FormEvent, useId, useState } from 'react';
import { EmptyState } from '../../parts/states.tsx';
import { useWords } from '../../words/words.tsx';
import { type Page, useThumbnails } from './desk-data.ts';
import { useDesk } from './desk-state.tsx';

/** Takes a loose page as the better scan of a page in hand: which one, and why. One step of undo. */
export function ReplaceDialog({ page, number, close }: { page: Page; number: number; close: () => void }) {
  const { w } = useWords();
  const { message } = App.useApp();
  const { desk, operate, openPage, isBusy } = useDesk();
  const id = useId();
  const loose = desk.pages.filter((one) => one.materialId === null);
  const [picked, pick] = useState<string | null>(loose[0]?.id ?? null);
  const [reason, setReason] = useState('');
  const leave = useThumbnails(desk.dossierId).data;
  const send = (event: FormEvent) => {
    event.preventDefault();
    if (picked === null || reason.trim() === '') return;
    operate(
      () => [{ type: 'replacePage', pageId: page.id, byPageId: picked, reason }],
      () => {
        void message.success(w('versions.replaced'));
        close();
        openPage(picked);
      },
    );
  };
  return (
    <Modal open title={w('versions.replaceTitle', { number })} footer={null} width={560} onCancel={close}>
      {loose.length === 0 ? (
        <EmptyState title={w('versions.replaceNone')} />
      ) : (
        <form className="password-form" onSubmit={send}>
          <fieldset className="scan-choice">
            <legend>{w('versions.replacePick')}</legend>
            {loose.map((one) => (
              <label key={one.id} className={picked === one.id ? 'on' : ''}>
                <input type="radio" name={id} value={one.id} checked={picked === one.id} onChange={() => pick(one.id)} />
                {leave && <img src={`${leave.base}/${one.id}.jpg?turned=${one.turned}`} alt="" />}
                <span>{one.fileName.split('/').pop()}</span>
              </label>
            ))}
          </fieldset>
          <label htmlFor={`${id}-why`}>{w('versions.replaceReason')}</label>
          <Input
            id={`${id}-why`}
            maxLength={300}
            placeholder={w('versions.replaceReasonHint')}
            value={reason}
            onChange={(event) => setReason(event.target.value)}
          />
          <p className="quiet">{w('versions.replaceHelp')}</p>
          <Button type="primary" htmlType="submit" disabled={picked === null || reason.trim() === ''} loading={isBusy}>
            {w('versions.replace')}
          </Button>
        </form>
      )}
    </Modal>
  );
}
