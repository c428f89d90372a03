import { isArchiveError } from '@lantai/values';
import { type Archive, type ObjectRow, openStoredObject, type PreparedObject, putObjects, sealAs } from '../archive/index.ts';
import type { Tx } from '../db/index.ts';
import type { FormerObjects } from './former-objects.ts';
import { SEALED_TABLES, type SealedRow, type SealedTable, sealedValueOf, selectSealed } from './sealed-columns.ts';

const ROWS_AT_ONCE = 200;
/** Objects opened and sealed before their rows change together; a page is a megabyte or two. */
const OBJECTS_AT_ONCE = 16;

/** What one walk sealed anew. */
export interface SealedAnew {
  objects: number;
  values: number;
  /** What would not open and was left as it is: fsck names it. */
  damaged: number;
}

/** How a walk is watched and stopped. */
export interface WalkOptions {
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((done: SealedAnew) => void) | undefined;
}

/**
 * Seals under the present keys and suite what is not: every sealed column, every object, every data key. Others read and write meanwhile; what
 * they change in between is theirs, sealed anew by them. Stops between two batches when told.
 * CRASH: what was done is done; walking again passes over it and goes on.
 */
export async function sealEverythingAnew(archive: Archive, former: FormerObjects, options: WalkOptions): Promise<SealedAnew> {
  const done = { objects: 0, values: 0, damaged: 0 };
  for (const table of SEALED_TABLES) await walkTable(archive, table, done, options);
  await walkObjects(archive, former, done, options);
  return done;
}

async function walkTable(archive: Archive, t: SealedTable, done: SealedAnew, { signal, onProgress }: WalkOptions): Promise<void> {
  let after: unknown[] = [];
  while (!signal?.aborted) {
    const rows = await archive.db.system('rekey').query<SealedRow>(selectSealed(t, after.length === 0, ROWS_AT_ONCE), after);
    const changes = rows.flatMap((row) => changesOf(archive, t, row, done));
    if (changes.length) {
      await archive.db.system('rekey').tx(async (tx) => {
        for (const change of changes) done.values += await setValue(tx, t, change);
      });
      onProgress?.(done);
    }
    const last = rows.at(-1);
    if (!last) return;
    after = t.key.map((_, i) => last[`k${i}`]);
  }
}

interface Change {
  readonly column: string;
  readonly key: readonly unknown[];
  readonly was: Uint8Array;
  readonly becomes: Uint8Array;
}

function changesOf(archive: Archive, t: SealedTable, row: SealedRow, done: SealedAnew): Change[] {
  // A destroyed key is disposal: there is nothing left to seal.
  if (row.key_id === null || archive.keys.isDestroyed(t.keyKind, row.key_id)) return [];
  return t.columns.flatMap((column, i) => {
    const value = sealedValueOf(t, row, i);
    const becomes = value && unlessDamaged(done, () => archive.sealer.sealAnew(value.ref, value.place, value.sealed));
    return value && becomes ? [{ column, key: t.key.map((_, k) => row[`k${k}`]), was: value.sealed, becomes }] : [];
  });
}

/** The alarm of what is damaged is fsck's, which says where; sealing the rest anew goes on. */
function unlessDamaged<T>(done: SealedAnew, work: () => T): T | null {
  try {
    return work();
  } catch (error) {
    if (!isArchiveError(error) || error.fault === 'environment') throw error;
    if (error.code !== 'key/destroyed') done.damaged++;
    return null;
  }
}

function rethrow(error: unknown): never {
  throw error;
}

/** INVARIANT: only the very value that was read is replaced; one that somebody wrote meanwhile stays. */
async function setValue(tx: Tx, t: SealedTable, { column, key, was, becomes }: Change): Promise<number> {
  if (t.setBy) {
    const set = await tx.one<{ done: boolean }>(`select ${t.setBy}($1, $2, $3) as done`, [key[0], was, becomes]);
    return set?.done ? 1 : 0;
  }
  const where = t.key.map(([name, type], i) => `${name} = $${i + 3}::${type}`).join(' and ');
  return tx.execute(`update ${t.table} set ${column} = $2 where ${column} = $1 and ${where}`, [was, becomes, ...key]);
}

interface StoredRow extends ObjectRow {
  readonly kind: PreparedObject['kind'];
}

async function walkObjects(archive: Archive, former: FormerObjects, done: SealedAnew, { signal, onProgress }: WalkOptions): Promise<void> {
  let after = '00000000-0000-0000-0000-000000000000';
  while (!signal?.aborted) {
    // By object id: addresses change under the walk.
    const rows = await archive.db
      .system('rekey')
      .query<StoredRow>(
        'select address, dossier_id, object_id, kind, suite, wrapped_key from stored_object where object_id > $1 order by object_id limit $2',
        [after, OBJECTS_AT_ONCE],
      );
    const old = rows.filter((row) => !isPresent(archive, row));
    const { suite } = archive.sealer;
    await sealObjectsAnew(
      archive,
      former,
      old.filter((row) => row.suite !== suite),
      done,
    );
    await wrapAnew(
      archive,
      old.filter((row) => row.suite === suite),
      done,
    );
    if (old.length) onProgress?.(done);
    const last = rows.at(-1);
    if (!last) return;
    after = last.object_id;
  }
}

function isPresent(archive: Archive, row: StoredRow): boolean {
  if (archive.keys.isDestroyed('dossier', row.dossier_id)) return true;
  return archive.sealer.isWrappedAnew({ kind: 'dossier', id: row.dossier_id }, row.suite, row.wrapped_key);
}

/**
 * The same bytes under another suite lie under another address: put first, then the rows, then the old ones removed.
 * CRASH: after the bytes: left over without a row, named and swept by fsck. After the rows: the old bytes stand in the list of former objects.
 */
async function sealObjectsAnew(archive: Archive, former: FormerObjects, rows: readonly StoredRow[], done: SealedAnew): Promise<void> {
  const prepared: PreparedObject[] = [];
  const olds: StoredRow[] = [];
  for (const row of rows) {
    const plain = await openStoredObject(archive, row).catch((error: unknown) => unlessDamaged(done, () => rethrow(error)));
    if (!plain) continue;
    olds.push(row);
    prepared.push(sealAs(archive, { objectId: row.object_id, dossierId: row.dossier_id, kind: row.kind }, plain));
  }
  if (!prepared.length) return;
  const put = await putObjects(archive, prepared);
  archive.moments.pass('resealed-put');
  former.add(olds.map((row) => row.address));
  let count = 0;
  await archive.db.system('rekey').tx(async (tx) => {
    for (const [i, object] of put.entries()) {
      const was = olds[i]!.address;
      const free = archive.clock.newId();
      // Rows refer to addresses, so the new row stands beside the old one for a moment; ids are unique, so the old one gives its up.
      if (!(await tx.execute('update stored_object set object_id = $2 where address = $1', [was, free]))) continue;
      await tx.query(
        `insert into stored_object (address, fonds_id, unit_id, category, level, dossier_id, object_id, kind, suite, wrapped_key, sealed_bytes, plain_bytes, created_at_ms)
         select $2, fonds_id, unit_id, category, level, dossier_id, $3, kind, $4, $5, $6, plain_bytes, created_at_ms from stored_object where address = $1`,
        [was, object.address, object.objectId, object.suite, object.wrappedKey, object.sealedBytes],
      );
      await tx.query('update page set object_address = $2 where object_address = $1', [was, object.address]);
      await tx.query('update source_file set object_address = $2 where object_address = $1', [was, object.address]);
      await tx.query('update optimised_image set object_address = $2 where object_address = $1', [was, object.address]);
      await tx.query('delete from stored_object where address = $1', [was]);
      count++;
    }
  });
  archive.moments.pass('resealed-rows');
  await former.remove();
  archive.moments.pass('former-removed');
  done.objects += count;
}

/** A key that was renewed wraps forty bytes anew; the object stays what and where it is. */
async function wrapAnew(archive: Archive, rows: readonly StoredRow[], done: SealedAnew): Promise<void> {
  if (!rows.length) return;
  const { sealer } = archive;
  done.values += await archive.db.system('rekey').tx(async (tx) => {
    let count = 0;
    for (const row of rows) {
      const ref = { kind: 'dossier', id: row.dossier_id } as const;
      const key = unlessDamaged(done, () => sealer.unwrapDataKey(ref, row.suite, row.wrapped_key));
      if (!key) continue;
      const { suite, wrapped } = sealer.wrapDataKey(ref, key);
      // The suite of a wrapped key is the object's own: another one means that rekeying began meanwhile, and seals it whole.
      if (suite !== row.suite) continue;
      count += await tx.execute('update stored_object set wrapped_key = $2 where address = $1 and wrapped_key = $3', [
        row.address,
        wrapped,
        row.wrapped_key,
      ]);
    }
    return count;
  });
}
