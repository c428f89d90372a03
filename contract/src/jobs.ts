import { z } from 'zod';
import { defineEndpoint } from './endpoint.ts';
import { Count, Id, Limit, oneOrMany, TimeMs } from './values.ts';

export const JobState = z.enum(['queued', 'running', 'failed', 'needs_person', 'done']).meta({ id: 'JobState' });
export type JobState = z.infer<typeof JobState>;

/** Work done later. The name of a person is never in a job: only ids and codes. */
export const Job = z
  .object({
    id: z.string(),
    queue: z.string(),
    state: JobState,
    dossierId: Id.nullable(),
    dossierCode: z.string().nullable(),
    pageId: Id.nullable(),
    priority: z.int(),
    attempts: z.int(),
    attemptsMax: z.int(),
    queuedAtMs: TimeMs,
    startedAtMs: TimeMs.nullable(),
    endedAtMs: TimeMs.nullable(),
    retryAtMs: TimeMs.nullable(),
    failure: z
      .object({
        code: z.string(),
        params: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).optional(),
        reference: z.string().nullable(),
        next: z.enum(['retry', 'rescan', 'look', 'free_space', 'ask_administrator', 'wait']).describe('The step that settles it.'),
      })
      .nullable(),
  })
  .meta({ id: 'Job' });
export type Job = z.infer<typeof Job>;

export const QueueView = z
  .object({
    name: z.string(),
    paused: z.boolean(),
    queued: z.int(),
    running: z.int(),
    failed: z.int(),
    needsPerson: z.int(),
    donePerMinute: z.number().nullable(),
    leftMs: z.int().nullable(),
  })
  .meta({ id: 'QueueView' });
export type QueueView = z.infer<typeof QueueView>;

const queue = z.object({ queue: z.string().max(60) });
const job = z.object({ queue: z.string().max(60), jobId: z.string().max(60) });

export const jobEndpoints = {
  listQueues: defineEndpoint({
    method: 'GET',
    path: '/api/v1/queues',
    tag: 'jobs',
    right: 'jobs.read',
    summary: { zh: '任务队列', en: 'Queues and their state' },
    answers: { 200: z.object({ queues: z.array(QueueView) }).meta({ id: 'QueueList' }) },
  }),
  pauseQueue: defineEndpoint({
    method: 'POST',
    path: '/api/v1/queues/{queue}/pause',
    tag: 'jobs',
    right: 'jobs.manage',
    summary: { zh: '暂停队列', en: 'Pause a queue' },
    description: 'What runs is finished; what waits, waits. Survives a restart.',
    params: queue,
    answers: { 200: QueueView },
    problems: [404],
  }),
  resumeQueue: defineEndpoint({
    method: 'POST',
    path: '/api/v1/queues/{queue}/resume',
    tag: 'jobs',
    right: 'jobs.manage',
    summary: { zh: '继续队列', en: 'Resume a queue' },
    params: queue,
    answers: { 200: QueueView },
    problems: [404],
  }),
  listJobs: defineEndpoint({
    method: 'GET',
    path: '/api/v1/jobs',
    tag: 'jobs',
    right: 'jobs.read',
    summary: { zh: '任务', en: 'Jobs' },
    query: z.object({
      state: oneOrMany(JobState).optional(),
      queue: z.string().max(60).optional(),
      dossierId: Id.optional(),
      cursor: z
        .string()
        .regex(/^\d{1,9}$/)
        .optional()
        .describe('From `nextCursor` of the answer before.'),
      limit: Limit.optional(),
    }),
    answers: { 200: z.object({ items: z.array(Job), nextCursor: z.string().nullable(), count: Count }).meta({ id: 'JobPage' }) },
  }),
  retryJob: defineEndpoint({
    method: 'POST',
    path: '/api/v1/queues/{queue}/jobs/{jobId}/retry',
    tag: 'jobs',
    right: 'jobs.manage',
    summary: { zh: '重试', en: 'Try a failed job again' },
    params: job,
    answers: { 200: Job },
    problems: [404, 409],
  }),
  prioritiseJob: defineEndpoint({
    method: 'POST',
    path: '/api/v1/queues/{queue}/jobs/{jobId}/priority',
    tag: 'jobs',
    right: 'jobs.manage',
    summary: { zh: '调整次序', en: 'Put a job first or last' },
    params: job,
    body: z.object({ place: z.enum(['first', 'last']) }).meta({ id: 'JobPlace' }),
    answers: { 200: Job },
    problems: [404, 409],
  }),
  prioritiseDossier: defineEndpoint({
    method: 'POST',
    path: '/api/v1/queues/{queue}/dossiers/{dossierId}/priority',
    tag: 'jobs',
    right: 'jobs.manage',
    summary: { zh: '优先处理一卷', en: 'Put the jobs of a dossier first or last' },
    params: z.object({ queue: z.string().max(60), dossierId: Id }),
    body: z.object({ place: z.enum(['first', 'last']) }).meta({ id: 'DossierPriority' }),
    answers: { 200: z.object({ moved: z.int() }).meta({ id: 'JobsMoved' }) },
    problems: [404],
  }),
  readMissing: defineEndpoint({
    method: 'POST',
    path: '/api/v1/queues/read/missing',
    tag: 'jobs',
    right: 'jobs.manage',
    summary: { zh: '补读未识别页', en: 'Queue what is not read yet' },
    description: 'Only pages without a reading by the current engine version are queued.',
    body: z
      .object({ dossierId: Id.optional(), olderVersions: z.boolean().optional().describe('Also pages read by an older engine.') })
      .meta({ id: 'ReadMissing' }),
    answers: { 202: z.object({ queued: z.int() }).meta({ id: 'ReadMissingOutcome' }) },
  }),
} as const;
