import { useMutation, useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { App, Button } from 'antd';
import { api, type Schemas } from '../../api/client.ts';
import { answer, isRefusal } from '../../api/refusal.ts';
import { Chip } from '../../parts/chip.tsx';
import { saveFile } from '../../parts/save-file.ts';
import { ErrorState, LoadingState } from '../../parts/states.tsx';
import { checkEntry, type EntryVerdict } from '../../proof/check-entry.ts';
import { useLogWatch } from '../../shell/log-watch.tsx';
import { sayInstant } from '../../words/dates.ts';
import { useWords } from '../../words/words.tsx';
import './log.css';

const WAIT_AGAIN_MS = 1_000;

/** The four checks, each with its outcome. */
function Checks({ verdict, proof }: { verdict: EntryVerdict; proof: Schemas['EntryProof'] }) {
  const { w, number } = useWords();
  return (
    <section className={verdict.holds ? 'card watch whole' : 'card watch broken'}>
      <h2>{w(verdict.holds ? 'entry.holds' : 'entry.broken')}</h2>
      <ol className="entry-checks">
        {verdict.checks.map((check) => (
          <li key={check.name}>
            <Chip tone={check.passed ? 'jade' : 'cinnabar'}>{w(check.passed ? 'receipt.outcome.passed' : 'receipt.outcome.failed')}</Chip>{' '}
            {w(`entry.check.${check.name}`, {
              position: number(proof.entry.position ?? 0),
              entries: number(verdict.checkpoint?.size ?? 0),
              hashes: proof.inclusion?.length ?? 0,
            })}
          </li>
        ))}
      </ol>
      <p className="quiet">{w('entry.byItself')}</p>
    </section>
  );
}

function Facts({ proof }: { proof: Schemas['EntryProof'] }) {
  const { w, code, knows, number, language } = useWords();
  const { entry } = proof;
  const rows: [string, React.ReactNode][] = [
    [w('entry.position'), entry.position === null ? w('entry.unplaced') : `#${number(entry.position)}`],
    [w('entry.at'), sayInstant(entry.atMs, language)],
    [w('entry.actor'), entry.actor?.name ?? w('entry.system')],
    [
      w('entry.dossier'),
      entry.dossier && (
        <Link to="/dossiers/$dossierId" params={{ dossierId: entry.dossier.id }}>
          {entry.dossier.code}
        </Link>
      ),
    ],
    [w('entry.object'), entry.objectId && <code>{entry.objectId}</code>],
    ...Object.entries(entry.params).map(([key, value]): [string, React.ReactNode] =>
      key === 'purpose' && knows(`purpose/${value}`)
        ? [w('entry.purpose'), code(`purpose/${value}`)]
        : [key, <code key={key}>{String(value)}</code>],
    ),
  ];
  return (
    <section className="card">
      <dl className="entry-facts">
        {rows
          .filter(([, value]) => value)
          .map(([name, value]) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </div>
          ))}
      </dl>
      <details>
        <summary>{w('entry.bytes')}</summary>
        <pre>{new TextDecoder().decode(Uint8Array.from(atob(proof.bytes), (c) => c.charCodeAt(0)))}</pre>
        {proof.checkpoint && <pre>{proof.checkpoint}</pre>}
      </details>
    </section>
  );
}

/** One entry, checked here: the server gives bytes and hashes, the browser does the arithmetic. */
export function EntryScreen() {
  const { w, code } = useWords();
  const { message } = App.useApp();
  const { entryId } = useParams({ from: '/log/$entryId' });
  const { believedKeys } = useLogWatch();
  const path = { params: { path: { entryId } } };
  const { data, error, isPending, refetch } = useQuery({
    queryKey: ['entry-proof', entryId],
    queryFn: () => answer(api.GET('/api/v1/log/entries/{entryId}', path)),
    refetchInterval: ({ state }) => (state.data && state.data.entry.position === null ? WAIT_AGAIN_MS : false),
  });
  const receipt = useMutation({
    mutationFn: () => answer(api.POST('/api/v1/log/entries/{entryId}/receipt', { ...path, parseAs: 'text' })),
    onSuccess: (text) => saveFile(text, `${entryId}.tlog-proof`),
    onError: (refused) => void message.error(isRefusal(refused) ? code(refused.code, refused.params) : String(refused)),
  });
  if (isPending) return <LoadingState />;
  if (error) return <ErrorState error={error} retry={() => void refetch()} />;
  const verdict = checkEntry(data, believedKeys());
  return (
    <div className="screen entry-screen">
      <header className="screen-head">
        <h1>{code(`entry/${data.entry.kind}`)}</h1>
        <span className="stretch" />
        <Button type="primary" loading={receipt.isPending} disabled={!verdict} onClick={() => receipt.mutate()}>
          {w('entry.receipt')}
        </Button>
      </header>
      {verdict ? <Checks verdict={verdict} proof={data} /> : <p className="proof waiting">{w('entry.waiting')}</p>}
      <Facts proof={data} />
      <p>
        <Link to="/log">{w('entry.back')}</Link>
      </p>
    </div>
  );
}
