import { Button, Checkbox, Input, InputNumber, Select } from 'antd';
import { type FormEvent, useId, useState } from 'react';
import { isRefusal } from '../../api/refusal.ts';
import { useWords } from '../../words/words.tsx';
import '../account/account.css';

/** One field of a form of this room. */
export interface Field {
  readonly key: string;
  readonly label: string;
  readonly kind: 'line' | 'text' | 'choice' | 'number' | 'tick' | 'day';
  readonly options?: readonly { readonly value: string; readonly label: string }[];
  readonly optional?: boolean;
  readonly value?: string;
}

interface FormProps {
  readonly fields: readonly Field[];
  readonly submitLabel: string;
  readonly danger?: boolean;
  readonly pending: boolean;
  readonly error: unknown;
  submit(values: Readonly<Record<string, string>>): void;
}

function Control({ field, id, value, change }: { field: Field; id: string; value: string; change: (value: string) => void }) {
  if (field.kind === 'choice') return <Select id={id} value={value || null} onChange={change} options={[...(field.options ?? [])]} />;
  if (field.kind === 'number')
    return (
      <InputNumber
        id={id}
        min={0}
        precision={0}
        value={value === '' ? null : Number(value)}
        onChange={(n) => change(n === null ? '' : String(n))}
      />
    );
  if (field.kind === 'day') return <Input id={id} type="date" value={value} onChange={(event) => change(event.target.value)} />;
  if (field.kind === 'text')
    return (
      <Input.TextArea
        id={id}
        autoSize={{ minRows: 2, maxRows: 10 }}
        maxLength={4000}
        value={value}
        onChange={(event) => change(event.target.value)}
      />
    );
  return <Input id={id} maxLength={200} value={value} onChange={(event) => change(event.target.value)} />;
}

/** A form of labelled fields: what is missing keeps it from being sent, and what the server says stands under it. */
export function TextForm({ fields, submitLabel, danger = false, pending, error, submit }: FormProps) {
  const { code } = useWords();
  const base = useId();
  const [typed, setTyped] = useState<Readonly<Record<string, string>>>({});
  const textOf = (field: Field) => typed[field.key] ?? field.value ?? '';
  const isWhole = fields.every((field) => field.optional || field.kind === 'tick' || textOf(field).trim() !== '');
  const send = (event: FormEvent) => {
    event.preventDefault();
    submit(Object.fromEntries(fields.map((field) => [field.key, textOf(field).trim()])));
  };
  return (
    <form className="password-form" onSubmit={send}>
      {fields.map((field) => {
        const id = `${base}-${field.key}`;
        const change = (value: string) => setTyped({ ...typed, [field.key]: value });
        if (field.kind === 'tick')
          return (
            <Checkbox key={field.key} checked={textOf(field) === '1'} onChange={(event) => change(event.target.checked ? '1' : '')}>
              {field.label}
            </Checkbox>
          );
        return [
          <label key={`${field.key}-label`} htmlFor={id}>
            {field.label}
          </label>,
          <Control key={field.key} field={field} id={id} value={textOf(field)} change={change} />,
        ];
      })}
      {isRefusal(error) && (
        <p className="refusal" role="alert">
          {code(error.code, error.params)}
        </p>
      )}
      <Button type="primary" htmlType="submit" danger={danger} disabled={!isWhole} loading={pending}>
        {submitLabel}
      </Button>
    </form>
  );
}
