import { streamTable } from '@lantai/documents';
import { beforeAll, describe, expect, it } from 'vitest';
import { findDossierByCode, openDossierDesk } from '../catalogue/index.ts';
import { appendUpload, createUpload, getUpload } from '../ingest/index.ts';
import { fileManifest } from '../manifest/index.ts';
import { makeSmallPng } from '../testing/small-png.ts';
import { useWeb, type Visitor } from './testing/web-fixture.ts';

const web = useWeb();
let archivist: Visitor & { accountId: string };
let other: Visitor & { accountId: string };
beforeAll(async () => {
  const place = { fondsId: web.fondsId, unitId: web.rootUnitId };
  archivist = await web.enter('archivist', place);
  other = await web.enter('archivist', place);
});

async function upload(bytes: Uint8Array): Promise<string> {
  const id = await createUpload(web.served, archivist.accountId, bytes.length);
  await appendUpload(
    web.served,
    await getUpload(web.served, archivist.accountId, id),
    0,
    (async function* () {
      yield bytes;
    })(),
  );
  return id;
}

const LIST = [
  '档号,姓名,类号,序号,材料名称,形成时间,页数',
  'P3101,公冶长,一,1,干部履历表,19850701,1',
  'P3102,南宫适,一,1,干部履历表,1982-02-30,1',
].join('\r\n');

async function orderOf(list: string) {
  const images = [];
  for (const [at, code] of ['P3101', 'P3102'].entries())
    images.push({ uploadId: await upload(makeSmallPng(9_100_000 + at)), path: `${code}/1/1/001.png` });
  return {
    uploadId: await upload(new TextEncoder().encode(list)),
    images,
    scheme: 'cadre-2018',
    unitId: null,
    dossierCode: null,
    edits: [],
  };
}

describe('a list of materials over HTTP', () => {
  it('is checked, mended in the grid, filed in the background and given back where it is wrong', async () => {
    const order = await orderOf(LIST);
    const { status, body } = await archivist.call('POST', '/api/v1/manifests/checks', order);
    expect(status, JSON.stringify(body)).toBe(200);
    expect(body).toMatchObject({
      rows: 2,
      acts: { make: 1, change: 0, nothing: 0, refused: 1 },
      images: { given: 2, unused: 0 },
      lines: [
        {
          row: 3,
          dossierCode: 'P3102',
          refused: true,
          findings: [{ row: 3, column: 6, code: 'manifest/date-impossible', severity: 'error' }],
        },
      ],
    });
    const sheet = await web.app.inject({
      method: 'POST',
      url: '/api/v1/manifests/error-sheets',
      headers: { cookie: [...archivist.cookies].map(([n, v]) => `${n}=${v}`).join('; ') },
      payload: order,
    });
    const rows: string[][] = [];
    for await (const s of streamTable(new Uint8Array(sheet.rawPayload), { rows: 9 }))
      if (s.kind === 'rows') rows.push(...s.rows.map((r) => r.cells.map((c) => c.text)));
    expect(rows[1]).toEqual(['P3102', '南宫适', '一', '1', '干部履历表', '1982-02-30', '1', '3', expect.any(String), expect.any(String)]);

    const mended = { ...order, edits: [{ row: 3, column: 6, text: '1982-02' }] };
    const again = await archivist.call('POST', '/api/v1/manifests/checks', mended);
    expect(again.body).toMatchObject({ acts: { make: 2, refused: 0 }, lines: [] });
    const started = await archivist.call('POST', '/api/v1/manifests', { ...mended, plan: again.body.digest });
    expect(started.status, JSON.stringify(started.body)).toBe(202);
    const path = `/api/v1/manifests/${started.body.manifestId}`;
    expect((await archivist.call('GET', path)).body).toMatchObject({ state: 'filing', done: 0 });
    await fileManifest(web.served, started.body.manifestId);
    expect((await archivist.call('GET', path)).body).toMatchObject({
      state: 'done',
      total: 2,
      done: 2,
      filed: 2,
      refused: 0,
      made: 2,
      pages: 2,
    });
    // Run again, as after a crash, it has nothing to do; what it made of the images is gone.
    await fileManifest(web.served, started.body.manifestId);
    await expect(getUpload(web.served, archivist.accountId, order.images[0]!.uploadId)).rejects.toMatchObject({ code: 'upload/not-found' });
    const desk = await web.desk();
    const head = await findDossierByCode(web.archive, desk, 'P3102');
    expect((await openDossierDesk(web.archive, desk, head!.dossierId)).materials).toMatchObject([
      { date: '1982-02', state: 'confirmed', pageIds: [expect.any(String)] },
    ]);
    expect(await web.kindsOf(archivist.accountId)).toEqual(
      expect.arrayContaining(['manifest.checked', 'manifest.started', 'dossier.created', 'dossier.arranged', 'import.started']),
    );
  });

  it('is nobody else’s: not its upload, not its progress; and clerks may not hand one in', async () => {
    const order = await orderOf(LIST.replaceAll('P31', 'P32'));
    expect((await other.call('POST', '/api/v1/manifests/checks', order)).body.code).toBe('upload/not-found');
    const { body } = await archivist.call('POST', '/api/v1/manifests/checks', { ...order, images: null });
    const started = await archivist.call('POST', '/api/v1/manifests', { ...order, images: null, plan: body.digest });
    expect((await other.call('GET', `/api/v1/manifests/${started.body.manifestId}`)).body.code).toBe('manifest/not-found');
    const clerk = await web.enter('unit_clerk', { fondsId: web.fondsId, unitId: web.rootUnitId });
    expect((await clerk.call('POST', '/api/v1/manifests/checks', order)).body.code).toBe('desk/not-allowed');
    expect((await clerk.call('GET', `/api/v1/manifests/${started.body.manifestId}`)).body.code).toBe('desk/not-allowed');
  });

  it('stops when the plan is no longer what was shown', async () => {
    const order = { ...(await orderOf(LIST.replaceAll('P31', 'P33'))), images: null };
    const { body } = await archivist.call('POST', '/api/v1/manifests/checks', order);
    const started = await archivist.call('POST', '/api/v1/manifests', { ...order, plan: body.digest });
    await web.addDossier({ code: 'P3301', name: '公冶长' });
    await fileManifest(web.served, started.body.manifestId);
    expect((await archivist.call('GET', `/api/v1/manifests/${started.body.manifestId}`)).body).toMatchObject({
      state: 'stopped',
      code: 'manifest/plan-changed',
      filed: 0,
    });
  });
});
