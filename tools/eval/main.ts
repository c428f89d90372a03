// npm run eval -- --data DIR --predictions FILE [--direct | --marked] [--dossiers P1,P2] [--models FOLDER] [--search TRUTH] [--archive FOLDER]
// Reads a folder of dossier folders and writes predictions in the format that ../shared/samples/README.md describes.
// Without --direct the pages go through the product's own import into a throw-away archive; with it, straight through the reader.
// --marked reads, instead of each page, the marked copy that the product hands out of it (`page.copy`): what marks cost a reader.
// --search then asks that archive's search for the true names and identity numbers and prints the share it finds on their pages.
// --archive keeps the archive, or goes on with the one that lies there.
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { readThroughArchive, withArchive } from './archive.ts';
import { readDirect } from './direct.ts';
import { readMarked } from './marked.ts';
import type { PredictedDossier } from './prediction.ts';
import { measureSearch } from './search.ts';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..');
const { values } = parseArgs({
  options: {
    data: { type: 'string' },
    predictions: { type: 'string' },
    direct: { type: 'boolean', default: false },
    marked: { type: 'boolean', default: false },
    dossiers: { type: 'string' },
    search: { type: 'string' },
    archive: { type: 'string' },
    models: { type: 'string', default: join(root, 'dist/models') },
  },
});
if (!values.data || !values.predictions || ((values.direct || values.marked) && (values.search || values.archive))) {
  console.error(
    'usage: npm run eval -- --data DIR --predictions FILE [--dossiers P1,P2] [--direct | --marked | [--search TRUTH] [--archive FOLDER]]',
  );
  process.exit(2);
}
const data = resolve(values.data);
const predictions = resolve(values.predictions);
const wanted = values.dossiers?.split(',');
const dossiers = listDossiers(data).filter((d) => !wanted || wanted.includes(d.id));
if (values.marked) write(await readMarked(root, data, dossiers, values.models));
else if (values.direct) write(await readDirect(data, dossiers, values.models));
else
  await withArchive(root, values.archive ? resolve(values.archive) : null, async (archive, desk) => {
    const read = await readThroughArchive(archive, desk, data, dossiers);
    write(read);
    if (values.search) await measureSearch(desk, read, resolve(values.search));
  });

function write(read: readonly PredictedDossier[]): void {
  mkdirSync(dirname(predictions), { recursive: true });
  writeFileSync(predictions, JSON.stringify({ dossiers: read }));
}

/** The dossiers of DIR/dossiers.json, or every folder when there is none. Never reads a truth.json. */
function listDossiers(folder: string): { id: string; scheme: string | null }[] {
  const entries = readdirSync(folder, { withFileTypes: true });
  if (entries.some((e) => e.name === 'dossiers.json')) {
    return (JSON.parse(readFileSync(join(folder, 'dossiers.json'), 'utf8')) as { dossiers: { id: string; scheme: string }[] }).dossiers;
  }
  return entries
    .filter((e) => e.isDirectory())
    .map((e) => ({ id: e.name, scheme: null }))
    .sort((a, b) => (a.id < b.id ? -1 : 1));
}
