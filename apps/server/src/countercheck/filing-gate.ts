import type { Sql } from '../db/index.ts';
import { REQUIRED_SQL } from './rules.ts';

/**
 * Why a dossier cannot be filed (验收归档) yet; null when the countercheck is no reason: nobody asks for it here, or every material was confirmed by
 * one person and passed by another. The caller holds the dossier's row.
 */
export async function findCountercheckRefusal(sql: Pick<Sql, 'one'>, dossierId: string): Promise<'filing/not-counterchecked' | null> {
  const open = await sql.one(
    `select 1 as one from dossier d join material m on m.dossier_id = d.id where d.id = $1 and ${REQUIRED_SQL}
       and not exists (select 1 from countercheck c where c.material_id = m.id and c.state = 'passed') limit 1`,
    [dossierId],
  );
  return open ? 'filing/not-counterchecked' : null;
}
