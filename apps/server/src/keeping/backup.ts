import { createHash } from 'node:crypto';
import { createWriteStream, existsSync } from 'node:fs';
import { copyFile, mkdir, open, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { openDiskBlobStore } from '@lantai/disk';
import { ArchiveError, formatHex } from '@lantai/values';
import { type Archive, LOG_KEY_FILE, writeDurably } from '../archive/index.ts';
import { readSchemaVersion, type Tx } from '../db/index.ts';
import { type Desk, type DeskTx, deskTx, logFailure } from '../desk/index.ts';
import { BACKUP_TABLES, type BackupManifest, type BackupTable, MANIFEST, tableFile } from './backup-format.ts';
import { whileObjectsStay } from './former-objects.ts';
import { writeKeyBackup } from './key-backup.ts';

export interface BackupOptions {
  /** Where the sealed key file goes; apart from the data, on another medium. */
  readonly keyFile: string;
  /** Who backs up, and is asked whether they may; left out: the program itself. */
  readonly desk?: Desk;
  readonly onProgress?: (step: string, done: number, total: number) => void;
}

const ROWS_AT_ONCE = 500;
const OBJECTS_AT_ONCE = 64;

/**
 * Makes one consistent backup of database, objects and log in a new folder, while work goes on: the tables are read in one snapshot,
 * and objects are copied after it: they are never changed, and while a backup runs none is removed. Everything in it is as sealed as it was; the keys are written apart.
 * CRASH: an unfinished backup lies under `<folder>.partial` and is thrown away by the next.
 * @throws ArchiveError `desk/not-allowed`, `backup/folder-exists`, `backup/key-file-inside` (caller), `blob/…` (corruption: the archive itself is damaged)
 */
export function makeBackup(archive: Archive, folder: string, options: BackupOptions): Promise<BackupManifest> {
  const failed = { kind: 'backup.failed', objectId: archive.identity.archiveId };
  return logFailure(archive, options.desk?.actor.accountId ?? null, failed, () => writeBackup(archive, folder, options));
}

async function writeBackup(archive: Archive, folder: string, options: BackupOptions): Promise<BackupManifest> {
  // Asked before a byte is written: who may not back up leaves nothing behind.
  options.desk?.scope('archive.backup');
  if (existsSync(folder)) throw new ArchiveError('backup/folder-exists', 'caller');
  if (options.keyFile.startsWith(`${folder}/`)) throw new ArchiveError('backup/key-file-inside', 'caller');
  const partial = `${folder}.partial`;
  await rm(partial, { recursive: true, force: true });
  await mkdir(join(partial, 'tables'), { recursive: true, mode: 0o700 });
  const { tables, addresses, log, bytes } = await whileObjectsStay(archive, async () => {
    const dump = await dumpTables(archive, partial, options);
    return { ...dump, bytes: await copyObjects(archive, join(partial, 'objects'), dump.addresses, options) };
  });
  for (const name of ['archive.json', LOG_KEY_FILE]) await copyFile(join(archive.config.dataFolder, name), join(partial, name));
  const manifest: BackupManifest = {
    format: 'lantai-backup-1',
    archiveId: archive.identity.archiveId,
    schemaVersion: await readSchemaVersion(archive.db),
    madeAtMs: archive.clock.nowMs(),
    tables,
    objects: { count: addresses.length, bytes },
    log,
  };
  writeDurably(join(partial, MANIFEST), `${JSON.stringify(manifest, null, 2)}\n`, 0o600);
  await writeKeyBackup(archive, options.keyFile);
  await rename(partial, folder);
  const made = (tx: DeskTx) => tx.log({ kind: 'backup.made', objectId: archive.identity.archiveId, params: { entries: log.size } });
  if (options.desk) await options.desk.act('archive.backup', made);
  else await archive.db.system('backup').tx((tx) => made(deskTx(tx, archive, null, 'administration')));
  return manifest;
}

interface Dump {
  tables: Record<string, BackupTable>;
  addresses: Uint8Array[];
  log: BackupManifest['log'];
}

function dumpTables(archive: Archive, folder: string, options: BackupOptions): Promise<Dump> {
  return archive.db.system('backup').tx(
    async (tx) => {
      const tables: Record<string, BackupTable> = {};
      for (const [i, table] of BACKUP_TABLES.entries()) {
        tables[table] = await dumpTable(tx, table, join(folder, tableFile(table)));
        options.onProgress?.('tables', i + 1, BACKUP_TABLES.length);
      }
      const rows = await tx.query<{ address: Uint8Array }>('select address from stored_object order by address');
      const last = await tx.one<{ size: number; root: Uint8Array }>('select size, root from checkpoint order by size desc limit 1');
      const waiting = await tx.one<{ n: number }>('select count(*)::int as n from entry where position is null');
      const log = { size: last?.size ?? 0, rootHex: last ? formatHex(last.root) : '', unplaced: waiting?.n ?? 0 };
      return { tables, addresses: rows.map((r) => r.address), log };
    },
    { isolation: 'repeatable read', readOnly: true },
  );
}

/** One row a line as PostgreSQL's own JSON, so that any version reads it back; sealed columns stay sealed. */
async function dumpTable(tx: Tx, table: string, file: string): Promise<BackupTable> {
  const hash = createHash('sha256');
  let rows = 0;
  const cursor = `backup_${table}`;
  await tx.query(`declare ${cursor} no scroll cursor for select row_to_json(t)::text as line from ${table} t`);
  const lines = async function* () {
    for (;;) {
      const some = await tx.query<{ line: string }>(`fetch ${ROWS_AT_ONCE} from ${cursor}`);
      if (!some.length) return;
      rows += some.length;
      yield some.map((r) => `${r.line}\n`).join('');
    }
  };
  const measure = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      hash.update(chunk);
      done(null, chunk);
    },
  });
  await pipeline(Readable.from(lines()), createGzip({ level: 1 }), measure, createWriteStream(file, { mode: 0o600, flush: true }));
  await tx.query(`close ${cursor}`);
  return { rows, sha256: hash.digest('hex') };
}

/** Copies sealed bytes, each checked against its address on the way: a damaged object must not become the only copy. */
async function copyObjects(archive: Archive, folder: string, addresses: readonly Uint8Array[], options: BackupOptions): Promise<number> {
  const store = await openDiskBlobStore(folder);
  let bytes = 0;
  for (let at = 0; at < addresses.length; at += OBJECTS_AT_ONCE) {
    const some = await Promise.all(addresses.slice(at, at + OBJECTS_AT_ONCE).map((a) => archive.blobs.get(a)));
    await store.putMany(some);
    bytes += some.reduce((n, b) => n + b.length, 0);
    options.onProgress?.('objects', Math.min(at + OBJECTS_AT_ONCE, addresses.length), addresses.length);
  }
  await store.flush();
  const directory = await open(folder, 'r');
  await directory.sync().finally(() => directory.close());
  return bytes;
}
