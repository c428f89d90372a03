import { describe, expect, it } from 'vitest';
import { useTestDatabase } from '../db/test-database.ts';
import type { Desk } from '../desk/index.ts';
import { indexCatalogue, indexSubject } from './index-catalogue.ts';
import { searchArchive } from './search-archive.ts';
import { createSearchFixture } from './testing/search-fixture.ts';

const database = useTestDatabase();

describe('searching the catalogue', () => {
  it('finds a person by name, pinyin, initials and exact numbers, and the material by its title with the name', async () => {
    const fixture = await createSearchFixture(database.db, { units: 2 });
    const archivist = await fixture.desk({});
    const stranger = await fixture.desk({ role: 'unit_clerk', unitId: fixture.unitIds[2]! });
    const { dossierId, subjectId, place } = await fixture.addDossier({ unitId: fixture.unitIds[1]! });
    const materialId = fixture.clock.newId();
    const subject = { subjectId, dossierId, place, idNumber: '11000019820225492X', phone: '13800138000', address: '白鹭市松江路12号' };
    await database.systemDb.tx(async (tx) => {
      await indexSubject(tx, fixture, { ...subject, name: '单雄飞', idNumber: '110000198202254925' });
      await indexCatalogue(tx, fixture, {
        materialId,
        dossierId,
        place,
        classCode: '4-1',
        materialYear: 2005,
        title: '高等学校毕业生登记表',
        date: '2005-07',
      });
    });
    const found = async (desk: Desk, query: string) => (await searchArchive(desk, { query })).hits.map((h) => h.kind);
    for (const query of ['单雄飞', '雄', 'shanxiongfei', 'sxf', 'xiongfei']) {
      expect(await found(archivist, query), query).toEqual(['dossier', 'material']);
      expect(await found(stranger, query), query).toEqual([]);
    }
    for (const query of ['110000198202254925', '138 0013 8000', '白鹭市松江路12号', dossierId]) {
      expect(await found(archivist, query), query).toEqual(['dossier']);
      expect(await found(stranger, query), query).toEqual([]);
    }
    for (const query of ['登记表', '表', '单雄飞 毕业生', 'sxf 登记', '2005-07'])
      expect(await found(archivist, query), query).toEqual(['material']);
    for (const query of ['19820225', '松江路', '8000', 'lixf', '李雄飞', '单雄飞 审批'])
      expect(await found(archivist, query), query).toEqual([]);
    const [hit] = (await searchArchive(archivist, { query: '登记表' })).hits;
    expect(hit).toMatchObject({ materialId, materialTitle: '高等学校毕业生登记表', name: '单雄飞', date: '2005-07', classCode: '4-1' });
    const byNumber = await searchArchive(archivist, { query: '110000198202254925' });
    expect(JSON.stringify(byNumber)).not.toContain('110000198202254925');

    await database.systemDb.tx((tx) => indexSubject(tx, fixture, { ...subject, name: '曾雄飞', formerNames: [], idNumber: null }));
    expect(await found(archivist, '单雄飞')).toEqual([]);
    expect(await found(archivist, 'zengxiongfei')).toEqual(['dossier', 'material']);
  });
});
