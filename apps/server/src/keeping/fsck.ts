import { join } from 'node:path';
import type { Archive } from '../archive/index.ts';
import { checkLog } from '../sequencer/index.ts';
import { checkLeftOvers, checkObjects } from './check-objects.ts';
import { checkContradictions, checkDestructions, checkKeys, checkSealedColumns } from './check-rows.ts';
import { whileObjectsStay } from './former-objects.ts';
import { FsckWalk } from './fsck-report.ts';

export interface FsckOptions {
  /** Removes left-over sealed bytes whose rows never were. */
  readonly sweep?: boolean;
  readonly onProgress?: (step: string, done: number, total: number) => void;
}

/**
 * Walks every object, row, key and entry and names what is missing, altered or left over. Work may go on meanwhile.
 * Reads and opens everything; changes nothing but what `sweep` removes.
 */
export async function checkArchive(archive: Archive, options: FsckOptions = {}): Promise<FsckWalk> {
  const walk = new FsckWalk(options.onProgress);
  await whileObjectsStay(archive, async () => {
    const seen = await checkObjects(archive, walk);
    await checkLeftOvers(archive, walk, seen, options.sweep ?? false);
  });
  await checkKeys(archive, walk);
  await checkDestructions(archive, walk);
  await checkSealedColumns(archive, walk);
  await checkContradictions(archive, walk);
  const { logOrigin: origin, logKeys } = archive.identity;
  const log = await checkLog(archive.db.system('fsck'), join(archive.config.dataFolder, 'log'), { origin, logKeys });
  walk.entries = log.placedCount + log.unplacedCount;
  for (const f of log.findings) {
    if (f.severity === 'info') continue;
    const at = Object.entries(f.params ?? {}).map(([name, value]) => `${name}=${value}`);
    walk.add(f.severity === 'warning' ? 'left_over' : /missing|gap/.test(f.code) ? 'missing' : 'altered', f.code, at.join(' '));
  }
  return walk;
}
