import { Button, Input, Select } from 'antd';
import { useId, useState } from 'react';
import { useUnits } from '../api/house.ts';
import { useFindDossier } from '../api/rights.ts';
import { useWords } from '../words/words.tsx';
import { Refused } from './refused.tsx';

/** Points at a dossier by its archival code, for registers whose keeper sees into no dossier: what is shown is its place. */
export function DossierByCode({ label, choose }: { label: string; choose: (dossierId: string | null) => void }) {
  const { w } = useWords();
  const { pathOf } = useUnits();
  const id = useId();
  const [typed, setTyped] = useState('');
  const [chosenId, setChosenId] = useState<string | null>(null);
  const find = useFindDossier();
  const found = find.data?.items ?? [];
  const take = (dossierId: string | null) => {
    setChosenId(dossierId);
    choose(dossierId);
  };
  const ask = () => {
    if (typed.trim()) find.mutate(typed.trim(), { onSuccess: ({ items }) => take(items.length === 1 && items[0] ? items[0].id : null) });
  };
  return (
    <>
      <label htmlFor={id}>{label}</label>
      <div className="row-form">
        <Input
          id={id}
          autoComplete="off"
          maxLength={120}
          value={typed}
          onChange={(event) => {
            setTyped(event.target.value);
            find.reset();
            take(null);
          }}
          onPressEnter={(event) => {
            // The form is not sent by what only looks something up.
            event.preventDefault();
            ask();
          }}
        />
        <Button onClick={ask} loading={find.isPending} disabled={!typed.trim()}>
          {w('lookup.find')}
        </Button>
      </div>
      <div aria-live="polite">
        {find.data && found.length === 0 && <p className="refusal">{w('lookup.none')}</p>}
        {found.length === 1 && found[0] && (
          <p className="proven">{w('lookup.found', { unit: pathOf(found[0].unitId) || found[0].code })}</p>
        )}
        {found.length > 1 && (
          <Select
            className="wide"
            aria-label={w('lookup.several')}
            placeholder={w('lookup.several')}
            value={chosenId}
            onChange={take}
            options={found.map((place) => ({ value: place.id, label: pathOf(place.unitId) || place.id }))}
          />
        )}
        <Refused error={find.error} />
      </div>
    </>
  );
}
