import { z } from 'zod';
import { defineEndpoint } from './endpoint.ts';
import { FindingView, Id, oneOrMany, TimeMs } from './values.ts';

const Words = z.string().trim().min(1).max(2000);

export const RequestKind = z.enum(['see', 'copy', 'correct', 'restrict', 'delete', 'explain']).meta({
  id: 'SubjectRequestKind',
  description: '查阅、复制、更正补充、限制处理、删除、解释说明 (个人信息保护法第四十四条至第四十八条).',
});
export type RequestKind = z.infer<typeof RequestKind>;
export const RequestState = z.enum(['received', 'granted', 'refused', 'done', 'withdrawn']).meta({ id: 'SubjectRequestState' });
export type RequestState = z.infer<typeof RequestState>;
export const RefusalGround = z
  .enum(['kept_by_law', 'secrecy', 'identity_unproven', 'not_proven', 'not_applicable'])
  .meta({ id: 'RefusalGround' });
export const DeletionGround = z.enum(['retention_over', 'consent_withdrawn', 'unlawful']).meta({ id: 'DeletionGround' });

export const SubjectRequestView = z
  .object({
    id: Id,
    dossierId: Id,
    dossierCode: z.string().nullable().describe('Of a destroyed dossier the code it had.'),
    category: z.string(),
    kind: RequestKind,
    state: RequestState,
    way: z.enum(['desk', 'account']),
    receivedAtMs: TimeMs,
    dueAtMs: TimeMs.describe('The end of the last working day for the decision.'),
    yearsWithoutCalendar: z
      .array(z.int())
      .describe('Years whose public holidays were not known when it was reckoned: weekends alone were counted there.'),
    isOverdue: z.boolean(),
    extended: z.boolean(),
    ground: z.string().nullable(),
    decidedAtMs: TimeMs.nullable(),
    endedAtMs: TimeMs.nullable(),
    isOwn: z.boolean(),
    mayAnswer: z.boolean(),
    approvedBy: Id.nullable().describe('Of a deletion: who approved first.'),
    steps: z.array(
      z.object({
        kind: z.enum(['received', 'extended', 'granted', 'refused', 'fulfilled', 'approved', 'withdrawn']),
        text: z.string().nullable().describe('Null where there are no words, or their key was destroyed with the dossier.'),
        actorId: Id,
        atMs: TimeMs,
        entryId: Id,
      }),
    ),
  })
  .meta({ id: 'SubjectRequest' });
export type SubjectRequestView = z.infer<typeof SubjectRequestView>;

const ownDossier = {
  dossierId: Id,
  code: z.string(),
  category: z.string(),
  schemeId: z.string(),
  state: z.string(),
  keptSinceMs: TimeMs,
  isRestricted: z.boolean(),
  isReadable: z.boolean().describe('The person may read the contents; of personnel dossiers nobody reads the own.'),
  missing: z.array(FindingView),
};
export const OwnDossier = z.object(ownDossier).meta({ id: 'OwnDossier' });
export type OwnDossier = z.infer<typeof OwnDossier>;
export const SubjectAnswer = z
  .object({
    ...ownDossier,
    materials: z
      .array(z.object({ classCode: z.string().nullable(), title: z.string(), date: z.string().nullable(), pages: z.int().min(0) }))
      .nullable()
      .describe('Null where the person may not read the contents.'),
  })
  .meta({ id: 'SubjectAnswer' });

export const RestrictionView = z
  .object({
    id: Id,
    dossierId: Id,
    dossierCode: z.string().nullable(),
    requestId: Id.nullable(),
    fromMs: TimeMs,
    madeBy: Id,
    liftedAtMs: TimeMs.nullable(),
    liftedBy: Id.nullable(),
  })
  .meta({ id: 'Restriction' });

export const ConsentView = z
  .object({
    id: Id,
    dossierId: Id,
    dossierCode: z.string().nullable(),
    noticeCode: z.string(),
    noticeVersion: z.int(),
    kind: z.enum(['notice', 'consent', 'separate_consent']),
    isOutdated: z.boolean().describe('The text was worded anew since: the person is to be asked again.'),
    way: z.enum(['paper', 'account']),
    givenAtMs: TimeMs,
    withdrawnAtMs: TimeMs.nullable(),
  })
  .meta({ id: 'Consent' });
export type ConsentView = z.infer<typeof ConsentView>;

const requestParams = z.object({ requestId: Id });
const at = '/api/v1/subject-requests';

export const personalEndpoints = {
  listOwnDossiers: defineEndpoint({
    method: 'GET',
    path: '/api/v1/own-dossiers',
    tag: 'personal',
    right: 'custody.read',
    summary: { zh: '本人存档状态', en: 'The own dossiers: that they are kept, and what is missing' },
    description: 'The dossiers of the account’s own subjects, and nobody else’s.',
    answers: { 200: z.object({ items: z.array(OwnDossier) }).meta({ id: 'OwnDossierList' }) },
  }),
  listSubjectRequests: defineEndpoint({
    method: 'GET',
    path: at,
    tag: 'personal',
    right: 'signed-in',
    summary: { zh: '个人信息权利请求', en: 'Requests: the own, and those one may answer' },
    query: z.object({ state: oneOrMany(RequestState).optional() }),
    answers: { 200: z.object({ items: z.array(SubjectRequestView) }).meta({ id: 'SubjectRequestList' }) },
  }),
  makeSubjectRequest: defineEndpoint({
    method: 'POST',
    path: at,
    tag: 'personal',
    right: 'rights.exercise',
    summary: { zh: '提出或受理权利请求', en: 'Make a request, or receive one at the desk' },
    description:
      'By the person about the own dossier, or by an archivist at the desk. Problems: `subject-request/evidence-needed`, `subject-request/not-a-person` (422), `subject-request/open` (409).',
    body: z
      .object({
        dossierId: Id,
        kind: RequestKind,
        text: Words,
        evidence: z.string().trim().max(2000).optional().describe('Of a correction: what proves it, with the number of sheets.'),
      })
      .meta({ id: 'NewSubjectRequest' }),
    answers: { 201: z.object({ id: Id }).meta({ id: 'SubjectRequestMade' }) },
    problems: [404, 409, 422],
  }),
  getSubjectRequest: defineEndpoint({
    method: 'GET',
    path: `${at}/{requestId}`,
    tag: 'personal',
    right: 'signed-in',
    summary: { zh: '一件请求', en: 'One request with its steps' },
    params: requestParams,
    answers: { 200: SubjectRequestView },
    problems: [404],
  }),
  decideSubjectRequest: defineEndpoint({
    method: 'POST',
    path: `${at}/{requestId}/decision`,
    tag: 'personal',
    right: 'rights.answer',
    needsFreshAuth: true,
    summary: { zh: '作出决定', en: 'Decide, with the reason' },
    description:
      'Granted, a restriction is in force at once and a deletion waits for the second person. Problems: `subject-request/state` (409), `destruction/kept-by-law`, `destruction/retention`, `destruction/consent-in-force`, `destruction/terms-needed` (422).',
    params: requestParams,
    body: z
      .discriminatedUnion('decision', [
        z.object({ decision: z.literal('refused'), ground: RefusalGround, reason: Words }),
        z.object({
          decision: z.literal('granted'),
          reason: Words,
          deletion: z
            .object({
              ground: DeletionGround,
              endedOn: z
                .string()
                .regex(/^\d{4}-\d{2}-\d{2}$/)
                .optional(),
            })
            .optional()
            .describe('Of a deletion: what it rests on.'),
        }),
      ])
      .meta({ id: 'SubjectRequestDecision' }),
    answers: { 204: { empty: 'Decided.' } },
    problems: [404, 409, 422],
  }),
  extendSubjectRequest: defineEndpoint({
    method: 'POST',
    path: `${at}/{requestId}/extension`,
    tag: 'personal',
    right: 'rights.answer',
    summary: { zh: '延期答复', en: 'Put the day of the answer off, once' },
    params: requestParams,
    body: z.object({ reason: Words }).meta({ id: 'SubjectRequestExtension' }),
    answers: { 200: z.object({ dueAtMs: TimeMs }).meta({ id: 'SubjectRequestExtended' }) },
    problems: [404, 409, 422],
  }),
  fulfilSubjectRequest: defineEndpoint({
    method: 'POST',
    path: `${at}/{requestId}/result`,
    tag: 'personal',
    right: 'rights.answer',
    summary: { zh: '登记办理结果', en: 'Record what was done' },
    params: requestParams,
    body: z.object({ result: Words }).meta({ id: 'SubjectRequestResult' }),
    answers: { 204: { empty: 'Done.' } },
    problems: [404, 409, 422],
  }),
  withdrawSubjectRequest: defineEndpoint({
    method: 'DELETE',
    path: `${at}/{requestId}`,
    tag: 'personal',
    right: 'signed-in',
    summary: { zh: '本人撤回请求', en: 'Take the own request back' },
    params: requestParams,
    answers: { 204: { empty: 'Taken back; it stays on record.' } },
    problems: [404, 409],
  }),
  approveDestruction: defineEndpoint({
    method: 'POST',
    path: `${at}/{requestId}/destruction`,
    tag: 'personal',
    right: 'rights.answer',
    needsFreshAuth: true,
    summary: { zh: '第二人批准并销毁', en: 'Approve a deletion as the second person: destroys the dossier' },
    description:
      'Destroys the key, the objects and the rows of the dossier; entries and receipts stay valid. Problems: `destruction/same-person` (403), and those of the decision.',
    params: requestParams,
    answers: { 204: { empty: 'Destroyed.' } },
    problems: [404, 409, 422],
  }),
  getSubjectAnswer: defineEndpoint({
    method: 'GET',
    path: `${at}/{requestId}/answer`,
    tag: 'personal',
    right: 'signed-in',
    summary: { zh: '查阅、复制请求的答复', en: 'The answer to a granted request to see or copy' },
    params: requestParams,
    answers: { 200: SubjectAnswer },
    problems: [404, 409],
  }),
  listRestrictions: defineEndpoint({
    method: 'GET',
    path: '/api/v1/restrictions',
    tag: 'personal',
    right: 'rights.answer',
    summary: { zh: '限制处理登记', en: 'Restrictions of processing' },
    answers: { 200: z.object({ items: z.array(RestrictionView) }).meta({ id: 'RestrictionList' }) },
  }),
  liftRestriction: defineEndpoint({
    method: 'DELETE',
    path: '/api/v1/restrictions/{restrictionId}',
    tag: 'personal',
    right: 'rights.answer',
    needsFreshAuth: true,
    summary: { zh: '解除限制处理', en: 'Lift a restriction' },
    params: z.object({ restrictionId: Id }),
    answers: { 204: { empty: 'Lifted; everything is as it was.' } },
    problems: [404],
  }),
  listConsents: defineEndpoint({
    method: 'GET',
    path: '/api/v1/consents',
    tag: 'personal',
    right: 'rights.exercise',
    summary: { zh: '告知与同意记录', en: 'Who was told and who agreed, to which version' },
    query: z.object({ dossierId: Id.optional() }),
    answers: { 200: z.object({ items: z.array(ConsentView) }).meta({ id: 'ConsentList' }) },
  }),
  recordConsent: defineEndpoint({
    method: 'POST',
    path: '/api/v1/consents',
    tag: 'personal',
    right: 'rights.exercise',
    summary: { zh: '登记告知、同意或单独同意', en: 'Record that a person was told, or agrees' },
    description: 'To the newest version of the text. By the person, or by an archivist who holds the signed paper.',
    body: z.object({ dossierId: Id, noticeCode: z.string().max(60) }).meta({ id: 'NewConsent' }),
    answers: { 201: z.object({ id: Id }).meta({ id: 'ConsentRecorded' }) },
    problems: [404],
  }),
  withdrawConsent: defineEndpoint({
    method: 'DELETE',
    path: '/api/v1/consents/{consentId}',
    tag: 'personal',
    right: 'rights.exercise',
    summary: { zh: '撤回同意', en: 'Take a consent back' },
    params: z.object({ consentId: Id }),
    answers: { 204: { empty: 'Taken back; what was done before stays lawful.' } },
    problems: [404, 422],
  }),
} as const;
