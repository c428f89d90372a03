import { equalBytes, isArchiveError } from '@lantai/values';
import { encodeContext, openObject, type SuiteId, sealObject } from '@lantai/vault';
import type { Tx } from '../db/index.ts';
import type { Place } from './place.ts';
import type { Archive } from './services.ts';

/** A sealed object ready to be put: bytes first, then its row. */
export interface PreparedObject {
  readonly objectId: string;
  readonly dossierId: string;
  readonly kind: 'raw' | 'derived' | 'source' | 'optimised';
  readonly suite: SuiteId;
  readonly sealed: Uint8Array;
  readonly wrappedKey: Uint8Array;
  readonly plainBytes: number;
}

/** An object whose bytes are on disk, and no longer in memory. */
export interface PutObject extends Omit<PreparedObject, 'sealed'> {
  readonly address: Uint8Array;
  readonly sealedBytes: number;
}

const context = (dossierId: string, objectId: string) => encodeContext('lantai/object/v1', dossierId, objectId);
const DATA_KEY_BYTES = 32;

/** Seals bytes under a new data key, wrapped by the dossier's key. Nothing is written yet. */
export function prepareObject(archive: Archive, dossierId: string, kind: PreparedObject['kind'], plain: Uint8Array): PreparedObject {
  return sealAs(archive, { objectId: archive.clock.newId(), dossierId, kind }, plain);
}

/** Seals bytes as an object that has its id already, under another data key. Nothing is written yet. */
export function sealAs(
  archive: Archive,
  object: Pick<PreparedObject, 'objectId' | 'dossierId' | 'kind'>,
  plain: Uint8Array,
): PreparedObject {
  const p = archive.sealer.primitives;
  const key = p.random(DATA_KEY_BYTES);
  const { suite, wrapped: wrappedKey } = archive.sealer.wrapDataKey({ kind: 'dossier', id: object.dossierId }, key);
  const sealed = sealObject(p, { suite, key, context: context(object.dossierId, object.objectId), plain });
  return { ...object, suite, sealed, wrappedKey, plainBytes: plain.length };
}

/**
 * Puts sealed objects on disk, all directory entries flushed, before any row names them.
 * CRASH: bytes without a row may be left over; `fsck` names and sweeps them.
 */
export async function putObjects(archive: Archive, prepared: readonly PreparedObject[]): Promise<PutObject[]> {
  const addresses = await archive.blobs.putMany(prepared.map((o) => o.sealed));
  return prepared.map(({ sealed, ...o }, i) => ({ ...o, address: addresses[i]!, sealedBytes: sealed.length }));
}

/** Writes the rows of objects that are on disk. */
export async function insertObjects(tx: Tx, archive: Archive, place: Place, objects: readonly PutObject[]): Promise<void> {
  if (!objects.length) return;
  await tx.query(
    `insert into stored_object (address, fonds_id, unit_id, category, level, dossier_id, object_id, kind, suite, wrapped_key, sealed_bytes, plain_bytes, created_at_ms)
     select a, $2, $3, $4, $5, d, o, k, u, w, s, n, $7 from unnest($1::bytea[], $8::uuid[], $9::uuid[], $10::text[], $6::text[], $11::bytea[], $12::bigint[], $13::bigint[]) as t(a, d, o, k, u, w, s, n)`,
    [
      objects.map((o) => o.address),
      place.fondsId,
      place.unitId,
      place.category,
      place.level,
      objects.map((o) => o.suite),
      archive.clock.nowMs(),
      objects.map((o) => o.dossierId),
      objects.map((o) => o.objectId),
      objects.map((o) => o.kind),
      objects.map((o) => o.wrappedKey),
      objects.map((o) => o.sealedBytes),
      objects.map((o) => o.plainBytes),
    ],
  );
}

/** The row that opens an object. */
export interface ObjectRow {
  readonly address: Uint8Array;
  readonly dossier_id: string;
  readonly object_id: string;
  readonly suite: 'intl' | 'gm';
  readonly wrapped_key: Uint8Array;
}

/**
 * Reads and opens a stored object whole.
 * @throws ArchiveError `blob/missing`, `blob/corrupt`, `object/…` (corruption: alarm, never retried), `key/destroyed` (caller)
 */
export async function openStoredObject(archive: Archive, row: ObjectRow): Promise<Uint8Array> {
  try {
    return await openRow(archive, row);
  } catch (error) {
    // Sealed anew since the row was read: its bytes lie elsewhere now. What is missing where the row still says stays an alarm.
    const now = isArchiveError(error, 'blob/missing') ? await findMoved(archive, row) : null;
    if (!now) throw error;
    return openStoredObject(archive, now);
  }
}

async function openRow(archive: Archive, row: ObjectRow): Promise<Uint8Array> {
  const key = archive.sealer.unwrapDataKey({ kind: 'dossier', id: row.dossier_id }, row.suite, row.wrapped_key);
  const sealed = await archive.blobs.get(row.address);
  return openObject(archive.sealer.primitives, { key, context: context(row.dossier_id, row.object_id), sealed });
}

async function findMoved(archive: Archive, row: ObjectRow): Promise<ObjectRow | null> {
  const now = await archive.db
    .system('rekey')
    .one<ObjectRow>('select address, dossier_id, object_id, suite, wrapped_key from stored_object where object_id = $1', [row.object_id]);
  return now && !equalBytes(now.address, row.address) ? now : null;
}
