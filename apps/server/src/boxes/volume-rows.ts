import type { Sql } from '../db/index.ts';

/** A volume (册) of a dossier in a box, as kept. */
export interface VolumeRow {
  readonly dossier_id: string;
  readonly volume: number;
  readonly box_id: string;
  readonly position: number;
  readonly sheets: number;
}

/** How states and orders name a volume. */
export const keyOf = (v: Pick<VolumeRow, 'dossier_id' | 'volume'>): string => `${v.dossier_id}/${v.volume}`;

/** Volumes by their keys, of dossiers or in boxes, each box in its order; locked. */
export function fetchVolumes(
  sql: Pick<Sql, 'query'>,
  by: { readonly keys: readonly string[] } | { readonly boxIds: readonly string[] } | { readonly dossierIds: readonly string[] },
): Promise<VolumeRow[]> {
  const [where, list] =
    'keys' in by
      ? [`v.dossier_id || '/' || v.volume = any($1::text[]) and v.dossier_id = any($2::uuid[])`, by.keys]
      : 'boxIds' in by
        ? ['v.box_id = any($1::uuid[])', by.boxIds]
        : ['v.dossier_id = any($1::uuid[])', by.dossierIds];
  const params = 'keys' in by ? [list, by.keys.map((k) => k.split('/')[0])] : [list];
  return sql.query<VolumeRow>(
    `select v.dossier_id, v.volume, v.box_id, v.position, v.sheets from box_volume v where ${where} order by v.box_id, v.position for no key update`,
    params,
  );
}

/** Writes the order of a box: places from 1 without gaps. Only rows whose place is another are touched. */
export async function renumber(sql: Pick<Sql, 'query'>, boxId: string, keys: readonly string[]): Promise<void> {
  await sql.query(
    `update box_volume v set position = t.n from unnest($2::uuid[], $3::smallint[]) with ordinality t(d, v, n)
     where v.box_id = $1 and v.dossier_id = t.d and v.volume = t.v and v.position <> t.n`,
    [boxId, keys.map((k) => k.split('/')[0]), keys.map((k) => Number(k.split('/')[1]))],
  );
}
