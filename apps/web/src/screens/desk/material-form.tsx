import { App, Button, Input, InputNumber, Select } from 'antd';
import { type FocusEvent, type FormEvent, type KeyboardEvent, useEffect, useRef } from 'react';
import { isComposing } from '../../keys/shortcuts.tsx';
import { KeyHint } from '../../parts/key-cap.tsx';
import { useWords } from '../../words/words.tsx';
import { DateInput } from './date-input.tsx';
import type { Material } from './desk-data.ts';
import { useDesk } from './desk-state.tsx';
import type { FieldPlace } from './draft.ts';
import { FormRow } from './field-row.tsx';
import { ClassAndTitle, FieldRows } from './form-rows.tsx';
import { RetentionRow } from './retention-row.tsx';
import { mergeWithPrevious, splitBefore } from './strip-items.ts';
import { dateOfCells } from './typed-date.ts';
import { type DraftInHand, useDraft } from './use-draft.ts';

/** A text taken from a line of the page, for the field in hand. */
export interface TakenLine {
  readonly text: string;
  readonly place: FieldPlace;
}

function Actions({ material, inHand }: { material: Material; inHand: DraftInHand }) {
  const { w } = useWords();
  const { desk, page, operate, nextUnsure, isBusy } = useDesk();
  const split = page ? splitBefore(desk, page.id) : null;
  const merge = page ? mergeWithPrevious(desk, page.id) : null;
  return (
    <div className="form-acts">
      {material.origin !== 'typed' && (
        <>
          <Button disabled={!split} onClick={() => operate(() => [split])}>
            {w('desk.splitShort')}
            <KeyHint keys="s" />
          </Button>
          <Button disabled={!merge} onClick={() => operate(() => [merge])}>
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

/** What a material must have before it is confirmed, by the codes of the checks. */
const LACKING = { classCode: 'material/unclassed', title: 'material/untitled', date: 'date/malformed' } as const;

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
  const { w, code } = useWords();
  const { message } = App.useApp();
  const { field, focusField, mayArrange, nextUnsure } = useDesk();
  const inHand = useDraft(material);
  const { draft, change, places, isChanged, save } = inHand;
  const confirm = () => {
    if (!mayArrange) return;
    const lacking =
      draft.classCode === null ? 'classCode' : draft.title.trim() === '' ? 'title' : dateOfCells(draft.date) === undefined ? 'date' : null;
    if (lacking) {
      void message.warning(code(LACKING[lacking]));
      return focusField(lacking);
    }
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
  const form = useFocusOnField(field);
  const onBlur = (event: FocusEvent<HTMLFormElement>) => {
    const to = event.relatedTarget;
    // A list that a field opened lies outside the form in the document, but belongs to it.
    if (to instanceof Node && (event.currentTarget.contains(to) || (to instanceof Element && to.closest('.ant-select-dropdown')))) return;
    save();
  };
  const onKeyDown = (event: KeyboardEvent<HTMLFormElement>) => {
    if (event.key === 'Enter' && isComposing(event.nativeEvent)) event.preventDefault();
    if (event.key !== 'Escape' || !(event.target instanceof HTMLElement)) return;
    event.target.blur();
    focusField(null);
  };
  const onSubmit = (event: FormEvent) => {
    event.preventDefault();
    confirm();
  };
  return (
    <form ref={form} className="material-form" onSubmit={onSubmit} onBlur={onBlur} onKeyDown={onKeyDown} aria-label={w('form.label')}>
      <ClassAndTitle material={material} inHand={inHand} />
      <FormRow code="date" label={w('form.date')} share01={material.confidence.date} isLit={field === 'date'}>
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
      <FieldRows material={material} inHand={inHand} />
      <FormRow code="copies" label={w('form.copies')} share01={null} isLit={false}>
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
      <RetentionRow retention={material.retention} />
      <FormRow code="remarks" label={w('form.remarks')} share01={null} isLit={false}>
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
      <FormRow code="tags" label={w('form.tags')} share01={null} isLit={false}>
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

/** When a field comes in hand from elsewhere (the next unsure one, a line of the page), the cursor goes into it. */
function useFocusOnField(field: string | null) {
  const form = useRef<HTMLFormElement>(null);
  useEffect(() => {
    const row = field === null ? null : form.current?.querySelector(`[data-row="${CSS.escape(field)}"]`);
    if (!row || row.contains(document.activeElement)) return;
    const input = row.querySelector<HTMLInputElement>('input');
    input?.focus();
    input?.select();
  }, [field]);
  return form;
}

function useWarnBeforeLeaving(isChanged: boolean): void {
  useEffect(() => {
    if (!isChanged) return;
    const warn = (event: BeforeUnloadEvent) => event.preventDefault();
    window.addEventListener('beforeunload', warn);
    return () => window.removeEventListener('beforeunload', warn);
  }, [isChanged]);
}
