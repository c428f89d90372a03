import { useQuery } from '@tanstack/react-query';
import { Select } from 'antd';
import { useEffect, useState } from 'react';
import { api } from '../../api/client.ts';
import { answer } from '../../api/refusal.ts';
import { useWords } from '../../words/words.tsx';

const PAUSE_MS = 300;

function usePaused(value: string): string {
  const [paused, setPaused] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setPaused(value), PAUSE_MS);
    return () => clearTimeout(timer);
  }, [value]);
  return paused;
}

interface PickerProps {
  readonly id: string;
  readonly value: string | undefined;
  onChange(dossierId: string): void;
}

/** Chooses a dossier by its code, name or pinyin. */
export function DossierPicker({ id, value, onChange }: PickerProps) {
  const { w } = useWords();
  const [typed, setTyped] = useState('');
  const asked = usePaused(typed.trim());
  const isCode = /^[A-Za-z]\d{2,}/.test(asked);
  const found = useQuery({
    queryKey: ['dossier-picker', asked],
    queryFn: () =>
      answer(
        api.POST('/api/v1/dossiers/query', {
          body: { limit: 20, sort: '-changed', ...(asked === '' ? {} : isCode ? { code: asked } : { name: asked }) },
        }),
      ),
  });
  const chosen = useQuery({
    queryKey: ['dossier', value],
    enabled: value !== undefined,
    queryFn: () => answer(api.GET('/api/v1/dossiers/{dossierId}', { params: { path: { dossierId: value ?? '' } } })),
  });
  const lines = [...(chosen.data ? [chosen.data] : []), ...(found.data?.items.filter((line) => line.id !== value) ?? [])];
  return (
    <Select
      id={id}
      className="wide"
      size="large"
      value={chosen.data ? value : null}
      placeholder={w('capture.pick')}
      loading={found.isFetching}
      showSearch={{ filterOption: false, onSearch: setTyped }}
      notFoundContent={found.isFetching ? w('state.loading') : w('capture.pickNone')}
      onChange={(dossierId) => dossierId && onChange(dossierId)}
      options={lines.map((line) => ({
        value: line.id,
        label: (
          <span>
            <span className="song">{line.name}</span>　<span className="quiet num">{line.code}</span>
          </span>
        ),
      }))}
    />
  );
}
