import { z } from 'zod';
import { defineEndpoint } from './endpoint.ts';
import { Id, IdCursor, Limit, TimeMs } from './values.ts';

const HttpUrl = z
  .url({ protocol: /^https?$/ })
  .max(500)
  .describe('Without a user name or password in it.');
const Minutes = z.int().min(1).max(10_080).describe('How often it is asked, when the log has grown.');
const Name = z.string().regex(/^[a-z][a-z0-9-]{0,31}$/);

/** What is set for a provider, by kind. */
export const AnchorSettings = z
  .discriminatedUnion('kind', [
    z.object({
      kind: z.literal('rfc3161'),
      url: HttpUrl,
      roots: z.string().max(100_000).describe('Certificates that are believed, PEM.'),
    }),
    z.object({
      kind: z.literal('evm'),
      url: HttpUrl.describe('JSON-RPC.'),
      chainId: z.int().min(1),
      contract: z.string().regex(/^0x[0-9a-f]{40}$/),
      confirmations: z.int().min(1).max(1000),
    }),
    z.object({
      kind: z.literal('witness'),
      url: HttpUrl.describe('Prefix below which `add-checkpoint` lies (C2SP tlog-witness).'),
      key: z.string().max(500).describe('Verifier key of the witness (C2SP tlog-cosignature).'),
    }),
  ])
  .meta({ id: 'AnchorSettings' });
export type AnchorSettings = z.infer<typeof AnchorSettings>;

export const AnchorProviderState = z
  .object({
    id: Id,
    name: Name,
    settings: AnchorSettings,
    everyMinutes: Minutes,
    createdAtMs: TimeMs,
    endedAtMs: TimeMs.nullable(),
    lastSize: z.int().nullable().describe('Entries of the newest checkpoint it holds; null before the first.'),
    lastAtMs: TimeMs.nullable().describe('When it last did so.'),
    nextAtMs: TimeMs,
    failures: z.int().describe('Failures in a row.'),
    fault: z.object({ code: z.string(), reason: z.string().nullable() }).nullable(),
  })
  .meta({ id: 'AnchorProvider', description: 'A time-stamp authority, a contract on a chain, or a witness 锚定服务.' });
export type AnchorProviderState = z.infer<typeof AnchorProviderState>;

const AnchorLine = z
  .object({
    id: Id,
    providerId: Id,
    provider: Name,
    size: z.int().describe('Entries of the checkpoint.'),
    state: z.enum(['waiting', 'held', 'gone', 'wrong']),
    anchoredAtMs: TimeMs.nullable().describe("The provider's own time."),
    checkedAtMs: TimeMs.nullable(),
  })
  .meta({ id: 'Anchor' });

const Stamp = z
  .object({
    providerId: Id,
    provider: Name,
    kind: z.enum(['rfc3161', 'evm', 'witness']),
    state: z
      .enum(['waiting', 'failed', 'stamped', 'verified', 'gone', 'wrong'])
      .describe(
        '`waiting`: to be asked. `failed`: asked in vain, asked again by itself. `stamped`: held, and checked when it came. `verified`: checked again since. `gone`, `wrong`: a check found that it is not, or does not hold.',
      ),
    atMs: TimeMs.nullable().describe("The provider's own time."),
    checkedAtMs: TimeMs.nullable(),
    fault: z.object({ code: z.string(), reason: z.string().nullable() }).nullable(),
    nextAtMs: TimeMs.nullable().describe('When it is asked again, of one that waits or failed.'),
  })
  .meta({ id: 'Stamp' });

const StampedCheckpoint = z
  .object({ size: z.int().describe('Entries it covers.'), signedAtMs: TimeMs, stamps: z.array(Stamp) })
  .meta({ id: 'StampedCheckpoint' });

const provider = z.object({ providerId: Id });

export const anchorEndpoints = {
  listAnchorProviders: defineEndpoint({
    method: 'GET',
    path: '/api/v1/anchors/providers',
    tag: 'log',
    right: 'signed-in',
    summary: { zh: '锚定服务', en: 'Who anchors the log' },
    description: 'For whoever may change anchors or read the log.',
    answers: {
      200: z
        .object({
          items: z.array(AnchorProviderState),
          chainAddress: z.string().describe('The address under which this archive writes to chains; their operator lets it in.'),
        })
        .meta({ id: 'AnchorProviderList' }),
    },
  }),
  addAnchorProvider: defineEndpoint({
    method: 'POST',
    path: '/api/v1/anchors/providers',
    tag: 'log',
    right: 'anchor.change',
    needsFreshAuth: true,
    summary: { zh: '添加锚定服务', en: 'Add a provider' },
    description:
      'Problems (422): `anchor/url-with-secret`, `anchor/roots-malformed`, `log/key-malformed`, `anchor/too-many`; (409) `anchor/name-taken`.',
    body: z.object({ name: Name, everyMinutes: Minutes, settings: AnchorSettings }).meta({ id: 'NewAnchorProvider' }),
    answers: { 201: z.object({ id: Id }).meta({ id: 'AddedAnchorProvider' }) },
    problems: [409, 422],
  }),
  endAnchorProvider: defineEndpoint({
    method: 'DELETE',
    path: '/api/v1/anchors/providers/{providerId}',
    tag: 'log',
    right: 'anchor.change',
    needsFreshAuth: true,
    summary: { zh: '停用锚定服务', en: 'End a provider; its anchors stay' },
    params: provider,
    answers: { 204: { empty: 'It is asked no more.' } },
    problems: [404],
  }),
  listAnchors: defineEndpoint({
    method: 'GET',
    path: '/api/v1/anchors',
    tag: 'log',
    right: 'signed-in',
    summary: { zh: '锚定记录', en: 'Anchors, newest first' },
    description: 'For whoever may change anchors or read the log.',
    query: z.object({ providerId: Id.optional(), cursor: IdCursor.optional(), limit: Limit.optional() }),
    answers: { 200: z.object({ items: z.array(AnchorLine), nextCursor: z.string().nullable() }).meta({ id: 'AnchorList' }) },
  }),
  listStamps: defineEndpoint({
    method: 'GET',
    path: '/api/v1/anchors/checkpoints',
    tag: 'log',
    right: 'signed-in',
    summary: { zh: '各检查点的锚定与见证', en: 'Checkpoints with the stamps they have and still owe, newest first' },
    description: 'For whoever may change anchors or read the log.',
    query: z.object({
      before: z.coerce.number().int().min(1).optional().describe('From `nextBefore` of the answer before.'),
      limit: Limit.optional(),
    }),
    answers: { 200: z.object({ items: z.array(StampedCheckpoint), nextBefore: z.int().nullable() }).meta({ id: 'StampedCheckpoints' }) },
  }),
  checkAnchors: defineEndpoint({
    method: 'POST',
    path: '/api/v1/anchors/checks',
    tag: 'log',
    right: 'anchor.change',
    summary: { zh: '立即核验全部锚定', en: 'Check every anchor again, now, and ask every provider' },
    description: 'Answers at once; what the checks give shows in the list and in health.',
    answers: { 202: z.object({ due: z.int().describe('Anchors that will be checked.') }).meta({ id: 'AnchorChecks' }) },
  }),
  getAnchors: defineEndpoint({
    method: 'GET',
    path: '/log/anchors',
    tag: 'log',
    right: 'open',
    summary: { zh: '公开的锚定文件', en: 'The anchored checkpoint that covers an entry' },
    description:
      'The file of docs/spec/anchor.md: the first anchored checkpoint above `position`, or the newest one, with every anchor that holds it.',
    query: z.object({ position: z.coerce.number().int().min(0).optional() }),
    answers: { 200: { media: ['application/json'], what: 'A file of anchors, format `lantai-anchors-1`.' } },
    problems: [404],
  }),
} as const;
