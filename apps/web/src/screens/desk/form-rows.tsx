import { AutoComplete, Select } from 'antd';
import { type KeyboardEvent, useMemo, useState } from 'react';
import { useFieldDefinitions } from '../../api/house.ts';
import { isComposing } from '../../keys/shortcuts.tsx';
import { useWords } from '../../words/words.tsx';
import type { Material } from './desk-data.ts';
import { useDesk } from './desk-state.tsx';
import { fillTitle } from './draft.ts';
import { useFieldName } from './field-names.ts';
import { FormRow, TextRow } from './field-row.tsx';
import type { DraftInHand } from './use-draft.ts';

/** Fields a person may add to any material. */
const COMMON_FIELDS = [
  'name',
  'birthDate',
  'workStart',
  'partyDate',
  'education',
  'degree',
  'school',
  'unit',
  'position',
  'documentNo',
  'grade',
] as const;

/** Enter in a title that was typed confirms, though the list of titles is open: it takes the key only for a title that the arrows chose. */
function confirmTyped(event: KeyboardEvent<HTMLInputElement | HTMLTextAreaElement>): void {
  const { currentTarget: input, key, nativeEvent } = event;
  const isChosen = /_\d+$/.test(input.getAttribute('aria-activedescendant') ?? '');
  if (key === 'Enter' && !isComposing(nativeEvent) && input.getAttribute('aria-expanded') === 'true' && !isChosen)
    input.form?.requestSubmit();
}

/** Class and title: titles of the scheme are offered, those of the chosen class first. */
export function ClassAndTitle({ material, inHand }: { material: Material; inHand: DraftInHand }) {
  const { w, language } = useWords();
  const { scheme, field, focusField, mayArrange } = useDesk();
  const { draft, change } = inHand;
  const classes = useMemo(() => scheme?.classes.filter((c) => c.holdsMaterials) ?? [], [scheme]);
  const titles = useMemo(() => {
    const own = classes.filter((c) => c.code === draft.classCode);
    return [...own, ...classes.filter((c) => c.code !== draft.classCode)].flatMap((c) =>
      c.titles.map((title) => ({
        key: `${c.code} ${title.name}`,
        value: fillTitle(title.name, draft.date.year),
        classCode: c.code,
        display: c.display,
      })),
    );
  }, [classes, draft.classCode, draft.date.year]);
  return (
    <>
      <FormRow code="classCode" label={w('form.class')} share01={material.confidence.classCode} isLit={field === 'classCode'}>
        {(id) => (
          <Select
            id={id}
            value={draft.classCode}
            disabled={!mayArrange}
            showSearch={{ optionFilterProp: 'label' }}
            options={classes.map((c) => ({ value: c.code, label: `${c.display} ${c.name[language]}` }))}
            onFocus={() => focusField('classCode')}
            onChange={(classCode: string) => change({ classCode })}
          />
        )}
      </FormRow>
      <FormRow code="title" label={w('form.title')} share01={material.confidence.title} isLit={field === 'title'}>
        {(id) => (
          <AutoComplete
            id={id}
            value={draft.title}
            maxLength={500}
            disabled={!mayArrange}
            defaultActiveFirstOption={false}
            options={titles.map(({ key, value, display }) => ({ key, value, label: `${display}　${value}` }))}
            showSearch={{
              filterOption: (typed, option) => typed !== '' && option?.value !== typed && String(option?.value).includes(typed),
            }}
            onInputKeyDown={confirmTyped}
            onFocus={() => focusField('title')}
            onChange={(title: string) => change({ title: title ?? '' })}
            onSelect={(title: string) => change({ title, classCode: titles.find((t) => t.value === title)?.classCode ?? draft.classCode })}
          />
        )}
      </FormRow>
    </>
  );
}

/** Values taken from the page or typed, and a way to add one. */
export function FieldRows({ material, inHand }: { material: Material; inHand: DraftInHand }) {
  const { w } = useWords();
  const nameOf = useFieldName();
  const { data: definitions } = useFieldDefinitions();
  const { field, focusField, mayArrange } = useDesk();
  const { draft, change } = inHand;
  const [added, setAdded] = useState<string[]>([]);
  const known = material.fields.map((value) => value.code);
  const shown = [...known, ...added.filter((code) => !known.includes(code))];
  const more = [
    ...new Set([...(definitions?.fields.filter((d) => d.place === 'material').map((d) => d.code) ?? []), ...COMMON_FIELDS]),
  ].filter((code) => !shown.includes(code));
  return (
    <>
      {shown.map((code) => (
        <TextRow
          key={code}
          code={code}
          label={nameOf(code)}
          value={draft.fields[code] ?? ''}
          share01={material.fields.find((value) => value.code === code)?.confidence01 ?? null}
          isInHand={field === code}
          disabled={!mayArrange}
          onFocus={() => focusField(code)}
          onChange={(value) => change({ fields: { ...draft.fields, [code]: value } })}
        />
      ))}
      {mayArrange && (
        <Select
          className="add-field"
          value={null}
          placeholder={w('form.addField')}
          aria-label={w('form.addField')}
          options={more.map((code) => ({ value: code, label: nameOf(code) }))}
          onChange={(code: string | null) => code && setAdded([...added, code])}
        />
      )}
    </>
  );
}
