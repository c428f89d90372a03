import { type CheckPass, CONTRACTOR_STATIONS, drawSample, type Station, sampleSize } from '@lantai/catalogue';
import { ArchiveError, formatHex } from '@lantai/values';
import type { Archive, Place } from '../archive/index.ts';
import { type Desk, type DeskTx, inScope, madeObjects } from '../desk/index.ts';
import { samePersonSql } from '../organisation/index.ts';
import { BATCH_COLUMNS, type BatchRow, samplingOf } from './station-rows.ts';

/** What somebody takes up (领取): the next dossier that waits at a station of a batch, or the one whose slip is in hand. */
export interface ClaimOrder {
  readonly batchId: string;
  readonly station: Station;
  /** Archival code; null: the next that waits. */
  readonly dossierCode: string | null;
}

/** A dossier that waits. */
interface Waiting {
  readonly dossier_id: string;
  readonly pass: CheckPass;
  readonly round: number;
}

/** What is read of it beyond the claimer's reach. */
interface Told {
  readonly place: Place;
  /** In order of arrival. */
  readonly pageIds: readonly string[];
}

const SEED_BYTES = 8;
const HOUR_MS = 60 * 60_000;

/**
 * Claims a dossier at a station. From then on, and until it is finished, sent back, given back or its time is over, the claim opens the dossier to a
 * contractor as a grant does; own staff reach it by their post.
 * INVARIANT: a contractor claims out of its own batches alone, at its stations, and nothing classified.
 * INVARIANT: the second inspection is by another person than the first and than the one who scanned.
 * @returns the id of the claim
 * @throws ArchiveError `batch/not-found`, `station/own-staff`, `station/nothing-waiting`, `station/same-person`, `batch/classified`, `dossier/not-found` (caller)
 */
export async function claimStation(archive: Archive, desk: Desk, order: ClaimOrder): Promise<string> {
  const scope = desk.scope('station.work');
  const isContractor = desk.actor.role === 'contractor';
  const wanted = order.dossierCode === null ? null : await findByCode(archive, order.batchId, order.dossierCode);
  if (order.dossierCode !== null && wanted === null) throw new ArchiveError('station/nothing-waiting', 'caller');
  return desk.tx(async (tx) => {
    const batch = await getOpenBatch(tx, desk, order.batchId);
    if (isContractor && !CONTRACTOR_STATIONS.includes(order.station)) throw new ArchiveError('station/own-staff', 'caller');
    const waiting = await takeWaiting(tx, desk, order, wanted);
    const told = await readTold(archive, waiting.dossier_id);
    if (!isContractor && !inScope(scope, { ...told.place, dossierId: waiting.dossier_id }))
      throw new ArchiveError('dossier/not-found', 'caller');
    if (isContractor && told.place.level >= desk.classifiedFrom) throw new ArchiveError('batch/classified', 'caller', { dossier: '' });
    if (order.station === 'check' && waiting.pass === 2) await refuseSamePerson(tx, desk, batch.id, waiting);
    return insertClaim(tx, archive, desk, { batch, order, waiting, told });
  });
}

/** The batch, where this account may work in it. One that is another contractor's is not found. */
async function getOpenBatch(tx: DeskTx, { actor }: Desk, batchId: string): Promise<BatchRow> {
  const batch = await tx.one<BatchRow>(`select ${BATCH_COLUMNS} from batch b where b.id = $1`, [batchId]);
  const isMine = actor.role !== 'contractor' || (actor.unitId !== null && batch?.contractor_unit_id === actor.unitId);
  if (!batch || !isMine) throw new ArchiveError('batch/not-found', 'caller');
  return batch;
}

async function findByCode(archive: Archive, batchId: string, code: string): Promise<string | null> {
  const row = await archive.db
    .system('claims')
    .one<{ id: string }>(
      'select d.id from dossier d join batch_dossier bd on bd.dossier_id = d.id where bd.batch_id = $1 and d.code = $2',
      [batchId, code],
    );
  return row?.id ?? null;
}

async function readTold(archive: Archive, dossierId: string): Promise<Told> {
  const sql = archive.db.system('claims');
  const row = await sql.one<{ fonds_id: string; unit_id: string; category: string; level: number }>(
    'select fonds_id, unit_id, category, level from dossier where id = $1',
    [dossierId],
  );
  if (!row) throw new ArchiveError('dossier/not-found', 'caller');
  const pages = await sql.query<{ id: string }>(
    'select id from page where dossier_id = $1 and superseded_by is null order by arrival, id',
    [dossierId],
  );
  const { fonds_id: fondsId, unit_id: unitId, category, level } = row;
  return { place: { fondsId, unitId, category, level }, pageIds: pages.map((p) => p.id) };
}

/** The dossier that waits there, locked, in nobody's hand; a claim whose time is over is no hand. */
async function takeWaiting(tx: DeskTx, desk: Desk, { batchId, station }: ClaimOrder, wanted: string | null): Promise<Waiting> {
  const row = await tx.one<Waiting>(
    `select bd.dossier_id, bd.pass, bd.round from batch_dossier bd
     where bd.batch_id = $1 and bd.station = $2 and ($3::uuid is null or bd.dossier_id = $3)
       and not exists (select 1 from station_claim c where c.dossier_id = bd.dossier_id and c.ended_at_ms is null and c.until_ms > $4)
     order by bd.dossier_id limit 1 for no key update of bd skip locked`,
    [batchId, station, wanted, desk.clock.nowMs()],
  );
  if (!row) throw new ArchiveError('station/nothing-waiting', 'caller');
  return row;
}

async function refuseSamePerson(tx: DeskTx, desk: Desk, batchId: string, { dossier_id, round }: Waiting): Promise<void> {
  const same = await tx.one(
    `select 1 as one from station_claim c where c.batch_id = $1 and c.dossier_id = $2 and c.outcome = 'passed'
       and ((c.station = 'check' and c.pass = 1 and c.round = $3) or c.id = (select max(s.id::text)::uuid from station_claim s
         where s.batch_id = $1 and s.dossier_id = $2 and s.station = 'scan' and s.outcome = 'passed'))
       and ${samePersonSql('$4::uuid', 'c.account_id')} limit 1`,
    [batchId, dossier_id, round, desk.actor.accountId],
  );
  if (same) throw new ArchiveError('station/same-person', 'caller');
}

interface Claiming {
  readonly batch: BatchRow;
  readonly order: ClaimOrder;
  readonly waiting: Waiting;
  readonly told: Told;
}

async function insertClaim(tx: DeskTx, archive: Archive, desk: Desk, { batch, order, waiting, told }: Claiming): Promise<string> {
  const { dossier_id: dossierId, pass, round } = waiting;
  const { clock, actor } = desk;
  const [id, entryId, nowMs] = [clock.newId(), clock.newId(), clock.nowMs()];
  const lapsed = await endLapsed(tx, dossierId, { nowMs, entryId });
  const isCheck = order.station === 'check';
  const seed = isCheck ? formatHex(archive.sealer.primitives.random(SEED_BYTES)) : null;
  const untilMs = nowMs + batch.claim_hours * HOUR_MS;
  const unitId = actor.role === 'contractor' ? actor.unitId : null;
  await tx.query(
    `insert into station_claim (id, batch_id, dossier_id, station, pass, round, account_id, unit_id, from_ms, until_ms, images_in, seed, entry_id)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)`,
    [
      ...[id, batch.id, dossierId, order.station, pass, round, actor.accountId, unitId],
      ...[nowMs, untilMs, told.pageIds.length, seed, entryId],
    ],
  );
  const drawn = seed ? drawSample(seed, told.pageIds, sampleSize(samplingOf(batch), told.pageIds.length)) : [];
  await tx.query(
    'insert into station_page (claim_id, page_id, place) select $1, t.id, t.place from unnest($2::uuid[], $3::integer[]) as t(id, place)',
    [id, drawn, drawn.map((_, at) => at + 1)],
  );
  const params = { station: order.station, pass, round, images: told.pageIds.length, until: untilMs };
  const drawing = seed ? { seed, drawn: drawn.length } : {};
  const changed = [...lapsed, madeObjects('station_claim', [id])];
  const { place } = told;
  await tx.log({ id: entryId, kind: 'station.claimed', place, dossierId, objectId: id, params: { ...params, ...drawing }, changed });
  return id;
}

/** A claim whose time is over is ended by the next: nothing rested on it any more. */
async function endLapsed(tx: DeskTx, dossierId: string, { nowMs, entryId }: { readonly nowMs: number; readonly entryId: string }) {
  const open = await tx.query<{ id: string }>('select id from station_claim where dossier_id = $1 and ended_at_ms is null', [dossierId]);
  if (!open.length) return [];
  const ids = open.map((c) => c.id);
  const watched = await tx.watch('station_claim', ids);
  await tx.query(`update station_claim set ended_at_ms = $2, outcome = 'expired', end_entry_id = $3 where id = any($1::uuid[])`, [
    ids,
    nowMs,
    entryId,
  ]);
  return [watched];
}
