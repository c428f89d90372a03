import { z } from 'zod';
import { defineEndpoint, Right } from './endpoint.ts';
import { Id, TimeMs } from './values.ts';

const TokenLine = z
  .object({
    id: Id,
    label: z.string(),
    scopes: z.array(Right),
    createdAtMs: TimeMs,
    expiresAtMs: TimeMs,
    usedAtMs: TimeMs.nullable(),
    revokedAtMs: TimeMs.nullable(),
  })
  .meta({ id: 'TokenLine' });

/** Tokens by which programs act for an account: within scopes, until a day, on the same policy path. */
export const tokenEndpoints = {
  listTokens: defineEndpoint({
    method: 'GET',
    path: '/api/v1/tokens',
    tag: 'session',
    right: 'signed-in',
    summary: { zh: '我的接口令牌', en: 'Own API tokens' },
    answers: { 200: z.object({ items: z.array(TokenLine) }).meta({ id: 'TokenList' }) },
  }),
  makeToken: defineEndpoint({
    method: 'POST',
    path: '/api/v1/tokens',
    tag: 'session',
    right: 'signed-in',
    needsFreshAuth: true,
    summary: { zh: '生成接口令牌', en: 'Make an API token' },
    description: 'Sent as `Authorization: Bearer …`; no cookie is then looked at. Problems (422): `token/scope-beyond`, `token/too-many`.',
    body: z
      .object({ label: z.string().trim().min(1).max(60), scopes: z.array(Right).min(1).max(40), days: z.int().min(1).max(365) })
      .meta({ id: 'NewToken' }),
    answers: { 201: z.object({ token: z.string().describe('Shown once.'), line: TokenLine }).meta({ id: 'TokenGiven' }) },
    problems: [422],
  }),
  revokeToken: defineEndpoint({
    method: 'DELETE',
    path: '/api/v1/tokens/{tokenId}',
    tag: 'session',
    right: 'signed-in',
    summary: { zh: '吊销接口令牌', en: 'Revoke an API token' },
    params: z.object({ tokenId: Id }),
    answers: { 204: { empty: 'Revoked.' } },
    problems: [404],
  }),
} as const;
