import { z } from 'zod';
import { defineEndpoint } from './endpoint.ts';
import { ArchivalCode, Id, PurposeHeader, TimeMs } from './values.ts';

const Number0 = z.int().min(0);
const STATIONS = ['take_out', 'prepare', 'describe', 'scan', 'process', 'check', 'link', 'accept', 'back_up', 'restore'] as const;

/** A station of digitisation (数字化工序): docs/spec/stations.md. */
export const StationName = z
  .enum(STATIONS)
  .meta({ id: 'Station', description: '出库 前处理 著录 扫描 图像处理 质检 挂接 验收 备份 还原; `check` is passed twice (初检, 复检).' });
const Standing = z.enum([...STATIONS, 'done']).meta({ id: 'StationStanding' });
const Pass = z.int().min(1).max(2).describe('Of `check`: first or second inspection; 1 elsewhere.');

const SamplingKind = z
  .discriminatedUnion('kind', [
    z.object({ kind: z.literal('full') }),
    z.object({ kind: z.literal('percent'), size: z.int().min(1).max(100) }),
    z.object({ kind: z.literal('pages'), size: z.int().min(1).max(10_000) }),
  ])
  .meta({ id: 'Sampling', description: 'How much of a dossier is inspected: 100 %, a share, or a number of pages.' });

const Contractor = z.object({ unitId: Id, name: z.string() });
export const ContractorView = Contractor.extend({ code: z.string(), people: Number0 }).meta({ id: 'Contractor' });
export type ContractorView = z.infer<typeof ContractorView>;

export const BatchView = z
  .object({
    id: Id,
    code: z.string(),
    contractor: Contractor.nullable().describe('Null: own staff alone.'),
    sampling: SamplingKind,
    limitPercent: z.int().min(0).max(100).describe('Share of failed pages that is let pass.'),
    claimHours: z.int().min(1).max(72),
    createdAtMs: TimeMs,
    dossiers: Number0,
    standing: z.array(z.object({ station: Standing, pass: Pass, dossiers: Number0, claimed: Number0 })).describe('How many stand where.'),
  })
  .meta({ id: 'Batch' });
export type BatchView = z.infer<typeof BatchView>;

/** What one operator did at one station of a batch. */
export const StationWork = z
  .object({
    operatorId: Id,
    operatorName: z.string(),
    contractor: Contractor.nullable(),
    station: StationName,
    passed: Number0,
    returned: Number0.describe('Sent back by this operator.'),
    released: Number0.describe('Given back unfinished, or not finished in time.'),
    images: Number0.describe('Of what was finished.'),
    durationMs: Number0.describe('In hand.'),
    failedPages: Number0.describe('Found to fail, at inspections.'),
    sentBack: Number0.describe('Finished here, and sent back here afterwards.'),
  })
  .meta({ id: 'StationWork' });
export type StationWork = z.infer<typeof StationWork>;

export const BatchDetail = BatchView.extend({
  count: z
    .object({
      dossiers: Number0,
      declared: Number0,
      sheets: Number0,
      faces: Number0,
      blankFaces: Number0,
      images: Number0,
      differing: Number0,
      missing: Number0,
      tooMany: Number0,
    })
    .meta({ id: 'BatchCount' })
    .describe('Of the dossiers below. Missing faces and those too many never cancel out.'),
  lines: z
    .array(
      z
        .object({
          dossierId: Id,
          dossierCode: z.string(),
          station: Standing,
          pass: Pass,
          round: z.int().min(1).describe('How often it was sent back, plus one.'),
          holder: z.object({ claimId: Id, name: z.string(), untilMs: TimeMs }).nullable(),
        })
        .meta({ id: 'BatchLine' }),
    )
    .describe('As far as one may see; to a contractor what it has claimed now.'),
  work: z.array(StationWork).describe('To a contractor the own work alone.'),
}).meta({ id: 'BatchDetail' });
export type BatchDetail = z.infer<typeof BatchDetail>;

export const ClaimView = z
  .object({
    id: Id,
    batchId: Id,
    batchCode: z.string(),
    dossierId: Id,
    dossierCode: z.string(),
    station: StationName,
    pass: Pass,
    round: z.int().min(1),
    fromMs: TimeMs,
    untilMs: TimeMs.describe('From then on the claim opens nothing any more.'),
  })
  .meta({ id: 'Claim' });
export type ClaimView = z.infer<typeof ClaimView>;

const Verdict = z.enum(['pass', 'fail']);

export const ClaimDetail = ClaimView.extend({
  seed: z.string().nullable().describe('That drew the pages of an inspection: the same seed and pages give the same sample.'),
  inspection: z
    .object({
      pages: Number0,
      judged: Number0,
      failed: Number0,
      serious: Number0,
      limitPercent: Number0,
      verdict: z.enum(['open', 'pass', 'fail']),
    })
    .meta({ id: 'Inspection' })
    .nullable(),
  pages: z
    .array(
      z.object({ pageId: Id, place: z.int(), verdict: Verdict.nullable(), defects: z.array(z.string()) }).meta({ id: 'InspectedPage' }),
    )
    .describe('Drawn for the inspection, in order of arrival.'),
  returned: z
    .object({
      station: StationName,
      toStation: StationName,
      reason: z.string(),
      defects: z.array(z.object({ pageId: Id, code: z.string() })),
    })
    .meta({ id: 'Rework' })
    .nullable()
    .describe('Why it came back the last time (返工).'),
}).meta({ id: 'ClaimDetail' });
export type ClaimDetail = z.infer<typeof ClaimDetail>;

export const DefectKindView = z
  .object({
    code: z.string(),
    name: z.object({ zh: z.string(), en: z.string() }),
    key: z.string().describe('That marks it on the screen.'),
    severity: z.enum(['serious', 'minor', 'note']),
    station: StationName.describe('Where the dossier goes back to.'),
  })
  .meta({ id: 'DefectKind' });
export type DefectKindView = z.infer<typeof DefectKindView>;

const batchId = z.object({ batchId: Id });
const claimId = z.object({ claimId: Id });
const items = <T extends z.ZodType>(of: T, id: string) => z.object({ items: z.array(of) }).meta({ id });

/** Digitisation as stations: docs/spec/stations.md. */
export const stationEndpoints = {
  createBatch: defineEndpoint({
    method: 'POST',
    path: '/api/v1/batches',
    tag: 'capture',
    right: 'dossier.change',
    summary: { zh: '组批', en: 'Make a batch of dossiers' },
    description:
      'Of one fonds. Nothing classified goes into a batch of a contractor. Problems: `dossier/not-found`, `contractor/not-found` (404), `batch/code-taken` (409), `batch/several-fonds`, `batch/classified`, `batch/elsewhere` (422).',
    headers: PurposeHeader,
    body: z
      .object({
        code: ArchivalCode,
        dossierIds: z.array(Id).min(1).max(1000),
        contractorUnitId: Id.nullable().default(null),
        sampling: SamplingKind.default({ kind: 'full' }),
        limitPercent: z.int().min(0).max(100).default(0),
        claimHours: z.int().min(1).max(72).default(8),
      })
      .meta({ id: 'NewBatch' }),
    answers: { 201: z.object({ id: Id }).meta({ id: 'BatchCreated' }) },
    problems: [404, 409, 422],
  }),
  listContractors: defineEndpoint({
    method: 'GET',
    path: '/api/v1/contractors',
    tag: 'capture',
    right: 'dossier.change',
    summary: { zh: '外包单位', en: 'Units in which accounts of contractors stand' },
    answers: { 200: items(ContractorView, 'ContractorList') },
  }),
  listBatches: defineEndpoint({
    method: 'GET',
    path: '/api/v1/batches',
    tag: 'capture',
    right: 'station.work',
    summary: { zh: '批次', en: 'Batches one may work in, the newest first' },
    headers: PurposeHeader,
    answers: { 200: items(BatchView, 'BatchList') },
  }),
  getBatch: defineEndpoint({
    method: 'GET',
    path: '/api/v1/batches/{batchId}',
    tag: 'capture',
    right: 'station.work',
    summary: { zh: '批次的案卷、清点与工作量', en: 'Dossiers, count and work of a batch' },
    headers: PurposeHeader,
    params: batchId,
    answers: { 200: BatchDetail },
    problems: [404],
  }),
  claimStation: defineEndpoint({
    method: 'POST',
    path: '/api/v1/batches/{batchId}/claims',
    tag: 'capture',
    right: 'station.work',
    summary: { zh: '领取', en: 'Claim a dossier at a station' },
    description:
      'The next that waits there, or the one whose slip is in hand. While claimed it is open to a contractor. Problems: `batch/not-found`, `dossier/not-found` (404), `station/nothing-waiting` (409), `station/own-staff`, `station/same-person`, `batch/classified` (422).',
    headers: PurposeHeader,
    params: batchId,
    body: z.object({ station: StationName, dossierCode: ArchivalCode.nullable().default(null) }).meta({ id: 'ClaimOrder' }),
    answers: { 201: z.object({ id: Id }).meta({ id: 'Claimed' }) },
    problems: [404, 409, 422],
  }),
  listClaims: defineEndpoint({
    method: 'GET',
    path: '/api/v1/claims',
    tag: 'capture',
    right: 'station.work',
    summary: { zh: '我的领取', en: 'What one has claimed and not finished' },
    headers: PurposeHeader,
    answers: { 200: items(ClaimView, 'ClaimList') },
  }),
  getClaim: defineEndpoint({
    method: 'GET',
    path: '/api/v1/claims/{claimId}',
    tag: 'capture',
    right: 'station.work',
    summary: { zh: '领取的案卷与待检页', en: 'A claim of one’s own, with the pages of its inspection' },
    description: 'Problems: `claim/not-found` (404), `claim/over` (409).',
    headers: PurposeHeader,
    params: claimId,
    answers: { 200: ClaimDetail },
    problems: [404, 409],
  }),
  judgePage: defineEndpoint({
    method: 'PUT',
    path: '/api/v1/claims/{claimId}/pages/{pageId}',
    tag: 'capture',
    right: 'station.work',
    summary: { zh: '判定一页', en: 'Judge a page of an inspection' },
    description:
      'Said again, it replaces what was said. Problems: `claim/not-found`, `page/not-found` (404), `claim/over` (409), `claim/no-inspection`, `defect/unknown`, `defect/needed` (422).',
    headers: PurposeHeader,
    params: claimId.extend({ pageId: Id }),
    body: z.object({ verdict: Verdict, defects: z.array(z.string().max(60)).max(40).default([]) }).meta({ id: 'PageVerdict' }),
    answers: { 204: { empty: 'Judged.' } },
    problems: [404, 409, 422],
  }),
  finishClaim: defineEndpoint({
    method: 'POST',
    path: '/api/v1/claims/{claimId}/finish',
    tag: 'capture',
    right: 'station.work',
    summary: { zh: '完成移交', en: 'Finish the work at a station and hand the dossier on' },
    description:
      'Acceptance files the dossier. Problems: `claim/not-found` (404), `claim/over`, what refuses `fileDossier` (409), `slip/none`, `station/no-images`, `station/unjudged`, `station/failed` (422).',
    headers: PurposeHeader,
    params: claimId,
    answers: { 204: { empty: 'Finished.' } },
    problems: [404, 409, 422],
  }),
  returnClaim: defineEndpoint({
    method: 'POST',
    path: '/api/v1/claims/{claimId}/return',
    tag: 'capture',
    right: 'station.work',
    summary: { zh: '退回返工', en: 'Send a dossier back to a station before' },
    description:
      'With defects marked or words. Problems: `claim/not-found` (404), `claim/over` (409), `station/no-way-back`, `station/reason-needed` (422).',
    headers: PurposeHeader,
    params: claimId,
    body: z.object({ toStation: StationName, reason: z.string().trim().max(500).default('') }).meta({ id: 'ClaimReturn' }),
    answers: { 204: { empty: 'Sent back.' } },
    problems: [404, 409, 422],
  }),
  releaseClaim: defineEndpoint({
    method: 'POST',
    path: '/api/v1/claims/{claimId}/release',
    tag: 'capture',
    right: 'station.work',
    summary: { zh: '退领', en: 'Give a dossier back unfinished' },
    description: 'By who claimed it, or by whoever may change the dossier. Problems: `claim/not-found` (404), `claim/over` (409).',
    headers: PurposeHeader,
    params: claimId,
    answers: { 204: { empty: 'Given back.' } },
    problems: [404, 409],
  }),
  listDefectCodes: defineEndpoint({
    method: 'GET',
    path: '/api/v1/defect-codes',
    tag: 'capture',
    right: 'station.work',
    summary: { zh: '质检缺陷字典', en: 'The defect dictionary' },
    answers: { 200: items(DefectKindView, 'DefectKindList') },
  }),
} as const;
