import { createHash } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findTrialOwner } from '../access/index.ts';
import { openArchive } from '../app.ts';
import { createDossier, findRootUnit } from '../catalogue/index.ts';
import { readConfig } from '../config.ts';
import { openDesk } from '../desk/index.ts';
import { importFiles } from '../ingest/index.ts';
import { createArchive } from '../setup/index.ts';
import { makeSmallPng } from '../testing/small-png.ts';
import { makeBackup } from './backup.ts';
import { BACKUP_TABLES, type BackupManifest } from './backup-format.ts';
import { checkArchive } from './fsck.ts';
import { restoreBackup } from './restore.ts';

const SLOW_MS = 300_000;
let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lantai-older-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const configOf = (name: string) =>
  readConfig({ LANTAI_DATA: join(folder, name), LANTAI_KEYS: join(folder, `${name}-keys`), LANTAI_READERS: '0' }, folder);

/** Changes a manifest as the backup's maker would have written it. */
async function rewrite(backup: string, change: (manifest: BackupManifest) => object): Promise<void> {
  const file = join(backup, 'manifest.json');
  await writeFile(file, JSON.stringify(change(JSON.parse(await readFile(file, 'utf8')) as BackupManifest)));
}

/** Columns that came after version 7 of the schema. */
const LATER_COLUMNS: Readonly<Record<string, readonly string[]>> = {
  source_file: ['params', 'signatures'],
  import: ['separated', 'of_import', 'link_id'],
  page: ['flat_recipe'],
  dossier: ['facts'],
};
const VERSION = 7;
/** Makes of a backup one that a program of schema version 7 would have written. */
async function age(backup: string): Promise<void> {
  const tables = await tablesOfVersion(VERSION);
  const digests: Record<string, string> = {};
  for (const [table, columns] of Object.entries(LATER_COLUMNS)) {
    const file = join(backup, 'tables', `${table}.jsonl.gz`);
    const rows = gunzipSync(await readFile(file))
      .toString()
      .split('\n')
      .filter(Boolean);
    const aged = rows.map((row) =>
      JSON.stringify(Object.fromEntries(Object.entries(JSON.parse(row)).filter(([c]) => !columns.includes(c)))),
    );
    const bytes = gzipSync(`${aged.join('\n')}\n`);
    await writeFile(file, bytes);
    digests[table] = createHash('sha256').update(bytes).digest('hex');
  }
  await rewrite(backup, (manifest) => ({
    ...manifest,
    schemaVersion: VERSION,
    tables: Object.fromEntries(
      Object.entries(manifest.tables).flatMap(([table, t]) =>
        tables.includes(table) ? [[table, { ...t, sha256: digests[table] ?? t.sha256 }]] : [],
      ),
    ),
  }));
}

describe('a backup that an earlier version of the program wrote', () => {
  it(
    'is restored, its rows brought to the schema of today',
    async () => {
      const [config, backup, keyFile] = [configOf('then'), join(folder, 'backup'), join(folder, 'keys.lks')];
      await createArchive(config, { kind: 'trial', suite: 'intl', fonds: { code: 'Z999', name: '试验全宗' } });
      const archive = await openArchive(config, { reads: false });
      try {
        const desk = await openDesk(archive, (await findTrialOwner(archive))!, 'archive_work');
        const unitId = await findRootUnit(archive, desk);
        const subject = { kind: 'person', name: '赵一鸣' } as const;
        const { dossierId } = await createDossier(archive, desk, { code: 'P1', unitId, scheme: 'cadre-2018', subject });
        const bytes = makeSmallPng(1);
        await importFiles(archive, desk, dossierId, [{ path: '1.png', byteCount: bytes.length, read: async () => bytes }]);
        await archive.sequencer?.drain();
        await makeBackup(archive, backup, { keyFile });
      } finally {
        await archive.close();
      }
      await age(backup);
      const rootKey = { file: join(config.keyFolder, 'root.key') };
      const now = configOf('now');
      await restoreBackup(now, backup, { keyFile, rootKey });
      const restored = await openArchive(now, { reads: false });
      try {
        expect(await restored.db.system('test').query('select page_count, params from source_file')).toEqual([
          { page_count: 1, params: {} },
        ]);
        expect(await restored.db.system('test').query('select facts from dossier')).toEqual([{ facts: null }]);
        await restored.sequencer?.drain();
        // The entries are today's and speak of lines that the earlier version did not keep; of everything else nothing is amiss.
        const byDesign = new Set(['fsck/change-altered', 'fsck/object-unlogged']);
        const { findings } = await checkArchive(restored);
        expect(findings.filter((f) => f.kind !== 'left_over' && !byDesign.has(f.code))).toEqual([]);
      } finally {
        await restored.close();
      }
      await rewrite(backup, (manifest) => ({ ...manifest, schemaVersion: 9999 }));
      await expect(restoreBackup(configOf('newer'), backup, { keyFile, rootKey })).rejects.toMatchObject({ code: 'restore/newer-backup' });
      await rewrite(backup, (manifest) => {
        const { page: _, ...rest } = manifest.tables;
        return { ...manifest, schemaVersion: VERSION, tables: rest };
      });
      await expect(restoreBackup(configOf('short'), backup, { keyFile, rootKey })).rejects.toMatchObject({
        code: 'restore/backup-damaged',
      });
    },
    SLOW_MS,
  );
});

/** Tables of a backup that the first migrations make. */
async function tablesOfVersion(version: number): Promise<string[]> {
  const migrations = join(import.meta.dirname, '../db/migrations');
  const names = (await readdir(migrations)).filter((name) => Number(name.slice(0, 4)) <= version);
  const texts = await Promise.all(names.map((name) => readFile(join(migrations, name), 'utf8')));
  return BACKUP_TABLES.filter((table) => texts.some((text) => new RegExp(`create table ${table}\\b`, 'i').test(text)));
}
