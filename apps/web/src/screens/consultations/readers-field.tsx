import { CloseOutlined, PlusOutlined } from '@ant-design/icons';
import { Button, Checkbox, Select } from 'antd';
import { useId } from 'react';
import { useReaders } from '../../api/rights.ts';
import { Refused } from '../../parts/refused.tsx';
import { useWords } from '../../words/words.tsx';

/** A line of the form for a reader; no account: nobody is chosen yet. */
export interface ReaderLine {
  readonly key: number;
  readonly accountId: string | null;
  readonly partyMember: boolean;
}

const READERS_MAX = 20;

interface LineProps {
  readonly line: ReaderLine;
  readonly number: number;
  readonly options: readonly { readonly value: string; readonly label: string }[];
  change(over: Partial<ReaderLine>): void;
  /** Takes the line out; left out for the last one. */
  readonly remove: (() => void) | null;
}

function ReaderRow({ line, number, options, change, remove }: LineProps) {
  const { w } = useWords();
  const id = useId();
  return (
    <div className="reader-row">
      <Select
        id={id}
        aria-label={w('consult.readerNth', { number })}
        placeholder={w('consult.readerNth', { number })}
        showSearch={{ optionFilterProp: 'label' }}
        value={line.accountId}
        onChange={(accountId) => change({ accountId })}
        options={[...options]}
      />
      <Checkbox checked={line.partyMember} onChange={(event) => change({ partyMember: event.target.checked })}>
        {w('consult.member')}
      </Checkbox>
      {remove && (
        <Button type="text" aria-label={w('consult.readerRemove', { number })} icon={<CloseOutlined aria-hidden />} onClick={remove} />
      )}
    </div>
  );
}

/** Who is to read: two as a rule, each an account that is a reader, with whether it is a Party member. */
export function ReadersField({ readers, change }: { readers: readonly ReaderLine[]; change: (readers: ReaderLine[]) => void }) {
  const { w } = useWords();
  const { data, error } = useReaders();
  const chosen = readers.flatMap((reader) => reader.accountId ?? []);
  const optionsOf = (line: ReaderLine) =>
    (data?.items ?? [])
      .filter((item) => item.accountId === line.accountId || !chosen.includes(item.accountId))
      .map((item) => ({ value: item.accountId, label: item.name }));
  return (
    <fieldset className="readers-field">
      <legend>{w('consult.reader')}</legend>
      <Refused error={error} />
      {data?.items.length === 0 && <p className="refusal">{w('consult.readerNone')}</p>}
      {readers.map((line, index) => (
        <ReaderRow
          key={line.key}
          line={line}
          number={index + 1}
          options={optionsOf(line)}
          change={(over) => change(readers.map((other) => (other.key === line.key ? { ...other, ...over } : other)))}
          remove={readers.length > 1 ? () => change(readers.filter((other) => other.key !== line.key)) : null}
        />
      ))}
      {readers.length < READERS_MAX && (
        <Button
          type="dashed"
          icon={<PlusOutlined aria-hidden />}
          onClick={() => change([...readers, { key: Math.max(...readers.map((r) => r.key)) + 1, accountId: null, partyMember: true }])}
        >
          {w('consult.readerAdd')}
        </Button>
      )}
      {readers.length === 1 && <p className="quiet">{w('consult.oneReader')}</p>}
    </fieldset>
  );
}
