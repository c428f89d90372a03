import { describe, expect, it } from 'vitest';
import { PASSWORD, useWeb } from './testing/web-fixture.ts';

const web = useWeb();
const SESSION = 'lantai_session';
const MINUTE_MS = 60_000;

describe('a session', () => {
  it('is a new token at every sign-in; the one the browser came with ends', async () => {
    const visitor = await web.enter('archivist');
    const planted = visitor.cookies.get(SESSION)!;
    await visitor.signIn(visitor.name);
    expect(visitor.cookies.get(SESSION)).not.toBe(planted);
    const other = web.visitor();
    other.cookies.set(SESSION, planted);
    expect((await other.call('GET', '/api/v1/session')).body.code).toBe('session/needed');
    other.cookies.set(SESSION, 'f'.repeat(43));
    expect((await other.call('GET', '/api/v1/session')).status).toBe(401);
  });

  it('ends when nothing was done for half an hour, and lives while something is', async () => {
    const [idle, busy] = [await web.enter('archivist'), await web.enter('archivist')];
    web.moveClock(20 * MINUTE_MS);
    expect((await busy.call('GET', '/api/v1/session')).status).toBe(200);
    web.moveClock(11 * MINUTE_MS);
    expect((await busy.call('GET', '/api/v1/session')).status).toBe(200);
    expect((await idle.call('GET', '/api/v1/session')).status).toBe(401);
  });

  it('ends after twelve hours whatever is done', async () => {
    const visitor = await web.enter('archivist');
    for (let i = 0; i < 28; i++) {
      web.moveClock(25 * MINUTE_MS);
      expect((await visitor.call('GET', '/api/v1/session')).status).toBe(200);
    }
    web.moveClock(25 * MINUTE_MS);
    expect((await visitor.call('GET', '/api/v1/session')).status).toBe(401);
  });

  it('does not come back to life when the clock is set back: all end, and the step is in the log', async () => {
    const visitor = await web.enter('archivist');
    web.moveClock(40 * MINUTE_MS);
    expect((await visitor.call('GET', '/api/v1/session')).status).toBe(401);
    web.moveClock(-30 * MINUTE_MS);
    expect((await visitor.call('GET', '/api/v1/session')).status).toBe(401);
    const steps = await web.served.db.query(`select 1 from entry where kind = 'clock.set-back'`);
    expect(steps).toHaveLength(1);
    const after = await web.enter('archivist');
    web.moveClock(-1 * MINUTE_MS);
    expect((await after.call('GET', '/api/v1/session')).status).toBe(200);
  });

  it('is listed with where it came from, and ended one by one or all others at once, never those of somebody else', async () => {
    const first = await web.enter('archivist');
    const second = web.visitor();
    await second.call('POST', '/api/v1/session', { name: first.name, password: PASSWORD }, { 'user-agent': 'Browser of the reading room' });
    const stranger = await web.enter('archivist');
    const { items } = (await first.call('GET', '/api/v1/sessions')).body;
    expect(items).toMatchObject([
      { way: 'password', browser: 'Browser of the reading room', isThis: false },
      { way: 'password', isThis: true },
    ]);
    const foreign = await stranger.call('DELETE', `/api/v1/sessions/${items[0].id}`);
    expect([foreign.status, foreign.body.code]).toEqual([404, 'session/not-found']);
    expect((await second.call('GET', '/api/v1/session')).status).toBe(200);
    expect((await first.call('DELETE', `/api/v1/sessions/${items[0].id}`)).status).toBe(204);
    expect((await second.call('GET', '/api/v1/session')).status).toBe(401);
    await second.signIn(first.name);
    expect((await first.call('DELETE', '/api/v1/sessions')).body).toEqual({ ended: 1 });
    expect((await second.call('GET', '/api/v1/session')).status).toBe(401);
    expect((await first.call('GET', '/api/v1/session')).status).toBe(200);
    expect((await stranger.call('GET', '/api/v1/session')).status).toBe(200);
  });

  it('of somebody else is ended by the security administrator', async () => {
    const [security, archivist] = [await web.enter('security_admin'), await web.enter('archivist')];
    const ended = await security.call('DELETE', `/api/v1/accounts/${archivist.accountId}/sessions`);
    expect(ended.body).toMatchObject({ sessions: 0, tokens: 0 });
    expect((await archivist.call('GET', '/api/v1/session')).status).toBe(401);
  });

  it('keeps address and browser sealed', async () => {
    const visitor = web.visitor();
    const { name } = await web.enter('archivist');
    await visitor.call('POST', '/api/v1/session', { name, password: PASSWORD }, { 'user-agent': 'Mozilla of nobody' });
    const rows = await web.served.db.query<{ line: string }>(`select encode(client, 'escape') as line from session`);
    expect(rows.length).toBeGreaterThan(0);
    for (const { line } of rows) expect(line).not.toMatch(/Mozilla|192\.0\.2/);
  });
});

describe('a password', () => {
  const change = (visitor: { call: ReturnType<typeof web.visitor>['call'] }, current: string, next: string) =>
    visitor.call('POST', '/api/v1/session/password', { current, next });

  it('is refused when short, common, of the trade, or made of the account name; a sentence is taken', async () => {
    const visitor = await web.enter('archivist');
    const codes: Record<string, string> = {
      Ab3$efgh: 'password/too-short',
      password1234: 'password/too-common',
      '1qaz2wsx3edc': 'password/too-common',
      lantai20261122: 'password/too-common',
      dangan123456: 'password/too-common',
      [`${visitor.name}2026!!`]: 'password/too-common',
      ['啊'.repeat(300)]: 'password/too-long',
    };
    for (const [next, code] of Object.entries(codes))
      expect({ next, code: (await change(visitor, PASSWORD, next)).body.code }).toEqual({ next, code });
    expect((await change(visitor, PASSWORD, '雨后的屋檐滴了一整夜的水')).status).toBe(204);
  });

  it('is not taken again while it is among the last five, and gives a new session while the others end', async () => {
    const visitor = await web.enter('archivist');
    const other = web.visitor();
    await other.signIn(visitor.name);
    const row = [
      '北山上第一场雪下得很安静',
      '邻居的猫总在清晨叫醒我',
      '旧书店老板记得每个人的名字',
      '渡口的灯在雾里像一粒豆',
      '火车晚点四十分钟才进站',
      '祖母腌的萝卜要等到立冬',
    ];
    let current = PASSWORD;
    const token = visitor.cookies.get(SESSION);
    for (const next of row.slice(0, 5)) {
      expect((await change(visitor, current, next)).status).toBe(204);
      current = next;
    }
    expect(visitor.cookies.get(SESSION)).not.toBe(token);
    expect((await other.call('GET', '/api/v1/session')).status).toBe(401);
    for (const former of [PASSWORD, ...row.slice(0, 5)])
      expect((await change(visitor, current, former)).body.code).toBe('password/used-before');
    expect((await change(visitor, current, row[5]!)).status).toBe(204);
    expect((await change(visitor, row[5]!, PASSWORD)).status).toBe(204);
  });

  it('that is wrong five times locks the account, also when tried from inside a session', async () => {
    const visitor = await web.enter('archivist');
    for (let i = 0; i < 5; i++)
      expect((await change(visitor, 'not my password', '雨后的屋檐滴了一整夜的水')).body.code).toBe('password/wrong');
    const locked = await change(visitor, PASSWORD, '雨后的屋檐滴了一整夜的水');
    expect([locked.status, locked.body.code]).toEqual([423, 'session/locked']);
    expect((await web.visitor().signIn(visitor.name)).status).toBe(423);
    web.moveClock(MINUTE_MS + 1);
    expect((await web.visitor().signIn(visitor.name)).status).toBe(200);
  });
});

describe('a password of a limited age', () => {
  const aging = useWeb(({ config }) => ({ config: { ...config, access: { ...config.access, passwordAgeMaxMs: 90 * 86_400_000 } } }));
  it('must be changed when it is older, before anything else', async () => {
    const visitor = await aging.enter('archivist');
    expect((await visitor.call('GET', '/api/v1/dossiers')).status).toBe(200);
    aging.moveClock(91 * 86_400_000);
    expect((await visitor.signIn(visitor.name)).body.account.mustChangePassword).toBe(true);
    expect((await visitor.call('GET', '/api/v1/dossiers')).body.code).toBe('password/change-needed');
    expect((await visitor.call('POST', '/api/v1/session/password', { current: PASSWORD, next: '雨后的屋檐滴了一整夜的水' })).status).toBe(
      204,
    );
    expect((await visitor.call('GET', '/api/v1/dossiers')).status).toBe(200);
  });
});
