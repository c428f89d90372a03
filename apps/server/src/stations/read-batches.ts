import { sumDeclared } from '@lantai/catalogue';
import type { BatchDetail, BatchView, ContractorView } from '@lantai/contract';
import { ArchiveError } from '@lantai/values';
import { accountNames } from '../access/index.ts';
import type { Archive } from '../archive/index.ts';
import { countImages, declaredOf, readSlipsInForce } from '../counting/index.ts';
import { type Desk, type DeskTx, type Scope, scopeSql } from '../desk/index.ts';
import { readWork } from './read-work.ts';
import { BATCH_COLUMNS, type BatchRow, samplingOf } from './station-rows.ts';
import { unitName } from './unit-name.ts';

interface NamedBatch extends BatchRow {
  readonly unit_fonds_id: string | null;
  readonly unit_name: Uint8Array | null;
}

/** Newest ones of a list. */
const BATCHES_MAX = 200;

/** Batches that this account may work in, the newest first: codes and counts. */
export function listBatches(archive: Archive, desk: Desk): Promise<{ readonly items: BatchView[] }> {
  return desk.act('station.work', async (tx, scope) => {
    const rows = await readBatches(tx, desk, scope, null);
    const standing = await readStanding(
      tx,
      rows.map((r) => r.id),
      desk.clock.nowMs(),
    );
    return { items: rows.map((row) => viewOf(archive, row, standing.get(row.id) ?? [])) };
  });
}

/**
 * A batch with its dossiers, its count and the work done in it, as far as one may see: to a contractor its own work alone. One entry.
 * @throws ArchiveError `batch/not-found` (caller)
 */
export function readBatch(archive: Archive, desk: Desk, batchId: string): Promise<BatchDetail> {
  return desk.act('station.work', async (tx, scope) => {
    const [row] = await readBatches(tx, desk, scope, batchId);
    if (!row) throw new ArchiveError('batch/not-found', 'caller');
    const nowMs = desk.clock.nowMs();
    const standing = (await readStanding(tx, [batchId], nowMs)).get(batchId) ?? [];
    const lines = await readLines(tx, scope, batchId, nowMs);
    const isContractor = desk.actor.role === 'contractor';
    const ids = lines.map((l) => l.dossier_id);
    const [slips, images] = [await readSlipsInForce(tx, ids), await countImages(tx, ids)];
    const parts = ids.map((id) => {
      const slip = slips.get(id);
      return { declared: slip ? declaredOf(slip) : null, images: images.get(id)?.images ?? 0 };
    });
    const names = await accountNames(
      archive,
      tx,
      lines.flatMap((l) => l.account_id ?? []),
    );
    await tx.log({ kind: 'batch.opened', objectId: batchId, params: { dossiers: ids.length } });
    return {
      ...viewOf(archive, row, standing),
      count: sumDeclared(parts),
      lines: lines.map((l) => ({
        dossierId: l.dossier_id,
        dossierCode: l.code,
        station: l.station as BatchDetail['lines'][number]['station'],
        pass: l.pass,
        round: l.round,
        holder: l.account_id === null ? null : { claimId: l.claim_id ?? '', name: names.get(l.account_id) ?? '', untilMs: l.until_ms ?? 0 },
      })),
      work: await readWork(archive, tx, batchId, isContractor ? desk.actor.accountId : null),
    };
  });
}

/** Units in which accounts of contractors stand, by code. */
export function listContractors(archive: Archive, desk: Desk): Promise<{ readonly items: ContractorView[] }> {
  return desk.act('dossier.change', async (tx) => {
    const rows = await tx.query<{ id: string; fonds_id: string; code: string; name: Uint8Array; people: number }>(
      `select u.id, u.fonds_id, u.code, u.name, count(*)::int as people from unit u join account a on a.unit_id = u.id
       where a.role = 'contractor' and not a.disabled and u.merged_into is null group by u.id order by u.code, u.id`,
    );
    return {
      items: rows.map((r) => ({ unitId: r.id, code: r.code, name: unitName(archive, r.id, r.fonds_id, r.name), people: r.people })),
    };
  });
}

/** Own staff see batches with a dossier that they may work upon, a contractor those of its unit. */
function readBatches(tx: DeskTx, { actor }: Desk, scope: Scope, batchId: string | null): Promise<NamedBatch[]> {
  const isContractor = actor.role === 'contractor';
  const seen = scopeSql(scope, 'd', 3);
  const mine = isContractor
    ? { sql: 'b.contractor_unit_id = $3::uuid', params: [actor.unitId] }
    : {
        sql: `exists (select 1 from batch_dossier bd join dossier d on d.id = bd.dossier_id where bd.batch_id = b.id and ${seen.sql})`,
        params: seen.params,
      };
  return tx.query<NamedBatch>(
    `select ${BATCH_COLUMNS}, u.fonds_id as unit_fonds_id, u.name as unit_name from batch b left join unit u on u.id = b.contractor_unit_id
     where ($1::uuid is null or b.id = $1) and ${mine.sql} order by b.id desc limit $2`,
    [batchId, BATCHES_MAX, ...mine.params],
  );
}

type Standing = BatchView['standing'][number];

async function readStanding(tx: DeskTx, batchIds: readonly string[], nowMs: number): Promise<Map<string, Standing[]>> {
  const rows = await tx.query<{ batch_id: string; station: Standing['station']; pass: number; dossiers: number; claimed: number }>(
    `select bd.batch_id, bd.station, bd.pass, count(*)::int as dossiers, count(c.id)::int as claimed from batch_dossier bd
     left join station_claim c on c.dossier_id = bd.dossier_id and c.batch_id = bd.batch_id and c.ended_at_ms is null and c.until_ms > $2
     where bd.batch_id = any($1::uuid[]) group by 1, 2, 3`,
    [batchIds, nowMs],
  );
  const byBatch = new Map<string, Standing[]>();
  for (const { batch_id, ...rest } of rows) byBatch.set(batch_id, [...(byBatch.get(batch_id) ?? []), rest]);
  return byBatch;
}

interface Line {
  readonly dossier_id: string;
  readonly code: string;
  readonly station: string;
  readonly pass: number;
  readonly round: number;
  readonly claim_id: string | null;
  readonly account_id: string | null;
  readonly until_ms: number | null;
}

/** To a contractor the dossiers that it has claimed now: its scope is made of them. */
function readLines(tx: DeskTx, scope: Scope, batchId: string, nowMs: number): Promise<Line[]> {
  const seen = scopeSql(scope, 'd', 3);
  return tx.query<Line>(
    `select bd.dossier_id, d.code, bd.station, bd.pass, bd.round, c.id as claim_id, c.account_id, c.until_ms
     from batch_dossier bd join dossier d on d.id = bd.dossier_id
     left join station_claim c on c.batch_id = bd.batch_id and c.dossier_id = bd.dossier_id and c.ended_at_ms is null and c.until_ms > $2
     where bd.batch_id = $1 and ${seen.sql} order by d.code, bd.dossier_id`,
    [batchId, nowMs, ...seen.params],
  );
}

const viewOf = (archive: Archive, row: NamedBatch, standing: Standing[]): BatchView => ({
  id: row.id,
  code: row.code,
  contractor:
    row.contractor_unit_id && row.unit_fonds_id && row.unit_name
      ? { unitId: row.contractor_unit_id, name: unitName(archive, row.contractor_unit_id, row.unit_fonds_id, row.unit_name) }
      : null,
  sampling: samplingOf(row),
  limitPercent: row.limit_percent,
  claimHours: row.claim_hours,
  createdAtMs: row.created_at_ms,
  dossiers: standing.reduce((n, s) => n + s.dossiers, 0),
  standing,
});
