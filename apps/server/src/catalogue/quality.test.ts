import type { Operation } from '@lantai/contract';
import { describe, expect, it } from 'vitest';
import { useArchive } from '../testing/archive-fixture.ts';
import { operateDossier } from './operate.ts';
import { scoreDossierQuality } from './quality.ts';
import { openDossierDesk } from './read-desk.ts';

const a = useArchive();

async function act(dossierId: string, ...operations: Operation[]) {
  const desk = await a.desk();
  const { version } = await openDossierDesk(a.archive, desk, dossierId);
  return operateDossier(a.archive, desk, dossierId, { baseVersion: version, operations });
}
const score = async (dossierId: string) => scoreDossierQuality(a.archive, await a.desk(), dossierId);
const itemOf = async (dossierId: string, code: string) => (await score(dossierId)).items.find((i) => i.code === code)!;

/** Somebody at work since 2019, no Party member, no cadre; every year but 2021 has its appraisal. */
const RECORDS: readonly [string, string, string][] = [
  ['3', '2019年度考核登记表', '2020-01'],
  ['3', '2020年度考核登记表', '2021-01'],
  ['3', '2022年度考核登记表', '2023-01'],
  ['4-1', '高中毕业生登记表', '2015-06'],
  ['9-1', '工资变动审批表', '2020-07'],
  ['9-2', '招工登记表', '2019-07'],
];
const record = ([classCode, title, date]: readonly [string, string, string]): Operation => ({
  type: 'addRecord',
  edit: { classCode, title, date },
});

async function addRecorded(): Promise<string> {
  const dossierId = await a.addDossier();
  await act(dossierId, ...RECORDS.map(record), {
    type: 'editDossier',
    facts: { conditions: { cadre: false, party_member: false }, service: { firstYear: 2019, lastYear: 2022 } },
  });
  return dossierId;
}

describe('the score of a dossier', () => {
  it('says item by item what is lost and why, and what is to be chased; it is a look, and the log says so', async () => {
    const dossierId = await addRecorded();
    const quality = await score(dossierId);
    expect(quality.standard).toMatchObject({ id: 'cadre-100', total: 100, excellent: 97, pass: 90 });
    expect(await itemOf(dossierId, '8')).toMatchObject({
      state: 'lost',
      lost: 1,
      reasons: [{ code: 'quality/year-missing', params: { year: 2021 } }],
    });
    expect(quality.score).toBe(99);
    expect(quality.chased).toContainEqual({ classCode: '3', title: '年度考核登记表', year: 2021, key: false, items: ['8'] });
    const [last] = await a.database.db.query<{ kind: string }>('select kind from entry where dossier_id = $1 order by id desc limit 1', [
      dossierId,
    ]);
    expect(last?.kind).toBe('dossier.opened');
  });

  it('rises when what was missing is filed late, and the chase list is shorter by it', async () => {
    const dossierId = await addRecorded();
    await act(dossierId, record(['3', '2021年度考核登记表', '2022-01']));
    const quality = await score(dossierId);
    expect(quality.score).toBe(100);
    expect(quality.chased.some((c) => c.year === 2021)).toBe(false);
  });

  it('counts loose pages, and no face that is blank', async () => {
    const dossierId = await addRecorded();
    await a.importPages(dossierId, ['1.png', '2.png']);
    expect(await itemOf(dossierId, '23')).toMatchObject({
      lost: 1,
      reasons: expect.arrayContaining([expect.objectContaining({ params: { count: 2, lost: 1 } })]),
    });
    await a.database.ownerDb.query(
      `insert into finding (id, fonds_id, unit_id, category, level, dossier_id, page_id, code, severity, step, version)
       select gen_random_uuid(), fonds_id, unit_id, category, level, dossier_id, id, 'blank', 'info', 'read', '1' from page where dossier_id = $1`,
      [dossierId],
    );
    expect(await itemOf(dossierId, '23')).toMatchObject({ state: 'open', lost: 0 });
  });

  it('keeps what a person says of an item that no machine can tell, sealed with the facts, until it is taken back', async () => {
    const dossierId = await addRecorded();
    const facts = { conditions: { cadre: false, party_member: false }, service: { firstYear: 2019, lastYear: 2022 } };
    expect(await itemOf(dossierId, '23')).toMatchObject({ state: 'open', person: { lost: null } });
    const done = await act(dossierId, { type: 'editDossier', facts: { ...facts, judged: { '23': 1.5 } } });
    expect(await itemOf(dossierId, '23')).toMatchObject({ state: 'lost', lost: 1.5, person: { lost: 1.5 } });
    await act(dossierId, { type: 'undo', operationId: done.undo!.operationId });
    expect(await itemOf(dossierId, '23')).toMatchObject({ state: 'open', lost: 0 });
  });

  it('is told to nobody who may not read the dossier, and there is none for a scheme without a standard', async () => {
    const dossierId = await addRecorded();
    const stranger = await a.desk({ role: 'unit_clerk', unitId: await a.addUnit('ELSEWHERE') });
    await expect(scoreDossierQuality(a.archive, stranger, dossierId)).rejects.toThrow('dossier/not-found');
    const other = await a.addDossier({ scheme: 'labour-contract' });
    await expect(score(other)).rejects.toThrow('quality/no-standard');
  });
});
