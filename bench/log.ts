/**
 * The log under load, end to end on the real embedded PostgreSQL:
 *   node --import tsx bench/log.ts --entries 1000000 [--writers 32] [--seconds 15]
 *
 * 1. writers, each act a transaction of its own, with a sequencer and without, turn about: acknowledged (durable) and integrated entries
 *    a second, and the ratio;
 * 2. the log filled up to --entries by bulk transactions: integrated entries a second;
 * 3. receipts and consistency proofs at that size, made and checked: median, p99 and worst;
 * 4. a walk of `checkLog` over all.
 * Prints one JSON line for each, and exits 1 when a bar of issue 2 is missed (2,000 entries a second; 5 ms a proof at p99).
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { compareCheckpoints, findNoteVerifier, openCheckpoint, treeHash, verifyReceipt } from '@lantai/log';
import { nodePrimitives as p } from '@lantai/primitives-node';
import { type Db, migrate, openDb, startDatabase } from '../apps/server/src/db/index.ts';
import { checkLog, openLogReader, type Sequencer, startSequencer } from '../apps/server/src/sequencer/index.ts';
import { insertEntries, makeSigner, ORIGIN } from '../apps/server/src/sequencer/testing/log-fixture.ts';

const { values } = parseArgs({
  options: {
    entries: { type: 'string', default: '100000' },
    writers: { type: 'string', default: '32' },
    seconds: { type: 'string', default: '15' },
    proofs: { type: 'string', default: '2000' },
  },
});
const [entryCount, writerCount, seconds, proofCount] = [values.entries, values.writers, values.seconds, values.proofs].map(Number) as [
  number,
  number,
  number,
  number,
];

const print = (what: string, figures: Record<string, number>) => {
  const rounded = Object.entries(figures).map(([name, n]) => [name, n >= 100 ? Math.round(n) : Number(n.toPrecision(3))]);
  console.log(JSON.stringify({ what, ...Object.fromEntries(rounded) }));
};

/** Rounds of writing with and without a sequencer, turn about, so that a busy machine disturbs both alike. */
const ROUNDS = 4;

/** Writers that each insert one entry a transaction until the time is over. */
async function write(db: Db): Promise<{ count: number; tookMs: number }> {
  const startMs = performance.now();
  let count = 0;
  const writer = async () => {
    while (performance.now() - startMs < (seconds * 1000) / ROUNDS) {
      await db.tx((tx) => insertEntries(tx, 1));
      count++;
    }
  };
  await Promise.all(Array.from({ length: writerCount }, writer));
  return { count, tookMs: performance.now() - startMs };
}

/** @returns the lower of the rates at which entries were acknowledged and integrated, a second */
async function measureActs(db: Db, start: () => Sequencer): Promise<number> {
  const sums = { base: 0, baseMs: 0, acknowledged: 0, acknowledgedMs: 0, integratedMs: 0 };
  for (let round = 0; round < ROUNDS; round++) {
    const base = await write(db);
    const sequencer = start();
    await sequencer.drain();
    const startMs = performance.now();
    const acts = await write(db);
    await sequencer.drain();
    sums.base += base.count;
    sums.baseMs += base.tookMs;
    sums.acknowledged += acts.count;
    sums.acknowledgedMs += acts.tookMs;
    sums.integratedMs += performance.now() - startMs;
    await sequencer.stop();
  }
  const without = (sums.base / sums.baseMs) * 1000;
  const acknowledged = (sums.acknowledged / sums.acknowledgedMs) * 1000;
  const integrated = (sums.acknowledged / sums.integratedMs) * 1000;
  print('acts', {
    writers: writerCount,
    acknowledgedPerSecond: acknowledged,
    integratedPerSecond: integrated,
    withoutSequencerPerSecond: without,
    withSequencerToWithout: acknowledged / without,
  });
  return Math.min(acknowledged, integrated);
}

function spread(samplesMs: number[]): Record<string, number> {
  const sorted = [...samplesMs].sort((a, b) => a - b);
  const at = (q: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * q))]!;
  return { medianMs: at(0.5), p99Ms: at(0.99), worstMs: at(1) };
}

async function measure(db: Db, folder: string): Promise<boolean> {
  const signer = makeSigner();
  const faults: unknown[] = [];
  const start = () => startSequencer({ db, folder, signer, origin: ORIGIN, onFault: (error) => void faults.push(error) });
  const rate = await measureActs(db, start);
  const sequencer = start();
  const size = await sequencer.drain();

  const missing = Math.max(0, entryCount - size);
  const fillMs = performance.now();
  for (let done = 0; done < missing; done += 5000) await db.tx((tx) => insertEntries(tx, Math.min(5000, missing - done)));
  const total = await sequencer.drain();
  if (missing) print('filled', { entries: total, integratedPerSecond: missing / ((performance.now() - fillMs) / 1000) });

  const worstP99Ms = await measureProofs(db, folder, total, signer.verifierKey);
  const walkMs = performance.now();
  const report = await checkLog(db, folder, { origin: ORIGIN, logKeys: [signer.verifierKey] });
  const errors = report.findings.filter((f) => f.severity !== 'info').length;
  print('walk', { entries: report.placedCount, errors, perSecond: report.placedCount / ((performance.now() - walkMs) / 1000) });
  await sequencer.stop();
  for (const fault of faults) console.error(fault);
  return faults.length === 0 && errors === 0 && rate >= 2000 && worstP99Ms <= 5;
}

/** @returns the worse p99 of the two kinds of proof, in milliseconds */
async function measureProofs(db: Db, folder: string, total: number, logKey: string): Promise<number> {
  const reader = openLogReader(folder);
  const verifiers = [findNoteVerifier(p, logKey)!];
  const positions = Array.from({ length: proofCount }, () => Math.floor(Math.random() * total));
  const ids = await db.query<{ id: string }>('select id from entry where position = any($1)', [positions]);
  const checkpoints = await db.query<{ size: number; note: string }>('select size, note from checkpoint order by random() limit $1', [
    proofCount,
  ]);
  const open = (note: string) => {
    const opened = openCheckpoint(note, verifiers);
    if (opened.kind === 'refused') throw new Error(opened.fault);
    return opened.checkpoint;
  };
  let worst = 0;
  // The first time tiles come from the disk, the second time from memory.
  for (const round of ['cold', 'warm']) {
    const receiptMs: number[] = [];
    for (const { id } of ids) {
      const startMs = performance.now();
      const made = await reader.makeReceipt(db, id);
      const verdict = made.kind !== 'receipt' ? null : verifyReceipt(p, { receiptText: made.text, logKeys: [logKey] });
      receiptMs.push(performance.now() - startMs);
      if (!verdict?.isValid) throw new Error('a receipt does not hold');
    }
    const consistencyMs: number[] = [];
    for (const { size, note } of checkpoints) {
      const startMs = performance.now();
      const proof = await reader.proveConsistency(db, size);
      const succession = compareCheckpoints(treeHash(p), open(note), open(proof!.checkpointNote), proof!.proof);
      consistencyMs.push(performance.now() - startMs);
      if (succession !== 'extended' && succession !== 'same') throw new Error(succession);
    }
    print(`receipts made and checked, ${round}`, { among: total, count: ids.length, ...spread(receiptMs) });
    print(`consistency made and checked, ${round}`, { among: total, count: checkpoints.length, ...spread(consistencyMs) });
    worst = Math.max(worst, spread(receiptMs).p99Ms!, spread(consistencyMs).p99Ms!);
  }
  return worst;
}

const dataFolder = await mkdtemp(join(tmpdir(), 'lantai-bench-log-'));
const database = await startDatabase({ dataFolder });
try {
  const owner = openDb(database.ownerConnection, { poolMax: 1 });
  await migrate(owner);
  await owner.close();
  const db = openDb(database.connection, { poolMax: writerCount + 4 });
  console.log(JSON.stringify({ what: 'machine', cpus: cpus().length, model: cpus()[0]?.model, node: process.version }));
  const isFast = await measure(db, join(dataFolder, 'log'));
  await db.close();
  process.exitCode = isFast ? 0 : 1;
} finally {
  await database.stop();
  await rm(dataFolder, { recursive: true });
}
