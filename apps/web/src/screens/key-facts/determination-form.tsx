import { App, Button, Checkbox, Input, Modal } from 'antd';
import { type FormEvent, useId, useState } from 'react';
import { type KeyFact, type KeyFacts, useProposeDetermination } from '../../api/key-facts.ts';
import { Refused } from '../../parts/refused.tsx';
import { useWords } from '../../words/words.tsx';

const FIELDS = ['value', 'organisation', 'documentNo', 'decidedOn'] as const;

/** Proposes to determine a fact; another person confirms it. The basis is what the rules take, and is offered. */
export function DeterminationForm({ facts, fact, close }: { facts: KeyFacts; fact: KeyFact; close: () => void }) {
  const { w } = useWords();
  const { message } = App.useApp();
  const id = useId();
  const propose = useProposeDetermination(facts.dossierId);
  // What is masked is no value.
  const offered = fact.value?.includes('*') ? '' : (fact.value ?? '');
  const [typed, setTyped] = useState({ value: offered, organisation: '', documentNo: '', decidedOn: '', reasons: '' });
  const [materialIds, setMaterialIds] = useState<string[]>(fact.basis ? [fact.basis] : []);
  const named = new Set([...fact.assertions.map((a) => a.materialId), ...fact.notes.flatMap((n) => n.materialIds)]);
  const materials = facts.materials.filter((m) => named.has(m.id));
  const isReady = typed.value.trim() && typed.organisation.trim() && typed.decidedOn && typed.reasons.trim();
  const send = (event: FormEvent) => {
    event.preventDefault();
    propose.mutate(
      { fact: fact.code, ...typed, materialIds },
      {
        onSuccess: () => {
          void message.success(w('keyFact.proposed'));
          close();
        },
      },
    );
  };
  return (
    <Modal open title={w('keyFact.proposeTitle', { fact: w(`keyFact.${fact.code}`) })} footer={null} width={560} onCancel={close}>
      <form className="password-form" onSubmit={send}>
        {FIELDS.map((name) => (
          <div key={name}>
            <label htmlFor={`${id} ${name}`}>{w(`keyFact.form.${name}`)}</label>
            <Input
              id={`${id} ${name}`}
              type={name === 'decidedOn' ? 'date' : 'text'}
              maxLength={name === 'value' ? 200 : name === 'organisation' ? 120 : 60}
              value={typed[name]}
              onChange={(event) => setTyped({ ...typed, [name]: event.target.value })}
            />
          </div>
        ))}
        <label htmlFor={`${id} reasons`}>{w('keyFact.form.reasons')}</label>
        <Input.TextArea
          id={`${id} reasons`}
          maxLength={1000}
          autoSize={{ minRows: 2, maxRows: 8 }}
          value={typed.reasons}
          onChange={(event) => setTyped({ ...typed, reasons: event.target.value })}
        />
        {materials.length > 0 && (
          <fieldset className="unit-choice">
            <legend>{w('keyFact.form.basis')}</legend>
            <Checkbox.Group
              className="basis"
              value={materialIds}
              onChange={setMaterialIds}
              options={materials.map((m) => ({ value: m.id, label: m.title || w('material.untitled') }))}
            />
          </fieldset>
        )}
        <p className="quiet">{w('keyFact.form.help')}</p>
        <Refused error={propose.error} />
        <Button type="primary" htmlType="submit" disabled={!isReady} loading={propose.isPending}>
          {w('keyFact.propose')}
        </Button>
      </form>
    </Modal>
  );
}
