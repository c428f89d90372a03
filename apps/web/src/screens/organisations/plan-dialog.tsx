import { Button, Checkbox, Modal, Select, Spin } from 'antd';
import { type FormEvent, useId, useState } from 'react';
import type { Schemas } from '../../api/client.ts';
import { useUnits } from '../../api/house.ts';
import { usePreview, useReorganise } from '../../api/rights.ts';
import { Refused } from '../../parts/refused.tsx';
import { useWords } from '../../words/words.tsx';
import { type TreeRow, withBelow } from './tree-rows.ts';
import { CodeAndName } from './unit-forms.tsx';

type Plan = Schemas['ReorganisationPlan'];

function UnitPosts({ word, list }: { word: 'org.previewGain' | 'org.previewLose'; list: Schemas['ReorganisationPreview']['gaining'] }) {
  const { w } = useWords();
  const { pathOf } = useUnits();
  if (list.length === 0) return null;
  return (
    <>
      <h3>{w(word)}</h3>
      <ul className={word === 'org.previewGain' ? 'gain' : 'lose'}>
        {list.map(({ unitId, posts }) => (
          <li key={unitId}>{w('org.previewPosts', { unit: pathOf(unitId), count: posts })}</li>
        ))}
      </ul>
    </>
  );
}

/** What the plan would change, before anybody confirms it. */
function Preview({ plan }: { plan: Plan }) {
  const { w, code, number } = useWords();
  const { data, error } = usePreview(plan);
  if (error) return <Refused error={error} />;
  if (!data) return <Spin />;
  if (data.refusal)
    return (
      <p className="refusal" role="alert">
        {code(data.refusal)}
      </p>
    );
  return (
    <section className="plan-preview" aria-label={w('org.preview')} aria-live="polite">
      <p>
        <strong>{w('org.previewDossiers', { units: number(data.units), dossiers: number(data.dossiers) })}</strong>
      </p>
      <UnitPosts word="org.previewGain" list={data.gaining} />
      <UnitPosts word="org.previewLose" list={data.losing} />
      {data.gaining.length + data.losing.length === 0 && <p>{w('org.previewNobody')}</p>}
      <p className="quiet">{w('org.previewWhen')}</p>
    </section>
  );
}

/** What was chosen so far: the unit to go to, or the units that are split off. */
interface Choice {
  readonly targetId: string | null;
  readonly unitIds: string[];
}

/** The plan that a choice makes; null while nothing is chosen. */
function planOf(kind: Plan['kind'], unitId: string, { targetId, unitIds }: Choice): Plan | null {
  if (kind === 'split') return unitIds.length > 0 ? { kind, unitId, unitIds } : null;
  if (targetId === null) return null;
  return kind === 'move' ? { kind, unitId, parentId: targetId } : { kind, unitId, intoId: targetId };
}

interface ChoiceProps {
  readonly row: TreeRow;
  readonly rows: readonly TreeRow[];
  readonly choice: Choice;
  choose(choice: Choice): void;
}

/** Which of the units below become a unit of their own. */
function SplitField({ row, rows, choice, choose }: ChoiceProps) {
  const { w } = useWords();
  const children = rows.filter((other) => other.parentRowId === row.id && !other.isRoot);
  return (
    <fieldset className="unit-choice">
      <legend>{w('org.splitUnits')}</legend>
      {children.length === 0 && <p className="quiet">{w('org.splitNone')}</p>}
      <Checkbox.Group
        value={choice.unitIds}
        onChange={(unitIds) => choose({ ...choice, unitIds })}
        options={children.map((child) => ({ value: child.id, label: `${child.name} ${child.code}` }))}
      />
    </fieldset>
  );
}

/** Where the unit goes: any unit of its fonds but what lies below it. */
function TargetField({ kind, row, rows, choice, choose }: ChoiceProps & { readonly kind: 'move' | 'merge' }) {
  const { w } = useWords();
  const { pathOf } = useUnits();
  const id = useId();
  const own = withBelow(rows, row.id);
  const targets = rows.filter(
    (other) => other.fondsId === row.fondsId && !own.has(other.id) && !(kind === 'move' && other.id === row.parentRowId),
  );
  return (
    <>
      <label htmlFor={id}>{w(kind === 'move' ? 'org.moveTo' : 'org.mergeInto')}</label>
      <Select
        id={id}
        showSearch={{ optionFilterProp: 'label' }}
        value={choice.targetId}
        onChange={(targetId) => choose({ ...choice, targetId })}
        options={targets.map((other) => ({ value: other.id, label: pathOf(other.id) }))}
      />
    </>
  );
}

/** A move, merge or split: chosen, looked at dry, confirmed. */
export function PlanDialog({ kind, row, rows, close }: { kind: Plan['kind']; row: TreeRow; rows: readonly TreeRow[]; close: () => void }) {
  const { w } = useWords();
  const [choice, setChoice] = useState<Choice>({ targetId: null, unitIds: [] });
  const [draft, setDraft] = useState({ code: '', name: '' });
  const reorganise = useReorganise();
  const plan = planOf(kind, row.id, choice);
  const preview = usePreview(plan);
  const isNamed = kind !== 'split' || (draft.code !== '' && draft.name.trim() !== '');
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (plan) reorganise.mutate({ plan, code: draft.code, name: draft.name.trim() }, { onSuccess: close });
  };
  const choosing = { row, rows, choice, choose: setChoice };
  return (
    <Modal open title={`${w(`org.change.${kind}`)} · ${row.name}`} footer={null} width={520} onCancel={close}>
      <form className="password-form" onSubmit={submit}>
        {kind === 'split' && <CodeAndName {...draft} change={setDraft} />}
        {kind === 'split' ? <SplitField {...choosing} /> : <TargetField kind={kind} {...choosing} />}
        {plan && <Preview plan={plan} />}
        <Refused error={reorganise.error} />
        <Button
          type="primary"
          htmlType="submit"
          disabled={!plan || !isNamed || !preview.data || preview.data.refusal !== null}
          loading={reorganise.isPending}
        >
          {w(`org.change.${kind}`)}
        </Button>
      </form>
    </Modal>
  );
}
