import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { endpoints, routePath } from '@lantai/contract';
import { verifyReceipt } from '@lantai/log';
import { nodePrimitives } from '@lantai/primitives-node';
import { createArchive, type RunningWeb, readConfig, serve } from '@lantai/server';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const ROOT = resolve(import.meta.dirname, '..', '..');
const SAMPLE = join(ROOT, 'samples', 'P1101');

interface Answer {
  readonly status: number;
  // biome-ignore lint/suspicious/noExplicitAny: answers are judged by the test, field by field
  readonly body: any;
  readonly headers: Headers;
}

/** A code of ours, or at the doors of SCIM the form that RFC 7644 section 3.12 gives an error. */
const saysWhatIsWrong = (path: string, text: string): boolean =>
  path.startsWith('/scim/')
    ? /"schemas":\["urn:ietf:params:scim:api:messages:2\.0:Error"\],"status":"4\d\d".*"detail":"[^"]+/.test(text)
    : /"code":"[a-z-]+\/[a-z-]+"/.test(text);

describe('the API of a running server', () => {
  const folder = mkdtempSync(join(tmpdir(), 'lantai-api-'));
  const config = readConfig(
    {
      LANTAI_DATA: join(folder, 'data'),
      LANTAI_KEYS: join(folder, 'keys'),
      LANTAI_PORT: '0',
      LANTAI_READERS: '1',
      LANTAI_PROPOSE: 'off',
      LANTAI_PROGRAM: join(ROOT, 'dist'),
    },
    folder,
  );
  let web: RunningWeb;
  let password = '';
  let cookie = '';

  const call = async (method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<Answer> => {
    const raw = body instanceof Uint8Array;
    const response = await fetch(`${web.url}${path}`, {
      method,
      headers: { ...(cookie ? { cookie } : {}), ...(body !== undefined && !raw ? { 'content-type': 'application/json' } : {}), ...headers },
      ...(body === undefined ? {} : { body: raw ? Buffer.from(body) : JSON.stringify(body) }),
    });
    const type = response.headers.get('content-type') ?? '';
    const answer = type.includes('json') ? await response.json() : Buffer.from(await response.arrayBuffer());
    return { status: response.status, body: answer, headers: response.headers };
  };
  const ok = async (method: string, path: string, body?: unknown, headers?: Record<string, string>) => {
    const answer = await call(method, path, body, headers);
    expect({ path, status: answer.status, problem: answer.status < 400 ? null : answer.body }).toMatchObject({ problem: null });
    return answer.body;
  };
  const until = async <T>(ask: () => Promise<T>, enough: (value: T) => boolean): Promise<T> => {
    for (;;) {
      const value = await ask();
      if (enough(value)) return value;
      await new Promise((r) => setTimeout(r, 200));
    }
  };

  beforeAll(async () => {
    const setup = await createArchive(config, { kind: 'trial', suite: 'intl', fonds: { code: 'Z999', name: '测试全宗' } });
    password = setup.accounts[0]?.password ?? '';
    web = await serve(config);
  }, 120_000);
  afterAll(async () => {
    await web?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it('lets nobody in without the password, and says nothing of whether the name exists', async () => {
    const wrong = await call('POST', '/api/v1/session', { name: 'trial', password: 'not the password' });
    const nobody = await call('POST', '/api/v1/session', { name: 'nobody', password: 'not the password' });
    expect([wrong.status, wrong.body.code]).toEqual([401, 'session/refused']);
    expect({ ...nobody.body, title: '' }).toEqual({ ...wrong.body, title: '' });
    for (const path of ['/api/v1/dossiers', '/api/v1/overview', '/api/v1/log/entries', '/api/v1/session'])
      expect((await call('GET', path)).body.code).toBe('session/needed');
    const right = await call('POST', '/api/v1/session', { name: 'trial', password });
    expect(right.status).toBe(200);
    cookie = (right.headers.get('set-cookie') ?? '').split(';')[0] ?? '';
    expect(right.headers.get('set-cookie')).toMatch(/HttpOnly.*SameSite=Strict/i);
    expect((await ok('GET', '/api/v1/session')).account.name).toBe('trial');
  });

  it('refuses a request that another site made the browser send', async () => {
    const forged = await call('DELETE', '/api/v1/session', undefined, { 'sec-fetch-site': 'cross-site' });
    expect([forged.status, forged.body.code]).toEqual([403, 'request/foreign-origin']);
    const origin = await call('DELETE', '/api/v1/session', undefined, { origin: 'https://elsewhere.example' });
    expect(origin.status).toBe(403);
  });

  it('takes an upload in pieces, exactly where it broke off, and imports it into a new dossier', async () => {
    const bytes = readFileSync(join(SAMPLE, '001.jpg'));
    const tus = { 'tus-resumable': '1.0.0' };
    const made = await call('POST', '/api/v1/uploads', undefined, { ...tus, 'upload-length': String(bytes.length) });
    expect(made.status).toBe(201);
    const path = made.headers.get('location') ?? '';
    const patch = (offset: number, part: Uint8Array) =>
      call('PATCH', path, part, { ...tus, 'upload-offset': String(offset), 'content-type': 'application/offset+octet-stream' });
    expect((await patch(0, bytes.subarray(0, 100_000))).headers.get('upload-offset')).toBe('100000');
    expect((await patch(5, bytes.subarray(5, 10))).body.code).toBe('upload/offset');
    expect((await call('HEAD', path, undefined, tus)).headers.get('upload-offset')).toBe('100000');
    const fonds = await ok('GET', '/api/v1/fonds');
    const unitId = fonds.fonds[0].units[0].id as string;
    const order = {
      dossier: { create: { code: 'Z999-RS-000001', unitId, schemeId: 'cadre-2018', subject: { kind: 'person', name: '张德振' } } },
      files: [{ uploadId: path.split('/').pop(), path: '扫描/001.jpg' }],
    };
    expect((await call('POST', '/api/v1/imports', order)).status).toBeGreaterThanOrEqual(400);
    expect((await patch(100_000, bytes.subarray(100_000))).status).toBe(204);
    const started = await call('POST', '/api/v1/imports', { ...order, dossier: { code: 'Z999-RS-000001' } });
    expect(started.status, JSON.stringify(started.body)).toBe(202);
    const view = await until(
      () => ok('GET', `/api/v1/imports/${started.body.importId}`),
      (v) => v.state !== 'running',
    );
    expect(view.files).toMatchObject([{ file: '扫描/001.jpg', outcome: 'pages', pages: 1 }]);
  }, 60_000);

  let dossierId = '';
  it('imports the sample dossier and reads it in the background', async () => {
    const started = await ok('POST', '/api/v1/imports/sample');
    dossierId = started.dossierId;
    const view = await until(
      () => ok('GET', `/api/v1/imports/${started.importId}`),
      (v) => v.state === 'done' && v.counts.pagesRead === 12,
    );
    expect(view.counts).toMatchObject({ files: 12, pages: 12, refused: 0 });
    const list = await ok('GET', '/api/v1/dossiers?code=P1101');
    expect(list.items).toMatchObject([{ code: 'P1101', name: '张德振', pageCount: 12, idNumberMasked: '1****************9' }]);
    // How fast pages are read is said of their queue alone.
    const { queues } = await ok('GET', '/api/v1/queues');
    const rated = queues.filter((queue: { donePerMinute: number | null }) => queue.donePerMinute !== null);
    expect(rated.map((queue: { name: string }) => queue.name)).toEqual(['read']);
  }, 300_000);

  it('shows the desk, arranges pages into a material and takes it back', async () => {
    const desk = await ok('GET', `/api/v1/dossiers/${dossierId}/desk`);
    expect(desk.pages).toHaveLength(12);
    const pageIds = desk.pages.slice(0, 2).map((p: { id: string }) => p.id);
    const edit = { classCode: '1', title: '职工登记表', date: '2005-09-13' };
    const made = await ok('POST', `/api/v1/dossiers/${dossierId}/operations`, {
      baseVersion: desk.version,
      operations: [{ type: 'assemble', pageIds, edit }],
    });
    expect(made.materials).toMatchObject([{ classCode: '1', title: '职工登记表', date: '2005-09-13', pageIds }]);
    const stale = await call('POST', `/api/v1/dossiers/${dossierId}/operations`, {
      baseVersion: desk.version,
      operations: [{ type: 'assemble', pageIds }],
    });
    expect([stale.status, stale.body.code]).toEqual([409, 'dossier/changed']);
    const undone = await ok('POST', `/api/v1/dossiers/${dossierId}/operations`, {
      baseVersion: made.version,
      operations: [{ type: 'undo', operationId: made.undo.operationId }],
    });
    expect(undone.materials).toEqual([]);
    const sheet = await call('POST', `/api/v1/dossiers/${dossierId}/catalogue-sheets`, { format: 'pdf' });
    expect(sheet.body.subarray(0, 5).toString()).toBe('%PDF-');
  }, 60_000);

  it('finds a name in what was read, opens the page, cuts tiles, and proves the look', async () => {
    const found = await ok('POST', '/api/v1/search', { query: '张德振' });
    const hit = found.hits.find((h: { kind: string }) => h.kind === 'page');
    expect(hit.snippet).toContain('张德振');
    const view = await ok('POST', `/api/v1/pages/${hit.pageId}/view`);
    const info = await ok('GET', `${view.iiif}/info.json`);
    expect(info).toMatchObject({ type: 'ImageService3', width: view.widthPx, height: view.heightPx });
    const tile = await call('GET', `${view.iiif}/0,0,512,512/256,/0/default.jpg`);
    expect(tile.headers.get('content-type')).toBe('image/jpeg');
    // Another look at the same page carries another mark; the same look the same one.
    const again = await ok('POST', `/api/v1/pages/${hit.pageId}/view`);
    const [own, others] = await Promise.all([view, again].map((v) => call('GET', `${v.iiif}/0,0,512,512/256,/0/default.jpg`)));
    expect([own?.body.equals(tile.body), others?.body.equals(tile.body)]).toEqual([true, false]);
    expect((await call('GET', `${view.iiif}/0,0,99999999,9/max/0/default.gif`)).status).toBe(400);
    const reading = await ok('GET', `/api/v1/page-views/${view.viewToken}/reading`);
    expect(reading.lines.map((l: { text: string }) => l.text).join('')).toContain('张德振');
    const proof = await until(
      () => ok('GET', `/api/v1/log/entries/${view.entryId}`),
      (p) => p.checkpoint !== null,
    );
    expect(proof.entry).toMatchObject({ kind: 'page.viewed', actor: { name: 'trial' } });
    const receipt = await ok('POST', `/api/v1/log/entries/${view.entryId}/receipt`);
    const key = (await ok('GET', '/api/v1/log/key')).verifierKeys;
    expect(verifyReceipt(nodePrimitives, { receiptText: receipt.toString(), logKeys: key }).isValid).toBe(true);
    const saved = cookie;
    cookie = '';
    expect((await call('GET', `${view.iiif}/info.json`)).status).toBe(401);
    cookie = saved;
    expect((await call('GET', `/iiif/${'x'.repeat(32)}/info.json`)).body.code).toBe('view/not-found');
  }, 60_000);

  it('answers every malformed request with a 4xx and a code, never with a 500', async () => {
    const junk = [
      '',
      'null',
      '[]',
      '{"a":',
      '"x"',
      '{"query":5}',
      '{"__proto__":{"x":1}}',
      `{"query":"${'很'.repeat(700)}"}`,
      '\u0000',
      '{"dossierIds":["1 or 1=1"]}',
    ];
    const ids = ['1', 'x', '..%2f..%2fetc', '00000000-0000-0000-0000-000000000000', '%00', '%ff', "' or 1=1 --"];
    const bad: string[] = [];
    const asked = new Set<string>();
    for (const endpoint of Object.values(endpoints)) {
      if (endpoint.path.includes('/session') || endpoint.path.endsWith('/imports/sample')) continue;
      for (const [i, id] of ids.entries()) {
        const path = routePath(endpoint).replace(/:\w+|\*/g, () => (id.includes('%') ? id : encodeURIComponent(id)));
        const body = endpoint.method === 'GET' || endpoint.method === 'HEAD' ? undefined : junk[(i + path.length) % junk.length];
        // An address without an id is the same each time.
        const question = `${endpoint.method} ${path} ${body}`;
        if (asked.has(question)) continue;
        asked.add(question);
        const response = await fetch(`${web.url}${path}?limit=-1&cursor=%00`, {
          method: endpoint.method,
          headers: { cookie, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
          ...(body === undefined ? {} : { body }),
        });
        const text = await response.text();
        if (response.status >= 500) bad.push(`${endpoint.method} ${path} ${response.status} ${text.slice(0, 200)}`);
        else if (response.status >= 400 && endpoint.method !== 'HEAD' && !saysWhatIsWrong(endpoint.path, text))
          bad.push(`${endpoint.method} ${path} ${response.status} without a code: ${text.slice(0, 80)}`);
      }
    }
    expect(bad).toEqual([]);
  }, 120_000);

  it('describes itself in the committed OpenAPI document', async () => {
    const served = await ok('GET', '/openapi.json');
    expect(served.openapi).toMatch(/^3\.1/);
    expect(served).toEqual(JSON.parse(readFileSync(join(ROOT, 'contract', 'openapi.json'), 'utf8')));
  });

  it('ends a session for good', async () => {
    expect((await call('DELETE', '/api/v1/session')).status).toBe(204);
    expect((await call('GET', '/api/v1/session')).body.code).toBe('session/needed');
  });
});
