import { z } from 'zod';
import { defineEndpoint } from './endpoint.ts';
import { Id, Language, LeaveReason, Purpose, SensitiveCount, TimeMs } from './values.ts';

/** What a pack is made of. */
export const PackSelection = z
  .discriminatedUnion('kind', [
    z.object({ kind: z.literal('dossier'), dossierId: Id }),
    z.object({ kind: z.literal('subject'), dossierId: Id.describe('Any dossier of the subject: all of its dossiers are meant.') }),
    z.object({ kind: z.literal('unit'), unitId: Id.describe('With the units below it.') }),
    z.object({ kind: z.literal('period'), fromMs: TimeMs, toMs: TimeMs }),
  ])
  .meta({ id: 'PackSelection' });
export type PackSelection = z.infer<typeof PackSelection>;

const request = { selection: PackSelection, language: Language.describe('Of the readable report.') };
const body = z.object(request).meta({ id: 'PackRequest' });
const PackLeaving = z
  .object({ dossiers: z.int().min(0), ...SensitiveCount, unread: z.int().min(0).describe('Pages whose text nobody has read yet.') })
  .meta({ id: 'PackLeaving', description: 'What leaves with an audit pack, counted by kind over readings and titles.' });
/** A pack is never made without saying what for. */
const headers = z.object({ 'lantai-purpose': Purpose });
const answers = {
  200: { media: ['application/zip'], what: 'The bundle (docs/spec/bundle.md), streamed; a cut one is refused by every verifier.' },
};

export const packEndpoints = {
  countAuditPack: defineEndpoint({
    method: 'POST',
    path: '/api/v1/audit-packs/counts',
    tag: 'log',
    right: 'dossier.export',
    summary: { zh: '清点审计包将带出的敏感信息', en: 'Count what an audit pack would take along' },
    description: 'An entry. Making the pack says these counts again; when anything has come or gone since, they are counted anew.',
    headers,
    body: z.object({ selection: PackSelection }).meta({ id: 'PackCountRequest' }),
    answers: { 200: PackLeaving },
    problems: [404, 422],
  }),
  makeAuditPack: defineEndpoint({
    method: 'POST',
    path: '/api/v1/audit-packs',
    tag: 'log',
    right: 'dossier.export',
    needsFreshAuth: true,
    summary: { zh: '制作审计包', en: 'Make an audit pack' },
    description:
      'Files, catalogue, history, findings, policy and proofs of the dossiers that the account may export, with a report as PDF; `lantai verify` checks it. An entry for each dossier and one for the pack. `leave` says what was counted (`countAuditPack`) and, where anything is sensitive, why it may leave. Problems: `export/not-as-confirmed` (409); `export/reason-needed`, `pack/empty`, `pack/too-many-dossiers`, `pack/too-many-entries`, `pack/too-many-files`, `bundle/too-large`.',
    headers,
    body: z.object({ ...request, leave: z.object({ confirmed: PackLeaving, reason: LeaveReason }) }).meta({ id: 'AuditPackRequest' }),
    answers,
    problems: [404, 409, 422],
  }),
  makeEvidencePack: defineEndpoint({
    method: 'POST',
    path: '/api/v1/evidence-packs',
    tag: 'log',
    right: 'log.read',
    needsFreshAuth: true,
    summary: { zh: '制作取证包', en: 'Make an evidence pack, without contents' },
    description:
      'Accesses and proofs of the dossiers that the account may make receipts of; for a period also what is about no dossier. No file, title or name of a subject. Problems as for an audit pack.',
    headers,
    body,
    answers,
    problems: [404, 422],
  }),
} as const;
