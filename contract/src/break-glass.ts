import { z } from 'zod';
import { defineEndpoint } from './endpoint.ts';
import { Id, TimeMs } from './values.ts';

const BreakGlass = z
  .object({
    id: Id,
    asker: z.object({ id: Id, name: z.string() }),
    opener: z.object({ id: Id, name: z.string() }).nullable(),
    state: z.enum(['asked', 'open', 'over']),
    reason: z.string().nullable().describe('Told to the two persons and to administrators; null to others.'),
    minutes: z.int(),
    askedAtMs: TimeMs,
    endsAtMs: TimeMs.describe('Of an asked one: when it lapses if nobody opens it.'),
    isOwn: z.boolean(),
    mayOpen: z.boolean(),
    mayEnd: z.boolean(),
  })
  .meta({ id: 'BreakGlass', description: 'Access in an emergency 紧急调用.' });
export type BreakGlass = z.infer<typeof BreakGlass>;

const params = z.object({ breakGlassId: Id });

/** Emergency access: one person asks, another opens, everybody is told, time ends it. */
export const breakGlassEndpoints = {
  listBreakGlass: defineEndpoint({
    method: 'GET',
    path: '/api/v1/break-glass',
    tag: 'accounts',
    right: 'signed-in',
    summary: { zh: '紧急调用', en: 'Emergency access, asked, open and lately over' },
    answers: { 200: z.object({ items: z.array(BreakGlass), mayAsk: z.boolean() }).meta({ id: 'BreakGlassList' }) },
  }),
  askBreakGlass: defineEndpoint({
    method: 'POST',
    path: '/api/v1/break-glass',
    tag: 'accounts',
    right: 'dossier.read',
    needsFreshAuth: true,
    summary: { zh: '申请紧急调用', en: 'Ask for emergency access' },
    description: 'Lapses after 15 minutes unless another person opens it. Problem: `break-glass/asked` (409).',
    body: z.object({ reason: z.string().trim().min(8).max(500), minutes: z.int().min(5).max(120) }).meta({ id: 'NewBreakGlass' }),
    answers: { 201: BreakGlass },
    problems: [409],
  }),
  openBreakGlass: defineEndpoint({
    method: 'POST',
    path: '/api/v1/break-glass/{breakGlassId}/opening',
    tag: 'accounts',
    right: 'signed-in',
    needsFreshAuth: true,
    summary: { zh: '第二人同意紧急调用', en: 'Open emergency access as the second person' },
    description:
      'An archivist or administrator other than the asker, and not the same person behind another account. The asker then sees every unit of the own fonds at every level until the time is over. Problems: `break-glass/own` (403), `break-glass/over` (410).',
    params,
    answers: { 200: BreakGlass },
    problems: [404, 410],
  }),
  endBreakGlass: defineEndpoint({
    method: 'DELETE',
    path: '/api/v1/break-glass/{breakGlassId}',
    tag: 'accounts',
    right: 'signed-in',
    summary: { zh: '结束紧急调用', en: 'End emergency access early' },
    params,
    answers: { 200: BreakGlass },
    problems: [404, 410],
  }),
} as const;
