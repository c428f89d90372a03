import { z } from 'zod';
import { defineEndpoint } from './endpoint.ts';
import { Id, TimeMs } from './values.ts';

const UseAlarm = z
  .object({
    id: Id,
    account: z.object({ id: Id, name: z.string() }),
    level: z.enum(['warned', 'slowed', 'stopped']),
    points: z.int(),
    reasons: z.array(z.enum(['many-dossiers', 'many-copies', 'odd-hour', 'new-purpose'])),
    raisedAtMs: TimeMs,
    endsAtMs: TimeMs.nullable().describe('Null: a stop, which ends by decision alone.'),
    decision: z.enum(['released', 'kept']).nullable(),
    decidedAtMs: TimeMs.nullable(),
    isOwn: z.boolean(),
  })
  .meta({ id: 'UseAlarm', description: 'Use far from the habit of an account 异常使用.' });
export type UseAlarm = z.infer<typeof UseAlarm>;

/** Abnormal use: what the watch raised, and what was decided. */
export const useWatchEndpoints = {
  listUseAlarms: defineEndpoint({
    method: 'GET',
    path: '/api/v1/use-alarms',
    tag: 'accounts',
    right: 'account.manage',
    summary: { zh: '异常使用告警', en: 'Alarms of abnormal use, those that hold first' },
    answers: { 200: z.object({ items: z.array(UseAlarm) }).meta({ id: 'UseAlarmList' }) },
  }),
  decideUseAlarm: defineEndpoint({
    method: 'POST',
    path: '/api/v1/use-alarms/{useAlarmId}/decision',
    tag: 'accounts',
    right: 'account.manage',
    needsFreshAuth: true,
    summary: { zh: '处置异常使用', en: 'Decide upon an alarm of abnormal use' },
    description: 'Released, the account goes on with its next request. Problems: `use/own-alarm` (403), `use/decided` (409).',
    params: z.object({ useAlarmId: Id }),
    body: z.object({ decision: z.enum(['released', 'kept']), reason: z.string().trim().min(4).max(500) }).meta({ id: 'UseAlarmDecision' }),
    answers: { 200: UseAlarm },
    problems: [404, 409],
  }),
};
