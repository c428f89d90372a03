import { join } from 'node:path';
import { findKeyChanges, followKeyChanges } from '@lantai/log';
import { nodePrimitives } from '@lantai/primitives-node';
import { ArchiveError } from '@lantai/values';
import { findArchiveFile, markRestored } from '../archive/index.ts';
import type { Config } from '../config.ts';
import { openDb, startDatabase } from '../db/index.ts';
import { openLogReader, type RestoreOutcome, restoreEntries } from '../sequencer/index.ts';

/**
 * The way on after `log/behind-published`: puts entries that were published but are missing in the restored database back out of the
 * surviving copy of the log. The archive must not be open. @throws ArchiveError `archive/none` (caller), `log/…` as `restoreEntries` says
 */
export async function recoverLog(config: Config): Promise<RestoreOutcome> {
  if (!findArchiveFile(config.dataFolder)) throw new ArchiveError('archive/none', 'caller');
  const database = await startDatabase(config);
  const db = openDb(database.connection, { poolMax: 2 });
  try {
    const row = await db.one<{ log_origin: string; log_key: string }>('select log_origin, log_key from archive');
    if (!row) throw new ArchiveError('archive/unfinished', 'caller');
    const folder = join(config.dataFolder, 'log');
    const outcome = await restoreEntries(db, folder, { origin: row.log_origin, logKeys: await everyKeyOf(folder, row) });
    // The entries that are back may tell of destructions that the restored rows know nothing of.
    markRestored(config, Date.now());
    return outcome;
  } finally {
    await db.close();
    await database.stop();
  }
}

/** The key that the archive was made with, and those that the log has announced since. @throws ArchiveError `log/key-differs` (caller) */
async function everyKeyOf(folder: string, row: { readonly log_origin: string; readonly log_key: string }): Promise<string[]> {
  const changes = findKeyChanges(await openLogReader(folder).findKeyChanges());
  const believed = [row.log_key];
  const history = changes && followKeyChanges(nodePrimitives, row.log_origin, believed, { changes, size: Number.MAX_SAFE_INTEGER });
  if (history?.kind !== 'known') throw new ArchiveError('log/key-differs', 'caller');
  return [...history.present, ...history.former];
}
