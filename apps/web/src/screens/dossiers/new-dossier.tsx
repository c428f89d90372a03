import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Form, Input, InputNumber, Modal, Segmented, Select } from 'antd';
import { useEffect } from 'react';
import { api, type Schemas } from '../../api/client.ts';
import { useSchemes, useUnits } from '../../api/house.ts';
import { answer, isRefusal } from '../../api/refusal.ts';
import { useWords } from '../../words/words.tsx';

interface Fields {
  kind: 'person' | 'unit' | 'matter';
  name: string;
  idNumber?: string;
  sex?: 'male' | 'female';
  birthYear?: number;
  schemeId: string;
  unitId: string;
  code?: string;
  copySet: 'original' | 'duplicate';
}

const text = (value: string | undefined) => value?.trim() || undefined;

function bodyOf(f: Fields): Schemas['NewDossier'] {
  const [code, idNumber] = [text(f.code), text(f.idNumber)];
  return {
    unitId: f.unitId,
    schemeId: f.schemeId,
    copySet: f.copySet,
    ...(code ? { code } : {}),
    subject: {
      kind: f.kind,
      name: f.name.trim(),
      ...(f.kind === 'person' && idNumber ? { idNumber } : {}),
      ...(f.kind === 'person' && f.sex ? { sex: f.sex } : {}),
      ...(f.kind === 'person' && f.birthYear ? { birthYear: f.birthYear } : {}),
    },
  };
}

function PersonFields() {
  const { w } = useWords();
  return (
    <>
      <Form.Item name="idNumber" label={w('new.idNumber')}>
        <Input maxLength={40} autoComplete="off" />
      </Form.Item>
      <div className="two">
        <Form.Item name="sex" label={w('new.sex')}>
          <Select
            allowClear
            options={[
              { value: 'female', label: w('sex.female') },
              { value: 'male', label: w('sex.male') },
            ]}
          />
        </Form.Item>
        <Form.Item name="birthYear" label={w('new.birthYear')}>
          <InputNumber min={1800} max={2999} controls={false} className="wide" />
        </Form.Item>
      </div>
    </>
  );
}

/** A dossier for a person, a unit or a matter; its archival code is given when none is typed. */
export function NewDossier({ open, onClose, onMade }: { open: boolean; onClose: () => void; onMade: (dossierId: string) => void }) {
  const { w, code, language } = useWords();
  const [form] = Form.useForm<Fields>();
  const { data: schemes } = useSchemes();
  const units = useUnits();
  const queries = useQueryClient();
  const make = useMutation({
    mutationFn: (fields: Fields) => answer(api.POST('/api/v1/dossiers', { body: bodyOf(fields) })),
    onSuccess: ({ id }) => {
      void queries.invalidateQueries({ queryKey: ['dossiers'] });
      form.resetFields();
      onMade(id);
    },
  });
  const kind = Form.useWatch('kind', form) ?? 'person';
  const fitting = (schemes?.schemes ?? []).filter((s) => s.subject === kind || kind !== 'person');
  const onlyScheme = fitting.length === 1 ? fitting[0]!.id : undefined;
  const onlyUnit = units.list.length === 1 ? units.list[0]!.id : undefined;
  // Where there is no choice, nobody is asked to make one.
  useEffect(() => {
    if (!open) return;
    if (onlyScheme !== undefined) form.setFieldValue('schemeId', onlyScheme);
    if (onlyUnit !== undefined) form.setFieldValue('unitId', onlyUnit);
  }, [open, form, onlyScheme, onlyUnit]);
  const refusal = isRefusal(make.error) ? code(make.error.code, make.error.params) : null;
  const required = [{ required: true, whitespace: true, message: w('new.required') }];
  return (
    <Modal
      open={open}
      title={w('new.title')}
      okText={w('new.make')}
      cancelText={w('act.cancel')}
      onCancel={onClose}
      onOk={() => form.submit()}
      confirmLoading={make.isPending}
      forceRender
    >
      <Form
        form={form}
        layout="vertical"
        requiredMark="optional"
        onFinish={(fields) => make.mutate(fields)}
        initialValues={{ kind: 'person', copySet: 'original' }}
      >
        <Form.Item name="kind" label={w('new.kind')} required>
          <Segmented options={(['person', 'unit', 'matter'] as const).map((value) => ({ value, label: w(`subject.${value}`) }))} />
        </Form.Item>
        <Form.Item name="name" label={w(`new.name.${kind}`)} rules={required}>
          <Input maxLength={200} autoComplete="off" />
        </Form.Item>
        {kind === 'person' && <PersonFields />}
        <Form.Item name="schemeId" label={w('filter.scheme')} rules={required}>
          <Select options={fitting.map((s) => ({ value: s.id, label: s.name[language] }))} />
        </Form.Item>
        <Form.Item name="unitId" label={w('filter.unit')} rules={required}>
          <Select options={units.list.map((unit) => ({ value: unit.id, label: units.pathOf(unit.id) }))} />
        </Form.Item>
        <div className="two">
          <Form.Item name="code" label={w('new.code')} extra={w('new.codeHelp')}>
            <Input maxLength={120} />
          </Form.Item>
          <Form.Item name="copySet" label={w('filter.copySet')}>
            <Select options={(['original', 'duplicate'] as const).map((value) => ({ value, label: w(`copySet.${value}`) }))} />
          </Form.Item>
        </div>
        {refusal && (
          <p className="refusal" role="alert">
            {refusal}
          </p>
        )}
      </Form>
    </Modal>
  );
}
