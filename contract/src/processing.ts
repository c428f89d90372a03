import { z } from 'zod';
import { defineEndpoint } from './endpoint.ts';
import { Id, LeaveReason, SensitiveCount, TimeMs } from './values.ts';

const Code = z.string().regex(/^[a-z][a-z0-9-]{1,60}$/);
const Text = z.string().trim().max(4000);
const Needed = z.string().trim().min(1).max(4000);

export const LegalBasis = z
  .enum(['consent', 'contract_hr', 'legal_duty', 'emergency', 'news', 'published', 'other_law'])
  .meta({ id: 'LegalBasis', description: '个人信息保护法第十三条第一款, items 1 to 7.' });
export type LegalBasis = z.infer<typeof LegalBasis>;

const purposeBody = {
  name: z.object({ zh: z.string().trim().min(1).max(200), en: z.string().trim().min(1).max(200) }),
  kinds: Needed,
  sensitive: z.boolean(),
  necessity: Text,
  retention: Needed,
  recipients: Text,
  categories: z.array(z.string().regex(/^[a-z][a-z0-9_]{0,40}$/)).max(20),
  basis: LegalBasis,
};
export const ProcessingPurposeView = z
  .object({
    ...purposeBody,
    code: Code,
    version: z.int().min(0).describe('0: the program’s proposal, which nobody has adopted.'),
    retired: z.boolean(),
    madeAtMs: TimeMs.nullable(),
  })
  .meta({ id: 'ProcessingPurpose' });
export type ProcessingPurposeView = z.infer<typeof ProcessingPurposeView>;

const NoticeKind = z.enum(['notice', 'consent', 'separate_consent']);
const BothTexts = z.object({ zh: z.string().trim().min(1).max(20_000), en: z.string().trim().max(20_000) });
export const NoticeView = z
  .object({
    code: Code,
    version: z.int().min(1),
    kind: NoticeKind,
    purposeCode: Code,
    purposeVersion: z.int().min(1),
    text: BothTexts,
    madeAtMs: TimeMs,
    isCurrent: z.boolean(),
  })
  .meta({ id: 'Notice' });
export type NoticeView = z.infer<typeof NoticeView>;

const LimitCode = z.enum([
  'answerWorkingDays',
  'extensionWorkingDays',
  'employeeRetentionYears',
  'assessmentYears',
  'breachAuthorityHours',
  'breachPersonsHours',
]);
const LimitView = z
  .object({ code: LimitCode, value: z.int(), default: z.int(), least: z.int(), most: z.int() })
  .meta({ id: 'PersonalLimit' });

const assessmentBody = {
  title: z.string().trim().min(1).max(200),
  necessity: Needed,
  risks: Needed,
  measures: Needed,
  conclusion: Needed,
  assessors: z.string().trim().min(1).max(400),
};
const Occasion = z
  .enum(['sensitive', 'automated', 'entrust', 'provide', 'publish', 'cross_border', 'other'])
  .meta({ id: 'AssessmentOccasion', description: '个人信息保护法第五十五条.' });
export const AssessmentView = z
  .object({
    ...assessmentBody,
    id: Id,
    occasion: Occasion,
    purposeCode: Code.nullable(),
    madeAtMs: TimeMs,
    keepUntilMs: TimeMs,
    replaces: Id.nullable(),
    isReplaced: z.boolean(),
  })
  .meta({ id: 'ImpactAssessment' });
export type AssessmentView = z.infer<typeof AssessmentView>;

const breachBody = {
  title: z.string().trim().min(1).max(200),
  kinds: Needed,
  cause: Needed,
  harm: Needed,
  remedies: Needed,
  contact: z.string().trim().min(1).max(400),
};
export const BreachView = z
  .object({
    ...breachBody,
    id: Id,
    isDrill: z.boolean(),
    foundAtMs: TimeMs,
    personsCount: z.int().min(0),
    authorityDueMs: TimeMs,
    personsDueMs: TimeMs,
    authorityToldAtMs: TimeMs.nullable(),
    personsToldAtMs: TimeMs.nullable(),
    closedAtMs: TimeMs.nullable(),
    isLate: z.boolean(),
  })
  .meta({ id: 'Breach' });
export type BreachView = z.infer<typeof BreachView>;

const ProcessingLine = z
  .object({
    code: Code,
    name: purposeBody.name,
    basis: LegalBasis,
    kinds: z.string(),
    sensitive: z.boolean(),
    retention: z.string(),
    recipients: z.string(),
    dossiers: z.int().min(0),
    restricted: z.int().min(0),
    consentsInForce: z.int().min(0),
    assessedAtMs: TimeMs.nullable(),
  })
  .meta({ id: 'ProcessingLine' });
const ProvisionLine = z
  .object({
    entryId: Id,
    atMs: TimeMs,
    kind: z.string(),
    dossierId: Id.nullable(),
    dossierCode: z.string().nullable(),
    actorId: Id.nullable(),
    purpose: z.string().nullable(),
  })
  .meta({ id: 'ProvisionLine' });
const DestructionLine = z
  .object({
    dossierId: Id,
    code: z.string(),
    category: z.string(),
    ground: z.string(),
    approvedBy: Id.nullable().describe('Null: destroyed again after a restore; who approved stands in the log.'),
    secondBy: Id.nullable(),
    repeatedBy: z.enum(['log', 'keys']).nullable().describe('By which a destruction was known that a restored backup did not hold.'),
    intendedAtMs: TimeMs,
    doneAtMs: TimeMs.nullable(),
    pages: z.int().min(0),
    objects: z.int().min(0),
    backupsUntilMs: TimeMs,
  })
  .meta({ id: 'DestructionLine' });
const During = z.object({
  fromMs: z.coerce.number().int().min(0).optional(),
  toMs: z.coerce.number().int().min(0).optional().describe('Not included.'),
});
const Register = z.enum(['processing', 'provision', 'destruction', 'assessment', 'breach', 'request', 'consent']);
const RegisterLeaving = z
  .object({ rows: z.int().min(0), ...SensitiveCount })
  .meta({ id: 'RegisterLeaving', description: 'What leaves with a register, counted by kind over its words.' });

export const processingEndpoints = {
  listProcessingPurposes: defineEndpoint({
    method: 'GET',
    path: '/api/v1/processing/purposes',
    tag: 'personal',
    right: 'signed-in',
    summary: { zh: '处理目的与合法性基础', en: 'Purposes of processing with their legal basis' },
    description: 'What the archive states to everybody; the newest version of each.',
    answers: { 200: z.object({ items: z.array(ProcessingPurposeView) }).meta({ id: 'ProcessingPurposeList' }) },
  }),
  keepProcessingPurpose: defineEndpoint({
    method: 'PUT',
    path: '/api/v1/processing/purposes/{code}',
    tag: 'personal',
    right: 'processing.keep',
    summary: { zh: '登记处理目的（新版本）', en: 'State a purpose in a new version' },
    description: 'Problem: `purpose/changed` (409) when another version came meanwhile.',
    params: z.object({ code: Code }),
    body: z
      .object({ ...purposeBody, retired: z.boolean(), after: z.int().min(0).describe('The version that was looked at.') })
      .meta({ id: 'ProcessingPurposeDraft' }),
    answers: { 200: z.object({ version: z.int() }).meta({ id: 'ProcessingPurposeKept' }) },
    problems: [409],
  }),
  listNotices: defineEndpoint({
    method: 'GET',
    path: '/api/v1/processing/notices',
    tag: 'personal',
    right: 'signed-in',
    summary: { zh: '告知书与同意书文本', en: 'Texts that persons are told or agree to, every version' },
    answers: { 200: z.object({ items: z.array(NoticeView) }).meta({ id: 'NoticeList' }) },
  }),
  keepNotice: defineEndpoint({
    method: 'POST',
    path: '/api/v1/processing/notices',
    tag: 'personal',
    right: 'processing.keep',
    summary: { zh: '拟定文本（新版本）', en: 'Word a text anew' },
    description: 'Problems (422): `purpose/not-adopted`, `notice/separate-needed`, `notice/no-consent-needed`.',
    body: z.object({ code: Code, kind: NoticeKind, purposeCode: Code, text: BothTexts }).meta({ id: 'NewNotice' }),
    answers: { 201: z.object({ version: z.int() }).meta({ id: 'NoticeKept' }) },
    problems: [422],
  }),
  listPersonalLimits: defineEndpoint({
    method: 'GET',
    path: '/api/v1/processing/limits',
    tag: 'personal',
    right: 'processing.read',
    summary: { zh: '期限设置', en: 'Limits: working days, years, hours' },
    answers: { 200: z.object({ items: z.array(LimitView) }).meta({ id: 'PersonalLimitList' }) },
  }),
  setPersonalLimit: defineEndpoint({
    method: 'PUT',
    path: '/api/v1/processing/limits/{code}',
    tag: 'personal',
    right: 'processing.keep',
    needsFreshAuth: true,
    summary: { zh: '设置期限', en: 'Set a limit' },
    params: z.object({ code: LimitCode }),
    body: z.object({ value: z.int() }).meta({ id: 'PersonalLimitValue' }),
    answers: { 204: { empty: 'Set; what runs keeps its day.' } },
    problems: [422],
  }),
  listProcessing: defineEndpoint({
    method: 'GET',
    path: '/api/v1/registers/processing',
    tag: 'personal',
    right: 'processing.read',
    summary: { zh: '个人信息处理活动记录', en: 'Register of processing' },
    answers: { 200: z.object({ items: z.array(ProcessingLine) }).meta({ id: 'ProcessingRegister' }) },
  }),
  listProvisions: defineEndpoint({
    method: 'GET',
    path: '/api/v1/registers/provision',
    tag: 'personal',
    right: 'processing.read',
    summary: { zh: '个人信息对外提供登记', en: 'Register of provision, out of the entries of the log' },
    query: During,
    answers: { 200: z.object({ items: z.array(ProvisionLine) }).meta({ id: 'ProvisionRegister' }) },
  }),
  listDestructions: defineEndpoint({
    method: 'GET',
    path: '/api/v1/registers/destruction',
    tag: 'personal',
    right: 'processing.read',
    summary: { zh: '销毁清册', en: 'Register of destructions' },
    answers: { 200: z.object({ items: z.array(DestructionLine) }).meta({ id: 'DestructionRegister' }) },
  }),
  countRegister: defineEndpoint({
    method: 'POST',
    path: '/api/v1/registers/{register}/counts',
    tag: 'personal',
    right: 'processing.read',
    summary: { zh: '清点登记簿将带出的敏感信息', en: 'Count what a register as CSV would take along' },
    description: 'An entry. The sheet is asked for with these counts.',
    params: z.object({ register: Register }),
    body: z.object({ fromMs: TimeMs.optional(), toMs: TimeMs.optional() }).meta({ id: 'RegisterCountRequest' }),
    answers: { 200: RegisterLeaving },
  }),
  exportRegister: defineEndpoint({
    method: 'POST',
    path: '/api/v1/registers/{register}/sheets',
    tag: 'personal',
    right: 'processing.read',
    needsFreshAuth: true,
    summary: { zh: '导出登记簿（CSV）', en: 'A register as CSV' },
    description:
      'Codes, dossier codes, opaque ids and times in UTC, never a name. An entry vouches for the bytes. Problems: `export/not-as-confirmed` (409), `export/reason-needed` (422).',
    params: z.object({ register: Register }),
    body: z
      .object({
        fromMs: TimeMs.optional(),
        toMs: TimeMs.optional(),
        leave: z.object({ confirmed: RegisterLeaving, reason: LeaveReason }),
      })
      .meta({ id: 'RegisterSheetRequest' }),
    answers: { 200: { media: ['text/csv'], what: 'The register.' } },
    problems: [409, 422],
  }),
  listAssessments: defineEndpoint({
    method: 'GET',
    path: '/api/v1/impact-assessments',
    tag: 'personal',
    right: 'processing.read',
    summary: { zh: '个人信息保护影响评估', en: 'Impact assessments' },
    answers: { 200: z.object({ items: z.array(AssessmentView) }).meta({ id: 'ImpactAssessmentList' }) },
  }),
  recordAssessment: defineEndpoint({
    method: 'POST',
    path: '/api/v1/impact-assessments',
    tag: 'personal',
    right: 'processing.keep',
    summary: { zh: '登记影响评估', en: 'Record an impact assessment' },
    description: 'It is never changed; a later one replaces it. Kept three years at least.',
    body: z
      .object({ ...assessmentBody, occasion: Occasion, purposeCode: Code.nullable(), replaces: Id.nullable() })
      .meta({ id: 'NewImpactAssessment' }),
    answers: { 201: z.object({ id: Id }).meta({ id: 'ImpactAssessmentRecorded' }) },
    problems: [404],
  }),
  listBreaches: defineEndpoint({
    method: 'GET',
    path: '/api/v1/breaches',
    tag: 'personal',
    right: 'processing.read',
    summary: { zh: '泄露事件与演练', en: 'Breaches and drills' },
    answers: { 200: z.object({ items: z.array(BreachView) }).meta({ id: 'BreachList' }) },
  }),
  recordBreach: defineEndpoint({
    method: 'POST',
    path: '/api/v1/breaches',
    tag: 'personal',
    right: 'processing.keep',
    summary: { zh: '登记泄露事件或开始演练', en: 'Record a breach, or begin a drill' },
    body: z
      .object({ ...breachBody, isDrill: z.boolean(), foundAtMs: TimeMs, personsCount: z.int().min(0).max(100_000_000) })
      .meta({ id: 'NewBreach' }),
    answers: { 201: z.object({ id: Id }).meta({ id: 'BreachRecorded' }) },
    problems: [422],
  }),
  markBreach: defineEndpoint({
    method: 'POST',
    path: '/api/v1/breaches/{breachId}/steps',
    tag: 'personal',
    right: 'processing.keep',
    summary: { zh: '登记已报告、已告知、已处置', en: 'Mark that authority or persons were told, or that it is closed' },
    params: z.object({ breachId: Id }),
    body: z.object({ step: z.enum(['authority', 'persons', 'closed']) }).meta({ id: 'BreachStep' }),
    answers: { 204: { empty: 'Marked.' } },
    problems: [404, 409],
  }),
  makeBreachNotice: defineEndpoint({
    method: 'POST',
    path: '/api/v1/breaches/{breachId}/notices',
    tag: 'personal',
    right: 'processing.keep',
    summary: { zh: '生成告知书或报告', en: 'The notice of article 57 as a document' },
    params: z.object({ breachId: Id }),
    body: z.object({ to: z.enum(['authority', 'persons']) }).meta({ id: 'BreachNoticeRequest' }),
    answers: { 200: { media: ['text/html'], what: 'One page for A4, without script.' } },
    problems: [404],
  }),
} as const;
