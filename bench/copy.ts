/**
 * What a dual-layer copy of a whole dossier costs, and how much memory it holds:
 *
 *   node --import tsx bench/copy.ts [--pages 300] [--data DIR] [--form pdf-a-1b|pdf-a-2b|ofd]
 *
 * Pages are real scans without a reading (the text layer costs a thousandth of the picture). Nobody writes the bytes anywhere: they are counted and
 * dropped, as a network would take them. Memory is that of the server's process, its threads included. Linux only. Build first: `node tools/build.mjs`.
 */
import { loadavg } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { type CopyInput, copyDossier, importFiles, PageImages } from '@lantai/server';
import { pageFiles, ROOT, readScans, serveNewArchive } from './served-archive.ts';

const { values } = parseArgs({
  options: {
    pages: { type: 'string', default: '300' },
    data: { type: 'string', default: join(ROOT, 'samples') },
    form: { type: 'string', default: 'pdf-a-1b' },
  },
});
const PAGES = Number(values.pages);
const scans = readScans(values.data);
const { web, desk, makeDossier, close } = await serveNewArchive();
try {
  const { archive } = web;
  const dossierId = await makeDossier('B1');
  await importFiles(
    archive,
    desk,
    dossierId,
    pageFiles(scans, PAGES, (page) => `${String(page).padStart(3, '0')}.jpg`),
  );

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
  await close();
}
