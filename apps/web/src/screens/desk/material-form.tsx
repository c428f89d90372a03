import { AutoComplete, Button, Input, InputNumber, Select } from 'antd';
import { type FocusEvent, type FormEvent, type KeyboardEvent, useEffect, useMemo, useRef, useState } from 'react';
import { useFieldDefinitions } from '../../api/house.ts';
import { isComposing } from '../../keys/shortcuts.tsx';
import { KeyHint } from '../../parts/key-cap.tsx';
import { useWords } from '../../words/words.tsx';
import { DateInput } from './date-input.tsx';
import type { Desk, Material, Operation } from './desk-data.ts';
import { useDesk } from './desk-state.tsx';
import { type Draft, draftOf, editOf, type FieldPlace, fillTitle } from './draft.ts';
import { useFieldName } from './field-names.ts';
import { FormRow, TextRow } from './field-row.tsx';
import { mergeWithPrevious, splitBefore } from './strip-items.ts';

/** A text taken from a line of the page, for the field in hand. */
export interface TakenLine {
  readonly text: string;
  readonly place: FieldPlace;
}

/** The form's draft of a material: kept while typed in, saved when the focus leaves, taken anew when the material changes elsewhere. */
function useDraft(material: Material) {
  const { operate, mayArrange } = useDesk();
  const [draft, setDraft] = useState(() => draftOf(material));
  const places = useRef(new Map<string, FieldPlace>());
  const sent = useRef<Draft | null>(null);
  const now = useRef(draft);
  now.current = draft;
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new version of the material, and nothing else, replaces what was typed
  useEffect(() => {
    if (sent.current !== null && sent.current !== now.current) return;
    sent.current = null;
    places.current.clear();
    setDraft(draftOf(material));
  }, [material.version]);
  const edit = mayArrange ? editOf(material, draft, places.current) : null;
  const save = (more: readonly Operation[] = [], after?: (desk: Desk) => void) => {
    if (!edit && more.length === 0) return;
    sent.current = now.current;
    operate([...(edit ? [{ type: 'edit' as const, materialId: material.id, edit }] : []), ...more], after);
  };
  return {
    draft,
    change: (next: Partial<Draft>) => setDraft((before) => ({ ...before, ...next })),
    places: places.current,
    isChanged: edit !== null,
    save,
  };
}

type DraftInHand = ReturnType<typeof useDraft>;

function ClassAndTitle({ material, inHand }: { material: Material; inHand: DraftInHand }) {
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
      <FormRow label={w('form.class')} share01={material.confidence.classCode} isLit={field === 'classCode'}>
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
      <FormRow label={w('form.title')} share01={material.confidence.title} isLit={field === 'title'}>
        {(id) => (
          <AutoComplete
            id={id}
            value={draft.title}
            maxLength={500}
            disabled={!mayArrange}
            defaultActiveFirstOption={false}
            options={titles.map(({ key, value, display }) => ({ key, value, label: `${display}　${value}` }))}
            showSearch={{ filterOption: (typed, option) => typed !== '' && String(option?.value).includes(typed) }}
            onFocus={() => focusField('title')}
            onChange={(title: string) => change({ title: title ?? '' })}
            onSelect={(title: string) => change({ title, classCode: titles.find((t) => t.value === title)?.classCode ?? draft.classCode })}
          />
        )}
      </FormRow>
    </>
  );
}

function Fields({ material, inHand }: { material: Material; inHand: DraftInHand }) {
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

function Actions({ material, inHand }: { material: Material; inHand: DraftInHand }) {
  const { w } = useWords();
  const { desk, page, operate, nextUnsure, isBusy } = useDesk();
  const split = page ? splitBefore(desk, page.id) : null;
  const merge = page ? mergeWithPrevious(desk, page.id) : null;
  return (
    <div className="form-acts">
      {material.origin !== 'typed' && (
        <>
          <Button disabled={!split} onClick={() => operate([split])}>
            {w('desk.splitShort')}
            <KeyHint keys="s" />
          </Button>
          <Button disabled={!merge} onClick={() => operate([merge])}>
            {w('desk.mergeShort')}
            <KeyHint keys="m" />
          </Button>
        </>
      )}
      <Button onClick={() => nextUnsure()}>
        {w('desk.nextUnsureShort')}
        <KeyHint keys="n" />
      </Button>
      <Button type="primary" htmlType="submit" loading={isBusy} disabled={material.state === 'confirmed' && !inHand.isChanged}>
        {w(material.state === 'confirmed' ? 'desk.save' : 'desk.confirm')}
        <KeyHint keys="enter" />
      </Button>
    </div>
  );
}

/** Cataloguing one material. Enter confirms and goes on; leaving the form keeps what was typed. */
export function MaterialForm({
  material,
  taken,
  confirmRef,
}: {
  material: Material;
  taken: TakenLine | null;
  confirmRef: { current: (() => void) | null };
}) {
  const { w } = useWords();
  const { field, focusField, mayArrange, nextUnsure } = useDesk();
  const inHand = useDraft(material);
  const { draft, change, places, isChanged, save } = inHand;
  const confirm = () => {
    if (!mayArrange) return;
    if (material.state === 'confirmed') save();
    else save([{ type: 'confirm', materialId: material.id }], (desk) => nextUnsure(desk));
  };
  confirmRef.current = confirm;
  // biome-ignore lint/correctness/useExhaustiveDependencies: a line is taken once, when it is clicked
  useEffect(() => {
    if (!taken || !mayArrange) return;
    if (field === 'title') change({ title: taken.text });
    else if (field && field !== 'date' && field !== 'classCode') {
      places.set(field, taken.place);
      change({ fields: { ...draft.fields, [field]: taken.text } });
    }
  }, [taken]);
  useWarnBeforeLeaving(isChanged);
  const onBlur = (event: FocusEvent<HTMLFormElement>) => {
    const to = event.relatedTarget;
    // A list that a field opened lies outside the form in the document, but belongs to it.
    if (to instanceof Node && (event.currentTarget.contains(to) || (to instanceof Element && to.closest('.ant-select-dropdown')))) return;
    save();
  };
  const onKeyDown = (event: KeyboardEvent<HTMLFormElement>) => {
    if (event.key === 'Enter' && isComposing(event.nativeEvent)) event.preventDefault();
    if (event.key === 'Escape' && event.target instanceof HTMLElement) event.target.blur();
  };
  const onSubmit = (event: FormEvent) => {
    event.preventDefault();
    confirm();
  };
  return (
    <form className="material-form" onSubmit={onSubmit} onBlur={onBlur} onKeyDown={onKeyDown} aria-label={w('form.label')}>
      <ClassAndTitle material={material} inHand={inHand} />
      <FormRow label={w('form.date')} share01={material.confidence.date} isLit={field === 'date'}>
        {(id) => (
          <DateInput
            id={id}
            value={draft.date}
            disabled={!mayArrange}
            onFocus={() => focusField('date')}
            onChange={(date) => change({ date })}
          />
        )}
      </FormRow>
      <Fields material={material} inHand={inHand} />
      <FormRow label={w('form.copies')} share01={null} isLit={false}>
        {(id) => (
          <span className="copies">
            <InputNumber
              id={id}
              min={1}
              max={999}
              value={draft.copies}
              disabled={!mayArrange}
              onChange={(copies) => change({ copies: copies ?? 1 })}
            />
            <span className="quiet">{w('count.pages', { count: material.pageIds.length })}</span>
          </span>
        )}
      </FormRow>
      <FormRow label={w('form.remarks')} share01={null} isLit={false}>
        {(id) => (
          <Input
            id={id}
            value={draft.remarks}
            maxLength={500}
            disabled={!mayArrange}
            onChange={(event) => change({ remarks: event.target.value })}
          />
        )}
      </FormRow>
      <FormRow label={w('form.tags')} share01={null} isLit={false}>
        {(id) => (
          <Select
            id={id}
            mode="tags"
            value={[...draft.tags]}
            maxCount={50}
            disabled={!mayArrange}
            tokenSeparators={[',', '，', '、']}
            suffixIcon={null}
            open={false}
            onChange={(tags: string[]) => change({ tags })}
          />
        )}
      </FormRow>
      {isChanged && (
        <p className="changed" role="status">
          {w('form.changed')}
        </p>
      )}
      {mayArrange && <Actions material={material} inHand={inHand} />}
    </form>
  );
}

function useWarnBeforeLeaving(isChanged: boolean): void {
  useEffect(() => {
    if (!isChanged) return;
    const warn = (event: BeforeUnloadEvent) => event.preventDefault();
    window.addEventListener('beforeunload', warn);
    return () => window.removeEventListener('beforeunload', warn);
  }, [isChanged]);
}
