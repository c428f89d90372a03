import { join } from 'node:path';
import { isArchiveError } from '@lantai/values';
import { findOfficeConflicts } from '../access/index.ts';
import type { Archive } from '../archive/index.ts';
import { type Act, deskTx } from '../desk/index.ts';
import { checkLog } from '../sequencer/index.ts';
import { checkLeftOvers, checkObjects } from './check-objects.ts';
import { checkContradictions, checkDestructions, checkKeys, checkSealedColumns } from './check-rows.ts';
import { checkStates } from './check-states.ts';
import { whileObjectsStay } from './former-objects.ts';
import { FsckWalk } from './fsck-report.ts';

export interface FsckOptions {
  /** Removes left-over sealed bytes whose rows never were. */
  readonly sweep?: boolean;
  readonly onProgress?: (step: string, done: number, total: number) => void;
}

/**
 * Walks every object, row, key and entry and names what is missing, altered or left over. Work may go on meanwhile.
 * Reads and opens everything; changes nothing but what `sweep` removes. What was found is in the log then: `archive.checked`, and `check.found` for
 * each damage and each conflict of offices, the first hundred of them.
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
  await checkStates(archive, walk);
  await checkOffices(archive, walk);
  const { logOrigin: origin, logKeys } = archive.identity;
  const log = await checkLog(archive.db.system('fsck'), join(archive.config.dataFolder, 'log'), { origin, logKeys });
  walk.entries = log.placedCount + log.unplacedCount;
  for (const f of log.findings) {
    if (f.severity === 'info') continue;
    const at = Object.entries(f.params ?? {}).map(([name, value]) => `${name}=${value}`);
    walk.add(f.severity === 'warning' ? 'left_over' : /missing|gap/.test(f.code) ? 'missing' : 'altered', f.code, at.join(' '));
  }
  await logCheck(archive, walk);
  return walk;
}

/** Offices that do not go together. That no number is registered of somebody is no conflict, and is told on the screen alone. */
async function checkOffices(archive: Archive, walk: FsckWalk): Promise<void> {
  for (const { code, sign, accountId, otherId } of await findOfficeConflicts(archive.db.system('fsck'), archive.clock.nowMs()))
    if (sign !== 'none') walk.add('conflict', code, otherId === null ? `account/${accountId}` : `account/${accountId} account/${otherId}`);
}

const LOGGED_MAX = 100;

async function logCheck(archive: Archive, walk: FsckWalk): Promise<void> {
  const told = walk.findings.filter((f) => f.kind !== 'left_over');
  const conflicts = told.filter((f) => f.kind === 'conflict').length;
  const acts: Act[] = told.slice(0, LOGGED_MAX).map(({ kind, code, what }) => ({
    kind: 'check.found',
    // Ids, addresses and positions, parted by what a parameter may hold.
    params: { finding: kind, code, what: what.replaceAll(/[^A-Za-z0-9._:/=-]+/g, '+').slice(0, 200) },
  }));
  const { objects, rows, keys, entries, swept } = walk;
  const damages = told.length - conflicts;
  const counts = { objects, rows, keys, entries, swept, damages, leftOver: walk.findings.length - told.length, conflicts };
  acts.push({ kind: 'archive.checked', objectId: archive.identity.archiveId, params: counts });
  try {
    await archive.db.tx((raw) => deskTx(raw, archive, null, 'administration').logMany(acts));
  } catch (error) {
    // What was found is not lost with a database that takes no more entries.
    if (!isArchiveError(error)) throw error;
    walk.add('left_over', 'fsck/not-logged', error.code);
  }
}
