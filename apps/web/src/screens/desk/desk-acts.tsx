import { DownOutlined } from '@ant-design/icons';
import { useNavigate } from '@tanstack/react-router';
import { Button, Dropdown } from 'antd';
import { useState } from 'react';
import { useMay } from '../../api/session.ts';
import { useShortcuts } from '../../keys/shortcuts.tsx';
import { KeyHint } from '../../parts/key-cap.tsx';
import { useNarrow } from '../../parts/narrow.ts';
import { useWords } from '../../words/words.tsx';
import { PhoneLinkButton } from '../capture/phone-link.tsx';
import { ScanDialog } from '../capture/scan-dialog.tsx';
import { KinshipDialog } from '../consultations/kinship-form.tsx';
import { WhyDialog } from '../policy/why-form.tsx';
import { CopyDialog } from './copy-dialog.tsx';
import { CountDialog } from './count-dialog.tsx';
import { type DeskForm, type DeskMenu, useDeskMenu } from './desk-menu.ts';
import { useDesk } from './desk-state.tsx';
import { FactsForm } from './facts-form.tsx';
import { QualityDialog } from './quality-dialog.tsx';
import { RecordForm } from './record-form.tsx';
import { TakeDialog } from './take-dialog.tsx';

/** Keys of the desk as a whole. */
function useDeskKeys(open: (form: DeskForm) => void, { nextReview, confirmSure }: Pick<DeskMenu, 'nextReview' | 'confirmSure'>): void {
  const may = useMay();
  const { mayArrange } = useDesk();
  useShortcuts('keys.desk', [
    ...(mayArrange
      ? [
          { keys: 'a', label: 'record.title', run: () => open('record') } as const,
          { keys: 'q', label: 'review.next', run: nextReview } as const,
          { keys: 'e', label: 'desk.confirmSureShort', run: confirmSure } as const,
        ]
      : []),
    ...(may('page.print') ? [{ keys: 'p', label: 'take.print', run: () => open('print') } as const] : []),
    ...(may('page.copy') ? [{ keys: 'c', label: 'take.copy', run: () => open('copy') } as const] : []),
  ]);
}

/** What can be done with a dossier; on a phone most of it is in the menu. */
export function DeskActs() {
  const { w } = useWords();
  const may = useMay();
  const narrow = useNarrow();
  const navigate = useNavigate();
  const { dossier, desk, undo, mayArrange, isBusy } = useDesk();
  const [form, setForm] = useState<DeskForm | null>(null);
  const close = () => setForm(null);
  const add = () => void navigate({ to: '/capture', search: { dossierId: dossier.id } });
  const { menu, isWorking, ...asked } = useDeskMenu(setForm, add);
  useDeskKeys(setForm, asked);
  return (
    <div className="desk-acts">
      {mayArrange && !narrow && (
        <Button onClick={undo} disabled={!desk.undo || isBusy}>
          {w('desk.undo')}
          <KeyHint keys="u" />
        </Button>
      )}
      <Dropdown trigger={['click']} menu={{ ...menu, className: 'desk-menu' }}>
        <Button loading={isWorking} icon={<DownOutlined aria-hidden />} iconPlacement="end">
          {w('desk.more')}
        </Button>
      </Dropdown>
      {may('page.import') && <PhoneLinkButton dossierId={dossier.id} />}
      {may('page.import') && !narrow && (
        <Button type="primary" onClick={add}>
          {w('desk.addPages')}
        </Button>
      )}
      {may('page.print') && <TakeDialog what="print" open={form === 'print'} onClose={close} />}
      {may('page.copy') && <TakeDialog what="copy" open={form === 'copy'} onClose={close} />}
      {may('page.copy') && <CopyDialog open={form === 'copyOut'} onClose={close} />}
      {form === 'count' && <CountDialog dossierId={dossier.id} onClose={close} />}
      {form === 'scan' && <ScanDialog dossierId={dossier.id} onClose={close} />}
      {form === 'quality' && <QualityDialog onClose={close} />}
      {mayArrange && <RecordForm open={form === 'record'} onClose={close} />}
      {mayArrange && <FactsForm open={form === 'facts'} onClose={close} />}
      {form === 'why' && <WhyDialog dossierId={dossier.id} close={close} />}
      {form === 'kinship' && <KinshipDialog dossierId={dossier.id} close={close} declared={() => void navigate({ to: '/dossiers' })} />}
    </div>
  );
}
