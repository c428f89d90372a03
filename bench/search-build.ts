import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { NodePrimitives } from '@lantai/primitives-node';
import { foldedText, joinLines, type Query } from '@lantai/search';
import { MemoryKeyStore } from '@lantai/vault/memory';
import { Sealer } from '../apps/server/src/archive/index.ts';
import { type Db, migrate, openDb, type RunningDatabase, startDatabase } from '../apps/server/src/db/index.ts';
import { createPageIndex, indexPages, refreshFrequencies } from '../apps/server/src/search/index.ts';
import { createSearchFixture, type FixturePage, type SearchFixture } from '../apps/server/src/search/testing/search-fixture.ts';
import { Corpus, type CorpusPage } from './corpus.ts';

const UNITS = 1000;
const PAGES_AT_ONCE = 200;
const SIZES = `select relname as name, pg_total_relation_size(oid)::float8 / 1e6 as total_mb, pg_relation_size(oid)::float8 / 1e6 as mb
  from pg_class where relname in ('page_gram', 'page_gram_g', 'page_gram_pkey', 'reading', 'page', 'gram_frequency')`;

/** A database with an archive on disk, opened. */
export interface BenchDatabase {
  readonly running: RunningDatabase;
  readonly db: Db;
  readonly ownerDb: Db;
  /** CPU seconds used so far by this process and by its connection to the database: a shared machine stretches wall time, not these. */
  cpuSeconds(): Promise<{ node: number; postgres: number }>;
  close(): Promise<void>;
}

export async function openBenchDatabase(folder: string): Promise<BenchDatabase> {
  mkdirSync(folder, { recursive: true });
  const running = await startDatabase({ dataFolder: folder });
  const [db, ownerDb] = [
    openDb(running.connection, { poolMax: 1, system: running.systemConnection }),
    openDb(running.ownerConnection, { poolMax: 1 }),
  ];
  await migrate(ownerDb);
  return {
    running,
    db,
    ownerDb,
    cpuSeconds: async () => {
      // Asked each time: a connection that rested is closed, and the next is another process.
      const backend = await db.one<{ pid: number }>('select pg_backend_pid() as pid');
      const { user, system } = process.cpuUsage();
      const fields = readFileSync(`/proc/${backend!.pid}/stat`, 'utf8').split(') ').at(-1)!.split(' ');
      return { node: (user + system) / 1e6, postgres: (Number(fields[11]) + Number(fields[12])) / 100 };
    },
    close: async () => {
      await db.close();
      await ownerDb.close();
      await running.stop();
    },
  };
}

/** Keys that come again in the same order, so that a bench may open its archive a second time. Nobody's secrets lie under them. */
const benchKeys = () => {
  let made = 0;
  return (length: number) => createHash('sha256').update(`bench ${made++}`).digest().subarray(0, length);
};

/** What building measured; seconds of wall time. */
export interface BuildFigures {
  readonly pages: number;
  readonly rowsSeconds: number;
  readonly tokensSeconds: number;
  readonly ginSeconds: number;
  readonly pagesPerSecond: number;
  readonly addedPagesPerSecond: number;
  readonly sizesMb: Readonly<Record<string, number>>;
  readonly growthSizesMb: Readonly<Record<string, number>> | null;
  readonly growthPages: number;
}

async function sizesOf(ownerDb: Db): Promise<Record<string, number>> {
  const rows = await ownerDb.query<{ name: string; total_mb: number; mb: number }>(SIZES);
  return Object.fromEntries(rows.map((r) => [r.name, Math.round(r.name === 'reading' ? r.total_mb : r.mb)]));
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return (performance.now() - start) / 1000;
}

/** Counts how many pages hold each query while the corpus goes by: what the searches are compared with. */
export class Truth {
  readonly counts: number[];

  constructor(private readonly queries: readonly Query[]) {
    this.counts = queries.map(() => 0);
  }

  see(page: CorpusPage): void {
    const text = foldedText(joinLines(page.lines));
    this.queries.forEach((query, i) => {
      if (query.terms.every((term) => text.includes(term.text))) this.counts[i]!++;
    });
  }
}

/**
 * Fills the database: rows and sealed readings first, then tokens and sealed doubts (the index), the GIN index in one go at the end as
 * `rebuildPageIndex` makes it. Generating the corpus and its rows is not counted to the index.
 */
export async function buildArchive(
  bench: BenchDatabase,
  pages: number,
  growthPages: number,
  truth: Truth,
): Promise<{ fixture: SearchFixture; figures: BuildFigures }> {
  const { db, ownerDb } = bench;
  const whole = db.system('indexing');
  const fixture = await createSearchFixture(db, { units: UNITS, keyBytes: benchKeys() });
  await ownerDb.query('drop index page_gram_g');
  const corpus = new Corpus();
  const dossierIds: string[] = [];
  let [rowsSeconds, tokensSeconds] = [0, 0];
  let growthSizesMb: Record<string, number> | null = null;
  let batch: FixturePage[] = [];
  const flush = async () => {
    await whole.tx(async (tx) => {
      let added: Awaited<ReturnType<SearchFixture['addPages']>> = [];
      rowsSeconds += await timed(async () => {
        added = await fixture.addPages(tx, batch);
      });
      tokensSeconds += await timed(() => indexPages(tx, fixture, added));
    });
    batch = [];
  };
  let n = 0;
  for (const page of corpus.pages(pages)) {
    truth.see(page);
    dossierIds[page.dossier] ??= (await fixture.addDossier({ unitId: fixture.unitIds[1 + (page.dossier % UNITS)]! })).dossierId;
    batch.push({ dossierId: dossierIds[page.dossier]!, lines: page.lines, classCode: String(1 + (n % 10)), materialYear: 1980 + (n % 40) });
    if (++n % PAGES_AT_ONCE === 0) await flush();
    if (n === growthPages && n < pages) {
      await createPageIndex(ownerDb);
      growthSizesMb = await sizesOf(ownerDb);
      await ownerDb.query('drop index page_gram_g');
    }
    if (n % 50_000 === 0) console.error(`${n} pages, index ${Math.round(n / tokensSeconds)} pages/s without GIN`);
  }
  if (batch.length) await flush();
  const ginSeconds = await timed(() => createPageIndex(ownerDb));
  await ownerDb.query('vacuum analyze');
  await refreshFrequencies(db, Date.now());
  const addedPagesPerSecond = await addMore(fixture, db, corpus, dossierIds[0]!);
  const figures: BuildFigures = {
    pages,
    rowsSeconds,
    tokensSeconds,
    ginSeconds,
    pagesPerSecond: pages / (tokensSeconds + ginSeconds),
    addedPagesPerSecond,
    sizesMb: await sizesOf(ownerDb),
    growthSizesMb,
    growthPages,
  };
  return { fixture, figures };
}

const MORE = 2000;

/** The rate at which pages join an index that is in use; they are taken out again, for the counts. */
async function addMore(fixture: SearchFixture, db: Db, corpus: Corpus, dossierId: string): Promise<number> {
  const whole = db.system('indexing');
  let seconds = 0;
  const ids: string[] = [];
  const pages = [...corpus.pages(MORE)];
  for (let at = 0; at < MORE; at += PAGES_AT_ONCE) {
    await whole.tx(async (tx) => {
      const added = await fixture.addPages(
        tx,
        pages.slice(at, at + PAGES_AT_ONCE).map(({ lines }) => ({ dossierId, lines })),
      );
      ids.push(...added.map((page) => page.pageId));
      seconds += await timed(() => indexPages(tx, fixture, added));
    });
  }
  await whole.query('delete from page where id = any($1::uuid[])', [ids]);
  return MORE / seconds;
}

/** What a bench needs of an archive to search it. */
export type BenchArchive = Pick<SearchFixture, 'sealer' | 'clock' | 'fondsId' | 'unitIds'> & { readonly accountId: string };

/** Opens an archive that {@link buildArchive} made in an earlier run. */
export async function reopenArchive(db: Db, clock: SearchFixture['clock']): Promise<BenchArchive> {
  const primitives = new NodePrimitives();
  const keys = new MemoryKeyStore({ random: benchKeys(), nowMs: () => 0 });
  const all = db.system('test');
  const ids = async (text: string) => (await all.query<{ id: string }>(text)).map((r) => r.id);
  const [fondsId] = await ids('select id from fonds');
  await keys.createMany([
    { kind: 'fonds', id: fondsId!, parent: null },
    { kind: 'purpose', id: 'audit', parent: null },
  ]);
  for (const id of await ids('select id from dossier order by id')) await keys.create('dossier', id, { kind: 'fonds', id: fondsId! });
  return {
    sealer: new Sealer(primitives, keys, 'intl'),
    clock,
    fondsId: fondsId!,
    unitIds: [
      ...(await ids('select id from unit where parent_id is null')),
      ...(await ids('select id from unit where parent_id is not null order by id')),
    ],
    accountId: (await ids('select id from account'))[0]!,
  };
}

/** Keeps the figures of a build beside its archive for later runs. */
export const figuresFile = (folder: string) => join(folder, 'bench-figures.json');
export const saveFigures = (folder: string, saved: unknown) => writeFileSync(figuresFile(folder), JSON.stringify(saved));
