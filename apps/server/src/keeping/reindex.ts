import type { Archive } from '../archive/index.ts';
import { reindexDossier } from '../catalogue/index.ts';
import { deskTx } from '../desk/index.ts';
import { findReading, queueWaitingPages } from '../ingest/index.ts';
import { indexPage, lockPagesOf } from '../search/index.ts';

interface PageRow {
  id: string;
  fonds_id: string;
  unit_id: string;
  category: string;
  level: number;
}

/**
 * Makes the search index anew out of the sealed texts, dossier by dossier, and queues the pages that still wait for reading.
 * Backups leave index and queue out. Running it again changes nothing. Returns how many pages were indexed.
 * CRASH: dossiers done stay done; `fsck` names the pages that are read but not searchable.
 */
export async function reindexArchive(
  archive: Archive,
  onProgress: (step: string, done: number, total: number) => void = () => undefined,
): Promise<number> {
  const whole = archive.db.system('indexing');
  const dossiers = await whole.query<{ id: string }>('select id from dossier order by id');
  let pages = 0;
  for (const [i, { id: dossierId }] of dossiers.entries()) {
    pages += await whole.tx(async (raw) => {
      const tx = deskTx(raw, archive, null, 'administration');
      await tx.query('select 1 from dossier where id = $1 for no key update', [dossierId]);
      await lockPagesOf(tx, [dossierId]);
      await reindexDossier(tx, archive, dossierId);
      const rows = await tx.query<PageRow>(
        `select id, fonds_id, unit_id, category, level from page where dossier_id = $1 and read_state = 'read' and superseded_by is null order by id`,
        [dossierId],
      );
      for (const row of rows) {
        const reading = await findReading(tx, archive, row.id, dossierId);
        const place = { fondsId: row.fonds_id, unitId: row.unit_id, category: row.category, level: row.level };
        if (reading) await indexPage(tx, archive, { pageId: row.id, dossierId, place, lines: reading.lines });
      }
      return rows.length;
    });
    onProgress('index', i + 1, dossiers.length);
  }
  await queueWaitingPages(archive);
  return pages;
}
