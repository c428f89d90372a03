import { useMutation } from '@tanstack/react-query';
import { Alert, App, Form, InputNumber, Modal, Radio, Select } from 'antd';
import { api, type Purpose } from '../../api/client.ts';
import { answer, isRefusal } from '../../api/refusal.ts';
import { ReasonField } from '../../parts/reason-field.tsx';
import { saveFile } from '../../parts/save-file.ts';
import { useWords } from '../../words/words.tsx';
import { useDesk } from './desk-state.tsx';

/** What is taken along: faces of paper, or the image of a page. */
export type Taking = 'print' | 'copy';

/** Purposes of use, the commonest first. Source: rules §1.1.5, the 2018 Regulation. */
export const TAKING_PURPOSES: readonly Purpose[] = [
  'archive_work',
  'personnel_decision',
  'political_review',
  'talent',
  'discipline',
  'daily_management',
  'lawful_interest',
  'history',
  'verification',
  'own_file',
];
const FACES_MAX = 60;
const COPIES_MAX = 10;

interface Fields {
  which: 'page' | 'selected' | 'material';
  purpose: Purpose;
  copies: number;
  reason: string;
}

/** The pages each choice stands for; a choice without pages is not offered. */
function usePageSets(): Record<Fields['which'], readonly string[]> {
  const { page, material, selected, desk } = useDesk();
  const ids = desk.pages.map((p) => p.id);
  return {
    page: page ? [page.id] : [],
    selected: ids.filter((id) => selected.has(id)),
    material: material?.pageIds ?? [],
  };
}

/** Asks the server for the print or copy and hands it to the browser. Each is entries of the log. */
function useTake(what: Taking, onDone: () => void) {
  const { w } = useWords();
  const { dossier } = useDesk();
  const { message } = App.useApp();
  return useMutation({
    mutationFn: async ({ pageIds, purpose, copies, reason }: Omit<Fields, 'which'> & { pageIds: readonly string[] }) => {
      const header = { 'lantai-purpose': purpose };
      if (what === 'copy')
        return answer(
          api.POST('/api/v1/pages/{pageId}/copies', {
            params: { path: { pageId: pageIds[0] ?? '' }, header },
            body: { reason },
            parseAs: 'blob',
          }),
        );
      return answer(
        api.POST('/api/v1/dossiers/{dossierId}/prints', {
          params: { path: { dossierId: dossier.id }, header },
          body: { pageIds: [...pageIds], copies, reason },
          parseAs: 'blob',
        }),
      );
    },
    onSuccess: (bytes) => {
      saveFile(bytes, `${dossier.code}-${what}.${what === 'print' ? 'pdf' : 'jpg'}`);
      void message.success(w(`take.${what}.done`));
      onDone();
    },
  });
}

/** Pages on paper or a copy of one, with what for: both bear marks that name who took them, and say so before. */
export function TakeDialog({ what, open, onClose }: { what: Taking; open: boolean; onClose: () => void }) {
  const { w, code } = useWords();
  const [form] = Form.useForm<Fields>();
  const sets = usePageSets();
  const take = useTake(what, () => {
    form.resetFields(['reason']);
    onClose();
  });
  const choices = (['page', 'selected', 'material'] as const).filter((which) => sets[which].length > 0);
  const which = Form.useWatch('which', form) ?? 'page';
  const copies = Form.useWatch('copies', form) ?? 1;
  const faces = what === 'print' ? sets[which].length * copies : 1;
  const isTooMany = faces > FACES_MAX;
  const close = () => {
    take.reset();
    onClose();
  };
  const send = ({ purpose, reason, ...rest }: Fields) =>
    take.mutate({
      pageIds: what === 'copy' ? sets.page : sets[rest.which ?? 'page'],
      copies: rest.copies ?? 1,
      purpose,
      reason: reason.trim(),
    });
  const refusal = take.error && (isRefusal(take.error) ? code(take.error.code, take.error.params) : String(take.error));
  return (
    <Modal
      open={open}
      title={w(`take.${what}`)}
      okText={take.isPending ? w('take.making') : w(`take.${what}.act`)}
      cancelText={w('act.cancel')}
      onCancel={close}
      onOk={() => form.submit()}
      confirmLoading={take.isPending}
      okButtonProps={{ disabled: isTooMany || choices.length === 0 }}
      width={480}
      // The dialog takes the focus when it opens; the field that must be filled in gets it after.
      afterOpenChange={(isOpen) => isOpen && form.focusField('reason')}
      destroyOnHidden
    >
      {choices.length === 0 ? (
        <p role="status">{w('take.none')}</p>
      ) : (
        <>
          <p className="quiet">{w('take.marked')}</p>
          <Form
            form={form}
            layout="vertical"
            requiredMark={false}
            initialValues={{ which: choices.includes('selected') ? 'selected' : choices[0], purpose: 'archive_work', copies: 1 }}
            onFinish={send}
          >
            {what === 'print' && (
              <>
                <Form.Item name="which" label={w('take.which')}>
                  <Radio.Group
                    options={choices.map((value) => ({ value, label: w(`take.which.${value}`, { count: sets[value].length }) }))}
                  />
                </Form.Item>
                <Form.Item name="copies" label={w('take.copies')} extra={w('take.faces', { count: faces })}>
                  <InputNumber min={1} max={COPIES_MAX} precision={0} />
                </Form.Item>
              </>
            )}
            <Form.Item name="purpose" label={w('take.purpose')} rules={[{ required: true }]}>
              <Select options={TAKING_PURPOSES.map((value) => ({ value, label: code(`purpose/${value}`) }))} />
            </Form.Item>
            <ReasonField help={w('take.reasonHelp')} />
          </Form>
          {isTooMany && <Alert type="warning" showIcon title={code('print/too-many', { facesMax: FACES_MAX })} />}
          {refusal && <Alert type="error" showIcon role="alert" title={refusal} />}
        </>
      )}
    </Modal>
  );
}
