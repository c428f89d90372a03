import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { useVirtualizer } from '@tanstack/react-virtual';
import { Button, Input, Progress, Segmented } from 'antd';
import { type FormEvent, useEffect, useRef, useState } from 'react';
import { api, type Schemas } from '../../api/client.ts';
import { answer, isRefusal } from '../../api/refusal.ts';
import { Chip, type Tone } from '../../parts/chip.tsx';
import { ErrorState, LoadingState } from '../../parts/states.tsx';
import { useWords } from '../../words/words.tsx';
import './capture.css';

type Outcome = Schemas['FileOutcome'];
type ImportView = Schemas['ImportView'];

const TONE: Readonly<Record<Outcome['outcome'], Tone>> = {
  waiting: 'plain',
  pages: 'jade',
  kept: 'plain',
  refused: 'cinnabar',
  duplicate: 'amber',
  needs_person: 'cinnabar',
};
const ASKS_PASSWORD = /\/password-(needed|wrong)$/;

/** An encrypted file is refused until somebody knows its password; it is used once and not kept. */
function PasswordForm({ importId, file }: { importId: string; file: Outcome }) {
  const { w, code } = useWords();
  const queries = useQueryClient();
  const [password, setPassword] = useState('');
  const unlock = useMutation({
    mutationFn: () =>
      answer(
        api.POST('/api/v1/imports/{importId}/files/{fileId}/password', {
          params: { path: { importId, fileId: file.fileId } },
          body: { password },
        }),
      ),
    onSettled: () => {
      setPassword('');
      void queries.invalidateQueries({ queryKey: ['import', importId] });
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (password) unlock.mutate();
  };
  return (
    <form className="tag-form" onSubmit={submit}>
      <Input.Password
        size="small"
        value={password}
        autoComplete="off"
        aria-label={w('import.password', { file: file.file })}
        placeholder={w('import.passwordShort')}
        status={unlock.error ? 'error' : ''}
        onChange={(event) => setPassword(event.target.value)}
      />
      <Button size="small" htmlType="submit" loading={unlock.isPending}>
        {w('import.unlock')}
      </Button>
      {isRefusal(unlock.error) && <span role="alert">{code(unlock.error.code)}</span>}
    </form>
  );
}

function OutcomeRow({ file, view }: { file: Outcome; view: ImportView }) {
  const { w, code, knows } = useWords();
  const reason = file.code === null ? null : knows(file.code) ? code(file.code, file.params) : (file.reason ?? file.code);
  return (
    <>
      <span className="path" title={file.file}>
        {file.file}
      </span>
      <span className="how">
        <Chip tone={TONE[file.outcome]}>
          {file.outcome === 'pages' ? w('count.pages', { count: file.pages }) : w(`outcome.${file.outcome}`)}
        </Chip>
      </span>
      <span className="why">
        {reason}
        {file.findings.map((finding) => (
          <span key={finding.code} className="quiet">
            {code(finding.code, finding.params)}
          </span>
        ))}
        {file.duplicateOfPageId && (
          <Link to="/dossiers/$dossierId" params={{ dossierId: view.dossierId }} search={{ page: file.duplicateOfPageId }}>
            {w('import.openTwin')}
          </Link>
        )}
        {file.code && ASKS_PASSWORD.test(file.code) && <PasswordForm importId={view.id} file={file} />}
      </span>
    </>
  );
}

const isProblem = (file: Outcome) => file.outcome === 'refused' || file.outcome === 'needs_person' || file.outcome === 'duplicate';

/** One line for each file, the same words as the command line prints. */
function Files({ view }: { view: ImportView }) {
  const { w } = useWords();
  const problems = view.files.filter(isProblem);
  const [shown, setShown] = useState<'all' | 'problems'>('all');
  const files = shown === 'all' ? view.files : problems;
  const scroller = useRef<HTMLDivElement>(null);
  const rows = useVirtualizer({ count: files.length, getScrollElement: () => scroller.current, estimateSize: () => 46, overscan: 10 });
  return (
    <section className="card uploads">
      <Segmented
        value={shown}
        onChange={setShown}
        options={[
          { value: 'all' as const, label: w('import.all', { count: view.files.length }) },
          { value: 'problems' as const, label: w('import.problems', { count: problems.length }), disabled: problems.length === 0 },
        ]}
      />
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reached by keyboard */}
      <div className="file-rows tall" ref={scroller} tabIndex={0} role="region" aria-label={w('import.files')}>
        <ul style={{ height: rows.getTotalSize() }}>
          {rows.getVirtualItems().map((slot) => {
            const file = files[slot.index]!;
            return (
              <li
                key={file.fileId}
                data-index={slot.index}
                ref={rows.measureElement}
                className="outcome"
                style={{ transform: `translateY(${slot.start}px)` }}
              >
                <OutcomeRow file={file} view={view} />
              </li>
            );
          })}
        </ul>
      </div>
    </section>
  );
}

function Head({ view }: { view: ImportView }) {
  const { w, number } = useWords();
  const { counts } = view;
  const minutes = view.leftMs === null ? null : Math.ceil(view.leftMs / 60_000);
  const isReading = counts.pagesRead < counts.pages;
  const parts = [
    w('import.counts', { pages: number(counts.pages), files: number(counts.files) }),
    counts.duplicate ? w('import.duplicates', { count: counts.duplicate }) : null,
    counts.refused ? w('import.refused', { count: counts.refused }) : null,
    counts.needsPerson ? w('import.needsPerson', { count: counts.needsPerson }) : null,
  ];
  return (
    <section className="card import-head">
      <Progress
        percent={counts.files ? Math.floor((counts.settled / counts.files) * 100) : 0}
        status={view.state === 'running' ? 'active' : view.state === 'done' ? 'success' : 'exception'}
        aria-label={w('import.progress')}
      />
      <p role="status">
        <strong>{w(`import.state.${view.state}`)}</strong> · {parts.filter(Boolean).join(' · ')}
        {view.state === 'running' && minutes !== null && ` · ${w('work.left', { count: Math.max(1, minutes) })}`}
      </p>
      {counts.pages > 0 && (
        <>
          <Progress size="small" percent={Math.floor((counts.pagesRead / counts.pages) * 100)} aria-label={w('import.reading')} />
          <p className="quiet">{w('import.read', { read: number(counts.pagesRead), pages: number(counts.pages) })}</p>
        </>
      )}
      {view.state === 'running' && <p className="quiet">{w('import.mayLeave')}</p>}
      {view.state !== 'running' && isReading && <p className="quiet">{w('import.readingGoesOn')}</p>}
    </section>
  );
}

/** Progress of an import as a whole, and what became of each file. */
export function ImportScreen() {
  const { w } = useWords();
  const { importId } = useParams({ from: '/capture/$importId' });
  const queries = useQueryClient();
  const { data, error, isPending, refetch } = useQuery({
    queryKey: ['import', importId],
    queryFn: () => answer(api.GET('/api/v1/imports/{importId}', { params: { path: { importId } } })),
    refetchInterval: ({ state }) => {
      const view = state.data;
      if (!view) return false;
      return view.state === 'running' ? 1_000 : view.counts.pagesRead < view.counts.pages ? 3_000 : false;
    },
  });
  const state = data?.state;
  useEffect(() => {
    if (state !== 'done') return;
    for (const key of ['dossiers', 'dossier', 'desk', 'overview', 'imports']) void queries.invalidateQueries({ queryKey: [key] });
  }, [state, queries]);
  if (isPending) return <LoadingState />;
  if (error) return <ErrorState error={error} retry={() => void refetch()} />;
  return (
    <div className="screen capture">
      <header className="screen-head">
        <h1>{w('import.title', { code: data.dossierCode })}</h1>
        <span className="stretch" />
        <Link to="/capture" search={{ dossierId: data.dossierId }} className="ant-btn ant-btn-default">
          {w('import.more')}
        </Link>
        <Link to="/dossiers/$dossierId" params={{ dossierId: data.dossierId }} className="go">
          {w('import.openDossier')}
        </Link>
      </header>
      <Head view={data} />
      {data.elsewhere.length > 0 && (
        <section className="card">
          <h2>{w('import.elsewhere')}</h2>
          <ul className="recent">
            {data.elsewhere.map((line) => (
              <li key={line.importId}>
                <Link to="/capture/$importId" params={{ importId: line.importId }}>
                  <span className="num">{line.dossierCode}</span>
                  <span>{w('count.pages', { count: line.pages })}</span>
                </Link>
              </li>
            ))}
          </ul>
        </section>
      )}
      <Files view={data} />
    </div>
  );
}
