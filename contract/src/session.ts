import { z } from 'zod';
import { defineEndpoint, Right } from './endpoint.ts';
import { Id, Language, Role, TimeMs } from './values.ts';

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

const Password = z.string().min(1).max(1024);

export const sessionEndpoints = {
  signIn: defineEndpoint({
    method: 'POST',
    path: '/api/v1/session',
    tag: 'session',
    right: 'open',
    summary: { zh: '登录', en: 'Sign in' },
    description: 'Sets the cookie `lantai_session` (HttpOnly, SameSite=Strict). Problems: `session/refused` (401), `session/locked` (423).',
    body: z.object({ name: z.string().min(1).max(200), password: Password }).meta({ id: 'SignIn' }),
    answers: { 200: SessionView },
    problems: [423],
  }),
  getSession: defineEndpoint({
    method: 'GET',
    path: '/api/v1/session',
    tag: 'session',
    right: 'signed-in',
    summary: { zh: '当前账户', en: 'Who is signed in' },
    answers: { 200: SessionView },
  }),
  signOut: defineEndpoint({
    method: 'DELETE',
    path: '/api/v1/session',
    tag: 'session',
    right: 'signed-in',
    summary: { zh: '退出登录', en: 'Sign out' },
    answers: { 204: { empty: 'Signed out.' } },
  }),
  changePassword: defineEndpoint({
    method: 'POST',
    path: '/api/v1/session/password',
    tag: 'session',
    right: 'signed-in',
    summary: { zh: '修改密码', en: 'Change the password' },
    description:
      'Ends every other session of the account. Problems (422): `password/wrong`, `password/too-short`, `password/too-common`, `password/same`.',
    body: z.object({ current: Password, next: Password }).meta({ id: 'PasswordChange' }),
    answers: { 204: { empty: 'Changed.' } },
    problems: [422],
  }),
  chooseLanguage: defineEndpoint({
    method: 'PUT',
    path: '/api/v1/session/language',
    tag: 'session',
    right: 'signed-in',
    summary: { zh: '选择语言', en: 'Choose the language' },
    body: z.object({ language: Language }).meta({ id: 'LanguageChoice' }),
    answers: { 204: { empty: 'Kept.' } },
  }),
} as const;
