import { z } from 'zod';
import { defineEndpoint } from './endpoint.ts';
import { Id, TimeMs } from './values.ts';

const UseAlarm = z
  .object({
    id: Id,
    account: z.object({ id: Id, name: z.string() }),
    level: z.enum(['warned', 'slowed', 'stopped']),
    points: z.int(),
    reasons: z.array(z.enum(['many-dossiers', 'many-copies', 'odd-hour', 'new-purpose', 'own-leaders'])),
    raisedAtMs: TimeMs,
    endsAtMs: TimeMs.nullable().describe('Null: a stop, which ends by decision alone.'),
    decision: z.enum(['released', 'kept']).nullable(),
    decidedAtMs: TimeMs.nullable(),
    isOwn: z.boolean(),
  })
  .meta({ id: 'UseAlarm', description: 'Use far from the habit of an account 异常使用.' });
export type UseAlarm = z.infer<typeof UseAlarm>;

const UnitLeader = z
  .object({
    id: Id,
    unitId: Id,
    unitCode: z.string(),
    dossiers: z.array(z.object({ id: Id, code: z.string() })).describe('Of the subject, by code.'),
    createdAtMs: TimeMs,
  })
  .meta({ id: 'UnitLeader', description: 'That the subject of a dossier leads a unit 领导干部.' });

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
  listUnitLeaders: defineEndpoint({
    method: 'GET',
    path: '/api/v1/unit-leaders',
    tag: 'accounts',
    right: 'account.manage',
    summary: { zh: '领导干部登记', en: 'Whose dossiers are those of leaders of units, by code' },
    answers: { 200: z.object({ items: z.array(UnitLeader) }).meta({ id: 'UnitLeaderList' }) },
  }),
  registerUnitLeader: defineEndpoint({
    method: 'POST',
    path: '/api/v1/unit-leaders',
    tag: 'accounts',
    right: 'account.manage',
    summary: { zh: '登记领导干部', en: 'Register that the subject of a dossier leads a unit' },
    description: 'Looks into it by those who work in the unit or below weigh when use is watched. Problems (422): `leader/known`.',
    body: z.object({ dossierId: Id, unitId: Id }).meta({ id: 'NewUnitLeader' }),
    answers: { 201: z.object({ id: Id }).meta({ id: 'UnitLeaderRegistered' }) },
    problems: [404, 422],
  }),
  endUnitLeader: defineEndpoint({
    method: 'DELETE',
    path: '/api/v1/unit-leaders/{leaderId}',
    tag: 'accounts',
    right: 'account.manage',
    needsFreshAuth: true,
    summary: { zh: '注销领导干部登记', en: 'End that' },
    params: z.object({ leaderId: Id }),
    answers: { 204: { empty: 'Ended; it stays on record.' } },
    problems: [404],
  }),
};
