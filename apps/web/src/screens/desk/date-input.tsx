import { Input, type InputRef } from 'antd';
import { type ClipboardEvent, type KeyboardEvent, useRef } from 'react';
import { useWords } from '../../words/words.tsx';
import { type DateCells, dateOfCells, digitsOf, findPastedDate } from './typed-date.ts';

const PARTS = [
  { key: 'year', length: 4 },
  { key: 'month', length: 2 },
  { key: 'day', length: 2 },
] as const;

interface DateInputProps {
  readonly id: string;
  readonly value: DateCells;
  readonly disabled: boolean;
  onChange(value: DateCells): void;
  onFocus(): void;
}

/** Year, month and day in three small cells; a full cell goes on to the next, a pasted date fills all three. */
export function DateInput({ id, value, disabled, onChange, onFocus }: DateInputProps) {
  const { w } = useWords();
  const cells = useRef<(InputRef | null)[]>([]);
  const isWrong = dateOfCells(value) === undefined;
  const paste = (event: ClipboardEvent) => {
    const date = findPastedDate(event.clipboardData.getData('text'));
    if (!date) return;
    event.preventDefault();
    onChange(date);
  };
  const change = (at: number, text: string) => {
    const { key, length } = PARTS[at]!;
    const digits = digitsOf(text, length);
    onChange({ ...value, [key]: digits });
    if (digits.length === length || (length === 2 && Number(digits) > (key === 'month' ? 1 : 3)))
      cells.current[at + 1]?.focus({ cursor: 'all' });
  };
  const onKeyDown = (event: KeyboardEvent<HTMLInputElement>, at: number) => {
    if (event.key === 'Backspace' && event.currentTarget.value === '' && at > 0) cells.current[at - 1]?.focus({ cursor: 'end' });
  };
  return (
    <span className="date-cells" onPaste={paste}>
      {PARTS.map(({ key, length }, at) => (
        <span key={key}>
          <Input
            ref={(node) => {
              cells.current[at] = node;
            }}
            id={at === 0 ? id : undefined}
            inputMode="numeric"
            autoComplete="off"
            aria-label={w(`date.${key}`)}
            aria-invalid={isWrong}
            status={isWrong ? 'error' : ''}
            maxLength={length + 6}
            value={value[key]}
            disabled={disabled}
            onFocus={onFocus}
            onChange={(event) => change(at, event.target.value)}
            onKeyDown={(event) => onKeyDown(event, at)}
          />
          <span className="unit" aria-hidden="true">
            {w(`date.${key}.unit`)}
          </span>
        </span>
      ))}
    </span>
  );
}
