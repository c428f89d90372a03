import type { Place } from '../archive/index.ts';
import type { Sql } from '../db/index.ts';

/** Where a dossier lies, as far as the transaction reaches; null when it does not reach it. */
export async function readPlace(tx: Pick<Sql, 'one'>, dossierId: string): Promise<Place | null> {
  const row = await tx.one<{ fonds_id: string; unit_id: string; category: string; level: number }>(
    'select fonds_id, unit_id, category, level from dossier where id = $1',
    [dossierId],
  );
  return row && { fondsId: row.fonds_id, unitId: row.unit_id, category: row.category, level: row.level };
}
