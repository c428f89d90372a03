/**
 * Import without reading: pages a second, each durable, sealed, logged and catalogued before it is acknowledged.
 *
 *   node --import tsx bench/import.ts --pages 20000 --bytes 300000
 *   node --import tsx bench/import.ts --pages 1000000 --bytes 10000 --window 10000
 *   node --import tsx bench/import.ts --pages 20000 --bytes 300000 --flush-delay 2
 *
 * Prints the rate of each window and the ratio of the last window to the first: what growth costs, in one run.
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

const folder = mkdtempSync(join(values.folder, 'lantai-bench-import-'));
const config = readConfig({ LANTAI_DATA: join(folder, 'data'), LANTAI_KEYS: join(folder, 'keys'), LANTAI_READERS: '0' }, process.cwd());
await createArchive(config, { kind: 'trial', suite: 'intl', fonds: { code: 'Z999', name: 'bench' } });
const opened = await openArchive(config, { reads: false });
const archive = FLUSH_DELAY_MS
  ? {
      ...opened,
      blobs: await openDiskBlobStore(join(config.dataFolder, 'objects'), { fs: withFlushDelay(nodeFileSystem, FLUSH_DELAY_MS) }),
    }
  : opened;
const owner = await findTrialOwner(archive);
if (!owner) throw new Error('no owner');
const desk = await openDesk(archive, owner, 'archive_work');
const unitId = await findRootUnit(archive, desk);
const page = await makePage(BYTES);
const rates: number[] = [];
let done = 0;
let windowStartMs = performance.now();
let cpuStart = process.cpuUsage();
while (done < PAGES) {
  const count = Math.min(PER_DOSSIER, PAGES - done);
  const { dossierId } = await createDossier(archive, desk, {
    code: `B${done}`,
    unitId,
    scheme: 'cadre-2018',
    subject: { kind: 'person', name: '' },
  });
  const files: IncomingFile[] = Array.from({ length: count }, (_, i) => ({
    path: `${String(i).padStart(6, '0')}.jpg`,
    byteCount: page.length + 28,
    read: async () => numbered(page, done + i),
  }));
  const result = await importFiles(archive, desk, dossierId, files);
  if (result.pages !== count) throw new Error(`received ${result.pages} of ${count}`);
  done += count;
  if (done % WINDOW < count) {
    const ms = performance.now() - windowStartMs;
    const cpu = process.cpuUsage(cpuStart);
    const rate = (WINDOW / ms) * 1000;
    rates.push(rate);
    console.log(
      JSON.stringify({
        pages: done,
        pagesPerSecond: Math.round(rate),
        serverCpuMsPerPage: Number(((cpu.user + cpu.system) / 1000 / WINDOW).toFixed(2)),
      }),
    );
    windowStartMs = performance.now();
    cpuStart = process.cpuUsage();
  }
}
console.log(
  JSON.stringify({
    pages: PAGES,
    pageBytes: page.length,
    flushDelayMs: FLUSH_DELAY_MS,
    first: Math.round(rates[0] ?? 0),
    last: Math.round(rates.at(-1) ?? 0),
    lastToFirst: Number(((rates.at(-1) ?? 0) / (rates[0] ?? 1)).toFixed(2)),
  }),
);
await opened.close();
rmSync(folder, { recursive: true, force: true });
