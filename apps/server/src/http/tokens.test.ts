import { describe, expect, it } from 'vitest';
import { PASSWORD, useWeb, type Visitor } from './testing/web-fixture.ts';

const web = useWeb();
const TOKENS = '/api/v1/tokens';
const DAY_MS = 86_400_000;
const make = (visitor: Visitor, over: object = {}) =>
  visitor.call('POST', TOKENS, { label: '夜间统计', scopes: ['dossier.list'], days: 30, ...over });
const bearer = (token: string) => ({ authorization: `Bearer ${token}` });

describe('an API token', () => {
  it('acts for its account within its scopes, without a cookie, also from elsewhere', async () => {
    const visitor = await web.enter('archivist');
    const made = await make(visitor);
    expect(made.status).toBe(201);
    const { token } = made.body;
    const program = web.visitor();
    expect((await program.call('GET', '/api/v1/dossiers', undefined, bearer(token))).status).toBe(200);
    expect((await program.call('GET', '/api/v1/overview', undefined, bearer(token))).status).toBe(200);
    const search = await program.call('POST', '/api/v1/search', { query: '张' }, { ...bearer(token), 'sec-fetch-site': 'cross-site' });
    expect([search.status, search.body.code]).toEqual([403, 'token/scope']);
    const list = await visitor.call('GET', TOKENS);
    expect(list.body.items).toMatchObject([{ label: '夜间统计', scopes: ['dossier.list'], revokedAtMs: null }]);
    expect(JSON.stringify(list.body)).not.toContain(token);
    expect(await web.kindsOf(visitor.accountId)).toEqual(expect.arrayContaining(['token.made', 'token.used', 'request.refused']));
  });

  it('sees what its account may see and nothing beside', async () => {
    const unitId = await web.addUnit('TK1');
    await web.addDossier({ code: 'TK-IN', unitId });
    await web.addDossier({ code: 'TK-OUT' });
    const clerk = await web.enter('unit_clerk', { fondsId: web.fondsId, unitId });
    const { token } = (await make(clerk)).body;
    const seen = await web.visitor().call('GET', '/api/v1/dossiers', undefined, bearer(token));
    expect(seen.body.items.map((item: { code: string }) => item.code)).toEqual(['TK-IN']);
  });

  it('cannot reach for more: not the session, not other tokens, not dangerous acts, not a right beyond its account', async () => {
    const security = await web.enter('security_admin');
    expect((await make(security, { scopes: ['page.view'] })).body.code).toBe('token/scope-beyond');
    const { token } = (await make(security, { scopes: ['account.manage'] })).body;
    const program = web.visitor();
    const order = { name: 'by.token', role: 'archivist', fondsId: null, unitId: null, levelMax: 1 };
    for (const [method, path, body] of [
      ['POST', '/api/v1/accounts', order],
      ['POST', TOKENS, { label: 'x', scopes: ['account.manage'], days: 1 }],
      ['POST', '/api/v1/session/password', { current: PASSWORD, next: '雨后的屋檐滴了一整夜的水' }],
      ['POST', '/api/v1/session/fresh', { password: PASSWORD }],
      ['DELETE', '/api/v1/sessions', undefined],
    ] as const)
      expect((await program.call(method, path, body, bearer(token))).body.code).toBe('token/not-for-this');
    expect((await program.call('GET', '/api/v1/accounts', undefined, bearer(token))).status).toBe(200);
  });

  it('that is forged, cut, revoked, expired or of a disabled account is refused, and never falls back to a cookie', async () => {
    const [visitor, security] = [await web.enter('archivist'), await web.enter('security_admin')];
    const { token, line } = (await make(visitor)).body;
    const bad = [
      'lantai_',
      `lantai_${'A'.repeat(43)}`,
      token.slice(0, -1),
      `${token}x`,
      visitor.cookies.get('lantai_session')!,
      'x'.repeat(5000),
    ];
    for (const wrong of bad) {
      const answer = await visitor.call('GET', '/api/v1/dossiers', undefined, bearer(wrong));
      expect([answer.status, answer.body.code]).toEqual([401, 'token/refused']);
    }
    expect((await visitor.call('GET', '/api/v1/dossiers', undefined, { authorization: 'Basic dXNlcjp4' })).status).toBe(401);
    const stranger = await web.enter('archivist');
    expect((await stranger.call('DELETE', `${TOKENS}/${line.id}`)).body.code).toBe('token/not-found');
    expect((await visitor.call('DELETE', `${TOKENS}/${line.id}`)).status).toBe(204);
    const program = web.visitor();
    expect((await program.call('GET', '/api/v1/dossiers', undefined, bearer(token))).status).toBe(401);
    const second = (await make(visitor, { days: 1 })).body.token;
    const third = (await make(visitor)).body.token;
    web.moveClock(DAY_MS + 1);
    expect((await program.call('GET', '/api/v1/dossiers', undefined, bearer(second))).status).toBe(401);
    expect((await program.call('GET', '/api/v1/dossiers', undefined, bearer(third))).status).toBe(200);
    // Set back, the clock does not bring the expired one to life.
    web.moveClock(-DAY_MS);
    expect((await program.call('GET', '/api/v1/dossiers', undefined, bearer(second))).status).toBe(401);
    await security.signIn(security.name);
    const { items } = (await security.call('GET', '/api/v1/accounts')).body;
    const { version } = items.find((item: { id: string }) => item.id === visitor.accountId);
    expect(
      (await security.call('PATCH', `/api/v1/accounts/${visitor.accountId}`, { baseVersion: version, disabled: true })).body,
    ).toMatchObject({ disabled: true, tokens: 0 });
    expect((await program.call('GET', '/api/v1/dossiers', undefined, bearer(third))).status).toBe(401);
  });

  it('that is guessed at again and again is held up by address', async () => {
    const guesser = web.visitor();
    const statuses = [];
    for (let i = 0; i < 40; i++) statuses.push((await guesser.call('GET', '/api/v1/dossiers', undefined, bearer(`lantai_${i}`))).status);
    expect(statuses.slice(0, 25).every((status) => status === 401)).toBe(true);
    expect(statuses).toContain(429);
  });
});
