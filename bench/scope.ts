/**
 * What a scope and the second net under it cost: whole requests over many materials and units, each from the opening of the desk to the commit of
 * its entry, in turns on one archive in one run:
 *
 *   node --import tsx bench/scope.ts [--materials 1000000] [--units 1000] [--rounds 40]
 *
 * - an administrator of the whole fonds beside clerks of one unit each, under row-level security. Bar of issue 3: a clerk ≤ 1.2 times;
 * - the administrator's requests under `lantai_app`, which row-level security holds, beside the same under `lantai_system`, whose policy is `true`.
 * Medians, and CPU of this process with its connection to the database, which a busy machine stretches less. Linux only (/proc).
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import type { Archive } from '../apps/server/src/archive/index.ts';
import { listDossiers, openDossierDesk } from '../apps/server/src/catalogue/index.ts';
import { type Db, openDb } from '../apps/server/src/db/index.ts';
import { type Actor, type Desk, openDesk } from '../apps/server/src/desk/index.ts';
import { viewPage } from '../apps/server/src/pages/index.ts';
import { searchArchive } from '../apps/server/src/search/index.ts';
import type { SearchFixture } from '../apps/server/src/search/testing/search-fixture.ts';
import { Corpus } from './corpus.ts';
import { buildScopeArchive, MATERIALS_A_DOSSIER } from './scope-build.ts';
import { type BenchDatabase, openBenchDatabase } from './search-build.ts';

const { values } = parseArgs({
  options: {
    materials: { type: 'string', default: '1000000' },
    units: { type: 'string', default: '1000' },
    rounds: { type: 'string', default: '40' },
  },
});
const [MATERIALS, UNITS, ROUNDS] = [values.materials, values.units, values.rounds].map(Number) as [number, number, number];
const CLERK_RATIO = 1.2;
/** The bar speaks of lists, searches and counts; opening and looking stand beside them. */
const BARRED = /^(list|search)/;
const LINES = 50;
const WARMING = 5;

/** Somebody who asks: how a request is made, and what this one may see. */
interface Asker {
  readonly archive: Archive;
  readonly desk: () => Promise<Desk>;
  readonly dossierIds: readonly string[];
  readonly pageIds: readonly string[];
  readonly cpuMs: () => Promise<number>;
}

/** Requests by what a person would call them. `n` counts the rounds, so that no two ask for the same. */
const REQUESTS: Readonly<Record<string, (a: Asker, n: number) => Promise<unknown>>> = {
  'list and count': async (a) => listDossiers(a.archive, await a.desk(), { limit: LINES }),
  'list by code': async (a) => listDossiers(a.archive, await a.desk(), { limit: LINES, sort: 'code' }),
  'list by birth year': async (a, n) =>
    listDossiers(a.archive, await a.desk(), { limit: LINES, birthYearFrom: 1950 + (n % 50), sort: 'birthYear' }),
  'list with a class': async (a, n) => listDossiers(a.archive, await a.desk(), { limit: LINES, classCode: String(1 + (n % 10)) }),
  search: async (a, n) => searchArchive(await a.desk(), { query: WORDS[n % WORDS.length]!, counts: 'without' }),
  'search and count': async (a, n) => searchArchive(await a.desk(), { query: WORDS[n % WORDS.length]!, counts: 'with' }),
  'open a dossier': async (a, n) => openDossierDesk(a.archive, await a.desk(), a.dossierIds[n % a.dossierIds.length]!),
  'look at a page': async (a, n) => viewPage(a.archive, await a.desk(), a.pageIds[n % a.pageIds.length]!, null),
};
const WORDS = (() => {
  const corpus = new Corpus(5);
  return Array.from({ length: 400 }, () => corpus.word());
})();

interface Taken {
  readonly wallMs: number[];
  cpuMs: number;
}

const median = (all: readonly number[]) => [...all].sort((a, b) => a - b)[Math.floor(all.length / 2)] ?? Number.NaN;

/** Asks the same of each in turns, so that what else the machine does falls on all alike. */
async function inTurns(request: (a: Asker, n: number) => Promise<unknown>, askers: readonly (readonly Asker[])[]): Promise<Taken[]> {
  const taken = askers.map((): Taken => ({ wallMs: [], cpuMs: 0 }));
  for (let n = 0; n < ROUNDS + WARMING; n++)
    for (const [i, side] of askers.entries()) {
      const asker = side[n % side.length]!;
      const before = await asker.cpuMs();
      const start = performance.now();
      await request(asker, n);
      const wallMs = performance.now() - start;
      if (n < WARMING) continue;
      taken[i]!.wallMs.push(wallMs);
      taken[i]!.cpuMs += (await asker.cpuMs()) - before;
    }
  return taken;
}

function report(what: string, [base, other]: readonly Taken[]): { wall: number; cpu: number } {
  const [a, b] = [median(base!.wallMs), median(other!.wallMs)];
  const [x, y] = [base!.cpuMs / ROUNDS, other!.cpuMs / ROUNDS];
  const cell = (ms: number) => ms.toFixed(1).padStart(8);
  console.log(
    `${what.padEnd(20)}${cell(a)}${cell(b)}${(b / a).toFixed(2).padStart(8)}${cell(x)}${cell(y)}${(y / x).toFixed(2).padStart(8)}`,
  );
  return { wall: b / a, cpu: y / x };
}

async function askersOf(bench: BenchDatabase, fixture: SearchFixture, unguarded: Db) {
  const config = { programFolder: resolve(import.meta.dirname, '..') };
  const account = await bench.db.one<{ id: string }>('select id from account limit 1');
  const cpuOf = (db: Db) => async () => {
    const own = process.cpuUsage();
    const { pid } = (await db.one<{ pid: number }>('select pg_backend_pid() as pid'))!;
    const fields = readFileSync(`/proc/${pid}/schedstat`, 'utf8').split(' ');
    return (own.user + own.system) / 1000 + Number(fields[0]) / 1e6;
  };
  const asker = async (db: Db, actor: Partial<Actor>, unitId: string | null): Promise<Asker> => {
    const parts = { db, sealer: fixture.sealer, clock: fixture.clock };
    const whole = db.system('test');
    const dossiers = await whole.query<{ id: string }>(
      'select id from dossier where $1::uuid is null or unit_id = $1 order by id limit 20',
      [unitId],
    );
    const ids = dossiers.map((d) => d.id);
    const pages = await whole.query<{ id: string }>('select id from page where dossier_id = any($1::uuid[]) order by id', [ids]);
    const who: Actor = { accountId: account!.id, role: 'archivist', fondsId: fixture.fondsId, unitId, levelMax: 1, ...actor };
    return {
      archive: { ...parts, config } as unknown as Archive,
      desk: () => openDesk(parts, who, 'archive_work'),
      dossierIds: ids,
      pageIds: pages.map((p) => p.id),
      cpuMs: cpuOf(db),
    };
  };
  return {
    administrator: [await asker(bench.db, {}, null)],
    clerks: await Promise.all(fixture.unitIds.slice(1, 11).map((unitId) => asker(bench.db, { role: 'unit_clerk' }, unitId))),
    unguarded: [await asker(unguarded, {}, null)],
  };
}

const folder = mkdtempSync(join(tmpdir(), 'lantai-scope-'));
const bench = await openBenchDatabase(folder);
const { systemConnection } = bench.running;
const unguarded = openDb(systemConnection, { poolMax: 1, system: systemConnection });
try {
  const fixture = await buildScopeArchive(bench, MATERIALS, UNITS);
  const { administrator, clerks, unguarded: free } = await askersOf(bench, fixture, unguarded);
  console.log(
    `${MATERIALS} materials in ${MATERIALS / MATERIALS_A_DOSSIER} dossiers of ${UNITS} units; ${cpus().length} cores, load ${loadavg()[0]?.toFixed(1)}; ${ROUNDS} rounds`,
  );
  const missed: string[] = [];
  console.log(`\nclerk beside administrator   (ms: median wall, ratio; CPU a request, ratio)`);
  for (const [what, request] of Object.entries(REQUESTS)) {
    const { wall } = report(what, await inTurns(request, [administrator, clerks]));
    if (BARRED.test(what) && wall > CLERK_RATIO) missed.push(`${what}: ${wall.toFixed(2)}`);
  }
  console.log(`\nunder row-level security beside without   (ms: median wall without, with, ratio; CPU a request, ratio)`);
  for (const [what, request] of Object.entries(REQUESTS)) report(what, await inTurns(request, [free, administrator]));
  console.log(
    missed.length
      ? `\nMISSED   clerk ≤ ${CLERK_RATIO} × administrator: ${missed.join(', ')}`
      : `\nreached  clerk ≤ ${CLERK_RATIO} × administrator`,
  );
  process.exitCode = missed.length ? 1 : 0;
} finally {
  await unguarded.close();
  await bench.close();
  rmSync(folder, { recursive: true, force: true });
}
