import type { StationWork } from '@lantai/contract';
import { accountNames } from '../access/index.ts';
import type { Archive } from '../archive/index.ts';
import type { Sql } from '../db/index.ts';
import { unitName } from './unit-name.ts';

interface Row {
  readonly account_id: string;
  readonly unit_id: string | null;
  readonly unit_fonds_id: string | null;
  readonly unit_name: Uint8Array | null;
  readonly station: StationWork['station'];
  readonly passed: number;
  readonly returned: number;
  readonly released: number;
  readonly images: number;
  readonly duration_ms: number;
  readonly failed_pages: number;
  readonly sent_back: number;
}

/**
 * What each operator did at each station of a batch: dossiers finished, sent back and given back, images of those finished, time in hand; and how
 * often what it had finished was sent back to this station afterwards.
 * @param accountId of one account alone; null: of all
 */
export async function readWork(archive: Archive, sql: Sql, batchId: string, accountId: string | null): Promise<StationWork[]> {
  const rows = await sql.query<Row>(
    `select c.account_id, c.unit_id, u.fonds_id as unit_fonds_id, u.name as unit_name, c.station,
       count(*) filter (where c.outcome = 'passed')::int as passed, count(*) filter (where c.outcome = 'returned')::int as returned,
       count(*) filter (where c.outcome in ('released', 'expired'))::int as released,
       coalesce(sum(c.images_out) filter (where c.outcome = 'passed'), 0)::int as images,
       coalesce(sum(least(c.ended_at_ms, c.until_ms) - c.from_ms), 0)::bigint as duration_ms,
       coalesce(sum((select count(*) from station_page p where p.claim_id = c.id and p.verdict = 'fail')), 0)::int as failed_pages,
       count(*) filter (where c.outcome = 'passed' and exists (select 1 from station_claim r where r.batch_id = c.batch_id
         and r.dossier_id = c.dossier_id and r.outcome = 'returned' and r.to_station = c.station and r.round = c.round and r.id > c.id))::int as sent_back
     from station_claim c left join unit u on u.id = c.unit_id
     where c.batch_id = $1 and c.ended_at_ms is not null and ($2::uuid is null or c.account_id = $2)
     group by c.account_id, c.unit_id, u.fonds_id, u.name, c.station order by min(c.id::text)`,
    [batchId, accountId],
  );
  const names = await accountNames(
    archive,
    sql,
    rows.map((r) => r.account_id),
  );
  return rows.map((r) => ({
    operatorId: r.account_id,
    operatorName: names.get(r.account_id) ?? '',
    contractor:
      r.unit_id && r.unit_fonds_id && r.unit_name
        ? { unitId: r.unit_id, name: unitName(archive, r.unit_id, r.unit_fonds_id, r.unit_name) }
        : null,
    station: r.station,
    passed: r.passed,
    returned: r.returned,
    released: r.released,
    images: r.images,
    durationMs: Number(r.duration_ms),
    failedPages: r.failed_pages,
    sentBack: r.sent_back,
  }));
}
