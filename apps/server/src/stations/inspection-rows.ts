import { type Inspected, type InspectionVerdict, judgeInspection } from '@lantai/catalogue';
import type { Sql } from '../db/index.ts';
import type { ClaimRow } from './station-rows.ts';

/** What came of an inspection so far, and what follows from it. */
export interface InspectionState extends Inspected {
  readonly limitPercent: number;
  readonly verdict: InspectionVerdict;
}

/** Reads it. The caller has looked at whose the claim is. */
export async function readInspection(sql: Pick<Sql, 'one'>, { id, batch_id }: Pick<ClaimRow, 'id' | 'batch_id'>): Promise<InspectionState> {
  const row = await sql.one<Inspected & { limit: number }>(
    `select (select count(*) from station_page where claim_id = $1)::int as pages,
       (select count(*) from station_page where claim_id = $1 and verdict is not null)::int as judged,
       (select count(*) from station_page where claim_id = $1 and verdict = 'fail')::int as failed,
       (select count(*) from station_defect where claim_id = $1 and severity = 'serious')::int as serious,
       (select limit_percent from batch where id = $2) as limit`,
    [id, batch_id],
  );
  const inspected = { pages: row?.pages ?? 0, judged: row?.judged ?? 0, failed: row?.failed ?? 0, serious: row?.serious ?? 0 };
  const limitPercent = row?.limit ?? 0;
  return { ...inspected, limitPercent, verdict: judgeInspection(inspected, limitPercent) };
}
