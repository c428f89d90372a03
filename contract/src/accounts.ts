import { z } from 'zod';
import { defineEndpoint } from './endpoint.ts';
import { Cursor, Id, IdCursor, Limit, Role, TimeMs } from './values.ts';

/** Roles an account can be given; the owner of a trial is made at set-up only. */
export const GivenRole = Role.exclude(['trial_owner']);

const AccountLine = z
  .object({
    id: Id,
    name: z.string(),
    role: Role,
    fondsId: Id.nullable(),
    unitId: Id.nullable(),
    levelMax: z.int(),
    disabled: z.boolean(),
    locked: z.boolean(),
    mustChangePassword: z.boolean(),
    holderKnown: z.boolean().describe('Whether the person behind the account was registered by a number.'),
    totp: z.boolean(),
    passkeys: z.int().min(0),
    sessions: z.int().min(0),
    tokens: z.int().min(0),
    oidcLinked: z.boolean(),
    createdAtMs: TimeMs,
    signedInAtMs: TimeMs.nullable(),
    version: z.int(),
    isOwn: z.boolean(),
  })
  .meta({ id: 'AccountLine' });
export type AccountLine = z.infer<typeof AccountLine>;

const Place = {
  fondsId: Id.nullable(),
  unitId: Id.nullable(),
  levelMax: z.int().min(0).max(3).describe('Highest level the account may see: 0 public, 1 internal, 2 secret, 3 confidential.'),
};
const Holder = z
  .string()
  .regex(/^[\p{L}\p{N}-]{2,40}$/u)
  .describe('Staff or ID number of the person; kept as a keyed token only.');
const Given = z
  .object({ account: AccountLine, password: z.string().describe('Shown once; must be changed at the first sign-in.') })
  .meta({ id: 'AccountGiven' });
const params = z.object({ accountId: Id });

/** Roles whose acts each administrator is shown: nobody watches over themselves alone. */
const Act = z
  .object({
    id: Id,
    atMs: TimeMs,
    kind: z.string(),
    actor: z.object({ id: Id, name: z.string(), role: Role }),
    objectId: z.string().nullable(),
    objectName: z.string().nullable().describe('Name of the account acted on.'),
    params: z.record(z.string(), z.union([z.string(), z.number()])),
    position: z.int().nullable(),
  })
  .meta({ id: 'AdministratorAct' });

const Conflict = z
  .object({
    code: z.enum(['conflict/two-offices', 'conflict/office-and-archive', 'conflict/holder-unknown']),
    sign: z
      .enum(['post', 'holder', 'subject', 'claim', 'consultation', 'none'])
      .describe("By what it is known: a post of the account, the holder's number, a subject both are tied to, a claim, a consultation."),
    accounts: z
      .array(z.object({ id: Id, name: z.string(), role: Role }))
      .describe("The administrator's account, and the same person's other one."),
  })
  .meta({ id: 'OfficeConflict' });

export const accountEndpoints = {
  listAccounts: defineEndpoint({
    method: 'GET',
    path: '/api/v1/accounts',
    tag: 'accounts',
    right: 'account.manage',
    summary: { zh: '账户列表', en: 'List accounts' },
    answers: { 200: z.object({ items: z.array(AccountLine) }).meta({ id: 'AccountList' }) },
  }),
  createAccount: defineEndpoint({
    method: 'POST',
    path: '/api/v1/accounts',
    tag: 'accounts',
    right: 'account.manage',
    needsFreshAuth: true,
    summary: { zh: '开户', en: 'Create an account' },
    description:
      'Problems: `account/holder-needed` (422: an administrator must be registered by a number), `account/holder-conflict` (409: this person has a role that does not go with it), `account/name-taken` (409).',
    body: z
      .object({ name: z.string().min(1).max(60), role: GivenRole, ...Place, holderNumber: Holder.optional() })
      .meta({ id: 'NewAccount' }),
    answers: { 201: Given },
    problems: [409, 422],
  }),
  changeAccount: defineEndpoint({
    method: 'PATCH',
    path: '/api/v1/accounts/{accountId}',
    tag: 'accounts',
    right: 'account.manage',
    needsFreshAuth: true,
    summary: { zh: '变更账户权限或停用', en: "Change an account's role, place or level, or disable it" },
    description:
      'Ends the sessions of the account. Problems: `account/own` (403: nobody changes their own rights), `account/last-of-role` (409), `account/changed` (409), `account/holder-conflict` (409), `account/role-fixed` (409).',
    params,
    body: z
      .object({
        baseVersion: z.int(),
        role: GivenRole.optional(),
        fondsId: Place.fondsId.optional(),
        unitId: Place.unitId.optional(),
        levelMax: Place.levelMax.optional(),
        disabled: z.boolean().optional(),
        holderNumber: Holder.optional(),
      })
      .meta({ id: 'AccountChange' }),
    answers: { 200: AccountLine },
    problems: [404, 409, 422],
  }),
  resetPassword: defineEndpoint({
    method: 'POST',
    path: '/api/v1/accounts/{accountId}/password',
    tag: 'accounts',
    right: 'account.manage',
    needsFreshAuth: true,
    summary: { zh: '重置密码并解锁', en: 'Give a new password and unlock' },
    params,
    answers: { 200: Given },
    problems: [404],
  }),
  removeFactors: defineEndpoint({
    method: 'DELETE',
    path: '/api/v1/accounts/{accountId}/factors',
    tag: 'accounts',
    right: 'account.manage',
    needsFreshAuth: true,
    summary: { zh: '注销遗失的第二因素', en: 'Remove lost second factors' },
    params,
    answers: { 200: AccountLine },
    problems: [404],
  }),
  endAccountSessions: defineEndpoint({
    method: 'DELETE',
    path: '/api/v1/accounts/{accountId}/sessions',
    tag: 'accounts',
    right: 'account.manage',
    needsFreshAuth: true,
    summary: { zh: '结束他人的登录并吊销令牌', en: "End somebody's sessions and revoke the tokens" },
    params,
    answers: { 200: AccountLine },
    problems: [404],
  }),
  linkOidc: defineEndpoint({
    method: 'PUT',
    path: '/api/v1/accounts/{accountId}/oidc',
    tag: 'accounts',
    right: 'account.manage',
    needsFreshAuth: true,
    summary: { zh: '关联统一身份认证', en: 'Link to the OpenID provider' },
    description: 'Problems: `oidc/off` (409), `oidc/linked-elsewhere` (409).',
    params,
    body: z.object({ subject: z.string().min(1).max(255).nullable() }).meta({ id: 'OidcLink' }),
    answers: { 200: AccountLine },
    problems: [404, 409],
  }),
  listOfficeConflicts: defineEndpoint({
    method: 'GET',
    path: '/api/v1/office-conflicts',
    tag: 'accounts',
    right: 'signed-in',
    summary: { zh: '三员分立冲突', en: 'Conflicts with the separation of the three administrators' },
    description: 'What stands in the data, for the audit and the security administrator; looking is an entry.',
    answers: { 200: z.object({ items: z.array(Conflict) }).meta({ id: 'OfficeConflicts' }) },
  }),
  listAdministratorActs: defineEndpoint({
    method: 'GET',
    path: '/api/v1/administrator-acts',
    tag: 'accounts',
    right: 'signed-in',
    summary: { zh: '其他管理员的操作', en: 'Acts of the other administrators' },
    description:
      'The audit administrator sees those of the system and security administrators, the security administrator those of the audit administrator.',
    query: z.object({ accountId: Id.optional(), limit: Limit.optional(), cursor: IdCursor.optional() }),
    answers: { 200: z.object({ items: z.array(Act), nextCursor: Cursor.nullable() }).meta({ id: 'AdministratorActs' }) },
  }),
} as const;
