import { ArchiveError } from '@lantai/values';
import type { Place } from '../archive/index.ts';
import type { Sql } from '../db/index.ts';
import { type DeskTx, type Scope, scopeSql } from '../desk/index.ts';

/** A dossier as far as counting goes: codes and its place, nothing of its subject. */
export interface CountedDossier {
  readonly dossierId: string;
  readonly code: string;
  readonly scheme: string;
  readonly state: string;
  readonly place: Place;
}

interface Row {
  readonly id: string;
  readonly code: string;
  readonly scheme: string;
  readonly state: string;
  readonly fonds_id: string;
  readonly unit_id: string;
  readonly category: string;
  readonly level: number;
}

/**
 * The dossier where the scope reaches it. What one may not see is not found, as what is not there.
 * @param locked keeps its row until the transaction ends, so that two counts of one dossier come one after the other
 * @throws ArchiveError `dossier/not-found` (caller)
 */
export async function getCounted(tx: DeskTx, scope: Scope, dossierId: string, locked: boolean): Promise<CountedDossier> {
  const seen = scopeSql(scope, 'd', 2);
  const row = await tx.one<Row>(
    `select d.id, d.code, d.scheme, d.state, d.fonds_id, d.unit_id, d.category, d.level from dossier d
     where d.id = $1 and ${seen.sql}${locked ? ' for no key update of d' : ''}`,
    [dossierId, ...seen.params],
  );
  if (!row) throw new ArchiveError('dossier/not-found', 'caller');
  const { fonds_id: fondsId, unit_id: unitId, category, level } = row;
  return { dossierId, code: row.code, scheme: row.scheme, state: row.state, place: { fondsId, unitId, category, level } };
}

/** Images of a dossier, as they are counted. */
export interface CountedImages {
  readonly images: number;
  /** Of them faces that the checks found blank: scanned all the same, they count. */
  readonly blankImages: number;
  /** Of them scans of a sheet that is there already. */
  readonly duplicates: number;
}

/**
 * Counts the images of dossiers as they are now; a dossier without any is not in the answer. Separator sheets are no pages, and a scan that another
 * took the place of is no second face.
 */
export async function countImages(sql: Pick<Sql, 'query'>, dossierIds: readonly string[]): Promise<Map<string, CountedImages>> {
  const rows = await sql.query<{ dossier_id: string; images: number; blank: number; twice: number }>(
    `select p.dossier_id, count(*)::int as images,
       count(*) filter (where exists (select 1 from finding f where f.page_id = p.id and f.code = 'blank'))::int as blank,
       count(*) filter (where exists (select 1 from finding f where f.page_id = p.id and f.code = 'duplicate'
         and not exists (select 1 from page o where o.id::text = f.params->>'page' and o.superseded_by is not null)))::int as twice
     from page p where p.dossier_id = any($1::uuid[]) and p.superseded_by is null group by 1`,
    [dossierIds],
  );
  return new Map(rows.map((r) => [r.dossier_id, { images: r.images, blankImages: r.blank, duplicates: r.twice }]));
}

/** What a dossier without any page has. */
export const NO_IMAGES: CountedImages = { images: 0, blankImages: 0, duplicates: 0 };
