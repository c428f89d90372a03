import { normaliseCode, orderInBox } from '@lantai/catalogue';
import { ArchiveError } from '@lantai/values';
import { declaredOf, readSlipsInForce } from '../counting/index.ts';
import { type Desk, type DeskTx, type Scope, scopeSql } from '../desk/index.ts';
import { type BoxHead, lockBoxes, placeOf } from './box-rows.ts';
import { fetchVolumes, keyOf, renumber, type VolumeRow } from './volume-rows.ts';

/** Volumes that are put into a box, in the order given. */
export interface PutOrder {
  readonly volumes: readonly {
    readonly dossier: { readonly id: string } | { readonly code: string };
    /** 册, from 1. */
    readonly volume: number;
    /** Left out: as its row says, else as its processing slip, else one for each page. */
    readonly sheets?: number | undefined;
  }[];
  /** Before the volume that stands at this place, from 1; null: at the end. */
  readonly at: number | null;
}

interface Dossier {
  readonly id: string;
  readonly code: string;
  readonly fonds_id: string;
  readonly category: string;
  readonly level: number;
  readonly page_count: number;
}

/**
 * Puts volumes into a box (入盒), out of the boxes they were in; those that lie in it already change their place.
 * INVARIANT: a box holds what is of its fonds and category and no higher than its level, and no more sheets than its capacity.
 * @throws ArchiveError `box/not-found`, `box/ended`, `dossier/not-found`, `box/other-fonds`, `box/other-category`, `box/other-level`, `box/sheets`, `box/full` (caller)
 */
export function putIntoBox(desk: Desk, boxId: string, order: PutOrder): Promise<void> {
  return desk.act('dossier.change', async (tx, scope) => {
    const dossiers = await lockDossiers(tx, scope, order);
    const of = (one: PutOrder['volumes'][number]) =>
      dossiers.find((d) => ('id' in one.dossier ? d.id === one.dossier.id : isCode(d, one.dossier.code)))!;
    const coming = order.volumes.map((v) => ({ dossier: of(v), volume: v.volume, sheets: v.sheets ?? null }));
    const keys = [...new Set(coming.map((c) => keyOf({ dossier_id: c.dossier.id, volume: c.volume })))];
    const former = await fetchVolumes(tx, { keys });
    const boxes = await lockBoxes(tx, scope, [...new Set([boxId, ...former.map((v) => v.box_id)])]);
    const box = boxes[0]!;
    if (box.ended_at_ms !== null) throw new ArchiveError('box/ended', 'caller');
    for (const { dossier } of coming) checkBelongs(box, dossier);
    const standing = await fetchVolumes(tx, { boxIds: boxes.map((b) => b.id) });
    const sheets = await sheetsOf(tx, coming, standing);
    checkRoom(box, standing, sheets);
    const ids = [...new Set([...standing.map(keyOf), ...keys])];
    const watched = await tx.watch('box_volume', ids);
    const here = orderInBox(standing.filter((v) => v.box_id === boxId).map(keyOf), keys, order.at === null ? null : order.at - 1);
    const entryId = desk.clock.newId();
    for (const other of boxes.slice(1))
      await renumber(
        tx,
        other.id,
        standing
          .filter((v) => v.box_id === other.id)
          .map(keyOf)
          .filter((k) => !keys.includes(k)),
      );
    await tx.query(
      `insert into box_volume (dossier_id, volume, box_id, position, sheets, put_at_ms, entry_id)
       select t.d, t.v, $4, 1000000 + t.n::int, t.s, $5, $6 from unnest($1::uuid[], $2::smallint[], $3::integer[]) with ordinality t(d, v, s, n)
       on conflict (dossier_id, volume) do update set box_id = excluded.box_id, position = excluded.position, sheets = excluded.sheets,
         put_at_ms = case when box_volume.box_id = excluded.box_id then box_volume.put_at_ms else excluded.put_at_ms end, entry_id = excluded.entry_id`,
      [
        ...[keys.map((k) => k.split('/')[0]), keys.map((k) => Number(k.split('/')[1])), keys.map((k) => sheets.get(k))],
        ...[boxId, desk.clock.nowMs(), entryId],
      ],
    );
    await renumber(tx, boxId, here);
    await tx.log({
      id: entryId,
      kind: 'box.put',
      place: placeOf(box),
      objectId: boxId,
      params: { volumes: keys.length, boxes: boxes.length },
      changed: [watched],
    });
  });
}

const isCode = (d: Dossier, code: string) => d.code === code || d.code === normaliseCode(code);

/** The dossiers, locked in the order of their ids. @throws ArchiveError `dossier/not-found`, `dossier/code-in-several-fonds` (caller) */
async function lockDossiers(tx: DeskTx, scope: Scope, { volumes }: PutOrder): Promise<Dossier[]> {
  const ids = volumes.flatMap(({ dossier }) => ('id' in dossier ? [dossier.id] : []));
  const codes = volumes.flatMap(({ dossier }) => ('code' in dossier ? [dossier.code, normaliseCode(dossier.code)] : []));
  const seen = scopeSql(scope, 'd', 3);
  const rows = await tx.query<Dossier>(
    `select d.id, d.code, d.fonds_id, d.category, d.level, d.page_count from dossier d
     where (d.id = any($1::uuid[]) or d.code = any($2::text[])) and ${seen.sql} order by d.id for no key update of d`,
    [ids, codes, ...seen.params],
  );
  for (const { dossier } of volumes) {
    const found = rows.filter((d) => ('id' in dossier ? d.id === dossier.id : isCode(d, dossier.code)));
    if (!found.length) throw new ArchiveError('dossier/not-found', 'caller');
    if (found.length > 1) throw new ArchiveError('dossier/code-in-several-fonds', 'caller');
  }
  return rows;
}

function checkBelongs(box: BoxHead, dossier: Dossier): void {
  const detail = { dossier: dossier.code };
  if (dossier.fonds_id !== box.fonds_id) throw new ArchiveError('box/other-fonds', 'caller', detail);
  if (dossier.category !== box.category) throw new ArchiveError('box/other-category', 'caller', detail);
  if (dossier.level > box.level) throw new ArchiveError('box/other-level', 'caller', detail);
}

const SHEETS_MAX = 2000;

/** Sheets by key of the volume. A first volume alone is taken to be the whole dossier; of a further one somebody must say how thick it is. */
async function sheetsOf(
  tx: DeskTx,
  coming: readonly { readonly dossier: Dossier; readonly volume: number; readonly sheets: number | null }[],
  standing: readonly VolumeRow[],
): Promise<Map<string, number>> {
  const slips = await readSlipsInForce(tx, [...new Set(coming.map((c) => c.dossier.id))]);
  return new Map(
    coming.map(({ dossier, volume, sheets }) => {
      const key = keyOf({ dossier_id: dossier.id, volume });
      const kept = standing.find((v) => keyOf(v) === key)?.sheets;
      const slip = slips.get(dossier.id);
      const whole = volume === 1 ? (slip ? declaredOf(slip).sheets : dossier.page_count) : 0;
      const known = sheets ?? kept ?? whole;
      if (known < 1 || known > SHEETS_MAX) throw new ArchiveError('box/sheets', 'caller', { dossier: dossier.code });
      return [key, known];
    }),
  );
}

function checkRoom(box: BoxHead, standing: readonly VolumeRow[], coming: ReadonlyMap<string, number>): void {
  const stays = standing.filter((v) => v.box_id === box.id && !coming.has(keyOf(v))).reduce((n, v) => n + v.sheets, 0);
  const all = stays + [...coming.values()].reduce((n, s) => n + s, 0);
  if (all > box.capacity_sheets) throw new ArchiveError('box/full', 'caller', { sheets: all, capacity: box.capacity_sheets });
}
