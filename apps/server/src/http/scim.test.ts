import { beforeAll, describe, expect, it } from 'vitest';
import { insertSession } from '../access/index.ts';
import { deskTx } from '../desk/index.ts';
import { useWeb, type Visitor } from './testing/web-fixture.ts';

const web = useWeb();
const SCIM = 'application/scim+json';
const ENTERPRISE = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';
const PATCH = 'urn:ietf:params:scim:api:messages:2.0:PatchOp';

type Entered = Visitor & { accountId: string; name: string };
let [security, system]: Entered[] = [];
let token = '';
const tokenOf = async (visitor: Visitor, scopes: string[]): Promise<string> =>
  (await visitor.call('POST', '/api/v1/tokens', { label: 'IdP', scopes, days: 30 })).body.token;

interface Sent {
  readonly status: number;
  // biome-ignore lint/suspicious/noExplicitAny: answers are judged by the test, field by field
  readonly body: any;
  readonly headers: Readonly<Record<string, unknown>>;
}

async function send(
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE',
  path: string,
  body?: unknown,
  headers: Record<string, string> = {},
): Promise<Sent> {
  const answer = await web.app.inject({
    method,
    url: `/scim/v2/${path}`,
    headers: { authorization: `Bearer ${token}`, ...(body === undefined ? {} : { 'content-type': SCIM }), ...headers },
    ...(body === undefined ? {} : { payload: JSON.stringify(body) }),
  });
  return { status: answer.statusCode, body: answer.body ? answer.json() : null, headers: answer.headers };
}
const patch = (id: string, ...Operations: object[]) => send('PATCH', `Users/${id}`, { schemas: [PATCH], Operations });
const patchGroup = (id: string, ...Operations: object[]) => send('PATCH', `Groups/${id}`, { schemas: [PATCH], Operations });
const make = (userName: string, over: object = {}) =>
  send('POST', 'Users', { schemas: ['urn:ietf:params:scim:schemas:core:2.0:User'], userName, externalId: `ext-${userName}`, ...over });
const query = (resource: string, filter: string, more = '') => send('GET', `${resource}?filter=${encodeURIComponent(filter)}${more}`);
const rowOf = (id: string) =>
  web.archive.db.one<{ role: string; disabled: boolean; unit_id: string | null; password_hash: string }>(
    'select role, disabled, unit_id, password_hash from account where id = $1',
    [id],
  );

beforeAll(async () => {
  security = await web.enter('security_admin');
  system = await web.enter('system_admin');
  token = await tokenOf(security!, ['directory.sync']);
});

describe('the door of SCIM', () => {
  it('opens to a token with its scope and to nothing else: no cookie, no other scope, no other role', async () => {
    expect((await send('GET', 'Users')).status).toBe(200);
    const cookie = { cookie: [...security!.cookies].map(([name, value]) => `${name}=${value}`).join('; ') };
    const bare = await web.app.inject({ method: 'GET', url: '/scim/v2/Users', headers: cookie });
    expect([bare.statusCode, bare.headers['www-authenticate'], bare.json().schemas]).toEqual([
      401,
      'Bearer',
      ['urn:ietf:params:scim:api:messages:2.0:Error'],
    ]);
    const other = { authorization: `Bearer ${await tokenOf(security!, ['account.manage'])}` };
    for (const path of ['Users', 'Groups', 'ServiceProviderConfig']) expect((await send('GET', path, undefined, other)).status).toBe(403);
    expect((await send('POST', 'Users', { userName: 'x.y' }, other)).body.status).toBe('403');
    expect((await send('GET', 'Users', undefined, { authorization: 'Bearer lantai_none' })).status).toBe(401);
    const archivist = await web.enter('archivist', { fondsId: web.fondsId });
    const beyond = await archivist.call('POST', '/api/v1/tokens', { label: 'x', scopes: ['directory.sync'], days: 1 });
    expect(beyond.body.code).toBe('token/scope-beyond');
    // The scope opens nothing of the accounts.
    const accounts = await web.visitor().call('GET', '/api/v1/accounts', undefined, { authorization: `Bearer ${token}` });
    expect(accounts.body.code).toBe('token/scope');
  });

  it('says what it can do', async () => {
    const config = await send('GET', 'ServiceProviderConfig');
    expect(String(config.headers['content-type'])).toContain(SCIM);
    expect(config.body).toMatchObject({ patch: { supported: true }, bulk: { supported: false }, changePassword: { supported: false } });
    expect((await send('GET', 'ResourceTypes')).body.Resources.map((r: { id: string }) => r.id)).toEqual(['User', 'Group']);
    expect((await send('GET', 'ResourceTypes/Group')).body.endpoint).toBe('/Groups');
    const { body } = await send('GET', 'Schemas');
    for (const { id } of body.Resources) expect((await send('GET', `Schemas/${id}`)).body.id).toBe(id);
    for (const path of ['Schemas/none', 'ResourceTypes/Bulk', 'Nothing']) {
      const missing = await send('GET', path);
      expect([missing.status, missing.body.status]).toEqual([404, '404']);
    }
  });
});

describe('a user', () => {
  it('is made, found by what providers ask for, and an entry of the token’s holder', async () => {
    const made = await make('fan.chi', {
      displayName: '樊迟',
      active: true,
      name: { givenName: '迟', familyName: '樊' },
      emails: [{ value: 'f@x.cn' }],
    });
    expect(made.status).toBe(201);
    expect(made.body).toMatchObject({ userName: 'fan.chi', externalId: 'ext-fan.chi', displayName: '樊迟', active: true, groups: [] });
    expect(made.headers.location).toBe(`/scim/v2/Users/${made.body.id}`);
    expect(made.headers.etag).toBe(made.body.meta.version);
    expect(await rowOf(made.body.id)).toMatchObject({ role: 'person', disabled: false, password_hash: 'none' });
    for (const filter of [
      'userName eq "FAN.CHI"',
      'externalId eq "ext-fan.chi"',
      `id eq "${made.body.id}"`,
      'userName eq "fan.chi" and active eq true',
    ])
      expect([filter, (await query('Users', filter)).body.totalResults]).toEqual([filter, 1]);
    for (const filter of [
      'userName eq "fan"',
      'externalId eq "EXT-fan.chi"',
      'userName eq ""',
      'userName eq "fan.chi" and active eq false',
    ])
      expect([filter, (await query('Users', filter)).body.totalResults]).toEqual([filter, 0]);
    expect((await query('Users', 'userName co "chi"')).body.Resources[0].id).toBe(made.body.id);
    const searched = await send('POST', 'Users/.search', { filter: 'userName eq "fan.chi"', attributes: ['userName'] });
    expect(Object.keys(searched.body.Resources[0]).sort()).toEqual(['id', 'meta', 'schemas', 'userName']);
    expect((await query('Users', 'userName is "x"')).body).toMatchObject({ status: '400', scimType: 'invalidFilter' });
    expect(await web.kindsOf(security!.accountId)).toEqual(
      expect.arrayContaining(['directory.opened', 'account.created', 'directory.person-kept', 'directory.people-read', 'token.used']),
    );
    const rows = await web.database.ownerDb.query<{ t: string }>('select p::text as t from directory_person p');
    expect(rows.some(({ t }) => /樊迟|fan\.chi/.test(t))).toBe(false);
  });

  it('is made once: the same name or external id, or a name that is somebody’s here, is a conflict', async () => {
    await make('ran.you');
    for (const [userName, externalId] of [
      ['ran.you', 'ext-other'],
      ['ran.other', 'ext-ran.you'],
      [security!.name, 'ext-admin'],
      [system!.name, 'ext-system'],
    ])
      expect((await make(userName!, { externalId })).body).toMatchObject({ status: '409', scimType: 'uniqueness' });
  });

  it('is given no role, right or password, whatever is sent along, and no attribute that is not known', async () => {
    for (const over of [{ roles: [{ value: 'security_admin' }] }, { entitlements: ['all'] }, { Roles: [{ value: 'archivist' }] }])
      expect((await make('zai.wo', over)).body).toMatchObject({ status: '400', scimType: 'mutability' });
    for (const over of [{ role: 'archivist' }, { levelMax: 3 }, { 'urn:lantai:User': { clearance: 3 } }, { isAdmin: true }])
      expect((await make('zai.wo', over)).status).toBe(400);
    const { body } = await make('zai.wo', { password: '一个目录想塞进来的口令 2026', id: security!.accountId, meta: {}, roles: [] });
    expect(body.id).not.toBe(security!.accountId);
    expect(await rowOf(body.id)).toMatchObject({ role: 'person', password_hash: 'none' });
    expect((await web.visitor().signIn('zai.wo', '一个目录想塞进来的口令 2026')).status).toBe(401);
    for (const op of [
      { op: 'add', path: 'roles', value: [{ value: 'archivist' }] },
      { op: 'replace', value: { roles: [{ value: 'archivist' }] } },
      { op: 'replace', path: 'id', value: security!.accountId },
      { op: 'replace', path: 'groups', value: [] },
      { op: 'remove', path: 'userName' },
    ])
      expect((await patch(body.id, op)).body).toMatchObject({ status: '400', scimType: 'mutability' });
    expect((await rowOf(body.id))?.role).toBe('person');
  });

  it('is changed by the PATCHes that providers send, all of one or none', async () => {
    const { body } = await make('min.ziqian', { displayName: '闵子骞' });
    const azure = await patch(
      body.id,
      { op: 'Replace', path: 'active', value: 'False' },
      { op: 'Replace', path: 'displayName', value: '闵损' },
      { op: 'Add', path: 'emails[type eq "work"].value', value: 'm@x.cn' },
    );
    expect([azure.status, azure.body.active, azure.body.displayName]).toEqual([200, false, '闵损']);
    const okta = await patch(body.id, { op: 'replace', value: { active: true, userName: 'min.sun', 'name.familyName': '闵' } });
    expect([okta.body.active, okta.body.userName]).toEqual([true, 'min.sun']);
    const half = await patch(
      body.id,
      { op: 'replace', path: 'displayName', value: '无' },
      { op: 'replace', path: 'active', value: 'maybe' },
    );
    expect([half.status, half.body.scimType]).toEqual([400, 'invalidValue']);
    expect((await send('GET', `Users/${body.id}`)).body.displayName).toBe('闵损');
    const put = await send('PUT', `Users/${body.id}`, { userName: 'min.sun', externalId: 'ext-2', displayName: '闵子骞', active: true });
    expect(put.body).toMatchObject({ externalId: 'ext-2', displayName: '闵子骞' });
    expect((await query('Users', 'externalId eq "ext-2"')).body.totalResults).toBe(1);
    expect((await query('Users', 'externalId eq "ext-min.ziqian"')).body.totalResults).toBe(0);
    for (const bad of [{}, { Operations: [] }, { Operations: [{ op: 'move' }] }, { Operations: [{ op: 'remove' }] }, { Operations: ['x'] }])
      expect((await send('PATCH', `Users/${body.id}`, bad)).status).toBe(400);
  });

  it('that is disabled or deleted loses its session on the next request, and comes back by the provider alone', async () => {
    const enter = async (accountId: string) => {
      const { archive } = web;
      const client = { address: '', browser: '' };
      const visitor = web.visitor();
      const made = await archive.db.tx((tx) =>
        insertSession(deskTx(tx, archive, null, 'administration'), archive, accountId, { way: 'oidc', client }),
      );
      visitor.cookies.set('lantai_session', made.token);
      return visitor;
    };
    const [one, two] = [(await make('bo.niu')).body.id, (await make('bo.yu')).body.id];
    const visitors = [await enter(one), await enter(two)];
    const inside = async () => Promise.all(visitors.map(async (v) => (await v.call('GET', '/api/v1/session')).status));
    expect(await inside()).toEqual([200, 200]);
    await patch(one, { op: 'replace', path: 'active', value: false });
    expect(await inside()).toEqual([401, 200]);
    expect((await send('DELETE', `Users/${two}`)).status).toBe(204);
    expect(await inside()).toEqual([401, 401]);
    expect([(await send('GET', `Users/${two}`)).status, (await send('DELETE', `Users/${two}`)).status]).toEqual([404, 404]);
    expect((await rowOf(two))?.disabled).toBe(true);
    const back = await make('bo.yu');
    expect([back.status, back.body.id, back.body.active]).toEqual([201, two, true]);
    await security!.call('PATCH', `/api/v1/accounts/${two}`, {
      baseVersion: Number(/"(\d+)-/.exec(back.body.meta.version)![1]),
      disabled: true,
    });
    expect((await rowOf(two))?.disabled).toBe(true);
    expect((await patch(two, { op: 'replace', path: 'active', value: true })).body).toMatchObject({
      status: '400',
      scimType: 'mutability',
    });
  });

  it('is deleted by a request that names a type for the body it does not have; a change without its body is not', async () => {
    for (const type of [SCIM, 'application/json']) {
      const id = (await make(`none.${type.length}`)).body.id;
      const typed = { 'content-type': type };
      expect((await send('PUT', `Users/${id}`, undefined, typed)).status).toBe(400);
      expect((await rowOf(id))?.disabled).toBe(false);
      expect((await send('DELETE', `Users/${id}`, undefined, typed)).status).toBe(204);
      expect((await rowOf(id))?.disabled).toBe(true);
    }
  });

  it('that is foreign, an administrator or guessed is not found, by any method', async () => {
    const clerk = await web.enter('reader');
    for (const id of [security!.accountId, clerk.accountId, '0190a000-0000-7000-8000-000000000000', 'x', '%2e%2e']) {
      expect((await send('GET', `Users/${id}`)).status).toBe(404);
      expect((await send('PUT', `Users/${id}`, { userName: 'a.b' })).status).toBe(404);
      expect((await patch(id, { op: 'replace', path: 'active', value: false })).status).toBe(404);
      expect((await send('DELETE', `Users/${id}`)).status).toBe(404);
    }
    expect((await query('Users', `id eq "${clerk.accountId}"`)).body.totalResults).toBe(0);
    expect((await query('Users', `userName eq "${clerk.name}"`)).body.totalResults).toBe(0);
    expect((await rowOf(clerk.accountId))?.disabled).toBe(false);
  });

  it('is changed by who has seen its version, and read once for each', async () => {
    const { body } = await make('zi.lu');
    const etag = body.meta.version as string;
    const change = (version: string, value: string) =>
      send('PATCH', `Users/${body.id}`, { Operations: [{ op: 'replace', path: 'displayName', value }] }, { 'if-match': version });
    expect((await send('GET', `Users/${body.id}`, undefined, { 'if-none-match': etag })).status).toBe(304);
    const changed = await change(etag, '仲由');
    expect(changed.status).toBe(200);
    const late = await change(etag, '季路');
    expect([late.status, late.body.status]).toEqual([412, '412']);
    expect((await change('*', '子路')).body.displayName).toBe('子路');
    expect((await send('DELETE', `Users/${body.id}`, undefined, { 'if-match': etag })).status).toBe(412);
    expect((await send('GET', `Users/${body.id}`, undefined, { 'if-none-match': etag })).status).toBe(200);
  });

  it('is listed a page at a time', async () => {
    const all = (await send('GET', 'Users?count=200')).body;
    const ids: string[] = [];
    for (let startIndex = 1; startIndex <= all.totalResults; startIndex += 3) {
      const page = (await send('GET', `Users?startIndex=${startIndex}&count=3`)).body;
      expect([page.totalResults, page.startIndex, page.itemsPerPage]).toEqual([all.totalResults, startIndex, page.Resources.length]);
      ids.push(...page.Resources.map((r: { id: string }) => r.id));
    }
    expect(ids).toEqual(all.Resources.map((r: { id: string }) => r.id));
    expect((await send('GET', 'Users?count=0')).body).toMatchObject({ totalResults: all.totalResults, Resources: [] });
    expect((await send('GET', 'Users?startIndex=-5&count=1')).body.startIndex).toBe(1);
    expect((await send('GET', 'Users?count=many')).status).toBe(400);
  });

  it('is sorted by an attribute in either order, whoever has none of it last, and by nothing that is no path', async () => {
    for (const [userName, displayName] of [
      ['sort.b', 'Beta'],
      ['sort.a', 'alpha'],
      ['sort.c', undefined],
      ['sort.d', 'Gamma'],
    ])
      expect((await make(userName!, { displayName })).status).toBe(201);
    const names = async (more: string) =>
      (await query('Users', 'userName sw "sort."', more)).body.Resources.map((r: { userName: string }) => r.userName);
    expect(await names('&sortBy=displayName')).toEqual(['sort.a', 'sort.b', 'sort.d', 'sort.c']);
    expect(await names('&sortBy=DISPLAYNAME&sortOrder=descending')).toEqual(['sort.c', 'sort.d', 'sort.b', 'sort.a']);
    expect(await names('&sortBy=meta.created')).toEqual(['sort.b', 'sort.a', 'sort.c', 'sort.d']);
    expect(await names('&sortBy=userName&startIndex=2&count=2')).toEqual(['sort.b', 'sort.c']);
    const searched = await send('POST', 'Users/.search', { filter: 'userName sw "sort."', sortBy: 'userName', sortOrder: 'descending' });
    expect(searched.body.Resources[0].userName).toBe('sort.d');
    expect((await query('Users', 'userName sw "sort."', '&sortBy=a%20b')).status).toBe(400);
    expect((await query('Users', 'userName sw "sort."', '&sortBy=userName&sortOrder=up')).status).toBe(400);
  });
});

describe('a group', () => {
  it('is a unit: made by the system administrator’s token, with people put in and taken out by the security administrator’s', async () => {
    const own = token;
    const body = { displayName: '仪礼处', externalId: 'YLC', members: [] };
    expect((await send('POST', 'Groups', body)).status).toBe(403);
    token = await tokenOf(system!, ['organisation.change']);
    const made = await send('POST', 'Groups', body);
    expect([made.status, made.body.externalId, made.body.displayName]).toEqual([201, 'YLC', '仪礼处']);
    expect((await send('POST', 'Groups', body)).body).toMatchObject({ status: '409', scimType: 'uniqueness' });
    expect((await send('GET', 'Users')).status).toBe(403);
    token = own;
    const group = made.body.id as string;
    expect((await query('Groups', 'displayName eq "仪礼处"', '&excludedAttributes=members')).body.Resources).toMatchObject([{ id: group }]);
    const user = (await make('gongxi.hua')).body.id as string;
    const added = await patchGroup(group, { op: 'Add', path: 'members', value: [{ value: user }] });
    expect(added.body.members.map((m: { value: string }) => m.value)).toEqual([user]);
    expect((await send('GET', `Users/${user}`)).body).toMatchObject({ groups: [{ value: group }], [ENTERPRISE]: { department: 'YLC' } });
    expect((await patchGroup(group, { op: 'remove', path: `members[value eq "${user}"]` })).body.members).toEqual([]);
    expect((await rowOf(user))?.unit_id).toBeNull();
    expect((await send('PUT', `Groups/${group}`, { displayName: '仪礼处', members: [{ value: user }] })).body.members).toHaveLength(1);
    expect((await send('GET', `Groups/${group}`)).body.members).toHaveLength(1);
    expect(await web.kindsOf(group)).toEqual(expect.arrayContaining(['unit.created', 'directory.group-kept', 'directory.people-read']));
    // Another name of the unit is the system administrator's to give.
    expect((await patchGroup(group, { op: 'replace', value: { displayName: '礼宾处' } })).status).toBe(403);
    expect((await patchGroup(group, { op: 'replace', value: { id: group, displayName: '仪礼处' } })).status).toBe(200);
  });

  it('takes nobody in whom the provider did not make, nobody out of a unit who would then reach the fonds, and all or none', async () => {
    const [a, b] = [await web.addUnit('GA'), await web.addUnit('GB')];
    const clerk = (await make('yan.hui', { [ENTERPRISE]: { department: 'GA' } })).body.id as string;
    expect((await rowOf(clerk))?.unit_id).toBe(a);
    await web.archive.db.query(`update account set role = 'unit_clerk' where id = $1`, [clerk]);
    const taken = await patchGroup(a, { op: 'remove', path: 'members', value: [{ value: clerk }] });
    expect(taken.body).toMatchObject({ status: '400', scimType: 'mutability' });
    const other = (await make('zeng.dian')).body.id as string;
    for (const stranger of [security!.accountId, '0190a000-0000-7000-8000-000000000000', 'x'])
      expect((await patchGroup(b, { op: 'add', path: 'members', value: [{ value: other }, { value: stranger }] })).status).toBe(404);
    expect((await rowOf(other))?.unit_id).toBeNull();
    expect((await patchGroup(b, { op: 'add', path: 'members', value: [{ value: clerk }, { value: other }] })).body.members).toHaveLength(2);
    expect((await rowOf(clerk))?.unit_id).toBe(b);
    for (const id of [web.rootUnitId, 'x', '0190a000-0000-7000-8000-000000000000']) {
      expect((await send('GET', `Groups/${id}`)).status).toBe(404);
      expect((await patchGroup(id, { op: 'add', path: 'members', value: [{ value: clerk }] })).status).toBe(404);
    }
    expect((await make('x.department', { [ENTERPRISE]: { department: 'NOWHERE' } })).body).toMatchObject({
      status: '400',
      scimType: 'invalidValue',
    });
  });
});
