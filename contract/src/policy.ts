import { NEEDS } from '@lantai/policy';
import { z } from 'zod';
import { defineEndpoint } from './endpoint.ts';
import { ActionName, PolicyPurpose } from './organisation.ts';
import { Id, Role, TimeMs } from './values.ts';

const PolicyText = z.string().min(1).max(200_000).describe('YAML as in docs/spec/policy.md.');
const Version = z.coerce.number().int().min(0).describe("0 is the program's own default.");

export const PolicyVersionView = z
  .object({
    version: z.int().min(0),
    state: z.enum(['draft', 'active', 'former']),
    madeBy: Id.nullable(),
    madeAtMs: TimeMs.nullable(),
    activatedBy: Id.nullable(),
    activatedAtMs: TimeMs.nullable(),
  })
  .meta({ id: 'PolicyVersion' });
export type PolicyVersionView = z.infer<typeof PolicyVersionView>;

const Words = z.object({ zh: z.string(), en: z.string() });
const Effect = z.enum(['allow', 'deny']);
const PolicyLineView = z
  .object({
    id: z.string(),
    note: Words,
    effect: Effect,
    roles: z.array(Role),
    actions: z.array(ActionName),
    categories: z.array(z.string()).nullable().describe('Null: all, or all but `exceptCategories`.'),
    exceptCategories: z.array(z.string()),
    purposes: z.array(PolicyPurpose).nullable().describe('Null: any.'),
    hours: z.object({ fromMinute: z.int(), toMinute: z.int() }).nullable().describe('Minutes of the day.'),
    weekdays: z.array(z.int()).nullable().describe('1 Monday to 7 Sunday.'),
    by: z.enum(['post', 'grant', 'subject']).nullable().describe('Of a line that opens.'),
    organisations: z.enum(['own-unit', 'own-subtree', 'own-organisations', 'all']).nullable().describe('Of a line that opens by post.'),
    level: z.int().nullable().describe('Highest level that it opens; null: the clearance.'),
    needs: z.array(z.enum(NEEDS)),
    subjects: z.enum(['any', 'self', 'self-or-relatives']).nullable().describe('Of a line that closes.'),
    levelFrom: z.int().describe('Of a line that closes: from this level on.'),
    unlessAudience: z.boolean(),
    restrictedOnly: z.boolean().describe('Of a line that closes: only where processing is restricted (限制处理).'),
  })
  .meta({ id: 'PolicyLine' });

/** A policy as a table: what its text says, line by line. */
export const PolicyTable = z
  .object({
    name: Words,
    levels: z.array(Words),
    deploymentLevel: z.int(),
    lines: z.array(PolicyLineView),
  })
  .meta({ id: 'PolicyTable' });
export type PolicyTable = z.infer<typeof PolicyTable>;

const params = z.object({ version: Version });

export const policyEndpoints = {
  listPolicies: defineEndpoint({
    method: 'GET',
    path: '/api/v1/policies',
    tag: 'policy',
    right: 'policy.read',
    summary: { zh: '权限策略的各版本', en: 'Versions of the policy, newest first' },
    answers: { 200: z.object({ items: z.array(PolicyVersionView) }).meta({ id: 'PolicyList' }) },
  }),
  getPolicy: defineEndpoint({
    method: 'GET',
    path: '/api/v1/policies/{version}',
    tag: 'policy',
    right: 'policy.read',
    summary: { zh: '权限策略原文', en: 'The text of a version' },
    params,
    answers: {
      200: z
        .object({
          version: z.int(),
          yaml: PolicyText,
          table: PolicyTable.nullable().describe('Null: this program can no longer read the text.'),
        })
        .meta({ id: 'PolicyText' }),
    },
    problems: [404],
  }),
  checkPolicy: defineEndpoint({
    method: 'POST',
    path: '/api/v1/policies/checks',
    tag: 'policy',
    right: 'policy.read',
    summary: { zh: '检查权限策略', en: 'Everything wrong with a text, by line' },
    body: z.object({ yaml: PolicyText }).meta({ id: 'PolicyCheck' }),
    answers: {
      200: z
        .object({
          problems: z.array(z.object({ code: z.string(), params: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])) })),
          table: PolicyTable.nullable().describe('What the text says, when nothing is wrong with it.'),
        })
        .meta({ id: 'PolicyProblems' }),
    },
  }),
  draftPolicy: defineEndpoint({
    method: 'POST',
    path: '/api/v1/policies',
    tag: 'policy',
    right: 'policy.change',
    summary: { zh: '保存权限策略草案', en: 'Keep a draft' },
    description: 'A text with any problem is refused whole: `policy/invalid` (422) with the first line.',
    body: z.object({ yaml: PolicyText }).meta({ id: 'PolicyDraft' }),
    answers: { 201: z.object({ version: z.int() }).meta({ id: 'PolicyDrafted' }) },
    problems: [422],
  }),
  tryPolicy: defineEndpoint({
    method: 'POST',
    path: '/api/v1/policies/trials',
    tag: 'policy',
    right: 'policy.read',
    summary: { zh: '试行：谁会多看到，谁会看不到', en: 'Who would gain and who would lose' },
    body: z.object({ yaml: PolicyText, actions: z.array(ActionName).min(1).optional() }).meta({ id: 'PolicyTrialRequest' }),
    answers: {
      200: z
        .object({
          differences: z.array(
            z.object({
              accountId: Id,
              action: ActionName,
              mayBefore: z.boolean(),
              mayAfter: z.boolean(),
              gained: z.int().describe('Dossiers.'),
              lost: z.int().describe('Dossiers.'),
            }),
          ),
          accounts: z.int(),
          dossiers: z.int(),
        })
        .meta({ id: 'PolicyTrial' }),
    },
    problems: [422],
  }),
  activatePolicy: defineEndpoint({
    method: 'POST',
    path: '/api/v1/policies/{version}/activation',
    tag: 'policy',
    right: 'policy.change',
    needsFreshAuth: true,
    summary: { zh: '启用权限策略', en: 'Put a version in force' },
    description: 'From the next request of everybody on. Problems: `policy/changed` (409) when another version came into force meanwhile.',
    params,
    body: z.object({ baseVersion: z.int().min(0) }).meta({ id: 'PolicyActivation' }),
    answers: { 204: { empty: 'In force.' } },
    problems: [404, 409, 422],
  }),
  explainAccess: defineEndpoint({
    method: 'POST',
    path: '/api/v1/policy-explanations',
    tag: 'policy',
    right: 'signed-in',
    summary: { zh: '为什么能看、为什么不能看', en: 'Why can I, why can I not' },
    description:
      'Of the own account and a dossier that can be seen. Who may read the policy asks of any account and any dossier. `failed` are the conditions that did not hold, by the post or grant that came nearest.',
    body: z
      .object({ accountId: Id.optional(), dossierId: Id, action: ActionName, purpose: PolicyPurpose.default('archive_work') })
      .meta({ id: 'AccessQuestion' }),
    answers: {
      200: z
        .object({
          allowed: z.boolean(),
          lines: z.array(
            z.object({
              lineId: z.string(),
              note: Words,
              effect: Effect,
              applies: z.boolean(),
              failed: z.array(
                z.enum(['role', 'purpose', 'time', 'organisation', 'category', 'level', 'subject', 'grant', 'needs', 'restriction']),
              ),
            }),
          ),
        })
        .meta({ id: 'AccessExplanation' }),
    },
    problems: [404],
  }),
} as const;
