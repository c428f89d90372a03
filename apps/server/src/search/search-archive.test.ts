import { foldText, holdsAll, joinLines, parseQuery, type TextLine } from '@lantai/search';
import { utf8 } from '@lantai/values';
import { beforeAll, describe, expect, it } from 'vitest';
import { useTestDatabase } from '../db/test-database.ts';
import type { Desk } from '../desk/index.ts';
import { forgetFrequencies, refreshFrequencies } from './frequencies.ts';
import { searchArchive } from './search-archive.ts';
import type { SearchHit, SearchRequest } from './search-result.ts';
import { createSearchFixture, type FixturePage, type SearchFixture } from './testing/search-fixture.ts';

const database = useTestDatabase();

/** Deterministic pages of invented people: words touch in every way, some characters are uncertain. */
function makePages(count: number, seed: number): { lines: TextLine[] }[] {
  let state = seed;
  const next = (n: number) => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff;
    return (state >>> 8) % n;
  };
  const common = '王伟 人民医院 高级工程师 一九七八年 1978年7月 2003年12月10日 ，。 （三） A-12 Office'.split(' ');
  const characters = '张李欧阳锋龙婷履历表干部档案任职同意中共党员民政局科学士白鹭市家庭配偶称优秀转正𠮷野丛静颖苏志强梅若兰';
  const rare = [...characters].flatMap((first) => [...characters].map((second) => first + second));
  const word = () => (next(6) ? rare[next(rare.length)]! : common[next(common.length)]!);
  return Array.from({ length: count }, () => ({
    lines: Array.from({ length: 2 + next(4) }, () => {
      const text = Array.from({ length: 2 + next(5) }, word).join(['', '', '，', ' '][next(4)]);
      const at = next(text.length);
      const sure = next(4) || /[\ud800-\udfff]/.test(text[at]!);
      return sure ? { text } : { text, candidates: [{ at, options: [text[at]!, '伟', '3'].map((char) => ({ char })) }] };
    }),
  }));
}

/** Every hit of a query, page by page. */
async function searchAll(desk: Desk, request: SearchRequest): Promise<SearchHit[]> {
  const hits: SearchHit[] = [];
  let cursor: string | null = null;
  do {
    const result = await searchArchive(desk, { ...request, cursor });
    hits.push(...result.hits);
    cursor = result.cursor;
  } while (cursor);
  return hits;
}

const idsOf = (hits: readonly SearchHit[]) => hits.map((h) => h.pageId ?? h.materialId ?? h.dossierId);

describe('searching readings', () => {
  let fixture: SearchFixture;
  let archivist: Desk;
  const texts = new Map<string, { text: string; unit: number; dossierId: string }>();

  beforeAll(async () => {
    fixture = await createSearchFixture(database.db, { units: 4 });
    archivist = await fixture.desk({});
    const pages = makePages(3000, 7);
    const dossiers = await Promise.all([1, 2, 3, 4].map((unit) => fixture.addDossier({ unitId: fixture.unitIds[unit]! })));
    for (let at = 0; at < pages.length; at += 500) {
      const some: FixturePage[] = pages.slice(at, at + 500).map(({ lines }, i) => ({
        dossierId: dossiers[i % 4]!.dossierId,
        lines,
        classCode: String(1 + (i % 9)),
        materialYear: 1990 + (i % 30),
      }));
      const added = await fixture.addIndexedPages(some);
      added.forEach((page, i) => {
        texts.set(page.pageId, { text: joinLines(page.lines), unit: 1 + (i % 4), dossierId: page.dossierId });
      });
    }
  });

  /** Pages whose folded text holds every term, newest first: the law. */
  const truthOf = (query: string, unit?: number) =>
    [...texts]
      .filter(([, page]) => (unit === undefined || page.unit === unit) && holdsAll(foldText(page.text).text, parseQuery(query)!))
      .map(([id]) => id)
      .sort()
      .reverse();
  /** Substrings of the texts, of two to nine characters, and pairs of words. */
  const queries = () => {
    const all = [...texts.values()];
    return Array.from({ length: 60 }, (_, i) => {
      const points = [...foldText(all[(i * 97) % all.length]!.text).text].filter((c) => c !== '"');
      const length = 2 + (i % 8);
      const phrase = points
        .slice((i * 31) % Math.max(1, points.length - length))
        .slice(0, length)
        .join('');
      return i % 3 === 2 ? `"${phrase}" ${['王伟', '医院', '1978', '，'][i % 4]}` : `"${phrase}"`;
    }).filter((q) => [...(parseQuery(q)?.terms[0]?.points ?? [])].length > 1);
  };

  it('finds every page that holds the words and no other, newest first, whichever plan is taken', async () => {
    const asked = queries();
    for (const query of asked) {
      const hits = await searchAll(archivist, { query, limit: 100, filters: { exactOnly: true } });
      expect(idsOf(hits), query).toEqual(truthOf(query));
    }
    // The same by walking, as a large archive would: its sample says that there are so many lines.
    await refreshFrequencies(database.db, Date.now());
    await database.db.query('update gram_sample set line_count = 1000000000');
    forgetFrequencies(fixture.sealer);
    for (const query of asked.slice(0, 20))
      expect(idsOf(await searchAll(archivist, { query, limit: 100, filters: { exactOnly: true } })), query).toEqual(truthOf(query));
    await database.db.query('delete from gram_sample');
    forgetFrequencies(fixture.sealer);
  });
  it('counts exactly, and shows possible hits beside the exact ones', async () => {
    for (const query of queries().slice(0, 20)) {
      const exact = truthOf(query);
      const all = await searchAll(archivist, { query, limit: 100 });
      const { count } = await searchArchive(archivist, { query });
      expect(count).toEqual({ value: all.length, more: false });
      expect(idsOf(all.filter((h) => h.certainty === 'exact')), query).toEqual(exact);
      expect(new Set(idsOf(all)).size).toBe(all.length);
    }
  });
  it('lets a clerk find what lies in the own unit, and nothing else: no hit, no count, no facet', async () => {
    const clerk = await fixture.desk({ role: 'unit_clerk', unitId: fixture.unitIds[2]! });
    for (const query of queries().slice(0, 30)) {
      const own = truthOf(query, 2);
      const filters = { exactOnly: true };
      expect(idsOf(await searchAll(clerk, { query, limit: 100, filters })), query).toEqual(own);
      const { count, facets, facetsOf } = await searchArchive(clerk, { query, filters });
      expect(count).toEqual({ value: own.length, more: false });
      expect(facetsOf).toBe(own.length);
      expect(facets.kind).toEqual(own.length ? [{ value: 'page', count: own.length }] : []);
      expect(facets.year.reduce((sum, f) => sum + f.count, 0)).toBe(own.length);
    }
    const foreign = await fixture.desk({ role: 'unit_clerk', fondsId: fixture.clock.newId(), unitId: fixture.clock.newId() });
    await fixture.sealer.keys.create('fonds', foreign.actor.fondsId!, null);
    expect(await searchArchive(foreign, { query: '王伟' })).toMatchObject({ hits: [], count: { value: 0 }, facetsOf: 0 });
  });
  it('refuses those who have no business searching', async () => {
    const admin = await fixture.desk({ role: 'system_admin' });
    await expect(searchArchive(admin, { query: '王伟' })).rejects.toThrow('desk/not-allowed');
  });
  it('narrows by class, year, dossier and unit, and refuses a unit outside the scope by finding nothing', async () => {
    const all = await searchAll(archivist, { query: '医院', limit: 100 });
    const { facets } = await searchArchive(archivist, { query: '医院' });
    const year = facets.year[0]!;
    const inYear = { yearFrom: Number(year.value), yearTo: Number(year.value) };
    expect(await searchAll(archivist, { query: '医院', filters: inYear, limit: 100 })).toHaveLength(year.count);
    expect(await searchAll(archivist, { query: '医院', filters: { yearFrom: 1800 }, limit: 100 })).toHaveLength(all.length);
    const byClass = await searchAll(archivist, { query: '医院', filters: { classCodes: ['1', '2'] }, limit: 100 });
    expect(byClass.every((h) => h.classCode === '1' || h.classCode === '2')).toBe(true);
    expect(byClass).toHaveLength(all.filter((h) => h.classCode === '1' || h.classCode === '2').length);
    const unitId = fixture.unitIds[3]!;
    const inUnit = await searchAll(archivist, { query: '医院', filters: { unitId }, limit: 100 });
    expect(inUnit).toHaveLength(all.filter((h) => texts.get(h.pageId!)!.unit === 3).length);
    const dossierId = inUnit[0]!.dossierId;
    expect(await searchAll(archivist, { query: '医院', filters: { dossierId }, limit: 100 })).toHaveLength(inUnit.length);
    const clerk = await fixture.desk({ role: 'unit_clerk', unitId: fixture.unitIds[2]! });
    expect(await searchAll(clerk, { query: '医院', filters: { unitId } })).toEqual([]);
    expect(await searchAll(clerk, { query: '医院', filters: { dossierId } })).toEqual([]);
    expect(await searchAll(archivist, { query: '医院', filters: { kinds: ['material'] } })).toEqual([]);
  });
  it('says when there are more than 1,000, and counts to the end when asked', async () => {
    const { dossierId } = await fixture.addDossier({ unitId: fixture.unitIds[4]!, category: 'employee' });
    const lines = [{ text: '劳动合同续签' }, { text: '同意续' }, { text: '签合同' }];
    for (const repeats of [1000, 30])
      await fixture.addIndexedPages(Array.from({ length: repeats }, () => ({ dossierId, lines, classCode: 'ON' })));
    for (const query of ['续签', '"续签合同"', '劳动 "合同续签"']) {
      const { count, facets, facetsOf } = await searchArchive(archivist, { query });
      expect(count, query).toEqual({ value: 1000, more: true });
      expect(facets.classCode).toEqual([{ value: 'ON', count: facetsOf }]);
      expect((await searchArchive(archivist, { query, exactCount: true })).count).toEqual({ value: 1030, more: false });
    }
    expect((await searchArchive(archivist, { query: '续签 劳务' })).count).toEqual({ value: 0, more: false });
    // Both words stand on each page, one after the other on none: every candidate has to be opened to know.
    expect((await searchArchive(archivist, { query: '"续签同意"' })).count).toEqual({ value: 1000, more: true });
    expect((await searchArchive(archivist, { query: '"合同同意"' })).count).toEqual({ value: 0, more: false });
  });
  it('orders by relevance inside a window, every hit once', async () => {
    const newest = await searchAll(archivist, { query: '王伟', limit: 50 });
    const relevant = await searchAll(archivist, { query: '王伟', limit: 50, order: 'relevance' });
    expect(idsOf(relevant).sort()).toEqual(idsOf(newest).sort());
    const first = texts.get(relevant[0]!.pageId!)!.text;
    const last = texts.get(relevant[Math.min(199, relevant.length - 1)]!.pageId!)!.text;
    const count = (text: string) => foldText(text).text.split('王伟').length;
    expect(count(first)).toBeGreaterThanOrEqual(count(last));
  });
  it('lights the boxes where the words are shown once a person has turned the page', async () => {
    const find = async () => (await searchArchive(archivist, { query: '医院', filters: { exactOnly: true } })).hits[0]!;
    const upright = await find();
    const turn = (turned: number) => database.systemDb.query('update page set turned = $2 where id = $1', [upright.pageId, turned]);
    // The pages of the fixture were read as 2480 × 3508 and stand upright. A scan that had suffered 270 degrees is shown turned by 90.
    await turn(270);
    expect((await find()).boxes).toEqual(upright.boxes.map(([x, y, width, height]) => [3508 - y - height, x, height, width]));
    await turn(180);
    expect((await find()).boxes).toEqual(
      upright.boxes.map(([x, y, width, height]) => [2480 - x - width, 3508 - y - height, width, height]),
    );
    await turn(0);
    expect((await find()).boxes).toEqual(upright.boxes);
  });
  it('shows the hit in a snippet and lights its boxes', async () => {
    for (const hit of await searchAll(archivist, { query: '王伟', limit: 100 })) {
      expect(hit.snippet.hits.length).toBeGreaterThan(0);
      expect(hit.boxes.length).toBeGreaterThan(0);
      if (hit.certainty === 'exact') {
        const [mark] = hit.snippet.hits;
        expect(foldText(hit.snippet.text.slice(mark!.start, mark!.end)).text).toBe('王伟');
      }
    }
  });
  it('makes an entry of each search that names nothing, with the query for the auditor only', async () => {
    const before = await database.ownerDb.query('select id from entry');
    await searchArchive(archivist, { query: '龙婷 白鹭市' });
    const known = new Set(before.map((r) => (r as { id: string }).id));
    const rows = await database.ownerDb.query<{ id: string; kind: string; bytes: Uint8Array; sealed_detail: Uint8Array }>(
      'select * from entry',
    );
    const [entry, ...others] = rows.filter((r) => !known.has(r.id));
    expect(others).toEqual([]);
    expect(entry!.kind).toBe('search.made');
    expect(Buffer.from(entry!.bytes).includes('龙婷')).toBe(false);
    const place = { table: 'entry', column: 'sealed_detail', rowId: entry!.id, version: 1 };
    expect(fixture.sealer.open({ kind: 'purpose', id: 'audit' }, place, entry!.sealed_detail)).toBe('龙婷 白鹭市');
  });
  it('gives hits without counts and counts without hits, which together say what both at once say; each is an entry', async () => {
    for (const query of ['王伟', '"任命"', '不在任何页上', '2003 任命', '白鹭市松江路12号']) {
      const both = await searchArchive(archivist, { query, limit: 7 });
      const before = new Set((await database.ownerDb.query<{ id: string }>('select id from entry')).map((r) => r.id));
      const list = await searchArchive(archivist, { query, limit: 7, counts: 'without' });
      const counted = await searchArchive(archivist, { query, limit: 7, counts: 'only' });
      expect([list.hits, list.cursor]).toEqual([both.hits, both.cursor]);
      expect([counted.count, counted.facets, counted.facetsOf]).toEqual([both.count, both.facets, both.facetsOf]);
      expect([list.count, list.facetsOf, counted.hits]).toEqual([null, 0, []]);
      const entries = await database.ownerDb.query<{ id: string; kind: string }>('select id, kind from entry order by id');
      expect(entries.filter((r) => !before.has(r.id)).map((r) => r.kind)).toEqual(['search.made', 'search.counted']);
    }
  });
  it('holds no word of the texts in any table of the index, in any encoding', async () => {
    const rows = await database.ownerDb.query<{ row: string }>('select page_gram::text as row from page_gram');
    for (const { row } of rows) expect(row).not.toMatch(/[\u3400-\u9fff]/);
    const hex = Buffer.from(utf8('王伟')).toString('hex');
    expect(rows.some(({ row }) => row.includes(hex))).toBe(false);
  });
  it('looks for single characters alone in names and titles only, and says so', async () => {
    expect(await searchArchive(archivist, { query: '伟' })).toMatchObject({ hits: [], pagesSearched: false });
    expect((await searchArchive(archivist, { query: '伟 医院' })).pagesSearched).toBe(true);
    expect(idsOf(await searchAll(archivist, { query: '𠮷 医院', limit: 100, filters: { exactOnly: true } }))).toEqual(truthOf('𠮷 医院'));
  });
  it('refuses what it cannot search and survives whatever is typed', async () => {
    await expect(searchArchive(archivist, { query: '  "" ' })).rejects.toThrow('search/query-empty');
    await expect(searchArchive(archivist, { query: '甲'.repeat(200) })).rejects.toThrow('search/query-too-long');
    await expect(searchArchive(archivist, { query: '甲乙', cursor: 'page:1' })).rejects.toThrow('search/cursor-malformed');
    await expect(searchArchive(archivist, { query: '甲乙', limit: 1000 })).rejects.toThrow('search/limit');
    for (const query of [
      "'; drop table page_gram; --",
      '%_\\',
      '{1,2}',
      '\u0000ab',
      '👩‍👩‍👧‍👦é',
      'null',
      '../../etc/passwd',
      '<script>',
      '￿￾',
      '﷽﷽',
      '()',
      '1=1',
    ])
      expect((await searchArchive(archivist, { query })).count?.more).toBe(false);
  });
});
