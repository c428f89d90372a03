import { Button, Segmented } from 'antd';
import { useState } from 'react';
import { type PropertyCheck, type PropertyItem, useCheckReport } from '../../api/properties.ts';
import { useMay } from '../../api/session.ts';
import { Chip } from '../../parts/chip.tsx';
import { useSayRefusal } from '../../parts/refused.tsx';
import { useWords } from '../../words/words.tsx';
import { AnswerDialog } from './answer-dialog.tsx';
import { ItemRow } from './item-row.tsx';
import { isToSettle, TONE_OF, TONE_OF_VERDICT } from './result-tone.ts';

const PROPERTIES = ['authenticity', 'integrity', 'usability', 'security'] as const;
const RESULTS = ['fail', 'warn', 'manual', 'skipped', 'pass'] as const;

/** What a check came to: its verdict, counts, and the items of each property. */
export function CheckView({ check }: { check: PropertyCheck }) {
  const { w, code, number } = useWords();
  const may = useMay();
  const onError = useSayRefusal();
  const report = useCheckReport(check);
  const [shown, setShown] = useState<'look' | 'all'>('look');
  const [asked, setAsked] = useState<PropertyItem | null>(null);
  const items = shown === 'all' ? check.items : check.items.filter(isToSettle);
  return (
    <section className="card four-check" aria-label={w('four.title')}>
      <header className="four-head">
        {check.verdict && <Chip tone={TONE_OF_VERDICT[check.verdict]}>{code(`four-report/verdict.${check.verdict}`)}</Chip>}
        <span className="four-counts">
          {RESULTS.filter((r) => check.counts[r] > 0).map((r) => (
            <Chip key={r} tone={TONE_OF[r]}>
              {code(`four-report/result.${r}`)} <span className="num">{number(check.counts[r])}</span>
            </Chip>
          ))}
        </span>
        <span className="stretch" />
        <Segmented
          value={shown}
          options={(['look', 'all'] as const).map((value) => ({ value, label: w(`four.filter.${value}`) }))}
          onChange={setShown}
        />
        {may('catalogue.export') &&
          (['pdf', 'xml'] as const).map((form) => (
            <Button key={form} loading={report.isPending && report.variables === form} onClick={() => report.mutate(form, { onError })}>
              {form.toUpperCase()}
            </Button>
          ))}
      </header>
      {check.state === 'stopped' && (
        <p className="refusal" role="alert">
          {w('four.stopped')}
          {code(check.code ?? '')}
        </p>
      )}
      {items.length === 0 && check.state === 'done' && <p className="quiet">{w('four.nothing')}</p>}
      {PROPERTIES.map((property) => {
        const own = items.filter((i) => i.property === property);
        return (
          own.length > 0 && (
            <section key={property} className="four-property" aria-label={code(`four-report/property.${property}`)}>
              <h2>{code(`four-report/property.${property}`)}</h2>
              <ol>
                {own.map((item) => (
                  <ItemRow
                    key={item.code}
                    dossierId={check.dossierId}
                    item={item}
                    mayAnswer={may('dossier.change')}
                    ask={() => setAsked(item)}
                  />
                ))}
              </ol>
            </section>
          )
        );
      })}
      <p className="quiet source">{check.source}</p>
      {asked && <AnswerDialog check={check} item={asked} close={() => setAsked(null)} />}
    </section>
  );
}
