import { Form, InputNumber, Modal, Radio } from 'antd';
import { useId } from 'react';
import { useWords } from '../../words/words.tsx';
import type { Dossier } from './desk-data.ts';
import { useDesk } from './desk-state.tsx';

type Facts = Dossier['facts'];
type Answer = 'yes' | 'no' | 'unknown';

interface Fields {
  /** Absent where the scheme knows no conditions. */
  readonly conditions?: Readonly<Record<string, Answer>>;
  readonly firstYear: number | null;
  readonly lastYear: number | null;
}

const YEAR = { min: 1800, max: 2999, precision: 0, controls: false } as const;

/** What the form shows of known facts. */
const fieldsOf = ({ conditions, service }: Facts, codes: readonly string[]): Fields => ({
  conditions: Object.fromEntries(
    codes.map((code): [string, Answer] => [code, conditions[code] === undefined ? 'unknown' : conditions[code] ? 'yes' : 'no']),
  ),
  firstYear: service?.firstYear ?? null,
  lastYear: service?.lastYear ?? null,
});

const factsOf = ({ conditions = {}, firstYear, lastYear }: Fields): Facts => ({
  conditions: Object.fromEntries(
    Object.entries(conditions).flatMap(([code, answer]) => (answer === 'unknown' ? [] : [[code, answer === 'yes']])),
  ),
  service: firstYear === null || lastYear === null ? null : { firstYear, lastYear },
});

/** Mounted anew each time the dialogue opens: a form keeps what it was begun with. */
function FactsFields({ formId, onSaved }: { formId: string; onSaved: () => void }) {
  const { w, language } = useWords();
  const { dossier, scheme, operate } = useDesk();
  const [form] = Form.useForm<Fields>();
  const isTyped = { firstYear: Form.useWatch('firstYear', form), lastYear: Form.useWatch('lastYear', form) };
  const conditions = scheme?.conditions ?? [];
  const save = (fields: Fields) =>
    operate(
      () => [{ type: 'editDossier', facts: { ...factsOf(fields), ...(dossier.facts.judged ? { judged: dossier.facts.judged } : {}) } }],
      onSaved,
    );
  // One year alone says nothing: both or none.
  const paired = (other: 'firstYear' | 'lastYear') => [{ required: typeof isTyped[other] === 'number', message: w('new.required') }];
  const answers = (['yes', 'no', 'unknown'] as const).map((value) => ({ value, label: w(`facts.${value}`) }));
  return (
    <Form
      id={formId}
      form={form}
      layout="vertical"
      initialValues={fieldsOf(
        dossier.facts,
        conditions.map((c) => c.code),
      )}
      onFinish={save}
    >
      {conditions.map(({ code, name }) => (
        <Form.Item key={code} name={['conditions', code]} label={name[language]}>
          <Radio.Group options={answers} aria-label={name[language]} />
        </Form.Item>
      ))}
      <Form.Item label={w('facts.service')} style={{ marginBottom: 0 }}>
        <Form.Item name="firstYear" rules={paired('lastYear')} style={{ display: 'inline-block', marginInlineEnd: 8 }}>
          <InputNumber {...YEAR} aria-label={w('facts.first')} placeholder={w('facts.first')} />
        </Form.Item>
        <Form.Item name="lastYear" rules={paired('firstYear')} style={{ display: 'inline-block' }}>
          <InputNumber {...YEAR} aria-label={w('facts.last')} placeholder={w('facts.last')} />
        </Form.Item>
      </Form.Item>
    </Form>
  );
}

/** What is known of the subject: on it hangs which materials the dossier must hold. */
export function FactsForm({ open, onClose }: { open: boolean; onClose: () => void }) {
  const { w } = useWords();
  const { isBusy } = useDesk();
  const formId = useId();
  return (
    <Modal
      open={open}
      title={w('facts.title')}
      okText={w('desk.save')}
      cancelText={w('act.cancel')}
      onCancel={onClose}
      okButtonProps={{ htmlType: 'submit', form: formId }}
      confirmLoading={isBusy}
      destroyOnHidden
    >
      <p className="quiet">{w('facts.text')}</p>
      <FactsFields formId={formId} onSaved={onClose} />
    </Modal>
  );
}
