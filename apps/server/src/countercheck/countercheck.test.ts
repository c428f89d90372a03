import { emptyDescription, planAssemble } from '@lantai/catalogue';
import type { CountercheckAct, Desk as DeskView, MaterialCountercheck, Operation } from '@lantai/contract';
import type { MaterialId, PageId } from '@lantai/values';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { CatalogueDraft } from '../catalogue/catalogue-draft.ts';
import { lockCatalogueUnscoped } from '../catalogue/catalogue-state.ts';
import {
  type CountercheckRequest,
  countercheckMaterials,
  editDossiers,
  fileDossier,
  listCounterchecks,
  openDossierDesk,
  operateDossier,
} from '../catalogue/index.ts';
import { saveCatalogue } from '../catalogue/save-catalogue.ts';
import { type Actor, deskTx, openDesk } from '../desk/index.ts';
import { keepExamples } from '../learning/index.ts';
import { useArchive } from '../testing/archive-fixture.ts';
import { listCountercheckRules, setCountercheckRule } from './index.ts';

const SCHEMES = ['cadre-2018', 'employee-lifecycle'];
const a = useArchive();
let [first, second, third]: Actor[] = [];
let dossierId = '';

const deskOf = (actor: Actor | undefined) => openDesk(a.archive, actor!, 'archive_work');
const rule = async (required: boolean, by = first) =>
  setCountercheckRule(a.archive, await deskOf(by), { fondsId: a.fondsId, schemeId: 'cadre-2018', required }, SCHEMES);
const open = async (by = second): Promise<DeskView> => openDossierDesk(a.archive, await deskOf(by), dossierId);
const operate = async (by: Actor | undefined, ...operations: Operation[]): Promise<DeskView> => {
  const { version: baseVersion } = await open(by);
  return operateDossier(a.archive, await deskOf(by), dossierId, { baseVersion, operations });
};
const act = async (by: Actor | undefined, what: CountercheckAct): Promise<DeskView> => {
  const { version: baseVersion } = await open(by);
  return countercheckMaterials(a.archive, await deskOf(by), dossierId, { baseVersion, act: what });
};
const pass = (by: Actor | undefined, ...materialIds: string[]) => act(by, { type: 'pass', materialIds });
const checkOf = async (id: string, by = second): Promise<MaterialCountercheck | null> =>
  (await open(by)).materials.find((m) => m.id === id)!.countercheck;
const file = async () => fileDossier(a.archive, await deskOf(first), dossierId);
const listed = async (as: 'second' | 'first', by: Actor | undefined) =>
  (await listCounterchecks(a.archive, await deskOf(by), { as, limit: 500 })).items.filter((line) => line.dossierId === dossierId);

/** Lays a material of one page as proposals do. */
async function lay(page: number, title = '干部履历表'): Promise<string> {
  const id = a.archive.clock.newId() as MaterialId;
  await a.archive.db.system('test').tx(async (raw) => {
    const tx = deskTx(raw, a.archive, null, 'archive_work');
    const loaded = (await lockCatalogueUnscoped(tx, a.archive, dossierId))!;
    const pages = loaded.pages.map((p) => p.id as PageId);
    const draft = new CatalogueDraft(loaded.state, pages);
    draft.take(planAssemble(draft.arrangement, { ...emptyDescription(id), classCode: '1', title }, [pages[page]!]));
    draft.setMark(id, { state: 'proposed', confidence: { classCode: 0.9, title: 0.9, date: null } });
    const entryId = a.archive.clock.newId();
    await saveCatalogue(tx, a.archive, loaded, draft.state, entryId);
    const trace = { features: [1], signature: 1, ruled: { classCode: '1', title }, firstPage: pages[page]! } as never;
    await keepExamples(tx, a.archive, dossierId, new Map([[id, trace]]), entryId);
    await tx.log({ id: entryId, kind: 'dossier.arranged', place: loaded.state.head.place, dossierId, objectId: dossierId });
  });
  return id;
}
const confirm = (materialId: string): Operation => ({ type: 'confirm', materialId });
const retitle = (materialId: string, title: string): Operation => ({ type: 'edit', materialId, edit: { title } });
const settled = async (id: string) =>
  (
    await a.archive.db
      .system('test')
      .one<{ at: number | null }>('select settled_at_ms as at from learning_example where material_id = $1', [id])
  )?.at;

beforeAll(async () => {
  first = await a.addAccount({ role: 'archivist' });
  second = await a.addAccount({ role: 'archivist' });
  third = await a.addAccount({ role: 'archivist' });
});
beforeEach(async () => {
  dossierId = await a.addDossier({ name: '公冶长' });
  await a.importPages(dossierId, ['1.png', '2.png', '3.png']);
  await rule(true);
});

describe('what one person confirmed', () => {
  it('waits for another, is passed by another, and only then may the dossier be filed', async () => {
    const id = await lay(0);
    await expect(file()).rejects.toMatchObject({ code: 'filing/not-counterchecked' });
    await operate(first, confirm(id));
    expect(await checkOf(id)).toMatchObject({ state: 'waiting', firstNames: ['account1'], isOwn: false, isAmong: false });
    expect(await checkOf(id, first)).toMatchObject({ isOwn: true });
    await expect(file()).rejects.toMatchObject({ code: 'filing/not-counterchecked' });
    expect(await listed('second', second)).toMatchObject([{ materialId: id, firstNames: ['account1'] }]);
    expect(await listed('second', first)).toEqual([]);
    const desk = await pass(second, id);
    expect(desk.materials[0]?.countercheck).toMatchObject({ state: 'passed', secondName: 'account2' });
    expect(await listed('second', second)).toEqual([]);
    await file();
  });

  it('is never passed by the same person: by the account, by another of the own number, by one tied to the own dossier', async () => {
    const id = await lay(0);
    await operate(first, confirm(id));
    await expect(pass(first, id)).rejects.toMatchObject({ code: 'countercheck/own' });
    await expect(act(first, { type: 'return', materialId: id, reason: '日期不清' })).rejects.toMatchObject({ code: 'countercheck/own' });
    const twin = await a.addAccount({ role: 'archivist' });
    const db = a.archive.db.system('test');
    await db.query('update account set holder_token = $2 where id = any($1::uuid[])', [
      [first!.accountId, twin.accountId],
      Buffer.from('n'),
    ]);
    await expect(pass(twin, id)).rejects.toMatchObject({ code: 'countercheck/own' });
    expect(await listed('second', twin)).toEqual([]);
    await db.query('update account set holder_token = null where id = $1', [twin.accountId]);
    const own = await a.addDossier({ name: '公冶长本人' });
    await db.query(
      'insert into subject_tie (account_id, subject_id, created_at_ms, entry_id) select x.id, d.subject_id, 0, d.entry_id from dossier d, unnest($1::uuid[]) as x(id) where d.id = $2',
      [[first!.accountId, twin.accountId], own],
    );
    await expect(pass(twin, id)).rejects.toMatchObject({ code: 'countercheck/own' });
    await db.query('delete from subject_tie where account_id = any($1::uuid[])', [[first!.accountId, twin.accountId]]);
    await pass(twin, id);
  });

  it('is not passed by the same person with the rights of an emergency either', async () => {
    const id = await lay(0);
    await operate(first, confirm(id));
    const [breakGlassId, nowMs] = [a.archive.clock.newId(), a.archive.clock.nowMs()];
    await a.archive.db.system('test').query(
      `insert into break_glass (id, account_id, second_id, reason, minutes, asked_at_ms, opened_at_ms, ends_at_ms, entry_id)
       values ($1, $2, $3, '\\x00', 60, $4::bigint, $4::bigint, $4::bigint + 3600000, (select id from entry limit 1))`,
      [breakGlassId, first!.accountId, second!.accountId, nowMs],
    );
    await expect(pass(first, id)).rejects.toMatchObject({ code: 'countercheck/own' });
    await a.archive.db.system('test').query('update break_glass set ended_at_ms = ends_at_ms where id = $1', [breakGlassId]);
    await pass(second, id);
  });

  it('shows the second person what the first made of the proposal', async () => {
    const id = await lay(0, '干部履历衣');
    await operate(first, retitle(id, '干部履历表'));
    await operate(first, confirm(id));
    expect((await checkOf(id))?.corrections).toEqual([{ field: 'title', proposed: '干部履历衣' }]);
    const asProposed = await lay(1);
    await operate(first, confirm(asProposed));
    expect((await checkOf(asProposed))?.corrections).toEqual([]);
  });
});

describe('a change of what was passed', () => {
  it('opens the check again, by every way, and an undo too', async () => {
    const [id, other] = [await lay(0), await lay(1)];
    await operate(first, confirm(id), confirm(other));
    await pass(second, id, other);
    await operate(second, retitle(id, '干部履历表（1999）'));
    expect(await checkOf(id)).toMatchObject({ state: 'waiting', firstNames: ['account2'], isOwn: true });
    expect(await checkOf(other)).toMatchObject({ state: 'passed' });
    await expect(file()).rejects.toMatchObject({ code: 'filing/not-counterchecked' });
    await pass(first, id);
    const { pages } = await open();
    await operate(third, { type: 'movePages', pageIds: [pages[2]!.id], toMaterialId: id });
    expect(await checkOf(id)).toMatchObject({ state: 'waiting', firstNames: ['account3'] });
    await pass(first, id);
    await operate(third, { type: 'namePersons', pageId: pages[2]!.id, names: ['南容'] });
    expect(await checkOf(id)).toMatchObject({ state: 'waiting', firstNames: ['account3'] });
    await pass(first, id);
    const { undo } = await open(third);
    await operate(third, { type: 'undo', operationId: undo!.operationId });
    expect(await checkOf(id)).toMatchObject({ state: 'waiting', firstNames: ['account3'] });
  });

  it('is not opened by what is no cataloguing: a page turned, another material beside it', async () => {
    const id = await lay(0);
    await operate(first, confirm(id));
    await pass(second, id);
    const { pages } = await open();
    await operate(first, { type: 'turnPage', pageId: pages[0]!.id, turned: 90 });
    const other = await lay(1);
    await operate(first, confirm(other));
    expect(await checkOf(id)).toMatchObject({ state: 'passed' });
  });

  it('is asked for again of a filed dossier, and the queue says so', async () => {
    const id = await lay(0);
    await operate(first, confirm(id));
    await pass(second, id);
    await file();
    await operate(first, retitle(id, '干部履历表（补）'));
    expect(await listed('second', second)).toMatchObject([{ materialId: id }]);
  });
});

describe('two hands in one material', () => {
  it('a correction of the second is looked at by the first, once the second has vouched for the rest', async () => {
    const id = await lay(0);
    await operate(first, confirm(id));
    await operate(second, retitle(id, '干部履历表（更正）'));
    // Neither has looked at all of it: the first not at the correction, the second has not said so of the rest.
    expect(await checkOf(id)).toMatchObject({ state: 'waiting', firstNames: ['account1', 'account2'], isAmong: true, isOwn: false });
    await pass(second, id);
    expect(await checkOf(id)).toMatchObject({ state: 'waiting', firstNames: ['account2'], isOwn: true });
    await expect(pass(second, id)).rejects.toMatchObject({ code: 'countercheck/own' });
    await pass(first, id);
    expect(await checkOf(id)).toMatchObject({ state: 'passed', secondName: 'account1' });
  });

  it('a change beside does not make the first the checker of the own', async () => {
    const id = await lay(0);
    await operate(first, confirm(id));
    const { pages } = await open();
    await operate(second, { type: 'movePages', pageIds: [pages[2]!.id], toMaterialId: id });
    await pass(first, id);
    expect(await checkOf(id)).toMatchObject({ state: 'waiting', firstNames: ['account1'] });
    await expect(pass(first, id)).rejects.toMatchObject({ code: 'countercheck/own' });
  });

  it('taking a material apart and back forgets nobody', async () => {
    const id = await lay(0);
    await operate(first, confirm(id));
    const { undo } = await operate(second, { type: 'dissolve', materialId: id });
    await operate(second, { type: 'undo', operationId: undo!.operationId });
    expect(await checkOf(id)).toMatchObject({ state: 'waiting', firstNames: ['account1', 'account2'] });
  });
});

describe('a return', () => {
  it('says why, comes back to the first, and is answered or mended', async () => {
    const [id, other] = [await lay(0), await lay(1)];
    await operate(first, confirm(id), confirm(other));
    for (const materialId of [id, other]) await act(second, { type: 'return', materialId, reason: '形成时间与落款不符' });
    expect(await checkOf(id, first)).toMatchObject({ state: 'returned', words: '形成时间与落款不符', secondName: 'account2' });
    expect(await listed('first', first)).toHaveLength(2);
    expect([await listed('first', second), await listed('first', third), await listed('second', second)]).toEqual([[], [], []]);
    await expect(act(second, { type: 'return', materialId: id, reason: '再退' })).rejects.toMatchObject({
      code: 'countercheck/returned-already',
    });
    await expect(act(second, { type: 'answer', materialId: id, words: '自答' })).rejects.toMatchObject({ code: 'countercheck/own' });
    await act(first, { type: 'answer', materialId: id, words: '落款日期为审批日期' });
    await operate(first, { type: 'edit', materialId: other, edit: { date: '1999-05' } });
    expect(await checkOf(id)).toMatchObject({ state: 'waiting', answer: '落款日期为审批日期', words: '' });
    await expect(act(first, { type: 'answer', materialId: id, words: '再答' })).rejects.toMatchObject({
      code: 'countercheck/not-returned',
    });
    await pass(second, id, other);
    await file();
  });

  it('takes a pass back, and what was said stays in the rows', async () => {
    const id = await lay(0);
    await operate(first, confirm(id));
    await pass(second, id);
    await act(third, { type: 'return', materialId: id, reason: '页序有误' });
    expect(await checkOf(id)).toMatchObject({ state: 'returned', firstNames: ['account1'], secondName: 'account3' });
    const db = a.archive.db.system('test');
    const rows = await db.query('select state, second_by from countercheck where material_id = $1 order by id', [id]);
    expect(rows).toEqual([
      { state: 'overtaken', second_by: second!.accountId },
      { state: 'returned', second_by: third!.accountId },
    ]);
    await expect(db.query(`update countercheck set second_by = $2 where material_id = $1`, [id, first!.accountId])).rejects.toThrow();
  });

  it('waits for everybody once the account of the first is out of use', async () => {
    const leaving = await a.addAccount({ role: 'archivist' });
    const id = await lay(0);
    await operate(leaving, confirm(id));
    await act(second, { type: 'return', materialId: id, reason: '份数不符' });
    expect(await listed('first', third)).toEqual([]);
    await a.archive.db.system('test').query('update account set disabled = true where id = $1', [leaving.accountId]);
    expect(await listed('first', third)).toMatchObject([{ materialId: id, words: '份数不符' }]);
  });
});

describe('the mode', () => {
  it('asks for what was confirmed before it, of whoever did not arrange the dossier', async () => {
    await rule(false);
    const id = await lay(0);
    await operate(first, confirm(id));
    expect((await open()).countercheck).toBe(false);
    expect(await checkOf(id)).toBeNull();
    await expect(pass(second, id)).rejects.toMatchObject({ code: 'countercheck/off' });
    await rule(true);
    expect(await checkOf(id)).toMatchObject({ state: 'waiting', firstUnknown: true, isAmong: false });
    expect(await listed('second', second)).toMatchObject([{ materialId: id, firstNames: [] }]);
    await pass(first, id);
    // The first has a part in it, nobody knows which: it says so of the rest, and waits.
    expect(await checkOf(id)).toMatchObject({ state: 'waiting', firstNames: ['account1'] });
    await expect(pass(first, id)).rejects.toMatchObject({ code: 'countercheck/own' });
    await pass(second, id);
    await file();
  });

  it('files without a countercheck where nobody asks for it, and nothing changed meanwhile stays passed', async () => {
    const id = await lay(0);
    await operate(first, confirm(id));
    await pass(second, id);
    await rule(false);
    await operate(first, retitle(id, '干部履历表（改）'));
    await rule(true);
    await expect(file()).rejects.toMatchObject({ code: 'filing/not-counterchecked' });
    await rule(false);
    await file();
  });

  it('is set by whoever keeps the whole fonds, nobody else, and is an entry', async () => {
    const clerk = await a.addAccount({ role: 'archivist', unitId: a.rootUnitId });
    await expect(rule(false, clerk)).rejects.toMatchObject({ code: 'countercheck/whole-fonds' });
    const admin = await a.addAccount({ role: 'system_admin' });
    await expect(rule(false, admin)).rejects.toMatchObject({ code: 'desk/not-allowed' });
    await rule(false);
    await rule(false);
    const db = a.archive.db.system('test');
    const kinds = await db.query<{ kind: string }>(`select kind from entry where kind like 'countercheck.re%d' order by id desc limit 2`);
    expect(kinds.map((k) => k.kind)).toEqual(['countercheck.released', 'countercheck.required']);
    expect(await listCountercheckRules(await deskOf(clerk), SCHEMES)).toMatchObject([
      { schemeId: 'cadre-2018', required: false, mayChange: false, madeBy: first!.accountId },
      { schemeId: 'employee-lifecycle', required: false, madeBy: null },
    ]);
  });

  it('no bulk change goes past the gate, and what changed since it was seen is refused', async () => {
    const id = await lay(0);
    await operate(first, confirm(id));
    const edited = await editDossiers(a.archive, await deskOf(first), [dossierId], { state: 'filed' });
    expect(edited.refused).toEqual([{ dossierId, code: 'filing/not-counterchecked' }]);
    const request: CountercheckRequest = { baseVersion: 1, act: { type: 'pass', materialIds: [id] } };
    await expect(countercheckMaterials(a.archive, await deskOf(second), dossierId, request)).rejects.toMatchObject({
      code: 'dossier/changed',
    });
    const elsewhere = await a.addAccount({ role: 'archivist', unitId: await a.addUnit(`U${a.archive.clock.nowMs()}`) });
    await expect(countercheckMaterials(a.archive, await deskOf(elsewhere), dossierId, request)).rejects.toMatchObject({
      code: 'dossier/not-found',
    });
    const proposed = await lay(1);
    await expect(pass(second, proposed)).rejects.toMatchObject({ code: 'countercheck/not-confirmed' });
  });

  it('lets nothing be learned of what only one person has seen', async () => {
    const id = await lay(0);
    await operate(first, confirm(id));
    expect(await settled(id)).toBeNull();
    await pass(second, id);
    expect(await settled(id)).toEqual(expect.any(Number));
    await operate(first, retitle(id, '年度考核表'));
    expect(await settled(id)).toBeNull();
  });
});
