import { ACTIONS, PURPOSES } from '@lantai/policy';
import { z } from 'zod';
import { defineEndpoint } from './endpoint.ts';
import { ArchivalCode, Id, TimeMs } from './values.ts';

/** A category (档案门类) that a post or a consultation is of the audience of. */
export const Category = z
  .string()
  .regex(/^[a-z][a-z0-9_]{0,40}$/)
  .describe('A category (档案门类) of which the post or consultation is audience.');
/** Sealed categories, none by default. */
export const Audiences = z.array(Category).max(10).default([]);
const Level = z.int().min(0).max(15).describe('Level (密级): 0 public, 1 internal, 2 secret, 3 confidential.');
/** Every purpose a policy knows; a session chooses among fewer. */
export const PolicyPurpose = z.enum(PURPOSES).meta({ id: 'PolicyPurpose' });
export const ActionName = z.enum(ACTIONS).describe('An action of the policy.');

export const PostView = z
  .object({
    id: Id,
    role: z.enum(['archivist', 'unit_clerk', 'reader', 'person']),
    fondsId: Id.nullable(),
    unitId: Id.nullable(),
    levelMax: Level,
    audiences: z.array(Category),
    fromMs: TimeMs.describe('Held since then.'),
    endedAtMs: TimeMs.nullable().describe('Ended then; null: held now.'),
  })
  .meta({ id: 'Post' });
export type PostView = z.infer<typeof PostView>;

const DossierCode = z
  .object({ id: Id, code: z.string() })
  .meta({ id: 'DossierCode', description: 'A dossier by its archival code; names nobody.' });
/** A dossier found by its code, for who keeps registers and the policy without seeing into dossiers. */
const DossierPlace = z.object({ id: Id, code: z.string(), fondsId: Id, unitId: Id }).meta({ id: 'DossierPlace' });

const Relation = z.enum(['spouse', 'parent', 'child', 'sibling', 'other']);

export const KinshipView = z
  .object({
    id: Id,
    accountId: Id.nullable(),
    accountName: z.string().nullable(),
    personSubjectId: Id.nullable(),
    personDossiers: z.array(DossierCode).describe('Of these lists only what the asker may know of.'),
    subjectId: Id,
    dossiers: z.array(DossierCode).describe('The dossiers of the relative.'),
    relation: Relation,
    source: z.enum(['declaration', 'record']),
    createdAtMs: TimeMs,
  })
  .meta({ id: 'Kinship' });

const accountParams = z.object({ accountId: Id });
const tieParams = z.object({ accountId: Id, dossierId: Id });

export const organisationEndpoints = {
  listPosts: defineEndpoint({
    method: 'GET',
    path: '/api/v1/accounts/{accountId}/posts',
    tag: 'organisation',
    right: 'account.manage',
    summary: { zh: '账户的兼任岗位与本人档案', en: 'Further posts of an account, and the subjects it is' },
    params: accountParams,
    answers: {
      200: z.object({ posts: z.array(PostView), subjectIds: z.array(Id), subjectDossiers: z.array(DossierCode) }).meta({ id: 'PostList' }),
    },
  }),
  listEveryPost: defineEndpoint({
    method: 'GET',
    path: '/api/v1/posts',
    tag: 'organisation',
    right: 'account.manage',
    summary: { zh: '任职一览', en: 'Further posts of all accounts, held and ended' },
    answers: { 200: z.object({ items: z.array(PostView.extend({ accountId: Id })) }).meta({ id: 'EveryPost' }) },
  }),
  findDossierByCode: defineEndpoint({
    method: 'POST',
    path: '/api/v1/dossier-codes',
    tag: 'organisation',
    right: 'policy.read',
    summary: { zh: '按档号指认案卷', en: 'Which dossiers have this archival code' },
    description: 'For registers and explanations: a place, never a name. Each asking is an entry.',
    body: z.object({ code: ArchivalCode }).meta({ id: 'DossierCodeQuestion' }),
    answers: { 200: z.object({ items: z.array(DossierPlace) }).meta({ id: 'DossierPlaces' }) },
  }),
  givePost: defineEndpoint({
    method: 'POST',
    path: '/api/v1/accounts/{accountId}/posts',
    tag: 'organisation',
    right: 'account.manage',
    needsFreshAuth: true,
    summary: { zh: '增加兼任岗位', en: 'Give a further post' },
    description: 'Problems: `account/own`, `post/two-administrators`, `post/administrator-and-archive` (422).',
    params: accountParams,
    body: PostView.omit({ id: true, fromMs: true, endedAtMs: true }).extend({ audiences: Audiences }).meta({ id: 'NewPost' }),
    answers: { 201: PostView },
    problems: [404, 422],
  }),
  endPost: defineEndpoint({
    method: 'DELETE',
    path: '/api/v1/accounts/{accountId}/posts/{postId}',
    tag: 'organisation',
    right: 'account.manage',
    needsFreshAuth: true,
    summary: { zh: '免去兼任岗位', en: 'End a further post' },
    params: z.object({ accountId: Id, postId: Id }),
    answers: { 204: { empty: 'Ended, from the next request on.' } },
    problems: [404],
  }),
  tieSubject: defineEndpoint({
    method: 'PUT',
    path: '/api/v1/accounts/{accountId}/subjects/{dossierId}',
    tag: 'organisation',
    right: 'account.manage',
    needsFreshAuth: true,
    summary: { zh: '登记账户本人的档案', en: 'Register that the account is the subject of a dossier' },
    params: tieParams,
    answers: { 204: { empty: 'Registered.' } },
    problems: [404, 422],
  }),
  untieSubject: defineEndpoint({
    method: 'DELETE',
    path: '/api/v1/accounts/{accountId}/subjects/{dossierId}',
    tag: 'organisation',
    right: 'account.manage',
    needsFreshAuth: true,
    summary: { zh: '撤销本人档案登记', en: 'Take that back' },
    params: tieParams,
    answers: { 204: { empty: 'Taken back.' } },
    problems: [404, 422],
  }),
  listKinships: defineEndpoint({
    method: 'GET',
    path: '/api/v1/kinships',
    tag: 'organisation',
    right: 'kinship.declare',
    summary: { zh: '亲属关系（回避）登记簿', en: 'The kinship register' },
    query: z.object({ accountId: Id.optional() }),
    answers: { 200: z.object({ items: z.array(KinshipView) }).meta({ id: 'KinshipList' }) },
  }),
  declareKinship: defineEndpoint({
    method: 'POST',
    path: '/api/v1/kinships',
    tag: 'organisation',
    right: 'signed-in',
    summary: { zh: '申报亲属关系', en: 'Declare a relation' },
    description:
      'Anybody declares their own of a dossier they can see or are named to, and sees it no longer; who keeps the register declares any. It only ever closes.',
    body: z
      .object({
        accountId: Id.optional().describe('Whose relation; left out: the own.'),
        personDossierId: Id.optional().describe('Instead of an account: the dossier of the person.'),
        dossierId: Id.describe('The dossier of the relative.'),
        relation: Relation,
      })
      .meta({ id: 'NewKinship' }),
    answers: { 201: z.object({ id: Id }).meta({ id: 'KinshipDeclared' }) },
    problems: [404],
  }),
  endKinship: defineEndpoint({
    method: 'DELETE',
    path: '/api/v1/kinships/{kinshipId}',
    tag: 'organisation',
    right: 'kinship.end',
    needsFreshAuth: true,
    summary: { zh: '注销亲属关系', en: 'Take a relation out of force' },
    params: z.object({ kinshipId: Id }),
    answers: { 204: { empty: 'Ended; it stays on record.' } },
    problems: [404, 422],
  }),
} as const;
