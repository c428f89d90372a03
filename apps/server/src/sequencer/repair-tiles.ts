import { ArchiveError } from '@lantai/values';
import type { FileSystem } from '@lantai/vault';
import type { Db } from '../db/index.ts';
import { findLastCheckpoint } from './checkpoint-rows.ts';
import { tryLock } from './lock.ts';
import { rebuildTiles } from './recover.ts';
import { TileFolder } from './tile-folder.ts';

/**
 * Writes every tile and bundle of the log again from the entries in the database, once these gave the root of the last checkpoint stored:
 * for tiles that `checkLog` found missing or altered. @returns entries of the tree
 * @throws ArchiveError `log/in-use` (environment) while a sequencer works; `log/fork`, `log/entry-missing` (corruption) when the entries
 *   are not those that were signed, and then nothing is written
 */
export function repairTiles(db: Db, folder: string, fs?: FileSystem): Promise<number> {
  return db.session(async (session) => {
    if (!(await tryLock(session))) throw new ArchiveError('log/in-use', 'environment');
    const tiles = new TileFolder(folder, fs);
    await tiles.prepare();
    const last = await findLastCheckpoint(session);
    if (!last) return 0;
    await rebuildTiles({ session, tiles }, last);
    return last.size;
  });
}
