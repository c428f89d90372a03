import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Operation } from '@lantai/contract';
import type { Reading } from '@lantai/reading';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readAdviserConfig } from '../adviser-config.ts';
import type { Archive } from '../archive/index.ts';
import { deskTx } from '../desk/index.ts';
import { storeReading } from '../ingest/readings.ts';
import { useArchive } from '../testing/archive-fixture.ts';
import { operateDossier } from './operate.ts';
import { proposeDossier } from './propose-dossier.ts';
import { openDossierDesk } from './read-desk.ts';

const a = useArchive();
/** What somebody does at the desk between the question and its answer. */
let meanwhile: () => Promise<void> = async () => undefined;
const server = createServer((_, response) => {
  const content = '{"classCode":"9-1","title":"入库人员花名卡"}';
  const answer = () => response.writeHead(200).end(JSON.stringify({ choices: [{ message: { role: 'assistant', content } }] }));
  meanwhile().then(answer, () => response.destroy());
});
let archive: Archive;

beforeAll(async () => {
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`;
  const env = { LANTAI_ADVISER_URL: url, LANTAI_ADVISER_MODEL: 'local', LANTAI_ADVISER_SECONDS: '60' };
  archive = { ...a.archive, config: { ...a.archive.config, adviser: readAdviserConfig(env, '/') } };
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

const readingOf = (lines: readonly string[]): Reading => ({
  engine: 'ppocr-v4-mobile',
  version: '1',
  widthPx: 2480,
  heightPx: 3508,
  orientation: 0,
  skewDegrees: 0,
  lines: lines.map((text, i) => {
    const height = i ? 60 : 100;
    return { text, box: [300, 300 + 400 * i, [...text].length * height, height], confidence01: 0.99, source: 'normal' };
  }),
  pageDigest: 'f'.repeat(88),
});
const card = readingOf(['某厂入库人员花名卡', '姓名贺远山']);
const pay = readingOf(['机关事业单位工作人员工资变动审批表', '姓名贺远山', '1999年9月13日']);

/** A dossier of two pages that were read: one of a form that no rule knows, one of a form that they do. */
async function readDossier() {
  const dossierId = await a.addDossier({ name: '贺远山' });
  await a.importPages(dossierId, ['1.png', '2.png']);
  const view = await openDossierDesk(archive, await a.desk(), dossierId);
  const pages = view.pages.map((p) => p.id);
  const place = { fondsId: a.fondsId, unitId: a.rootUnitId, category: 'cadre', level: 1 };
  for (const [i, read] of [card, pay].entries())
    await archive.db.system('test').tx(async (raw) => {
      await storeReading(deskTx(raw, archive, null, 'archive_work'), archive, { pageId: pages[i]!, dossierId, place }, read);
      await raw.query(`update page set read_state = 'read' where id = $1`, [pages[i]]);
    });
  const operate = async (...operations: Operation[]): Promise<void> => {
    await operateDossier(archive, await a.desk(), dossierId, { baseVersion: view.version, operations });
  };
  const materials = async () =>
    (await openDossierDesk(archive, await a.desk(), dossierId)).materials.map((m) => [m.state, m.classCode, m.title, m.pageIds]);
  return { dossierId, pages, operate, materials };
}

describe('a dossier about which an adviser is asked', () => {
  it('can be worked on until the answer comes, which then counts for what was asked about', async () => {
    const { dossierId, pages, operate, materials } = await readDossier();
    meanwhile = () => operate({ type: 'assemble', pageIds: [pages[1]!], edit: { classCode: '10', title: '别的' } });
    await proposeDossier(archive, dossierId);
    expect(await materials()).toEqual([
      ['proposed', '9-1', '入库人员花名卡', [pages[0]]],
      ['draft', '10', '别的', [pages[1]]],
    ]);
  });

  it('takes no answer about pages that somebody has filed meanwhile', async () => {
    const { dossierId, pages, operate, materials } = await readDossier();
    meanwhile = () => operate({ type: 'assemble', pageIds: [pages[0]!], edit: { classCode: '10', title: '花名卡' } });
    await proposeDossier(archive, dossierId);
    expect((await materials()).map(([state, , title]) => [state, title])).toEqual([
      ['proposed', '工资变动审批表'],
      ['draft', '花名卡'],
    ]);
  });
});
