import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { joinLines, parseQuery } from '@lantai/search';
import { systemClock } from '../apps/server/src/archive/index.ts';
import { type Actor, type Desk, openDesk } from '../apps/server/src/desk/index.ts';
import { searchArchive } from '../apps/server/src/search/index.ts';
import { Corpus } from './corpus.ts';
import {
  type BenchArchive,
  type BenchDatabase,
  type BuildFigures,
  buildArchive,
  figuresFile,
  openBenchDatabase,
  reopenArchive,
  saveFigures,
  Truth,
} from './search-build.ts';

// Search over a whole archive on disk: build rate, latency by kind of query as archivist and as a clerk of one unit in a thousand, size and counts.
//   node --import tsx bench/search.ts --pages 1000000 [--queries 250] [--folder F]
// With --folder the archive stays there and the next run searches it without building. Linux only (CPU times come from /proc).

const { values: options } = parseArgs({
  options: {
    pages: { type: 'string', default: '100000' },
    queries: { type: 'string', default: '250' },
    folder: { type: 'string' },
  },
});

const TARGET = { buildPagesPerSecond: 2000, p95Ms: 50, p99Ms: 200, clerkRatio: 1.2 };
const SAMPLE_PAGES = 40_000;
const CLERKS = 20;
const TRUTHS = 60;
/** Searches of each kind before the measured ones: a server that has been at work knows the keys of most dossiers. They are reported too. */
const WARMING = 80;
const KINDS = ['word', 'name', 'phrase', 'two terms'] as const;
type Kind = (typeof KINDS)[number];

/** Queries of each kind, all different, out of the first pages of the corpus. */
function makeQueries(pages: number, count: number): Record<Kind, string[]> {
  const sample = [...new Corpus().pages(Math.min(pages, SAMPLE_PAGES))].filter((_, i) => i % 7 === 0);
  const random = new Corpus(99);
  const sets: Record<Kind, Set<string>> = { word: new Set(), name: new Set(), phrase: new Set(), 'two terms': new Set() };
  const text = () => joinLines(random.pick(sample).lines).replaceAll('\n', '');
  const piece = (of: string, length: number) => of.slice(random.between(0, of.length - length)).slice(0, length);
  while (sets.word.size < count) sets.word.add(random.word());
  while (sets.name.size < count) sets.name.add(random.pick(random.pick(sample.filter((p) => p.names.length)).names));
  while (sets.phrase.size < count) sets.phrase.add(`"${piece(text(), random.between(4, 8))}"`);
  while (sets['two terms'].size < count) {
    const page = random.pick(sample);
    const body = joinLines(page.lines).replaceAll('\n', '');
    const second = page.names.length && random.random() < 0.5 ? random.pick(page.names) : piece(body, 2);
    sets['two terms'].add(`"${piece(body, 2)}" "${second}"`);
  }
  return { word: [...sets.word], name: [...sets.name], phrase: [...sets.phrase], 'two terms': [...sets['two terms']] };
}

const percentile = (sorted: readonly number[], share: number) =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;

interface Latency {
  readonly who: string;
  readonly kind: string;
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
  readonly nodeCpuMs: number;
  readonly postgresCpuMs: number;
  readonly hitsPerQuery: number;
}

async function measure(
  bench: BenchDatabase,
  who: string,
  desks: readonly Desk[],
  kind: Kind,
  queries: readonly string[],
  counts: 'with' | 'without' = 'with',
): Promise<Latency> {
  const taken: number[] = [];
  const before = await bench.cpuSeconds();
  let hits = 0;
  for (const [i, query] of queries.entries()) {
    const start = performance.now();
    const result = await searchArchive(desks[i % desks.length]!, { query, counts });
    taken.push(performance.now() - start);
    hits += result.count?.value ?? result.hits.length;
  }
  const after = await bench.cpuSeconds();
  const sorted = taken.sort((a, b) => a - b);
  const each = (seconds: number) => (seconds * 1000) / queries.length;
  return {
    who,
    kind,
    p50: percentile(sorted, 0.5),
    p95: percentile(sorted, 0.95),
    p99: percentile(sorted, 0.99),
    nodeCpuMs: each(after.node - before.node),
    postgresCpuMs: each(after.postgres - before.postgres),
    hitsPerQuery: hits / queries.length,
  };
}

/** Compares exact counts with how many pages hold the words as substrings. */
async function checkCounts(
  archivist: Desk,
  truth: readonly { query: string; pages: number }[],
): Promise<{ checked: number; wrong: number }> {
  let wrong = 0;
  for (const { query, pages } of truth) {
    const { count } = await searchArchive(archivist, { query, filters: { exactOnly: true } });
    const right = pages > 1000 ? count?.more === true : count?.value === pages && !count.more;
    if (!right) {
      wrong++;
      console.log(`WRONG COUNT of ${query}: ${JSON.stringify(count)}, ${pages} pages hold it`);
    }
  }
  return { checked: truth.length, wrong };
}

const round = (value: number) => value.toFixed(1).padStart(8);

/** Hits alone of a server just started and of one at work, and hits with their count. */
interface Measured {
  readonly cold: readonly Latency[];
  readonly latencies: readonly Latency[];
  readonly counted: readonly Latency[];
}

function report(figures: BuildFigures, measured: Measured, counts: { checked: number; wrong: number }): boolean {
  console.log(`\nmachine: ${cpus().length} × ${cpus()[0]?.model ?? 'unknown'}, load ${loadavg()[0]?.toFixed(1)}`);
  console.log(
    `build: ${figures.pages} pages, ${Math.round(figures.pagesPerSecond)} pages/s (tokens, doubts and rows ${figures.tokensSeconds.toFixed(0)} s, GIN ${figures.ginSeconds.toFixed(0)} s); joining an index in use ${Math.round(figures.addedPagesPerSecond)} pages/s`,
  );
  console.log(`sizes MB at ${figures.pages}: ${JSON.stringify(figures.sizesMb)}`);
  if (figures.growthSizesMb) console.log(`sizes MB at ${figures.growthPages}: ${JSON.stringify(figures.growthSizesMb)}`);
  console.log('\nwho         kind            p50      p95      p99  node cpu   pg cpu     hits   (ms; CPU ms a query)');
  const { cold, latencies, counted } = measured;
  for (const l of [...cold, ...latencies, ...counted])
    console.log(
      l.who.padEnd(11),
      l.kind.padEnd(10),
      round(l.p50),
      round(l.p95),
      round(l.p99),
      round(l.nodeCpuMs),
      round(l.postgresCpuMs),
      round(l.hitsPerQuery),
    );
  const all = (who: string) => latencies.filter((l) => l.who === who);
  const worst = (pick: (l: Latency) => number) => Math.max(...latencies.map(pick));
  const worstCounted = Math.max(...counted.map((l) => l.p95));
  const ratio = Math.max(...all('clerk').map((l, i) => l.p95 / (all('archivist')[i]?.p95 ?? 1)));
  const checks: [string, boolean][] = [
    [
      `build ${Math.round(figures.pagesPerSecond)} >= ${TARGET.buildPagesPerSecond} pages/s`,
      figures.pagesPerSecond >= TARGET.buildPagesPerSecond,
    ],
    [`with count to 1,000 and facets: p95 ${worstCounted.toFixed(1)} <= ${TARGET.p95Ms} ms`, worstCounted <= TARGET.p95Ms],
    [`hits: p95 ${worst((l) => l.p95).toFixed(1)} <= ${TARGET.p95Ms} ms`, worst((l) => l.p95) <= TARGET.p95Ms],
    [`hits: p99 ${worst((l) => l.p99).toFixed(1)} <= ${TARGET.p99Ms} ms`, worst((l) => l.p99) <= TARGET.p99Ms],
    [`clerk ${ratio.toFixed(2)} <= ${TARGET.clerkRatio} × archivist at p95`, ratio <= TARGET.clerkRatio],
    [`counts ${counts.checked - counts.wrong} of ${counts.checked} equal to a substring search`, counts.wrong === 0],
  ];
  console.log('');
  for (const [what, reached] of checks) console.log(`${reached ? 'reached' : 'MISSED '}  ${what}`);
  return checks.every(([, reached]) => reached);
}

async function main(): Promise<boolean> {
  const pages = Number(options.pages);
  const folder = options.folder ?? mkdtempSync(join(tmpdir(), 'lantai-search-'));
  const queries = makeQueries(pages, Number(options.queries) + WARMING);
  const asked = KINDS.flatMap((kind) => queries[kind].slice(0, TRUTHS / KINDS.length));
  const built = existsSync(figuresFile(folder));
  const bench = await openBenchDatabase(folder);
  try {
    const truth = new Truth(asked.map((query) => parseQuery(query)!));
    let saved: { figures: BuildFigures; counts: readonly number[]; asked: readonly string[] };
    let archive: BenchArchive;
    if (built) {
      saved = JSON.parse(readFileSync(figuresFile(folder), 'utf8'));
      archive = await reopenArchive(bench.db, systemClock());
    } else {
      const { figures } = await buildArchive(bench, pages, 100_000, truth);
      saved = { figures, counts: truth.counts, asked };
      saveFigures(folder, saved);
      archive = await reopenArchive(bench.db, systemClock());
    }
    const desk = (actor: Partial<Actor>) =>
      openDesk(
        { db: bench.db, sealer: archive.sealer, clock: archive.clock },
        { accountId: archive.accountId, role: 'archivist', fondsId: archive.fondsId, unitId: null, levelMax: 1, ...actor },
        'archive_work',
      );
    const archivist = await desk({});
    const clerks = await Promise.all(archive.unitIds.slice(1, 1 + CLERKS).map((unitId) => desk({ role: 'unit_clerk', unitId })));
    // Opens connections and code paths.
    for (const query of ['王', '"甲乙"', '工作 学历', '13800138000'])
      for (const who of [archivist, clerks[0]!]) await searchArchive(who, { query });
    const cold: Latency[] = [];
    for (const kind of KINDS) cold.push(await measure(bench, 'first asked', [archivist], kind, queries[kind].slice(-WARMING), 'without'));
    const latencies: Latency[] = [];
    // Other queries than those before, each asked once by each.
    for (const [who, desks] of [
      ['archivist', [archivist]],
      ['clerk', clerks],
    ] as const)
      for (const kind of KINDS) latencies.push(await measure(bench, who, desks, kind, queries[kind].slice(0, -WARMING), 'without'));
    // What the page asks for beside it: the same with counts to 1,000 and facets.
    const counted: Latency[] = [];
    for (const kind of KINDS) counted.push(await measure(bench, 'with count', [archivist], kind, queries[kind].slice(0, -WARMING)));
    const counts = await checkCounts(
      archivist,
      saved.asked.map((query, i) => ({ query, pages: saved.counts[i]! })),
    );
    return report(saved.figures, { cold, latencies, counted }, counts);
  } finally {
    await bench.close();
    if (!options.folder) rmSync(folder, { recursive: true, force: true });
  }
}

process.exitCode = (await main()) ? 0 : 1;
