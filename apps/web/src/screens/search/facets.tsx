import { Button, InputNumber, Switch } from 'antd';
import { useId, useState } from 'react';
import type { Schemas } from '../../api/client.ts';
import { useSchemesById } from '../../api/house.ts';
import { useNarrow } from '../../parts/narrow.ts';
import { useWords } from '../../words/words.tsx';
import { type SearchFilters, useSearchState } from './search-state.tsx';

type FacetEntry = Schemas['SearchAnswer']['facets']['kind'][number];

function FacetList(props: {
  title: string;
  entries: readonly FacetEntry[];
  chosen: readonly string[];
  say: (value: string) => string;
  onToggle: (value: string) => void;
}) {
  const { number } = useWords();
  if (props.entries.length === 0 && props.chosen.length === 0) return null;
  const missing = props.chosen
    .filter((value) => !props.entries.some((entry) => entry.value === value))
    .map((value) => ({ value, count: 0 }));
  return (
    <section>
      <h3>{props.title}</h3>
      <ul>
        {[...props.entries, ...missing].map(({ value, count }) => (
          <li key={value}>
            <button type="button" aria-pressed={props.chosen.includes(value)} onClick={() => props.onToggle(value)}>
              <span>{props.say(value)}</span> <span className="quiet num">{number(count)}</span>
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}

function YearRange({ filters, onChange }: { filters: SearchFilters; onChange: (filters: SearchFilters) => void }) {
  const { w } = useWords();
  const set = (key: 'yearFrom' | 'yearTo', value: number | null) => {
    const { [key]: _, ...rest } = filters;
    onChange(value === null ? rest : { ...rest, [key]: value });
  };
  return (
    <section>
      <h3>{w('facet.years')}</h3>
      <span className="years">
        {(['yearFrom', 'yearTo'] as const).map((key) => (
          <InputNumber
            key={key}
            aria-label={w(`facet.${key}`)}
            placeholder={w(`facet.${key}`)}
            min={1800}
            max={2999}
            controls={false}
            changeOnBlur
            value={filters[key] ?? null}
            onChange={(value) => (value === null || value >= 1800) && set(key, value)}
          />
        ))}
      </span>
    </section>
  );
}

const toggled = (list: readonly string[] | undefined, value: string) =>
  list?.includes(value) ? list.filter((v) => v !== value) : [...(list ?? []), value];

interface FacetsProps {
  readonly hits: readonly Schemas['SearchHit'][];
  /** Null while they are being counted. */
  readonly facets: Schemas['SearchAnswer']['facets'] | null;
}

const NONE: Schemas['SearchAnswer']['facets'] = { kind: [], classCode: [], year: [] };

/** Narrows the hits by kind, class and year; on a phone behind one button. */
export function Facets({ hits, facets: counted }: FacetsProps) {
  const { w, language } = useWords();
  const { filters, filter } = useSearchState();
  const schemes = useSchemesById([...new Set(hits.map((hit) => hit.schemeId))].sort());
  const narrow = useNarrow();
  const [isOpen, setOpen] = useState(false);
  const exactId = useId();
  const className = (code: string) => {
    const found = schemes.flatMap((scheme) => scheme.classes).find((entry) => entry.code === code);
    return found ? `${found.display} ${found.name[language]}` : code;
  };
  const facets = counted ?? NONE;
  const years = [...facets.year].sort((a, b) => Number(b.value) - Number(a.value)).slice(0, 12);
  const oneYear = filters.yearFrom !== undefined && filters.yearFrom === filters.yearTo ? [String(filters.yearFrom)] : [];
  const pickYear = (value: string) => {
    const { yearFrom: _f, yearTo: _t, ...rest } = filters;
    filter(oneYear.includes(value) ? rest : { ...rest, yearFrom: Number(value), yearTo: Number(value) });
  };
  return (
    <aside className="facets" aria-label={w('facet.label')}>
      {narrow && (
        <Button block aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
          {w('filter.open')}
        </Button>
      )}
      {(!narrow || isOpen) && (
        <>
          <section>
            <label htmlFor={exactId}>
              <Switch
                id={exactId}
                size="small"
                checked={filters.exactOnly ?? false}
                onChange={(exactOnly) => filter({ ...filters, exactOnly })}
              />{' '}
              {w('facet.exactOnly')}
            </label>
          </section>
          <FacetList
            title={w('facet.kind')}
            entries={facets.kind}
            chosen={filters.kinds ?? []}
            say={(value) => w(`hit.kind.${value as 'page'}`)}
            onToggle={(value) => filter({ ...filters, kinds: toggled(filters.kinds, value) as Schemas['HitKind'][] })}
          />
          <FacetList
            title={w('facet.class')}
            entries={facets.classCode}
            chosen={filters.classCodes ?? []}
            say={className}
            onToggle={(value) => filter({ ...filters, classCodes: toggled(filters.classCodes, value) })}
          />
          <FacetList title={w('facet.year')} entries={years} chosen={oneYear} say={(value) => value} onToggle={pickYear} />
          <YearRange filters={filters} onChange={filter} />
        </>
      )}
    </aside>
  );
}
