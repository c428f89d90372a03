import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Link, type LinkProps, useNavigate } from '@tanstack/react-router';
import { App, Button } from 'antd';
import { api, type Schemas } from '../../api/client.ts';
import { useHealth, useOverview } from '../../api/house.ts';
import { answer, isRefusal } from '../../api/refusal.ts';
import { SESSION_KEY, useMay, useSession } from '../../api/session.ts';
import { useCount } from '../../parts/count.ts';
import { ErrorState, LoadingState } from '../../parts/states.tsx';
import { useWords, type WordKey } from '../../words/words.tsx';
import './overview.css';

interface Task {
  readonly word: WordKey;
  readonly count: Schemas['Count'];
  readonly tone: 'amber' | 'cinnabar' | 'plain';
  readonly link: LinkProps;
}

function tasksOf(overview: Schemas['Overview']): Task[] {
  return [
    {
      word: 'toDo.needsPerson',
      count: overview.pagesNeedPerson,
      tone: 'cinnabar',
      link: { to: '/jobs', search: { state: 'needs_person' } },
    },
    { word: 'toDo.failed', count: overview.jobsFailed, tone: 'cinnabar', link: { to: '/jobs', search: { state: 'failed' } } },
    { word: 'toDo.proposed', count: overview.materialsProposed, tone: 'amber', link: { to: '/dossiers', search: { toDo: 'proposed' } } },
    { word: 'toDo.loose', count: overview.pagesLoose, tone: 'amber', link: { to: '/dossiers', search: { toDo: 'loose' } } },
    { word: 'toDo.unread', count: overview.pagesUnread, tone: 'plain', link: { to: '/dossiers', search: { toDo: 'unread' } } },
  ];
}

/** Each number opens the list it counts. */
function Tasks({ overview }: { overview: Schemas['Overview'] }) {
  const { w } = useWords();
  const sayCount = useCount();
  const tasks = tasksOf(overview).filter((task) => task.count.value > 0);
  if (tasks.length === 0) return <p className="all-done">{w('toDo.none')}</p>;
  return (
    <ul className="tasks">
      {tasks.map((task) => (
        <li key={task.word}>
          <Link className={`task ${task.tone}`} {...task.link}>
            <strong>{sayCount(task.count)}</strong>
            <span>{w(task.word)}</span>
          </Link>
        </li>
      ))}
    </ul>
  );
}

function Holdings({ overview }: { overview: Schemas['Overview'] }) {
  const { w } = useWords();
  const sayCount = useCount();
  const states = ['open', 'in_review', 'filed', 'closed'] as const;
  return (
    <section className="card">
      <h2>{w('overview.holdings')}</h2>
      <p className="holding">
        <Link to="/dossiers">{w('overview.dossiers', { count: overview.dossiers.value, dossiers: sayCount(overview.dossiers) })}</Link> ·{' '}
        {w('overview.pages', { count: overview.pages.value, pages: sayCount(overview.pages) })}
      </p>
      <ul className="by-state">
        {states.map((state) => (
          <li key={state}>
            <Link to="/dossiers" search={{ state }}>
              <span>{w(`state.${state}`)}</span> <strong>{sayCount(overview.dossiersByState[state])}</strong>
            </Link>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** A trial archive offers its sample dossier until it was imported. */
function SampleOffer() {
  const { w, code } = useWords();
  const { message } = App.useApp();
  const { archive } = useSession();
  const may = useMay();
  const navigate = useNavigate();
  const queries = useQueryClient();
  const start = useMutation({
    mutationFn: () => answer(api.POST('/api/v1/imports/sample')),
    onSuccess: ({ importId }) => {
      void queries.invalidateQueries({ queryKey: SESSION_KEY });
      void navigate({ to: '/capture/$importId', params: { importId } });
    },
    onError: (error) => void message.error(isRefusal(error) ? code(error.code, error.params) : String(error)),
  });
  if (archive.kind !== 'trial' || archive.sampleImported || !may('page.import')) return null;
  return (
    <section className="card offer">
      <div>
        <h2>{w('sample.title')}</h2>
        <p>{w('sample.text')}</p>
      </div>
      <Button type="primary" size="large" loading={start.isPending} onClick={() => start.mutate()}>
        {w('sample.import')}
      </Button>
    </section>
  );
}

function HealthWarnings() {
  const { w, code } = useWords();
  const { data } = useHealth();
  const warnings = data?.checks.filter((check) => check.status !== 'ok') ?? [];
  if (warnings.length === 0) return null;
  return (
    <section className="card warnings">
      <h2>{w('health.title')}</h2>
      <ul>
        {warnings.map((check) => (
          <li key={`${check.code} ${JSON.stringify(check.params)}`} className={check.status}>
            {code(check.code, check.params)}
          </li>
        ))}
      </ul>
    </section>
  );
}

/** The first screen: what waits for a person, what is held, what is wrong. */
export function OverviewScreen() {
  const { w } = useWords();
  const { account } = useSession();
  const { data, error, isPending, refetch } = useOverview(5_000);
  if (isPending) return <LoadingState />;
  if (error) return <ErrorState error={error} retry={() => void refetch()} />;
  const isDone = tasksOf(data).every((task) => task.count.value === 0);
  return (
    <div className="screen overview">
      <h1>{w(isDone ? 'overview.done' : 'overview.title', { name: account.name })}</h1>
      <SampleOffer />
      <Tasks overview={data} />
      <div className="overview-grid">
        <Holdings overview={data} />
        <HealthWarnings />
      </div>
    </div>
  );
}
