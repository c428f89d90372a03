import { z } from 'zod';
import { DossierState } from './dossiers.ts';
import { defineEndpoint } from './endpoint.ts';
import { Id, IdCursor, PurposeHeader, TimeMs } from './values.ts';

/** As lib/catalogue has it, which decides. */
const SLIP_SHEETS_MAX = 20_000;

const Number0 = z.int().min(0);
const Sheets = z.int().min(1).max(SLIP_SHEETS_MAX).describe('Sheets of paper (张).');
const Faces = z
  .int()
  .min(1)
  .max(2 * SLIP_SHEETS_MAX)
  .describe('Faces (面) to be accounted for: with content, or registered as blank; one or two a sheet.');
const BlankFaces = Number0.describe('Of the faces, those registered as blank that are not scanned.');

/** A processing slip (数字化加工流程单): what was declared when the paper was taken out. */
export const SlipView = z
  .object({
    id: Id,
    revision: z.int().min(1).describe('The highest of a dossier is in force; none is overwritten.'),
    sheets: Sheets,
    faces: Faces,
    blankFaces: BlankFaces,
    note: z.string(),
    declaredByName: z.string(),
    declaredAtMs: TimeMs,
  })
  .meta({ id: 'Slip' });
export type SlipView = z.infer<typeof SlipView>;

const ExceptionKind = z.enum(['gap', 'surplus']).meta({ id: 'CountExceptionKind', description: '缺面, 多面.' });

/** An exception report (异常情况登记): numbers of the moment it was opened at. */
export const CountExceptionView = z
  .object({
    id: Id,
    kind: ExceptionKind,
    state: z
      .enum(['open', 'explained', 'settled', 'superseded'])
      .describe(
        'Explained: the numbers stay as they are, for a reason. Settled: they agree now. Superseded: they differ otherwise now, and another report tells how.',
      ),
    images: Number0,
    blankImages: Number0,
    difference: z.int().describe('Faces accounted for less those declared.'),
    sheetsMissing: Number0.describe('Sheets of which no face at all came, at least.'),
    words: z.string().describe('Of who closed it.'),
    openedByName: z.string(),
    openedAtMs: TimeMs,
    closedByName: z.string(),
    closedAtMs: TimeMs.nullable(),
  })
  .meta({ id: 'CountException' });
export type CountExceptionView = z.infer<typeof CountExceptionView>;

/** What was declared of a dossier against what came. */
export const DossierCount = z
  .object({
    dossierId: Id,
    dossierCode: z.string(),
    dossierState: DossierState,
    received: z
      .object({
        images: Number0.describe('Pages: one image a face.'),
        blankImages: Number0.describe('Of them faces found blank; scanned all the same, they count.'),
        duplicates: Number0.describe('Of them scans of a sheet that is there already.'),
      })
      .meta({ id: 'ReceivedImages' }),
    comparison: z
      .object({
        accounted: Number0.describe('Images, and faces registered as blank without one.'),
        difference: z.int().describe('Accounted less declared: below 0 faces are missing.'),
        kind: ExceptionKind.nullable(),
        sheetsMissing: Number0,
      })
      .meta({ id: 'CountComparison' })
      .nullable()
      .describe('Of the slip in force and now; null without a slip.'),
    slips: z.array(SlipView).describe('Newest first: the first is in force.'),
    exceptions: z.array(CountExceptionView).describe('Newest first.'),
  })
  .meta({ id: 'DossierCount' });
export type DossierCount = z.infer<typeof DossierCount>;

export const OpenException = z
  .object({ id: Id, dossierId: Id, dossierCode: z.string(), kind: ExceptionKind, difference: z.int(), openedAtMs: TimeMs })
  .meta({ id: 'OpenException' });
export type OpenException = z.infer<typeof OpenException>;

const dossierId = z.object({ dossierId: Id });

/** Counting (清点) and filing (验收归档): docs/spec/counting.md. */
export const countingEndpoints = {
  getCount: defineEndpoint({
    method: 'GET',
    path: '/api/v1/dossiers/{dossierId}/count',
    tag: 'capture',
    right: 'dossier.read',
    summary: { zh: '清点情况', en: 'What was declared of a dossier, and what came' },
    headers: PurposeHeader,
    params: dossierId,
    answers: { 200: DossierCount },
    problems: [404],
  }),
  declareSlip: defineEndpoint({
    method: 'POST',
    path: '/api/v1/dossiers/{dossierId}/slips',
    tag: 'capture',
    right: 'material.change',
    summary: { zh: '填写数字化加工流程单', en: 'Declare sheets and faces on a processing slip' },
    description: 'It supersedes the slip before, which stays. Problems (422): `slip/impossible`.',
    headers: PurposeHeader,
    params: dossierId,
    body: z
      .object({ sheets: Sheets, faces: Faces, blankFaces: BlankFaces.default(0), note: z.string().trim().max(500).default('') })
      .meta({ id: 'NewSlip' }),
    answers: { 201: z.object({ id: Id }).meta({ id: 'SlipDeclared' }) },
    problems: [404, 422],
  }),
  printSlip: defineEndpoint({
    method: 'POST',
    path: '/api/v1/dossiers/{dossierId}/slip-sheets',
    tag: 'capture',
    right: 'page.import',
    summary: { zh: '打印数字化加工流程单', en: 'The processing slip as a PDF, with the QR code of the dossier' },
    description: 'Codes and numbers, nothing of anybody; the stations have room to sign. Problems (422): `slip/none`.',
    headers: PurposeHeader,
    params: dossierId,
    answers: { 200: { media: ['application/pdf'], what: 'The slip on A4.' } },
    problems: [404, 422],
  }),
  checkCount: defineEndpoint({
    method: 'POST',
    path: '/api/v1/dossiers/{dossierId}/counts',
    tag: 'capture',
    right: 'page.import',
    summary: { zh: '清点核对', en: 'Compare what was declared with what came' },
    description: 'A difference that nobody has explained is an exception report from then on. Problems (422): `slip/none`.',
    headers: PurposeHeader,
    params: dossierId,
    answers: { 200: DossierCount },
    problems: [404, 422],
  }),
  settleCountException: defineEndpoint({
    method: 'POST',
    path: '/api/v1/count-exceptions/{exceptionId}/settlement',
    tag: 'capture',
    right: 'material.change',
    summary: { zh: '处理清点异常', en: 'Close an exception report, with wording' },
    description:
      'Explained: the paper is as it is; it holds for these numbers alone. Settled: the numbers agree by now. Problems: `count-exception/still-differs`, `count-exception/other-numbers` (422), `count-exception/closed` (409).',
    headers: PurposeHeader,
    params: z.object({ exceptionId: Id }),
    body: z
      .object({ way: z.enum(['explained', 'settled']), words: z.string().trim().min(1).max(500) })
      .meta({ id: 'CountExceptionSettlement' }),
    answers: { 204: { empty: 'Closed.' } },
    problems: [404, 409, 422],
  }),
  listCountExceptions: defineEndpoint({
    method: 'GET',
    path: '/api/v1/count-exceptions',
    tag: 'capture',
    right: 'material.change',
    summary: { zh: '未处理的清点异常', en: 'Open exception reports, the oldest first' },
    headers: PurposeHeader,
    query: z.object({ cursor: IdCursor.optional() }),
    answers: {
      200: z.object({ items: z.array(OpenException), nextCursor: IdCursor.nullable() }).meta({ id: 'OpenExceptionPage' }),
    },
  }),
  fileDossier: defineEndpoint({
    method: 'POST',
    path: '/api/v1/dossiers/{dossierId}/filing',
    tag: 'dossiers',
    right: 'dossier.change',
    summary: { zh: '验收归档', en: 'Accept a dossier and file it' },
    description:
      'Refused while what was declared and what came differ and nobody has explained it: `filing/exception-open`; while two persons are asked for and have not both looked: `filing/not-counterchecked`; where the four-property check is asked for: `filing/not-checked` since the last change, or `filing/check-failed`, `filing/check-unanswered` with the items. Also `filing/filed-already` (all 409).',
    headers: PurposeHeader,
    params: dossierId,
    answers: { 204: { empty: 'Filed.' } },
    problems: [404, 409],
  }),
} as const;
