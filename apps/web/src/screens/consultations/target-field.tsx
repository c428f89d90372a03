import { Segmented, Select } from 'antd';
import { useId } from 'react';
import type { Schemas } from '../../api/client.ts';
import { useUnits } from '../../api/house.ts';
import { useWords } from '../../words/words.tsx';
import { DossierPicker } from '../capture/dossier-picker.tsx';

/** What is to be read: one dossier, or all of a unit. */
export type TargetKind = Schemas['NewConsultation']['target']['kind'];

interface Props {
  readonly kind: TargetKind;
  readonly targetId: string | null;
  change(kind: TargetKind, targetId: string | null): void;
}

/** Chooses a dossier or a unit; changing the kind forgets the other. */
export function TargetField({ kind, targetId, change }: Props) {
  const { w } = useWords();
  const { list, pathOf } = useUnits();
  const id = useId();
  return (
    <>
      <Segmented
        value={kind}
        options={[
          { value: 'dossier' as const, label: w('consult.whatDossier') },
          { value: 'unit' as const, label: w('consult.whatUnit') },
        ]}
        onChange={(next) => change(next, null)}
      />
      <label htmlFor={id}>{w(kind === 'dossier' ? 'consult.dossier' : 'consult.unit')}</label>
      {kind === 'dossier' ? (
        <DossierPicker id={id} value={targetId ?? undefined} onChange={(next) => change('dossier', next)} />
      ) : (
        <Select
          id={id}
          showSearch={{ optionFilterProp: 'label' }}
          value={targetId}
          onChange={(next) => change('unit', next)}
          options={list.map((unit) => ({ value: unit.id, label: pathOf(unit.id) }))}
        />
      )}
    </>
  );
}
