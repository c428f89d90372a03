import { Button, Checkbox, Select } from 'antd';
import { useId, useState } from 'react';
import {
  type SheetOrder,
  useApplyDirectory,
  useDirectoryErrors,
  useDirectoryPlan,
  useDirectorySources,
  useDirectoryTemplate,
} from '../../api/directory.ts';
import { useFonds } from '../../api/house.ts';
import { useMay } from '../../api/session.ts';
import { Refused } from '../../parts/refused.tsx';
import { EmptyState, ErrorState, LoadingState } from '../../parts/states.tsx';
import { sayMoment } from '../../words/dates.ts';
import { useWords } from '../../words/words.tsx';
import { ShownOnce } from '../account/once.tsx';
import { DirectoryLines } from './directory-lines.tsx';
import '../account/account.css';
import './directory.css';

/** Where people are kept in step from, with when that last went how. */
function Sources() {
  const { w, code, language } = useWords();
  const { data, error } = useDirectorySources();
  if (error) return <Refused error={error} />;
  if (!data?.items.length) return null;
  return (
    <section className="card directory-sources">
      <h2>{w('directory.sources')}</h2>
      <ul>
        {data.items.map((source) => (
          <li key={source.id}>
            <strong>{w(`directory.source.${source.kind}`)}</strong> {source.fondsCode}
            <span className="quiet">
              {w('directory.source.people', { count: source.people })}
              {source.ranAtMs !== null && ` · ${w('directory.source.ran', { at: sayMoment(source.ranAtMs, language) })}`}
            </span>
            {source.fault && <span className="directory-why">{code(source.fault)}</span>}
          </li>
        ))}
      </ul>
    </section>
  );
}

interface Choice {
  readonly complete: boolean;
  readonly adopts: boolean;
  readonly slips: boolean;
}

function Choices({ choice, change }: { choice: Choice; change: (choice: Choice) => void }) {
  const { w } = useWords();
  return (
    <div className="directory-choices">
      {(['complete', 'adopts', 'slips'] as const).map((name) => (
        <Checkbox key={name} checked={choice[name]} onChange={(event) => change({ ...choice, [name]: event.target.checked })}>
          {w(`directory.${name}`)}
        </Checkbox>
      ))}
    </div>
  );
}

/** What a previewed sheet would do, and the button that does it. */
function Preview({ order, slips, at, again }: { order: SheetOrder; slips: boolean; at: number; again: () => void }) {
  const { w, code } = useWords();
  const plan = useDirectoryPlan(order, at);
  const apply = useApplyDirectory();
  const errors = useDirectoryErrors();
  const [isMeant, setMeant] = useState(false);
  if (plan.error) return <ErrorState error={plan.error} retry={again} />;
  if (!plan.data) return <LoadingState />;
  const { lines, refusal, digest } = plan.data;
  const changes = lines.filter((line) => line.act !== 'nothing' && line.act !== 'refused').length;
  const isHeld = refusal !== null && !(refusal.code === 'directory/too-many-vanish' && isMeant);
  if (apply.data)
    return (
      <section className="card directory-plan">
        <h2>{w('directory.done')}</h2>
        <DirectoryLines lines={apply.data.lines} />
        {apply.data.passwords.length > 0 && (
          <>
            <h3>{w('directory.passwords')}</h3>
            <ShownOnce
              lines={apply.data.passwords.map((p) => `${p.what}  ${p.loginName}  ${p.password}`)}
              label={w('directory.passwords')}
            />
          </>
        )}
      </section>
    );
  return (
    <section className="card directory-plan">
      <DirectoryLines lines={lines} />
      {refusal && (
        <div role="alert">
          <p className="refusal">{code(refusal.code, refusal.params)}</p>
          {refusal.code === 'directory/too-many-vanish' && (
            <Checkbox checked={isMeant} onChange={(event) => setMeant(event.target.checked)}>
              {w('directory.emptied')}
            </Checkbox>
          )}
        </div>
      )}
      <Refused error={apply.error ?? errors.error} />
      <div className="receipt-acts">
        {lines.some((line) => line.act === 'refused') && (
          <Button loading={errors.isPending} onClick={() => errors.mutate(order)}>
            {w('directory.errors')}
          </Button>
        )}
        <Button
          type="primary"
          disabled={changes === 0 || isHeld}
          loading={apply.isPending}
          onClick={() => apply.mutate({ order, plan: digest, slips, emptied: isMeant })}
        >
          {w('directory.apply')}
        </Button>
      </div>
    </section>
  );
}

/** Units and people from an Excel sheet: previewed row by row, then imported. Each administrator's part alone is done. */
export function DirectoryImport() {
  const { w } = useWords();
  const may = useMay();
  const fonds = useFonds();
  const template = useDirectoryTemplate();
  const ids = { file: useId(), fonds: useId() };
  const [file, setFile] = useState<File | null>(null);
  const [fondsId, setFondsId] = useState<string>();
  const [choice, setChoice] = useState<Choice>({ complete: false, adopts: false, slips: false });
  const [shown, setShown] = useState<{ order: SheetOrder; slips: boolean; at: number } | null>(null);
  if (fonds.error) return <ErrorState error={fonds.error} retry={() => void fonds.refetch()} />;
  if (!fonds.data) return <LoadingState />;
  const chosen = fondsId ?? fonds.data.fonds[0]?.id;
  const preview = () => {
    if (file && chosen)
      setShown((last) => ({
        order: { file, fondsId: chosen, complete: choice.complete, adopts: choice.adopts },
        slips: choice.slips,
        at: (last?.at ?? 0) + 1,
      }));
  };
  // Whatever is chosen anew is previewed anew.
  const choose = (change: () => void) => {
    change();
    setShown(null);
  };
  return (
    <div className="directory">
      <section className="card directory-form">
        <p className="quiet">{w('directory.lead')}</p>
        {fonds.data.fonds.length > 1 && (
          <div className="directory-fonds">
            <label htmlFor={ids.fonds}>{w('directory.fonds')}</label>
            <Select
              id={ids.fonds}
              value={chosen ?? null}
              onChange={(id) => choose(() => setFondsId(id ?? undefined))}
              options={fonds.data.fonds.map((f) => ({ value: f.id, label: f.name || f.code }))}
            />
          </div>
        )}
        <div className="directory-file">
          <label htmlFor={ids.file}>{w('directory.file')}</label>
          <span className="quiet">{file ? w('directory.chosen', { name: file.name }) : ''}</span>
          <input id={ids.file} type="file" accept=".xlsx" onChange={(event) => choose(() => setFile(event.target.files?.[0] ?? null))} />
        </div>
        {may('directory.sync') && <Choices choice={choice} change={(next) => choose(() => setChoice(next))} />}
        <Refused error={template.error} />
        <div className="receipt-acts">
          <Button loading={template.isPending} onClick={() => template.mutate()}>
            {w('directory.template')}
          </Button>
          <Button type="primary" disabled={!file || !chosen} onClick={preview}>
            {w('directory.plan')}
          </Button>
        </div>
      </section>
      {shown ? (
        <Preview key={shown.at} order={shown.order} slips={shown.slips} at={shown.at} again={preview} />
      ) : (
        !file && (
          <div className="card">
            <EmptyState title={w('directory.empty')}>{w('directory.emptyHelp')}</EmptyState>
          </div>
        )
      )}
      <Sources />
    </div>
  );
}
