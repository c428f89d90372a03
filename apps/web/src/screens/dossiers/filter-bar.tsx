import { CloseOutlined, FilterOutlined } from '@ant-design/icons';
import { Button, Input, InputNumber, Select } from 'antd';
import { type FormEvent, useEffect, useId, useState } from 'react';
import { useSchemes, useUnits } from '../../api/house.ts';
import { DOSSIER_STATES, TO_DOS } from '../../filters.ts';
import { useNarrow } from '../../parts/narrow.ts';
import { useWords } from '../../words/words.tsx';
import { type ClearFilters, countFilters, type TextFilters } from './filters.ts';

interface FilterBarProps {
  readonly clear: ClearFilters;
  readonly text: TextFilters;
  onClear(next: ClearFilters): void;
  onText(next: TextFilters): void;
}

/** Name, pinyin, initials or whole ID number; asked when typing pauses, so that each key is not an entry of the log. */
function WhoFilter({ text, onText }: Pick<FilterBarProps, 'text' | 'onText'>) {
  const { w } = useWords();
  const asked = text.idNumber ?? text.name ?? '';
  const [typed, setTyped] = useState(asked);
  useEffect(() => setTyped(asked), [asked]);
  const submit = (event?: FormEvent) => {
    event?.preventDefault();
    const value = typed.trim();
    const { name: _n, idNumber: _i, ...rest } = text;
    const isNumber = /^[\d\s]{14,}[\dxX]?$/.test(value);
    if (value !== asked) onText(value === '' ? rest : { ...rest, ...(isNumber ? { idNumber: value } : { name: value }) });
  };
  return (
    <form onSubmit={submit} className="who-filter">
      <Input
        value={typed}
        maxLength={200}
        allowClear
        autoComplete="off"
        aria-label={w('filter.who')}
        placeholder={w('filter.who')}
        onChange={(event) => {
          setTyped(event.target.value);
          if (event.target.value === '' && asked !== '') {
            const { name: _n, idNumber: _i, ...rest } = text;
            onText(rest);
          }
        }}
        onBlur={() => submit()}
      />
    </form>
  );
}

function CodeFilter({ clear, onClear }: Pick<FilterBarProps, 'clear' | 'onClear'>) {
  const { w } = useWords();
  const [typed, setTyped] = useState(clear.code ?? '');
  useEffect(() => setTyped(clear.code ?? ''), [clear.code]);
  const submit = (event?: FormEvent) => {
    event?.preventDefault();
    const { code: _, ...rest } = clear;
    if (typed.trim() !== (clear.code ?? '')) onClear(typed.trim() ? { ...rest, code: typed.trim() } : rest);
  };
  return (
    <form onSubmit={submit}>
      <Input
        value={typed}
        maxLength={80}
        allowClear
        aria-label={w('filter.code')}
        placeholder={w('filter.code')}
        onChange={(event) => setTyped(event.target.value)}
        onBlur={() => submit()}
      />
    </form>
  );
}

function Pick<T extends string>(props: {
  label: string;
  value: T | undefined;
  options: { value: T; label: string }[];
  onChange: (value: T | undefined) => void;
}) {
  return (
    <Select<T>
      aria-label={props.label}
      placeholder={props.label}
      value={props.value ?? null}
      options={props.options}
      onChange={(value: T | undefined) => props.onChange(value ?? undefined)}
      allowClear
      popupMatchSelectWidth={false}
    />
  );
}

function Years({ clear, onClear }: Pick<FilterBarProps, 'clear' | 'onClear'>) {
  const { w } = useWords();
  const ids = { from: useId(), to: useId() };
  const set = (key: 'birthYearFrom' | 'birthYearTo', value: number | null) => {
    const { [key]: _, ...rest } = clear;
    onClear(value === null ? rest : { ...rest, [key]: value });
  };
  const box = (key: 'birthYearFrom' | 'birthYearTo', id: string) => (
    <InputNumber
      id={id}
      aria-label={w(`filter.${key}`)}
      placeholder={w(`filter.${key}`)}
      min={1800}
      max={2999}
      controls={false}
      value={clear[key] ?? null}
      changeOnBlur
      onChange={(value) => (value === null || value >= 1800) && set(key, value)}
    />
  );
  return (
    <span className="years">
      {box('birthYearFrom', ids.from)}
      <span aria-hidden="true">–</span>
      {box('birthYearTo', ids.to)}
    </span>
  );
}

/** Filters above the list; on a phone they open below one button. */
export function FilterBar({ clear, text, onClear, onText }: FilterBarProps) {
  const { w, language } = useWords();
  const { data: schemes } = useSchemes();
  const units = useUnits();
  const narrow = useNarrow();
  const [open, setOpen] = useState(false);
  const active = countFilters(clear, text);
  const without = <K extends keyof ClearFilters>(key: K, value: ClearFilters[K] | undefined) => {
    const { [key]: _, ...rest } = clear;
    onClear(value === undefined ? (rest as ClearFilters) : { ...clear, [key]: value });
  };
  const all = (
    <>
      <CodeFilter clear={clear} onClear={onClear} />
      <Pick
        label={w('filter.state')}
        value={clear.state}
        options={DOSSIER_STATES.map((value) => ({ value, label: w(`state.${value}`) }))}
        onChange={(value) => without('state', value)}
      />
      <Pick
        label={w('filter.toDo')}
        value={clear.toDo}
        options={TO_DOS.map((value) => ({ value, label: w(`filter.toDo.${value}`) }))}
        onChange={(value) => without('toDo', value)}
      />
      <Pick
        label={w('filter.unit')}
        value={clear.unitId}
        options={units.list.map((unit) => ({ value: unit.id, label: units.pathOf(unit.id) }))}
        onChange={(value) => without('unitId', value)}
      />
      <Pick
        label={w('filter.scheme')}
        value={clear.schemeId}
        options={(schemes?.schemes ?? []).map((scheme) => ({ value: scheme.id, label: scheme.name[language] }))}
        onChange={(value) => without('schemeId', value)}
      />
      <Pick
        label={w('filter.copySet')}
        value={clear.copySet}
        options={(['original', 'duplicate'] as const).map((value) => ({ value, label: w(`copySet.${value}`) }))}
        onChange={(value) => without('copySet', value)}
      />
      <Years clear={clear} onClear={onClear} />
      {active > 0 && (
        <Button
          type="text"
          icon={<CloseOutlined aria-hidden />}
          onClick={() => {
            onClear(clear.sort ? { sort: clear.sort } : {});
            onText({});
          }}
        >
          {w('filter.none')}
        </Button>
      )}
    </>
  );
  return (
    <search className="filter-bar" aria-label={w('filter.label')}>
      <WhoFilter text={text} onText={onText} />
      {narrow ? (
        <Button icon={<FilterOutlined aria-hidden />} aria-expanded={open} onClick={() => setOpen(!open)}>
          {active > 0 ? w('filter.more', { count: active }) : w('filter.open')}
        </Button>
      ) : (
        all
      )}
      {narrow && open && <div className="filter-fold">{all}</div>}
    </search>
  );
}
