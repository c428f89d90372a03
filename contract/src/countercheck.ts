import { z } from 'zod';
import { Desk } from './desk.ts';
import { defineEndpoint } from './endpoint.ts';
import { Count, Cursor, Id, Limit, PurposeHeader, TimeMs } from './values.ts';

const Words = z.string().trim().min(1).max(500);

/** A person's word on materials that were confirmed. */
export const CountercheckAct = z
  .discriminatedUnion('type', [
    z
      .object({ type: z.literal('pass'), materialIds: z.array(Id).min(1).max(200) })
      .describe(
        "Looked at and found right. Of what one has a part in oneself it says so of the others' part, and it waits for another person.",
      ),
    z.object({ type: z.literal('return'), materialId: Id, reason: Words }).describe('Sent back to who confirmed it.'),
    z
      .object({ type: z.literal('answer'), materialId: Id, words: Words })
      .describe('What was returned stands as it is, for this reason; it waits again. Correcting it makes it wait by itself.'),
  ])
  .meta({ id: 'CountercheckAct' });
export type CountercheckAct = z.infer<typeof CountercheckAct>;

/** A confirmed material that waits for a person, or was returned. */
export const CountercheckLine = z
  .object({
    materialId: Id,
    dossierId: Id,
    dossierCode: z.string(),
    name: z.string().describe("Of the dossier's subject."),
    schemeId: z.string(),
    classCode: z.string().nullable(),
    title: z.string().nullable().describe('Masked.'),
    pages: z.int().min(0),
    firstNames: z.array(z.string()).describe('Empty: it was confirmed before two persons were asked for.'),
    sinceMs: TimeMs,
    secondName: z.string().describe('Who returned it.'),
    words: z.string().describe('Why; numbers masked.'),
  })
  .meta({ id: 'CountercheckLine' });
export type CountercheckLine = z.infer<typeof CountercheckLine>;

/** Whether two persons are asked for in a fonds under a scheme. */
export const CountercheckRule = z
  .object({
    fondsId: Id,
    fondsCode: z.string(),
    schemeId: z.string(),
    required: z.boolean(),
    madeByName: z.string().describe('Empty where nobody ever said anything.'),
    madeAtMs: TimeMs.nullable(),
    mayChange: z.boolean(),
  })
  .meta({ id: 'CountercheckRule' });
export type CountercheckRule = z.infer<typeof CountercheckRule>;

/** Two-person mode of cataloguing (双人复核): docs/spec/countercheck.md. */
export const countercheckEndpoints = {
  listCounterchecks: defineEndpoint({
    method: 'GET',
    path: '/api/v1/counterchecks',
    tag: 'desk',
    right: 'material.change',
    summary: { zh: '待复核与退回的材料', en: 'Materials to be counterchecked, or returned' },
    description:
      'As second: what others confirmed. As first: what was returned to oneself, or to somebody who is here no more. The longest waiting first. An entry is made for the first page.',
    headers: PurposeHeader,
    query: z.object({ as: z.enum(['second', 'first']), cursor: Cursor.optional(), limit: Limit.optional() }),
    answers: {
      200: z
        .object({
          items: z.array(CountercheckLine),
          nextCursor: z.string().nullable(),
          counts: z.object({
            second: Count,
            first: Count,
            others: Count.describe("One's own, which wait for somebody else."),
          }),
        })
        .meta({ id: 'CountercheckPage' }),
    },
    problems: [422],
  }),
  countercheck: defineEndpoint({
    method: 'POST',
    path: '/api/v1/dossiers/{dossierId}/counterchecks',
    tag: 'desk',
    right: 'material.change',
    summary: { zh: '复核：通过、退回或答复', en: 'Countercheck: pass, return or answer' },
    description:
      'One transaction, one entry. What was passed already stays. Problems: `dossier/changed`, `countercheck/not-confirmed`, `countercheck/not-returned`, `countercheck/returned-already`, `countercheck/off` (409), `countercheck/own` (422): nobody does both, under no account.',
    headers: PurposeHeader,
    params: z.object({ dossierId: Id }),
    body: z.object({ baseVersion: z.int().min(1), act: CountercheckAct }).meta({ id: 'CountercheckRequest' }),
    answers: { 200: Desk },
    problems: [404, 409, 422],
  }),
  listCountercheckRules: defineEndpoint({
    method: 'GET',
    path: '/api/v1/countercheck-rules',
    tag: 'desk',
    right: 'material.change',
    summary: { zh: '双人复核的设置', en: 'Where two persons are asked for' },
    answers: { 200: z.object({ rules: z.array(CountercheckRule) }).meta({ id: 'CountercheckRuleList' }) },
  }),
  setCountercheckRule: defineEndpoint({
    method: 'POST',
    path: '/api/v1/countercheck-rules',
    tag: 'desk',
    right: 'dossier.change',
    needsFreshAuth: true,
    summary: { zh: '启用或停用双人复核', en: 'Ask for two persons, or no longer' },
    description: 'Needs a post over the whole fonds (`countercheck/whole-fonds`, 422). From now on; an entry.',
    headers: PurposeHeader,
    body: z.object({ fondsId: Id, schemeId: z.string().min(1).max(60), required: z.boolean() }).meta({ id: 'CountercheckRuling' }),
    answers: { 204: { empty: 'Set.' } },
    problems: [404, 422],
  }),
} as const;
