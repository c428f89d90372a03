import { z } from 'zod';
import { defineEndpoint } from './endpoint.ts';
import { Count, FieldKind, Id, TimeMs } from './values.ts';

/** Numbers of the to-do page; each is a door to the list it counts. */
export const Overview = z
  .object({
    dossiers: Count,
    pages: Count,
    dossiersByState: z.object({ open: Count, in_review: Count, filed: Count, closed: Count }),
    pagesUnread: Count.describe('Pages waiting to be read.'),
    pagesNeedPerson: Count.describe('Pages whose reading or decoding needs a person.'),
    materialsProposed: Count.describe('Materials proposed by the machine and not yet confirmed.'),
    pagesLoose: Count.describe('Pages that belong to no material yet.'),
    jobsFailed: Count,
    importsRunning: z.int().min(0),
    reading: z.object({
      paused: z.boolean(),
      queued: z.int().min(0),
      leftMs: z.int().min(0).nullable().describe('Estimated time left; null when it cannot be told.'),
    }),
    log: z.object({ size: z.int().min(0), checkpointAtMs: TimeMs.nullable() }).describe('Size and time of the newest checkpoint.'),
  })
  .meta({ id: 'Overview' });
export type Overview = z.infer<typeof Overview>;

export const UnitNode = z.object({ id: Id, code: z.string(), name: z.string(), parentId: Id.nullable() }).meta({ id: 'UnitNode' });
export const FondsNode = z
  .object({
    id: Id,
    code: z.string(),
    name: z.string(),
    parentId: Id.nullable().describe('The fonds of the organisation above.'),
    units: z.array(UnitNode).describe('Flat; `parentId` makes the tree.'),
  })
  .meta({ id: 'FondsNode' });
export type FondsNode = z.infer<typeof FondsNode>;
export type UnitNode = z.infer<typeof UnitNode>;

const BothNames = z.object({ zh: z.string(), en: z.string() });

/** A retention period (保管期限) as a scheme says it. Source: docs/spec/scheme.md. */
export const RetentionPeriod = z
  .object({
    code: z.string().describe('`Y` permanent, `D30` thirty years: the least time that a material is kept.'),
    from: z
      .enum(['formed', 'employment_ended', 'restraint_ended', 'processing_ended'])
      .nullable()
      .describe('Day from which it counts: `formed` 1 January of the year after formation. Null for permanent.'),
  })
  .meta({ id: 'RetentionPeriod' });
export type RetentionPeriod = z.infer<typeof RetentionPeriod>;

/** A title of a material (材料名称) as a scheme knows it; `name` may hold `{year}`. Source: docs/spec/scheme.md. */
export const SchemeTitle = z
  .object({
    name: z.string(),
    aliases: z.array(z.string()),
    need: z.enum(['required', 'conditional', 'optional']),
    key: z.boolean().describe('Key material (关键材料): evidence for the key facts or a pension.'),
    retention: RetentionPeriod.nullable(),
  })
  .meta({ id: 'SchemeTitle' });
export type SchemeTitle = z.infer<typeof SchemeTitle>;

export const SchemeClass = z
  .object({
    code: z.string(),
    parent: z.string().nullable(),
    display: z.string().describe('一, 四-1 and so on.'),
    name: BothNames,
    legacyNames: z.array(z.string()),
    holdsMaterials: z.boolean().describe('False for a class whose materials sit in its subclasses.'),
    ordering: z.enum(['date', 'filed']),
    retention: RetentionPeriod.nullable().describe('Of materials whose title the scheme does not know.'),
    titles: z.array(SchemeTitle),
  })
  .meta({ id: 'SchemeClass' });
export type SchemeClass = z.infer<typeof SchemeClass>;

export const SchemeSummary = z
  .object({ id: z.string(), name: BothNames, version: z.int().min(1), subject: z.enum(['person', 'unit', 'matter']) })
  .meta({ id: 'SchemeSummary' });
export const Scheme = z
  .object({
    ...SchemeSummary.shape,
    source: z.string().describe('Statute or standard, with its status.'),
    conditions: z.array(z.object({ code: z.string(), name: BothNames })).describe('Facts of a subject on which conditional titles hang.'),
    classes: z.array(SchemeClass),
  })
  .meta({ id: 'Scheme' });
export type Scheme = z.infer<typeof Scheme>;

export const FieldDefinition = z
  .object({
    id: Id,
    fondsId: Id,
    place: z.enum(['dossier', 'material']),
    code: z.string(),
    kind: FieldKind,
    name: BothNames,
    choices: z.array(z.string()),
  })
  .meta({ id: 'FieldDefinition' });
export type FieldDefinition = z.infer<typeof FieldDefinition>;

export const overviewEndpoints = {
  getOverview: defineEndpoint({
    method: 'GET',
    path: '/api/v1/overview',
    tag: 'overview',
    right: 'signed-in',
    forTokens: true,
    summary: { zh: '待办与总数', en: 'To-do and totals' },
    answers: { 200: Overview },
  }),
  listFonds: defineEndpoint({
    method: 'GET',
    path: '/api/v1/fonds',
    tag: 'catalogue',
    right: 'signed-in',
    forTokens: true,
    summary: { zh: '全宗与机构', en: 'Fonds and their units' },
    description: 'Only what the account may see; codes are clear, names unsealed for the answer.',
    answers: { 200: z.object({ fonds: z.array(FondsNode) }).meta({ id: 'FondsList' }) },
  }),
  listSchemes: defineEndpoint({
    method: 'GET',
    path: '/api/v1/schemes',
    tag: 'catalogue',
    right: 'signed-in',
    forTokens: true,
    summary: { zh: '分类方案', en: 'Classification schemes' },
    answers: { 200: z.object({ schemes: z.array(SchemeSummary) }).meta({ id: 'SchemeList' }) },
  }),
  getScheme: defineEndpoint({
    method: 'GET',
    path: '/api/v1/schemes/{schemeId}',
    tag: 'catalogue',
    right: 'signed-in',
    forTokens: true,
    summary: { zh: '分类方案详情', en: 'One classification scheme' },
    params: z.object({ schemeId: z.string().max(80) }),
    answers: { 200: Scheme },
    problems: [404],
  }),
  listFieldDefinitions: defineEndpoint({
    method: 'GET',
    path: '/api/v1/field-definitions',
    tag: 'catalogue',
    right: 'signed-in',
    forTokens: true,
    summary: { zh: '自定义著录项', en: 'Fields defined by the archive' },
    answers: { 200: z.object({ fields: z.array(FieldDefinition) }).meta({ id: 'FieldDefinitionList' }) },
  }),
  defineField: defineEndpoint({
    method: 'POST',
    path: '/api/v1/field-definitions',
    tag: 'catalogue',
    right: 'dossier.change',
    summary: { zh: '新增著录项', en: 'Define a field' },
    description: 'Problem `field/code-taken` (409) when the fonds already has a field of this code at this place.',
    body: z
      .object({
        fondsId: Id,
        place: z.enum(['dossier', 'material']),
        code: z.string().regex(/^[a-z][a-zA-Z0-9_]{0,39}$/),
        kind: FieldKind,
        name: BothNames,
        choices: z.array(z.string().min(1).max(80)).max(200).optional(),
      })
      .meta({ id: 'NewFieldDefinition' }),
    answers: { 201: FieldDefinition },
    problems: [404, 409],
  }),
} as const;
