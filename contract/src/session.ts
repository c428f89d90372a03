import { z } from 'zod';
import { defineEndpoint, Right } from './endpoint.ts';
import { Id, Language, PasskeyAnswer, Role, TimeMs } from './values.ts';

/** Who is signed in, and what the page must know from the first moment. */
export const SessionView = z
  .object({
    account: z.object({
      id: Id,
      name: z.string(),
      role: Role,
      fondsId: Id.nullable(),
      unitId: Id.nullable(),
      language: Language,
      mustChangePassword: z.boolean(),
    }),
    rights: z.array(Right),
    archive: z.object({
      id: Id,
      kind: z.enum(['trial', 'production']),
      suite: z.enum(['intl', 'gm']),
      sampleImported: z.boolean().describe('Of a trial archive: whether the sample dossier was imported.'),
      recoveryKitConfirmed: z.boolean(),
    }),
    expiresAtMs: TimeMs,
  })
  .meta({ id: 'SessionView' });
export type SessionView = z.infer<typeof SessionView>;

/** How a session began. */
export const SignInWay = z.enum(['password', 'totp', 'recovery', 'passkey', 'oidc']).meta({ id: 'SignInWay' });

const SessionLine = z
  .object({
    id: Id,
    way: SignInWay,
    address: z.string(),
    browser: z.string(),
    createdAtMs: TimeMs,
    seenAtMs: TimeMs,
    expiresAtMs: TimeMs,
    isThis: z.boolean(),
  })
  .meta({ id: 'SessionLine' });

const Password = z.string().min(1).max(1024);
const Code = z.string().min(6).max(40).describe('Six digits of the authenticator, or a recovery code.');

export const sessionEndpoints = {
  signIn: defineEndpoint({
    method: 'POST',
    path: '/api/v1/session',
    tag: 'session',
    right: 'open',
    summary: { zh: '登录', en: 'Sign in' },
    description:
      'Sets the cookie `lantai_session` (over TLS `__Host-lantai_session`; HttpOnly, SameSite=Strict) and ends the session that the browser had. Problems: `session/refused` (401), `session/code-needed` (401: the account has a second factor, send it in `code`), `session/locked` (423).',
    body: z.object({ name: z.string().min(1).max(200), password: Password, code: Code.optional() }).meta({ id: 'SignIn' }),
    answers: { 200: SessionView },
    problems: [423],
  }),
  getSignInWays: defineEndpoint({
    method: 'GET',
    path: '/api/v1/session/ways',
    tag: 'session',
    right: 'open',
    summary: { zh: '可用的登录方式', en: 'Ways to sign in' },
    answers: { 200: z.object({ oidc: z.object({ label: z.string() }).nullable() }).meta({ id: 'SignInWays' }) },
  }),
  startOidcSignIn: defineEndpoint({
    method: 'GET',
    path: '/api/v1/session/oidc',
    tag: 'session',
    right: 'open',
    summary: { zh: '去统一身份认证登录', en: 'Go to the OpenID provider' },
    description: 'Authorization code with PKCE, state and nonce. Problem: `oidc/off` (409).',
    answers: { 302: { empty: 'To the provider.' } },
    problems: [409],
  }),
  finishOidcSignIn: defineEndpoint({
    method: 'GET',
    path: '/api/v1/session/oidc/callback',
    tag: 'session',
    right: 'open',
    summary: { zh: '统一身份认证返回', en: 'Back from the OpenID provider' },
    description: 'Leads to `/`, signed in, or to `/?refused=` and the code: `oidc/refused`, `oidc/not-linked`, `session/locked`.',
    answers: { 302: { empty: 'To the page.' } },
    problems: [409],
  }),
  getSession: defineEndpoint({
    method: 'GET',
    path: '/api/v1/session',
    tag: 'session',
    right: 'signed-in',
    beforePasswordChange: true,
    summary: { zh: '当前账户', en: 'Who is signed in' },
    answers: { 200: SessionView },
  }),
  signOut: defineEndpoint({
    method: 'DELETE',
    path: '/api/v1/session',
    tag: 'session',
    right: 'signed-in',
    beforePasswordChange: true,
    summary: { zh: '退出登录', en: 'Sign out' },
    answers: { 204: { empty: 'Signed out.' } },
  }),
  changePassword: defineEndpoint({
    method: 'POST',
    path: '/api/v1/session/password',
    tag: 'session',
    right: 'signed-in',
    beforePasswordChange: true,
    summary: { zh: '修改密码', en: 'Change the password' },
    description:
      'Ends every other session of the account and gives this one a new cookie. Problems (422): `password/wrong`, `password/too-short`, `password/too-common`, `password/used-before`. A wrong present password counts as at the door (423 `session/locked`).',
    body: z.object({ current: Password, next: Password }).meta({ id: 'PasswordChange' }),
    answers: { 204: { empty: 'Changed.' } },
    problems: [422, 423],
  }),
  chooseLanguage: defineEndpoint({
    method: 'PUT',
    path: '/api/v1/session/language',
    tag: 'session',
    right: 'signed-in',
    beforePasswordChange: true,
    summary: { zh: '选择语言', en: 'Choose the language' },
    body: z.object({ language: Language }).meta({ id: 'LanguageChoice' }),
    answers: { 204: { empty: 'Kept.' } },
  }),
  proveFresh: defineEndpoint({
    method: 'POST',
    path: '/api/v1/session/fresh',
    tag: 'session',
    right: 'signed-in',
    summary: { zh: '再次验证身份', en: 'Show password or second factor again' },
    description:
      'Opens dangerous acts for five minutes. Give one of the three. Problems: `password/wrong`, `session/code-wrong` (422), `session/locked` (423).',
    body: z.object({ password: Password.optional(), code: Code.optional(), passkey: PasskeyAnswer.optional() }).meta({ id: 'FreshProof' }),
    answers: { 200: z.object({ freshUntilMs: TimeMs }).meta({ id: 'Fresh' }) },
    problems: [422, 423],
  }),
  listSessions: defineEndpoint({
    method: 'GET',
    path: '/api/v1/sessions',
    tag: 'session',
    right: 'signed-in',
    summary: { zh: '我的登录', en: 'Own sessions' },
    answers: { 200: z.object({ items: z.array(SessionLine) }).meta({ id: 'SessionList' }) },
  }),
  endSession: defineEndpoint({
    method: 'DELETE',
    path: '/api/v1/sessions/{sessionId}',
    tag: 'session',
    right: 'signed-in',
    summary: { zh: '结束一个登录', en: 'End one own session' },
    params: z.object({ sessionId: Id }),
    answers: { 204: { empty: 'Ended.' } },
    problems: [404],
  }),
  endOtherSessions: defineEndpoint({
    method: 'DELETE',
    path: '/api/v1/sessions',
    tag: 'session',
    right: 'signed-in',
    summary: { zh: '结束其他登录', en: 'End all other own sessions' },
    answers: { 200: z.object({ ended: z.int().min(0) }).meta({ id: 'SessionsEnded' }) },
  }),
} as const;
