import type { Operation } from '@lantai/contract';
import { describe, expect, it } from 'vitest';
import { checkArchive } from '../keeping/index.ts';
import { useArchive } from '../testing/archive-fixture.ts';
import { readDossierDetail } from './dossier-detail.ts';
import { editDossiers } from './edit-dossiers.ts';
import { operateDossier } from './operate.ts';
import { openDossierDesk } from './read-desk.ts';

const a = useArchive();

type Facts = NonNullable<Extract<Operation, { type: 'editDossier' }>['facts']>;
const NOTHING: Facts = { conditions: {}, service: null };

async function act(dossierId: string, operation: Operation) {
  const desk = await a.desk();
  const { version } = await openDossierDesk(a.archive, desk, dossierId);
  return operateDossier(a.archive, desk, dossierId, { baseVersion: version, operations: [operation] });
}

async function detailOf(dossierId: string) {
  const detail = await (await a.desk()).act('dossier.read', (tx, scope) => readDossierDetail(tx, a.archive, scope, { id: dossierId }));
  const about = (condition: string) => detail.findings.filter((f) => f.params?.condition === condition).map((f) => f.code);
  return { facts: detail.facts, about };
}

describe('what is known of the subject', () => {
  it('decides what a dossier lacks, and is taken back by an undo', async () => {
    const dossierId = await a.addDossier();
    const unknown = await detailOf(dossierId);
    expect(unknown.facts).toEqual(NOTHING);
    const [doubt] = unknown.about('veteran');
    expect(doubt).toBe('completeness/condition-unknown');
    const facts: Facts = { conditions: { veteran: true, renamed: false }, service: { firstYear: 1996, lastYear: 1999 } };
    const done = await act(dossierId, { type: 'editDossier', facts });
    const known = await detailOf(dossierId);
    expect(known.facts).toEqual(facts);
    expect(known.about('veteran')).toContain('completeness/key-missing');
    expect(known.about('renamed')).toEqual([]);
    await act(dossierId, { type: 'undo', operationId: done.undo!.operationId });
    expect((await detailOf(dossierId)).facts).toEqual(NOTHING);
    expect((await detailOf(dossierId)).about('veteran')).toEqual(unknown.about('veteran'));
  });

  it('names the years of service for which nothing is there', async () => {
    const dossierId = await a.addDossier();
    const edit = { classCode: '3', title: '1997年度考核登记表', date: '1998-01' };
    await act(dossierId, { type: 'addRecord', edit });
    const years = async () => {
      const detail = await (await a.desk()).act('dossier.read', (tx, scope) => readDossierDetail(tx, a.archive, scope, { id: dossierId }));
      return detail.findings.filter((f) => f.code === 'completeness/year-missing').map((f) => f.params?.year);
    };
    expect(await years()).toEqual([]);
    await act(dossierId, { type: 'editDossier', facts: { conditions: {}, service: { firstYear: 1996, lastYear: 1999 } } });
    expect(await years()).toEqual([1996, 1998, 1999]);
  });

  it('is sealed, and still opens after a change of the dossier that leaves it alone', async () => {
    const dossierId = await a.addDossier();
    const facts: Facts = { conditions: { veteran: true }, service: null };
    await act(dossierId, { type: 'editDossier', facts });
    const row = await a.archive.db.system('test').one<{ facts: Uint8Array }>('select facts from dossier where id = $1', [dossierId]);
    expect(Buffer.from(row!.facts).toString('latin1')).not.toContain('veteran');
    await editDossiers(a.archive, await a.desk(), [dossierId], { level: 2, addTags: ['待核'] });
    expect((await detailOf(dossierId)).facts).toEqual(facts);
    expect((await checkArchive(a.archive)).findings.filter((f) => f.kind !== 'left_over')).toEqual([]);
  });

  it('knows no condition that the scheme has not, and no service that ends before it began', async () => {
    const dossierId = await a.addDossier();
    const edit = (facts: Facts) => act(dossierId, { type: 'editDossier', facts });
    await expect(edit({ conditions: { astronaut: true }, service: null })).rejects.toMatchObject({ code: 'dossier/condition-unknown' });
    await expect(edit({ conditions: { toString: true }, service: null })).rejects.toMatchObject({ code: 'dossier/condition-unknown' });
    await expect(edit({ conditions: {}, service: { firstYear: 1999, lastYear: 1996 } })).rejects.toMatchObject({
      code: 'dossier/service-backwards',
    });
    expect((await detailOf(dossierId)).facts).toEqual(NOTHING);
  });
});
