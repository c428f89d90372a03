/**
 * The log under load, end to end on the real embedded PostgreSQL:
 *   node --import tsx bench/log.ts --entries 1000000 [--writers 32] [--seconds 15]
 *
 * 1. writers, each act a transaction of its own: acknowledged (durable) and integrated entries a second;
 * 2. the same transactions without a sequencer, and the ratio;
 * 3. the log filled up to --entries by bulk transactions: integrated entries a second;
 * 4. receipts and consistency proofs at that size, made and checked: median, p99 and worst;
 * 5. a walk of `checkLog` over all.
 * Prints one JSON line for each, and exits 1 when a bar of issue 2 is missed (2,000 entries a second; 5 ms a proof at p99).
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { compareCheckpoints, findNoteVerifier, openCheckpoint, treeHash, verifyReceipt } from '@lantai/log';
import { nodePrimitives as p } from '@lantai/primitives-node';
import { type Db, migrate, openDb, startDatabase } from '../apps/server/src/db/index.ts';
import { checkLog, openLogReader, startSequencer } from '../apps/server/src/sequencer/index.ts';
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

/** Writers that each insert one entry a transaction until the time is over. @returns entries acknowledged a second */
async function write(db: Db): Promise<number> {
  const startMs = performance.now();
  let count = 0;
  const writer = async () => {
    while (performance.now() - startMs < seconds * 1000) {
      await db.tx((tx) => insertEntries(tx, 1));
      count++;
    }
  };
  await Promise.all(Array.from({ length: writerCount }, writer));
  return count / ((performance.now() - startMs) / 1000);
}

function spread(samplesMs: number[]): Record<string, number> {
  const sorted = [...samplesMs].sort((a, b) => a - b);
  const at = (q: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * q))]!;
  return { medianMs: at(0.5), p99Ms: at(0.99), worstMs: at(1) };
}

async function measure(db: Db, folder: string): Promise<boolean> {
  const signer = makeSigner();
  const baseRate = await write(db);
  const faults: unknown[] = [];
  const sequencer = startSequencer({ db, folder, signer, origin: ORIGIN, onFault: (error) => void faults.push(error) });
  await sequencer.drain();
  const sizeBefore = sequencer.status.size;
  const startMs = performance.now();
  const ackRate = await write(db);
  const size = await sequencer.drain();
  const integratedRate = (size - sizeBefore) / ((performance.now() - startMs) / 1000);
  print('acts', {
    writers: writerCount,
    acknowledgedPerSecond: ackRate,
    integratedPerSecond: integratedRate,
    withoutSequencerPerSecond: baseRate,
  });
  print('acts, ratios', { withSequencerToWithout: ackRate / baseRate, integratedToAcknowledged: integratedRate / ackRate });

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
  return faults.length === 0 && errors === 0 && Math.min(ackRate, integratedRate) >= 2000 && worstP99Ms <= 5;
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
      const verdict = made.kind === 'receipt' && verifyReceipt(p, { receiptText: made.text, logKeys: [logKey] });
      receiptMs.push(performance.now() - startMs);
      if (!verdict || !verdict.isValid) throw new Error('a receipt does not hold');
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
