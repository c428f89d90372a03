import { Input, Select } from 'antd';
import { useId } from 'react';
import type { Schemas } from '../../api/client.ts';
import { useUnits } from '../../api/house.ts';
import { useWords } from '../../words/words.tsx';

export type GivenRole = Schemas['NewAccount']['role'];
const GIVEN_ROLES: readonly GivenRole[] = [
  'archivist',
  'unit_clerk',
  'reader',
  'person',
  'contractor',
  'system_admin',
  'security_admin',
  'audit_admin',
];
/** Whether the role is one of the three administrators'. */
export const isOffice = (role: string): boolean => role.endsWith('_admin');

/** A reader sees what is named, a person what is their own: neither has a place of work in the archive. */
const hasPlace = (role: string): boolean => !isOffice(role) && role !== 'person' && role !== 'reader';

export interface Draft {
  readonly role: GivenRole;
  readonly unitId: string | null;
  readonly levelMax: number;
  readonly holderNumber: string;
}

/** Levels that an account can be cleared to, the lowest first. */
export const LEVELS = [0, 1, 2, 3] as const;
/** Source: contract, `holderNumber`. */
const HOLDER = /^[\p{L}\p{N}-]{2,40}$/u;

/** Whether the draft can be sent. */
export const isWhole = (draft: Draft, holderKnown: boolean): boolean =>
  ((draft.role !== 'unit_clerk' && draft.role !== 'contractor') || draft.unitId !== null) &&
  (draft.holderNumber === '' ? holderKnown || !isOffice(draft.role) : HOLDER.test(draft.holderNumber));

function PlaceFields({ draft, change }: { draft: Draft; change: (draft: Draft) => void }) {
  const { w } = useWords();
  const { list, pathOf } = useUnits();
  const ids = { unit: useId(), level: useId() };
  const everywhere = draft.role === 'unit_clerk' || draft.role === 'contractor' ? [] : [{ value: '', label: w('accounts.fonds') }];
  return (
    <>
      <label htmlFor={ids.unit}>{w('accounts.unit')}</label>
      <Select
        id={ids.unit}
        showSearch={{ optionFilterProp: 'label' }}
        value={draft.unitId ?? (everywhere.length ? '' : null)}
        onChange={(unitId) => change({ ...draft, unitId: unitId || null })}
        options={[...everywhere, ...list.map((unit) => ({ value: unit.id, label: pathOf(unit.id) }))]}
      />
      <label htmlFor={ids.level}>{w('accounts.level')}</label>
      <Select
        id={ids.level}
        value={draft.levelMax}
        onChange={(levelMax) => change({ ...draft, levelMax })}
        options={LEVELS.map((level) => ({ value: level, label: w(`accounts.level.${level}`) }))}
      />
    </>
  );
}

/** Role, unit, level and the person's number: the same for a new account and a changed one. */
export function AccountFields({ draft, change }: { draft: Draft; change: (draft: Draft) => void }) {
  const { w } = useWords();
  const ids = { role: useId(), holder: useId() };
  return (
    <>
      <label htmlFor={ids.role}>{w('accounts.role')}</label>
      <Select
        id={ids.role}
        value={draft.role}
        onChange={(role) => change({ ...draft, role })}
        options={GIVEN_ROLES.map((role) => ({ value: role, label: w(`role.${role}`) }))}
      />
      {hasPlace(draft.role) && <PlaceFields draft={draft} change={change} />}
      <label htmlFor={ids.holder}>{w('accounts.holder')}</label>
      <Input
        id={ids.holder}
        autoComplete="off"
        maxLength={40}
        value={draft.holderNumber}
        onChange={(event) => change({ ...draft, holderNumber: event.target.value.trim() })}
      />
      <p className="quiet">{w('accounts.holderHelp')}</p>
    </>
  );
}
