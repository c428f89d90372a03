/**
 * What it costs a stranger to check, without a server:
 *   node --import tsx bench/verify.ts [--materials 1000] [--pages 3] [--page-bytes 200000] [--entries 1000000]
 *
 * 1. a bundle of so many materials, a zip on disk, checked whole by `lantai verify` (bar: 1,000 materials in 5 s);
 * 2. a published log of so many entries, verified again from the first on by `lantai monitor` (bar: 1,000,000 in 60 s).
 * Prints one JSON line for each, and exits 1 when a bar is missed at its full size. Making the material is not timed.
 */
import { createWriteStream } from 'node:fs';
import { mkdir, mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { parseArgs } from 'node:util';
import { writeZip } from '@lantai/bundle';
import { makeSampleBundle } from '@lantai/bundle/testing';
import {
  createNoteSigner,
  EMPTY_EDGE,
  encodeEntry,
  formatTilePath,
  growEdge,
  rootOfEdge,
  signCheckpoint,
  type TreeEdge,
  treeHash,
} from '@lantai/log';
import { nodePrimitives as p, sm2PublicKey } from '@lantai/primitives-node';
import { findHex } from '@lantai/values';
import { checkBundleAt, visitLog } from '../apps/server/src/evidence/index.ts';

const { values } = parseArgs({
  options: {
    materials: { type: 'string', default: '1000' },
    pages: { type: 'string', default: '3' },
    'page-bytes': { type: 'string', default: '200000' },
    entries: { type: 'string', default: '1000000' },
  },
});
const [materialCount, pageCount, pageBytes, entryCount] = [values.materials, values.pages, values['page-bytes'], values.entries].map(
  Number,
) as [number, number, number, number];

const ORIGIN = 'log.example/bench';
const SM2_PRIVATE = new Uint8Array(32).fill(5);
const signers = [
  createNoteSigner(p, {
    name: ORIGIN,
    algorithm: 'ed25519',
    privateKey: findHex('9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60')!,
    publicKey: findHex('d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a')!,
  }),
  createNoteSigner(p, { name: ORIGIN, algorithm: 'sm2', privateKey: SM2_PRIVATE, publicKey: sm2PublicKey(SM2_PRIVATE)! }),
];
const logKeys = signers.map((s) => s.verifierKey);

/** Runs something and tells its wall and CPU time in seconds. */
async function timed<T>(work: () => Promise<T>): Promise<{ value: T; seconds: number; cpuSeconds: number }> {
  const [startMs, startCpu] = [performance.now(), process.cpuUsage()];
  const value = await work();
  const cpu = process.cpuUsage(startCpu);
  const round = (s: number) => Number(s.toPrecision(3));
  return { value, seconds: round((performance.now() - startMs) / 1000), cpuSeconds: round((cpu.user + cpu.system) / 1e6) };
}

/** Other bytes for each page, out of one noise: what a scan is to a digest. */
const noise = p.random(pageBytes + materialCount * pageCount);

async function measureBundle(folder: string): Promise<number> {
  const materials = Array.from({ length: materialCount }, (_, m) => ({
    code: `M-${m}`,
    pages: Array.from({ length: pageCount }, (_, k) => {
      const at = m * pageCount + k;
      return { path: `files/m${m}/p${k}.jpg`, bytes: noise.subarray(at, at + pageBytes) };
    }),
  }));
  const zip = join(folder, 'bundle.zip');
  const members = await makeSampleBundle(p, { origin: ORIGIN, signers, materials, others: [], looks: materialCount, strangers: 20_000 });
  await pipeline(Readable.from(writeZip(members)), createWriteStream(zip));
  const { size } = await stat(zip);
  const { value, ...took } = await timed(() => checkBundleAt(zip, logKeys));
  const isValid = value.kind === 'checked' && value.verdict.isValid;
  if (!isValid) throw new Error('the bundle does not hold');
  console.log(
    JSON.stringify({
      what: 'bundle',
      materials: materialCount,
      files: materialCount * pageCount,
      bytes: size,
      receipts: materialCount * (pageCount + 1),
      ...took,
      barSeconds: 5,
    }),
  );
  return took.seconds;
}

const BATCH = 25_600;

async function makeLog(folder: string): Promise<void> {
  const hash = treeHash(p);
  let edge: TreeEdge = EMPTY_EDGE;
  for (let from = 0; from < entryCount; from += BATCH) {
    const entries = Array.from({ length: Math.min(BATCH, entryCount - from) }, (_, i) => entryOf(from + i));
    const grown = growEdge(hash, edge, entries);
    edge = grown.edge;
    for (const { tile, bytes } of grown.tiles) {
      const place = join(folder, formatTilePath(tile));
      await mkdir(dirname(place), { recursive: true });
      await writeFile(place, bytes);
    }
  }
  await writeFile(join(folder, 'checkpoint'), signCheckpoint({ origin: ORIGIN, size: entryCount, root: rootOfEdge(hash, edge) }, signers));
}

/** An entry as a look leaves it. */
function entryOf(i: number): Uint8Array {
  const id = (kind: string) => `0190b2c4-7d1a-7000-${kind}-${i.toString(16).padStart(12, '0')}`;
  return encodeEntry({
    id: id('8000'),
    atMs: 1_763_769_600_000 + i,
    kind: 'page.viewed',
    actor: '0190b2c4-7d1a-7000-8000-0000000000aa',
    object: id('9000'),
    dossier: '0190b2c4-7d1a-7000-8000-0000000000dd',
    params: { purpose: 'archive_work' },
  });
}

async function measureLog(folder: string): Promise<number> {
  const place = join(folder, 'log');
  await mkdir(place);
  await makeLog(place);
  const { value, ...took } = await timed(() => visitLog({ place, memoryFile: join(folder, 'memory.json'), logKeys, nowMs: Date.now() }));
  if (value.kind !== 'proved' || value.size !== entryCount) throw new Error(`the log does not hold: ${value.kind}`);
  console.log(JSON.stringify({ what: 'log', entries: entryCount, ...took, barSeconds: 60 }));
  return took.seconds;
}

const folder = await mkdtemp(join(tmpdir(), 'lantai-bench-verify-'));
try {
  const bundleSeconds = await measureBundle(folder);
  const logSeconds = await measureLog(folder);
  if ((materialCount >= 1000 && bundleSeconds > 5) || (entryCount >= 1_000_000 && logSeconds > 60)) process.exitCode = 1;
} finally {
  await rm(folder, { recursive: true, force: true });
}
