import { useNavigate } from '@tanstack/react-router';
import { App, Button, Input, Segmented } from 'antd';
import { useRef, useState } from 'react';
import { useMay } from '../../api/session.ts';
import { type Standard, type StandardTrial, useAdoptStandard, useStandardText, useStandardTrial } from '../../api/standards.ts';
import { usePaused } from '../../parts/paused.ts';
import { Refused } from '../../parts/refused.tsx';
import { ErrorState, LoadingState, NoRightState } from '../../parts/states.tsx';
import { goToLine, TextEditor } from '../../parts/text-editor.tsx';
import { useWords } from '../../words/words.tsx';
import { ItemsEditor } from './edit-items.tsx';

/** The program's scheme says its number at the start of a line; the next version must say a higher one. */
const raised = (yaml: string, version: number): string => yaml.replace(/^version: *\d+$/m, `version: ${version}`);

/** What is wrong, or what would change. */
function Trial({ trial, goTo }: { trial: StandardTrial | undefined; goTo: (line: number) => void }) {
  const { w, code } = useWords();
  if (!trial) return <p className="quiet">{w('standards.checking')}</p>;
  const { problems, differences } = trial;
  if (problems.length)
    return (
      <>
        <p className="refusal">{w('standards.problems', { count: problems.length })}</p>
        <ol className="problems">
          {problems.map((p) => (
            <li key={`${p.code} ${JSON.stringify(p.params)}`}>
              <button type="button" disabled={p.params.line === undefined} onClick={() => goTo(Number(p.params.line))}>
                <span className="num">{p.params.line === undefined ? '' : w('standards.line', { line: Number(p.params.line) })}</span>
                <span>{code(p.code, p.params)}</span>
              </button>
            </li>
          ))}
        </ol>
      </>
    );
  if (!differences.length) return <p className="quiet">{w('standards.same')}</p>;
  return (
    <>
      <p>{w('standards.differences', { count: differences.length, version: trial.base ?? 0 })}</p>
      <ul className="differences">
        {differences.map((d) => (
          <li key={`${d.code} ${JSON.stringify(d.params)}`}>
            {code(
              d.code,
              d.code === 'standard/part-changed' ? { part: w(`standards.part.${d.params.part}` as 'standards.part.name') } : d.params,
            )}
          </li>
        ))}
      </ul>
    </>
  );
}

/** From which day on, and the button. */
function Adopt({ standard, yaml, trial }: { standard: Standard; yaml: string; trial: StandardTrial | undefined }) {
  const { w } = useWords();
  const { message } = App.useApp();
  const navigate = useNavigate();
  const adopt = useAdoptStandard();
  const [day, setDay] = useState<string | null>(null);
  const isReady = trial !== undefined && trial.problems.length === 0 && trial.differences.length > 0 && day !== null;
  const act = () =>
    day !== null &&
    adopt.mutate(
      { kind: standard.kind, yaml, effectiveOn: day },
      {
        onSuccess: ({ version }) => {
          void message.success(w('standards.adopted', { version, from: day }));
          void navigate({ to: '/standards', search: { standard: `${standard.kind}.${standard.id}`, tab: 'versions' } });
        },
      },
    );
  return (
    <div className="acts-row">
      <Input
        type="date"
        aria-label={w('standards.from')}
        addonBefore={w('standards.from')}
        onChange={(event) => setDay(event.target.value || null)}
      />
      <Button type="primary" disabled={!isReady} loading={adopt.isPending} onClick={act}>
        {w('standards.adopt')}
      </Button>
      <Refused error={adopt.error} />
    </div>
  );
}

function Editor({ standard, start, highest }: { standard: Standard; start: string; highest: number }) {
  const { w } = useWords();
  const field = useRef<HTMLTextAreaElement | null>(null);
  const [text, setText] = useState(() => raised(start, highest + 1));
  const [way, setWay] = useState<'items' | 'text'>(standard.kind === 'quality' ? 'items' : 'text');
  const asked = usePaused(text);
  const check = useStandardTrial(standard.kind, asked);
  const trial = asked === text ? check.data : undefined;
  const wrong = new Set(trial?.problems.flatMap((p) => (p.params.line === undefined ? [] : [Number(p.params.line)])));
  return (
    <>
      {standard.kind === 'quality' && (
        <Segmented
          className="standard-way"
          value={way}
          onChange={setWay}
          options={[
            { value: 'items', label: w('standards.byItem') },
            { value: 'text', label: w('standards.byText') },
          ]}
        />
      )}
      <div className="draft-grid">
        {way === 'items' ? (
          <ItemsEditor standard={standard} highest={highest} take={setText} />
        ) : (
          <TextEditor
            label={w('standards.text')}
            text={text}
            wrong={wrong}
            change={setText}
            fieldRef={(element) => {
              field.current = element;
            }}
          />
        )}
        <div className="draft-side">
          <section className="card" aria-live="polite">
            <Refused error={check.error} />
            {!check.error && (
              <Trial
                trial={trial}
                goTo={(line) => {
                  setWay('text');
                  // The field is there after the next paint.
                  requestAnimationFrame(() => field.current && goToLine(field.current, line));
                }}
              />
            )}
            <Adopt standard={standard} yaml={text} trial={trial} />
            <p className="quiet">{w('standards.adoptHelp')}</p>
          </section>
        </div>
      </div>
    </>
  );
}

/** Writes the next version: item by item, or as a text; checked while it is typed, adopted from a day on. */
export function EditTab({ standard }: { standard: Standard }) {
  const may = useMay();
  const highest = Math.max(...standard.versions.map((v) => v.version));
  const { data, error, refetch } = useStandardText(standard, highest);
  if (!may('dossier.change')) return <NoRightState />;
  if (error) return <ErrorState error={error} retry={() => void refetch()} />;
  if (!data) return <LoadingState />;
  return <Editor key={highest} standard={standard} start={data.yaml} highest={highest} />;
}
