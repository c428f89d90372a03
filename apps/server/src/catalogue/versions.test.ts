import type { Desk as DeskView, MaterialVersions, Operation } from '@lantai/contract';
import type { Reading } from '@lantai/reading';
import { beforeEach, describe, expect, it } from 'vitest';
import { getCopiedThing } from '../copies/copied-pages.ts';
import { deskTx } from '../desk/index.ts';
import { storeReading } from '../ingest/readings.ts';
import { checkContradictions } from '../keeping/check-rows.ts';
import { checkStates } from '../keeping/check-states.ts';
import { FsckWalk } from '../keeping/fsck-report.ts';
import { viewPage } from '../pages/index.ts';
import { searchArchive } from '../search/index.ts';
import { useArchive } from '../testing/archive-fixture.ts';
import { operateDossier } from './operate.ts';
import { scoreDossierQuality } from './quality.ts';
import { openDossierDesk } from './read-desk.ts';
import { readMaterialVersions } from './read-versions.ts';

const a = useArchive();
let dossierId = '';
let view: DeskView;
let [bad, other, better, best]: string[] = [];
let materialId = '';

const operate = async (...operations: Operation[]): Promise<DeskView> => {
  view = await operateDossier(a.archive, await a.desk(), dossierId, { baseVersion: view.version, operations });
  return view;
};
const replace = (pageId: string | undefined, byPageId: string | undefined, reason = '原扫描模糊，重新扫描') =>
  operate({ type: 'replacePage', pageId: pageId!, byPageId: byPageId!, reason });
const undo = () => operate({ type: 'undo', operationId: view.undo!.operationId });
const versions = async (): Promise<MaterialVersions> => readMaterialVersions(a.archive, await a.desk(), { dossierId, materialId });
const hits = async (query: string) => (await searchArchive(await a.desk(), { query, filters: { dossierId } })).hits.map((h) => h.pageId);
const countOf = async (sql: string) => (await a.archive.db.system('test').one<{ n: number }>(sql, [dossierId]))?.n;
const material = () => view.materials.find((m) => m.id === materialId)!;

const reading = (text: string): Reading => ({
  engine: 'ppocr-v4-mobile',
  version: '1',
  widthPx: 24,
  heightPx: 32,
  orientation: 0,
  skewDegrees: 0,
  lines: [{ text, box: [1, 1, 20, 8], confidence01: 0.99, source: 'normal' }],
  pageDigest: 'f'.repeat(88),
});

async function read(pageId: string | undefined, text: string): Promise<void> {
  const db = a.archive.db.system('test');
  const row = await db.one<{ fonds_id: string; unit_id: string; category: string; level: number }>(
    'select fonds_id, unit_id, category, level from dossier where id = $1',
    [dossierId],
  );
  const place = { fondsId: row!.fonds_id, unitId: row!.unit_id, category: row!.category, level: row!.level };
  await db.tx(async (raw) => {
    await storeReading(deskTx(raw, a.archive, null, 'archive_work'), a.archive, { pageId: pageId!, dossierId, place }, reading(text));
    await raw.query(`update page set read_state = 'read' where id = $1`, [pageId]);
  });
}

const problems = async (): Promise<string[]> => {
  const walk = new FsckWalk();
  await checkContradictions(a.archive, walk);
  await checkStates(a.archive, walk);
  return walk.findings.map((f) => f.code).filter((code) => code !== 'fsck/object-unused');
};

beforeEach(async () => {
  dossierId = await a.addDossier();
  await a.importPages(dossierId, ['1.png', '2.png', '3.png', '4.png']);
  view = await openDossierDesk(a.archive, await a.desk(), dossierId);
  [bad, other, better, best] = view.pages.map((p) => p.id);
  await read(bad, '模湖的履历表');
  await read(better, '清楚的履历表');
  await operate({
    type: 'assemble',
    pageIds: [bad!, other!],
    edit: {
      classCode: '1',
      title: '干部履历表',
      date: '1998-07',
      fields: [{ code: 'birthDate', value: '1971.3', pageId: bad!, box: [1, 1, 9, 9] }],
    },
  });
  materialId = view.materials[0]!.id;
  await operate({ type: 'confirm', materialId }, { type: 'namePersons', pageId: bad!, names: ['钱二'] });
});

describe('a better scan', () => {
  it('takes the place of a bad one, which stays reachable and is met by no list, search, copy or score', async () => {
    const scored = await scoreDossierQuality(a.archive, await a.desk(), dossierId);
    await replace(bad, better);
    expect(material().pageIds).toEqual([better, other]);
    expect(view.pages.map((p) => p.id)).toEqual([other, better, best]);
    expect(view.pages.find((p) => p.id === better)).toMatchObject({ scans: 2, persons: ['钱二'] });
    // What was read on the old scan keeps its page, not its place: the sheet lies elsewhere on the new one.
    expect(material().fields).toMatchObject([{ code: 'birthDate', pageId: better, box: null }]);
    expect(await hits('模湖')).toEqual([]);
    expect(await hits('清楚')).toEqual([better]);
    const copied = await (await a.desk()).act('page.copy', (tx, scope) =>
      getCopiedThing(tx, a.archive, scope, { dossierId, materialIds: null, showsSensitive: false }),
    );
    expect(copied.pages.map((p) => p.pageId)).toEqual([better, other, best]);
    expect(await countOf('select page_count as n from dossier where id = $1')).toBe(3);
    const after = await scoreDossierQuality(a.archive, await a.desk(), dossierId);
    expect(after.score).toBeGreaterThanOrEqual(scored.score);
    expect(await versions()).toMatchObject({
      scans: [
        { pageId: better, place: 1, former: [{ pageId: bad, byPageId: better, reason: '原扫描模糊，重新扫描', byName: a.owner.name }] },
      ],
    });
    expect(await viewPage(a.archive, await a.desk(), bad!, null)).toMatchObject({ pageId: bad });
    expect(await problems()).toEqual([]);
  });

  it('is taken back as any step is: the old scan lies where it lay and is found again', async () => {
    const before = { materials: view.materials.map(({ version: _, ...m }) => m), pages: view.pages };
    await replace(bad, better);
    await undo();
    expect({ materials: view.materials.map(({ version: _, ...m }) => m), pages: view.pages }).toEqual(before);
    expect(await hits('模湖')).toEqual([bad]);
    expect(await countOf('select count(*)::int as n from page_replacement where dossier_id = $1 and ended_at_ms is not null')).toBe(1);
    expect(await versions()).toMatchObject({ scans: [] });
    expect(await problems()).toEqual([]);
  });

  it('can itself give way, and every former scan is listed, newest first', async () => {
    await replace(bad, better);
    await replace(better, best, '漏扫边角');
    expect((await versions()).scans).toMatchObject([{ pageId: best, former: [{ pageId: better, reason: '漏扫边角' }, { pageId: bad }] }]);
    expect(view.pages.find((p) => p.id === best)?.scans).toBe(3);
    expect(await problems()).toEqual([]);
  });

  it('is refused for a page that is loose, by one that is filed, and where either gave way already', async () => {
    await expect(replace(best, better)).rejects.toMatchObject({ code: 'page/no-material' });
    await expect(replace(bad, other)).rejects.toMatchObject({ code: 'page/not-loose' });
    await expect(replace(bad, bad)).rejects.toMatchObject({ code: 'page/not-loose' });
    await replace(bad, better);
    await expect(replace(better, bad)).rejects.toMatchObject({ code: 'page/superseded' });
    await expect(operate({ type: 'movePages', pageIds: [bad!], toMaterialId: materialId })).rejects.toMatchObject({
      code: 'page/superseded',
    });
  });

  it('is of the own reach alone: who may not see the dossier finds neither the act nor the versions', async () => {
    const unitId = await a.addUnit('701');
    const stranger = await a.desk({ ...(await a.addAccount({ role: 'archivist', unitId })), fondsId: null, unitId });
    const request = {
      baseVersion: view.version,
      operations: [{ type: 'replacePage' as const, pageId: bad!, byPageId: better!, reason: '模糊' }],
    };
    await expect(operateDossier(a.archive, stranger, dossierId, request)).rejects.toMatchObject({ code: 'dossier/not-found' });
    await expect(readMaterialVersions(a.archive, stranger, { dossierId, materialId })).rejects.toMatchObject({ code: 'dossier/not-found' });
    await replace(bad, better);
    await expect(viewPage(a.archive, stranger, bad!, null)).rejects.toMatchObject({ code: 'page/not-found' });
  });

  it('leaves words no clear trace in the database, and the record cannot be rewritten', async () => {
    await replace(bad, better, '第三页有折角');
    const rows = await a.archive.db.system('test').query<{ row: string }>('select r::text as row from page_replacement r');
    expect(rows.map((r) => r.row).join()).not.toContain('折角');
    const change = a.archive.db.system('test').query('update page_replacement set by_page_id = page_id where dossier_id = $1', [dossierId]);
    await expect(change).rejects.toMatchObject({ detail: expect.anything() });
  });

  it('is named by fsck when somebody hides a page by hand', async () => {
    await a.archive.db
      .system('test')
      .query('update page set material_id = null, position = null, superseded_by = $2 where id = $1', [bad, better]);
    expect(await problems()).toEqual(expect.arrayContaining(['fsck/superseded-page', 'fsck/state-altered']));
    await a.archive.db
      .system('test')
      .query('update page set material_id = $2, position = 1, superseded_by = null where id = $1', [bad, materialId]);
  });
});

describe('a material that is catalogued otherwise', () => {
  it('keeps each state since it was confirmed, with who, when, before and after, and shows numbers masked', async () => {
    await operate({ type: 'edit', materialId, edit: { title: '履历表', fields: [{ code: 'idNumber', value: '110000197609045319' }] } });
    await operate({ type: 'moveMaterial', materialId, classCode: '2' });
    const { catalogued } = await versions();
    expect(catalogued).toMatchObject([
      { byName: a.owner.name, before: { title: '干部履历表', classCode: '1' }, after: { title: '履历表', classCode: '1' } },
      { before: { classCode: '1' }, after: { classCode: '2' } },
    ]);
    expect(JSON.stringify(catalogued)).not.toContain('110000197609045319');
    expect(catalogued[0]!.atMs).toBeLessThanOrEqual(catalogued[1]!.atMs);
  });

  it('keeps nothing of what was a proposal, of pages moved, or of an act that changes nothing', async () => {
    await operate({ type: 'addRecord', edit: { classCode: '10', title: '其他' } });
    const draft = view.materials.find((m) => m.title === '其他')!;
    await operate({ type: 'edit', materialId: draft.id, edit: { title: '其他说明' } });
    await operate({ type: 'reorderPages', materialId, pageIds: [other!, bad!] });
    await operate({ type: 'edit', materialId, edit: { title: '干部履历表' } });
    expect(await countOf('select count(*)::int as n from material_version where dossier_id = $1')).toBe(0);
  });

  it('is catalogued as before again, which is a version and can be taken back', async () => {
    await operate({
      type: 'edit',
      materialId,
      edit: { classCode: '2', title: '履历表', date: '1999', fields: [{ code: 'birthDate', value: '1972.3' }] },
    });
    const [version] = (await versions()).catalogued;
    await operate({ type: 'restoreVersion', materialId, versionId: version!.id });
    expect(material()).toMatchObject({ classCode: '1', title: '干部履历表', date: '1998-07', state: 'confirmed' });
    expect(material().fields).toMatchObject([{ code: 'birthDate', value: '1971-03', pageId: bad }]);
    expect((await versions()).catalogued).toHaveLength(2);
    await undo();
    expect(material()).toMatchObject({ classCode: '2', title: '履历表', date: '1999' });
    await expect(operate({ type: 'restoreVersion', materialId, versionId: dossierId })).rejects.toMatchObject({
      code: 'version/not-found',
    });
  });

  it('keeps what it was when it is taken apart, and goes with its dossier', async () => {
    await operate({ type: 'dissolve', materialId });
    expect(await versions()).toMatchObject({ isGone: true, catalogued: [{ before: { title: '干部履历表' }, after: null }] });
    expect(await problems()).toEqual([]);
    const rows = await a.archive.db.system('test').query<{ row: string }>('select v::text as row from material_version v');
    expect(rows.map((r) => r.row).join()).not.toContain('履历表');
    await expect(a.archive.db.system('test').query('update material_version set material_id = id')).rejects.toMatchObject({
      detail: expect.anything(),
    });
  });
});
