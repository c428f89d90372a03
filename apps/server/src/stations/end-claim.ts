import { returnsFrom, type Standing, type Station, standingAfter } from '@lantai/catalogue';
import { ArchiveError } from '@lantai/values';
import type { Archive, Place } from '../archive/index.ts';
import { fileDossier } from '../catalogue/index.ts';
import { countImages, readSlipsInForce } from '../counting/index.ts';
import { type Desk, type DeskTx, inScope, type Scope } from '../desk/index.ts';
import { readPlace } from './claimed-place.ts';
import { readInspection } from './inspection-rows.ts';
import { CLAIM_COLUMNS, type ClaimOutcome, type ClaimRow, getOwnClaim, sealReason } from './station-rows.ts';

/**
 * Finishes the work at a station and hands the dossier on (完成移交).
 * CRASH: at acceptance the dossier is filed first, in a transaction of its own: after it the claim is open still and is finished again.
 * @throws ArchiveError `claim/not-found`, `claim/over`, `slip/none`, `station/no-images`, `station/unjudged`, `station/failed`, `filing/exception-open`,
 *   `filing/not-counterchecked`, `filing/not-checked`, `filing/check-failed`, `filing/check-unanswered`, `desk/not-allowed` (caller)
 */
export async function finishClaim(archive: Archive, desk: Desk, claimId: string): Promise<void> {
  const { claim } = await readOwn(desk, claimId);
  if (claim.station === 'accept') await fileAccepted(archive, desk, claim.dossier_id);
  await desk.act('station.work', async (tx, scope) => {
    const own = await getReached(tx, desk, scope, claimId);
    await checkWork(tx, own.claim);
    const next = standingAfter(own.claim.station, own.claim.pass);
    await endClaim(tx, desk, own, { outcome: 'passed', next, round: own.claim.round, kind: 'station.finished' });
  });
}

/**
 * Sends a dossier back (返工) to a station before, with defects marked or words that say why.
 * @throws ArchiveError `claim/not-found`, `claim/over`, `station/no-way-back`, `station/reason-needed` (caller)
 */
export function returnClaim(
  desk: Desk,
  claimId: string,
  { toStation, reason }: { readonly toStation: Station; readonly reason: string },
): Promise<void> {
  return desk.act('station.work', async (tx, scope) => {
    const own = await getReached(tx, desk, scope, claimId);
    if (!returnsFrom(own.claim.station).includes(toStation)) throw new ArchiveError('station/no-way-back', 'caller');
    const marked = await tx.one('select 1 as one from station_defect where claim_id = $1 limit 1', [claimId]);
    if (!marked && !reason.trim()) throw new ArchiveError('station/reason-needed', 'caller');
    const next: Standing = { station: toStation, pass: 1 };
    const round = own.claim.round + 1;
    await endClaim(tx, desk, own, { outcome: 'returned', next, round, kind: 'station.returned', reason: reason.trim() });
  });
}

/**
 * Gives a dossier back unfinished (退领): it waits at its station again. By who claimed it, or by whoever may change the dossier.
 * @throws ArchiveError `claim/not-found`, `claim/over` (caller)
 */
export function releaseClaim(desk: Desk, claimId: string): Promise<void> {
  const isKeeper = desk.may('dossier.change');
  return desk.act(isKeeper ? 'dossier.change' : 'station.work', async (tx, scope) => {
    const own = isKeeper ? await getAny(tx, scope, claimId) : await getReached(tx, desk, scope, claimId);
    const { station, pass, round } = own.claim;
    await endClaim(tx, desk, own, { outcome: 'released', next: { station, pass }, round, kind: 'station.released' });
  });
}

interface Reached {
  readonly claim: ClaimRow;
  readonly place: Place;
}

const readOwn = (desk: Desk, claimId: string): Promise<Reached> =>
  desk.act('station.work', (tx, scope) => getReached(tx, desk, scope, claimId));

/** The own claim with the dossier's place. A dossier that the policy closed since is not found. */
async function getReached(tx: DeskTx, desk: Desk, scope: Scope, claimId: string): Promise<Reached> {
  const claim = await getOwnClaim(tx, claimId, { accountId: desk.actor.accountId, nowMs: desk.clock.nowMs(), locked: true });
  const place = await readPlace(tx, claim.dossier_id);
  if (!place || !inScope(scope, { ...place, dossierId: claim.dossier_id })) throw new ArchiveError('claim/not-found', 'caller');
  return { claim, place };
}

/** Anybody's claim upon a dossier that the scope reaches. */
async function getAny(tx: DeskTx, scope: Scope, claimId: string): Promise<Reached> {
  const claim = await tx.one<ClaimRow>(`select ${CLAIM_COLUMNS} from station_claim c where c.id = $1 for no key update of c`, [claimId]);
  const place = claim && (await readPlace(tx, claim.dossier_id));
  if (!claim || !place || !inScope(scope, { ...place, dossierId: claim.dossier_id })) throw new ArchiveError('claim/not-found', 'caller');
  if (claim.ended_at_ms !== null) throw new ArchiveError('claim/over', 'caller');
  return { claim, place };
}

async function fileAccepted(archive: Archive, desk: Desk, dossierId: string): Promise<void> {
  try {
    await fileDossier(archive, desk, dossierId);
  } catch (error) {
    // Filed before, by the act itself or by a finish that did not come to its end: that is what is wanted here. Anything else is no such thing.
    if (!(error instanceof ArchiveError && error.code === 'filing/filed-already')) throw error;
  }
}

/** What must have been done at a station before it is finished. */
async function checkWork(tx: DeskTx, claim: ClaimRow): Promise<void> {
  const { station, dossier_id: dossierId } = claim;
  if (station === 'take_out' && !(await readSlipsInForce(tx, [dossierId])).has(dossierId)) throw new ArchiveError('slip/none', 'caller');
  if (station === 'scan' && !(await countImages(tx, [dossierId])).has(dossierId)) throw new ArchiveError('station/no-images', 'caller');
  if (station !== 'check') return;
  const { verdict } = await readInspection(tx, claim);
  if (verdict === 'open') throw new ArchiveError('station/unjudged', 'caller');
  if (verdict === 'fail') throw new ArchiveError('station/failed', 'caller');
}

interface Ending {
  readonly outcome: ClaimOutcome;
  readonly next: Standing;
  readonly round: number;
  readonly kind: string;
  readonly reason?: string;
}

async function endClaim(tx: DeskTx, desk: Desk, { claim, place }: Reached, { outcome, next, round, kind, reason }: Ending): Promise<void> {
  const { id, batch_id: batchId, dossier_id: dossierId } = claim;
  const line = `${batchId}/${dossierId}`;
  const changed = [await tx.watch('batch_dossier', [line]), await tx.watch('station_claim', [id])];
  const [entryId, nowMs] = [desk.clock.newId(), desk.clock.nowMs()];
  const images = (await countImages(tx, [dossierId])).get(dossierId)?.images ?? 0;
  const sealed = sealReason(desk.sealer, { id, dossierId }, reason ?? '');
  const toStation = outcome === 'returned' ? next.station : null;
  await tx.query(
    `update station_claim set ended_at_ms = $2, outcome = $3, to_station = $4, images_out = $5, reason = $6, end_entry_id = $7 where id = $1`,
    [id, nowMs, outcome, toStation, images, sealed, entryId],
  );
  await tx.query('update batch_dossier set station = $3, pass = $4, round = $5 where batch_id = $1 and dossier_id = $2', [
    ...[batchId, dossierId],
    ...[next.station, next.pass, round],
  ]);
  const params = { station: claim.station, pass: claim.pass, to: next.station, round, images, holder: claim.account_id };
  await tx.log({ id: entryId, kind, place, dossierId, objectId: id, params, changed });
}
