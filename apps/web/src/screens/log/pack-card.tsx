import { Button } from 'antd';
import { useId, useState } from 'react';
import { useSavePack } from '../../api/packs.ts';
import { useMay } from '../../api/session.ts';
import { useWords } from '../../words/words.tsx';

/** First millisecond of a day where the reader is, or of the day after it. */
const dayMs = (day: string, plus: number) => {
  const [year, month, date] = day.split('-').map(Number);
  return new Date(year!, month! - 1, date! + plus).getTime();
};
const today = () => new Date(Date.now() - new Date().getTimezoneOffset() * 60_000).toISOString().slice(0, 10);

/** A period in one bundle that anybody can check: with contents for who may export, accesses and proofs for who reads the log. */
export function PackCard() {
  const { w } = useWords();
  const may = useMay();
  const pack = useSavePack();
  const [from, setFrom] = useState(today);
  const [to, setTo] = useState(today);
  const ids = { from: useId(), to: useId() };
  if (!may('dossier.export') && !may('log.read')) return null;
  const isPeriod = from !== '' && to !== '' && from <= to;
  const save = (withContents: boolean) =>
    pack.mutate({
      selection: { kind: 'period', fromMs: dayMs(from, 0), toMs: dayMs(to, 1) - 1 },
      withContents,
      name: `lantai-${withContents ? 'audit' : 'evidence'}-pack-${from}-${to}`,
    });
  return (
    <section className="card packs">
      <h2>{w('pack.title')}</h2>
      <p className="quiet">{w('pack.text')}</p>
      <div className="pack-days">
        <label htmlFor={ids.from}>{w('pack.from')}</label>
        <input id={ids.from} type="date" value={from} max={to} onChange={(event) => setFrom(event.target.value)} />
        <label htmlFor={ids.to}>{w('pack.to')}</label>
        <input id={ids.to} type="date" value={to} min={from} onChange={(event) => setTo(event.target.value)} />
      </div>
      <div className="receipt-acts">
        {may('log.read') && (
          <Button disabled={!isPeriod} loading={pack.isPending} onClick={() => save(false)}>
            {w('pack.evidence')}
          </Button>
        )}
        {may('dossier.export') && (
          <Button disabled={!isPeriod} loading={pack.isPending} onClick={() => save(true)}>
            {w('pack.audit')}
          </Button>
        )}
      </div>
    </section>
  );
}
