import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import Provider from 'oidc-provider';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { useWeb, type Visitor } from './testing/web-fixture.ts';

const CLIENT = 'lantai-test';
const SITE = 'http://archive.example';
const settings = { issuer: '', clientId: CLIENT, clientSecretFile: null, label: '统一身份认证' };
const web = useWeb(({ config }) => ({ config: { ...config, access: { ...config.access, publicUrl: SITE, oidc: settings } } }));
let server: Server;

beforeAll(async () => {
  server = createServer((request, response) => handle(request, response));
  let handle: (request: import('node:http').IncomingMessage, response: import('node:http').ServerResponse) => unknown = () => undefined;
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  settings.issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const provider = new Provider(settings.issuer, {
    clients: [{ client_id: CLIENT, token_endpoint_auth_method: 'none', redirect_uris: [`${SITE}/api/v1/session/oidc/callback`] }],
    findAccount: (_context: unknown, id: string) => ({ accountId: id, claims: () => ({ sub: id }) }),
    pkce: { required: () => true },
    cookies: { keys: ['of this test alone'] },
  });
  handle = provider.callback();
});
afterAll(() => new Promise((done) => server.close(done)));

/** Goes to an address of the provider as a browser, through its sign-in and consent, until it is sent to the archive. */
async function visitProvider(start: string, login: string): Promise<string> {
  const jar = new Map<string, string>();
  const go = async (url: string, body?: string) => {
    const response = await fetch(url, {
      method: body === undefined ? 'GET' : 'POST',
      redirect: 'manual',
      headers: {
        cookie: [...jar].map(([k, v]) => `${k}=${v}`).join('; '),
        ...(body === undefined ? {} : { 'content-type': 'application/x-www-form-urlencoded' }),
      },
      ...(body === undefined ? {} : { body }),
    });
    for (const line of response.headers.getSetCookie()) jar.set(line.split('=')[0]!, line.slice(line.indexOf('=') + 1).split(';')[0]!);
    return response;
  };
  let url = start;
  for (let step = 0; step < 12; step++) {
    let response = await go(url);
    if (response.status === 200) {
      const page = await response.text();
      const action = /action="([^"]+)"/.exec(page)?.[1] ?? '';
      const prompt = /name="prompt" value="(\w+)"/.exec(page)?.[1] ?? '';
      response = await go(new URL(action, url).href, `prompt=${prompt}${prompt === 'login' ? `&login=${login}&password=x` : ''}`);
    }
    const next = new URL(response.headers.get('location') ?? '', url).href;
    if (next.startsWith(SITE)) return next.slice(SITE.length);
    url = next;
  }
  throw new Error('the provider never sent the browser back');
}

const start = async (visitor: Visitor) => String((await visitor.call('GET', '/api/v1/session/oidc')).headers.location);

describe('signing in at an OpenID provider', () => {
  it('lets in who was linked by an administrator, and nobody by name alone', async () => {
    const [security, archivist] = [await web.enter('security_admin'), await web.enter('archivist')];
    const stranger = web.visitor();
    const refused = await stranger.call('GET', await visitProvider(await start(stranger), archivist.name));
    expect(refused.headers.location).toBe('/?refused=oidc%2Fnot-linked');
    const linked = await security.call('PUT', `/api/v1/accounts/${archivist.accountId}/oidc`, { subject: 'staff-17' });
    expect(linked.body).toMatchObject({ oidcLinked: true, sessions: 0 });
    const twice = await security.call('PUT', `/api/v1/accounts/${(await web.enter('archivist')).accountId}/oidc`, { subject: 'staff-17' });
    expect([twice.status, twice.body.code]).toEqual([409, 'oidc/linked-elsewhere']);
    const visitor = web.visitor();
    expect((await visitor.call('GET', await visitProvider(await start(visitor), 'staff-17'))).headers.location).toBe('/');
    expect((await visitor.call('GET', '/api/v1/session')).body.account.name).toBe(archivist.name);
    expect((await visitor.call('POST', '/api/v1/tokens', { label: 'x', scopes: ['search'], days: 1 })).body.code).toBe(
      'session/fresh-needed',
    );
    expect((await visitor.call('GET', '/api/v1/sessions')).body.items).toMatchObject([{ way: 'oidc' }]);
  });

  it('opens the way back once, to the browser that left, with the state it was given', async () => {
    const [security, archivist] = [await web.enter('security_admin'), await web.enter('archivist')];
    await security.call('PUT', `/api/v1/accounts/${archivist.accountId}/oidc`, { subject: 'staff-18' });
    const [visitor, thief] = [web.visitor(), web.visitor()];
    const back = await visitProvider(await start(visitor), 'staff-18');
    await start(thief);
    const stolen = await thief.call('GET', back);
    expect(stolen.headers.location).toBe('/?refused=oidc%2Frefused');
    expect((await visitor.call('GET', back)).headers.location).toBe('/?refused=oidc%2Frefused');
    const second = await visitProvider(await start(visitor), 'staff-18');
    const forged = second.replace(/state=[^&]+/, `state=${'A'.repeat(43)}`);
    expect((await visitor.call('GET', forged)).headers.location).toBe('/?refused=oidc%2Frefused');
    const third = await visitProvider(await start(visitor), 'staff-18');
    expect((await visitor.call('GET', third.replace(/code=[^&]+/, 'code=guessed'))).headers.location).toBe('/?refused=oidc%2Frefused');
    expect((await visitor.call('GET', '/api/v1/session')).status).toBe(401);
    const late = await visitProvider(await start(visitor), 'staff-18');
    web.moveClock(5 * 60_000 + 1);
    expect((await visitor.call('GET', late)).headers.location).toBe('/?refused=oidc%2Frefused');
  });
});

describe('an archive without a provider', () => {
  const plain = useWeb();
  it('says so, and offers no such way', async () => {
    expect((await plain.visitor().call('GET', '/api/v1/session/ways')).body).toEqual({ oidc: null });
    const answer = await plain.visitor().call('GET', '/api/v1/session/oidc');
    expect([answer.status, answer.body.code]).toEqual([409, 'oidc/off']);
  });
});
