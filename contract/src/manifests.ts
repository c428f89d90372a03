import { z } from 'zod';
import { XLSX } from './directory.ts';
import { defineEndpoint } from './endpoint.ts';
import { Id, PurposeHeader, TimeMs } from './values.ts';

const UploadId = z.string().min(1).max(100);
const Params = z.record(z.string(), z.union([z.string(), z.number()]));

/** A list of materials as it was uploaded, and how it is meant. */
export const ManifestOrder = z
  .object({
    uploadId: UploadId.describe('The list: Excel or separated text.'),
    images: z
      .array(z.object({ uploadId: UploadId, path: z.string().min(1).max(1000) }))
      .max(5000)
      .nullable()
      .describe('Uploaded images with their paths; null: the list comes alone.'),
    scheme: z.string().min(1).max(60),
    unitId: Id.nullable().describe('Unit of new dossiers; null: that of the account, or the root.'),
    dossierCode: z.string().min(1).max(64).nullable().describe('Dossier of rows that name none.'),
    edits: z
      .array(z.object({ row: z.int().min(1), column: z.int().min(1).max(100), text: z.string().max(2000) }))
      .max(5000)
      .describe('Cells changed by a person; an empty text empties the cell.'),
  })
  .meta({ id: 'ManifestOrder' });
export type ManifestOrder = z.infer<typeof ManifestOrder>;

const Finding = z.object({
  row: z.int().min(0),
  column: z.int().nullable().describe('Of a finding that is about one cell.'),
  code: z.string(),
  severity: z.enum(['error', 'warning', 'info']),
  params: Params,
});

const Report = z
  .object({
    columns: z.array(
      z.object({ column: z.int().min(1), heading: z.string(), field: z.string().nullable().describe('Null: passed over.') }),
    ),
    rows: z.int().min(0),
    acts: z.object({ make: z.int(), change: z.int(), nothing: z.int(), refused: z.int() }).describe('Dossiers by what becomes of them.'),
    materials: z.object({ made: z.int(), changed: z.int(), same: z.int() }),
    findingCounts: z.array(z.object({ code: z.string(), severity: z.enum(['error', 'warning', 'info']), count: z.int() })),
    lines: z
      .array(
        z.object({
          row: z.int().min(1),
          dossierCode: z.string().nullable(),
          refused: z.boolean().describe('Its dossier is left out.'),
          cells: z.array(z.object({ column: z.int().min(1), text: z.string() })),
          findings: z.array(Finding),
        }),
      )
      .describe('Rows with an error or a warning, the first five hundred: errors first.'),
    linesLeft: z.int().min(0).describe('Such rows that are not in `lines`.'),
    images: z.object({ given: z.int(), unused: z.int() }),
    digest: z
      .string()
      .regex(/^[0-9a-f]{64}$/)
      .describe('To be sent back as `plan`: what is filed is what was shown.'),
  })
  .meta({ id: 'ManifestReport', description: 'What filing a list would do 著录清单试查.' });

const Progress = z
  .object({
    id: Id,
    state: z.enum(['filing', 'done', 'stopped']),
    code: z.string().nullable().describe('What stopped it.'),
    total: z.int(),
    done: z.int(),
    filed: z.int(),
    refused: z.int(),
    made: z.int(),
    changed: z.int(),
    pages: z.int(),
    attention: z.int().describe('Images that were refused or want a person.'),
    createdAtMs: TimeMs,
    changedAtMs: TimeMs,
  })
  .meta({ id: 'ManifestProgress' });

const problems =
  'Problems: `upload/not-found` (404), `upload/incomplete` (409), `table/…`, `manifest/heading-missing`, `manifest/column-twice`, `manifest/empty` (422).';

/** Dossiers and materials from lists: docs/spec/manifest.md. */
export const manifestEndpoints = {
  checkManifest: defineEndpoint({
    method: 'POST',
    path: '/api/v1/manifests/checks',
    tag: 'capture',
    right: 'dossier.create',
    summary: { zh: '试查著录清单', en: 'What filing a list of materials would do' },
    description: `Changes nothing. ${problems}`,
    headers: PurposeHeader,
    body: ManifestOrder,
    answers: { 200: Report },
    problems: [404, 409, 422],
  }),
  makeManifestErrorSheet: defineEndpoint({
    method: 'POST',
    path: '/api/v1/manifests/error-sheets',
    tag: 'capture',
    right: 'dossier.create',
    summary: { zh: '下载错误清单', en: 'The rows of a list that are left out, with the reasons' },
    description: `Corrected, it can be handed in as a list again. ${problems}`,
    headers: PurposeHeader,
    body: ManifestOrder,
    answers: { 200: { media: [XLSX], what: 'The rows as an Excel workbook.' } },
    problems: [404, 409, 422],
  }),
  applyManifest: defineEndpoint({
    method: 'POST',
    path: '/api/v1/manifests',
    tag: 'capture',
    right: 'dossier.create',
    summary: { zh: '按著录清单入库', en: 'File a list of materials' },
    description:
      'Goes on in the background, dossier by dossier, also after a restart; a dossier with an error is left out whole. Where the plan is no longer what was shown, `getManifest` says `manifest/plan-changed`.',
    headers: PurposeHeader,
    body: ManifestOrder.extend({ plan: Report.shape.digest }).meta({ id: 'NewManifest' }),
    answers: { 202: z.object({ manifestId: Id }).meta({ id: 'ManifestStarted' }) },
    problems: [404, 409, 422],
  }),
  getManifest: defineEndpoint({
    method: 'GET',
    path: '/api/v1/manifests/{manifestId}',
    tag: 'capture',
    right: 'dossier.create',
    summary: { zh: '清单入库进度', en: 'How far a list has been filed' },
    params: z.object({ manifestId: Id }),
    answers: { 200: Progress },
    problems: [404],
  }),
} as const;
