import type { AnchorVerdict } from '@lantai/log';
import { isArchiveError } from '@lantai/values';
import type { Archive } from '../archive/index.ts';
import { deskTx } from '../desk/index.ts';
import {
  type AnchorRow,
  checkpointOf,
  dropAnchor,
  dueForCheck,
  findWaiting,
  holdAnchor,
  postponeCheck,
  queueAnchor,
} from './anchor-rows.ts';
import { askForCosignature } from './cosign.ts';
import { type AnchorWork, actOf, failureOf, settleFailure } from './failures.ts';
import { openProvider } from './open-provider.ts';
import { liveProviders, noteDone, type ProviderRow, type ProviderSettings } from './provider-rows.ts';

/** What a check of one anchor came to. `unreachable`: the provider could not be asked. */
export interface AnchorCheck {
  readonly provider: string;
  readonly size: number;
  readonly outcome: AnchorVerdict['kind'] | 'unreachable';
  readonly reason: string | null;
}

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** Anchors of one provider that are checked in one round. */
const CHECKS_AT_ONCE = 20;
/**
 * One round: every provider whose time has come is asked for an anchor of the newest checkpoint, and anchors that are due are checked again.
 * A provider's failure is its own: it is noted with the time of the next attempt, and nothing else waits for it, least of all the log.
 */
export async function runAnchors(work: AnchorWork): Promise<void> {
  const { db, clock } = work.archive;
  const providers = await liveProviders(db);
  await Promise.all(
    providers.map(async (provider) => {
      if (provider.next_at_ms <= clock.nowMs()) await askProvider(work, provider);
      await checkDue(work, provider);
    }),
  );
}

/** Asks one provider now for what it owes. */
export async function askProvider(work: AnchorWork, provider: ProviderRow): Promise<void> {
  const { settings } = provider;
  if (settings.kind === 'witness') return askForCosignature(work, provider, settings);
  const { archive } = work;
  const waiting = await nextAnchor(archive, provider);
  if (!waiting) return noteDone(archive.db, provider, archive.clock.nowMs(), false);
  try {
    const held = await (await openProvider(settings, archive)).submit(checkpointOf(waiting));
    // CRASH: anchored, not yet kept; the next attempt finds the same event of a chain, or has the same checkpoint stamped again.
    if (work.isStopping()) return;
    await archive.db.tx(async (raw) => {
      const nowMs = archive.clock.nowMs();
      const tx = deskTx(raw, archive, null, 'administration');
      await holdAnchor(tx, waiting.id, { ...held, nowMs, checkAtMs: nowMs + checkAfterMs(settings, 0) });
      await noteDone(tx, provider, nowMs, true);
      await tx.log(actOf('anchor.held', provider, { size: waiting.size }));
    });
  } catch (error) {
    if (!work.isStopping()) await settleFailure(work, provider, error);
  }
}

/** The anchor to be made: one that waits since before, or one of the newest checkpoint if the log has grown by more than anchors. */
async function nextAnchor({ db, clock, log }: AnchorWork['archive'], provider: ProviderRow): Promise<AnchorRow | null> {
  const waiting = await findWaiting(db, provider.id);
  if (waiting) return waiting;
  const last = await log.findCheckpoint(db);
  if (!last || !(await hasGrown(db, provider.id, last.size))) return null;
  await queueAnchor(db, { id: clock.newId(), providerId: provider.id, size: last.size, nowMs: clock.nowMs() });
  return findWaiting(db, provider.id);
}

/** The entries that anchoring itself leaves are no reason to anchor: a log at rest would grow for ever. */
async function hasGrown(db: Archive['db'], providerId: string, size: number): Promise<boolean> {
  const row = await db.one<{ grown: boolean }>(
    `with held as (select coalesce(max(size), 0) as size from anchor where provider_id = $1 and state = 'held')
     select exists (select 1 from entry e, held where e.position >= held.size and e.position < $2 and (e.actor_id is not null or e.kind not like 'anchor.%')) as grown`,
    [providerId, size],
  );
  return row?.grown ?? false;
}

async function checkDue(work: AnchorWork, provider: ProviderRow): Promise<void> {
  const due = await dueForCheck(work.archive.db, provider.id, work.archive.clock.nowMs(), CHECKS_AT_ONCE);
  for (const row of due) {
    const { outcome } = await checkAnchor(work, provider, row);
    if (outcome === 'unreachable') return;
  }
}

/** Checks one anchor again and settles what that gave: what is gone or wrong is an alarm, and the checkpoint is anchored again. */
export async function checkAnchor(work: AnchorWork, provider: ProviderRow, row: AnchorRow): Promise<AnchorCheck> {
  const { settings } = provider;
  const about = { provider: provider.name, size: row.size };
  if (settings.kind === 'witness' || !row.proof) return { ...about, outcome: 'wrong', reason: 'malformed' };
  let verdict: AnchorVerdict;
  try {
    verdict = await (await openProvider(settings, work.archive)).check(checkpointOf(row), row.proof);
  } catch (error) {
    const { code, reason } = failureOf(error);
    if (!work.isStopping()) await postponeCheck(work.archive.db, row.id, work.archive.clock.nowMs() + HOUR_MS);
    if (isArchiveError(error) && error.fault === 'corruption') work.onAlarm(code, about);
    return { ...about, outcome: 'unreachable', reason: reason ?? code };
  }
  if (!work.isStopping()) await settleCheck(work, provider, row, verdict);
  return { ...about, outcome: verdict.kind, reason: verdict.kind === 'wrong' ? verdict.reason : null };
}

async function settleCheck(work: AnchorWork, provider: ProviderRow, row: AnchorRow, verdict: AnchorVerdict): Promise<void> {
  const { archive } = work;
  const nowMs = archive.clock.nowMs();
  const checkAtMs = nowMs + checkAfterMs(provider.settings, nowMs - row.created_at_ms);
  await archive.db.tx(async (raw) => {
    const tx = deskTx(raw, archive, null, 'administration');
    if (verdict.kind === 'holds' || verdict.kind === 'moved') {
      const proof = verdict.kind === 'moved' ? verdict.proof : row.proof!;
      await holdAnchor(tx, row.id, { proof, atMs: verdict.atMs, nowMs, checkAtMs });
      if (verdict.kind === 'moved') await tx.log(actOf('anchor.moved', provider, { size: row.size }));
      return;
    }
    await dropAnchor(tx, row.id, { state: verdict.kind, reason: verdict.kind === 'wrong' ? verdict.reason : null, nowMs });
    await queueAnchor(tx, { id: archive.clock.newId(), providerId: provider.id, size: row.size, nowMs });
    await tx.query('update anchor_provider set next_at_ms = least(next_at_ms, $2) where id = $1', [provider.id, nowMs]);
    const why = verdict.kind === 'wrong' ? { reason: verdict.reason } : {};
    await tx.log(actOf(`anchor.${verdict.kind}`, provider, { size: row.size, ...why }));
  });
  if (verdict.kind === 'gone' || verdict.kind === 'wrong') work.onAlarm(`anchor/${verdict.kind}`, { name: provider.name, size: row.size });
}

/** A chain may be reordered while an anchor is young; a token only rots with the disk. */
function checkAfterMs(settings: ProviderSettings, ageMs: number): number {
  return settings.kind === 'evm' && ageMs < DAY_MS ? HOUR_MS : 7 * DAY_MS;
}
