/**
 * What a dual-layer copy of a whole dossier costs, and how much memory it holds:
 *
 *   node --import tsx bench/copy.ts [--pages 300] [--data DIR] [--form pdf-a-1b|pdf-a-2b|ofd]
 *
 * Pages are real scans without a reading (the text layer costs a thousandth of the picture). Nobody writes the bytes anywhere: they are counted and
 * dropped, as a network would take them. Memory is that of the server's process, its threads included. Linux only. Build first: `node tools/build.mjs`.
 */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import {
  type CopyInput,
  copyDossier,
  createArchive,
  createDossier,
  findRootUnit,
  findTrialOwner,
  type IncomingFile,
  importFiles,
  openDesk,
  PageImages,
  readConfig,
  serve,
} from '@lantai/server';

const ROOT = resolve(import.meta.dirname, '..');
const { values } = parseArgs({
  options: {
    pages: { type: 'string', default: '300' },
    data: { type: 'string', default: join(ROOT, 'samples') },
    form: { type: 'string', default: 'pdf-a-1b' },
  },
});
const PAGES = Number(values.pages);
const scans = readdirSync(values.data, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.jpg'))
  .sort()
  .map((file) => readFileSync(join(values.data, file)));
if (!scans.length) throw new Error(`${values.data} holds no .jpg`);

/** The scan with a comment segment of its own: no two pages have the same bytes. */
function numbered(scan: Buffer, n: number): Buffer {
  const text = Buffer.from(`page ${n}`.padEnd(24));
  return Buffer.concat([scan.subarray(0, 2), Buffer.from([0xff, 0xfe, 0, text.length + 2]), text, scan.subarray(2)]);
}

const folder = mkdtempSync(join(tmpdir(), 'lantai-bench-copy-'));
const config = readConfig(
  {
    LANTAI_DATA: join(folder, 'data'),
    LANTAI_KEYS: join(folder, 'keys'),
    LANTAI_READERS: '0',
    LANTAI_PORT: '0',
    LANTAI_PROGRAM: join(ROOT, 'dist'),
  },
  folder,
);
await createArchive(config, { kind: 'trial', suite: 'intl', fonds: { code: 'Z999', name: 'bench' } });
const web = await serve(config);
try {
  const { archive } = web;
  const owner = await findTrialOwner(archive);
  if (!owner) throw new Error('no owner');
  const desk = await openDesk(archive, owner, 'archive_work');
  const unitId = await findRootUnit(archive, desk);
  const { dossierId } = await createDossier(archive, desk, {
    code: 'B1',
    unitId,
    scheme: 'cadre-2018',
    subject: { kind: 'person', name: '卞量' },
  });
  const files: IncomingFile[] = Array.from({ length: PAGES }, (_, i) => {
    const bytes = numbered(scans[i % scans.length]!, i);
    return { path: `${String(i).padStart(3, '0')}.jpg`, byteCount: bytes.length, read: async () => bytes };
  });
  await importFiles(archive, desk, dossierId, files);

  const input: CopyInput = {
    dossierId,
    materialIds: null,
    form: values.form as CopyInput['form'],
    showsSensitive: false,
    reason: 'bench',
    name: 'bench',
    language: 'zh',
  };
  const mb = (bytes: number) => Math.round(bytes / 1_048_576);
  const before = process.memoryUsage.rss();
  const [cpu, start] = [process.cpuUsage(), performance.now()];
  const copy = await copyDossier(archive, desk, new PageImages(archive), input);
  let [bytes, highest, firstMs] = [0, before, 0];
  for await (const part of copy.bytes()) {
    firstMs ||= performance.now() - start;
    bytes += part.length;
    highest = Math.max(highest, process.memoryUsage.rss());
  }
  const { user, system } = process.cpuUsage(cpu);
  console.log(
    JSON.stringify({
      form: values.form,
      pages: copy.pages,
      fileMb: mb(bytes),
      seconds: Math.round(performance.now() - start) / 1000,
      firstByteMs: Math.round(firstMs),
      cpuMsPage: Math.round((user + system) / 1000 / copy.pages),
      rssBeforeMb: mb(before),
      rssHighestMb: mb(highest),
      load: loadavg()[0],
    }),
  );
} finally {
  await web.close();
  rmSync(folder, { recursive: true, force: true });
}
