import { Button, InputNumber } from 'antd';
import { useId, useState } from 'react';
import { type Limit, useLimits, useSetLimit } from '../../api/personal.ts';
import { isRefusal } from '../../api/refusal.ts';
import { useMay } from '../../api/session.ts';
import { useWords } from '../../words/words.tsx';

function LimitLine({ limit }: { limit: Limit }) {
  const { w, code } = useWords();
  const may = useMay();
  const id = useId();
  const [value, setValue] = useState<number | null>(limit.value);
  const set = useSetLimit();
  return (
    <li className="own-dossier">
      <label htmlFor={id}>{w(`personal.limit.${limit.code}`)}</label>
      <span className="states">
        <InputNumber
          id={id}
          min={limit.least}
          max={limit.most}
          precision={0}
          value={value}
          disabled={!may('processing.keep')}
          onChange={setValue}
        />
        {value !== null && value !== limit.value && (
          <Button size="small" loading={set.isPending} onClick={() => set.mutate({ code: limit.code, value })}>
            {w('accounts.save')}
          </Button>
        )}
      </span>
      <span className="quiet">
        {isRefusal(set.error)
          ? code(set.error.code, set.error.params)
          : w('personal.limitDefault', { value: limit.default, least: limit.least })}
      </span>
    </li>
  );
}

/** Days, years and hours that the archive sets for itself, none below what the law says. */
export function Limits() {
  const { w } = useWords();
  const { data } = useLimits();
  if (!data) return null;
  return (
    <section>
      <h2>{w('personal.limits')}</h2>
      <ul className="personal-list card">
        {data.items.map((limit) => (
          <LimitLine key={`${limit.code}/${limit.value}`} limit={limit} />
        ))}
      </ul>
    </section>
  );
}
