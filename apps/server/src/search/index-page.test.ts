import { describe, expect, it } from 'vitest';
import { useTestDatabase } from '../db/test-database.ts';
import type { Desk } from '../desk/index.ts';
import { refreshStaleFrequencies } from './frequencies.ts';
import { indexSubject } from './index-catalogue.ts';
import { indexPages, refilePages } from './index-page.ts';
import { keepFrequencies } from './keep-frequencies.ts';
import { rebuildPageIndex } from './rebuild.ts';
import { searchArchive } from './search-archive.ts';
import type { SearchHit } from './search-result.ts';
import { createSearchFixture } from './testing/search-fixture.ts';

const database = useTestDatabase();
const idsOf = (hits: readonly SearchHit[]) => hits.map((h) => h.pageId ?? h.materialId ?? h.dossierId);

describe('keeping the index true', () => {
  it('counts frequencies when there is something to choose, and not again while the count holds', async () => {
    const { db, ownerDb } = database;
    const fixture = await createSearchFixture(db, { units: 1 });
    const { dossierId } = await fixture.addDossier({ unitId: fixture.unitIds[1]! });
    await fixture.addIndexedPages(Array.from({ length: 20 }, () => ({ dossierId, lines: [{ text: '二〇〇三年十二月任命' }] })));
    const nowMs = Date.now();
    await db.query('delete from gram_sample');
    await ownerDb.query('analyze page_gram');
    expect(await refreshStaleFrequencies(db, fixture.sealer, nowMs)).toBe(false);
    // As if the index were large: what the planner believes of its size decides.
    await db.query('insert into gram_sample (line_count, sampled_count, mean_length, sampled_at_ms) values (1000000, 1, 1, $1)', [nowMs]);
    expect(await refreshStaleFrequencies(db, fixture.sealer, nowMs)).toBe(true);
    const sample = await db.one<{ line_count: number; sampled_count: number }>('select line_count, sampled_count from gram_sample');
    expect(sample?.line_count).toBe((await db.one<{ n: number }>('select count(*)::int as n from page_gram'))?.n);
    expect(sample?.sampled_count).toBe(sample?.line_count);
    const shares = await db.query<{ share01: number }>('select share01 from gram_frequency');
    expect(shares.length).toBeGreaterThan(10);
    expect(shares.every(({ share01 }) => share01 > 0 && share01 <= 1)).toBe(true);
  });

  it('is looked after: a stale count is made anew, and a failure is told and tried again', async () => {
    const { db } = database;
    const fixture = await createSearchFixture(db, { units: 1 });
    await db.query('delete from gram_sample');
    await db.query('insert into gram_sample (line_count, sampled_count, mean_length, sampled_at_ms) values (1000000, 1, 1, 0)');
    const faults: string[] = [];
    let failures = 1;
    const breaking: typeof db = {
      ...db,
      one: (...args: Parameters<typeof db.one>) => (failures-- > 0 ? Promise.reject(new Error('gone')) : db.one(...args)),
    } as typeof db;
    const kept = keepFrequencies({
      db: breaking,
      sealer: fixture.sealer,
      clock: { nowMs: () => Date.now() },
      lookMs: 20,
      onFault: (code) => faults.push(code),
    });
    const counted = () => db.one<{ sampled_at_ms: number }>('select sampled_at_ms from gram_sample');
    await expect.poll(async () => (await counted())?.sampled_at_ms ?? 0, { timeout: 30_000 }).toBeGreaterThan(0);
    await kept.stop();
    expect(faults).toEqual(['search/frequencies-failed']);
  });

  it('follows a page to another unit, class and reading, and forgets it when it is gone', async () => {
    const fixture = await createSearchFixture(database.db, { units: 2 });
    const archivist = await fixture.desk({});
    const [left, right] = await Promise.all([1, 2].map((n) => fixture.desk({ role: 'unit_clerk', unitId: fixture.unitIds[n]! })));
    const { dossierId } = await fixture.addDossier({ unitId: fixture.unitIds[1]! });
    const [page] = await fixture.addIndexedPages([{ dossierId, lines: [{ text: '任命丛静颖为科长' }], classCode: '1' }]);
    const found = async (desk: Desk, query: string) => idsOf((await searchArchive(desk, { query })).hits);
    expect(await found(left!, '丛静颖')).toEqual([page!.pageId]);
    expect(await found(right!, '丛静颖')).toEqual([]);
    await database.systemDb.tx(async (tx) => {
      await tx.query('update page set unit_id = $2, class_code = $3 where id = $1', [page!.pageId, fixture.unitIds[2], '4-1']);
      // A page moves with its dossier and its reading: each is beyond the reach of the unit it left.
      await tx.query('update dossier set unit_id = $2 where id = $1', [dossierId, fixture.unitIds[2]]);
      await tx.query('update reading set unit_id = $2 where page_id = $1', [page!.pageId, fixture.unitIds[2]]);
      await refilePages(tx, fixture, [page!.pageId]);
    });
    expect(await found(left!, '丛静颖')).toEqual([]);
    expect(await found(right!, '丛静颖')).toEqual([page!.pageId]);
    expect((await searchArchive(archivist, { query: '丛静颖', filters: { classCodes: ['4-1'] } })).count?.value).toBe(1);
    expect((await searchArchive(archivist, { query: '丛静颖', filters: { classCodes: ['1'] } })).count?.value).toBe(0);
    await database.systemDb.tx((tx) => indexPages(tx, fixture, [{ ...page!, lines: [{ text: '任命苏志强为科长' }] }]));
    expect(await found(right!, '丛静颖')).toEqual([]);
    await database.systemDb.query('delete from reading where page_id = $1', [page!.pageId]);
    await database.systemDb.query('delete from page where id = $1', [page!.pageId]);
    expect(await database.systemDb.query('select 1 from page_gram where page_id = $1', [page!.pageId])).toEqual([]);
  });
  it('writes the index or nothing: a transaction that fails leaves no token', async () => {
    const fixture = await createSearchFixture(database.db, { units: 1 });
    const { dossierId } = await fixture.addDossier({ unitId: fixture.unitIds[1]! });
    const before = await database.systemDb.one<{ n: number }>('select count(*)::int as n from page_gram');
    const failing = database.systemDb.tx(async (tx) => {
      const added = await fixture.addPages(tx, [{ dossierId, lines: [{ text: '不该留下' }] }]);
      await indexPages(tx, fixture, added);
      throw new Error('the caller gives up');
    });
    await expect(failing).rejects.toThrow('gives up');
    expect(await database.systemDb.one('select count(*)::int as n from page_gram')).toEqual(before);
  });
  it('keeps levels apart: a page above the actor is in no hit, no count and no facet', async () => {
    const fixture = await createSearchFixture(database.db, { units: 1 });
    const { dossierId } = await fixture.addDossier({ unitId: fixture.unitIds[1]!, level: 2 });
    await fixture.addIndexedPages([{ dossierId, lines: [{ text: '机密的蓝鲸计划' }], classCode: '8' }]);
    const [low, high] = await Promise.all([1, 2].map((levelMax) => fixture.desk({ levelMax })));
    expect(await searchArchive(low!, { query: '蓝鲸' })).toMatchObject({
      hits: [],
      count: { value: 0 },
      facets: { classCode: [], kind: [] },
    });
    expect((await searchArchive(high!, { query: '蓝鲸' })).count?.value).toBe(1);
  });
  it('works the same under the gm suite', async () => {
    const fixture = await createSearchFixture(database.db, { units: 1, suite: 'gm' });
    const { dossierId, place } = await fixture.addDossier({ unitId: fixture.unitIds[1]! });
    await database.systemDb.tx((tx) => indexSubject(tx, fixture, { subjectId: dossierId, dossierId, place, name: '梅若兰' }));
    await fixture.addIndexedPages([{ dossierId, lines: [{ text: '同意梅若' }, { text: '兰同志任职' }] }]);
    const result = await searchArchive(await fixture.desk({}), { query: '梅若蘭' });
    expect(result.hits.map((h) => [h.kind, h.name])).toEqual([
      ['dossier', '梅若兰'],
      ['page', '梅若兰'],
    ]);
  });
  it('builds the same index again out of the sealed readings, and finds by it', async () => {
    const fixture = await createSearchFixture(database.db, { units: 1 });
    await database.ownerDb.query('delete from page');
    const { dossierId } = await fixture.addDossier({ unitId: fixture.unitIds[1]! });
    const pages = Array.from({ length: 1100 }, (_, i) => ({
      dossierId,
      lines: [{ text: `第${i}页任命梅若兰`, candidates: [{ at: 1, options: [{ char: '0' }, { char: '8' }] }] }],
      classCode: String(1 + (i % 9)),
    }));
    await fixture.addIndexedPages(pages);
    const rows = () =>
      database.systemDb.query<{ page_id: string; g: number[] }>('select page_id, filing_count, g from page_gram order by page_id');
    const before = await rows();
    expect(await rebuildPageIndex(database, fixture)).toBe(1100);
    expect(await rows()).toEqual(before);
    const { count } = await searchArchive(await fixture.desk({}), { query: '梅若兰', filters: { classCodes: ['3'] } });
    expect(count).toEqual({ value: before.filter((_, i) => i % 9 === 2).length, more: false });
  });
});
