import { z } from 'zod';
import { defineEndpoint } from './endpoint.ts';
import { Id, PurposeHeader, TimeMs } from './values.ts';

/** Whether dossiers of a fonds under a scheme must pass the four-property check before they are filed. */
export const FilingCheckRule = z
  .object({
    fondsId: Id,
    fondsCode: z.string(),
    schemeId: z.string(),
    required: z.boolean(),
    madeByName: z.string().describe('Empty where nobody ever said anything.'),
    madeAtMs: TimeMs.nullable(),
    mayChange: z.boolean(),
  })
  .meta({ id: 'FilingCheckRule' });
export type FilingCheckRule = z.infer<typeof FilingCheckRule>;

/** The four-property check as a gate before filing (归档前四性检测): docs/spec/four-properties.md, section 8. */
export const filingCheckEndpoints = {
  listFilingCheckRules: defineEndpoint({
    method: 'GET',
    path: '/api/v1/filing-check-rules',
    tag: 'desk',
    right: 'dossier.change',
    summary: { zh: '归档前四性检测的设置', en: 'Where the four-property check is asked for before filing' },
    answers: { 200: z.object({ rules: z.array(FilingCheckRule) }).meta({ id: 'FilingCheckRuleList' }) },
  }),
  setFilingCheckRule: defineEndpoint({
    method: 'POST',
    path: '/api/v1/filing-check-rules',
    tag: 'desk',
    right: 'dossier.change',
    needsFreshAuth: true,
    summary: { zh: '启用或停用归档前四性检测', en: 'Ask for the four-property check before filing, or no longer' },
    description: 'Needs a post over the whole fonds (`filing-check/whole-fonds`, 422). From now on; an entry. What is filed stays filed.',
    headers: PurposeHeader,
    body: z.object({ fondsId: Id, schemeId: z.string().min(1).max(60), required: z.boolean() }).meta({ id: 'FilingCheckRuling' }),
    answers: { 204: { empty: 'Set.' } },
    problems: [404, 422],
  }),
} as const;
