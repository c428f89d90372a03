import { z } from 'zod';
import { defineEndpoint } from './endpoint.ts';
import { Id, IdCursor, Limit, TimeMs } from './values.ts';

const Base64 = z.string().regex(/^[A-Za-z0-9+/]*={0,2}$/);

/** One line of the log, with the words this account may know beside the opaque bytes. */
export const LogEntry = z
  .object({
    id: Id,
    position: z.int().min(0).nullable().describe('Null until the sequencer has placed it (about a second).'),
    atMs: TimeMs,
    kind: z.string().describe('`page.view`, `page.receive` …; the words are keyed `entry/{kind}`.'),
    actor: z.object({ id: Id, name: z.string() }).nullable(),
    dossier: z.object({ id: Id, code: z.string() }).nullable(),
    objectId: Id.nullable(),
    params: z.record(z.string(), z.union([z.string(), z.number()])),
  })
  .meta({ id: 'LogEntry' });
export type LogEntry = z.infer<typeof LogEntry>;

export const EntryProof = z
  .object({
    entry: LogEntry,
    bytes: Base64.describe('The entry exactly as it is in the tree (docs/spec/log-entry.md).'),
    checkpoint: z.string().nullable().describe('Signed note that covers the entry; null before it is placed.'),
    inclusion: z.array(Base64).nullable().describe('Hashes of the inclusion proof in that checkpoint.'),
  })
  .meta({ id: 'EntryProof', description: 'All a browser needs to check the entry by itself.' });
export type EntryProof = z.infer<typeof EntryProof>;

const entry = z.object({ entryId: Id });

export const logEndpoints = {
  listEntries: defineEndpoint({
    method: 'GET',
    path: '/api/v1/log/entries',
    tag: 'log',
    right: 'signed-in',
    forTokens: true,
    summary: { zh: '日志条目', en: 'Entries, newest first' },
    description: 'An audit administrator sees the whole log; others their own acts, or those of one dossier they may read.',
    query: z.object({
      dossierId: Id.optional(),
      actorId: Id.optional(),
      kind: z.string().max(60).optional(),
      fromMs: z.coerce.number().int().optional(),
      toMs: z.coerce.number().int().optional(),
      cursor: IdCursor.optional(),
      limit: Limit.optional(),
    }),
    answers: { 200: z.object({ items: z.array(LogEntry), nextCursor: z.string().nullable() }).meta({ id: 'LogPage' }) },
  }),
  getEntryProof: defineEndpoint({
    method: 'GET',
    path: '/api/v1/log/entries/{entryId}',
    tag: 'log',
    right: 'receipt.make',
    summary: { zh: '条目与证明', en: 'An entry and its proof' },
    params: entry,
    answers: { 200: EntryProof },
    problems: [404],
  }),
  getReceipt: defineEndpoint({
    method: 'POST',
    path: '/api/v1/log/entries/{entryId}/receipt',
    tag: 'log',
    right: 'receipt.make',
    summary: { zh: '凭证', en: 'A receipt that stands alone' },
    description: 'Text for `lantai verify receipt`. Waits up to five seconds for integration; then `entry/not-integrated` (409).',
    params: entry,
    answers: { 200: { media: ['text/plain'], what: 'The receipt (.tlog-proof).' } },
    problems: [404, 409],
  }),
  getCheckpoint: defineEndpoint({
    method: 'GET',
    path: '/log/checkpoint',
    tag: 'log',
    right: 'open',
    summary: { zh: '最新检查点', en: 'The newest checkpoint' },
    description: 'With the lines of the witnesses that cosigned it. `cosigned=true`: the newest one that a witness has cosigned.',
    query: z.object({ cosigned: z.enum(['true', 'false']).optional() }),
    answers: { 200: { media: ['text/plain'], what: 'A signed note (C2SP tlog-checkpoint) with a line by Ed25519 and one by SM2.' } },
    problems: [404],
  }),
  printCheckpoint: defineEndpoint({
    method: 'POST',
    path: '/api/v1/log/checkpoint/sheets',
    tag: 'log',
    right: 'signed-in',
    summary: { zh: '打印检查点', en: 'The newest checkpoint as a page to be printed, signed and kept' },
    description: 'In the language of `Accept-Language`. Printing is an entry of the log.',
    answers: { 200: { media: ['application/pdf'], what: 'One page of A4, with the note as a QR code.' } },
    problems: [404],
  }),
  getLogKey: defineEndpoint({
    method: 'GET',
    path: '/api/v1/log/key',
    tag: 'log',
    right: 'open',
    summary: { zh: '验证公钥', en: 'Verifier keys of the log' },
    answers: {
      200: z.object({ origin: z.string(), verifierKeys: z.array(z.string()).describe('C2SP signed-note vkeys.') }).meta({ id: 'LogKey' }),
    },
  }),
  proveConsistency: defineEndpoint({
    method: 'GET',
    path: '/api/v1/log/consistency',
    tag: 'log',
    right: 'open',
    summary: { zh: '一致性证明', en: 'Consistency proof between two sizes' },
    query: z.object({ from: z.coerce.number().int().min(0), to: z.coerce.number().int().min(0) }),
    answers: { 200: z.object({ from: z.int(), to: z.int(), hashes: z.array(Base64) }).meta({ id: 'ConsistencyProof' }) },
    problems: [422],
  }),
  getTile: defineEndpoint({
    method: 'GET',
    path: '/log/tile/{+tilePath}',
    tag: 'log',
    right: 'open',
    summary: { zh: '日志分块', en: 'A tile of the log' },
    description: 'C2SP tlog-tiles: `{level}/{index}[.p/{width}]`. Hashes alone: bundles of entries are for auditors.',
    params: z.object({ '*': z.string().max(200) }),
    answers: { 200: { media: ['application/octet-stream'], what: 'The tile.' } },
    problems: [404],
  }),
  getEntryTile: defineEndpoint({
    method: 'GET',
    path: '/log/tile/entries/{+entryPath}',
    tag: 'log',
    right: 'log.read',
    summary: { zh: '日志条目分块', en: 'A bundle of entries' },
    description:
      'C2SP tlog-tiles: `entries/{index}[.p/{width}]`. Entries hold opaque ids and keyed digests only, and yet tell who looked into which dossier when: for whoever may read the log, by session or by a token with the scope `log.read` (docs/spec/log.md, section 2).',
    params: z.object({ '*': z.string().max(200) }),
    answers: { 200: { media: ['application/octet-stream'], what: 'The bundle.' } },
    problems: [404],
  }),
  getKeyChanges: defineEndpoint({
    method: 'GET',
    path: '/log/key-changes',
    tag: 'log',
    right: 'open',
    summary: { zh: '日志公钥更换记录', en: 'Changes of the log’s keys' },
    description:
      'A line for each: position, and the bytes of its entry in base 64, signed by the key before and the key after (docs/spec/log.md, section 7). Empty while the log has its first keys.',
    answers: { 200: { media: ['text/plain'], what: 'The changes.' } },
  }),
} as const;
