import type { Archive } from '../archive/index.ts';
import { type Desk, scopeSql } from '../desk/index.ts';
import { PERSON } from './readings.ts';

const BATCH = 5000;

/**
 * Queues the pages that still want reading: those without a reading, and on request those read by another engine version than the current one.
 * Pages already queued are left where they are. Returns how many were queued.
 */
export function queueMissing(archive: Archive, desk: Desk, what: { dossierId: string | null; olderVersions: boolean }): Promise<number> {
  return desk
    .act('jobs.manage', async (tx, scope) => {
      const where = scopeSql(scope, 'p', 5);
      const newest = what.olderVersions ? await newestReader(archive) : null;
      const rows = await tx.query<{ id: string; dossier_id: string }>(
        `select p.id, p.dossier_id from page p
       where ($1::uuid is null or p.dossier_id = $1) and ${where.sql}
         and (p.read_state = 'waiting' or ($2 and p.read_state = 'read' and not exists (
           select 1 from reading r where r.page_id = p.id and (r.engine, r.version) = ($3::text, $4::text))))
         and not exists (select 1 from pgboss.job j where j.name = 'read' and j.state < 'completed' and j.data->>'pageId' = p.id::text)
       order by p.id`,
        [what.dossierId, newest !== null, newest?.engine ?? null, newest?.version ?? null, ...where.params],
      );
      if (what.olderVersions) await tx.query(`update page set read_state = 'waiting' where id = any($1::uuid[])`, [rows.map((r) => r.id)]);
      for (let at = 0; at < rows.length; at += BATCH)
        await archive.queue.send(
          tx,
          'read',
          rows.slice(at, at + BATCH).map((r) => ({ data: { pageId: r.id, dossierId: r.dossier_id } })),
        );
      await tx.log({ kind: 'reading.queued', ...(what.dossierId ? { dossierId: what.dossierId } : {}), params: { pages: rows.length } });
      return rows.length;
    })
    .then((count) => {
      archive.queue.wake();
      return count;
    });
}

/** The engine that read last, wherever that was; null when nothing was read yet. */
const newestReader = (archive: Archive) =>
  archive.db
    .system('reading')
    .one<{ engine: string; version: string }>(
      'select engine, version from reading where engine <> $1 order by created_at_ms desc limit 1',
      [PERSON],
    );

/** Queues every page that waits for reading and stands in no queue: after a restore, whose backup held no queue. */
export async function queueWaitingPages(archive: Archive): Promise<number> {
  return archive.db.system('reading').tx(async (tx) => {
    const rows = await tx.query<{ id: string; dossier_id: string }>(
      `select p.id, p.dossier_id from page p where p.read_state = 'waiting'
         and not exists (select 1 from pgboss.job j where j.name = 'read' and j.state < 'completed' and j.data->>'pageId' = p.id::text) order by p.id`,
    );
    for (let at = 0; at < rows.length; at += BATCH)
      await archive.queue.send(
        tx,
        'read',
        rows.slice(at, at + BATCH).map((r) => ({ data: { pageId: r.id, dossierId: r.dossier_id } })),
      );
    return rows.length;
  });
}
