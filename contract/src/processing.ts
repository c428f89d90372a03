import { z } from 'zod';
import { defineEndpoint } from './endpoint.ts';
import { TimeMs } from './values.ts';

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
    summary: { zh: '设置期限', en: 'Set a limit' },
    params: z.object({ code: LimitCode }),
    body: z.object({ value: z.int() }).meta({ id: 'PersonalLimitValue' }),
    answers: { 204: { empty: 'Set; what runs keeps its day.' } },
    problems: [422],
  }),
} as const;
