import { decodeEntry } from '@lantai/log';
import { beforeAll, describe, expect, it } from 'vitest';
import { makeBackup } from '../keeping/index.ts';
import { useWeb, type Visitor } from './testing/web-fixture.ts';

const web = useWeb();
const seen = new Set<string>();

/** The entries since the last time, as the log's bytes say them. */
async function newEntries() {
  const rows = await web.served.db.query<{ id: string; bytes: Uint8Array }>('select id, bytes from entry order by id');
  const fresh = rows.filter((r) => !seen.has(r.id));
  for (const { id } of fresh) seen.add(id);
  return fresh.map((r) => decodeEntry(r.bytes)).map(({ kind, actor, object, params }) => ({ kind, actor, object, params }));
}

/** What a call leaves: the failure alone. */
async function failureOf(
  visitor: Visitor,
  method: 'GET' | 'POST' | 'PUT' | 'DELETE',
  path: string,
  body?: unknown,
  headers?: Record<string, string>,
) {
  await newEntries();
  const { status, body: problem } = await visitor.call(method, path, body, headers);
  return { status, code: problem?.code as string, entries: await newEntries() };
}

describe('what is refused or fails over HTTP', () => {
  let dossierId = '';
  let pageId = '';
  beforeAll(async () => {
    dossierId = await web.addDossier({ name: '贾似道' });
    await web.importPages(dossierId, ['1.png']);
    pageId = (await web.archive.db.system('test').query<{ id: string }>('select id from page'))[0]!.id;
  });

  it('is an entry with code, account and object: no right, another unit’s dossier, an id that is guessed', async () => {
    const clerk = await web.enter('unit_clerk', { fondsId: web.fondsId, unitId: await web.addUnit('ELSE') });
    const refused = (operation: string, code: string, object?: string) => [
      { kind: 'request.refused', actor: clerk.accountId, object, params: { operation, code, purpose: 'administration' } },
    ];
    const cases: [method: 'GET' | 'POST', path: string, operation: string, code: string, object?: string][] = [
      ['GET', '/api/v1/accounts', 'listAccounts', 'desk/not-allowed'],
      ['GET', `/api/v1/dossiers/${dossierId}`, 'getDossier', 'dossier/not-found', dossierId],
      ['POST', `/api/v1/pages/${pageId}/view`, 'viewPage', 'page/not-found', pageId],
      // The export of an original, which a clerk may not take at all.
      ['POST', `/api/v1/pages/${pageId}/original`, 'downloadOriginal', 'desk/not-allowed', pageId],
      ['GET', `/api/v1/dossiers/${web.rootUnitId}`, 'getDossier', 'dossier/not-found', web.rootUnitId],
    ];
    for (const [method, path, operation, code, object] of cases)
      expect((await failureOf(clerk, method, path)).entries).toEqual(refused(operation, code, object));
    expect((await failureOf(clerk, 'GET', '/api/v1/overview')).entries).toEqual([]);
  });

  it('is an entry in the name of nobody: no session, a forged one, a wrong token, a page of another site', async () => {
    const stranger = web.visitor();
    const none = await failureOf(stranger, 'GET', `/api/v1/dossiers/${dossierId}`);
    expect(none).toMatchObject({
      status: 401,
      entries: [{ kind: 'request.refused', actor: 'nobody', object: dossierId, params: { code: 'session/needed' } }],
    });
    const forged = await failureOf(stranger, 'GET', '/api/v1/session', undefined, {
      cookie: 'lantai_session=abcdefghijklmnopqrstuvwxyz0123456789abcdefg',
    });
    expect(forged).toMatchObject({ status: 401, entries: [{ kind: 'request.refused', actor: 'nobody' }] });
    const token = await failureOf(stranger, 'GET', '/api/v1/dossiers', undefined, { authorization: 'Bearer lantai_nothing' });
    expect(token).toMatchObject({ status: 401, entries: [{ kind: 'session.refused', actor: 'nobody', params: { reason: 'token' } }] });
    const foreign = await failureOf(stranger, 'POST', '/api/v1/session', { name: 'x', password: 'y' }, { origin: 'https://evil.example' });
    expect(foreign).toMatchObject({
      status: 403,
      entries: [{ kind: 'request.refused', actor: 'nobody', params: { code: 'request/foreign-origin' } }],
    });
    // The page that finds out that nobody is signed in has been refused nothing.
    expect(await failureOf(stranger, 'GET', '/api/v1/session')).toMatchObject({ status: 401, entries: [] });
    expect(await failureOf(stranger, 'GET', '/wp-login.php')).toMatchObject({ status: 404, entries: [] });
  });

  it('is an entry when a sign-in, a second factor or a view token does not hold', async () => {
    const archivist = await web.enter('archivist', { fondsId: web.fondsId });
    await newEntries();
    await web.visitor().signIn(archivist.name, '不是这个口令');
    expect(await newEntries()).toMatchObject([{ kind: 'session.refused', object: archivist.accountId, params: { reason: 'password' } }]);
    await archivist.call('POST', '/api/v1/session/totp');
    const wrong = await failureOf(archivist, 'POST', '/api/v1/session/totp/confirmation', { code: '000000' });
    expect(wrong.entries).toContainEqual(expect.objectContaining({ kind: 'session.refused', object: archivist.accountId }));
    const view = await archivist.call('POST', `/api/v1/pages/${pageId}/view`);
    expect(view.status).toBe(200);
    await web.served.db.system('test').query('update view_token set expires_at_ms = 1');
    const over = await failureOf(archivist, 'GET', `/iiif/${view.body.viewToken}/info.json`);
    expect(over).toMatchObject({
      status: 410,
      entries: [{ kind: 'request.refused', actor: archivist.accountId, params: { code: 'view/expired', operation: 'getImageInfo' } }],
    });
    // INVARIANT: the token itself is in no entry.
    expect(JSON.stringify(over.entries)).not.toContain(view.body.viewToken);
  });

  it('is an entry when the archive itself fails', async () => {
    const archivist = await web.enter('archivist', { fondsId: web.fondsId });
    await web.database.ownerDb.query('alter table finding rename to finding_away');
    const failed = await failureOf(archivist, 'GET', `/api/v1/dossiers/${dossierId}`);
    await web.database.ownerDb.query('alter table finding_away rename to finding');
    expect(failed.status).toBeGreaterThanOrEqual(500);
    expect(failed.entries).toMatchObject([{ kind: 'request.failed', actor: archivist.accountId, object: dossierId }]);
    await expect(makeBackup(web.served, web.folder, { keyFile: `${web.folder}.keys` })).rejects.toMatchObject({
      code: 'backup/folder-exists',
    });
    expect(await newEntries()).toMatchObject([{ kind: 'backup.failed', actor: 'system', params: { code: 'backup/folder-exists' } }]);
  });

  it('fills no disk: beyond thirty a minute of one account, or of nobody, they are counted', async () => {
    const [archivist, stranger] = [await web.enter('archivist', { fondsId: web.fondsId }), web.visitor()];
    web.moveClock(61_000);
    await newEntries();
    for (let n = 0; n < 45; n++) {
      await archivist.call('GET', '/api/v1/accounts');
      await stranger.call('GET', '/api/v1/accounts');
    }
    const written = await newEntries();
    const of = (actor: string) => written.filter((e) => e.actor === actor);
    expect([of(archivist.accountId).length, of('nobody').length]).toEqual([30, 30]);
    web.moveClock(61_000);
    await stranger.call('GET', '/api/v1/accounts');
    const counts = await newEntries();
    expect(counts).toHaveLength(3);
    for (const actor of [archivist.accountId, 'nobody'])
      expect(counts).toContainEqual(
        expect.objectContaining({ kind: 'failures.counted', actor, params: expect.objectContaining({ count: 15, seconds: 60 }) }),
      );
  });
});
