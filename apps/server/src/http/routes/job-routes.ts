import { ArchiveError } from '@lantai/values';
import type { Archive } from '../../archive/index.ts';
import { type Desk, deskTx, scopeSql } from '../../desk/index.ts';
import { PERSON, queueMissing } from '../../ingest/index.ts';
import { type JobView, QUEUES, type QueueName } from '../../jobs/index.ts';
import type { Handlers } from '../handler.ts';

type JobHandlers = Pick<
  Handlers,
  'listQueues' | 'pauseQueue' | 'resumeQueue' | 'listJobs' | 'retryJob' | 'prioritiseJob' | 'prioritiseDossier' | 'readMissing'
>;

/** First and last places in a queue; an import's own pages stand at 0. */
const FIRST = 100;
const LAST = -100;
const RATE_WINDOW_MS = 5 * 60_000;
const JOBS_LIMIT = 100;

function queueOf(name: string): QueueName {
  const found = QUEUES.find((q) => q === name);
  if (!found) throw new ArchiveError('queue/not-found', 'caller');
  return found;
}

async function queueView(archive: Archive, name: QueueName) {
  const [paused, counts] = await Promise.all([archive.queue.isPaused(name), archive.queue.count(archive.db, name)]);
  const { needsPerson, donePerMinute } = name === 'read' ? await readPages(archive) : { needsPerson: 0, donePerMinute: null };
  return {
    name,
    paused,
    queued: counts.queued,
    running: counts.running,
    failed: counts.failed,
    needsPerson,
    donePerMinute,
    leftMs: donePerMinute && !paused ? Math.round((counts.queued / donePerMinute) * 60_000) : null,
  };
}

/** Pages that wait for a person, and how many a minute the machine has read of late; null when none. Of no other queue is a rate known. */
async function readPages(archive: Archive): Promise<{ needsPerson: number; donePerMinute: number | null }> {
  const row = await archive.db.system('queue-counts').one<{ needs: number; done: number }>(
    `select (select count(*)::int from page where read_state = 'needs_person' and superseded_by is null) as needs,
         (select count(*)::int from reading where created_at_ms > $1 and engine <> $2) as done`,
    [archive.clock.nowMs() - RATE_WINDOW_MS, PERSON],
  );
  return { needsPerson: row?.needs ?? 0, donePerMinute: (row?.done ?? 0) / (RATE_WINDOW_MS / 60_000) || null };
}

/** The step that settles a failure, by its code. */
function nextStep(code: string): 'retry' | 'rescan' | 'look' | 'free_space' | 'ask_administrator' | 'wait' {
  if (code.startsWith('child/') || code.startsWith('reading/')) return 'look';
  if (code === 'blob/store-full') return 'free_space';
  if (code.startsWith('db/')) return 'wait';
  if (code.startsWith('blob/') || code.startsWith('object/') || code.startsWith('key/')) return 'ask_administrator';
  return 'retry';
}

interface PageOfJob {
  id: string;
  dossier_id: string;
  code: string;
  read_reason: string | null;
  created_at_ms: number;
}

async function pagesOf(desk: Desk, ids: readonly string[]): Promise<Map<string, PageOfJob>> {
  const where = scopeSql(desk.scope('jobs.read'), 'p', 2);
  const rows = await desk.sql.query<PageOfJob>(
    `select p.id, p.dossier_id, d.code, p.read_reason, p.created_at_ms from page p join dossier d on d.id = p.dossier_id where p.id = any($1::uuid[]) and ${where.sql}`,
    [ids, ...where.params],
  );
  return new Map(rows.map((r) => [r.id, r]));
}

const line = (job: JobView, page: PageOfJob | undefined) => ({
  id: job.id,
  queue: job.queue,
  state: job.state,
  dossierId: page?.dossier_id ?? null,
  dossierCode: page?.code ?? null,
  pageId: page?.id ?? null,
  priority: job.priority,
  attempts: job.attempts,
  attemptsMax: job.attemptsMax,
  queuedAtMs: job.createdAtMs,
  startedAtMs: job.startedAtMs,
  endedAtMs: job.endedAtMs,
  retryAtMs: null,
  failure: job.code ? { code: job.code, reference: null, next: nextStep(job.code) } : null,
});

/** Pages that wait for a person, shown as jobs that ended so. */
async function needingPerson(desk: Desk, limit: number, offset: number) {
  const where = scopeSql(desk.scope('jobs.read'), 'p', 3);
  const rows = await desk.sql.query<PageOfJob>(
    `select p.id, p.dossier_id, d.code, p.read_reason, p.created_at_ms from page p join dossier d on d.id = p.dossier_id
     where p.read_state = 'needs_person' and p.superseded_by is null and ${where.sql} order by p.id limit $1 offset $2`,
    [limit, offset, ...where.params],
  );
  return rows.map((r) => ({
    id: r.id,
    queue: 'read',
    state: 'needs_person' as const,
    dossierId: r.dossier_id,
    dossierCode: r.code,
    pageId: r.id,
    priority: 0,
    attempts: 1,
    attemptsMax: 1,
    queuedAtMs: r.created_at_ms,
    startedAtMs: null,
    endedAtMs: null,
    retryAtMs: null,
    failure: { code: r.read_reason ?? 'reading/failed', reference: null, next: nextStep(r.read_reason ?? '') },
  }));
}

const many = <T>(value: T | T[] | undefined): T[] => (value === undefined ? [] : Array.isArray(value) ? value : [value]);

export const jobHandlers: JobHandlers = {
  listQueues: async ({ archive }) => ({ queues: await Promise.all(QUEUES.map((q) => queueView(archive, q))) }),
  pauseQueue: async ({ archive, account, params }) => {
    const name = queueOf(params.queue);
    await setPaused(archive, account.accountId, name, true);
    return queueView(archive, name);
  },
  resumeQueue: async ({ archive, account, params }) => {
    const name = queueOf(params.queue);
    await setPaused(archive, account.accountId, name, false);
    return queueView(archive, name);
  },
  listJobs: async ({ archive, query, desk }) => {
    const door = await desk();
    const states = many(query.state);
    const limit = Math.min(query.limit ?? JOBS_LIMIT, JOBS_LIMIT);
    const offset = Number(query.cursor ?? 0) || 0;
    if (states.length === 1 && states[0] === 'needs_person') {
      const items = await needingPerson(door, limit + 1, offset);
      const value = (await queueView(archive, 'read')).needsPerson;
      return {
        items: items.slice(0, limit),
        nextCursor: items.length > limit ? String(offset + limit) : null,
        count: { value, more: false },
      };
    }
    const wanted = states.filter((s): s is JobView['state'] => s !== 'needs_person');
    const all = wanted.length ? wanted : (['running', 'queued', 'failed'] as const);
    const jobs = await archive.queue.list(archive.db, queueOf(query.queue ?? 'read'), all, limit + 1, offset, query.dossierId);
    const pages = await pagesOf(
      door,
      jobs.flatMap((j) => (j.data.pageId ? [j.data.pageId] : [])),
    );
    const counts = await archive.queue.count(archive.db, 'read');
    return {
      items: jobs.slice(0, limit).map((j) => line(j, pages.get(j.data.pageId ?? ''))),
      nextCursor: jobs.length > limit ? String(offset + limit) : null,
      count: { value: all.reduce((n, s) => n + counts[s], 0), more: false },
    };
  },
  retryJob: async ({ archive, params, desk }) => {
    const name = queueOf(params.queue);
    const door = await desk();
    const retried = await door.act('jobs.manage', async (tx) => {
      // A page that waits for a person is asked for by its own id: its old job ended long ago.
      const page = (await pagesOf(door, [params.jobId])).get(params.jobId);
      if (page) {
        await tx.query(`update page set read_state = 'waiting', read_reason = null where id = $1`, [page.id]);
        await archive.queue.send(tx, name, [{ data: { pageId: page.id, dossierId: page.dossier_id }, priority: FIRST }]);
        await tx.log({ kind: 'job.retried', dossierId: page.dossier_id, objectId: page.id, params: { queue: name } });
        return true;
      }
      const done = await archive.queue.retry(tx, name, params.jobId);
      if (done) await tx.log({ kind: 'job.retried', objectId: params.jobId, params: { queue: name } });
      return done;
    });
    if (!retried) throw new ArchiveError('job/not-failed', 'caller');
    archive.queue.wake();
    return getJob(archive, door, name, params.jobId);
  },
  prioritiseJob: async ({ archive, account, params, body, desk }) => {
    const name = queueOf(params.queue);
    const moved = await archive.db.tx(async (raw) => {
      const tx = deskTx(raw, archive, account.accountId, 'archive_work');
      await tx.log({ kind: 'job.moved', objectId: params.jobId, params: { queue: name, place: body.place } });
      return archive.queue.setPriority(tx, name, [params.jobId], body.place === 'first' ? FIRST : LAST);
    });
    if (!moved) throw new ArchiveError('job/not-found', 'caller');
    return getJob(archive, await desk(), name, params.jobId);
  },
  prioritiseDossier: async ({ archive, account, params, body }) => {
    const name = queueOf(params.queue);
    const moved = await archive.db.tx(async (raw) => {
      const tx = deskTx(raw, archive, account.accountId, 'archive_work');
      await tx.log({ kind: 'job.moved', dossierId: params.dossierId, params: { queue: name, place: body.place } });
      return archive.queue.setDossierPriority(tx, name, params.dossierId, body.place === 'first' ? FIRST : LAST);
    });
    return { moved };
  },
  readMissing: async ({ archive, body, desk, reply }) => {
    const queued = await queueMissing(archive, await desk(), {
      dossierId: body.dossierId ?? null,
      olderVersions: body.olderVersions ?? false,
    });
    return reply.status(202).send({ queued });
  },
};

async function setPaused(archive: Archive, accountId: string, name: QueueName, paused: boolean): Promise<void> {
  await archive.db.tx(async (raw) => {
    const tx = deskTx(raw, archive, accountId, 'archive_work');
    const changed = [await tx.watch('queue_switch', [name])];
    await archive.queue.setPaused(tx, name, paused);
    await tx.log({ kind: paused ? 'queue.paused' : 'queue.resumed', params: { queue: name }, changed });
  });
  if (!paused) archive.queue.wake();
}

async function getJob(archive: Archive, desk: Desk, name: QueueName, jobId: string) {
  const job = await archive.queue.find(archive.db, name, jobId);
  const pages = await pagesOf(desk, [job?.data.pageId ?? jobId]);
  if (job) return line(job, pages.get(job.data.pageId ?? ''));
  const page = pages.get(jobId);
  if (!page) throw new ArchiveError('job/not-found', 'caller');
  const [fresh] = await archive.queue.list(archive.db, name, ['queued', 'running', 'done'], 1, 0, undefined, jobId);
  if (!fresh) throw new ArchiveError('job/not-found', 'caller');
  return line(fresh, page);
}
