import { readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { importUploads } from '../ingest/import-uploads.ts';
import { ScanDesk } from '../scanning/index.ts';
import { makePaperScanner } from '../scanning/testing/paper-scanner.ts';
import { useWeb, type Visitor } from './testing/web-fixture.ts';

const scanner = makePaperScanner();
const web = useWeb((archive) => ({ config: { ...archive.config, scanner: scanner.program } }));
afterAll(() => scanner.close());

const ORDER = { device: 'paper:0', source: 'feeder', mode: 'grey', resolutionDpi: null } as const;
const leftovers = () => readdirSync(tmpdir()).filter((name) => name.startsWith('lantai-scan-'));

let archivist: Visitor & { accountId: string; name: string };
beforeAll(async () => {
  archivist = await web.enter('archivist');
});

const start = (dossierId: string, over: object = {}, by: Visitor = archivist) =>
  by.call('POST', `/api/v1/dossiers/${dossierId}/scans`, { ...ORDER, ...over });
/** The stack once it no longer scans. */
async function settled(scanId: string) {
  let body: { state: string; faces: number; code: string | null; importId: string | null };
  do body = (await archivist.call('GET', `/api/v1/scans/${scanId}`)).body;
  while (body.state === 'scanning');
  return body;
}
const uploadsLeft = async () => (await web.served.db.query('select 1 from upload')).length;

describe('a stack scanned from the desk', () => {
  it('comes face by face, waits for a person at a jam, goes on with the same stack and ends in the dossier', async () => {
    const dossierId = await web.addDossier();
    const before = leftovers();
    await scanner.lay(5, 3);
    const { status, body } = await start(dossierId);
    expect([status, body.resolutionDpi]).toEqual([202, 300]);
    expect(await settled(body.id)).toMatchObject({ state: 'waiting', faces: 2, code: 'scanner/jammed', importId: null });
    await archivist.call('POST', `/api/v1/scans/${body.id}/continuation`);
    const done = await settled(body.id);
    expect(done).toMatchObject({ state: 'done', faces: 5, code: null });
    await importUploads(web.served, done.importId!);
    const pages = await web.served.db
      .system('test')
      .query<{ resolution_dpi: number | null }>('select resolution_dpi from page where dossier_id = $1 order by arrival', [dossierId]);
    expect(pages).toHaveLength(5);
    expect(await web.kindsOf(archivist.accountId)).toEqual(expect.arrayContaining(['scan.started', 'scan.ended', 'import.started']));
    // Nothing of it lies clear anywhere, and nothing sealed is left over.
    expect(leftovers()).toEqual(before);
    expect(await uploadsLeft()).toBe(0);
  });
  it('that a person ends is kept as far as it came, or thrown away', async () => {
    const dossierId = await web.addDossier();
    for (const keep of [true, false]) {
      await scanner.lay(4, 3);
      const { body } = await start(dossierId);
      await settled(body.id);
      const ended = (await archivist.call('POST', `/api/v1/scans/${body.id}/end`, { keep })).body;
      expect(ended).toMatchObject({ state: 'done', importId: keep ? expect.any(String) : null });
      if (keep) await importUploads(web.served, ended.importId);
    }
    const rows = await web.served.db.system('test').query('select 1 from page where dossier_id = $1', [dossierId]);
    expect(rows).toHaveLength(2);
    expect(await uploadsLeft()).toBe(0);
    await scanner.lay(0);
  });
  it('says that the feeder is empty, and makes no import of nothing', async () => {
    const dossierId = await web.addDossier();
    // What the test before left in the feeder goes first.
    let body = (await start(dossierId)).body;
    await settled(body.id);
    body = (await start(dossierId)).body;
    expect(await settled(body.id)).toMatchObject({ state: 'done', faces: 0, code: 'scanner/no-paper', importId: null });
  });
  it('is alone on its scanner', async () => {
    const dossierId = await web.addDossier();
    await scanner.lay(2, 1);
    const { body } = await start(dossierId);
    await settled(body.id);
    expect((await start(dossierId)).body.code).toBe('scanner/busy');
    expect((await archivist.call('GET', '/api/v1/scanners?again=true')).body.items[0]).toMatchObject({
      isBusy: true,
      sources: ['feeder', 'glass'],
    });
    await archivist.call('POST', `/api/v1/scans/${body.id}/end`, { keep: false });
    expect((await archivist.call('GET', '/api/v1/scanners')).body.items[0].isBusy).toBe(false);
  });
});

describe('the scanners of the machine', () => {
  it('are listed in our words, and none where there is no program', async () => {
    expect((await archivist.call('GET', '/api/v1/scanners?again=true')).body.items).toEqual([
      {
        device: 'paper:0',
        vendor: 'Test',
        model: 'Feeder',
        sources: ['feeder', 'glass'],
        modes: ['colour', 'grey'],
        resolutions: { from: 75, to: 600 },
        isBusy: false,
      },
    ]);
    const bare = new ScanDesk({
      ...web.served,
      config: { ...web.served.config, scanner: { file: 'no-such-program', configFolder: null } },
    });
    expect(await bare.list(await web.desk(), false)).toEqual([]);
  });
  it('do nothing that they cannot do, and nothing that nobody named', async () => {
    const dossierId = await web.addDossier();
    expect((await start(dossierId, { device: '--help' })).body.code).toBe('scanner/not-found');
    expect((await start(dossierId, { source: 'duplex' })).body.code).toBe('scan/source');
    expect((await start(dossierId, { mode: 'black' })).body.code).toBe('scan/mode');
    expect((await start(dossierId, { resolutionDpi: 1200 })).body.code).toBe('scan/resolution');
  });
  it('scan for whoever may receive pages for the dossier, and tell nobody else of the stack', async () => {
    const dossierId = await web.addDossier();
    await scanner.lay(1, 1);
    const { body } = await start(dossierId);
    await settled(body.id);
    const colleague = await web.enter('archivist');
    expect((await colleague.call('GET', `/api/v1/scans/${body.id}`)).body.code).toBe('scan/not-found');
    expect((await colleague.call('POST', `/api/v1/scans/${body.id}/end`, { keep: true })).status).toBe(404);
    const clerk = await web.enter('unit_clerk');
    expect((await clerk.call('GET', '/api/v1/scanners')).status).toBe(403);
    expect((await start(dossierId, {}, clerk)).status).toBe(403);
    await archivist.call('POST', `/api/v1/scans/${body.id}/end`, { keep: false });
    expect((await start('01a2050d-0000-7000-8000-000000000000')).status).toBe(404);
  });
});
