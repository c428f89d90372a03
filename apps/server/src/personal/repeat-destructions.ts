import { decodeEntry } from '@lantai/log';
import { type Archive, isMarkedRestored, unmarkRestored } from '../archive/index.ts';
import type { Sql } from '../db/index.ts';
import { deskTx } from '../desk/index.ts';
import { forgetAgain } from '../learning/index.ts';
import { KEY_BACKUPS_KEPT_MS, runDestruction } from './destroy-dossier.ts';

/** A destruction that a restored backup does not hold. */
interface Missed {
  readonly dossierId: string;
  readonly by: 'log' | 'keys';
  readonly atMs: number;
  /** As the log says; what only the key store knows has none. */
  readonly ground: string;
  readonly requestId: string | null;
}

/**
 * Destroys again what was destroyed after a restored backup was made: the dossiers that the surviving log says were destroyed, those whose key
 * the key store knows as destroyed, and, with them, every model that learned by them; also models that the log says were forgotten. How many
 * dossiers. Does nothing in a folder that no restore has marked: a key destroyed without the procedure is damage there, and `fsck` says so.
 * CRASH: the intents are durable before anything is destroyed, and the mark goes last: done again, it finds what is left.
 */
export async function repeatDestructions(archive: Archive): Promise<number> {
  if (!isMarkedRestored(archive.config)) return 0;
  const sql = archive.db.system('destruction');
  const missed = new Map<string, Missed>();
  for (const found of [...(await missedByKeys(archive, sql)), ...(await missedByLog(sql))]) missed.set(found.dossierId, found);
  for (const found of missed.values()) await intendAgain(archive, found);
  for (const { dossierId } of missed.values()) await runDestruction(archive, dossierId);
  await sql.tx((raw) => forgetAgain(deskTx(raw, archive, null, 'archive_work')));
  unmarkRestored(archive.config);
  return missed.size;
}

/** The ground of what the key store alone knows. */
const UNKNOWN = 'unknown';
const NOT_REGISTERED = 'not exists (select 1 from destruction x where x.dossier_id = d.id)';

async function missedByLog(sql: Sql): Promise<Missed[]> {
  const rows = await sql.query<{ id: string; bytes: Uint8Array }>(
    `select distinct on (d.id) d.id, e.bytes from entry e join dossier d on d.id = e.dossier_id
     where e.kind = 'dossier.destruction-intended' and ${NOT_REGISTERED} order by d.id, e.id desc`,
  );
  return rows.map(({ id, bytes }) => {
    const { atMs, params } = decodeEntry(bytes);
    const request = params?.request;
    return {
      dossierId: id,
      by: 'log',
      atMs,
      ground: String(params?.ground ?? UNKNOWN),
      requestId: typeof request === 'string' && request ? request : null,
    };
  });
}

async function missedByKeys(archive: Archive, sql: Sql): Promise<Missed[]> {
  const gone = new Map<string, number>();
  for (const key of archive.keys.list()) if (key.kind === 'dossier' && key.destroyedAtMs !== undefined) gone.set(key.id, key.destroyedAtMs);
  if (!gone.size) return [];
  const rows = await sql.query<{ id: string }>(`select d.id from dossier d where d.id = any($1::uuid[]) and ${NOT_REGISTERED}`, [
    [...gone.keys()],
  ]);
  return rows.map(({ id }) => ({ dossierId: id, by: 'keys', atMs: gone.get(id) ?? 0, ground: UNKNOWN, requestId: null }));
}

/** The intent with an entry of its own. INVARIANT: a subject that another dossier is about keeps its key, as at the first time. */
function intendAgain(archive: Archive, { dossierId, by, atMs, ground, requestId }: Missed): Promise<void> {
  return archive.db.system('destruction').tx(async (raw) => {
    const tx = deskTx(raw, archive, null, 'archive_work');
    const entryId = await tx.log({
      kind: 'dossier.destruction-repeated',
      dossierId,
      objectId: dossierId,
      params: { by, ground, destroyed: atMs },
    });
    await tx.query(
      `insert into destruction (dossier_id, fonds_id, unit_id, category, level, subject_id, with_subject, code, request_id, ground, intended_at_ms, entry_id,
         page_count, object_count, backups_until_ms, repeated_by)
       select d.id, d.fonds_id, d.unit_id, d.category, d.level, d.subject_id,
         not exists (select 1 from dossier o where o.subject_id = d.subject_id and o.id <> d.id), d.code,
         (select q.id from subject_request q where q.id = $2), $3, $4, $5, (select count(*) from page p where p.dossier_id = d.id),
         (select count(*) from stored_object s where s.dossier_id = d.id), $6, $7
       from dossier d where d.id = $1 on conflict (dossier_id) do nothing`,
      [dossierId, requestId, ground, atMs, entryId, atMs + KEY_BACKUPS_KEPT_MS, by],
    );
  });
}
