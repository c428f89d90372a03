import { useQueryClient } from '@tanstack/react-query';
import { App, Button, Checkbox, Modal } from 'antd';
import { useState } from 'react';
import { choosePurpose, type Purpose } from '../../api/client.ts';
import { type Consultation, useAttend } from '../../api/rights.ts';
import { Refused } from '../../parts/refused.tsx';
import { sayMoment } from '../../words/dates.ts';
import { useWords } from '../../words/words.tsx';
import { KinshipDialog } from './kinship-form.tsx';

/** From here on the session looks for the approved purpose; whatever was read for another one is asked anew. */
export function useWorkFor(): (consultation: Consultation) => Promise<void> {
  const queries = useQueryClient();
  return async ({ purposes }) => {
    const purpose = purposes.find((one) => one !== 'administration');
    if (purpose) choosePurpose(purpose as Purpose);
    await queries.invalidateQueries();
  };
}

/** A reader comes in: states not to be related, signs, and is there for four hours. Or says to be a relative, and stays out. */
export function AttendDialog({ consultation, close }: { consultation: Consultation; close: () => void }) {
  const { w, language } = useWords();
  const { message } = App.useApp();
  const [agreed, setAgreed] = useState(false);
  const [isRelative, setIsRelative] = useState(false);
  const attend = useAttend();
  const workFor = useWorkFor();
  const { code, id, kind } = consultation.target;
  if (isRelative) return <KinshipDialog dossierId={id} help={w('consult.isRelativeHelp')} close={close} />;
  const sign = () =>
    attend.mutate(consultation.id, {
      onSuccess: async ({ presentUntilMs }) => {
        await workFor(consultation);
        void message.success(w('consult.attended', { at: sayMoment(presentUntilMs, language) }));
        close();
      },
    });
  return (
    <Modal open title={w('consult.attend')} footer={null} width={520} onCancel={close}>
      <p className="statement">{w(kind === 'unit' ? 'consult.statementUnit' : 'consult.statement', { code })}</p>
      <p className="quiet">{w('consult.statementHelp')}</p>
      <Checkbox checked={agreed} onChange={(event) => setAgreed(event.target.checked)}>
        {w('consult.statementAgree')}
      </Checkbox>
      <Refused error={attend.error} />
      <div className="acts-row attend-acts">
        <Button type="primary" disabled={!agreed} loading={attend.isPending} onClick={sign}>
          {w('consult.sign')}
        </Button>
        {kind === 'dossier' && <Button onClick={() => setIsRelative(true)}>{w('consult.isRelative')}</Button>}
      </div>
    </Modal>
  );
}
