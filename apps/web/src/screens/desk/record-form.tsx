import { AutoComplete, Form, Input, Modal, Select } from 'antd';
import { useState } from 'react';
import { useWords } from '../../words/words.tsx';
import { DateInput } from './date-input.tsx';
import { useDesk } from './desk-state.tsx';
import { fillTitle } from './draft.ts';
import { dateOfCells, EMPTY_DATE } from './typed-date.ts';

interface Fields {
  classCode: string;
  title: string;
  remarks?: string;
}

/** A record typed straight into a form becomes a material without pages. */
export function RecordForm({ open, onClose }: { open: boolean; onClose: () => void }) {
  const { w, language } = useWords();
  const { scheme, desk, operate, openMaterial, isBusy } = useDesk();
  const [form] = Form.useForm<Fields>();
  const [date, setDate] = useState(EMPTY_DATE);
  const classes = scheme?.classes.filter((c) => c.holdsMaterials) ?? [];
  const classCode = Form.useWatch('classCode', form);
  const titles = classes.find((c) => c.code === classCode)?.titles ?? [];
  const known = new Set(desk.materials.map((m) => m.id));
  const isDateWrong = dateOfCells(date) === undefined;
  const add = (fields: Fields) => {
    const formed = dateOfCells(date);
    if (formed === undefined) return;
    operate(
      () => [
        {
          type: 'addRecord',
          edit: { classCode: fields.classCode, title: fields.title.trim(), date: formed, remarks: fields.remarks?.trim() ?? '' },
        },
      ],
      (next) => {
        form.resetFields();
        setDate(EMPTY_DATE);
        onClose();
        const made = next.materials.find((m) => !known.has(m.id));
        if (made) openMaterial(made.id, undefined, next);
      },
    );
  };
  const required = [{ required: true, whitespace: true, message: w('new.required') }];
  return (
    <Modal
      open={open}
      title={w('record.title')}
      okText={w('record.add')}
      cancelText={w('act.cancel')}
      onCancel={onClose}
      onOk={() => form.submit()}
      confirmLoading={isBusy}
      okButtonProps={{ disabled: isDateWrong }}
      forceRender
    >
      <p className="quiet">{w('record.text')}</p>
      <Form form={form} layout="vertical" requiredMark="optional" onFinish={add}>
        <Form.Item name="classCode" label={w('form.class')} rules={required}>
          <Select options={classes.map((c) => ({ value: c.code, label: `${c.display} ${c.name[language]}` }))} />
        </Form.Item>
        <Form.Item name="title" label={w('form.title')} rules={required}>
          <AutoComplete
            maxLength={500}
            options={titles.map((title) => ({ value: fillTitle(title.name, date.year) }))}
            showSearch={{ filterOption: (typed, option) => String(option?.value).includes(typed) }}
          />
        </Form.Item>
        <Form.Item label={w('form.date')} htmlFor="record-date">
          <DateInput id="record-date" value={date} disabled={false} onFocus={() => undefined} onChange={setDate} />
        </Form.Item>
        <Form.Item name="remarks" label={w('form.remarks')}>
          <Input maxLength={500} />
        </Form.Item>
      </Form>
    </Modal>
  );
}
