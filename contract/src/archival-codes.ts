import { z } from 'zod';
import { defineEndpoint } from './endpoint.ts';
import { Id, PurposeHeader } from './values.ts';

/** Standards of archival codes: 档号编制规则, 归档文件整理规则. */
export const CodeStandard = z
  .enum(['da-t-13', 'da-t-22'])
  .meta({ id: 'CodeStandard', description: 'DA/T 13 档号编制规则, DA/T 22 归档文件整理规则.' });
const Template = z.string().nullable().describe('As the scheme in force has it; null: it has none.');

/** A code of a dossier beside its leading one. */
export const OtherCodeView = z
  .object({
    code: z.string(),
    form: CodeStandard.nullable(),
    standing: z.enum(['second', 'former']).describe('Kept beside the leading one, or had before.'),
    sinceMs: z.int(),
  })
  .meta({ id: 'OtherCode' });
export type OtherCodeView = z.infer<typeof OtherCodeView>;

/** By which form codes are given in a fonds for dossiers of a scheme. */
export const CodeRuleView = z
  .object({
    fondsId: Id,
    fondsCode: z.string(),
    schemeId: z.string(),
    schemeName: z.object({ zh: z.string(), en: z.string() }),
    templates: z.object({ own: z.string(), 'da-t-13': Template, 'da-t-22': Template }),
    leading: CodeStandard.nullable().describe('Null: as codes were always given.'),
    second: CodeStandard.nullable().describe('Null: none is kept.'),
    dossiers: z.int().min(0).describe('Of this scheme that the account may arrange.'),
    mayChange: z.boolean(),
  })
  .meta({ id: 'CodeRule' });
export type CodeRuleView = z.infer<typeof CodeRuleView>;

const place = { fondsId: Id, schemeId: z.string().min(1).max(80) };

/** Archival codes in both forms: docs/spec/archival-codes.md. */
export const archivalCodeEndpoints = {
  listCodeRules: defineEndpoint({
    method: 'GET',
    path: '/api/v1/code-rules',
    tag: 'catalogue',
    right: 'dossier.change',
    summary: { zh: '档号形式', en: 'By which form archival codes are given' },
    headers: PurposeHeader,
    answers: { 200: z.object({ items: z.array(CodeRuleView) }).meta({ id: 'CodeRules' }) },
  }),
  setCodeRule: defineEndpoint({
    method: 'PUT',
    path: '/api/v1/code-rules',
    tag: 'catalogue',
    right: 'dossier.change',
    summary: { zh: '选定主档号、副档号形式', en: 'Choose the leading form and the one kept beside it' },
    description:
      'For dossiers opened from now on; those that are there follow when they are coded anew. Problems: `fonds/not-found` (404), `code/whole-fonds` (403), `code/no-template`, `code/same-form` (422).',
    headers: PurposeHeader,
    body: z.object({ ...place, leading: CodeStandard.nullable(), second: CodeStandard.nullable() }).meta({ id: 'NewCodeRule' }),
    answers: { 204: { empty: 'Chosen.' } },
    problems: [404, 422],
  }),
  recodeDossiers: defineEndpoint({
    method: 'POST',
    path: '/api/v1/recodings',
    tag: 'catalogue',
    right: 'dossier.change',
    summary: { zh: '重编档号', en: 'Write codes of dossiers by the rule of their fonds, some at a time' },
    description: 'Codes that dossiers had stay as former codes and still find them. Call again with `after` until it is null.',
    headers: PurposeHeader,
    body: z.object({ ...place, after: Id.nullable().default(null) }).meta({ id: 'Recoding' }),
    answers: {
      200: z
        .object({
          changed: z.int().min(0).describe('Given another leading code.'),
          second: z.int().min(0).describe('Given another second code, or none.'),
          unfit: z.int().min(0).describe('Codes that could not be made: the code of the fonds or unit does not fit the standard.'),
          after: Id.nullable(),
        })
        .meta({ id: 'Recoded' }),
    },
    problems: [404],
  }),
} as const;
