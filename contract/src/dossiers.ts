import { z } from 'zod';
import { OtherCodeView } from './archival-codes.ts';
import { BoxedVolume } from './boxes.ts';
import { defineEndpoint } from './endpoint.ts';
import { Masking } from './masking.ts';
import { ArchivalCode, Count, Cursor, FindingView, Id, Limit, oneOrMany, PurposeHeader, ShortText, TimeMs } from './values.ts';

export const DossierState = z.enum(['open', 'in_review', 'filed', 'closed']).meta({ id: 'DossierState' });
export type DossierState = z.infer<typeof DossierState>;
export const CopySet = z.enum(['original', 'duplicate']);
export const SubjectKind = z.enum(['person', 'unit', 'matter']);
export const Sex = z.enum(['male', 'female']);

/** A dossier as a line of a list. `name` is unsealed for this answer only. */
export const DossierLine = z
  .object({
    id: Id,
    code: z.string().describe('Archival code (档号).'),
    fondsId: Id,
    unitId: Id,
    schemeId: z.string(),
    copySet: CopySet,
    subjectKind: SubjectKind,
    name: z.string(),
    sex: Sex.nullable(),
    birthYear: z.int().nullable(),
    idNumberMasked: z.string().nullable().describe('First and last character, the rest `*`; the whole number is never in a list.'),
    state: DossierState,
    category: z.string(),
    level: z.int(),
    tags: z.array(z.string()),
    materialCount: z.int().min(0),
    pageCount: z.int().min(0),
    toDo: z.object({
      unread: z.int().min(0),
      needsPerson: z.int().min(0),
      proposed: z.int().min(0).describe('Materials not yet confirmed.'),
      loose: z.int().min(0).describe('Pages in no material.'),
    }),
    changedAtMs: TimeMs,
    version: z.int().min(1),
    restricted: z.boolean().describe('Processing of the subject’s data is restricted (限制处理): kept, and not to be worked upon.'),
  })
  .meta({ id: 'DossierLine' });
export type DossierLine = z.infer<typeof DossierLine>;

export const DossierPage = z
  .object({ items: z.array(DossierLine), nextCursor: z.string().nullable(), count: Count })
  .meta({ id: 'DossierPage' });
export type DossierPage = z.infer<typeof DossierPage>;

const DossierSort = z.enum(['code', '-code', 'changed', '-changed', 'state', 'birthYear', '-birthYear', 'name']);
const ToDoFilter = z.enum(['unread', 'needs_person', 'proposed', 'loose']);
const Year = z.coerce.number().int().min(1800).max(2999);

/** Filters that are codes, states and dates only, so they may stand in a URL. */
const clearFilters = {
  code: z.string().max(120).optional().describe('Beginning of the archival code.'),
  state: oneOrMany(DossierState).optional(),
  fondsId: Id.optional(),
  unitId: Id.optional().describe('The unit and those below it.'),
  schemeId: z.string().max(80).optional(),
  copySet: CopySet.optional(),
  subjectKind: SubjectKind.optional(),
  classCode: z.string().max(20).optional().describe('Has a material of this class.'),
  toDo: ToDoFilter.optional(),
  birthYearFrom: Year.optional(),
  birthYearTo: Year.optional(),
  changedFromMs: z.coerce.number().int().optional(),
  changedToMs: z.coerce.number().int().optional(),
  sort: DossierSort.optional().describe('`name` sorts by pinyin and only up to 2,000 rows: above, problem `list/too-many-to-sort` (422).'),
  cursor: Cursor.optional(),
  limit: Limit.optional(),
};

/** Filters with free text: they go by POST, never in a URL. */
export const DossierQuery = z
  .object({
    ...clearFilters,
    name: z.string().max(200).optional().describe('Part of a name, pinyin or initials.'),
    idNumber: z.string().max(40).optional().describe('Whole value.'),
    tag: z.string().max(80).optional(),
  })
  .meta({ id: 'DossierQuery' });
export type DossierQuery = z.infer<typeof DossierQuery>;

export const NewDossier = z
  .object({
    code: ArchivalCode.optional().describe('Left out: the next free code of the unit is given.'),
    unitId: Id,
    schemeId: z.string().max(80),
    copySet: CopySet.optional(),
    subject: z.object({
      kind: SubjectKind,
      name: z.string().trim().min(1).max(200),
      idNumber: z.string().max(40).optional(),
      sex: Sex.optional(),
      birthYear: z.int().min(1800).max(2999).optional(),
    }),
    category: z.string().max(40).optional(),
    level: z.int().min(0).max(9).optional(),
  })
  .meta({ id: 'NewDossier' });
export type NewDossier = z.infer<typeof NewDossier>;

/** One change laid on many dossiers. */
export const BulkChange = z
  .object({
    state: DossierState.optional(),
    unitId: Id.optional(),
    category: z.string().max(40).optional(),
    level: z.int().min(0).max(9).optional(),
    addTags: z.array(z.string().min(1).max(80)).max(20).optional(),
    removeTags: z.array(z.string().min(1).max(80)).max(20).optional(),
  })
  .meta({ id: 'BulkChange' });
export type BulkChange = z.infer<typeof BulkChange>;

const BulkOutcome = z
  .object({
    changed: z.int().min(0),
    refused: z.array(
      z.object({
        dossierId: Id,
        code: z.string(),
        params: z.object({ items: z.string() }).optional().describe('What the words of the code name: items of a check.'),
      }),
    ),
    undoToken: Id.nullable().describe('Null when nothing was changed.'),
    undoUntilMs: TimeMs.nullable(),
  })
  .meta({ id: 'BulkOutcome' });
export type BulkOutcome = z.infer<typeof BulkOutcome>;

export const SavedView = z
  .object({ id: Id, name: z.string().min(1).max(80), filters: DossierQuery })
  .meta({ id: 'SavedView', description: 'Name and filters are sealed on the server; the address holds the id only.' });
export type SavedView = z.infer<typeof SavedView>;
const SavedViewDraft = z.object({ name: z.string().trim().min(1).max(80), filters: DossierQuery }).meta({ id: 'SavedViewDraft' });

const ServiceYear = z.int().min(1800).max(2999);

/** What is known of the subject that completeness asks after. */
export const Facts = z
  .object({
    conditions: z
      .record(z.string().max(60), z.boolean())
      .describe('By code of a condition of the scheme; one not named was not determined, and a person is asked to look.'),
    service: z
      .object({ firstYear: ServiceYear, lastYear: ServiceYear })
      .nullable()
      .describe('Years of service, for materials expected each year; null: not determined.'),
    judged: z
      .record(z.string().regex(/^[0-9A-Za-z][0-9A-Za-z.-]{0,15}$/), z.number().min(0).max(1000))
      .optional()
      .describe('Points that a person took off, by code of an item of the quality standard that no machine can tell.'),
  })
  .meta({ id: 'Facts' });
export type Facts = z.infer<typeof Facts>;

const BothWords = z.object({ zh: z.string(), en: z.string() });
const Points = z.number().min(0).max(1000);

export const DossierQuality = z
  .object({
    standard: z.object({
      id: z.string(),
      version: z.int(),
      name: BothWords,
      source: z.string(),
      total: Points,
      excellent: Points,
      pass: Points,
    }),
    score: Points,
    grade: z.enum(['excellent', 'pass', 'fail', 'vetoed']),
    open: z.int().min(0).describe('Items that wait for a person: until then the score is what the machine can tell.'),
    items: z.array(
      z.object({
        code: z.string(),
        points: Points,
        veto: z.boolean(),
        text: BothWords,
        state: z.enum(['full', 'lost', 'not_applicable', 'open']),
        lost: Points,
        person: z
          .object({ lost: Points.nullable() })
          .nullable()
          .describe('A person is asked for points here (`facts.judged`); null within: nobody has said yet.'),
        reasons: z.array(FindingView),
      }),
    ),
    chased: z
      .array(z.object({ classCode: z.string(), title: z.string(), year: z.int().nullable(), key: z.boolean(), items: z.array(z.string()) }))
      .describe('Missing materials 催缴清单, in the order of the catalogue, with the items that they cost.'),
  })
  .meta({ id: 'DossierQuality' });
export type DossierQuality = z.infer<typeof DossierQuality>;

export const Dossier = z
  .object({
    ...DossierLine.shape,
    fields: z.record(z.string(), ShortText).describe('Fields defined by the archive, by code.'),
    facts: Facts,
    findings: z.array(FindingView).describe('Completeness, order and quality: what is missing, what contradicts.'),
    masking: Masking,
    hiddenMaterials: z.int().min(0).describe('Restricted materials this account may not see.'),
    createdAtMs: TimeMs,
    codes: z.array(OtherCodeView).describe('Its second code, and those that it had: they still find it.'),
    boxes: z.array(BoxedVolume).describe('Where its volumes lie in the storeroom; empty: in no box.'),
  })
  .meta({ id: 'Dossier' });
export type Dossier = z.infer<typeof Dossier>;

const dossierId = z.object({ dossierId: Id });

export const dossierEndpoints = {
  listDossiers: defineEndpoint({
    method: 'GET',
    path: '/api/v1/dossiers',
    tag: 'dossiers',
    right: 'dossier.list',
    summary: { zh: '案卷列表', en: 'List dossiers' },
    description: 'Filters by code, state and date. Free text goes to POST /api/v1/dossiers/query.',
    headers: PurposeHeader,
    query: z.object(clearFilters),
    answers: { 200: DossierPage },
    problems: [422],
  }),
  queryDossiers: defineEndpoint({
    method: 'POST',
    path: '/api/v1/dossiers/query',
    tag: 'dossiers',
    right: 'dossier.list',
    summary: { zh: '按姓名等查案卷', en: 'Find dossiers by name' },
    description: 'As the list, with names and numbers in the body. An entry with a keyed digest of the query is made.',
    headers: PurposeHeader,
    body: DossierQuery,
    answers: { 200: DossierPage },
    problems: [422],
  }),
  createDossier: defineEndpoint({
    method: 'POST',
    path: '/api/v1/dossiers',
    tag: 'dossiers',
    right: 'dossier.create',
    summary: { zh: '新建案卷', en: 'Create a dossier' },
    description: 'Problems: `dossier/code-taken` (409), `id-number/malformed` (422), `unit/not-found` (404).',
    headers: PurposeHeader,
    body: NewDossier,
    answers: { 201: Dossier },
    problems: [404, 409, 422],
  }),
  getDossier: defineEndpoint({
    method: 'GET',
    path: '/api/v1/dossiers/{dossierId}',
    tag: 'dossiers',
    right: 'dossier.read',
    summary: { zh: '案卷', en: 'One dossier' },
    headers: PurposeHeader,
    params: dossierId,
    answers: { 200: Dossier },
    problems: [404],
  }),
  scoreDossier: defineEndpoint({
    method: 'GET',
    path: '/api/v1/dossiers/{dossierId}/quality',
    tag: 'dossiers',
    right: 'dossier.read',
    summary: { zh: '完整性与质量评分', en: 'Completeness and quality score' },
    description:
      'What the dossier gets by the quality standard of its scheme (docs/spec/quality.md): points item by item with the reasons, and what is to be chased. Without a standard for its scheme: `quality/no-standard` (404).',
    headers: PurposeHeader,
    params: dossierId,
    answers: { 200: DossierQuality },
    problems: [404],
  }),
  editDossiers: defineEndpoint({
    method: 'POST',
    path: '/api/v1/dossiers/bulk-edits',
    tag: 'dossiers',
    right: 'dossier.change',
    summary: { zh: '批量修改', en: 'Change many dossiers' },
    description: 'What cannot be changed is named in `refused`; the rest is done in one transaction and can be undone as one.',
    headers: PurposeHeader,
    body: z.object({ dossierIds: z.array(Id).min(1).max(500), change: BulkChange }).meta({ id: 'BulkEdit' }),
    answers: { 200: BulkOutcome },
    problems: [422],
  }),
  undoBulkEdit: defineEndpoint({
    method: 'POST',
    path: '/api/v1/dossiers/bulk-edits/{undoToken}/undo',
    tag: 'dossiers',
    right: 'dossier.change',
    summary: { zh: '撤销批量修改', en: 'Undo a bulk edit' },
    description: 'A dossier changed since is left alone and named in `refused`.',
    headers: PurposeHeader,
    params: z.object({ undoToken: Id }),
    answers: { 200: BulkOutcome },
    problems: [404, 409, 410],
  }),
  listSavedViews: defineEndpoint({
    method: 'GET',
    path: '/api/v1/saved-views',
    tag: 'dossiers',
    right: 'dossier.list',
    summary: { zh: '我的视图', en: 'Saved views' },
    answers: { 200: z.object({ views: z.array(SavedView) }).meta({ id: 'SavedViewList' }) },
  }),
  saveView: defineEndpoint({
    method: 'POST',
    path: '/api/v1/saved-views',
    tag: 'dossiers',
    right: 'dossier.list',
    summary: { zh: '保存视图', en: 'Save a view' },
    body: SavedViewDraft,
    answers: { 201: SavedView },
    problems: [422],
  }),
  replaceView: defineEndpoint({
    method: 'PUT',
    path: '/api/v1/saved-views/{viewId}',
    tag: 'dossiers',
    right: 'dossier.list',
    summary: { zh: '更新视图', en: 'Change a saved view' },
    params: z.object({ viewId: Id }),
    body: SavedViewDraft,
    answers: { 200: SavedView },
    problems: [404, 422],
  }),
  removeView: defineEndpoint({
    method: 'DELETE',
    path: '/api/v1/saved-views/{viewId}',
    tag: 'dossiers',
    right: 'dossier.list',
    summary: { zh: '删除视图', en: 'Remove a saved view' },
    params: z.object({ viewId: Id }),
    answers: { 204: { empty: 'Removed.' } },
    problems: [404],
  }),
} as const;
