import type { Reading } from '@lantai/reading';
import { describe, expect, it } from 'vitest';
import { openDossierDesk } from '../catalogue/index.ts';
import { deskTx } from '../desk/index.ts';
import { searchArchive } from '../search/index.ts';
import { useArchive } from '../testing/archive-fixture.ts';
import { correctReading } from './correct-reading.ts';
import { queueMissing } from './queue-missing.ts';
import { findReading, storeReading } from './readings.ts';

const a = useArchive();

const line = (text: string): Reading['lines'][number] => ({ text, box: [200, 200, 900, 60], confidence01: 0.71, source: 'normal' });
const reading = (version: string, ...texts: string[]): Reading => ({
  engine: 'ppocr-v4-mobile',
  version,
  widthPx: 2480,
  heightPx: 3508,
  orientation: 0,
  skewDegrees: 0,
  lines: texts.map(line),
  pageDigest: 'f'.repeat(88),
});

/** A page with a reading. */
async function addReadPage(first: Reading, unitId = a.rootUnitId) {
  const dossierId = await a.addDossier({ unitId });
  await a.importPages(dossierId, ['1.png']);
  const { pages } = await openDossierDesk(a.archive, await a.desk(), dossierId);
  const pageId = pages[0]!.id;
  const place = { fondsId: a.fondsId, unitId, category: 'cadre', level: 1 };
  const store = (made: Reading) =>
    a.archive.db
      .system('test')
      .tx((tx) => storeReading(deskTx(tx, a.archive, null, 'archive_work'), a.archive, { pageId, dossierId, place }, made));
  await store(first);
  const current = () =>
    a.archive.db.system('test').tx((tx) => findReading(deskTx(tx, a.archive, null, 'archive_work'), a.archive, pageId, dossierId));
  return { dossierId, pageId, store, current };
}
const FIRST = { engine: 'ppocr-v4-mobile', version: '1' };
const find = async (query: string) => (await searchArchive(await a.desk(), { query })).hits.map((hit) => hit.pageId);

describe('a reading that a person corrects', () => {
  it('holds what no dictionary has, is found by it and no more by what was wrong, and keeps the place of every line', async () => {
    const page = await addReadPage(reading('1', '姓名王吉', '污点', '籍贯江西赣州'));
    const corrected = await correctReading(a.archive, await a.desk(), page.pageId, {
      base: FIRST,
      lines: [
        { index: 0, text: ' 姓名王㐂𬭎 ' },
        { index: 1, text: '' },
      ],
    });
    expect(corrected).toEqual({ engine: 'person', version: '1' });
    const now = await page.current();
    expect(now?.lines.map((l) => [l.text, l.confidence01, l.box])).toEqual([
      ['姓名王㐂𬭎', 1, [200, 200, 900, 60]],
      ['籍贯江西赣州', 0.71, [200, 200, 900, 60]],
    ]);
    expect([await find('王㐂𬭎'), await find('王吉'), await find('江西赣州')]).toEqual([[page.pageId], [], [page.pageId]]);
    const [last] = await a.database.db.query<{ kind: string }>('select kind from entry where dossier_id = $1 order by id desc limit 1', [
      page.dossierId,
    ]);
    expect(last?.kind).toBe('reading.corrected');
  });

  it('stays current when a newer reader reads the page, and is corrected again; the newest of the machines is still known', async () => {
    const page = await addReadPage(reading('1', '参加工怍时间'));
    const desk = await a.desk();
    await correctReading(a.archive, desk, page.pageId, { base: FIRST, lines: [{ index: 0, text: '参加工作时间' }] });
    expect(await page.store(reading('2', '参加土作时间'))).toBe(true);
    expect((await page.current())?.lines[0]?.text).toBe('参加工作时间');
    expect(await find('参加土作')).toEqual([]);
    const again = { base: { engine: 'person', version: '1' }, lines: [{ index: 0, text: '参加工作时间：1983年' }] };
    expect(await correctReading(a.archive, desk, page.pageId, again)).toEqual({ engine: 'person', version: '2' });
    await expect(correctReading(a.archive, desk, page.pageId, again)).rejects.toMatchObject({ code: 'reading/changed' });
    // The page was read by version 2, which is the newest: nothing is left to be read.
    expect(await queueMissing(a.archive, desk, { dossierId: page.dossierId, olderVersions: true })).toBe(0);
  });

  it('never takes a mask for what stands on the page, nor a line that is not there', async () => {
    const page = await addReadPage(reading('1', '身份证号110105194912310021', '备注****'));
    const desk = await a.desk();
    const correct = (index: number, text: string) =>
      correctReading(a.archive, desk, page.pageId, { base: FIRST, lines: [{ index, text }] });
    await expect(correct(0, '身份证号码1****************1')).rejects.toMatchObject({ code: 'reading/masked' });
    await expect(correct(2, '多一行')).rejects.toMatchObject({ code: 'reading/line-unknown' });
    expect((await page.current())?.engine).toBe(FIRST.engine);
    expect(await correct(1, '备注：****')).toEqual({ engine: 'person', version: '1' });
  });

  it('is for who arranges the dossier', async () => {
    const unitId = await a.addUnit('CORRECT');
    const page = await addReadPage(reading('1', '任职文件'), unitId);
    const wanted = { base: FIRST, lines: [{ index: 0, text: '任免文件' }] };
    const elsewhere = await a.desk({ role: 'archivist', fondsId: a.fondsId, unitId: await a.addUnit('CORRECT-ELSEWHERE') });
    await expect(correctReading(a.archive, elsewhere, page.pageId, wanted)).rejects.toMatchObject({ code: 'page/not-found' });
    const clerk = await a.desk({ role: 'unit_clerk', fondsId: a.fondsId, unitId });
    await expect(correctReading(a.archive, clerk, page.pageId, wanted)).rejects.toMatchObject({ code: 'desk/not-allowed' });
    const here = await a.desk({ role: 'archivist', fondsId: a.fondsId, unitId });
    expect(await correctReading(a.archive, here, page.pageId, wanted)).toEqual({ engine: 'person', version: '1' });
  });
});
