import { z } from 'zod';
import { defineEndpoint } from './endpoint.ts';
import { Id, Role, TimeMs } from './values.ts';

const UnitCode = z.string().min(1).max(40);
const UnitName = z.string().min(1).max(100);
const unitParams = z.object({ unitId: Id });

export const ReorganisationView = z
  .object({
    id: Id,
    kind: z.enum(['move', 'merge']),
    unitId: Id,
    unitCode: z.string().describe('Its code: a unit that was merged is in no tree any more.'),
    intoId: Id.nullable().describe('Where it was moved to, or what it was merged into.'),
    state: z.enum(['running', 'done']),
    doneCount: z.int().min(0).describe('Dossiers that have followed.'),
    totalCount: z.int().min(0).describe('Dossiers that are to follow.'),
    startedAtMs: TimeMs,
    endedAtMs: TimeMs.nullable(),
  })
  .meta({ id: 'Reorganisation' });
export type ReorganisationView = z.infer<typeof ReorganisationView>;

const UnitPosts = z.object({ unitId: Id, posts: z.int().min(1) });
export const UnitView = z
  .object({
    dossiers: z.int().min(0).describe('Dossiers of the unit itself.'),
    dossiersBelow: z.int().min(0).describe('Those of the units below it.'),
    posts: z.array(z.object({ role: Role, count: z.int().min(1) })).describe('Posts whose place is this unit, by role.'),
    merged: z.array(z.object({ code: z.string(), name: z.string() })).describe('Units that were merged into it.'),
  })
  .meta({ id: 'Unit' });

const Plan = z
  .discriminatedUnion('kind', [
    z.object({ kind: z.literal('move'), unitId: Id, parentId: Id }),
    z.object({ kind: z.literal('merge'), unitId: Id, intoId: Id }),
    z.object({ kind: z.literal('split'), unitId: Id, unitIds: z.array(Id).min(1).max(200) }),
  ])
  .meta({ id: 'ReorganisationPlan' });
const Preview = z
  .object({
    refusal: z.string().nullable().describe('The problem it would be refused with; null: it can be done.'),
    units: z.int().min(0).describe('Units that change their place.'),
    dossiers: z.int().min(0).describe('Dossiers that follow.'),
    gaining: z.array(UnitPosts).describe('Units whose posts will reach these dossiers and do not yet.'),
    losing: z.array(UnitPosts).describe('Units whose posts reach them now and no longer will.'),
  })
  .meta({ id: 'ReorganisationPreview' });
const Started = z.object({ reorganisationId: Id }).meta({ id: 'ReorganisationStarted' });

export const unitEndpoints = {
  createOrganisation: defineEndpoint({
    method: 'POST',
    path: '/api/v1/fonds',
    tag: 'organisation',
    right: 'organisation.change',
    needsFreshAuth: true,
    summary: { zh: '设立机构及其全宗', en: 'Found an organisation with its fonds' },
    description: 'Problems: `unit/code-malformed`, `unit/name-malformed` (422), `fonds/code-taken` (409).',
    body: z
      .object({ code: UnitCode, name: UnitName, parentId: Id.nullable().describe('The fonds of the organisation above.') })
      .meta({ id: 'NewOrganisation' }),
    answers: { 201: z.object({ fondsId: Id, unitId: Id.describe('Its root unit.') }).meta({ id: 'OrganisationFounded' }) },
    problems: [404, 409, 422],
  }),
  createUnit: defineEndpoint({
    method: 'POST',
    path: '/api/v1/units',
    tag: 'organisation',
    right: 'organisation.change',
    summary: { zh: '增设机构', en: 'Add a unit' },
    body: z.object({ fondsId: Id, parentId: Id, code: UnitCode, name: UnitName }).meta({ id: 'NewUnit' }),
    answers: { 201: z.object({ unitId: Id }).meta({ id: 'UnitCreated' }) },
    problems: [404, 409, 422],
  }),
  moveUnit: defineEndpoint({
    method: 'POST',
    path: '/api/v1/units/{unitId}/move',
    tag: 'organisation',
    right: 'organisation.change',
    needsFreshAuth: true,
    summary: { zh: '划转机构', en: 'Move a unit under another' },
    description:
      'Who may see it changes at once; search tokens follow in a job. Problems (422): `unit/root`, `unit/other-fonds`, `unit/below-itself`, `unit/being-moved`.',
    params: unitParams,
    body: z.object({ parentId: Id }).meta({ id: 'UnitMove' }),
    answers: { 202: Started },
    problems: [404, 422],
  }),
  mergeUnit: defineEndpoint({
    method: 'POST',
    path: '/api/v1/units/{unitId}/merge',
    tag: 'organisation',
    right: 'organisation.change',
    needsFreshAuth: true,
    summary: { zh: '合并机构', en: 'Merge a unit into another' },
    params: unitParams,
    body: z.object({ intoId: Id }).meta({ id: 'UnitMerge' }),
    answers: { 202: Started },
    problems: [404, 422],
  }),
  splitUnit: defineEndpoint({
    method: 'POST',
    path: '/api/v1/units/{unitId}/split',
    tag: 'organisation',
    right: 'organisation.change',
    needsFreshAuth: true,
    summary: { zh: '分设机构', en: 'Split a unit' },
    description: 'A new unit beside it takes over some of its units. Dossiers are moved by archivists.',
    params: unitParams,
    body: z.object({ code: UnitCode, name: UnitName, unitIds: z.array(Id).min(1).max(200) }).meta({ id: 'UnitSplit' }),
    answers: { 202: z.object({ unitId: Id, reorganisationIds: z.array(Id) }).meta({ id: 'UnitSplitStarted' }) },
    problems: [404, 409, 422],
  }),
  getUnit: defineEndpoint({
    method: 'GET',
    path: '/api/v1/units/{unitId}',
    tag: 'organisation',
    right: 'organisation.change',
    summary: { zh: '机构概况', en: 'A unit in numbers' },
    params: unitParams,
    answers: { 200: UnitView },
    problems: [404],
  }),
  previewReorganisation: defineEndpoint({
    method: 'POST',
    path: '/api/v1/reorganisations/preview',
    tag: 'organisation',
    right: 'organisation.change',
    summary: { zh: '预览机构调整', en: 'What a move, merge or split would change' },
    description: 'Changes nothing.',
    body: Plan,
    answers: { 200: Preview },
    problems: [404],
  }),
  listReorganisations: defineEndpoint({
    method: 'GET',
    path: '/api/v1/reorganisations',
    tag: 'organisation',
    right: 'organisation.change',
    summary: { zh: '机构调整记录', en: 'Reorganisations under way and lately done, newest first' },
    answers: { 200: z.object({ items: z.array(ReorganisationView) }).meta({ id: 'ReorganisationList' }) },
  }),
  getReorganisation: defineEndpoint({
    method: 'GET',
    path: '/api/v1/reorganisations/{reorganisationId}',
    tag: 'organisation',
    right: 'organisation.change',
    summary: { zh: '机构调整进度', en: 'How far a reorganisation is' },
    params: z.object({ reorganisationId: Id }),
    answers: { 200: ReorganisationView },
    problems: [404],
  }),
} as const;
