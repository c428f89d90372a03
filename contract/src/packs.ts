import { z } from 'zod';
import { defineEndpoint } from './endpoint.ts';
import { Id, Language, Purpose, TimeMs } from './values.ts';

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

const body = z.object({ selection: PackSelection, language: Language.describe('Of the readable report.') }).meta({ id: 'PackRequest' });
/** A pack is never made without saying what for. */
const headers = z.object({ 'lantai-purpose': Purpose });
const answers = {
  200: { media: ['application/zip'], what: 'The bundle (docs/spec/bundle.md), streamed; a cut one is refused by every verifier.' },
};

export const packEndpoints = {
  makeAuditPack: defineEndpoint({
    method: 'POST',
    path: '/api/v1/audit-packs',
    tag: 'log',
    right: 'dossier.export',
    needsFreshAuth: true,
    summary: { zh: '制作审计包', en: 'Make an audit pack' },
    description:
      'Files, catalogue, history, findings, policy and proofs of the dossiers that the account may export, with a report as PDF; `lantai verify` checks it. An entry for each dossier and one for the pack. Problems (422): `pack/empty`, `pack/too-many-dossiers`, `pack/too-many-entries`, `pack/too-many-files`, `bundle/too-large`.',
    headers,
    body,
    answers,
    problems: [404, 422],
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
