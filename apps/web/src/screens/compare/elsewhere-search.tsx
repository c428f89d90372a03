import { useMutation } from '@tanstack/react-query';
import { Button, Input, InputNumber } from 'antd';
import { type FormEvent, useState } from 'react';
import { api } from '../../api/client.ts';
import { answer } from '../../api/refusal.ts';
import { Refused } from '../../parts/refused.tsx';
import { useWords } from '../../words/words.tsx';
import { sayBox } from './place.ts';

const HITS_MAX = 20;

/**
 * Seeks materials of other dossiers by the unit's name and year. The scope of who asks lies inside the search, which is an entry; a page that is
 * then opened is a look of its own.
 */
export function ElsewhereSearch({
  dossierId,
  unit,
  year,
  choose,
}: {
  dossierId: string;
  unit: string;
  year: number | null;
  choose(pageId: string, box?: string): void;
}) {
  const { w } = useWords();
  const [typedUnit, setUnit] = useState<string | null>(null);
  const [typedYear, setYear] = useState<number | null>(null);
  const [asked, asking] = [typedUnit ?? unit, typedYear ?? year];
  const search = useMutation({
    mutationFn: () =>
      answer(
        api.POST('/api/v1/search', {
          body: {
            query: asked.trim(),
            filters: { kinds: ['page'], ...(asking === null ? {} : { yearFrom: asking, yearTo: asking }) },
            counts: 'without',
            limit: HITS_MAX,
          },
        }),
      ),
  });
  const send = (event: FormEvent) => {
    event.preventDefault();
    if (asked.trim()) search.mutate();
  };
  const hits = search.data?.hits.filter((hit) => hit.pageId !== null && hit.dossierId !== dossierId);
  return (
    <details className="elsewhere">
      <summary>{w('compare.elsewhere')}</summary>
      <form onSubmit={send}>
        <Input
          aria-label={w('compare.unit')}
          placeholder={w('compare.unit')}
          value={asked}
          onChange={(event) => setUnit(event.target.value)}
        />
        <InputNumber
          aria-label={w('compare.year')}
          placeholder={w('compare.year')}
          min={1800}
          max={2999}
          value={asking}
          onChange={setYear}
        />
        <Button htmlType="submit" loading={search.isPending} disabled={!asked.trim()}>
          {w('compare.find')}
        </Button>
      </form>
      <p className="quiet">{w('compare.elsewhereHelp')}</p>
      <Refused error={search.error} />
      {hits?.length === 0 && <p role="status">{w('compare.elsewhereNone')}</p>}
      {hits && hits.length > 0 && (
        <ul>
          {hits.map((hit) => (
            <li key={hit.pageId}>
              <button type="button" className="link" onClick={() => choose(hit.pageId!, hit.boxes[0] && sayBox(hit.boxes[0]))}>
                {`${hit.dossierCode}　${hit.materialTitle || w('compare.loose')}`}
              </button>
            </li>
          ))}
        </ul>
      )}
    </details>
  );
}
