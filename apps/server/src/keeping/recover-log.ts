import { join } from 'node:path';
import { ArchiveError } from '@lantai/values';
import { findArchiveFile } from '../archive/index.ts';
import type { Config } from '../config.ts';
import { openDb, startDatabase } from '../db/index.ts';
import { type RestoreOutcome, restoreEntries } from '../sequencer/index.ts';

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
    return await restoreEntries(db, join(config.dataFolder, 'log'), { origin: row.log_origin, logKeys: [row.log_key] });
  } finally {
    await db.close();
    await database.stop();
  }
}
