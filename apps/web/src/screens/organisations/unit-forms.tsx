import { App, Button, Input, Modal, Select } from 'antd';
import { type FormEvent, useId, useState } from 'react';
import type { Schemas } from '../../api/client.ts';
import { useCreateUnit, useFoundOrganisation } from '../../api/rights.ts';
import { Refused } from '../../parts/refused.tsx';
import { useWords } from '../../words/words.tsx';
import type { TreeRow } from './tree-rows.ts';

/** Code and name: the same for a unit, an organisation and what a split makes. */
export function CodeAndName(props: { code: string; name: string; isFonds?: boolean; change(next: { code: string; name: string }): void }) {
  const { w } = useWords();
  const ids = { code: useId(), name: useId(), help: useId() };
  const { code, name, isFonds = false } = props;
  return (
    <>
      <label htmlFor={ids.name}>{w('org.name')}</label>
      <Input id={ids.name} autoComplete="off" maxLength={100} value={name} onChange={(e) => props.change({ code, name: e.target.value })} />
      <label htmlFor={ids.code}>{w(isFonds ? 'org.codeFonds' : 'org.code')}</label>
      <Input
        id={ids.code}
        autoComplete="off"
        maxLength={40}
        aria-describedby={ids.help}
        value={code}
        onChange={(e) => props.change({ code: e.target.value.trim(), name })}
      />
      <p id={ids.help} className="quiet">
        {w(isFonds ? 'org.codeFondsHelp' : 'org.codeHelp')}
      </p>
    </>
  );
}

/** A new unit below this one. */
export function AddUnit({ above, close }: { above: TreeRow; close: (madeId?: string) => void }) {
  const { w } = useWords();
  const { message } = App.useApp();
  const [draft, setDraft] = useState({ code: '', name: '' });
  const create = useCreateUnit();
  const submit = (event: FormEvent) => {
    event.preventDefault();
    create.mutate(
      { fondsId: above.fondsId, parentId: above.id, code: draft.code, name: draft.name.trim() },
      {
        onSuccess: ({ unitId }) => {
          void message.success(w('org.added'));
          close(unitId);
        },
      },
    );
  };
  return (
    <Modal open title={`${w('org.add')} · ${above.name}`} footer={null} width={460} onCancel={() => close()}>
      <form className="password-form" onSubmit={submit}>
        <CodeAndName {...draft} change={setDraft} />
        <Refused error={create.error} />
        <Button type="primary" htmlType="submit" disabled={!draft.code || !draft.name.trim()} loading={create.isPending}>
          {w('org.add')}
        </Button>
      </form>
    </Modal>
  );
}

/** A new organisation with its fonds, at the top or below another. */
export function FoundOrganisation({ fonds, close }: { fonds: readonly Schemas['FondsNode'][]; close: (madeId?: string) => void }) {
  const { w } = useWords();
  const { message } = App.useApp();
  const id = useId();
  const [draft, setDraft] = useState({ code: '', name: '' });
  const [parentId, setParentId] = useState<string>('');
  const found = useFoundOrganisation();
  const submit = (event: FormEvent) => {
    event.preventDefault();
    found.mutate(
      { code: draft.code, name: draft.name.trim(), parentId: parentId || null },
      {
        onSuccess: ({ unitId }) => {
          void message.success(w('org.founded'));
          close(unitId);
        },
      },
    );
  };
  return (
    <Modal open title={w('org.found')} footer={null} width={460} onCancel={() => close()}>
      <form className="password-form" onSubmit={submit}>
        <p className="quiet">{w('org.foundHelp')}</p>
        <CodeAndName {...draft} isFonds change={setDraft} />
        <label htmlFor={id}>{w('org.above')}</label>
        <Select
          id={id}
          showSearch={{ optionFilterProp: 'label' }}
          value={parentId}
          onChange={setParentId}
          options={[{ value: '', label: w('org.noneAbove') }, ...fonds.map((f) => ({ value: f.id, label: `${f.code} ${f.name}` }))]}
        />
        <Refused error={found.error} />
        <Button type="primary" htmlType="submit" disabled={!draft.code || !draft.name.trim()} loading={found.isPending}>
          {w('org.found')}
        </Button>
      </form>
    </Modal>
  );
}
