import type { PropertyMoment } from '@lantai/catalogue/properties';
import { beforeEach, describe, expect, it } from 'vitest';
import { editDossiers, fileDossier, openDossierDesk, operateDossier, undoBulkEdit } from '../catalogue/index.ts';
import type { Actor } from '../desk/index.ts';
import { answerPropertyItem, readPropertyCheck, runPropertyCheck, startPropertyCheck } from '../properties/index.ts';
import { useArchive } from '../testing/archive-fixture.ts';
import { listFilingCheckRules, setFilingCheckRule } from './index.ts';

const SCHEMES = ['cadre-2018', 'employee-lifecycle'];
const a = useArchive({ sequenced: true });
let dossierId = '';
let count = 0;

const rule = async (required: boolean, by?: Actor, schemeId = 'cadre-2018') =>
  setFilingCheckRule(a.archive, await a.desk(by), { fondsId: a.fondsId, schemeId, required }, SCHEMES);
const file = async () => fileDossier(a.archive, await a.desk(), dossierId);
const edit = async (change: Parameters<typeof editDossiers>[3]) => editDossiers(a.archive, await a.desk(), [dossierId], change);
const read = async (id: string) => readPropertyCheck(a.archive, await a.desk(), id);
const refused = (code: string, detail: object = {}) => expect.objectContaining({ code, detail });

async function check(moment: PropertyMoment = 'filing'): Promise<string> {
  const id = await startPropertyCheck(a.archive, await a.desk(), dossierId, moment, { queued: false });
  await runPropertyCheck(a.archive, id);
  return id;
}

/** What holds the dossier back of a check: its blocking items with one of these results. */
const held = async (id: string, ...results: string[]) =>
  (await read(id)).items.filter((item) => item.blocking && results.includes(item.result)).map((item) => item.code);

async function answer(id: string, item: string, result: 'pass' | 'fail' | 'skipped' = 'pass'): Promise<void> {
  await answerPropertyItem(a.archive, await a.desk(), id, { item, result, words: '现场查看' });
}
async function answerAll(id: string): Promise<void> {
  for (const item of await held(id, 'manual', 'skipped')) await answer(id, item, item === 'GD-3-4' ? 'pass' : 'skipped');
}

/** One material of one page, confirmed and described as the scheme wants it: no item fails. */
async function makeSound(): Promise<string> {
  const id = await a.addDossier({ code: `Z888-RS·GB-${String(++count).padStart(6, '0')}`, name: '闻人静' });
  await a.importPages(id, ['1.png']);
  const desk = await a.desk();
  const { version, pages } = await openDossierDesk(a.archive, desk, id);
  const view = await operateDossier(a.archive, desk, id, {
    baseVersion: version,
    operations: [{ type: 'assemble', pageIds: [pages[0]!.id], edit: { classCode: '1', title: '干部履历表', date: '1999-05' } }],
  });
  const confirm = view.materials.map((m) => ({ type: 'confirm' as const, materialId: m.id }));
  await operateDossier(a.archive, desk, id, { baseVersion: view.version, operations: confirm });
  return id;
}

beforeEach(() => rule(false));

describe('the check before filing', () => {
  beforeEach(async () => {
    dossierId = await makeSound();
  });

  it('is asked for nowhere until somebody says so', async () => {
    await expect(file()).resolves.toBeUndefined();
  });

  it('lets a dossier be filed that was checked and whose open items a person answered, and names those that were not', async () => {
    await rule(true);
    await expect(file()).rejects.toEqual(refused('filing/not-checked'));
    const id = await check();
    const open = await held(id, 'manual', 'skipped');
    expect(await held(id, 'fail')).toEqual([]);
    expect(open).toContain('GD-3-4');
    await expect(file()).rejects.toEqual(refused('filing/check-unanswered', { items: open.join(', ') }));
    const [first, ...others] = open;
    for (const item of others) await answer(id, item);
    await expect(file()).rejects.toEqual(refused('filing/check-unanswered', { items: first }));
    await answer(id, first!, 'skipped');
    // Entries younger than the checkpoint warn: that holds nothing back.
    expect(await read(id)).toMatchObject({ verdict: 'passed' });
    await file();
  });

  it('is of moment filing, has ended, and of the dossier as it is', async () => {
    await rule(true);
    await answerAll(await check('keeping'));
    await expect(file()).rejects.toEqual(refused('filing/not-checked'));
    await startPropertyCheck(a.archive, await a.desk(), dossierId, 'filing', { queued: false });
    await expect(file()).rejects.toEqual(refused('filing/not-checked'));
  });

  it('counts for nothing once the dossier was changed or pages came', async () => {
    await rule(true);
    await answerAll(await check());
    await edit({ addTags: ['待补'] });
    await expect(file()).rejects.toEqual(refused('filing/not-checked'));
    await answerAll(await check());
    await a.importPages(dossierId, ['2.png']);
    await expect(file()).rejects.toEqual(refused('filing/not-checked'));
  });

  it('of before the gate was there, which tells not of what it was, counts for nothing', async () => {
    await rule(true);
    await answerAll(await check());
    const owner = a.database.ownerDb;
    await owner.query('alter table property_check disable trigger property_check_kept');
    await owner.query('update property_check set dossier_version = null, dossier_changed_at_ms = null where dossier_id = $1', [dossierId]);
    await owner.query('alter table property_check enable trigger property_check_kept');
    await expect(file()).rejects.toEqual(refused('filing/not-checked'));
  });

  it('never lets a fault by: neither what the program found nor what a person answered', async () => {
    await rule(true);
    const id = await check();
    await answerAll(id);
    await answer(id, 'GD-3-4', 'fail');
    await expect(file()).rejects.toEqual(refused('filing/check-failed', { items: 'GD-3-4' }));
    await a.importPages(dossierId, ['2.png']);
    const again = await check();
    await answerAll(again);
    const failed = await held(again, 'fail');
    expect(failed.length).toBeGreaterThan(0);
    await expect(answer(again, failed[0]!)).rejects.toMatchObject({ code: 'properties/item-not-open' });
    await expect(file()).rejects.toEqual(refused('filing/check-failed', { items: failed.join(', ') }));
    expect((await edit({ state: 'filed' })).refused).toEqual([
      { dossierId, code: 'filing/check-failed', params: { items: failed.join(', ') } },
    ]);
  });

  it('is asked for by a bulk edit and its undo too, and of what the same act changes beside', async () => {
    await file();
    const { undoToken } = await edit({ state: 'open' });
    await rule(true);
    const undone = await undoBulkEdit(a.archive, await a.desk(), undoToken!);
    expect(undone).toMatchObject({ changed: 0, refused: [{ dossierId, code: 'filing/not-checked' }] });
    await answerAll(await check());
    expect((await edit({ state: 'filed', addTags: ['新'] })).refused).toEqual([{ dossierId, code: 'filing/not-checked' }]);
    expect(await edit({ state: 'filed' })).toMatchObject({ changed: 1, refused: [] });
  });

  it('is asked for under its own scheme only', async () => {
    await rule(true, undefined, 'employee-lifecycle');
    await expect(file()).resolves.toBeUndefined();
    await rule(false, undefined, 'employee-lifecycle');
  });
});

describe('the rule', () => {
  it('is set by whoever keeps the whole fonds, nobody else, and is an entry once', async () => {
    const clerk = await a.addAccount({ role: 'archivist', unitId: a.rootUnitId });
    await expect(rule(true, clerk)).rejects.toMatchObject({ code: 'filing-check/whole-fonds' });
    const admin = await a.addAccount({ role: 'system_admin' });
    await expect(rule(true, admin)).rejects.toMatchObject({ code: 'desk/not-allowed' });
    await expect(a.desk(admin).then((desk) => listFilingCheckRules(desk, SCHEMES))).rejects.toMatchObject({ code: 'desk/not-allowed' });
    await expect(rule(true, undefined, 'none')).rejects.toMatchObject({ code: 'scheme/not-found' });
    const entries = async () =>
      (await a.archive.db.system('test').query<{ kind: string }>(`select kind from entry where kind like 'filing-check.%'`)).length;
    const before = await entries();
    await rule(true);
    await rule(true);
    expect(await entries()).toBe(before + 1);
    expect(await listFilingCheckRules(await a.desk(clerk), SCHEMES)).toMatchObject([
      { schemeId: 'cadre-2018', required: true, mayChange: false },
      { schemeId: 'employee-lifecycle', required: false },
    ]);
  });

  it('is kept as it was said: the database refuses to change a line', async () => {
    await rule(true);
    await expect(a.archive.db.system('test').query('update filing_check_rule set required = false')).rejects.toThrow(/permission denied/);
  });
});
