import { totalmem } from 'node:os';
import { type LinesRow, openReading, type Place } from '../archive/index.ts';
import type { Db } from '../db/index.ts';
import { type IndexParts, indexPages } from './index-page.ts';

const PAGES_AT_ONCE = 500;
const LAST_BEFORE_ALL = '00000000-0000-0000-0000-000000000000';
const INDEX = 'create index page_gram_g on page_gram using gin (g) with (fastupdate = on, gin_pending_list_limit = 1024)';

const MEBIBYTE = 2 ** 20;

/**
 * Makes the index over all lines in one go. Measured over a million pages on two cores: 467 s with the server's settings, 209 s with a
 * gibibyte to sort in and two workers beside. @param ownerDb under the role that owns the table
 */
export async function createPageIndex(ownerDb: Db): Promise<void> {
  const sortMb = Math.round(Math.min(1024, Math.max(64, totalmem() / 16 / MEBIBYTE)));
  await ownerDb.tx(async (tx) => {
    // PostgreSQL's own settings for this transaction alone: nothing else is at work on an index that is not there.
    await tx.query(`set local maintenance_work_mem = '${sortMb}MB'`);
    await tx.query('set local max_parallel_maintenance_workers = 2');
    await tx.query(INDEX);
  });
}

interface ReadingRow extends LinesRow {
  readonly fonds_id: string;
  readonly unit_id: string;
  readonly category: string;
  readonly level: number;
}

const placeOf = (row: ReadingRow): Place => ({ fondsId: row.fonds_id, unitId: row.unit_id, category: row.category, level: row.level });

/**
 * Builds the page index anew from the sealed readings, after a restore (backups leave the index out) or when tokens are made differently.
 * Searches find nothing until it is through. Afterwards run `refreshFrequencies`.
 * @param ownerDb under the role that owns the table: the GIN index is made in one go at the end, many times faster than page by page
 * @returns how many pages were indexed
 */
export async function rebuildPageIndex(
  dbs: { systemDb: Db; ownerDb: Db },
  parts: IndexParts,
  onPages?: (done: number) => void,
): Promise<number> {
  // CRASH: half built, the index lacks pages or is missing; building again starts from the beginning.
  await dbs.ownerDb.query('drop index if exists page_gram_g');
  await dbs.ownerDb.query('truncate page_gram');
  let last = LAST_BEFORE_ALL;
  let done = 0;
  for (;;) {
    const rows = await dbs.systemDb.query<ReadingRow>(
      `select p.id, p.dossier_id, p.fonds_id, p.unit_id, p.category, p.level, r.engine, r.version, r.lines
       from page p join reading r on r.page_id = p.id and r.current where p.id > $1 and p.superseded_by is null order by p.id limit ${PAGES_AT_ONCE}`,
      [last],
    );
    if (!rows.length) break;
    const pages = rows.map((row) => ({
      pageId: row.id,
      dossierId: row.dossier_id,
      place: placeOf(row),
      lines: openReading(parts.sealer, row).lines,
    }));
    await dbs.systemDb.tx((tx) => indexPages(tx, parts, pages));
    done += rows.length;
    last = rows.at(-1)!.id;
    onPages?.(done);
  }
  await createPageIndex(dbs.ownerDb);
  return done;
}
