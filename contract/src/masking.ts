import { z } from 'zod';
import { defineEndpoint } from './endpoint.ts';
import { Id, PurposeHeader, TimeMs } from './values.ts';

/** Kinds of facts that are masked until somebody has them shown: docs/spec/masking.md. */
export const SensitiveKind = z.enum(['id_number', 'phone', 'address', 'bank_account']).meta({ id: 'SensitiveKind' });
export type SensitiveKind = z.infer<typeof SensitiveKind>;

/** What an answer hides. */
export const Masking = z
  .object({
    hidden: z.array(SensitiveKind).describe('Kinds hidden in this answer; each hidden letter or digit is `*`.'),
    shownUntilMs: TimeMs.nullable().describe('Until when what this session had shown stays so; null: nothing is shown.'),
  })
  .meta({ id: 'Masking' });
export type Masking = z.infer<typeof Masking>;

const dossierId = z.object({ dossierId: Id });

export const maskingEndpoints = {
  revealSensitive: defineEndpoint({
    method: 'POST',
    path: '/api/v1/dossiers/{dossierId}/reveals',
    tag: 'desk',
    right: 'sensitive.reveal',
    summary: { zh: '显示敏感信息', en: 'Show what is masked' },
    description:
      'ID numbers, phones, addresses and bank accounts are masked in every answer. This shows kinds of them to this session for five minutes: in the catalogue and fields of the dossier, or in the text of one page. An entry that names kinds and thing, never a value.',
    headers: PurposeHeader,
    params: dossierId,
    body: z
      .object({
        kinds: z.array(SensitiveKind).min(1).max(4),
        pageId: Id.nullish().describe('The text of this page; left out: catalogue and fields of the dossier.'),
        reason: z.string().trim().min(2).max(200).describe('Sealed: auditors alone read it.'),
      })
      .meta({ id: 'RevealRequest' }),
    answers: { 201: z.object({ entryId: Id, kinds: z.array(SensitiveKind), expiresAtMs: TimeMs }).meta({ id: 'Reveal' }) },
    problems: [404],
  }),
  hideSensitive: defineEndpoint({
    method: 'DELETE',
    path: '/api/v1/dossiers/{dossierId}/reveals',
    tag: 'desk',
    right: 'sensitive.reveal',
    summary: { zh: '重新遮盖', en: 'Mask again' },
    description: 'Of the dossier and its pages, for this session.',
    params: dossierId,
    answers: { 204: { empty: 'Masked.' } },
  }),
} as const;
