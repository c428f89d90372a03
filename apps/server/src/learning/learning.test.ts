import type { Desk as DeskView, Operation } from '@lantai/contract';
import type { Reading } from '@lantai/reading';
import { SHOW_ALL } from '@lantai/search';
import { beforeAll, describe, expect, it } from 'vitest';
import { openDossierDesk, operateDossier } from '../catalogue/index.ts';
import { deskTx } from '../desk/index.ts';
import { storeReading } from '../ingest/readings.ts';
import { useArchive } from '../testing/archive-fixture.ts';
import { askLearning, forgetDossier, learn, listLearning, useModel } from './index.ts';

const a = useArchive();
const NAMES = ['贺远山', '苏慕云', '闵子骞', '祁连城', '柏青枝', '郁文渊', '戚长风', '岑晚照', '景行之', '鲍叔同', '游子吟', '杜若飞'];

type Line = readonly [text: string, x: number, y: number, height?: number];

function reading(lines: readonly Line[]): Reading {
  return {
    engine: 'ppocr-v4-mobile',
    version: '1',
    widthPx: 2480,
    heightPx: 3508,
    orientation: 0,
    skewDegrees: 0,
    lines: lines.map(([text, x, y, height = 60]) => ({
      text,
      box: [x, y, [...text].length * height, height] as [number, number, number, number],
      confidence01: 0.99,
      source: 'normal' as const,
    })),
    pageDigest: 'f'.repeat(88),
  };
}

/** A form of this archive's own, which no scheme knows. */
const ownForm = (name: string) =>
  reading([
    ['入库人员花名卡', 900, 280, 90],
    ['姓名', 300, 600],
    [name, 620, 600],
    ['工号牌发放', 300, 900],
    ['更衣箱钥匙', 300, 1050],
    ['车间班次安排', 300, 1200],
    ['1976年3月8日', 1800, 2300],
  ]);
const payForm = (name: string) =>
  reading([
    ['机关事业单位工作人员工资变动审批表', 500, 280, 90],
    ['姓名', 300, 600],
    [name, 620, 600],
    ['审批机关意见', 220, 1600],
    ['1999年9月13日', 1800, 1680],
  ]);

const OWN = { classCode: '9-1', title: '职工登记卡' };
const shown = { shown: SHOW_ALL, untilMs: null };
const place = () => ({ fondsId: a.fondsId, schemeId: 'cadre-2018' });
const operate = async (view: DeskView, ...operations: Operation[]) =>
  operateDossier(a.archive, await a.desk(), view.dossierId, { baseVersion: view.version, operations }, shown);

/** A dossier with one sheet of the archive's own form and one that the rules know, proposed. */
async function proposed(n: number): Promise<DeskView> {
  const name = NAMES[n % NAMES.length]!;
  const dossierId = await a.addDossier({ name });
  await a.importPages(dossierId, ['1.png', '2.png']);
  const view = await openDossierDesk(a.archive, await a.desk(), dossierId);
  const { fonds_id, unit_id, category, level } = (await a.archive.db
    .system('test')
    .one<{ fonds_id: string; unit_id: string; category: string; level: number }>('select * from dossier where id = $1', [dossierId]))!;
  await a.archive.db.system('test').tx(async (raw) => {
    const tx = deskTx(raw, a.archive, null, 'archive_work');
    for (const page of view.pages) {
      const read = page.fileName === '1.png' ? ownForm(name) : payForm(name);
      const of = { pageId: page.id, dossierId, place: { fondsId: fonds_id, unitId: unit_id, category, level } };
      await storeReading(tx, a.archive, of, read);
      await raw.query(`update page set read_state = 'read' where id = $1`, [page.id]);
    }
  });
  return operate(view, { type: 'propose' });
}

const ownOf = (view: DeskView) => view.materials.find((m) => m.pageIds[0] === view.pages.find((p) => p.fileName === '1.png')?.id)!;
const payOf = (view: DeskView) => view.materials.find((m) => m !== ownOf(view))!;

async function settle(view: DeskView, stands = OWN): Promise<void> {
  const { id } = ownOf(view);
  await operate(
    view,
    { type: 'edit', materialId: id, edit: stands },
    { type: 'confirm', materialId: id },
    { type: 'confirm', materialId: payOf(view).id },
  );
}
const models = async () =>
  a.archive.db
    .system('test')
    .query<{ id: string; number: number; state: string; body: Uint8Array | null }>(
      'select id, number, state, body from learning_model order by number',
    );
const queued = async () => (await a.archive.queue.count(a.archive.db, 'learn')).queued;

describe('learning from what persons settle', () => {
  let waiting: DeskView;
  beforeAll(async () => {
    // One was proposed before anything was known: what a new model would say of it is counted.
    waiting = await proposed(11);
    for (let n = 0; n < 10; n++) await settle(await proposed(n));
  }, 120_000);

  it('keeps what was proposed beside what stood, sealed and without a word of the page', async () => {
    const rows = await a.archive.db
      .system('test')
      .query<{ corrected: boolean | null; body: Uint8Array; stood: Uint8Array | null }>(
        'select corrected, body, stood from learning_example',
      );
    expect([rows.length, rows.filter((r) => r.corrected).length, rows.filter((r) => r.corrected === false).length]).toEqual([22, 10, 10]);
    const all = Buffer.concat(rows.flatMap((r) => [r.body, ...(r.stood ? [r.stood] : [])])).toString('latin1');
    expect(all.includes(Buffer.from(OWN.title).toString('latin1'))).toBe(false);
    const [view] = await listLearning(a.archive, await a.desk());
    expect(view).toMatchObject({ schemeId: 'cadre-2018', settled: 20, corrected: 10, fresh: 10, models: [] });
    // Too few corrections to train by itself.
    expect(await queued()).toBe(0);
  });

  it('takes a confirmation that was taken back for nothing settled', async () => {
    const view = await proposed(10);
    const count = async () => (await listLearning(a.archive, await a.desk()))[0]!.settled;
    const before = await count();
    const confirmed = await operate(view, { type: 'confirm', materialId: payOf(view).id });
    expect(await count()).toBe(before + 1);
    await operate(confirmed, { type: 'undo', operationId: confirmed.undo!.operationId });
    expect(await count()).toBe(before);
  });

  it('proposes the next such page rightly, and says what changes of those that wait', async () => {
    expect([ownOf(waiting).classCode, ownOf(waiting).title]).not.toEqual([OWN.classCode, OWN.title]);
    expect(await learn(a.archive, place())).toEqual({ number: 1, examples: 20, corrected: 10, verdict: 'better' });
    const [view] = await listLearning(a.archive, await a.desk());
    expect(view!.models[0]).toMatchObject({ state: 'in_force', changes: { of: 4, titles: 2 }, evaluation: { verdict: 'better' } });
    const next = await proposed(3);
    expect([ownOf(next).state, ownOf(next).classCode, ownOf(next).title]).toEqual(['proposed', OWN.classCode, OWN.title]);
    // What the rules know stays theirs.
    expect([payOf(next).classCode, payOf(next).title]).toEqual(['9-1', '工资变动审批表']);
  });

  it('goes back to the rules and to an earlier model by a person who takes in the whole fonds, and by nobody else', async () => {
    const [{ id } = { id: '' }] = await models();
    const clerk = await a.desk({ role: 'archivist', unitId: await a.addUnit('L01') });
    await expect(useModel(clerk, id, false)).rejects.toMatchObject({ code: 'learning/not-found' });
    await expect(askLearning(a.archive, clerk, place())).rejects.toMatchObject({ code: 'fonds/not-found' });
    expect(await listLearning(a.archive, clerk)).toEqual([]);
    const desk = await a.desk();
    await useModel(desk, id, false);
    expect(ownOf(await proposed(4)).title).not.toBe(OWN.title);
    await useModel(desk, id, true);
    expect(ownOf(await proposed(5)).title).toBe(OWN.title);
    await expect(useModel(desk, a.archive.clock.newId(), true)).rejects.toMatchObject({ code: 'learning/not-found' });
  });

  it('is forgotten with the dossier that taught it, and trained anew without it', async () => {
    const { dossier_id: gone } = (await a.archive.db
      .system('test')
      .one<{ dossier_id: string }>('select dossier_id from learning_example where trained order by material_id limit 1'))!;
    const before = await queued();
    await a.archive.db.system('test').tx(async (raw) => forgetDossier(deskTx(raw, a.archive, null, 'archive_work'), a.archive, gone));
    expect((await models()).map((m) => [m.state, m.body])).toEqual([['forgotten', null]]);
    expect(await queued()).toBe(before + 1);
    // The rules propose alone until then, and nobody brings the forgotten one back.
    expect(ownOf(await proposed(6)).title).not.toBe(OWN.title);
    await expect(useModel(await a.desk(), (await models())[0]!.id, true)).rejects.toMatchObject({ code: 'learning/not-found' });
    expect(await learn(a.archive, place())).toMatchObject({ number: 2, examples: 18, verdict: 'better' });
    expect(ownOf(await proposed(7)).title).toBe(OWN.title);
  });

  it('leaves the model in force where corrections make no sense', async () => {
    const titles = ['甲类登记卡', '乙类登记卡', '丙类登记卡', '丁类登记卡'];
    for (let n = 0; n < 6; n++)
      await settle(await proposed(n), { classCode: ['1', '5', '9-1', '10'][(n * n + n) % 4]!, title: titles[(n * 7 + (n >> 1)) % 4]! });
    const { verdict, number } = await learn(a.archive, place());
    expect(verdict).not.toBe('better');
    expect((await models()).map((m) => [m.number, m.state])).toEqual([
      [1, 'forgotten'],
      [2, 'in_force'],
      [number, 'refused'],
    ]);
    expect(ownOf(await proposed(8)).title).toBe(OWN.title);
  });
});
