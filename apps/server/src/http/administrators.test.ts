import { describe, expect, it } from 'vitest';
import { PASSWORD, useWeb, type Visitor } from './testing/web-fixture.ts';

const web = useWeb();
const ACCOUNTS = '/api/v1/accounts';
const order = (name: string, role: string, over: object = {}) => ({ name, role, fondsId: null, unitId: null, levelMax: 1, ...over });

async function lineOf(admin: Visitor, id: string) {
  const { body } = await admin.call('GET', ACCOUNTS);
  return body.items.find((item: { id: string }) => item.id === id);
}

describe('three administrators', () => {
  it('let the security administrator alone keep accounts; the refused try is in the log', async () => {
    const security = await web.enter('security_admin');
    const made = await security.call('POST', ACCOUNTS, order('zhao.keep', 'archivist'));
    expect(made.status).toBe(201);
    expect(made.body.account).toMatchObject({ name: 'zhao.keep', role: 'archivist', mustChangePassword: true, version: 1 });
    for (const role of ['system_admin', 'audit_admin', 'archivist', 'unit_clerk'] as const) {
      const other = await web.enter(role, { unitId: web.rootUnitId });
      for (const [method, path, body] of [
        ['GET', ACCOUNTS, undefined],
        ['POST', ACCOUNTS, order('nobody', 'archivist')],
        ['PATCH', `${ACCOUNTS}/${security.accountId}`, { baseVersion: 1, disabled: true }],
      ] as const) {
        const refused = await other.call(method, path, body);
        expect({ role, method, status: refused.status, code: refused.body.code }).toEqual({
          role,
          method,
          status: 403,
          code: 'desk/not-allowed',
        });
      }
      expect(await web.kindsOf(other.accountId)).toContain('request.refused');
    }
  });

  it('make a first password that must be changed before any other operation is done', async () => {
    const security = await web.enter('security_admin');
    const made = await security.call('POST', ACCOUNTS, order('first.time', 'archivist'));
    const visitor = web.visitor();
    expect((await visitor.signIn('first.time', made.body.password)).body.account.mustChangePassword).toBe(true);
    for (const path of ['/api/v1/dossiers', '/api/v1/overview', '/api/v1/log/entries', '/api/v1/sessions', '/api/v1/break-glass'])
      expect((await visitor.call('GET', path)).body.code).toBe('password/change-needed');
    expect((await visitor.call('GET', '/api/v1/session')).status).toBe(200);
    expect((await visitor.call('POST', '/api/v1/session/password', { current: made.body.password, next: PASSWORD })).status).toBe(204);
    expect((await visitor.call('GET', '/api/v1/dossiers')).status).toBe(200);
  });

  it('are shown what stands in the data against them, the audit and the security administrator alone, with an entry', async () => {
    const [audit, security, archivist] = [await web.enter('audit_admin'), await web.enter('security_admin'), await web.enter('archivist')];
    const number = Buffer.alloc(32, 5);
    // Behind the program: it would refuse it.
    await web.database.ownerDb.query('update account set holder_token = $2 where id = any($1::uuid[])', [
      [audit.accountId, archivist.accountId],
      number,
    ]);
    for (const visitor of [audit, security]) {
      const { status, body } = await visitor.call('GET', '/api/v1/office-conflicts');
      expect(status).toBe(200);
      const about = body.items.filter((item: { sign: string }) => item.sign === 'holder');
      expect(about).toEqual([
        {
          code: 'conflict/office-and-archive',
          sign: 'holder',
          accounts: [
            { id: audit.accountId, name: audit.name, role: 'audit_admin' },
            { id: archivist.accountId, name: archivist.name, role: 'archivist' },
          ],
        },
      ]);
      expect(await web.kindsOf(visitor.accountId)).toContain('conflicts.reviewed');
    }
    for (const role of ['system_admin', 'archivist', 'reader', 'person'] as const) {
      const refused = await (await web.enter(role)).call('GET', '/api/v1/office-conflicts');
      expect([role, refused.status, refused.body.code]).toEqual([role, 403, 'desk/not-allowed']);
    }
    await web.database.ownerDb.query('update account set holder_token = null where holder_token = $1', [number]);
  });

  it('let nobody change their own rights, by their own account or another of theirs', async () => {
    const security = await web.enter('security_admin');
    for (const [method, path, body] of [
      ['PATCH', '', { baseVersion: 1, levelMax: 3 }],
      ['POST', '/password', undefined],
      ['DELETE', '/sessions', undefined],
      ['DELETE', '/factors', undefined],
    ] as const) {
      const refused = await security.call(method, `${ACCOUNTS}/${security.accountId}${path}`, body);
      expect([refused.status, refused.body.code]).toEqual([403, 'account/own']);
    }
    expect((await web.kindsOf(security.accountId)).filter((kind) => kind === 'request.refused')).toHaveLength(4);
  });

  it('refuse two of the three offices, or one beside archive business, in the hands of one person', async () => {
    const security = await web.enter('security_admin');
    const make = (name: string, role: string, holderNumber?: string) =>
      security.call('POST', ACCOUNTS, order(name, role, holderNumber ? { holderNumber } : {}));
    expect((await make('nonumber', 'audit_admin')).body.code).toBe('account/holder-needed');
    const audit = await make('sun.audit', 'audit_admin', 'GH-2001');
    expect(audit.status).toBe(201);
    for (const role of ['system_admin', 'security_admin', 'audit_admin', 'archivist']) {
      const second = await make(`sun.${role.replace('_', '.')}`, role, ' gh-2001'.trim());
      expect([second.status, second.body.code]).toEqual([409, 'account/holder-conflict']);
    }
    const clerk = await make('li.archive', 'archivist', 'GH-2002');
    const promoted = await security.call('PATCH', `${ACCOUNTS}/${clerk.body.account.id}`, {
      baseVersion: 1,
      role: 'system_admin',
      holderNumber: 'GH-2001',
    });
    expect(promoted.body.code).toBe('account/holder-conflict');
    const disabled = await security.call('PATCH', `${ACCOUNTS}/${clerk.body.account.id}`, { baseVersion: 1, disabled: true });
    expect(disabled.body).toMatchObject({ disabled: true, version: 2 });
    const again = await make('li.system', 'system_admin', 'GH-2002');
    expect(again.status).toBe(201);
    const back = await security.call('PATCH', `${ACCOUNTS}/${clerk.body.account.id}`, { baseVersion: 2, disabled: false });
    expect(back.body.code).toBe('account/holder-conflict');
  });

  it('take no office while they hold a post of archive business', async () => {
    const security = await web.enter('security_admin');
    const made = await security.call('POST', ACCOUNTS, order('zhou.post', 'archivist', { holderNumber: 'GH-2010' }));
    const at = `${ACCOUNTS}/${made.body.account.id}`;
    const post = { role: 'unit_clerk', fondsId: web.fondsId, unitId: web.rootUnitId, levelMax: 1, audiences: [] };
    const given = await security.call('POST', `${at}/posts`, post);
    expect(given.status).toBe(201);
    const promote = () => security.call('PATCH', at, { baseVersion: 1, role: 'system_admin' });
    expect((await promote()).body.code).toBe('post/administrator-and-archive');
    expect((await security.call('DELETE', `${at}/posts/${given.body.id}`)).status).toBe(204);
    expect((await promote()).status).toBe(200);
  });

  it('keep the last of each office, and refuse a change made from an old view', async () => {
    const security = await web.enter('security_admin');
    const { body } = await security.call('GET', ACCOUNTS);
    const auditors = body.items.filter((item: { role: string; disabled: boolean }) => item.role === 'audit_admin' && !item.disabled);
    for (const [i, line] of auditors.entries()) {
      const answer = await security.call('PATCH', `${ACCOUNTS}/${line.id}`, { baseVersion: line.version, disabled: true });
      expect(answer.body.code ?? 'done').toBe(i === auditors.length - 1 ? 'account/last-of-role' : 'done');
    }
    const stale = await security.call('PATCH', `${ACCOUNTS}/${auditors[0].id}`, { baseVersion: auditors[0].version, disabled: false });
    expect([stale.status, stale.body.code]).toEqual([409, 'account/changed']);
  });

  it('end the sessions of an account whose rights change, on the very next request', async () => {
    const security = await web.enter('security_admin');
    const archivist = await web.enter('archivist');
    expect((await archivist.call('GET', '/api/v1/dossiers')).status).toBe(200);
    const changed = await security.call('PATCH', `${ACCOUNTS}/${archivist.accountId}`, { baseVersion: 1, levelMax: 0 });
    expect(changed.body).toMatchObject({ levelMax: 0, sessions: 0 });
    expect((await archivist.call('GET', '/api/v1/dossiers')).status).toBe(401);
    expect((await web.kindsOf(archivist.accountId)).at(-1)).toBe('account.changed');
  });

  it('show the acts of each to another, and nobody else', async () => {
    const [system, security, audit] = [await web.enter('system_admin'), await web.enter('security_admin'), await web.enter('audit_admin')];
    await security.call('POST', ACCOUNTS, order('watched.act', 'archivist'));
    await system.call('GET', '/api/v1/jobs');
    await audit.call('GET', '/api/v1/administrator-acts');
    const acts = async (viewer: Visitor) =>
      (await viewer.call('GET', '/api/v1/administrator-acts')).body.items as {
        actor: { id: string };
        kind: string;
        objectName: string | null;
      }[];
    const ofAudit = await acts(security);
    expect(ofAudit.map((act) => act.kind)).toContain('acts.reviewed');
    expect(new Set(ofAudit.map((act) => act.actor.id)).has(security.accountId)).toBe(false);
    const seen = await acts(audit);
    expect(seen.find((act) => act.kind === 'account.created')).toMatchObject({
      actor: { id: security.accountId },
      objectName: 'watched.act',
    });
    expect(seen.some((act) => act.actor.id === system.accountId)).toBe(true);
    expect(seen.some((act) => act.actor.id === audit.accountId)).toBe(false);
    for (const role of ['archivist', 'system_admin'] as const)
      expect((await (await web.enter(role)).call('GET', '/api/v1/administrator-acts')).status).toBe(403);
  });

  it('ask for the password again when it was shown more than five minutes ago', async () => {
    const security = await web.enter('security_admin');
    web.moveClock(5 * 60_000 + 1);
    const stale = await security.call('POST', ACCOUNTS, order('late.one', 'archivist'));
    expect([stale.status, stale.body.code]).toEqual([403, 'session/fresh-needed']);
    expect((await security.call('GET', ACCOUNTS)).status).toBe(200);
    expect((await security.call('POST', '/api/v1/session/fresh', { password: 'not the password' })).body.code).toBe('password/wrong');
    expect((await security.call('POST', ACCOUNTS, order('late.one', 'archivist'))).status).toBe(403);
    expect((await security.call('POST', '/api/v1/session/fresh', { password: PASSWORD })).status).toBe(200);
    expect((await security.call('POST', ACCOUNTS, order('late.one', 'archivist'))).status).toBe(201);
    expect(await web.kindsOf(security.accountId)).toContain('session.proved-again');
  });

  it('give a forgotten password anew, once, and free an account that rests', async () => {
    const security = await web.enter('security_admin');
    const archivist = await web.enter('archivist');
    const door = web.visitor();
    for (let i = 0; i < 5; i++) await door.signIn(archivist.name, 'wrong password here');
    expect((await door.signIn(archivist.name)).body.code).toBe('session/locked');
    expect(await lineOf(security, archivist.accountId)).toMatchObject({ locked: true });
    const given = await security.call('POST', `${ACCOUNTS}/${archivist.accountId}/password`);
    expect(given.body.account).toMatchObject({ locked: false, mustChangePassword: true, sessions: 0 });
    expect((await door.signIn(archivist.name, given.body.password)).status).toBe(200);
  });

  it('take no key that the schema does not know: nobody slips a right into a request', async () => {
    const security = await web.enter('security_admin');
    const smuggled = await security.call('POST', ACCOUNTS, {
      ...order('smuggled', 'archivist'),
      mustChangePassword: false,
      failedCount: 0,
    });
    expect([smuggled.status, smuggled.body.code]).toEqual([400, 'request/unknown-key']);
    expect((await security.call('POST', ACCOUNTS, order('owner', 'trial_owner'))).status).toBe(400);
    expect((await security.call('GET', `${ACCOUNTS}/${'0'.repeat(8)}`)).status).toBe(404);
    const guessed = await security.call('PATCH', `${ACCOUNTS}/00000000-0000-4000-8000-000000000000`, { baseVersion: 1, disabled: true });
    expect([guessed.status, guessed.body.code]).toEqual([404, 'account/not-found']);
  });
});
