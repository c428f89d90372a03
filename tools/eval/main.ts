// npm run eval -- --data DIR --predictions FILE [--direct] [--dossiers P1,P2] [--models FOLDER]
// Reads a folder of dossier folders and writes predictions in the format that ../shared/samples/README.md describes.
// Without --direct the pages go through the product's own import into a throw-away archive; with it, straight through the reader.
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { readThroughArchive } from './archive.ts';
import { readDirect } from './direct.ts';
import type { Prediction } from './prediction.ts';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..');
const { values } = parseArgs({
  options: {
    data: { type: 'string' },
    predictions: { type: 'string' },
    direct: { type: 'boolean', default: false },
    dossiers: { type: 'string' },
    models: { type: 'string', default: join(root, 'dist/models') },
  },
});
if (!values.data || !values.predictions) {
  console.error('usage: npm run eval -- --data DIR --predictions FILE [--direct] [--dossiers P1,P2]');
  process.exit(2);
}
const data = resolve(values.data);
const wanted = values.dossiers?.split(',');
const dossiers = listDossiers(data).filter((d) => !wanted || wanted.includes(d.id));
const read = values.direct ? readDirect(data, dossiers, values.models) : readThroughArchive(root, data, dossiers);
const result: Prediction = { dossiers: await read };
mkdirSync(dirname(resolve(values.predictions)), { recursive: true });
writeFileSync(values.predictions, JSON.stringify(result));

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
