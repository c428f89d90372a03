import type { Desk as DeskView, Operation } from '@lantai/contract';
import type { Reading } from '@lantai/reading';
import { SHOW_ALL } from '@lantai/search';
import { beforeEach, describe, expect, it } from 'vitest';
import { deskTx } from '../desk/index.ts';
import { storeReading } from '../ingest/readings.ts';
import { useArchive } from '../testing/archive-fixture.ts';
import { operateDossier } from './operate.ts';
import { proposeDossier, queueProposals, waitUntilProposed } from './propose-dossier.ts';
import { openDossierDesk } from './read-desk.ts';

const a = useArchive();
const PAGES = ['1.png', '2.png', '3.png', '4.png'];

type Line = readonly [text: string, x: number, y: number, height?: number];

/** What a reader gives of a sheet at 300 dpi. */
function reading(lines: readonly Line[]): Reading {
  const placed = lines.map(([text, x, y, height = 60]) => ({
    text,
    box: [x, y, [...text].length * height, height] as [number, number, number, number],
    confidence01: 0.99,
    source: 'normal' as const,
  }));
  return {
    engine: 'ppocr-v4-mobile',
    version: '1',
    widthPx: 2480,
    heightPx: 3508,
    orientation: 0,
    skewDegrees: 0,
    lines: placed,
    pageDigest: 'f'.repeat(88),
  };
}

const cover = reading([
  ['劳动合同书', 1000, 700, 130],
  ['甲方（用人单位）：青岚市第二纺织厂', 560, 1100],
  ['乙方（劳动者）：贺远山', 860, 1400],
]);
const terms = reading([
  ['居民身份证号码：110000197609045319', 280, 900],
  ['第一条本合同自2005年7月13日起至2008年7月12日止，其中试用期为3个月。', 300, 1300],
]);
const pay = reading([
  ['机关事业单位工作人员工资变动审批表', 500, 280, 90],
  ['姓名', 300, 600],
  ['贺远山', 620, 600],
  ['出生年月', 1650, 600],
  ['1976年9月', 1980, 600],
  ['审批机关意见', 220, 1600],
  ['同意。', 1300, 1540],
  ['1999年9月13日', 1800, 1680],
]);

let dossierId = '';
let view: DeskView;

const operate = async (...operations: Operation[]): Promise<DeskView> => {
  const shown = { shown: SHOW_ALL, untilMs: null };
  view = await operateDossier(a.archive, await a.desk(), dossierId, { baseVersion: view.version, operations }, shown);
  return view;
};
const pageId = (name: string) => view.pages.find((p) => p.fileName === name)!.id;
const pagesOf = () => view.materials.map((m) => m.pageIds.map((id) => view.pages.find((p) => p.id === id)?.fileName));

async function store(name: string, read: Reading): Promise<void> {
  const row = await a.archive.db
    .system('test')
    .one<{ fonds_id: string; unit_id: string; category: string; level: number }>(
      'select fonds_id, unit_id, category, level from dossier where id = $1',
      [dossierId],
    );
  const place = { fondsId: row!.fonds_id, unitId: row!.unit_id, category: row!.category, level: row!.level };
  await a.archive.db.system('test').tx(async (raw) => {
    await storeReading(deskTx(raw, a.archive, null, 'archive_work'), a.archive, { pageId: pageId(name), dossierId, place }, read);
    await raw.query(`update page set read_state = 'read' where id = $1`, [pageId(name)]);
  });
}

beforeEach(async () => {
  dossierId = await a.addDossier({ name: '贺远山' });
  await a.importPages(dossierId, PAGES);
  view = await openDossierDesk(a.archive, await a.desk(), dossierId);
});

describe('what the machine proposes of loose pages', () => {
  it('becomes materials that are proposed, each value with how sure it is and where it stands', async () => {
    await store('1.png', cover);
    await store('2.png', terms);
    await store('3.png', pay);
    await operate({ type: 'propose' });
    expect(pagesOf()).toEqual([['3.png'], ['1.png', '2.png']]);
    expect(view.materials.map((m) => [m.state, m.classCode, m.title, m.code])).toEqual([
      ['proposed', '9-1', '工资变动审批表', null],
      ['proposed', '9-2', '劳动合同书', null],
    ]);
    const [change, contract] = view.materials;
    expect(change?.date).toBe('1999-09-13');
    const name = change?.fields.find((f) => f.code === 'name');
    expect(name).toMatchObject({ value: '贺远山', pageId: pageId('3.png'), box: [620, 600, 180, 60] });
    expect(name?.confidence01).toBeGreaterThan(0.5);
    expect(contract?.fields.find((f) => f.code === 'contractEnd')).toMatchObject({ value: '2008-07-12', pageId: pageId('2.png') });
  });

  it('leaves alone what was not read yet and what somebody has arranged, and proposes nothing twice', async () => {
    await store('1.png', cover);
    await store('2.png', terms);
    await operate({ type: 'assemble', pageIds: [pageId('2.png')], edit: { classCode: '10', title: '别的' } });
    await operate({ type: 'propose' });
    expect(new Map(view.materials.map((m) => [m.title, m.pageIds]))).toEqual(
      new Map([
        ['劳动合同书', [pageId('1.png')]],
        ['别的', [pageId('2.png')]],
      ]),
    );
    const { version } = view;
    await operate({ type: 'propose' });
    expect([view.version, view.materials.length]).toEqual([version, 2]);
  });

  it('is one step that is taken back whole, and a person’s word needs no confidence any more', async () => {
    await store('3.png', pay);
    await operate({ type: 'propose' });
    const [material] = view.materials;
    await operate({ type: 'confirm', materialId: material!.id });
    expect(view.materials[0]).toMatchObject({ state: 'confirmed', confidence: { classCode: null, title: null, date: null } });
    await operate({ type: 'undo', operationId: view.undo!.operationId });
    await operate({ type: 'undo', operationId: view.undo!.operationId });
    expect([view.materials, view.pages.map((p) => p.materialId)]).toEqual([[], [null, null, null, null]]);
  });

  it('keeps what no field can take word for word, and names each doubt until a person has settled it', async () => {
    const odd = reading([
      ['社会保险参保人员登记表', 700, 280, 90],
      ['姓名', 300, 600],
      ['贺远山', 620, 600],
      ['出生年月', 1650, 600],
      ['1982年2月30日', 1980, 600],
      ['身份证号码', 300, 800],
      ['110000197609045318', 820, 800],
      ['1999年9月13日', 1800, 1680],
    ]);
    await store('3.png', odd);
    await operate({ type: 'propose' });
    const [material] = view.materials;
    expect(material!.remarks).toBe('出生年月：1982年2月30日');
    const named = () => view.materials[0]!.findings.filter((f) => f.code.startsWith('proposal/'));
    expect(named()).toEqual([
      {
        code: 'proposal/impossible-date',
        severity: 'warning',
        materialId: material!.id,
        pageId: pageId('3.png'),
        box: [1980, 600, 600, 60],
        params: { field: 'birthDate' },
      },
      {
        code: 'proposal/check-digit',
        severity: 'warning',
        materialId: material!.id,
        pageId: pageId('3.png'),
        box: [820, 800, 1080, 60],
        params: { field: 'idNumber' },
      },
    ]);
    expect(material!.fields.find((f) => f.code === 'idNumber')).toMatchObject({ value: '110000197609045318' });
    await operate({ type: 'edit', materialId: material!.id, edit: { fields: [{ code: 'birthDate', value: '1982-02' }] } });
    expect(named().map((f) => f.code)).toEqual(['proposal/check-digit']);
    await operate({ type: 'confirm', materialId: material!.id });
    expect(named()).toEqual([]);
    await operate({ type: 'undo', operationId: view.undo!.operationId });
    expect(named().map((f) => f.code)).toEqual(['proposal/check-digit']);
  });

  it('asks for class and title of what carries no heading', async () => {
    await store('2.png', terms);
    await operate({ type: 'propose' });
    expect(view.materials[0]!.findings.map((f) => f.code)).toContain('proposal/no-heading');
    await operate({ type: 'edit', materialId: view.materials[0]!.id, edit: { classCode: '9-2', title: '劳动合同书' } });
    expect(view.materials[0]!.findings.map((f) => f.code)).not.toContain('proposal/no-heading');
  });

  it('is for archivists, not for whoever may only read', async () => {
    await store('3.png', pay);
    const unit = await a.addUnit('U-PROPOSE');
    const clerk = await a.desk(await a.addAccount({ role: 'unit_clerk', unitId: unit }));
    const asked = operateDossier(a.archive, clerk, dossierId, { baseVersion: view.version, operations: [{ type: 'propose' }] });
    await expect(asked).rejects.toMatchObject({ fault: 'caller' });
    expect((await openDossierDesk(a.archive, await a.desk(), dossierId)).materials).toEqual([]);
  });
});

describe('what is proposed by itself', () => {
  const queued = async () => (await a.archive.queue.count(a.archive.db, 'propose')).queued;
  const reread = async () => {
    view = await openDossierDesk(a.archive, await a.desk(), dossierId);
  };

  it('waits until the whole dossier was read, and is asked for once', async () => {
    const before = await queued();
    await store('1.png', cover);
    await store('2.png', terms);
    await queueProposals(a.archive, dossierId);
    await proposeDossier(a.archive, dossierId);
    await reread();
    expect([await queued(), view.materials]).toEqual([before, []]);
    await store('3.png', pay);
    await store('4.png', reading([]));
    const proposesNothing = { ...a.archive, config: { ...a.archive.config, proposes: false } };
    await queueProposals(proposesNothing, dossierId);
    expect(await queued()).toBe(before);
    expect(await waitUntilProposed(proposesNothing, dossierId)).toBe(false);
    await queueProposals(a.archive, dossierId);
    await queueProposals(a.archive, dossierId);
    expect(await queued()).toBe(before + 1);
    const { version } = view;
    await proposeDossier(a.archive, dossierId);
    await reread();
    expect(view.materials.map((m) => [m.state, m.title])).toEqual([
      ['proposed', '工资变动审批表'],
      ['proposed', '劳动合同书'],
    ]);
    expect([view.version, view.undo]).toEqual([version + 1, null]);
    await proposeDossier(a.archive, dossierId);
    await reread();
    expect(view.version).toBe(version + 1);
  });

  it('is never laid again of pages that a person took out of it, and never of a dossier under restriction', async () => {
    for (const name of PAGES) await store(name, name === '3.png' ? pay : reading([]));
    await restrict(true);
    await proposeDossier(a.archive, dossierId);
    // Nobody looks into it meanwhile.
    expect(await a.archive.db.system('test').query('select 1 from material where dossier_id = $1', [dossierId])).toEqual([]);
    await restrict(false);
    await proposeDossier(a.archive, dossierId);
    await reread();
    const [made, ...others] = view.materials;
    await operate({ type: 'dissolve', materialId: made!.id });
    await proposeDossier(a.archive, dossierId);
    await reread();
    expect(view.materials.map((m) => m.id)).toEqual(others.map((m) => m.id));
    expect(view.pages.filter((p) => made!.pageIds.includes(p.id)).map((p) => p.materialId)).toEqual(made!.pageIds.map(() => null));
  });

  it('gives a folder’s material its fields and leaves class and title as the folder says', async () => {
    const laidId = await a.addDossier({ name: '贺远山' });
    await a.importPages(laidId, ['一 履历材料/1 干部履历表/3.png', '九 工资任免/2 别的材料/1.png', '九 工资任免/2 别的材料/2.png']);
    dossierId = laidId;
    await reread();
    const named = new Map(view.pages.map((p) => [p.fileName.slice(-5), p.fileName]));
    for (const [end, read] of [
      ['3.png', pay],
      ['1.png', cover],
      ['2.png', terms],
    ] as const)
      await store(named.get(end)!, read);
    const before = view.materials.map((m) => [m.classCode, m.title]);
    await proposeDossier(a.archive, laidId);
    await reread();
    expect(view.materials.map((m) => [m.classCode, m.title])).toEqual(before);
    const [filled] = view.materials;
    expect(filled).toMatchObject({ state: 'proposed', date: '1999-09-13' });
    expect(filled!.fields.find((f) => f.code === 'name')).toMatchObject({ value: '贺远山', box: [620, 600, 180, 60] });
    expect(view.materials[1]!.fields.find((f) => f.code === 'contractEnd')?.value).toBe('2008-07-12');
  });

  async function restrict(on: boolean): Promise<void> {
    const db = a.archive.db.system('test');
    if (!on) return void (await db.query('update restriction set lifted_at_ms = 1 where lifted_at_ms is null'));
    await db.query(
      `insert into restriction (id, fonds_id, dossier_id, subject_id, from_ms, made_by, entry_id)
       select gen_random_uuid(), fonds_id, id, subject_id, 0, (select id from account limit 1), (select id from entry limit 1) from dossier where id = $1`,
      [dossierId],
    );
  }
});
