import { OPTIMISER } from '@lantai/reading/optimise';
import { isArchiveError } from '@lantai/values';
import type { Archive } from '../archive/index.ts';
import { isRestricted } from '../desk/index.ts';
import { ensureOptimised } from './optimised-image.ts';

/** Pages that were read and have no optimised image of this version, and no job for one. */
const DUE = `select p.id, p.dossier_id from page p join reading r on r.page_id = p.id and r.current and r.skew_millidegrees is not null
  where p.superseded_by is null and not exists (select 1 from optimised_image i where i.page_id = p.id and i.recipe_version = $1)
    and not exists (select 1 from pgboss.job j where j.name = 'optimise' and j.state < 'active' and j.data->>'pageId' = p.id::text)`;

/** Where the archive wants the optimised image of every page (`LANTAI_OPTIMISE=read`), sends a job for each page read before it was wanted. At the start. */
export async function queueOptimising(archive: Archive): Promise<void> {
  if (!archive.config.optimises) return;
  await archive.db.system('optimise').tx(async (tx) => {
    const rows = await tx.query<{ id: string; dossier_id: string }>(DUE, [OPTIMISER.version]);
    const jobs = rows.map((row) => ({ data: { pageId: row.id, dossierId: row.dossier_id }, priority: -10 }));
    await archive.queue.send(tx, 'optimise', jobs);
  });
  archive.queue.wake();
}

/**
 * Makes the optimised image of a page that was read, for nobody who waits. Idempotent: one that is there for the way the page lies is left alone.
 * @throws ArchiveError `child/…` (environment): the job is tried again; `blob/…`, `page/undecodable` (corruption)
 */
export async function optimiseRead(archive: Archive, pageId: string): Promise<void> {
  const row = await archive.db.system('optimise').one<{ dossier_id: string }>('select dossier_id from page where id = $1', [pageId]);
  // Disposed of while its job waited, or its processing is restricted: made when somebody may look and asks.
  if (!row || (await isRestricted(archive.db.system('restriction'), row.dossier_id))) return;
  try {
    await ensureOptimised(archive, pageId, 'work');
  } catch (error) {
    // Gone, or taken back to unread, since it was looked up a moment ago: nothing is left to make.
    if (isArchiveError(error) && (error.code === 'page/not-found' || error.code === 'optimised/not-read-yet')) return;
    throw error;
  }
}
