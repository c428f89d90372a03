import { describe, expect, it } from 'vitest';
import { reindexArchive } from '../keeping/index.ts';
import { searchArchive } from '../search/index.ts';
import { useArchive } from '../testing/archive-fixture.ts';
import { editDossiers, undoBulkEdit } from './edit-dossiers.ts';
import { operateDossier } from './operate.ts';
import { openDossierDesk } from './read-desk.ts';

const a = useArchive();
const hitsOf = async (desk: Awaited<ReturnType<typeof a.desk>>, query: string) =>
  (await searchArchive(desk, { query })).hits.map((h) => h.dossierId);

describe('a dossier that moves to another unit', () => {
  it('takes its subject and the persons named in it along, and is found in the new unit and no longer in the old', async () => {
    const [from, to] = [await a.addUnit('U-FROM'), await a.addUnit('U-TO')];
    const [oldClerk, newClerk] = [
      await a.desk(await a.addAccount({ role: 'unit_clerk', unitId: from })),
      await a.desk(await a.addAccount({ role: 'unit_clerk', unitId: to })),
    ];
    const archivist = await a.desk();
    const dossierId = await a.addDossier({ name: '欧阳春晓', unitId: from });
    await a.importPages(dossierId, ['1.png']);
    const { pages, version } = await openDossierDesk(a.archive, archivist, dossierId);
    const named = { type: 'namePersons' as const, pageId: pages[0]?.id ?? '', names: ['司徒远山'] };
    await operateDossier(a.archive, archivist, dossierId, { baseVersion: version, operations: [named] });
    expect([await hitsOf(oldClerk, '欧阳春晓'), await hitsOf(newClerk, '欧阳春晓')]).toEqual([[dossierId], []]);

    const moved = await editDossiers(a.archive, archivist, [dossierId], { unitId: to });
    expect(moved).toMatchObject({ changed: 1, refused: [] });
    const units = await a.archive.db.system('test').query<{ unit_id: string }>(
      `select s.unit_id from subject s where s.id in (select subject_id from dossier where id = $1 union
         select x.subject_id from page_subject x join page p on p.id = x.page_id where p.dossier_id = $1)`,
      [dossierId],
    );
    expect(units).toEqual([{ unit_id: to }, { unit_id: to }]);
    expect([await hitsOf(oldClerk, '欧阳春晓'), await hitsOf(newClerk, '欧阳春晓')]).toEqual([[], [dossierId]]);
    await expect(openDossierDesk(a.archive, oldClerk, dossierId)).rejects.toMatchObject({ code: 'dossier/not-found' });

    await undoBulkEdit(a.archive, archivist, moved.undoToken ?? '');
    expect([await hitsOf(oldClerk, '欧阳春晓'), await hitsOf(newClerk, '欧阳春晓')]).toEqual([[dossierId], []]);
    const left = await a.archive.db.system('test').one<{ n: number }>('select count(*)::int as n from subject where unit_id = $1', [to]);
    expect(left?.n).toBe(0);
  });

  it('leaves the subjects of other dossiers where they are', async () => {
    const [from, to] = [await a.addUnit('U-3'), await a.addUnit('U-4')];
    const [stays, goes] = [await a.addDossier({ unitId: from }), await a.addDossier({ unitId: from })];
    await editDossiers(a.archive, await a.desk(), [goes], { unitId: to });
    const rows = await a.archive.db
      .system('test')
      .query<{ id: string; unit_id: string }>(
        'select d.id, s.unit_id from dossier d join subject s on s.id = d.subject_id where d.id = any($1::uuid[])',
        [[stays, goes]],
      );
    expect(new Map(rows.map((r) => [r.id, r.unit_id]))).toEqual(
      new Map([
        [stays, from],
        [goes, to],
      ]),
    );
  });
});

describe('tags changed on many dossiers at once', () => {
  it('are searched for at once, no longer after an undo, and again after the index was built anew', async () => {
    const desk = await a.desk();
    const ids = [await a.addDossier(), await a.addDossier()].sort();
    const found = async (query: string) => (await hitsOf(desk, query)).sort();
    expect(await found('待核对批次')).toEqual([]);
    const tagged = await editDossiers(a.archive, desk, ids, { addTags: ['待核对批次'] });
    expect(await found('待核对批次')).toEqual(ids);
    const undone = await undoBulkEdit(a.archive, desk, tagged.undoToken ?? '');
    expect(await found('待核对批次')).toEqual([]);
    await undoBulkEdit(a.archive, desk, undone.undoToken ?? '');
    await editDossiers(a.archive, desk, [ids[0]!], { removeTags: ['待核对批次'] });
    expect(await found('待核对批次')).toEqual([ids[1]]);
    await reindexArchive(a.archive);
    expect(await found('待核对批次')).toEqual([ids[1]]);
  });
});
