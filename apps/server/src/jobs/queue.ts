import { ArchiveError, isArchiveError } from '@lantai/values';
import PgBoss from 'pg-boss';
import type { Db, Sql, Tx } from '../db/index.ts';

/** The queues of the archive. One handler a name, or the process refuses to work. */
export const QUEUES = ['read', 'import', 'propose', 'manifest', 'properties', 'reorganise', 'learn', 'examine', 'optimise'] as const;
export type QueueName = (typeof QUEUES)[number];

/** What a job carries: ids only. */
export type JobData = Readonly<Record<string, string>>;

/** A job as the jobs page shows it. */
export interface JobView {
  readonly id: string;
  readonly queue: QueueName;
  readonly state: 'queued' | 'running' | 'failed' | 'done';
  readonly data: JobData;
  readonly priority: number;
  readonly attempts: number;
  /** Code of what went wrong; null when nothing did. */
  readonly code: string | null;
  readonly createdAtMs: number;
  readonly startedAtMs: number | null;
  readonly endedAtMs: number | null;
  readonly attemptsMax: number;
}

/** Told of a job that failed for good. */
export type FailedJob = (queue: QueueName, jobId: string, data: JobData, code: string) => Promise<void>;

/** Does one job. Called again after a failure, so it must change nothing the second time. `isLastTry` asks it to settle. */
export type JobHandler = (data: JobData, attempt: { readonly isLastTry: boolean }) => Promise<void>;

const RETRY_MAX = 2;
const RETRY_DELAY_SECONDS = 2;
/** A job that was running when its process died is tried again after this. */
const EXPIRE_SECONDS = 15 * 60;
const IDLE_POLL_MS = 700;
const DONE_KEPT_SECONDS = 7 * 24 * 3600;

/** Durable work, sent in the transaction that causes it. pg-boss underneath; nothing outside this file knows it. */
export class JobQueue {
  readonly #boss: PgBoss;
  #stopping = false;
  #loops: Promise<void>[] = [];
  #wake = new Set<() => void>();
  #onFailed: FailedJob = async () => undefined;

  private constructor(
    boss: PgBoss,
    readonly db: Db,
  ) {
    this.#boss = boss;
  }

  /**
   * Makes the queue's tables, under the application's role, in the schema that the first migration gave it. Does nothing the second time.
   * @param db a connection of its own, closed afterwards: the plan is a script with its own transaction
   */
  static async install(db: Db): Promise<void> {
    const there = await db.one<{ name: string | null }>(`select to_regclass('pgboss.version')::text as name`);
    if (there?.name) return;
    // The schema is there already, and the role that works may not make one.
    await db.script(PgBoss.getConstructionPlans('pgboss').replace(/CREATE SCHEMA IF NOT EXISTS pgboss\s*;/, ''));
  }

  /** Opens the queues, making them when they are missing. `supervise` belongs to the one process that serves. */
  static async open(db: Db, opts: { supervise: boolean }): Promise<JobQueue> {
    const boss = new PgBoss({ db: bossDb(db), schema: 'pgboss', schedule: false, supervise: opts.supervise, migrate: true });
    const queue = new JobQueue(boss, db);
    // Nothing of a job's data is in these: pg-boss reports its own SQL troubles here, and the next poll meets them again.
    boss.on('error', () => queue.#wakeAll());
    await boss.start();
    for (const name of QUEUES) {
      const options = {
        retryLimit: RETRY_MAX,
        retryDelay: RETRY_DELAY_SECONDS,
        expireInSeconds: EXPIRE_SECONDS,
        deleteAfterSeconds: DONE_KEPT_SECONDS,
      };
      if (await boss.getQueue(name)) await boss.updateQueue(name, options);
      else await boss.createQueue(name, { policy: 'standard', ...options });
    }
    return queue;
  }

  /** Sends jobs in the caller's transaction: they exist when it commits and never otherwise. */
  async send(tx: Tx, name: QueueName, jobs: readonly { data: JobData; priority?: number }[]): Promise<void> {
    if (!jobs.length) return;
    await this.#boss.insert(
      name,
      jobs.map((j) => ({ name, data: j.data, priority: j.priority ?? 0 })),
      { db: bossDb(tx) },
    );
  }

  /** Who is told of jobs that fail for good: so that each is an entry of the log. */
  onFailed(told: FailedJob): void {
    this.#onFailed = told;
  }

  /** Tells waiting workers that there may be work, after the commit. */
  wake(): void {
    this.#wakeAll();
  }

  /** Starts workers: `count` jobs of the queue at once. */
  work(name: QueueName, count: number, handler: JobHandler): void {
    for (let i = 0; i < count; i++) this.#loops.push(this.#loop(name, handler));
  }

  /** Takes up again what ran when a process died. Only for the process that alone owns the archive's workers. */
  async takeUpOrphans(): Promise<void> {
    await this.db.query(`update pgboss.job set state = 'retry', start_after = now() where state = 'active'`);
  }

  async isPaused(name: QueueName): Promise<boolean> {
    return !!(await this.db.one<{ paused: boolean }>('select paused from queue_switch where queue = $1', [name]))?.paused;
  }

  async setPaused(sql: Sql, name: QueueName, paused: boolean): Promise<void> {
    await sql.query('insert into queue_switch (queue, paused) values ($1, $2) on conflict (queue) do update set paused = excluded.paused', [
      name,
      paused,
    ]);
    if (!paused) this.#wakeAll();
  }

  /** Jobs by state, soonest first; of one dossier or one page when asked. */
  async list(
    sql: Sql,
    name: QueueName,
    states: readonly JobView['state'][],
    limit: number,
    offset = 0,
    dossierId?: string,
    pageId?: string,
  ): Promise<JobView[]> {
    const rows = await sql.query<JobRow>(
      `select ${JOB_COLUMNS} from pgboss.job
       where name = $1 and state::text = any($2) and ($5::text is null or data->>'dossierId' = $5) and ($6::text is null or data->>'pageId' = $6)
       order by priority desc, created_on, id limit $3 offset $4`,
      [name, states.flatMap((state) => BOSS_STATES[state]), limit, offset, dossierId ?? null, pageId ?? null],
    );
    return rows.map(viewOf);
  }

  /** One job; null when there is none or it was cleared away. */
  async find(sql: Sql, name: QueueName, jobId: string): Promise<JobView | null> {
    const row = await sql.one<JobRow>(`select ${JOB_COLUMNS} from pgboss.job where name = $1 and id::text = $2`, [name, jobId]);
    return row && viewOf(row);
  }

  /** Tries a failed job again; false when it had not failed. */
  async retry(sql: Sql, name: QueueName, jobId: string): Promise<boolean> {
    const rows = await sql.query(
      `update pgboss.job set state = 'retry', retry_count = 0, start_after = now(), completed_on = null, output = null
       where name = $1 and id::text = $2 and state in ('failed', 'cancelled') returning id`,
      [name, jobId],
    );
    return rows.length > 0;
  }

  /** Moves all queued jobs of a dossier. */
  async setDossierPriority(sql: Sql, name: QueueName, dossierId: string, priority: number): Promise<number> {
    const rows = await sql.query(
      `update pgboss.job set priority = $3 where name = $1 and data->>'dossierId' = $2 and state < 'active' returning id`,
      [name, dossierId, priority],
    );
    return rows.length;
  }

  async count(sql: Sql, name: QueueName): Promise<Record<JobView['state'], number>> {
    const rows = await sql.query<{ state: string; n: number }>(
      'select state::text as state, count(*)::int as n from pgboss.job where name = $1 group by 1',
      [name],
    );
    const out = { queued: 0, running: 0, failed: 0, done: 0 };
    for (const r of rows) out[stateOf(r.state)] += r.n;
    return out;
  }

  /** Moves queued jobs forward or back: higher goes first. */
  async setPriority(sql: Sql, name: QueueName, ids: readonly string[], priority: number): Promise<number> {
    const rows = await sql.query(
      `update pgboss.job set priority = $3 where name = $1 and id::text = any($2::text[]) and state < 'active' returning id`,
      [name, ids, priority],
    );
    return rows.length;
  }

  /** Stops the workers; jobs that run are finished first. */
  async close(): Promise<void> {
    this.#stopping = true;
    this.#wakeAll();
    await Promise.all(this.#loops);
    await this.#boss.stop({ graceful: false, close: false, wait: false });
  }

  #wakeAll(): void {
    for (const wake of this.#wake) wake();
    this.#wake.clear();
  }

  async #loop(name: QueueName, handler: JobHandler): Promise<void> {
    while (!this.#stopping) {
      const job = (await this.isPaused(name).catch(() => true)) ? undefined : await this.#next(name);
      if (!job) {
        await this.#idle();
        continue;
      }
      try {
        await handler(job.data, { isLastTry: job.retryCount >= job.retryLimit });
        await this.#boss.complete(name, job.id);
      } catch (error) {
        // INVARIANT: a job's error says a code, never what was on the page.
        const code = isArchiveError(error) ? error.code : 'job/crashed';
        await this.#boss.fail(name, job.id, { code }).catch(() => undefined);
        // Like the line above: when the database is away, the job is taken up again and says it then.
        if (job.retryCount >= job.retryLimit) await this.#onFailed(name, job.id, job.data, code).catch(() => undefined);
      }
    }
  }

  async #next(name: QueueName): Promise<PgBoss.JobWithMetadata<JobData> | undefined> {
    try {
      return (await this.#boss.fetch<JobData>(name, { batchSize: 1, priority: true, includeMetadata: true }))[0];
    } catch {
      // The database is away for a moment (restart, fail-over): ask again after the pause.
      return undefined;
    }
  }

  #idle(): Promise<void> {
    return new Promise((resolve) => {
      const done = () => {
        clearTimeout(timer);
        this.#wake.delete(done);
        resolve();
      };
      const timer = setTimeout(done, IDLE_POLL_MS);
      this.#wake.add(done);
      if (this.#stopping) done();
    });
  }
}

const JOB_COLUMNS = `id, name, state::text as state, data, priority, retry_count, retry_limit, output,
  (extract(epoch from created_on) * 1000)::float8 as created_ms, (extract(epoch from started_on) * 1000)::float8 as started_ms,
  (extract(epoch from completed_on) * 1000)::float8 as completed_ms`;

interface JobRow {
  id: string;
  name: string;
  state: string;
  data: JobData;
  priority: number;
  retry_count: number;
  output: { code?: string } | null;
  created_ms: number;
  started_ms: number | null;
  completed_ms: number | null;
  retry_limit: number;
}

const BOSS_STATES: Record<JobView['state'], string[]> = {
  queued: ['created', 'retry'],
  running: ['active'],
  failed: ['failed', 'cancelled'],
  done: ['completed'],
};

function stateOf(boss: string): JobView['state'] {
  const found = (Object.keys(BOSS_STATES) as JobView['state'][]).find((s) => BOSS_STATES[s].includes(boss));
  if (!found) throw new ArchiveError('job/unknown-state', 'corruption', { state: boss });
  return found;
}

const viewOf = (r: JobRow): JobView => ({
  id: r.id,
  queue: r.name as QueueName,
  state: stateOf(r.state),
  data: r.data,
  priority: r.priority,
  attempts: r.retry_count,
  code: r.output?.code ?? null,
  createdAtMs: Math.round(r.created_ms),
  startedAtMs: r.started_ms === null ? null : Math.round(r.started_ms),
  endedAtMs: r.completed_ms === null ? null : Math.round(r.completed_ms),
  attemptsMax: r.retry_limit + 1,
});

/** pg-boss speaks through our own connections, so a job can ride on a business transaction. Its scripts of several statements give no rows. */
const bossDb = (sql: Sql): PgBoss.Db => ({ executeSql: async (text, values) => ({ rows: (await sql.query(text, values)) ?? [] }) });
