import { useMutation } from '@tanstack/react-query';
import { Alert, App, Checkbox, Form, Modal, Radio, Select } from 'antd';
import { api, type Purpose } from '../../api/client.ts';
import { answer, isRefusal } from '../../api/refusal.ts';
import { useMay } from '../../api/session.ts';
import { ReasonField } from '../../parts/reason-field.tsx';
import { saveFile } from '../../parts/save-file.ts';
import { useWords } from '../../words/words.tsx';
import { useDesk } from './desk-state.tsx';
import { TAKING_PURPOSES } from './take-dialog.tsx';

const FORMS = ['pdf-a-1b', 'pdf-a-2b', 'ofd'] as const;

interface Fields {
  which: 'dossier' | 'material';
  form: (typeof FORMS)[number];
  showsSensitive: boolean;
  purpose: Purpose;
  reason: string;
}

/** Asks the server for the copy and hands it to the browser. Each of its pages is an entry of the log. */
function useDossierCopy(onDone: () => void) {
  const { w } = useWords();
  const { dossier, material } = useDesk();
  const { message } = App.useApp();
  return useMutation({
    mutationFn: ({ which, form, showsSensitive, purpose, reason }: Fields) =>
      answer(
        api.POST('/api/v1/dossiers/{dossierId}/copies', {
          params: { path: { dossierId: dossier.id }, header: { 'lantai-purpose': purpose } },
          body: { form, showsSensitive, reason, ...(which === 'material' && material ? { materialIds: [material.id] } : {}) },
          parseAs: 'blob',
        }),
      ),
    onSuccess: (bytes, { form }) => {
      saveFile(bytes, `${dossier.code}-copy.${form === 'ofd' ? 'ofd' : 'pdf'}`);
      void message.success(w('copyOut.done'));
      onDone();
    },
  });
}

/** A dual-layer copy of the dossier or of the material in hand: in which form, what for, and whether its text is masked. */
export function CopyDialog({ open, onClose }: { open: boolean; onClose: () => void }) {
  const { w, code } = useWords();
  const may = useMay();
  const { desk, material } = useDesk();
  const [form] = Form.useForm<Fields>();
  const copy = useDossierCopy(() => {
    form.resetFields(['reason', 'showsSensitive']);
    onClose();
  });
  const close = () => {
    copy.reset();
    onClose();
  };
  const refusal = copy.error && (isRefusal(copy.error) ? code(copy.error.code, copy.error.params) : String(copy.error));
  const hasMaterialPages = (material?.pageIds.length ?? 0) > 0;
  return (
    <Modal
      open={open}
      title={w('copyOut.title')}
      okText={copy.isPending ? w('take.making') : w('copyOut.act')}
      cancelText={w('act.cancel')}
      onCancel={close}
      onOk={() => form.submit()}
      confirmLoading={copy.isPending}
      okButtonProps={{ disabled: desk.pages.length === 0 }}
      width={480}
      afterOpenChange={(isOpen) => isOpen && form.focusField('reason')}
      destroyOnHidden
    >
      {desk.pages.length === 0 ? (
        <p role="status">{w('take.none')}</p>
      ) : (
        <>
          <p className="quiet">{w('copyOut.about')}</p>
          <Form
            form={form}
            layout="vertical"
            requiredMark={false}
            initialValues={{ which: 'dossier', form: 'pdf-a-1b', showsSensitive: false, purpose: 'archive_work' }}
            onFinish={(fields) => copy.mutate({ ...fields, reason: fields.reason.trim() })}
          >
            <Form.Item name="which" label={w('take.which')}>
              <Radio.Group
                options={[
                  { value: 'dossier', label: w('copyOut.dossier', { count: desk.pages.length }) },
                  ...(hasMaterialPages
                    ? [{ value: 'material', label: w('take.which.material', { count: material?.pageIds.length ?? 0 }) }]
                    : []),
                ]}
              />
            </Form.Item>
            <Form.Item name="form" label={w('copyOut.form')}>
              <Radio.Group options={FORMS.map((value) => ({ value, label: w(`copyOut.form.${value}`) }))} />
            </Form.Item>
            {may('sensitive.reveal') && (
              <Form.Item name="showsSensitive" valuePropName="checked" extra={w('copyOut.sensitiveHelp')}>
                <Checkbox>{w('copyOut.sensitive')}</Checkbox>
              </Form.Item>
            )}
            <Form.Item name="purpose" label={w('take.purpose')} rules={[{ required: true }]}>
              <Select options={TAKING_PURPOSES.map((value) => ({ value, label: code(`purpose/${value}`) }))} />
            </Form.Item>
            <ReasonField help={w('take.reasonHelp')} />
          </Form>
          {refusal && <Alert type="error" showIcon role="alert" title={refusal} />}
        </>
      )}
    </Modal>
  );
}
