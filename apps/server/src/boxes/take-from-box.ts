import { ArchiveError } from '@lantai/values';
import { type Desk, scopeSql } from '../desk/index.ts';
import { lockBoxes, placeOf } from './box-rows.ts';
import { fetchVolumes, keyOf, renumber } from './volume-rows.ts';

/** A volume of a dossier. */
export interface VolumeOf {
  readonly dossierId: string;
  readonly volume: number;
}

/**
 * Takes volumes out of a box (出盒); the others close up.
 * @throws ArchiveError `box/not-found`, `dossier/not-found`, `box/not-in-it` (caller)
 */
export function takeFromBox(desk: Desk, boxId: string, volumes: readonly VolumeOf[]): Promise<void> {
  return desk.act('dossier.change', async (tx, scope) => {
    const ids = [...new Set(volumes.map((v) => v.dossierId))];
    const seen = scopeSql(scope, 'd', 2);
    const found = await tx.query(
      `select d.id from dossier d where d.id = any($1::uuid[]) and ${seen.sql} order by d.id for no key update of d`,
      [ids, ...seen.params],
    );
    if (found.length !== ids.length) throw new ArchiveError('dossier/not-found', 'caller');
    const box = (await lockBoxes(tx, scope, [boxId]))[0]!;
    const standing = await fetchVolumes(tx, { boxIds: [boxId] });
    const keys = new Set(volumes.map((v) => keyOf({ dossier_id: v.dossierId, volume: v.volume })));
    if (![...keys].every((k) => standing.some((v) => keyOf(v) === k))) throw new ArchiveError('box/not-in-it', 'caller');
    const watched = await tx.watch('box_volume', standing.map(keyOf));
    await tx.query(`delete from box_volume v where v.box_id = $1 and v.dossier_id || '/' || v.volume = any($2::text[])`, [
      boxId,
      [...keys],
    ]);
    await renumber(
      tx,
      boxId,
      standing.map(keyOf).filter((k) => !keys.has(k)),
    );
    await tx.log({ kind: 'box.taken', place: placeOf(box), objectId: boxId, params: { volumes: keys.size }, changed: [watched] });
  });
}
