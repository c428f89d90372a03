import { useNavigate } from '@tanstack/react-router';
import { App, Button } from 'antd';
import { useRef, useState } from 'react';
import { useDraftPolicy, usePolicyCheck, usePolicyText, useTryPolicy } from '../../api/rights.ts';
import { useMay } from '../../api/session.ts';
import { usePaused } from '../../parts/paused.ts';
import { Refused } from '../../parts/refused.tsx';
import { ErrorState, LoadingState } from '../../parts/states.tsx';
import { goToLine, TextEditor } from '../../parts/text-editor.tsx';
import { useWords } from '../../words/words.tsx';
import { TrialResult } from './trial.tsx';

type Problem = NonNullable<ReturnType<typeof usePolicyCheck>['data']>['problems'][number];

function Problems({ problems, lines, goTo }: { problems: readonly Problem[] | undefined; lines: number; goTo: (line: number) => void }) {
  const { w, code } = useWords();
  if (!problems) return <p className="quiet">{w('policy.checking')}</p>;
  if (problems.length === 0) return <p className="proven">✓ {w('policy.clean', { count: lines })}</p>;
  return (
    <>
      <p className="refusal">{w('policy.problems', { count: problems.length })}</p>
      <ol className="problems">
        {problems.map((problem) => (
          <li key={`${problem.code} ${JSON.stringify(problem.params)}`}>
            <button type="button" onClick={() => goTo(Number(problem.params.line))}>
              <span className="num">{w('policy.line', { line: Number(problem.params.line) })}</span>
              <span>{code(problem.code, problem.params)}</span>
            </button>
          </li>
        ))}
      </ol>
    </>
  );
}

function Editor({ start }: { start: string }) {
  const { w } = useWords();
  const { message } = App.useApp();
  const may = useMay();
  const navigate = useNavigate();
  const field = useRef<HTMLTextAreaElement | null>(null);
  const [text, setText] = useState(start);
  const asked = usePaused(text);
  const check = usePolicyCheck(asked);
  const tried = useTryPolicy();
  const keep = useDraftPolicy();
  const isChecked = asked === text && check.data !== undefined;
  const problems = isChecked ? check.data?.problems : undefined;
  const isClean = problems?.length === 0;
  const wrong = new Set(problems?.map((problem) => Number(problem.params.line)));
  const save = () =>
    keep.mutate(text, {
      onSuccess: ({ version }) => {
        void message.success(w('policy.draftKept', { version }));
        void navigate({ to: '/policy', search: { tab: 'versions' } });
      },
    });
  return (
    <div className="draft-grid">
      <TextEditor
        label={w('policy.draftText')}
        text={text}
        wrong={wrong}
        change={setText}
        fieldRef={(element) => {
          field.current = element;
        }}
      />
      <div className="draft-side">
        <section className="card" aria-live="polite">
          <Refused error={check.error} />
          {!check.error && (
            <Problems
              problems={problems}
              lines={check.data?.table?.lines.length ?? 0}
              goTo={(line) => field.current && goToLine(field.current, line)}
            />
          )}
          {problems && !isClean && <p className="quiet">{w('policy.saveFirst')}</p>}
          <div className="acts-row">
            <Button disabled={!isClean} loading={tried.isPending} onClick={() => tried.mutate(text)}>
              {w('policy.trial')}
            </Button>
            {may('policy.change') && (
              <Button type="primary" disabled={!isClean} loading={keep.isPending} onClick={save}>
                {w('policy.draftKeep')}
              </Button>
            )}
          </div>
          <Refused error={tried.error ?? keep.error} />
        </section>
        {tried.data && <TrialResult trial={tried.data} isStale={tried.variables !== text} />}
      </div>
    </div>
  );
}

/** Writes a draft out of a version: checked line by line while it is typed, tried, kept. */
export function DraftTab({ version }: { version: number }) {
  const { data, error, refetch } = usePolicyText(version);
  if (error) return <ErrorState error={error} retry={() => void refetch()} />;
  if (!data) return <LoadingState />;
  return <Editor key={version} start={data.yaml} />;
}
