import type { Desk as DeskView, Material, Operation } from '@lantai/contract';
import { beforeEach, describe, expect, it } from 'vitest';
import { searchArchive } from '../search/index.ts';
import { useArchive } from '../testing/archive-fixture.ts';
import { operateDossier } from './operate.ts';
import { openDossierDesk } from './read-desk.ts';

const a = useArchive();
const PAGES = ['1.png', '2.png', '3.png', '4.png', '5.png'];

let dossierId = '';
let view: DeskView;

const operate = async (...operations: Operation[]): Promise<DeskView> => {
  view = await operateDossier(a.archive, await a.desk(), dossierId, { baseVersion: view.version, operations });
  return view;
};
const refused = (code: string) => ({ code });
/** A desk without what every write changes. */
const shape = ({ materials, pages }: DeskView) => ({
  materials: materials.map(({ version: _, ...m }) => m),
  pages,
});
const titles = () => view.materials.map((m) => m.title);
const pageIds = () => view.pages.map((p) => p.id);
const make = async (title: string, pages: string[], edit: object = {}): Promise<Material> => {
  await operate({ type: 'assemble', pageIds: pages, edit: { classCode: '1', title, ...edit } });
  return view.materials.find((m) => m.title === title)!;
};

beforeEach(async () => {
  dossierId = await a.addDossier();
  await a.importPages(dossierId, PAGES);
  view = await openDossierDesk(a.archive, await a.desk(), dossierId);
});

describe('arranging a dossier by hand', () => {
  it('shows loose pages in order of arrival before anything is arranged', () => {
    expect(view.pages.map((p) => p.fileName)).toEqual(PAGES);
    expect(view).toMatchObject({ version: 1, materials: [], undo: null });
  });

  it('assembles, splits, merges, reorders, moves and dissolves, and takes each back to exactly what stood before', async () => {
    const [p1, p2, p3, p4, p5] = pageIds() as [string, string, string, string, string];
    const first = await make('干部履历表', [p1, p2, p3], { date: '1998-07' });
    const second = await make('简历', [p4], { date: '1998-07' });
    const acts: Operation[] = [
      { type: 'split', materialId: first.id, beforePageId: p2 },
      { type: 'merge', intoMaterialId: second.id, materialIds: [first.id] },
      { type: 'reorderPages', materialId: first.id, pageIds: [p3, p1, p2] },
      { type: 'movePages', pageIds: [p5, p1], toMaterialId: second.id, position: 0 },
      { type: 'movePages', pageIds: [p2], toMaterialId: null },
      { type: 'moveMaterial', materialId: second.id, classCode: '2' },
      { type: 'moveMaterial', materialId: second.id, classCode: '1', position: 0 },
      {
        type: 'edit',
        materialId: first.id,
        edit: {
          title: '履历表',
          date: '1999',
          copies: 2,
          remarks: '复印件',
          tags: ['要件'],
          fields: [{ code: 'birthDate', value: '1971.3' }],
        },
      },
      { type: 'confirm', materialId: first.id },
      { type: 'addRecord', edit: { classCode: '10', title: '其他说明', fields: [{ code: 'school', value: '某大学' }] } },
      { type: 'dissolve', materialId: first.id },
      { type: 'turnPage', pageId: p1, turned: 90 },
      { type: 'namePersons', pageId: p1, names: ['钱二', '孙三'] },
    ];
    for (const act of acts) {
      const before = view;
      const after = await operate(act);
      expect(shape(after), act.type).not.toEqual(shape(before));
      expect(after.undo, act.type).toMatchObject({ kind: act.type });
      await operate({ type: 'undo', operationId: after.undo!.operationId });
      expect(shape(view), `undo of ${act.type}`).toEqual(shape(before));
    }
  });

  it('does what it says: pages, places, classes and typed values', async () => {
    const [p1, p2, p3, p4, p5] = pageIds() as [string, string, string, string, string];
    const first = await make('干部履历表', [p1, p2, p3], { date: '1998-07' });
    await operate({ type: 'split', materialId: first.id, beforePageId: p2 });
    expect(view.materials.map((m) => m.pageIds)).toEqual([[p1], [p2, p3]]);
    await operate({ type: 'merge', intoMaterialId: first.id, materialIds: [view.materials.find((m) => m.id !== first.id)!.id] });
    expect(view.materials).toHaveLength(1);
    expect(view.materials[0]).toMatchObject({ pageIds: [p1, p2, p3], date: '1998-07', classCode: '1', sequence: 1 });
    await operate({ type: 'movePages', pageIds: [p5, p4], toMaterialId: first.id, position: 1 });
    expect(view.materials[0]?.pageIds).toEqual([p1, p5, p4, p2, p3]);
    await operate({
      type: 'edit',
      materialId: first.id,
      edit: { fields: [{ code: 'birthDate', value: '1971.3', pageId: p1, box: [1, 2, 3, 4] }] },
    });
    expect(view.materials[0]?.fields).toEqual([{ code: 'birthDate', value: '1971-03', confidence01: null, pageId: p1, box: [1, 2, 3, 4] }]);
    await operate({ type: 'edit', materialId: first.id, edit: { fields: [{ code: 'birthDate', value: '' }] } });
    expect(view.materials[0]?.fields).toEqual([]);
    await operate({ type: 'dissolve', materialId: first.id });
    expect(view.pages.map((p) => [p.id, p.materialId])).toEqual([p1, p2, p3, p4, p5].map((id) => [id, null]));
  });

  it('keeps the box of a value where it stands on its page, however the page is turned after', async () => {
    const [p1] = pageIds() as [string];
    const first = await make('干部履历表', [p1]);
    const boxOf = () => view.materials.find((m) => m.id === first.id)?.fields[0]?.box;
    const { widthPx, heightPx } = view.pages.find((p) => p.id === p1)!;
    const turn = (turned: 0 | 90 | 180 | 270) => operate({ type: 'turnPage', pageId: p1, turned });
    await turn(0);
    await operate({
      type: 'edit',
      materialId: first.id,
      edit: { fields: [{ code: 'birthDate', value: '1971', pageId: p1, box: [1, 2, 3, 4] }] },
    });
    await turn(180);
    expect(boxOf()).toEqual([widthPx - 4, heightPx - 6, 3, 4]);
    await turn(90);
    expect(boxOf()).toEqual([2, widthPx - 4, 4, 3]);
    // A box taken from the page as it lies now, sideways.
    await operate({
      type: 'edit',
      materialId: first.id,
      edit: { fields: [{ code: 'birthDate', value: '1971', pageId: p1, box: [2, widthPx - 4, 4, 3] }] },
    });
    await turn(0);
    expect(boxOf()).toEqual([1, 2, 3, 4]);
  });

  it('orders a class by date where the scheme says so, with places from one and no hole', async () => {
    const [p1, p2, p3] = pageIds() as [string, string, string];
    await make('丙', [p1], { date: '2003' });
    await make('甲', [p2], { date: '1998' });
    await make('乙', [p3]);
    await operate({ type: 'edit', materialId: view.materials.find((m) => m.title === '乙')!.id, edit: { date: '2001-05' } });
    expect(titles()).toEqual(['甲', '乙', '丙']);
    expect(view.materials.map((m) => m.sequence)).toEqual([1, 2, 3]);
    const rows = await a.archive.db
      .system('test')
      .query<{ sequence: number; material_year: number }>(
        'select sequence, material_year from material where dossier_id = $1 order by sequence',
        [dossierId],
      );
    expect(rows).toEqual([1998, 2001, 2003].map((material_year, i) => ({ sequence: i + 1, material_year })));
  });

  it('takes several steps back one after the other, in the order in which they were taken', async () => {
    const [p1, p2] = pageIds() as [string, string];
    const start = shape(view);
    await make('甲', [p1]);
    await make('乙', [p2]);
    await operate({ type: 'merge', intoMaterialId: view.materials[0]!.id, materialIds: [view.materials[1]!.id] });
    for (let left = 3; left > 0; left--) await operate({ type: 'undo', operationId: view.undo!.operationId });
    expect(shape(view)).toEqual(start);
    expect(view.undo).toBeNull();
  });

  it('does all operations of a request or none', async () => {
    const [p1] = pageIds() as [string];
    const before = view;
    await expect(
      operate({ type: 'assemble', pageIds: [p1] }, { type: 'confirm', materialId: a.archive.clock.newId() }),
    ).rejects.toMatchObject(refused('material/not-found'));
    expect(await openDossierDesk(a.archive, await a.desk(), dossierId)).toEqual(before);
  });

  it('makes one entry for a request and none for one that changes nothing', async () => {
    const [p1, p2] = pageIds() as [string, string];
    const count = async () =>
      (await a.archive.db.system('test').query(`select 1 from entry where dossier_id = $1 and kind = 'dossier.arranged'`, [dossierId]))
        .length;
    await operate({ type: 'assemble', pageIds: [p1] }, { type: 'assemble', pageIds: [p2] });
    expect(await count()).toBe(1);
    expect(view.undo).toMatchObject({ kind: 'assemble' });
    const { version } = view;
    await operate({ type: 'turnPage', pageId: p1, turned: 0 });
    expect([await count(), view.version]).toEqual([1, version]);
  });
});

describe('what is refused', () => {
  it('refuses an old version, foreign pages, classes that hold none, malformed dates and unknown fields', async () => {
    const [p1, p2] = pageIds() as [string, string];
    const m = await make('甲', [p1]);
    const other = await a.addDossier();
    await a.importPages(other, ['x.png']);
    const foreign = (await openDossierDesk(a.archive, await a.desk(), other)).pages[0]!.id;
    const old = view;
    await operate({ type: 'turnPage', pageId: p1, turned: 90 });
    const now = view;
    view = old;
    await expect(operate({ type: 'turnPage', pageId: p1, turned: 180 })).rejects.toMatchObject(refused('dossier/changed'));
    view = now;
    const cases: [string, Operation][] = [
      ['page/not-found', { type: 'assemble', pageIds: [foreign] }],
      ['page/not-in-material', { type: 'split', materialId: m.id, beforePageId: p2 }],
      ['page/not-in-material', { type: 'reorderPages', materialId: m.id, pageIds: [p1, p2] }],
      ['material/class-holds-none', { type: 'moveMaterial', materialId: m.id, classCode: '4' }],
      ['material/class-unknown', { type: 'moveMaterial', materialId: m.id, classCode: '77' }],
      ['date/malformed', { type: 'edit', materialId: m.id, edit: { date: '2001-02-30' } }],
      ['field/unknown', { type: 'edit', materialId: m.id, edit: { fields: [{ code: 'nothing', value: 'x' }] } }],
      ['field/date', { type: 'edit', materialId: m.id, edit: { fields: [{ code: 'birthDate', value: '七月' }] } }],
      ['material/merge-itself', { type: 'merge', intoMaterialId: m.id, materialIds: [m.id] }],
      ['operation/nothing-to-undo', { type: 'undo', operationId: a.archive.clock.newId() }],
    ];
    for (const [code, operation] of cases) await expect(operate(operation), code).rejects.toMatchObject(refused(code));
    await expect(
      operate({ type: 'undo', operationId: view.undo!.operationId }, { type: 'dissolve', materialId: m.id }),
    ).rejects.toMatchObject(refused('operation/undo-alone'));
  });

  it('confirms only what has a class and a title', async () => {
    const [p1] = pageIds() as [string];
    await operate({ type: 'assemble', pageIds: [p1] });
    const { id } = view.materials[0]!;
    await expect(operate({ type: 'confirm', materialId: id })).rejects.toMatchObject(refused('material/unclassed'));
    await operate({ type: 'edit', materialId: id, edit: { classCode: '1' } });
    await expect(operate({ type: 'confirm', materialId: id })).rejects.toMatchObject(refused('material/untitled'));
  });

  it('lets an archivist arrange, and neither a unit clerk nor anybody of a neighbour unit', async () => {
    const [p1] = pageIds() as [string];
    const unitId = await a.addUnit(`U${dossierId.slice(-6)}`);
    const request = { baseVersion: view.version, operations: [{ type: 'assemble' as const, pageIds: [p1] }] };
    const clerk = await a.addAccount({ role: 'unit_clerk', unitId: a.rootUnitId });
    await expect(operateDossier(a.archive, await a.desk(clerk), dossierId, request)).rejects.toMatchObject(refused('desk/not-allowed'));
    expect((await openDossierDesk(a.archive, await a.desk(clerk), dossierId)).pages).toHaveLength(5);
    const neighbour = await a.addAccount({ role: 'archivist', unitId });
    await expect(operateDossier(a.archive, await a.desk(neighbour), dossierId, request)).rejects.toMatchObject(
      refused('dossier/not-found'),
    );
    await expect(openDossierDesk(a.archive, await a.desk(neighbour), dossierId)).rejects.toMatchObject(refused('dossier/not-found'));
    const archivist = await a.addAccount({ role: 'archivist', unitId: null });
    expect((await operateDossier(a.archive, await a.desk(archivist), dossierId, request)).materials).toHaveLength(1);
  });

  it('never takes back over what somebody else did since', async () => {
    const [p1] = pageIds() as [string];
    const m = await make('甲', [p1]);
    const mine = view.undo!.operationId;
    const other = await a.desk(await a.addAccount({ role: 'archivist' }));
    const edited = await operateDossier(a.archive, other, dossierId, {
      baseVersion: view.version,
      operations: [{ type: 'edit', materialId: m.id, edit: { title: '乙' } }],
    });
    view = { ...view, version: edited.version };
    await expect(operate({ type: 'undo', operationId: mine })).rejects.toMatchObject(refused('catalogue/changed-since'));
  });
});

describe('archival codes of materials', () => {
  it('are given on confirming, in order, and close the gap that a dissolved one leaves', async () => {
    const pages = pageIds().slice(0, 3);
    const made: Material[] = [];
    for (const [i, page] of pages.entries()) made.push(await make(`材料${i}`, [page]));
    await operate(...made.map((m): Operation => ({ type: 'confirm', materialId: m.id })));
    const code = (n: number) => new RegExp(`^P\\d+-1-00${n}$`);
    expect(view.materials.map((m) => m.code)).toEqual([1, 2, 3].map((n) => expect.stringMatching(code(n))));
    await operate({ type: 'dissolve', materialId: made[1]!.id });
    const again = await make('补', [pages[1]!]);
    await operate({ type: 'confirm', materialId: again.id });
    expect(view.materials.find((m) => m.id === again.id)?.code).toMatch(code(2));
  });

  it('follow a confirmed material into another class', async () => {
    const [p1] = pageIds() as [string];
    const m = await make('甲', [p1]);
    await operate({ type: 'confirm', materialId: m.id });
    await operate({ type: 'moveMaterial', materialId: m.id, classCode: '4-1' });
    expect(view.materials[0]).toMatchObject({ state: 'confirmed', code: expect.stringMatching(/-4-1-001$/) });
    await operate({ type: 'edit', materialId: m.id, edit: { classCode: null } });
    expect(view.materials[0]).toMatchObject({ state: 'draft', code: null });
  });

  it('stay unique and without a gap when many confirm at once', async () => {
    const pages = pageIds();
    for (const [i, page] of pages.entries()) await make(`材料${i}`, [page]);
    const confirm = async (materialId: string): Promise<number> => {
      for (let tries = 1; ; tries++) {
        const desk = await a.desk();
        const { version } = await openDossierDesk(a.archive, desk, dossierId);
        const outcome = await operateDossier(a.archive, desk, dossierId, {
          baseVersion: version,
          operations: [{ type: 'confirm', materialId }],
        }).catch((e: { code: string }) => e.code);
        if (typeof outcome === 'object') return tries;
        expect(outcome).toBe('dossier/changed');
      }
    };
    const tries = await Promise.all(view.materials.map((m) => confirm(m.id)));
    expect(Math.max(...tries)).toBeGreaterThan(1);
    view = await openDossierDesk(a.archive, await a.desk(), dossierId);
    expect(view.materials.map((m) => m.code?.slice(-3)).sort()).toEqual(['001', '002', '003', '004', '005']);
  });
});

describe('what is found', () => {
  it('finds materials by title, tag, field and person, files pages by class, and forgets what was dissolved', async () => {
    const [p1, p2] = pageIds() as [string, string];
    const desk = await a.desk();
    const ids = async (query: string) =>
      (await searchArchive(desk, { query, filters: { dossierId } })).hits.map((h) => h.materialId ?? h.dossierId);
    const m = await make('毕业生登记表', [p1, p2], { tags: ['原件'], fields: [{ code: 'school', value: '华北水利学院' }] });
    await operate({ type: 'namePersons', pageId: p1, names: ['欧阳明月'] }, { type: 'editDossier', tags: ['转入待核'] });
    expect(view.pages[0]?.persons).toEqual(['欧阳明月']);
    for (const query of ['毕业生登记', '原件', '水利学院', '欧阳明月', 'oymy']) expect(await ids(query), query).toContain(m.id);
    expect(await ids('转入待核')).toEqual([dossierId]);
    const row = await a.archive.db
      .system('test')
      .one<{ n: number }>(`select count(*)::int as n from page where dossier_id = $1 and class_code = '1'`, [dossierId]);
    expect(row?.n).toBe(2);
    await operate({ type: 'dissolve', materialId: m.id });
    expect(await ids('毕业生登记')).toEqual([]);
  });

  it('names the same person of a dossier once, under a key of their own', async () => {
    const [p1, p2] = pageIds() as [string, string];
    await operate(
      { type: 'namePersons', pageId: p1, names: ['钱二', ' 钱二 ', '孙三'] },
      { type: 'namePersons', pageId: p2, names: ['孙三'] },
    );
    expect(view.pages.slice(0, 2).map((p) => p.persons)).toEqual([['钱二', '孙三'], ['孙三']]);
    const rows = await a.archive.db
      .system('test')
      .query<{ subject_id: string }>(
        'select distinct subject_id from page_subject s join page p on p.id = s.page_id where p.dossier_id = $1',
        [dossierId],
      );
    expect(rows).toHaveLength(2);
    for (const { subject_id } of rows) expect(a.archive.keys.find('dossier', subject_id)).toHaveLength(32);
  });
});
