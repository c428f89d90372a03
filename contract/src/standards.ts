import { z } from 'zod';
import { defineEndpoint } from './endpoint.ts';
import { Id, TimeMs } from './values.ts';

const Kind = z
  .enum(['scheme', 'quality', 'defects', 'calendar'])
  .describe(
    'A classification scheme 分类方案, a quality standard 质量标准, the defect dictionary 质检缺陷字典 or the calendar of working days 工作日历.',
  );
const StandardId = z.string().regex(/^[a-z][a-z0-9-]{1,40}$/);
const Text = z.string().min(1).max(1_000_000).describe('YAML as in docs/spec/scheme.md, docs/spec/quality.md and docs/spec/standards.md.');
const Day = z.iso.date();
const Words = z.object({ zh: z.string(), en: z.string() });
const Told = z.array(z.object({ code: z.string(), params: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])) }));

export const StandardVersion = z
  .object({
    id: Id.nullable().describe('Null: it came with the program.'),
    version: z.int(),
    effectiveOn: Day.nullable().describe('Null: since ever.'),
    madeBy: Id.nullable(),
    madeAtMs: TimeMs.nullable(),
    state: z.enum(['in_force', 'to_come', 'former', 'withdrawn']),
  })
  .meta({ id: 'StandardVersion' });

export const Standard = z
  .object({ kind: Kind, id: StandardId, name: Words, versions: z.array(StandardVersion).describe('Newest first.') })
  .meta({ id: 'Standard' });

const QualityItemView = z.object({
  code: z.string(),
  points: z.number(),
  veto: z.boolean(),
  text: Words,
  checks: z.array(
    z.object({
      kind: z.string(),
      lost: z.number().nullable().describe('What one fault costs; null: a person says.'),
      about: z.array(z.string()).describe('Titles, classes or codes that it looks at.'),
      fromYear: z.int().nullable(),
      untilYear: z.int().nullable(),
      when: z.array(Words).describe('Conditions of the schemes that must hold.'),
    }),
  ),
});

export const StandardText = z
  .object({
    yaml: Text,
    items: z
      .array(QualityItemView)
      .nullable()
      .describe('The items of a quality standard; null of a scheme, and where the text cannot be read.'),
  })
  .meta({ id: 'StandardText' });

export const StandardTrial = z
  .object({
    kind: Kind,
    id: z.string().nullable(),
    version: z.int().nullable(),
    base: z.int().nullable().describe('The version it is compared with.'),
    problems: Told.describe('Empty: it can be adopted.'),
    differences: Told,
  })
  .meta({ id: 'StandardTrial' });

const ItemEdit = z
  .object({
    code: z.string().max(16),
    points: z
      .string()
      .regex(/^\d{1,3}(\.\d{1,2})?$/)
      .optional(),
    zh: z.string().min(1).max(500).optional(),
    en: z.string().min(1).max(500).optional(),
    lost: z
      .array(
        z
          .string()
          .regex(/^\d{1,3}(\.\d{1,2})?$/)
          .nullable(),
      )
      .max(50)
      .optional()
      .describe('Check by check; null leaves one as it is.'),
    veto: z.boolean().optional(),
    removed: z.boolean().optional(),
  })
  .meta({ id: 'QualityItemEdit' });

/** Versions of schemes and quality standards that an archive adopts over the program's: docs/spec/standards.md. */
export const standardEndpoints = {
  listStandards: defineEndpoint({
    method: 'GET',
    path: '/api/v1/standards',
    tag: 'catalogue',
    right: 'signed-in',
    summary: { zh: '分类方案与质量标准的各版本', en: 'Schemes and quality standards with their versions' },
    answers: { 200: z.object({ standards: z.array(Standard) }).meta({ id: 'StandardList' }) },
  }),
  getStandardText: defineEndpoint({
    method: 'GET',
    path: '/api/v1/standards/{kind}/{standardId}/versions/{version}',
    tag: 'catalogue',
    right: 'signed-in',
    summary: { zh: '某版本原文', en: 'The text of a version' },
    params: z.object({ kind: Kind, standardId: StandardId, version: z.coerce.number().int().min(1).max(9999) }),
    answers: { 200: StandardText },
    problems: [404],
  }),
  draftQuality: defineEndpoint({
    method: 'POST',
    path: '/api/v1/standards/quality/{standardId}/drafts',
    tag: 'catalogue',
    right: 'dossier.change',
    summary: { zh: '按条目修改质量标准，得出新版本文本', en: 'The text of a quality standard with items changed; nothing is kept' },
    params: z.object({ standardId: StandardId }),
    body: z
      .object({
        source: z.string().min(1).max(300).nullable().describe('Where the new version comes from; null: as before.'),
        edits: z.array(ItemEdit).max(200),
      })
      .meta({ id: 'QualityDraft' }),
    answers: { 200: z.object({ yaml: Text }).meta({ id: 'QualityDrafted' }) },
    problems: [404],
  }),
  tryStandard: defineEndpoint({
    method: 'POST',
    path: '/api/v1/standards/trials',
    tag: 'catalogue',
    right: 'dossier.change',
    summary: { zh: '检查文本并列出与现行最高版本的差异', en: 'What is wrong with a text, and what it would change' },
    body: z.object({ kind: Kind, yaml: Text }).meta({ id: 'StandardTrialRequest' }),
    answers: { 200: StandardTrial },
  }),
  adoptStandard: defineEndpoint({
    method: 'POST',
    path: '/api/v1/standards',
    tag: 'catalogue',
    right: 'dossier.change',
    summary: { zh: '启用新版本', en: 'Adopt a version from a day on' },
    description:
      'Needs a post over the whole archive (`standard/whole-archive`). A text with any problem is refused whole: `standard/refused` (422) with the first.',
    body: z.object({ kind: Kind, yaml: Text, effectiveOn: Day }).meta({ id: 'NewStandardVersion' }),
    answers: { 201: z.object({ id: Id, standardId: z.string(), version: z.int() }).meta({ id: 'StandardAdopted' }) },
    problems: [422],
  }),
  withdrawStandard: defineEndpoint({
    method: 'DELETE',
    path: '/api/v1/standards/{standardVersionId}',
    tag: 'catalogue',
    right: 'dossier.change',
    summary: { zh: '撤回尚未生效的版本', en: 'Withdraw a version whose day has not come' },
    params: z.object({ standardVersionId: Id }),
    answers: { 204: { empty: 'Withdrawn.' } },
    problems: [404, 409],
  }),
} as const;
