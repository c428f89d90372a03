import { call, type OperationCall, type PreparedCall, type Stage } from './operation-stage.ts';
import type { Visitor, WebFixture } from './web-fixture.ts';

const SCIM = 'application/scim+json';
const PATCH = 'urn:ietf:params:scim:api:messages:2.0:PatchOp';

/** Tokens of a web fixture: who keeps people, and who keeps units. */
interface Tokens {
  readonly people: string;
  readonly units: string;
}
const made = new WeakMap<Stage, Tokens>();

async function tokenOf(visitor: Visitor, scope: string): Promise<string> {
  const { status, body } = await visitor.call('POST', '/api/v1/tokens', { label: 'IdP', scopes: [scope], days: 30 });
  if (status !== 201) throw new Error(`no token of scope ${scope}: ${JSON.stringify(body)}`);
  return body.token as string;
}

async function tokensOf(stage: Stage, web: WebFixture): Promise<Tokens> {
  const known = made.get(stage);
  if (known) return known;
  const [security, system] = [await web.enter('security_admin'), await web.enter('system_admin')];
  const tokens = { people: await tokenOf(security, 'directory.sync'), units: await tokenOf(system, 'organisation.change') };
  // The first use of a token is an entry of its own, and not the operation's.
  await ask(web, tokens.people, 'GET', 'Users?count=0');
  await ask(web, tokens.units, 'POST', 'Groups', { displayName: '预备处', externalId: 'YBC', members: [] });
  made.set(stage, tokens);
  return tokens;
}

type Method = PreparedCall['method'];

/** A request as an identity provider sends it. */
const request = (web: WebFixture, token: string, method: Method, path: string, body?: unknown): PreparedCall => ({
  as: web.visitor(),
  method,
  path: `/scim/v2/${path}`,
  headers: { authorization: `Bearer ${token}`, ...(body === undefined ? {} : { 'content-type': SCIM }) },
  ...(body === undefined ? {} : { body }),
});

async function ask(web: WebFixture, token: string, method: Method, path: string, body?: unknown) {
  const { as, ...sent } = request(web, token, method, path, body);
  const answer = await as.call(sent.method, sent.path, sent.body, sent.headers);
  if (answer.status >= 300) throw new Error(`${method} ${path}: ${JSON.stringify(answer.body)}`);
  return answer.body;
}

/** The id of what a filter finds, as a provider learns it. */
async function idOf(web: WebFixture, token: string, resource: string, filter: string): Promise<string> {
  const { Resources } = await ask(web, token, 'GET', `${resource}?filter=${encodeURIComponent(filter)}`);
  return Resources[0].id as string;
}
const USER = 'userName eq "yan.hui"';
const GROUP = 'displayName eq "典籍处"';

type Make = (web: WebFixture, tokens: Tokens) => Promise<PreparedCall>;
const scim = (operation: string, make: Make): OperationCall =>
  call(operation, async (stage, web) => {
    const tokens = await tokensOf(stage, web);
    return make(web, tokens);
  });

/** Calls of SCIM: a user and a group, made, found, changed and let go. */
export const SCIM_CALLS: OperationCall[] = [
  scim('scimCreateUser', async (w, { people }) =>
    request(w, people, 'POST', 'Users', { userName: 'yan.hui', externalId: 'e-1', displayName: '颜回', active: true }),
  ),
  scim('scimListUsers', async (w, { people }) => request(w, people, 'GET', 'Users')),
  scim('scimSearchUsers', async (w, { people }) => request(w, people, 'POST', 'Users/.search', { filter: USER })),
  scim('scimGetUser', async (w, { people }) => request(w, people, 'GET', `Users/${await idOf(w, people, 'Users', USER)}`)),
  scim('scimPatchUser', async (w, { people }) =>
    request(w, people, 'PATCH', `Users/${await idOf(w, people, 'Users', USER)}`, {
      schemas: [PATCH],
      Operations: [{ op: 'replace', path: 'displayName', value: '颜渊' }],
    }),
  ),
  scim('scimReplaceUser', async (w, { people }) =>
    request(w, people, 'PUT', `Users/${await idOf(w, people, 'Users', USER)}`, {
      userName: 'yan.hui',
      externalId: 'e-2',
      displayName: '颜子',
      active: true,
    }),
  ),
  scim('scimCreateGroup', async (w, { units }) =>
    request(w, units, 'POST', 'Groups', { displayName: '典籍处', externalId: 'DJC', members: [] }),
  ),
  scim('scimListGroups', async (w, { people }) => request(w, people, 'GET', 'Groups')),
  scim('scimGetGroup', async (w, { people }) => request(w, people, 'GET', `Groups/${await idOf(w, people, 'Groups', GROUP)}`)),
  scim('scimPatchGroup', async (w, { people }) =>
    request(w, people, 'PATCH', `Groups/${await idOf(w, people, 'Groups', GROUP)}`, {
      schemas: [PATCH],
      Operations: [{ op: 'add', path: 'members', value: [{ value: await idOf(w, people, 'Users', USER) }] }],
    }),
  ),
  scim('scimReplaceGroup', async (w, { people }) =>
    request(w, people, 'PUT', `Groups/${await idOf(w, people, 'Groups', GROUP)}`, { displayName: '典籍处', members: [] }),
  ),
  scim('scimDeleteUser', async (w, { people }) => request(w, people, 'DELETE', `Users/${await idOf(w, people, 'Users', USER)}`)),
];
