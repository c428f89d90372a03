import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { App, Button, Segmented } from 'antd';
import { api, type Schemas } from '../../api/client.ts';
import { answer, isRefusal } from '../../api/refusal.ts';
import { useMay } from '../../api/session.ts';
import { JOB_STATES } from '../../filters.ts';
import { Chip, type Tone } from '../../parts/chip.tsx';
import { PagedList } from '../../parts/paged-list.tsx';
import { EmptyState, NoRightState } from '../../parts/states.tsx';
import { sayClock, sayMoment } from '../../words/dates.ts';
import { useWords, type WordKey } from '../../words/words.tsx';
import { zh } from '../../words/zh.ts';
import { LearningPart } from './learning-part.tsx';
import './jobs.css';

type Job = Schemas['Job'];
type Queue = Schemas['QueueView'];

const AGAIN_MS = 3_000;
const TONE: Readonly<Record<Job['state'], Tone>> = {
  queued: 'plain',
  running: 'blue',
  failed: 'cinnabar',
  needs_person: 'cinnabar',
  done: 'jade',
};

/** The name of a queue in words; its code when this page knows none. */
function useQueueName(): (name: string) => string {
  const { w } = useWords();
  return (name) => (`queue.${name}` in zh ? w(`queue.${name}` as WordKey) : name);
}

/** An act on queues or jobs; what it changed is asked anew. */
function useJobAct<T>(act: (subject: T) => Promise<unknown>) {
  const { code } = useWords();
  const { message } = App.useApp();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: act,
    onSettled: () => {
      for (const key of ['queues', 'jobs', 'overview']) void queries.invalidateQueries({ queryKey: [key] });
    },
    onError: (error) => void message.error(isRefusal(error) ? code(error.code, error.params) : String(error)),
  });
}

function QueueCard({ queue }: { queue: Queue }) {
  const { w, number } = useWords();
  const mayManage = useMay()('jobs.manage');
  const nameOf = useQueueName();
  const turn = useJobAct(({ name, paused }: Queue) =>
    answer(api.POST(paused ? '/api/v1/queues/{queue}/resume' : '/api/v1/queues/{queue}/pause', { params: { path: { queue: name } } })),
  );
  const minutes = queue.leftMs === null ? null : Math.max(1, Math.round(queue.leftMs / 60_000));
  return (
    <section className="card queue">
      <h2>
        {nameOf(queue.name)} {queue.paused && <Chip tone="amber">{w('queue.paused')}</Chip>}
      </h2>
      <dl>
        {(['queued', 'running', 'failed', ...(queue.name === 'read' ? (['needsPerson'] as const) : [])] as const).map((key) => (
          <div key={key} className={queue[key] > 0 ? key : ''}>
            <dt>{w(`queue.count.${key}`)}</dt>
            <dd className="num">{number(queue[key])}</dd>
          </div>
        ))}
      </dl>
      <p className="quiet">
        {queue.donePerMinute !== null && w('queue.rate', { rate: number(queue.donePerMinute) })}
        {queue.queued > 0 && minutes !== null && ` · ${w('work.left', { count: minutes })}`}
      </p>
      {mayManage && (
        <Button loading={turn.isPending} onClick={() => turn.mutate(queue)}>
          {w(queue.paused ? 'queue.resume' : 'queue.pause')}
        </Button>
      )}
    </section>
  );
}

function Subject({ job }: { job: Job }) {
  const { w } = useWords();
  if (!job.dossierId) return <span className="quiet">—</span>;
  return (
    <Link to="/dossiers/$dossierId" params={{ dossierId: job.dossierId }} search={job.pageId ? { page: job.pageId } : {}} className="num">
      {job.dossierCode} {job.pageId && w('job.page')}
    </Link>
  );
}

/** Why a job failed, and the step that settles it. */
function Failure({ failure }: { failure: NonNullable<Job['failure']> }) {
  const { w, code } = useWords();
  return (
    <p className="failure">
      {code(failure.code, failure.params)} <strong>{w(`job.next.${failure.next}`)}</strong>
      {failure.reference && (
        <span className="quiet">
          {' '}
          {w('state.reference')} <code>{failure.reference}</code>
        </span>
      )}
    </p>
  );
}

function JobActs({ job }: { job: Job }) {
  const { w } = useWords();
  const target = { params: { path: { queue: job.queue, jobId: job.id } } };
  const retry = useJobAct(() => answer(api.POST('/api/v1/queues/{queue}/jobs/{jobId}/retry', target)));
  const place = useJobAct((to: 'first' | 'last') =>
    answer(api.POST('/api/v1/queues/{queue}/jobs/{jobId}/priority', { ...target, body: { place: to } })),
  );
  return (
    <span className="job-acts">
      {(job.state === 'failed' || job.state === 'needs_person') && (
        <Button size="small" loading={retry.isPending} onClick={() => retry.mutate(undefined)}>
          {w('job.retry')}
        </Button>
      )}
      {job.state === 'queued' && (
        <>
          <Button size="small" onClick={() => place.mutate('first')}>
            {w('job.first')}
          </Button>
          <Button size="small" onClick={() => place.mutate('last')}>
            {w('job.last')}
          </Button>
        </>
      )}
    </span>
  );
}

function JobLine({ job }: { job: Job }) {
  const { w, language } = useWords();
  const nameOf = useQueueName();
  const mayManage = useMay()('jobs.manage');
  return (
    <li className="job">
      <Chip tone={TONE[job.state]}>{w(`job.state.${job.state}`)}</Chip>
      <span>{nameOf(job.queue)}</span>
      <Subject job={job} />
      <span className="quiet num">
        {sayMoment(job.endedAtMs ?? job.startedAtMs ?? job.queuedAtMs, language)}
        {job.attempts > 1 && ` · ${w('job.attempts', { attempts: job.attempts, most: job.attemptsMax })}`}
        {job.retryAtMs !== null && ` · ${w('job.retryAt', { at: sayClock(job.retryAtMs, language) })}`}
      </span>
      <span className="stretch" />
      {mayManage && <JobActs job={job} />}
      {job.failure && <Failure failure={job.failure} />}
    </li>
  );
}

function JobList({ state, dossierId }: { state: Job['state'] | undefined; dossierId: string | undefined }) {
  const { w } = useWords();
  const list = useInfiniteQuery({
    queryKey: ['jobs', state, dossierId],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam }) =>
      answer(
        api.GET('/api/v1/jobs', {
          params: {
            query: {
              limit: 50,
              ...(state ? { state } : {}),
              ...(dossierId ? { dossierId } : {}),
              ...(pageParam === undefined ? {} : { cursor: pageParam }),
            },
          },
        }),
      ),
    getNextPageParam: (last) => last.nextCursor ?? undefined,
    refetchInterval: AGAIN_MS,
  });
  return (
    <PagedList
      list={list}
      className="jobs"
      none={<EmptyState title={w(state ? `job.none.${state}` : 'job.none')}>{w('job.noneText')}</EmptyState>}
      line={(job) => <JobLine key={`${job.queue} ${job.id}`} job={job} />}
    />
  );
}

/** Work that goes on by itself: queues, and each job with its reason and next step. */
export function JobsScreen() {
  const { w, number } = useWords();
  const { message } = App.useApp();
  const may = useMay();
  const navigate = useNavigate();
  const { state, dossierId } = useSearch({ from: '/jobs' });
  const queues = useQuery({
    queryKey: ['queues'],
    queryFn: () => answer(api.GET('/api/v1/queues')),
    refetchInterval: AGAIN_MS,
    enabled: may('jobs.read'),
  });
  const readMissing = useJobAct(async () => {
    const { queued } = await answer(api.POST('/api/v1/queues/read/missing', { body: dossierId ? { dossierId } : {} }));
    void message.info(w('job.missingQueued', { count: queued, pages: number(queued) }));
  });
  if (!may('jobs.read')) return <NoRightState />;
  const show = (next: string) => {
    const chosen = JOB_STATES.find((one) => one === next);
    void navigate({ to: '/jobs', search: { ...(chosen ? { state: chosen } : {}), ...(dossierId ? { dossierId } : {}) } });
  };
  return (
    <div className="screen">
      <header className="screen-head">
        <h1>{w('nav.jobs')}</h1>
        {dossierId && (
          <Link to="/jobs" search={state ? { state } : {}} className="chip plain">
            {w('job.oneDossier')} ×
          </Link>
        )}
        <span className="stretch" />
        {may('jobs.manage') && (
          <Button loading={readMissing.isPending} onClick={() => readMissing.mutate(undefined)}>
            {w('job.readMissing')}
          </Button>
        )}
      </header>
      {queues.data && (
        <div className="queues">
          {queues.data.queues.map((queue) => (
            <QueueCard key={queue.name} queue={queue} />
          ))}
        </div>
      )}
      {!dossierId && <LearningPart />}
      <div className="job-tabs">
        <Segmented
          value={state ?? 'all'}
          onChange={show}
          aria-label={w('job.filter')}
          options={[{ value: 'all', label: w('job.all') }, ...JOB_STATES.map((value) => ({ value, label: w(`job.state.${value}`) }))]}
        />
      </div>
      <JobList state={state} dossierId={dossierId} />
    </div>
  );
}
