import { formatHex, isArchiveError } from '@lantai/values';
import { type Archive, type ObjectRow, openStoredObject } from '../archive/index.ts';
import { FormerObjects } from './former-objects.ts';
import type { FsckWalk } from './fsck-report.ts';
import { whileNotRekeyed } from './rekey.ts';

const BATCH = 100;
/** An object put this lately may belong to an import that is about to write its rows. */
const FRESH_MS = 15 * 60_000;

interface Row extends ObjectRow {
  plain_bytes: number;
}

/** Opens every object that a row names: bytes, digest, seal, context and length. Returns the addresses seen. */
export async function checkObjects(archive: Archive, walk: FsckWalk): Promise<Set<string>> {
  const seen = new Set<string>();
  const total = (await archive.db.system('fsck').one<{ n: number }>('select count(*)::int as n from stored_object'))?.n ?? 0;
  let after: Uint8Array = new Uint8Array();
  for (;;) {
    const rows = await archive.db
      .system('fsck')
      .query<Row>(
        'select address, dossier_id, object_id, suite, wrapped_key, plain_bytes from stored_object where address > $1 order by address limit $2',
        [after, BATCH],
      );
    for (const row of rows) {
      seen.add(formatHex(row.address));
      await checkObject(archive, walk, row);
      walk.objects++;
    }
    walk.onProgress('objects', walk.objects, total);
    const last = rows.at(-1);
    if (!last) return seen;
    after = last.address;
  }
}

async function checkObject(archive: Archive, walk: FsckWalk, row: Row): Promise<void> {
  const what = formatHex(row.address);
  if (archive.keys.isDestroyed('dossier', row.dossier_id)) return;
  try {
    const plain = await openStoredObject(archive, row);
    if (plain.length !== row.plain_bytes) walk.add('altered', 'fsck/object-length', what);
  } catch (error) {
    if (!isArchiveError(error) || error.fault === 'environment') throw error;
    walk.add(error.code === 'blob/missing' || error.code === 'key/missing' ? 'missing' : 'altered', error.code, what);
  }
}

/**
 * Names sealed bytes that no row names: what an import that died left behind. With `sweep` removes those that are not fresh.
 * INVARIANT: the rows are asked again before bytes are removed: an import may have written them since.
 */
export async function checkLeftOvers(archive: Archive, walk: FsckWalk, seen: ReadonlySet<string>, sweep: boolean): Promise<void> {
  // Bytes that were sealed anew and wait to be removed are known of, and nobody's loss.
  const former = new Set(new FormerObjects(archive).list().map(formatHex));
  for await (const address of archive.blobs.list()) {
    const what = formatHex(address);
    if (seen.has(what) || former.has(what)) continue;
    if (await archive.db.system('fsck').one('select 1 as one from stored_object where address = $1', [address])) continue;
    walk.add('left_over', 'fsck/object-without-row', what);
    // INVARIANT: not while the archive is sealed anew: those bytes may be about to get their rows.
    const isSwept = sweep && (await whileNotRekeyed(archive, () => removeIfOld(archive, address)));
    if (isSwept) walk.swept++;
  }
}

async function removeIfOld(archive: Archive, address: Uint8Array): Promise<boolean> {
  if (!(await isOld(archive, address))) return false;
  await archive.blobs.remove(address);
  return true;
}

/** Whether nothing was received lately: then no import can be between its bytes and its rows. */
async function isOld(archive: Archive, address: Uint8Array): Promise<boolean> {
  if (await archive.db.system('fsck').one('select 1 as one from stored_object where address = $1', [address])) return false;
  const row = await archive.db
    .system('fsck')
    .one<{ at: number | null }>(`select max(started_at_ms) as at from import where state = 'running'`);
  return row?.at === null || row?.at === undefined || archive.clock.nowMs() - row.at > FRESH_MS;
}
