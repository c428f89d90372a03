import { z } from 'zod';
import { defineEndpoint } from './endpoint.ts';
import { Id, TimeMs } from './values.ts';

const UnitCode = z.string().min(1).max(40);
const UnitName = z.string().min(1).max(100);
const unitParams = z.object({ unitId: Id });

export const ReorganisationView = z
  .object({
    id: Id,
    kind: z.enum(['move', 'merge']),
    unitId: Id,
    state: z.enum(['running', 'done']),
    doneCount: z.int().min(0).describe('Dossiers that have followed.'),
    startedAtMs: TimeMs,
    endedAtMs: TimeMs.nullable(),
  })
  .meta({ id: 'Reorganisation' });
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
