import type { BoxDetail, BoxedVolume, BoxView } from '@lantai/contract';
import type { Sql } from '../db/index.ts';
import type { Desk } from '../desk/index.ts';
import { boxView, getBoxes, placeOf, readBoxLines, selectBoxes, standingOf } from './box-rows.ts';

/** What of boxes is looked for. */
export interface BoxFilters {
  readonly fondsId?: string | undefined;
  readonly category?: string | undefined;
  readonly retention?: string | undefined;
  readonly year?: number | undefined;
  readonly schemeId?: string | undefined;
  readonly repository?: string | undefined;
  /** `room`: with sheets to spare; `empty`: nothing in them; `ended`: out of use. Left out: all that are in use. */
  readonly fill?: 'room' | 'empty' | 'ended' | undefined;
  /** Number of the last one of the page before, and its fonds' code. */
  readonly after?: { readonly fonds: string; readonly number: number } | undefined;
}

const PAGE = 100;

const FILL = {
  room: 'b.ended_at_ms is null and t.sheets < b.capacity_sheets',
  empty: 'b.ended_at_ms is null and t.volumes = 0',
  ended: 'b.ended_at_ms is not null',
} as const;

/** Boxes that one may see, by fonds and number: codes, numbers and counts, nobody is named. */
export function listBoxes(
  desk: Desk,
  f: BoxFilters,
): Promise<{ readonly items: BoxView[]; readonly next: { readonly fonds: string; readonly number: number } | null }> {
  return desk.act('dossier.list', async (tx, scope) => {
    const rows = await selectBoxes(tx, scope, {
      sql: `($1::uuid is null or b.fonds_id = $1) and ($2::text is null or b.category = $2) and ($3::text is null or b.retention = $3)
        and ($4::int is null or b.year = $4) and ($5::text is null or b.scheme = $5) and ($6::text is null or b.place_repository = $6)
        and ($7::text is null or (f.code, b.number) > ($7, $8::int)) and ${f.fill ? FILL[f.fill] : 'b.ended_at_ms is null'}`,
      params: [
        ...[f.fondsId, f.category, f.retention, f.year, f.schemeId, f.repository].map((v) => v ?? null),
        ...[f.after?.fonds ?? null, f.after?.number ?? null],
      ],
      order: 'f.code, b.number',
      limit: PAGE + 1,
    });
    const shown = rows.slice(0, PAGE);
    const last = rows.length > PAGE ? shown.at(-1) : undefined;
    return { items: shown.map(boxView), next: last ? { fonds: last.fonds_code, number: last.number } : null };
  });
}

/**
 * A box with what lies in it, as far as one may see the dossiers; how many one may not see is told as a number. One entry.
 * @throws ArchiveError `box/not-found` (caller)
 */
export function readBox(desk: Desk, boxId: string): Promise<BoxDetail> {
  return desk.act('dossier.list', async (tx, scope) => {
    const box = (await getBoxes(tx, scope, [boxId]))[0]!;
    const lines = (await readBoxLines(tx, desk.sealer, scope, [boxId])).get(boxId) ?? [];
    await tx.log({ kind: 'box.opened', place: placeOf(box), objectId: boxId, params: { volumes: lines.length } });
    return { ...boxView(box), lines: lines.map((l) => ({ ...l })), hidden: box.volumes - lines.length };
  });
}

/** The boxes in which the volumes of a dossier lie. The caller has looked at the dossier's scope. */
export async function readVolumesOf(sql: Pick<Sql, 'query'>, dossierId: string): Promise<BoxedVolume[]> {
  const rows = await sql.query<
    Parameters<typeof standingOf>[0] & { box_id: string; number: number; volume: number; ordinal: number; sheets: number }
  >(
    `select v.box_id, v.volume, v.sheets, b.* from box_volume v cross join lateral box_standing(v.box_id, v.position) b
     where v.dossier_id = $1 order by v.volume`,
    [dossierId],
  );
  return rows.map((r) => ({
    boxId: r.box_id,
    number: r.number,
    place: standingOf(r),
    volume: r.volume,
    sheets: r.sheets,
    position: r.ordinal,
  }));
}
