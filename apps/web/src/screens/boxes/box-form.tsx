import { App, Button, Checkbox, Input, InputNumber, Modal, Select } from 'antd';
import { type FormEvent, useId, useState } from 'react';
import { type Box, useCreateBoxes, useEditBox } from '../../api/boxes.ts';
import { useSchemes, useUnits } from '../../api/house.ts';
import { Refused } from '../../parts/refused.tsx';
import { useWords } from '../../words/words.tsx';
import '../account/account.css';
import { NO_PLACE, PLACE_STEPS } from './box-words.ts';
import { RetentionSelect } from './retention-select.tsx';

type SpineMm = Box['spineMm'];
const SPINES: readonly SpineMm[] = [20, 30, 40, 50];
/** Levels of secrecy 密级 as accounts have them. */
const LEVELS = [0, 1, 2, 3] as const;
const CATEGORIES = ['cadre', 'employee', 'general', 'flow', 'labour_contract', 'social_insurance', 'discipline', 'non_compete'] as const;

/** What is typed of a box. */
function useBoxFields(box: Box | null) {
  const [spineMm, setSpine] = useState<SpineMm>(box?.spineMm ?? 20);
  const [capacity, setCapacity] = useState<number | null>(box?.capacitySheets ?? null);
  const [retention, setRetention] = useState<string | null>(box?.retention ?? null);
  const [year, setYear] = useState<number | null>(box?.year ?? null);
  const [schemeId, setScheme] = useState(box?.schemeId ?? '');
  const [place, setPlace] = useState(box?.place ?? NO_PLACE);
  const [namesOutside, setNames] = useState(box?.namesOutside ?? false);
  const values = { spineMm, retention, year, schemeId: schemeId || null, classCode: box?.classCode ?? null, place, namesOutside };
  return { values, capacity, setSpine, setCapacity, setRetention, setYear, setScheme, setPlace, setNames };
}

function BoxFields({ fields, id }: { fields: ReturnType<typeof useBoxFields>; id: string }) {
  const { w, language } = useWords();
  const schemes = useSchemes();
  const { values } = fields;
  return (
    <>
      <label htmlFor={`${id} spine`}>{w('box.spine')}</label>
      <Select
        id={`${id} spine`}
        value={values.spineMm}
        onChange={fields.setSpine}
        options={SPINES.map((mm) => ({ value: mm, label: w('box.spineMm', { mm }) }))}
      />
      <label htmlFor={`${id} capacity`}>{w('box.capacity')}</label>
      <InputNumber
        id={`${id} capacity`}
        min={1}
        max={2000}
        precision={0}
        placeholder={w('box.bySpine')}
        value={fields.capacity}
        onChange={fields.setCapacity}
      />
      <label htmlFor={`${id} retention`}>{w('box.retention')}</label>
      <RetentionSelect id={`${id} retention`} value={values.retention} none={w('box.noRetention')} onChange={fields.setRetention} />
      <label htmlFor={`${id} year`}>{w('box.year')}</label>
      <InputNumber id={`${id} year`} min={1800} max={2999} precision={0} value={values.year} onChange={fields.setYear} />
      <label htmlFor={`${id} scheme`}>{w('box.scheme')}</label>
      <Select
        id={`${id} scheme`}
        value={values.schemeId ?? ''}
        onChange={fields.setScheme}
        options={[
          { value: '', label: w('box.noScheme') },
          ...(schemes.data?.schemes ?? []).map((s) => ({ value: s.id, label: s.name[language] })),
        ]}
      />
      <fieldset className="box-place">
        <legend>{w('box.place')}</legend>
        {PLACE_STEPS.map((step) => (
          <Input
            key={step}
            aria-label={w(`box.step.${step}`)}
            addonBefore={w(`box.step.${step}`)}
            maxLength={16}
            value={values.place[step]}
            onChange={(event) => fields.setPlace({ ...values.place, [step]: event.target.value })}
          />
        ))}
      </fieldset>
      <Checkbox checked={values.namesOutside} onChange={(event) => fields.setNames(event.target.checked)}>
        {w('box.namesOutside')}
      </Checkbox>
      <p className="quiet">{w('box.namesHelp')}</p>
    </>
  );
}

/** Sets up boxes (设盒). */
export function NewBoxDialog({ close }: { close: () => void }) {
  const { w } = useWords();
  const { message } = App.useApp();
  const id = useId();
  const create = useCreateBoxes();
  const units = useUnits();
  const fields = useBoxFields(null);
  const [chosenUnit, setUnit] = useState('');
  const [category, setCategory] = useState<string>('cadre');
  const [level, setLevel] = useState<(typeof LEVELS)[number]>(1);
  const [count, setCount] = useState<number | null>(1);
  const unitId = chosenUnit || (units.list.find((u) => u.parentId === null)?.id ?? '');
  const send = (event: FormEvent) => {
    event.preventDefault();
    create.mutate(
      { ...fields.values, capacitySheets: fields.capacity, unitId, category, level, count: count ?? 1, number: null },
      {
        onSuccess: ({ ids }) => {
          void message.success(w('box.made', { count: ids.length }));
          close();
        },
      },
    );
  };
  return (
    <Modal open title={w('box.make')} footer={null} onCancel={close} width={560}>
      <form className="password-form box-form" onSubmit={send}>
        <label htmlFor={`${id} count`}>{w('box.count')}</label>
        <InputNumber id={`${id} count`} autoFocus min={1} max={200} precision={0} value={count} onChange={setCount} />
        <label htmlFor={`${id} unit`}>{w('box.unit')}</label>
        <Select
          id={`${id} unit`}
          showSearch
          optionFilterProp="label"
          value={unitId}
          onChange={setUnit}
          options={units.list.map((u) => ({ value: u.id, label: units.pathOf(u.id) }))}
        />
        <label htmlFor={`${id} category`}>{w('box.category')}</label>
        <Select
          id={`${id} category`}
          value={category}
          onChange={setCategory}
          options={CATEGORIES.map((value) => ({ value: value as string, label: w(`box.category.${value}`) }))}
        />
        <label htmlFor={`${id} level`}>{w('box.level')}</label>
        <Select
          id={`${id} level`}
          value={level}
          onChange={setLevel}
          options={LEVELS.map((value) => ({ value, label: w(`accounts.level.${value}`) }))}
        />
        <BoxFields fields={fields} id={id} />
        <Refused error={create.error} />
        <Button type="primary" htmlType="submit" disabled={!unitId} loading={create.isPending}>
          {w('box.make')}
        </Button>
      </form>
    </Modal>
  );
}

/** Changes a box: how it is made, what it is arranged by, where it stands. */
export function EditBoxDialog({ box, close }: { box: Box; close: () => void }) {
  const { w } = useWords();
  const { message } = App.useApp();
  const id = useId();
  const edit = useEditBox(box.id);
  const fields = useBoxFields(box);
  const send = (event: FormEvent) => {
    event.preventDefault();
    edit.mutate(
      { ...fields.values, ...(fields.capacity === null ? {} : { capacitySheets: fields.capacity }), version: box.version },
      {
        onSuccess: () => {
          void message.success(w('box.saved'));
          close();
        },
      },
    );
  };
  return (
    <Modal open title={w('box.edit')} footer={null} onCancel={close} width={560}>
      <form className="password-form box-form" onSubmit={send}>
        <BoxFields fields={fields} id={id} />
        <Refused error={edit.error} />
        <Button type="primary" htmlType="submit" loading={edit.isPending}>
          {w('box.save')}
        </Button>
      </form>
    </Modal>
  );
}
