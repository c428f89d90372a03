import { CONSULTATION_RIGHTS } from '@lantai/policy';
import { z } from 'zod';
import { defineEndpoint } from './endpoint.ts';
import { Audiences, Category, PolicyPurpose } from './organisation.ts';
import { Id, TimeMs } from './values.ts';

const GrantRightName = z.enum(CONSULTATION_RIGHTS).meta({ id: 'GrantRight' });

/** Where a consultation stands: docs/spec/consultation.md. */
const ConsultationState = z
  .enum(['requested', 'approved', 'open', 'refused', 'withdrawn', 'ended', 'expired'])
  .meta({ id: 'ConsultationState', description: 'requested → approved, refused or withdrawn; approved → open → ended or expired.' });
const Day = z.iso.date().describe('The day of a signature, `2026-11-22`.');
const Leader = z.object({ name: z.string().trim().min(1).max(60), signedOn: Day });

/** The words of the form 查（借）阅审批表 that a reading unit brings. */
const ConsultationRequest = z
  .object({
    unitName: z.string().trim().min(1).max(120).describe('The reading unit (查阅单位).'),
    letterNo: z.string().trim().max(60).default('').describe('Number of its letter of introduction.'),
    reason: z.string().trim().min(1).max(500).describe('Why (查阅事由).'),
    contents: z.string().trim().max(500).default('').describe('Which classes or materials (查阅内容); empty: the whole dossier.'),
    leader: Leader.describe('Who signed for the reading unit (单位领导意见), and when.'),
  })
  .meta({ id: 'ConsultationRequest' });

const ConsultationDecision = z
  .object({
    words: z.string().describe('The opinion, or why it was refused.'),
    leader: Leader.nullable().describe('The leader of the archive who signed (领导签批), where one did.'),
  })
  .meta({ id: 'ConsultationDecision' });

export const ConsultationView = z
  .object({
    id: Id,
    state: ConsultationState,
    target: z.object({
      kind: z.enum(['dossier', 'subject', 'unit']),
      id: Id,
      code: z.string().describe('Archival code, or code of the unit.'),
    }),
    rights: z.array(GrantRightName),
    purposes: z.array(PolicyPurpose),
    audiences: z.array(Category),
    fromMs: TimeMs,
    untilMs: TimeMs,
    endedAtMs: TimeMs.nullable(),
    askedBy: Id,
    askedByName: z.string(),
    askedAtMs: TimeMs,
    decidedBy: Id.nullable(),
    decidedByName: z.string(),
    decidedAtMs: TimeMs.nullable(),
    isOwn: z.boolean().describe('Asked for by this account, which may withdraw it until it is decided.'),
    mayDecide: z.boolean().describe('Waits, and this account may approve or refuse it.'),
    mayRead: z.boolean().describe('This account may read the words of the request and of the decision.'),
    readers: z.array(
      z.object({
        accountId: Id,
        name: z.string(),
        partyMember: z.boolean(),
        presentUntilMs: TimeMs.describe('Signed in for it until then; 0: never.'),
        stated: z.boolean().describe('Has stated that nobody it names is a relative.'),
      }),
    ),
  })
  .meta({ id: 'Consultation' });
export type ConsultationView = z.infer<typeof ConsultationView>;

const consultationParams = z.object({ consultationId: Id });

/** Asking for a consultation, deciding upon it, coming to it and ending it. */
export const consultationEndpoints = {
  listReaders: defineEndpoint({
    method: 'GET',
    path: '/api/v1/readers',
    tag: 'organisation',
    right: 'grant.ask',
    summary: { zh: '查阅人名册', en: 'Accounts that can be named as readers' },
    answers: { 200: z.object({ items: z.array(z.object({ accountId: Id, name: z.string() })) }).meta({ id: 'ReaderList' }) },
  }),
  listConsultations: defineEndpoint({
    method: 'GET',
    path: '/api/v1/consultations',
    tag: 'organisation',
    right: 'signed-in',
    summary: { zh: '查阅申请与授权', en: 'Consultations: those one asked for or reads, and those one may end' },
    answers: { 200: z.object({ items: z.array(ConsultationView) }).meta({ id: 'ConsultationList' }) },
  }),
  askConsultation: defineEndpoint({
    method: 'POST',
    path: '/api/v1/consultations',
    tag: 'organisation',
    right: 'grant.ask',
    summary: { zh: '申请查阅', en: 'Ask for a consultation' },
    description:
      'Asks that a dossier or a unit be named to readers for at most 92 days. It opens nothing before another person approves. Problems (422): `consultation/time`, `consultation/readers`, `consultation/not-a-reader`, `consultation/audience`.',
    body: z
      .object({
        target: z.object({ kind: z.enum(['dossier', 'unit']), id: Id }),
        readers: z
          .array(z.object({ accountId: Id, partyMember: z.boolean() }))
          .min(1)
          .max(20),
        rights: z.array(GrantRightName).min(1),
        purposes: z.array(PolicyPurpose).min(1),
        audiences: Audiences,
        fromMs: TimeMs,
        untilMs: TimeMs,
        request: ConsultationRequest,
      })
      .meta({ id: 'NewConsultation' }),
    answers: { 201: z.object({ id: Id }).meta({ id: 'ConsultationAsked' }) },
    problems: [404, 422],
  }),
  getConsultationRequest: defineEndpoint({
    method: 'GET',
    path: '/api/v1/consultations/{consultationId}/request',
    tag: 'organisation',
    right: 'grant.ask',
    summary: { zh: '查阅申请与审批意见', en: 'The words of a request and of its decision' },
    description: 'For who asked and who may approve. Each reading is an entry.',
    params: consultationParams,
    answers: {
      200: z
        .object({ request: ConsultationRequest.nullable(), decision: ConsultationDecision.nullable() })
        .meta({ id: 'ConsultationWords' }),
    },
    problems: [404],
  }),
  printConsultationForm: defineEndpoint({
    method: 'POST',
    path: '/api/v1/consultations/{consultationId}/form',
    tag: 'organisation',
    right: 'grant.ask',
    summary: { zh: '打印查（借）阅审批表', en: 'The approval form as a PDF' },
    description: 'For who asked and who may approve; the dossier stands in it by code and name. Each printing is an entry.',
    params: consultationParams,
    answers: { 200: { media: ['application/pdf'], what: 'The form on A4.' } },
    problems: [404],
  }),
  approveConsultation: defineEndpoint({
    method: 'POST',
    path: '/api/v1/consultations/{consultationId}/approval',
    tag: 'organisation',
    right: 'grant.make',
    needsFreshAuth: true,
    summary: { zh: '批准查阅', en: 'Approve a consultation' },
    description:
      'By another person than the one who asked, and than its readers. What was asked for from at once begins now, and lasts as long. Personnel dossiers open only when two readers are named, the other has signed in and the reader has stated not to be related. Problems (422): `consultation/own`, `consultation/decided`, `consultation/over`, `consultation/not-a-reader`.',
    params: consultationParams,
    body: z
      .object({ opinion: z.string().trim().max(500).default(''), leader: Leader.nullable().default(null) })
      .meta({ id: 'ConsultationApproval' }),
    answers: { 204: { empty: 'Approved.' } },
    problems: [404, 422],
  }),
  refuseConsultation: defineEndpoint({
    method: 'POST',
    path: '/api/v1/consultations/{consultationId}/refusal',
    tag: 'organisation',
    right: 'grant.make',
    summary: { zh: '不予批准查阅', en: 'Refuse a consultation, with the reason' },
    description: 'Problems (422): `consultation/own`, `consultation/decided`, `consultation/over`.',
    params: consultationParams,
    body: z.object({ reason: z.string().trim().min(1).max(500) }).meta({ id: 'ConsultationRefusal' }),
    answers: { 204: { empty: 'Refused.' } },
    problems: [404, 422],
  }),
  withdrawConsultation: defineEndpoint({
    method: 'POST',
    path: '/api/v1/consultations/{consultationId}/withdrawal',
    tag: 'organisation',
    right: 'grant.ask',
    summary: { zh: '撤回查阅申请', en: 'Take back what one has asked for' },
    description: 'Until it is decided. Problems (422): `consultation/decided`.',
    params: consultationParams,
    answers: { 204: { empty: 'Withdrawn.' } },
    problems: [404, 422],
  }),
  attendConsultation: defineEndpoint({
    method: 'POST',
    path: '/api/v1/consultations/{consultationId}/presence',
    tag: 'organisation',
    right: 'signed-in',
    summary: { zh: '查阅人到场并声明非亲属', en: 'A reader signs in and states not to be related' },
    description: 'Holds for four hours. Problems: `consultation/over`, `consultation/undecided` (422).',
    params: consultationParams,
    body: z
      .object({ notRelated: z.literal(true).describe('The statement; without it there is nothing to sign.') })
      .meta({ id: 'Presence' }),
    answers: { 200: z.object({ presentUntilMs: TimeMs }).meta({ id: 'PresenceGiven' }) },
    problems: [404, 422],
  }),
  endConsultation: defineEndpoint({
    method: 'DELETE',
    path: '/api/v1/consultations/{consultationId}',
    tag: 'organisation',
    right: 'grant.end',
    summary: { zh: '终止查阅', en: 'End a consultation' },
    params: consultationParams,
    answers: { 204: { empty: 'Ended, from the next request on.' } },
    problems: [404],
  }),
} as const;
