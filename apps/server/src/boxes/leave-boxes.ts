import type { DeskTx, Watched } from '../desk/index.ts';
import { fetchVolumes, keyOf } from './volume-rows.ts';

/**
 * Takes the volumes of a dossier out of boxes in which it may lie no longer: of another category now, or above their level. Called by the act that
 * changed the dossier's own row, whose entry names what is returned. The others keep their places.
 * @returns what to name as changed; null when nothing left a box
 */
export async function leaveUnfitBoxes(tx: DeskTx, dossierId: string): Promise<Watched | null> {
  const volumes = await fetchVolumes(tx, { dossierIds: [dossierId] });
  if (!volumes.length) return null;
  const watched = await tx.watch('box_volume', volumes.map(keyOf));
  const gone = await tx.execute(
    `delete from box_volume v using box b, dossier d where v.dossier_id = $1 and b.id = v.box_id and d.id = v.dossier_id
       and (b.category <> d.category or d.level > b.level)`,
    [dossierId],
  );
  return gone ? watched : null;
}
