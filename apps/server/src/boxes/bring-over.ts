import type { DeskTx, Watched } from '../desk/index.ts';

/**
 * Boxes that a merged unit keeps become the other's, in the transaction of the merge. @returns what its entry names as changed
 */
export async function bringBoxesOver(tx: DeskTx, unitId: string, intoId: string): Promise<Watched> {
  const boxes = await tx.query<{ id: string }>('select id from box where unit_id = $1 order by id for no key update', [unitId]);
  const ids = boxes.map((b) => b.id);
  const watched = await tx.watch('box', ids);
  if (ids.length) await tx.query('update box set unit_id = $2, version = version + 1 where id = any($1::uuid[])', [ids, intoId]);
  return watched;
}
