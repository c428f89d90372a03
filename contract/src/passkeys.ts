import { z } from 'zod';
import { defineEndpoint } from './endpoint.ts';
import { SessionView } from './session.ts';
import { Id, PasskeyAnswer, TimeMs, WebAuthnJson } from './values.ts';

const PasskeyChallenge = WebAuthnJson.meta({ id: 'PasskeyChallenge', description: 'Options for navigator.credentials, as JSON.' });

const Factors = z
  .object({
    totp: z.boolean(),
    recoveryCodesLeft: z.int().min(0),
    passkeys: z.array(z.object({ id: Id, label: z.string(), createdAtMs: TimeMs, usedAtMs: TimeMs.nullable() })),
  })
  .meta({ id: 'Factors' });
const RecoveryCodes = z
  .object({ recoveryCodes: z.array(z.string()) })
  .meta({ id: 'RecoveryCodes', description: 'Shown once; only digests are kept.' });

/** Second factors of the signed-in account, and signing in by passkey. */
export const factorEndpoints = {
  getFactors: defineEndpoint({
    method: 'GET',
    path: '/api/v1/session/factors',
    tag: 'session',
    right: 'signed-in',
    summary: { zh: '第二因素', en: 'Second factors' },
    answers: { 200: Factors },
  }),
  startTotp: defineEndpoint({
    method: 'POST',
    path: '/api/v1/session/totp',
    tag: 'session',
    right: 'signed-in',
    needsFreshAuth: true,
    summary: { zh: '开始登记动态口令', en: 'Begin to enrol an authenticator' },
    description: 'RFC 6238: SHA-1, six digits, 30 seconds. Counts only once confirmed by a code. Problem: `totp/enrolled` (409).',
    answers: { 200: z.object({ secret: z.string(), uri: z.string() }).meta({ id: 'TotpSecret' }) },
    problems: [409],
  }),
  confirmTotp: defineEndpoint({
    method: 'POST',
    path: '/api/v1/session/totp/confirmation',
    tag: 'session',
    right: 'signed-in',
    summary: { zh: '确认动态口令', en: 'Confirm the authenticator' },
    body: z.object({ code: z.string().regex(/^\d{6}$/) }).meta({ id: 'TotpConfirmation' }),
    answers: { 200: RecoveryCodes },
    problems: [409, 422, 423],
  }),
  removeTotp: defineEndpoint({
    method: 'DELETE',
    path: '/api/v1/session/totp',
    tag: 'session',
    right: 'signed-in',
    needsFreshAuth: true,
    summary: { zh: '取消动态口令', en: 'Remove the authenticator' },
    answers: { 204: { empty: 'Removed, with its recovery codes.' } },
  }),
  makeRecoveryCodes: defineEndpoint({
    method: 'POST',
    path: '/api/v1/session/recovery-codes',
    tag: 'session',
    right: 'signed-in',
    needsFreshAuth: true,
    summary: { zh: '重新生成恢复码', en: 'Make new recovery codes' },
    answers: { 200: RecoveryCodes },
    problems: [409],
  }),
  startPasskey: defineEndpoint({
    method: 'POST',
    path: '/api/v1/session/passkeys/challenge',
    tag: 'session',
    right: 'signed-in',
    needsFreshAuth: true,
    summary: { zh: '开始登记通行密钥', en: 'Begin to add a passkey' },
    answers: { 200: PasskeyChallenge },
  }),
  addPasskey: defineEndpoint({
    method: 'POST',
    path: '/api/v1/session/passkeys',
    tag: 'session',
    right: 'signed-in',
    summary: { zh: '登记通行密钥', en: 'Add a passkey' },
    body: z.object({ label: z.string().min(1).max(60), answer: PasskeyAnswer }).meta({ id: 'NewPasskey' }),
    answers: { 201: Factors },
    problems: [409, 422],
  }),
  removePasskey: defineEndpoint({
    method: 'DELETE',
    path: '/api/v1/session/passkeys/{passkeyId}',
    tag: 'session',
    right: 'signed-in',
    needsFreshAuth: true,
    summary: { zh: '取消通行密钥', en: 'Remove a passkey' },
    params: z.object({ passkeyId: Id }),
    answers: { 204: { empty: 'Removed.' } },
    problems: [404],
  }),
  startFreshPasskey: defineEndpoint({
    method: 'POST',
    path: '/api/v1/session/fresh/challenge',
    tag: 'session',
    right: 'signed-in',
    summary: { zh: '以通行密钥再次验证', en: 'Begin to show a passkey again' },
    answers: { 200: PasskeyChallenge },
  }),
  startPasskeySignIn: defineEndpoint({
    method: 'POST',
    path: '/api/v1/session/passkey/challenge',
    tag: 'session',
    right: 'open',
    summary: { zh: '开始以通行密钥登录', en: 'Begin to sign in by passkey' },
    answers: { 200: PasskeyChallenge },
  }),
  signInByPasskey: defineEndpoint({
    method: 'POST',
    path: '/api/v1/session/passkey',
    tag: 'session',
    right: 'open',
    summary: { zh: '以通行密钥登录', en: 'Sign in by passkey' },
    description:
      'The device has checked finger, face or PIN, so this is two factors in one. Problems: `passkey/refused` (422), `session/locked` (423).',
    body: z.object({ answer: PasskeyAnswer }).meta({ id: 'PasskeySignIn' }),
    answers: { 200: SessionView },
    problems: [422, 423],
  }),
} as const;
