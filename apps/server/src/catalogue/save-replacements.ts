import { isDeepStrictEqual } from 'node:util';
import type { PageId } from '@lantai/values';
import { type Archive, type LinesRow, openReading } from '../archive/index.ts';
import { type DeskTx, madeObjects, type Watched } from '../desk/index.ts';
import { indexPage, unindexPages } from '../search/index.ts';
import type { CatalogueState, Superseded } from './catalogue-state.ts';
import { sealReason } from './replacement-rows.ts';

/** Which pages give way to another in an act, and which stand again. */
export interface Replacements {
  readonly begun: readonly (readonly [page: PageId, gaveWay: Superseded])[];
  readonly ended: readonly PageId[];
}

/** What differs between two states. A page that gives way to another one than before ends the one and begins the other. */
export function replacementsOf(old: CatalogueState, next: CatalogueState): Replacements {
  const differs = (page: PageId) => !isDeepStrictEqual(old.superseded.get(page), next.superseded.get(page));
  return {
    begun: [...next.superseded].filter(([page]) => differs(page)),
    ended: [...old.superseded.keys()].filter(differs),
  };
}

/** Who acts, under which entry. */
export interface Acting {
  readonly entryId: string;
  readonly accountId: string;
}

/**
 * Lets pages stand again: their replacement is ended, not removed, and they are found by searches as they were. Before they are put back into
 * materials, for what is superseded lies in none.
 */
export async function endReplacements(
  tx: DeskTx,
  archive: Archive,
  { head }: CatalogueState,
  pages: readonly PageId[],
  { entryId, accountId }: Acting,
): Promise<Watched[]> {
  if (!pages.length) return [];
  const rows = await tx.query<{ id: string }>(
    'select id from page_replacement where page_id = any($1::uuid[]) and ended_at_ms is null order by id',
    [pages],
  );
  const watched = await tx.watch(
    'page_replacement',
    rows.map((row) => row.id),
  );
  await tx.query('update page_replacement set ended_by = $2, ended_at_ms = $3, end_entry_id = $4 where id = any($1::uuid[])', [
    rows.map((row) => row.id),
    accountId,
    archive.clock.nowMs(),
    entryId,
  ]);
  await tx.query('update page set superseded_by = null where id = any($1::uuid[])', [pages]);
  await countPages(tx, head.dossierId, pages.length);
  return [watched];
}

/** Makes pages findable again that were read. After they lie where they belong: the index takes class and year from their rows. */
export async function indexStandingPages(tx: DeskTx, archive: Archive, { head }: CatalogueState, pages: readonly PageId[]): Promise<void> {
  if (!pages.length) return;
  const rows = await tx.query<LinesRow>(
    `select p.id, p.dossier_id, r.engine, r.version, r.lines from page p join reading r on r.page_id = p.id and r.current
     where p.id = any($1::uuid[]) and p.read_state = 'read' order by p.id`,
    [pages],
  );
  for (const row of rows) {
    const { lines } = openReading(archive.sealer, row);
    await indexPage(tx, archive, { pageId: row.id, dossierId: head.dossierId, place: head.place, lines });
  }
}

/** Marks pages as superseded, with why sealed; no search finds them any more. After they were taken out of their materials. */
export async function insertReplacements(
  tx: DeskTx,
  archive: Archive,
  { head }: CatalogueState,
  begun: Replacements['begun'],
  { entryId, accountId }: Acting,
): Promise<Watched[]> {
  if (!begun.length) return [];
  const { dossierId, place } = head;
  const made: string[] = [];
  for (const [pageId, { by, reason }] of begun) {
    const id = archive.clock.newId();
    made.push(id);
    await tx.query(
      `insert into page_replacement (id, fonds_id, unit_id, category, level, dossier_id, page_id, by_page_id, reason, made_by, created_at_ms, entry_id)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`,
      [
        id,
        place.fondsId,
        place.unitId,
        place.category,
        place.level,
        dossierId,
        pageId,
        by,
        sealReason(archive.sealer, dossierId, id, reason),
        accountId,
        archive.clock.nowMs(),
        entryId,
      ],
    );
    await tx.query('update page set superseded_by = $2, proposed = true where id = $1', [pageId, by]);
  }
  await unindexPages(
    tx,
    begun.map(([pageId]) => pageId),
  );
  await countPages(tx, dossierId, -begun.length);
  return [madeObjects('page_replacement', made)];
}

/** A dossier counts the pages that stand. */
const countPages = (tx: DeskTx, dossierId: string, by: number) =>
  tx.query('update dossier set page_count = page_count + $2 where id = $1', [dossierId, by]);
