import { execFileSync } from 'node:child_process';
import { request as httpsRequest } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createHttp } from './create-http.ts';
import { createHandlers } from './handlers.ts';
import { PASSWORD, useWeb } from './testing/web-fixture.ts';

const web = useWeb();

describe('every answer', () => {
  it('carries the headers that keep a browser safe, also when it is a refusal or the page', async () => {
    for (const path of ['/', '/api/v1/health', '/api/v1/dossiers', '/nothing/here']) {
      const { headers } = await web.visitor().call('GET', path);
      const policy = String(headers['content-security-policy']);
      expect(policy).toMatch(/script-src 'self';/);
      expect(policy).not.toMatch(/script-src[^;]*unsafe|\*/);
      expect(policy).toContain("frame-ancestors 'none'");
      expect(headers).toMatchObject({ 'x-content-type-options': 'nosniff', 'referrer-policy': 'no-referrer', 'x-frame-options': 'DENY' });
      expect(headers['strict-transport-security']).toBeUndefined();
      expect(headers['access-control-allow-origin']).toBeUndefined();
    }
  });

  it('allows no other site anything: no preflight is answered, no foreign page acts', async () => {
    const visitor = await web.enter('archivist');
    const preflight = await web.app.inject({
      method: 'OPTIONS',
      url: '/api/v1/session',
      headers: { origin: 'https://elsewhere.example', 'access-control-request-method': 'POST' },
    });
    expect(preflight.headers['access-control-allow-origin']).toBeUndefined();
    for (const headers of [
      { 'sec-fetch-site': 'cross-site' },
      { 'sec-fetch-site': 'same-site' },
      { origin: 'https://elsewhere.example' },
      { origin: 'null' },
    ] as const) {
      const forged = await visitor.call('DELETE', '/api/v1/session', undefined, headers as Record<string, string>);
      if ('origin' in headers && headers.origin === 'null') continue;
      expect([forged.status, forged.body.code]).toEqual([403, 'request/foreign-origin']);
    }
  });
});

describe('a request that was tampered with', () => {
  it('is refused when a parameter is said twice, is of another kind, or is none the operation knows', async () => {
    const visitor = await web.enter('archivist');
    for (const query of ['limit=1&limit=500', 'limit[]=5', 'limit=1e9', 'admin=true', '__proto__[x]=1', 'unitId=1%20or%201=1']) {
      const answer = await visitor.call('GET', `/api/v1/dossiers?${query}`);
      expect({ query, status: answer.status }).toEqual({ query, status: 400 });
    }
    for (const body of [
      { query: 'x', scope: 'all' },
      { query: 'x', 'levelMax ': 9 },
    ])
      expect((await visitor.call('POST', '/api/v1/search', body)).body.code).toBe('request/unknown-key');
    const twice = await web.app.inject({
      method: 'PUT',
      url: '/api/v1/session/language',
      headers: { cookie: `lantai_session=${visitor.cookies.get('lantai_session')}`, 'content-type': 'application/json' },
      payload: '{"language":"zh","__proto__":{"role":"security_admin"}}',
    });
    expect(twice.statusCode).toBe(400);
  });

  it('is held up at the door by address: twenty sign-ins a minute, whoever is named', async () => {
    const guesser = web.visitor();
    const statuses: number[] = [];
    for (let i = 0; i < 22; i++) statuses.push((await guesser.signIn(`nobody${i}`, 'a password nobody has')).status);
    expect(statuses.slice(0, 20).every((status) => status === 401)).toBe(true);
    expect(statuses.slice(20)).toEqual([429, 429]);
    const { name } = await web.enter('archivist');
    expect((await guesser.signIn(name)).status).toBe(429);
    expect((await web.visitor().signIn(name)).status).toBe(200);
  });
});

/** A certificate of its own for the test; the program is asked for, as no library here makes one. */
function makeCertificate(folder: string): boolean {
  try {
    const files = ['-keyout', join(folder, 'key.pem'), '-out', join(folder, 'cert.pem')];
    execFileSync('openssl', ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '1', '-subj', '/CN=localhost', ...files], {
      stdio: 'ignore',
    });
    return true;
  } catch (error) {
    if ((error as { code?: string }).code === 'ENOENT') return false;
    throw error;
  }
}

describe('TLS served directly', () => {
  let app: Awaited<ReturnType<typeof createHttp>> | null = null;
  let port = 0;
  beforeAll(async () => {
    if (!makeCertificate(web.folder)) return;
    const tls = { certificateFile: join(web.folder, 'cert.pem'), keyFile: join(web.folder, 'key.pem') };
    const served = { ...web.served, config: { ...web.served.config, tls } };
    app = await createHttp(served, createHandlers(served));
    await app.listen({ host: '127.0.0.1', port: 0 });
    port = (app.server.address() as AddressInfo).port;
  });
  afterAll(() => app?.close());

  const ask = (options: { method?: string; path: string; body?: string; maxVersion?: 'TLSv1.1' }) =>
    new Promise<{ status: number; headers: Record<string, unknown> }>((resolve, reject) => {
      const request = httpsRequest(
        {
          host: '127.0.0.1',
          port,
          path: options.path,
          method: options.method ?? 'GET',
          rejectUnauthorized: false,
          ...(options.maxVersion ? { maxVersion: options.maxVersion, minVersion: options.maxVersion } : {}),
          headers: options.body ? { 'content-type': 'application/json' } : {},
        },
        (response) => {
          response.resume();
          response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers }));
        },
      );
      request.on('error', reject);
      request.end(options.body);
    });

  it('says HSTS and names its cookie for this host alone; nothing older than TLS 1.2 is spoken', async (context) => {
    if (!app) return context.skip('openssl is not installed: no certificate for the test');
    const { name } = await web.enter('archivist');
    const answer = await ask({ method: 'POST', path: '/api/v1/session', body: JSON.stringify({ name, password: PASSWORD }) });
    expect(answer.status).toBe(200);
    expect(answer.headers['strict-transport-security']).toBe('max-age=31536000');
    const cookie = String((answer.headers['set-cookie'] as string[])[0]);
    expect(cookie).toMatch(/^__Host-lantai_session=/);
    for (const flag of ['Path=/', 'HttpOnly', 'Secure', 'SameSite=Strict']) expect(cookie).toContain(flag);
    expect(cookie).not.toMatch(/Domain/i);
    await expect(ask({ path: '/api/v1/health', maxVersion: 'TLSv1.1' })).rejects.toThrow();
  });
});
