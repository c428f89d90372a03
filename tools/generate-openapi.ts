/**
 * Writes contract/openapi.json out of the routes of a running server, so that what is published is what is served.
 * `npm run generate` runs it and makes the client's types from it; a test fails when the committed document differs.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createArchive, readConfig, serve } from '@lantai/server';

const root = resolve(import.meta.dirname, '..');
const folder = mkdtempSync(join(tmpdir(), 'lantai-openapi-'));
const config = readConfig(
  {
    LANTAI_DATA: join(folder, 'data'),
    LANTAI_KEYS: join(folder, 'keys'),
    LANTAI_PORT: '0',
    LANTAI_READERS: '0',
    LANTAI_PROGRAM: join(root, 'dist'),
  },
  folder,
);
await createArchive(config, { kind: 'trial', suite: 'intl', fonds: { code: 'Z999', name: '' } });
const web = await serve(config);
const document: unknown = await (await fetch(`${web.url}/openapi.json`)).json();
writeFileSync(join(root, 'contract', 'openapi.json'), `${JSON.stringify(document, null, 2)}\n`);
await web.close();
rmSync(folder, { recursive: true, force: true });
