/**
 * Moving and merging a unit of many dossiers while others search:
 *
 *   node --import tsx bench/move-unit.ts [--dossiers 10000] [--pages 10]
 *
 * Prints how long the job takes, and the searches of a clerk meanwhile beside those of a quiet archive. Bar of issue 3: 5 minutes for 10,000 dossiers.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Archive } from '../apps/server/src/archive/index.ts';
import { openDb } from '../apps/server/src/db/index.ts';
import { openDesk } from '../apps/server/src/desk/index.ts';
import { runReorganisation } from '../apps/server/src/organisation/index.ts';
import { refreshFrequencies, searchArchive } from '../apps/server/src/search/index.ts';
import { createSearchFixture, type FixturePage } from '../apps/server/src/search/testing/search-fixture.ts';
import { Corpus } from './corpus.ts';
import { openBenchDatabase } from './search-build.ts';

const { values } = parseArgs({ options: { dossiers: { type: 'string', default: '10000' }, pages: { type: 'string', default: '10' } } });
const DOSSIERS = Number(values.dossiers);
const PAGES = Number(values.pages);
const PAGES_AT_ONCE = 200;

const folder = mkdtempSync(join(tmpdir(), 'lantai-move-'));
const bench = await openBenchDatabase(folder);
const others = openDb(bench.running.connection, { poolMax: 4, system: bench.running.systemConnection });
const percentile = (all: readonly number[], share: number) =>
  [...all].sort((a, b) => a - b)[Math.floor((all.length - 1) * share)] ?? Number.NaN;

try {
  const fixture = await createSearchFixture(bench.db, { units: 3 });
  const [root, from, to, third] = fixture.unitIds as [string, string, string, string];
  const corpus = new Corpus();
  const pages = corpus.pages(DOSSIERS * PAGES);
  let batch: FixturePage[] = [];
  for (let n = 0; n < DOSSIERS; n++) {
    const { dossierId } = await fixture.addDossier({ unitId: n % 2 ? from : third });
    for (let k = 0; k < PAGES; k++) batch.push({ dossierId, lines: pages.next().value!.lines });
    if (batch.length >= PAGES_AT_ONCE) {
      await fixture.addIndexedPages(batch);
      batch = [];
    }
  }
  if (batch.length) await fixture.addIndexedPages(batch);
  // The unit to be moved holds a unit: both halves lie below `from`.
  await bench.db.query('update unit set parent_id = $2 where id = $1', [third, from]);
  await bench.ownerDb.query('vacuum analyze');
  await refreshFrequencies(bench.db, Date.now());
  const archive = { db: bench.db, sealer: fixture.sealer, clock: fixture.clock } as unknown as Archive;
  const account = await bench.db.one<{ id: string }>('select id from account limit 1');
  const clerk = await openDesk(
    { db: others, sealer: fixture.sealer, clock: fixture.clock },
    { accountId: account!.id, role: 'unit_clerk', fondsId: fixture.fondsId, unitId: root, levelMax: 1 },
    'archive_work',
  );
  const words = Array.from({ length: 400 }, () => corpus.word());
  let asked = 0;
  const look = async () => {
    const start = performance.now();
    await searchArchive(clerk, { query: words[asked++ % words.length]!, counts: 'without' });
    return performance.now() - start;
  };
  const report = (what: string, seen: readonly number[]) =>
    console.log(
      `${what.padEnd(16)} ${seen.length} searches: p50 ${percentile(seen, 0.5).toFixed(0)} ms, p95 ${percentile(seen, 0.95).toFixed(0)} ms`,
    );
  const quiet: number[] = [];
  for (let i = 0; i < 60; i++) quiet.push(await look());

  const run = async (kind: 'move' | 'merge', unitId: string, intoId: string) => {
    const id = fixture.clock.newId();
    await bench.db.query(
      `insert into reorganisation (id, kind, unit_id, into_id, started_at_ms, entry_id) values ($1, $2, $3, $4, $5, $6)`,
      [id, kind, unitId, intoId, Date.now(), fixture.entryId],
    );
    await bench.db.query(`update unit set parent_id = $2, merged_into = case when $3 = 'merge' then $2::uuid end where id = $1`, [
      unitId,
      intoId,
      kind,
    ]);
    let done = false;
    const seen: number[] = [];
    const start = performance.now();
    const searching = (async () => {
      while (!done) seen.push(await look());
    })();
    await runReorganisation(archive, id);
    done = true;
    await searching;
    const row = await bench.db.one<{ done_count: number; state: string }>('select done_count, state from reorganisation where id = $1', [
      id,
    ]);
    console.log(
      `${kind} of ${row?.done_count} dossiers, ${row?.state}: ${((performance.now() - start) / 1000).toFixed(1)} s (bar 300 s for 10,000)`,
    );
    report(`during the ${kind}`, seen);
  };
  console.log(`${DOSSIERS} dossiers, ${DOSSIERS * PAGES} pages; load ${loadavg()[0]?.toFixed(1)}`);
  report('before', quiet);
  await run('move', from, to);
  await run('merge', from, to);
} finally {
  await others.close();
  await bench.close();
  rmSync(folder, { recursive: true, force: true });
}
