import { z } from 'zod';
import { NewDossier } from './dossiers.ts';
import { defineEndpoint } from './endpoint.ts';
import { ArchivalCode, FindingView, Id, IdCursor, Limit, PurposeHeader, TimeMs } from './values.ts';

const TusVersion = { 'tus-resumable': z.literal('1.0.0') };

/** What became of one file. `pages` means received, sealed, logged and catalogued. */
export const FileOutcome = z
  .object({
    fileId: Id,
    file: z.string().describe('Name or path as sent.'),
    outcome: z.enum(['waiting', 'pages', 'kept', 'refused', 'duplicate', 'needs_person']),
    pages: z.int().min(0),
    code: z.string().nullable().describe('Stable code of the reason; null when there is nothing to say.'),
    reason: z.string().nullable().describe('The words of the code in the language asked for.'),
    params: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).optional(),
    duplicateOfPageId: Id.nullable(),
    findings: z.array(FindingView),
  })
  .meta({ id: 'FileOutcome' });
export type FileOutcome = z.infer<typeof FileOutcome>;

export const ImportView = z
  .object({
    id: Id,
    dossierId: Id,
    dossierCode: z.string(),
    state: z.enum(['running', 'done', 'stopped']),
    startedAtMs: TimeMs,
    endedAtMs: TimeMs.nullable(),
    counts: z.object({
      files: z.int(),
      settled: z.int(),
      pages: z.int(),
      refused: z.int(),
      duplicate: z.int(),
      needsPerson: z.int(),
      pagesRead: z.int().describe('Of the pages of this import.'),
    }),
    leftMs: z.int().nullable(),
    elsewhere: z
      .array(z.object({ importId: Id, dossierId: Id, dossierCode: z.string(), pages: z.int().min(0) }))
      .describe('What separator sheets led into other dossiers within reach.'),
    files: z.array(FileOutcome).describe('In the order sent; members of a container stand under its path.'),
  })
  .meta({ id: 'ImportView' });
export type ImportView = z.infer<typeof ImportView>;

const ImportLine = ImportView.omit({ files: true, elsewhere: true }).meta({ id: 'ImportLine' });

export const NewImport = z
  .object({
    dossier: z.union([z.object({ id: Id }), z.object({ code: ArchivalCode }).describe('Must exist.'), z.object({ create: NewDossier })]),
    files: z
      .array(
        z.object({
          uploadId: z.string().min(1).max(100),
          path: z.string().min(1).max(1000).describe('Name or relative path; `class/material/page.jpg` sets class and grouping.'),
        }),
      )
      .min(1)
      .max(5000)
      .describe('With `separators`, in the order scanned.'),
    separators: z
      .boolean()
      .optional()
      .describe('Separator sheets among the files say where what follows belongs (docs/spec/separator.md).'),
  })
  .meta({ id: 'NewImport' });
export type NewImport = z.infer<typeof NewImport>;

const upload = z.object({ uploadId: z.string().min(1).max(100) });
const importId = z.object({ importId: Id });

export const captureEndpoints = {
  createUpload: defineEndpoint({
    method: 'POST',
    path: '/api/v1/uploads',
    tag: 'capture',
    right: 'page.import',
    summary: { zh: '新建上传', en: 'Begin a resumable upload (tus)' },
    description: 'tus 1.0.0, creation. The name of the file is not sent here: it goes with the import. Answers `Location`.',
    headers: z.object({
      ...TusVersion,
      'upload-length': z.coerce.number().int().min(0),
      'upload-metadata': z.string().max(400).optional(),
    }),
    rawBody: 'application/offset+octet-stream',
    answers: { 201: { empty: 'Created; see Location.' } },
    problems: [412, 413],
  }),
  getUploadOffset: defineEndpoint({
    method: 'HEAD',
    path: '/api/v1/uploads/{uploadId}',
    tag: 'capture',
    right: 'page.import',
    summary: { zh: '上传进度', en: 'How much has arrived (tus)' },
    params: upload,
    headers: z.object(TusVersion),
    answers: { 200: { empty: 'See Upload-Offset.' } },
    problems: [404, 410, 412],
  }),
  appendUpload: defineEndpoint({
    method: 'PATCH',
    path: '/api/v1/uploads/{uploadId}',
    tag: 'capture',
    right: 'page.import',
    summary: { zh: '续传', en: 'Send bytes (tus)' },
    params: upload,
    headers: z.object({ ...TusVersion, 'upload-offset': z.coerce.number().int().min(0) }),
    rawBody: 'application/offset+octet-stream',
    answers: { 204: { empty: 'Taken; see Upload-Offset.' } },
    problems: [404, 409, 410, 412, 413, 415],
  }),
  cancelUpload: defineEndpoint({
    method: 'DELETE',
    path: '/api/v1/uploads/{uploadId}',
    tag: 'capture',
    right: 'page.import',
    summary: { zh: '取消上传', en: 'Give an upload up (tus)' },
    params: upload,
    headers: z.object(TusVersion),
    answers: { 204: { empty: 'Removed.' } },
    problems: [404, 412],
  }),
  startImport: defineEndpoint({
    method: 'POST',
    path: '/api/v1/imports',
    tag: 'capture',
    right: 'page.import',
    summary: { zh: '归入案卷', en: 'Import uploaded files into a dossier' },
    description: 'Problems: `dossier/not-found` (404), `upload/incomplete` (409), `upload/not-found` (404).',
    headers: PurposeHeader,
    body: NewImport,
    answers: { 202: z.object({ importId: Id, dossierId: Id }).meta({ id: 'ImportStarted' }) },
    problems: [404, 409, 422],
  }),
  importSample: defineEndpoint({
    method: 'POST',
    path: '/api/v1/imports/sample',
    tag: 'capture',
    right: 'page.import',
    summary: { zh: '导入示例案卷', en: 'Import the sample dossier' },
    description: 'Of a trial archive only: problem `sample/not-offered` (409) elsewhere.',
    headers: PurposeHeader,
    answers: { 202: z.object({ importId: Id, dossierId: Id }).meta({ id: 'SampleStarted' }) },
    problems: [409],
  }),
  listImports: defineEndpoint({
    method: 'GET',
    path: '/api/v1/imports',
    tag: 'capture',
    right: 'page.import',
    summary: { zh: '导入记录', en: 'Imports, newest first' },
    query: z.object({ cursor: IdCursor.optional(), limit: Limit.optional(), state: ImportView.shape.state.optional() }),
    answers: { 200: z.object({ items: z.array(ImportLine), nextCursor: z.string().nullable() }).meta({ id: 'ImportPage' }) },
  }),
  getImport: defineEndpoint({
    method: 'GET',
    path: '/api/v1/imports/{importId}',
    tag: 'capture',
    right: 'page.import',
    summary: { zh: '导入进度', en: 'Progress and outcome of every file' },
    headers: PurposeHeader,
    params: importId,
    answers: { 200: ImportView },
    problems: [404],
  }),
  unlockFile: defineEndpoint({
    method: 'POST',
    path: '/api/v1/imports/{importId}/files/{fileId}/password',
    tag: 'capture',
    right: 'page.import',
    summary: { zh: '提供文件口令', en: 'Give the password of an encrypted file' },
    description:
      'For outcome `refused` with code `document/password-needed`. The password is used once and not kept. Wrong: `document/password-wrong` (422).',
    headers: PurposeHeader,
    params: z.object({ importId: Id, fileId: Id }),
    body: z.object({ password: z.string().min(1).max(1024) }).meta({ id: 'FilePassword' }),
    answers: { 200: FileOutcome },
    problems: [404, 409, 422],
  }),
} as const;
