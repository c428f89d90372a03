import { pageNeeds, parseQuery, planSearch, type SearchPlan } from '@lantai/search';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { reachSettings, type Tx } from '../db/index.ts';
import { useTestDatabase } from '../db/test-database.ts';
import {
  CATALOGUE_INDEX,
  candidateStatement,
  fetchCandidates,
  type IndexTable,
  NEWEST,
  newestCandidates,
  PAGE_INDEX,
  type Shape,
} from './candidates.ts';
import { indexCipher } from './index-cipher.ts';
import { createSearchFixture } from './testing/search-fixture.ts';

const database = useTestDatabase();

interface PlanNode {
  'Node Type': string;
  'Index Name'?: string;
  'Relation Name'?: string;
  'Scan Direction'?: string;
  Plans?: PlanNode[];
}

const nodesOf = (node: PlanNode): PlanNode[] => [node, ...(node.Plans ?? []).flatMap(nodesOf)];

/** The plan PostgreSQL takes for a shape. Small tables are read through by choice; `small` asks what it does when they are not small. */
async function explain(table: IndexTable, shape: Shape, plan: SearchPlan, small: boolean): Promise<PlanNode[]> {
  const { text, params } = candidateStatement(table, shape, { plan, before: NEWEST, limit: 20, walkLines: 3000 });
  return database.db.tx(async (tx) => {
    if (small) await tx.query('set local enable_seqscan = off');
    const rows = await tx.query<{ 'QUERY PLAN': { Plan: PlanNode }[] }>(`explain (format json) ${text}`, params);
    return nodesOf(rows[0]!['QUERY PLAN'][0]!.Plan);
  });
}

const scansOf = (nodes: readonly PlanNode[]) =>
  nodes.filter((n) => n['Node Type'].includes('Scan') && n['Node Type'] !== 'Subquery Scan').map((n) => n['Index Name'] ?? n['Node Type']);

describe('the plan of each search shape', () => {
  const plan: SearchPlan = { shape: 'index', all: [1, 2, 3], anyOf: [], inIndex: { all: 3, anyOf: 0 }, sought: [1, 2], shareMax01: 0.1 };
  const scoped: SearchPlan = {
    ...plan,
    anyOf: [
      [4, 5],
      [6, 7, 8],
    ],
    inIndex: { all: 2, anyOf: 1 },
  };

  it('reads the GIN index with words and scope in it', async () => {
    for (const p of [plan, scoped]) {
      for (const shape of ['index', 'probe'] as const) {
        expect(scansOf(await explain(PAGE_INDEX, shape, p, true)).sort()).toEqual(['Bitmap Heap Scan', 'page_gram_g']);
        expect(scansOf(await explain(CATALOGUE_INDEX, shape, p, true)).sort()).toEqual(['Bitmap Heap Scan', 'catalogue_gram_g']);
      }
      expect((await explain(PAGE_INDEX, 'probe', p, true)).some((n) => n['Node Type'] === 'Sort')).toBe(false);
    }
  });
  it('walks the primary key from the newest line back', async () => {
    for (const p of [plan, scoped]) {
      const nodes = await explain(PAGE_INDEX, 'walk', p, true);
      const scan = nodes.find((n) => n['Index Name'] === 'page_gram_pkey');
      expect(scan?.['Scan Direction']).toBe('Backward');
      expect(scansOf(nodes)).not.toContain('page_gram_g');
      expect(nodes.some((n) => n['Node Type'] === 'Sort')).toBe(false);
    }
  });
  it('takes these ways unasked once a table has some thousand lines, analysed or not, also as a generic plan', async () => {
    const fixture = await createSearchFixture(database.db, { units: 1 });
    const { dossierId } = await fixture.addDossier({ unitId: fixture.unitIds[1]! });
    const text = Array.from({ length: 300 }, (_, i) => String.fromCharCode(0x4e00 + i)).join('');
    for (let i = 0; i < 10; i++) await fixture.addIndexedPages(Array.from({ length: 400 }, () => ({ dossierId, lines: [{ text }] })));
    const ways = async () => [
      (await explain(PAGE_INDEX, 'index', plan, false)).map((n) => n['Index Name']),
      (await explain(PAGE_INDEX, 'probe', scoped, false)).map((n) => n['Index Name']),
      (await explain(PAGE_INDEX, 'walk', scoped, false)).map((n) => n['Index Name']),
    ];
    const expected = [
      expect.arrayContaining(['page_gram_g']),
      expect.arrayContaining(['page_gram_g']),
      expect.arrayContaining(['page_gram_pkey']),
    ];
    expect(await ways()).toEqual(expected);
    await database.ownerDb.query('analyze page_gram');
    expect(await ways()).toEqual(expected);
    await database.db.session(async (session) => {
      await session.query('set plan_cache_mode = force_generic_plan');
      const { text: statement } = candidateStatement(PAGE_INDEX, 'index', { plan, before: NEWEST, limit: 20 });
      await session.query(`prepare generic_search as ${statement}`);
      const rows = await session.query<{ 'QUERY PLAN': { Plan: PlanNode }[] }>(
        `explain (format json) execute generic_search('${NEWEST}', 20, '{1,2,3}')`,
      );
      expect(scansOf(nodesOf(rows[0]!['QUERY PLAN'][0]!.Plan))).toContain('page_gram_g');
    });
  });
  it('finds the same newest lines by walking, by walking on and by the index', async () => {
    const fixture = await createSearchFixture(database.db, { units: 1 });
    const { dossierId } = await fixture.addDossier({ unitId: fixture.unitIds[1]! });
    const cipher = indexCipher(fixture.sealer, fixture.fondsId);
    // Five are wanted and a walk looks at 750 lines: it meets them all, most of them, or too few to go on.
    for (const [word, gap] of [
      ['甲乙', 30],
      ['丙丁', 200],
      ['戊己', 700],
    ] as const) {
      const lines = (i: number) => [{ text: i % gap === 0 ? `${word}登记表` : '登记表' }];
      await fixture.addIndexedPages(Array.from({ length: 1500 }, (_, i) => ({ dossierId, lines: lines(i) })));
      const needs = pageNeeds(cipher, parseQuery(`"${word}"`)!);
      const walk = planSearch(needs, { lineCount: 1_000_000, share01: () => 0.2, rareShare: 0 });
      expect(walk.shape).toBe('walk');
      const newest = (asked: SearchPlan) => database.db.tx((tx) => newestCandidates(tx, PAGE_INDEX, asked, NEWEST, 5, 100));
      const [byWalk, byIndex] = [(await newest(walk)).ids, (await newest({ ...walk, shape: 'index' })).ids];
      expect(byWalk.slice(0, 5)).toEqual(byIndex.slice(0, 5));
      expect(byIndex).toHaveLength(Math.ceil(1500 / gap));
    }
  });
  it('seeks a token by halving wherever it stands behind the filing, in lines of any length', async () => {
    const fixture = await createSearchFixture(database.db, { units: 1 });
    const { dossierId } = await fixture.addDossier({ unitId: fixture.unitIds[1]! });
    const [page] = await fixture.addIndexedPages([{ dossierId, lines: [{ text: '登记表' }] }]);
    const token = fc.integer({ min: -40, max: 40 });
    const line = fc.record({ filing: fc.array(token, { maxLength: 9 }), written: fc.uniqueArray(token, { maxLength: 60 }) });
    await fc.assert(
      fc.asyncProperty(line, fc.uniqueArray(token, { minLength: 1, maxLength: 3 }), async ({ filing, written }, tokens) => {
        const g = [...filing, ...written.sort((a, b) => a - b)];
        await database.ownerDb.query('update page_gram set g = $2, filing_count = $3 where page_id = $1', [page!.pageId, g, filing.length]);
        const asked = { ...plan, shape: 'walk' as const, all: tokens, sought: tokens.slice(0, 2) };
        const found = await database.db.tx((tx) =>
          fetchCandidates(tx, PAGE_INDEX, 'walk', { plan: asked, before: NEWEST, limit: 1, walkLines: 1 }),
        );
        // A token that only the filing holds is not written there: it may be left out, and nothing else may.
        if (tokens.every((t) => written.includes(t))) expect(found).toEqual([page!.pageId]);
        if (!tokens.every((t) => g.includes(t))) expect(found).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });
  it('keeps the table of tokens free of row security, under which its index would not be used', async () => {
    const rows = await database.db.query<{ relname: string; relrowsecurity: boolean }>(
      `select relname, relrowsecurity from pg_class where relname in ('page_gram', 'catalogue_gram')`,
    );
    expect(rows.find((r) => r.relname === 'page_gram')?.relrowsecurity).toBe(false);
  });
  it('opens candidates by primary keys, never by reading a table through', async () => {
    const { fondsId } = await createSearchFixture(database.db, { units: 1 });
    await database.ownerDb.query('analyze');
    // As every search does it: under row-level security, which sits on `page` and `reading`.
    const reach = reachSettings({
      levelMax: 1,
      closedCategories: ['discipline'],
      fondsIds: [fondsId],
      unitIds: [],
      dossierIds: [],
      ownIds: [],
    });
    const explained = async (tx: Tx) => {
      // Small tables are read through by choice; the question is whether there is another way.
      await tx.query(`set local enable_seqscan = off`);
      return tx.query<{ 'QUERY PLAN': { Plan: PlanNode }[] }>(
        `explain (format json) select p.id, r.text, s.doubts from unnest($1::uuid[]) as c(id) join page p on p.id = c.id
         join reading r on r.page_id = p.id and r.current join page_gram s on s.page_id = p.id where p.unit_id = any($1::uuid[]) and p.level <= 1`,
        [[NEWEST]],
      );
    };
    const rows = await database.db.tx(explained, { reach });
    const nodes = nodesOf(rows[0]!['QUERY PLAN'][0]!.Plan);
    expect(nodes.filter((n) => n['Node Type'] === 'Seq Scan')).toEqual([]);
  });
});
