import { Input } from 'antd';
import { type ReactNode, useId } from 'react';
import { Confidence } from '../../parts/chip.tsx';
import { useWords } from '../../words/words.tsx';

interface RowProps {
  /** Code of the field, so that it is found when it comes in hand. */
  readonly code: string;
  readonly label: string;
  readonly share01: number | null;
  readonly isLit: boolean;
  readonly children: (id: string) => ReactNode;
}

/** One line of the form: label, field, how sure the machine was. */
export function FormRow({ code, label, share01, isLit, children }: RowProps) {
  const { w, percent } = useWords();
  const id = useId();
  return (
    <div className={isLit ? 'form-row lit' : 'form-row'} data-row={code}>
      <label htmlFor={id}>{label}</label>
      <div className="field">{children(id)}</div>
      <Confidence share01={share01} label={share01 === null ? '' : w('form.confidence', { share: percent(share01) })} />
    </div>
  );
}

interface TextRowProps {
  readonly code: string;
  readonly label: string;
  readonly value: string;
  readonly share01: number | null;
  readonly isInHand: boolean;
  readonly disabled: boolean;
  onFocus(): void;
  onChange(value: string): void;
}

/** A field taken from the page. */
export function TextRow({ code, label, value, share01, isInHand, disabled, onFocus, onChange }: TextRowProps) {
  return (
    <FormRow code={code} label={label} share01={share01} isLit={isInHand}>
      {(id) => (
        <Input
          id={id}
          value={value}
          maxLength={500}
          autoComplete="off"
          disabled={disabled}
          onFocus={onFocus}
          onChange={(event) => onChange(event.target.value)}
        />
      )}
    </FormRow>
  );
}
