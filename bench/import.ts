/**
 * Import without reading: pages a second, each durable, sealed, logged and catalogued before it is acknowledged.
 *
 *   node --import tsx bench/import.ts --pages 20000 --bytes 300000
 *   node --import tsx bench/import.ts --pages 1000000 --bytes 10000 --window 10000
 *   node --import tsx bench/import.ts --pages 20000 --bytes 300000 --flush-delay 2
 *
 * Prints the rate of each window, and at the end the full archive against a new one, in turns: what growth costs, in one run.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { nodeFileSystem, openDiskBlobStore, withFlushDelay } from '@lantai/disk';
import {
  createArchive,
  createDossier,
  findRootUnit,
  findTrialOwner,
  type IncomingFile,
  importFiles,
  openArchive,
  openDesk,
  readConfig,
} from '@lantai/server';
import sharp from 'sharp';

const { values } = parseArgs({
  options: {
    pages: { type: 'string', default: '2000' },
    bytes: { type: 'string', default: '300000' },
    window: { type: 'string', default: '1000' },
    'per-dossier': { type: 'string', default: '200' },
    'flush-delay': { type: 'string', default: '0' },
    folder: { type: 'string', default: tmpdir() },
  },
});
const PAGES = Number(values.pages);
const BYTES = Number(values.bytes);
const WINDOW = Number(values.window);
const PER_DOSSIER = Number(values['per-dossier']);
const FLUSH_DELAY_MS = Number(values['flush-delay']);
/** Turns of the full and of a new archive at the end, a window in all for each. */
const ROUNDS = 5;

/** A real JPEG of about so many bytes; each page differs by a comment segment, so none is a duplicate. */
async function makePage(bytes: number): Promise<Buffer> {
  const side = Math.round(Math.sqrt(bytes / 0.35));
  const noise = Buffer.alloc(side * side * 3);
  for (let i = 0, s = 7; i < noise.length; i++) {
    s = (Math.imul(s, 1664525) + 1013904223) >>> 0;
    noise[i] = 200 + ((s >>> 24) % 56);
  }
  for (let quality = 92; quality > 5; quality -= 6) {
    const out = await sharp(noise, { raw: { width: side, height: side, channels: 3 } })
      .jpeg({ quality })
      .toBuffer();
    if (out.length <= bytes * 1.1) return out;
  }
  throw new Error('no such page');
}

/** The page with a comment of its own after its first marker. */
function numbered(page: Buffer, n: number): Buffer {
  const text = Buffer.from(`page ${n}`.padEnd(24));
  return Buffer.concat([page.subarray(0, 2), Buffer.from([0xff, 0xfe, 0, text.length + 2]), text, page.subarray(2)]);
}

/** An archive of its own on disk, with a place to import into. */
async function openBench() {
  const folder = mkdtempSync(join(values.folder, 'lantai-bench-import-'));
  const config = readConfig({ LANTAI_DATA: join(folder, 'data'), LANTAI_KEYS: join(folder, 'keys'), LANTAI_READERS: '0' }, process.cwd());
  await createArchive(config, { kind: 'trial', suite: 'intl', fonds: { code: 'Z999', name: 'bench' } });
  const opened = await openArchive(config, { reads: false });
  const objects = join(config.dataFolder, 'objects');
  const slow = FLUSH_DELAY_MS && { blobs: await openDiskBlobStore(objects, { fs: withFlushDelay(nodeFileSystem, FLUSH_DELAY_MS) }) };
  const archive = slow ? { ...opened, ...slow } : opened;
  const owner = await findTrialOwner(archive);
  if (!owner) throw new Error('no owner');
  const desk = await openDesk(archive, owner, 'archive_work');
  const unitId = await findRootUnit(archive, desk);
  let done = 0;
  /** Imports so many pages more. Pages a second, and CPU of this process for each. */
  const fill = async (pages: number) => {
    const [startMs, cpuStart] = [performance.now(), process.cpuUsage()];
    for (const end = done + pages; done < end; ) {
      const count = Math.min(PER_DOSSIER, end - done);
      const { dossierId } = await createDossier(archive, desk, {
        code: `B${done}`,
        unitId,
        scheme: 'cadre-2018',
        subject: { kind: 'person', name: '' },
      });
      const from = done;
      const files: IncomingFile[] = Array.from({ length: count }, (_, i) => ({
        path: `${String(i).padStart(6, '0')}.jpg`,
        byteCount: page.length + 28,
        read: async () => numbered(page, from + i),
      }));
      const result = await importFiles(archive, desk, dossierId, files);
      if (result.pages !== count) throw new Error(`received ${result.pages} of ${count}`);
      done += count;
    }
    const { user, system } = process.cpuUsage(cpuStart);
    return { pagesPerSecond: (pages / (performance.now() - startMs)) * 1000, serverCpuMsPerPage: (user + system) / 1000 / pages };
  };
  const close = async () => {
    await opened.close();
    rmSync(folder, { recursive: true, force: true });
  };
  return { fill, close };
}

const page = await makePage(BYTES);
const bench = await openBench();
const rates: number[] = [];
for (let done = 0; done < PAGES; ) {
  const { pagesPerSecond, serverCpuMsPerPage } = await bench.fill(Math.min(WINDOW, PAGES - done));
  done += Math.min(WINDOW, PAGES - done);
  rates.push(pagesPerSecond);
  console.log(
    JSON.stringify({ pages: done, pagesPerSecond: Math.round(pagesPerSecond), serverCpuMsPerPage: Number(serverCpuMsPerPage.toFixed(2)) }),
  );
}
// The machine of the first window is not that of the last: others work on it too. A new archive beside the full one, in turns, tells growth from noise.
const fresh = await openBench();
const pairs: { full: number; fresh: number }[] = [];
for (let round = 0; round < ROUNDS; round++) {
  const turn = WINDOW / ROUNDS;
  pairs.push({ fresh: (await fresh.fill(turn)).pagesPerSecond, full: (await bench.fill(turn)).pagesPerSecond });
}
const sum = (pick: (pair: (typeof pairs)[number]) => number) => pairs.reduce((n, pair) => n + 1 / pick(pair), 0);
console.log(
  JSON.stringify({
    pages: PAGES,
    pageBytes: page.length,
    flushDelayMs: FLUSH_DELAY_MS,
    first: Math.round(rates[0] ?? 0),
    last: Math.round(rates.at(-1) ?? 0),
    lastToFirst: Number(((rates.at(-1) ?? 0) / (rates[0] ?? 1)).toFixed(2)),
    fullToFresh: Number((sum((p) => p.fresh) / sum((p) => p.full)).toFixed(2)),
    pairs: pairs.map((p) => `${Math.round(p.full)}:${Math.round(p.fresh)}`),
  }),
);
await fresh.close();
await bench.close();
