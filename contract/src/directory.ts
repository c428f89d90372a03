import { z } from 'zod';
import { defineEndpoint } from './endpoint.ts';
import { Id, TimeMs } from './values.ts';

/** The media type of an Excel workbook. */
export const XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';
const YesNo = z.enum(['true', 'false']);
const Digest = z.string().regex(/^[0-9a-f]{64}$/);

const sheetQuery = {
  fondsId: Id.describe('The fonds whose units the sheet speaks of.'),
  complete: YesNo.optional().describe('It names everybody: whom earlier sheets made and it does not name is disabled.'),
  adopts: YesNo.optional().describe('Accounts that were there before are taken up by their sign-in name.'),
};

const Params = z.record(z.string(), z.union([z.string(), z.number()]));
const Line = z
  .object({
    sheet: z.enum(['units', 'people']),
    row: z.int().nullable().describe('As Excel counts; null: somebody whom a complete sheet does not name any more.'),
    column: z.string().nullable().describe('Letters, of a refusal that is about one cell.'),
    what: z.string().nullable().describe('Code of the unit, or staff number.'),
    act: z.enum(['create', 'change', 'disable', 'enable', 'nothing', 'refused']),
    changes: z.array(z.string()),
    code: z.string().nullable().describe('Why it is refused.'),
    params: Params,
    accountId: Id.nullable(),
  })
  .meta({ id: 'DirectoryLine' });

const Plan = z
  .object({
    lines: z.array(Line),
    refusal: z.object({ code: z.string(), params: Params }).nullable().describe('What stops the whole sheet; null: it can be applied.'),
    digest: Digest.describe('To be sent back as `plan`: what is applied is what was shown.'),
  })
  .meta({ id: 'DirectoryPlan', description: 'What a sheet of units and people would change 名单预演.' });

const Result = z
  .object({
    lines: z.array(Line),
    passwords: z
      .array(z.object({ what: z.string(), loginName: z.string(), password: z.string() }))
      .describe('Of new accounts. Shown once.'),
  })
  .meta({ id: 'DirectoryResult' });

const Source = z
  .object({
    id: Id,
    kind: z.enum(['sheet', 'scim', 'ldap']),
    fondsId: Id,
    fondsCode: z.string(),
    people: z.int().min(0).describe('Accounts that it keeps in step.'),
    ranAtMs: TimeMs.nullable().describe('When a list was last applied.'),
    fault: z.string().nullable().describe('Code of what went wrong since.'),
  })
  .meta({ id: 'DirectorySource' });

const office =
  'For whoever may change the organisation (its units) or keep people in step (`directory.sync`); each is done the own part alone.';
const problems =
  'Problems (422): `table/…`, `directory/sheet-…`, `directory/column-…`, `directory/cells-merged`, `directory/too-many-rows`.';

/** Organisations and people from an Excel sheet: docs/spec/directory.md. */
export const directoryEndpoints = {
  listDirectorySources: defineEndpoint({
    method: 'GET',
    path: '/api/v1/directory/sources',
    tag: 'organisation',
    right: 'signed-in',
    summary: { zh: '人员名录来源', en: 'Where people are kept in step from' },
    description: office,
    answers: { 200: z.object({ items: z.array(Source) }).meta({ id: 'DirectorySourceList' }) },
  }),
  getDirectoryTemplate: defineEndpoint({
    method: 'GET',
    path: '/api/v1/directory/template',
    tag: 'organisation',
    right: 'signed-in',
    summary: { zh: '下载名单模板', en: 'The empty form for a sheet of units and people' },
    description: office,
    answers: { 200: { media: [XLSX], what: 'An empty form as an Excel workbook.' } },
  }),
  planDirectory: defineEndpoint({
    method: 'POST',
    path: '/api/v1/directory/plans',
    tag: 'organisation',
    right: 'signed-in',
    summary: { zh: '预演名单导入', en: 'What a sheet of units and people would change' },
    description: `Changes nothing. ${office} ${problems}`,
    query: z.object(sheetQuery),
    rawBody: XLSX,
    answers: { 200: Plan },
    problems: [404, 413, 415, 422],
  }),
  makeDirectoryErrorSheet: defineEndpoint({
    method: 'POST',
    path: '/api/v1/directory/error-sheets',
    tag: 'organisation',
    right: 'signed-in',
    summary: { zh: '下载名单错误清单', en: 'The errors of a sheet as a sheet' },
    description: `As \`planDirectory\`: row, column and reason of what is refused. ${problems}`,
    query: z.object(sheetQuery),
    rawBody: XLSX,
    answers: { 200: { media: [XLSX], what: 'The errors as an Excel workbook.' } },
    problems: [404, 413, 415, 422],
  }),
  applyDirectory: defineEndpoint({
    method: 'POST',
    path: '/api/v1/directory/runs',
    tag: 'organisation',
    right: 'signed-in',
    needsFreshAuth: true,
    summary: { zh: '按名单导入机构和人员', en: 'Apply a sheet of units and people' },
    description: `${office} Problems: \`directory/plan-changed\` (409), \`directory/too-many-vanish\`, \`directory/too-many-passwords\` (422). ${problems}`,
    query: z.object({
      ...sheetQuery,
      plan: Digest.describe('`digest` of the plan that was shown.'),
      slips: YesNo.optional().describe('New accounts get a password that is shown once, to be handed out.'),
      emptied: YesNo.optional().describe('That many people vanish is meant.'),
    }),
    rawBody: XLSX,
    answers: { 200: Result },
    problems: [404, 409, 413, 415, 422],
  }),
} as const;
