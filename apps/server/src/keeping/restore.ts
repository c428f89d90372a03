import { createHash } from 'node:crypto';
import { createReadStream, existsSync } from 'node:fs';
import { copyFile, cp, mkdir, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { createGunzip } from 'node:zlib';
import { openDiskBlobStore } from '@lantai/disk';
import { ArchiveError, findHex } from '@lantai/values';
import { LOG_KEY_FILE, markRestored, restoreKeys } from '../archive/index.ts';
import type { Config } from '../config.ts';
import { type Db, migrate, openDb, readSchemaVersion, startDatabase, type Tx } from '../db/index.ts';
import { migrateDatabase } from '../setup/index.ts';
import { BACKUP_TABLES, type BackupManifest, MANIFEST, OWN_LINKS, OWN_PARENTS, tableFile } from './backup-format.ts';

export interface RestoreOptions {
  /** The key file that the backup wrote apart. */
  readonly keyFile: string;
  /** The root key: its file, or the recovery kit as typed. */
  readonly rootKey: { readonly file: string } | { readonly kit: string };
  /** A copy of the log as it was published, if one survived: a restore behind it is an alarm, never a silently shorter log. */
  readonly publishedLog?: string | null;
  readonly onProgress?: (step: string, done: number, total: number) => void;
}

const ROWS_AT_ONCE = 200;
const OBJECTS_AT_ONCE = 64;

/**
 * Puts a backup into an empty data folder and an empty key folder. Counts, digests and the log's root are compared with the manifest.
 * The search index is made anew when the archive is first opened (`reindexArchive`); what was destroyed after the backup, as log and key store
 * know it, is destroyed again then (`repeatDestructions`).
 * CRASH: the folder is not an archive until `archive.json` is there, which is copied last; empty it and restore again.
 * @throws ArchiveError `restore/folder-not-empty`, `restore/no-backup`, `restore/newer-backup` (caller),
 * `restore/backup-damaged` (corruption), naming the file
 */
export async function restoreBackup(config: Config, folder: string, options: RestoreOptions): Promise<BackupManifest> {
  const manifest = await readManifest(folder);
  await refuseFullFolder(config.dataFolder);
  await checkFiles(folder, manifest);
  await mkdir(config.dataFolder, { recursive: true, mode: 0o711 });
  await restoreKeys(config, await readFile(options.keyFile), options.rootKey);
  await restoreObjects(config, folder, manifest, options);
  const database = await startDatabase(config);
  try {
    const owner = openDb(database.ownerConnection, { poolMax: 1 });
    try {
      // Under the schema that the rows were written under; what came since is then done to them as to any archive of that age.
      await migrate(owner, undefined, manifest.schemaVersion);
      if ((await readSchemaVersion(owner)) < manifest.schemaVersion) throw new ArchiveError('restore/newer-backup', 'caller');
      await loadTables(owner, folder, manifest, options);
    } finally {
      await owner.close();
    }
    await migrateDatabase(database);
  } finally {
    await database.stop();
  }
  // Tiles are made anew from the entries; a surviving copy goes in its place, so that the sequencer compares with what the world has seen.
  if (options.publishedLog) await cp(options.publishedLog, join(config.dataFolder, 'log'), { recursive: true });
  markRestored(config, Date.now());
  await copyFile(join(folder, LOG_KEY_FILE), join(config.dataFolder, LOG_KEY_FILE));
  await copyFile(join(folder, 'archive.json'), join(config.dataFolder, 'archive.json'));
  return manifest;
}

async function readManifest(folder: string): Promise<BackupManifest> {
  if (!existsSync(join(folder, MANIFEST))) throw new ArchiveError('restore/no-backup', 'caller');
  const manifest = JSON.parse(await readFile(join(folder, MANIFEST), 'utf8')) as BackupManifest;
  if (manifest.format !== 'lantai-backup-1') throw new ArchiveError('restore/newer-backup', 'caller');
  return manifest;
}

async function refuseFullFolder(dataFolder: string): Promise<void> {
  const names = existsSync(dataFolder) ? await readdir(dataFolder) : [];
  if (names.length) throw new ArchiveError('restore/folder-not-empty', 'caller');
}

/** Every file of the backup is what the manifest says, before the first row is written. */
async function checkFiles(folder: string, manifest: BackupManifest): Promise<void> {
  for (const [table, { sha256 }] of Object.entries(manifest.tables)) {
    // A table that this program does not know was written by a newer one.
    if (!BACKUP_TABLES.some((known) => known === table)) throw new ArchiveError('restore/newer-backup', 'caller');
    const hash = createHash('sha256');
    const file = join(folder, tableFile(table));
    if (existsSync(file)) for await (const chunk of createReadStream(file)) hash.update(chunk as Buffer);
    if (hash.digest('hex') !== sha256) throw new ArchiveError('restore/backup-damaged', 'corruption', { file: tableFile(table) });
  }
}

async function restoreObjects(config: Config, folder: string, manifest: BackupManifest, options: RestoreOptions): Promise<void> {
  const from = await openDiskBlobStore(join(folder, 'objects'));
  const to = await openDiskBlobStore(join(config.dataFolder, 'objects'));
  const wanted = await listAddresses(folder);
  for (let at = 0; at < wanted.length; at += OBJECTS_AT_ONCE) {
    // Reading checks each object against its address: a damaged or missing one stops the restore by name.
    const some = await Promise.all(wanted.slice(at, at + OBJECTS_AT_ONCE).map((a) => from.get(a)));
    await to.putMany(some);
    options.onProgress?.('objects', Math.min(at + OBJECTS_AT_ONCE, wanted.length), wanted.length);
  }
  if (wanted.length !== manifest.objects.count) throw new ArchiveError('restore/backup-damaged', 'corruption', { file: 'objects' });
}

/** Addresses of all objects that the backed-up rows name. */
async function listAddresses(folder: string): Promise<Uint8Array[]> {
  const out: Uint8Array[] = [];
  for await (const line of linesOf(folder, 'stored_object')) {
    const bytes = findHex((JSON.parse(line) as { address: string }).address.replace(/^\\x/, ''));
    if (!bytes) throw new ArchiveError('restore/backup-damaged', 'corruption', { file: tableFile('stored_object') });
    out.push(bytes);
  }
  return out;
}

const linesOf = (folder: string, table: string) =>
  createInterface({ input: createReadStream(join(folder, tableFile(table))).pipe(createGunzip()), crlfDelay: Number.POSITIVE_INFINITY });

/** All tables in one transaction: they are there whole or not at all. */
function loadTables(owner: Db, folder: string, manifest: BackupManifest, options: RestoreOptions): Promise<void> {
  return owner.tx(async (tx) => {
    await tx.query('set constraints all deferred');
    const tables = await tablesOfSchema(tx);
    for (const [i, table] of tables.entries()) {
      let rows = 0;
      let batch: string[] = [];
      const flush = async () => {
        if (!batch.length) return;
        rows += await tx.execute(`insert into ${table} select * from json_populate_recordset(null::${table}, $1::json)`, [
          `[${batch.join(',')}]`,
        ]);
        batch = [];
      };
      const lines: AsyncIterable<string> | string[] = OWN_PARENTS.includes(table)
        ? await parentsFirst(folder, table)
        : linesOf(folder, table);
      for await (const line of lines) {
        batch.push(line);
        if (batch.length >= ROWS_AT_ONCE) await flush();
      }
      await flush();
      await setLinks(tx, folder, table);
      if (rows !== manifest.tables[table]?.rows) throw new ArchiveError('restore/backup-damaged', 'corruption', { file: tableFile(table) });
      options.onProgress?.('tables', i + 1, tables.length);
    }
    await compareLog(tx, manifest);
  });
}

/** The tables of a backup that the schema has as it stands: a backup of that age must hold each of them. */
async function tablesOfSchema(tx: Tx): Promise<string[]> {
  const rows = await tx.query<{ name: string }>(
    `select t.name from unnest($1::text[]) with ordinality as t(name, at) where to_regclass('public.' || t.name) is not null order by t.at`,
    [BACKUP_TABLES],
  );
  return rows.map((row) => row.name);
}

/** The rows of a table whose `parent_id` names rows of the same table, parents first; links that may go round in a circle are left out. */
async function parentsFirst(folder: string, table: string): Promise<string[]> {
  const link = OWN_LINKS[table];
  const rows: { id: string; parent_id: string | null; line: string }[] = [];
  for await (const line of linesOf(folder, table)) {
    const row = JSON.parse(line) as { id: string; parent_id: string | null };
    rows.push({ id: row.id, parent_id: row.parent_id ?? null, line: link ? JSON.stringify({ ...row, [link]: null }) : line });
  }
  const out: string[] = [];
  const placed = new Set<string | null>([null]);
  while (out.length < rows.length) {
    const ready = rows.filter((row) => !placed.has(row.id) && placed.has(row.parent_id));
    if (!ready.length) throw new ArchiveError('restore/backup-damaged', 'corruption', { file: tableFile(table) });
    for (const row of ready) {
      placed.add(row.id);
      out.push(row.line);
    }
  }
  return out;
}

/** Sets what {@link parentsFirst} left out. */
async function setLinks(tx: Tx, folder: string, table: string): Promise<void> {
  const link = OWN_LINKS[table];
  if (!link) return;
  const links: { id: string; to: string }[] = [];
  for await (const line of linesOf(folder, table)) {
    const row = JSON.parse(line) as Record<string, string | null> & { id: string };
    if (row[link]) links.push({ id: row.id, to: row[link] });
  }
  // A schema of before has no such column.
  if (!links.length) return;
  await tx.query(`update ${table} t set ${link} = l.link_to from unnest($1::uuid[], $2::uuid[]) as l(id, link_to) where t.id = l.id`, [
    links.map((l) => l.id),
    links.map((l) => l.to),
  ]);
}

async function compareLog(tx: { one<R>(text: string): Promise<R | null> }, manifest: BackupManifest): Promise<void> {
  const last = await tx.one<{ size: number; root: string }>(
    `select size, encode(root, 'hex') as root from checkpoint order by size desc limit 1`,
  );
  if ((last?.size ?? 0) !== manifest.log.size || (last?.root ?? '') !== manifest.log.rootHex)
    throw new ArchiveError('restore/backup-damaged', 'corruption', { file: tableFile('checkpoint') });
}
