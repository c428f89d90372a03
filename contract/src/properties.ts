import { z } from 'zod';
import { defineEndpoint } from './endpoint.ts';
import { Id, PurposeHeader, TimeMs } from './values.ts';

/** The four-property check (四性检测) of a dossier: docs/spec/four-properties.md. */
export const PropertyMoment = z
  .enum(['filing', 'handover', 'keeping'])
  .meta({ id: 'PropertyMoment', description: 'At filing 归档, at hand-over 移交与接收, in keeping 长期保存.' });
export type PropertyMoment = z.infer<typeof PropertyMoment>;

export const PropertyResult = z
  .enum(['pass', 'fail', 'warn', 'manual', 'skipped'])
  .meta({ id: 'PropertyResult', description: 'What did not run is `skipped` or `manual`, never `pass`.' });
export type PropertyResult = z.infer<typeof PropertyResult>;

export const PropertyVerdict = z
  .enum(['passed', 'failed', 'open'])
  .meta({ id: 'PropertyVerdict', description: '`open`: a blocking item waits for a person or did not run.' });

const Words = z.object({ zh: z.string(), en: z.string() });
const Params = z.record(z.string(), z.union([z.string(), z.number()]));

const Summary = z.object({
  id: Id,
  dossierId: Id,
  moment: PropertyMoment,
  standard: z.string().describe('Items by which it was checked: id and version of their file.'),
  state: z.enum(['running', 'done', 'stopped']),
  code: z.string().nullable().describe('What stopped it.'),
  total: z.int().min(0).describe('Objects of the dossier.'),
  done: z.int().min(0).describe('Of them looked at.'),
  verdict: PropertyVerdict.nullable().describe('With the answers of persons as they stand now; null until it has ended.'),
  counts: z.object({ pass: z.int(), fail: z.int(), warn: z.int(), manual: z.int(), skipped: z.int() }).describe('Items by result.'),
  startedAtMs: TimeMs,
  endedAtMs: TimeMs.nullable(),
  startedByName: z.string(),
});
export const PropertyCheckSummary = Summary.meta({ id: 'PropertyCheckSummary' });
export type PropertyCheckSummary = z.infer<typeof PropertyCheckSummary>;

const PropertyItemView = z
  .object({
    code: z.string().describe('As printed: `GD-1-7`.'),
    property: z.enum(['authenticity', 'integrity', 'usability', 'security']),
    name: Words,
    object: z.enum(['content', 'metadata', 'process', 'package', 'carrier', 'environment']),
    blocking: z.boolean().describe('Whether the check as a whole hangs on it.'),
    result: PropertyResult.describe('With what a person said of it.'),
    machine: PropertyResult.describe('What the program came to.'),
    reason: z.string().nullable().describe('Code: why it did not run, or what a person is asked.'),
    checked: z.int().min(0).describe('Things looked at.'),
    measured: Params,
    findings: z
      .array(
        z.object({
          code: z.string(),
          weight: z.enum(['fail', 'warn']),
          object: z.object({ kind: z.enum(['dossier', 'material', 'page', 'file', 'object', 'entry']), id: z.string() }),
          params: Params,
        }),
      )
      .describe('The first hundred, those that fail before those that warn.'),
    findingCount: z.int().min(0),
    answer: z
      .object({ result: z.enum(['pass', 'fail', 'skipped']), words: z.string(), byName: z.string(), atMs: TimeMs })
      .nullable()
      .describe('The last one; none is overwritten.'),
  })
  .meta({ id: 'PropertyItem' });

export const PropertyCheck = Summary.extend({
  standardName: Words,
  source: z.string(),
  dossierCode: z.string(),
  items: z.array(PropertyItemView).describe('In the order of the standard; none until it has ended.'),
}).meta({ id: 'PropertyCheck' });
export type PropertyCheck = z.infer<typeof PropertyCheck>;

const dossierId = z.object({ dossierId: Id });
const checkId = z.object({ checkId: Id });

/** Checking a dossier for the four properties, and what came of it. */
export const propertyEndpoints = {
  startPropertyCheck: defineEndpoint({
    method: 'POST',
    path: '/api/v1/dossiers/{dossierId}/property-checks',
    tag: 'desk',
    right: 'dossier.change',
    summary: { zh: '开始四性检测', en: 'Check a dossier for the four properties' },
    description: 'Done by a job; one at a time of a dossier. Problems: `properties/running` (409).',
    headers: PurposeHeader,
    params: dossierId,
    body: z.object({ moment: PropertyMoment }).meta({ id: 'NewPropertyCheck' }),
    answers: { 202: z.object({ checkId: Id }).meta({ id: 'PropertyCheckStarted' }) },
    problems: [404, 409],
  }),
  listPropertyChecks: defineEndpoint({
    method: 'GET',
    path: '/api/v1/dossiers/{dossierId}/property-checks',
    tag: 'desk',
    right: 'dossier.read',
    summary: { zh: '四性检测记录', en: 'Four-property checks of a dossier' },
    headers: PurposeHeader,
    params: dossierId,
    answers: { 200: z.object({ checks: z.array(PropertyCheckSummary) }).meta({ id: 'PropertyCheckList' }) },
    problems: [404],
  }),
  getPropertyCheck: defineEndpoint({
    method: 'GET',
    path: '/api/v1/property-checks/{checkId}',
    tag: 'desk',
    right: 'dossier.read',
    summary: { zh: '四性检测结果', en: 'A four-property check with its items' },
    headers: PurposeHeader,
    params: checkId,
    answers: { 200: PropertyCheck },
    problems: [404],
  }),
  answerPropertyItem: defineEndpoint({
    method: 'POST',
    path: '/api/v1/property-checks/{checkId}/answers',
    tag: 'desk',
    right: 'dossier.change',
    summary: { zh: '填写人工检测结果', en: 'Answer an item that no machine can tell' },
    description:
      'Of items that wait for a person or did not run; what ran says itself what it found. Problems (422): `properties/not-done`, `properties/item-not-open`.',
    headers: PurposeHeader,
    params: checkId,
    body: z
      .object({
        item: z.string().regex(/^[A-Z]{2}-[1-4]-\d{1,2}$/),
        result: z.enum(['pass', 'fail', 'skipped']).describe('`skipped`: does not apply here.'),
        words: z.string().trim().min(1).max(1000).describe('What was done and seen.'),
      })
      .meta({ id: 'PropertyAnswer' }),
    answers: { 204: { empty: 'Kept.' } },
    problems: [404, 422],
  }),
  makePropertyReport: defineEndpoint({
    method: 'POST',
    path: '/api/v1/property-checks/{checkId}/reports',
    tag: 'desk',
    right: 'catalogue.export',
    needsFreshAuth: true,
    summary: { zh: '四性检测报告', en: 'The report of a four-property check, as PDF or XML' },
    description: 'With the answers of persons as they stand now. An entry that commits to its bytes.',
    headers: PurposeHeader,
    params: checkId,
    body: z.object({ form: z.enum(['pdf', 'xml']) }).meta({ id: 'PropertyReportOrder' }),
    answers: { 200: { media: ['application/pdf', 'application/xml'], what: 'The report.' } },
    problems: [404],
  }),
  makeDescription: defineEndpoint({
    method: 'POST',
    path: '/api/v1/dossiers/{dossierId}/descriptions',
    tag: 'desk',
    right: 'catalogue.export',
    needsFreshAuth: true,
    summary: { zh: '著录与过程元数据', en: 'Description and process metadata of a dossier, as XML' },
    description:
      'Elements of DA/T 18 and DA/T 46 that the archive keeps, what is missing of them, and the acts upon the dossier as the log has them; sensitive numbers masked. An entry that commits to its bytes.',
    headers: PurposeHeader,
    params: dossierId,
    answers: { 200: { media: ['application/xml'], what: 'The description.' } },
    problems: [404],
  }),
} as const;
