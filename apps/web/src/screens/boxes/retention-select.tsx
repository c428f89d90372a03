import { Select } from 'antd';
import { useWords } from '../../words/words.tsx';
import { RETENTIONS } from './box-words.ts';

/** A retention period in words. */
export function useSayRetention(): (retention: string | null) => string {
  const { w } = useWords();
  return (retention) =>
    retention === null ? w('box.noRetention') : retention === 'Y' ? w('box.permanent') : w('box.years', { years: retention.slice(1) });
}

interface RetentionSelectProps {
  readonly id?: string;
  readonly label?: string;
  readonly value: string | null;
  /** What stands for none. */
  readonly none: string;
  onChange(value: string | null): void;
}

/** Chooses a retention period. */
export function RetentionSelect({ id, label, value, none, onChange }: RetentionSelectProps) {
  const say = useSayRetention();
  return (
    <Select
      {...(id ? { id } : {})}
      {...(label ? { 'aria-label': label } : {})}
      value={value ?? ''}
      onChange={(chosen: string) => onChange(chosen || null)}
      options={[{ value: '', label: none }, ...RETENTIONS.map((code) => ({ value: code as string, label: say(code) }))]}
    />
  );
}
