import type { CheckPass, Sampling, Station } from '@lantai/catalogue';
import { ArchiveError } from '@lantai/values';
import type { Sealer } from '../archive/index.ts';
import type { Sql } from '../db/index.ts';

/** A batch (批次) as kept. */
export interface BatchRow {
  readonly id: string;
  readonly fonds_id: string;
  readonly code: string;
  readonly contractor_unit_id: string | null;
  readonly sampling: Sampling['kind'];
  readonly sample_size: number | null;
  readonly limit_percent: number;
  readonly claim_hours: number;
  readonly created_at_ms: number;
}

export const BATCH_COLUMNS =
  'b.id, b.fonds_id, b.code, b.contractor_unit_id, b.sampling, b.sample_size, b.limit_percent, b.claim_hours, b.created_at_ms';

/** How a batch is sampled. */
export const samplingOf = ({ sampling, sample_size }: Pick<BatchRow, 'sampling' | 'sample_size'>): Sampling =>
  sampling === 'full' ? { kind: 'full' } : { kind: sampling, size: sample_size ?? 1 };

/** How a claim ended. */
export type ClaimOutcome = 'passed' | 'returned' | 'released' | 'expired';

/** A claim (领取) as kept. */
export interface ClaimRow {
  readonly id: string;
  readonly batch_id: string;
  readonly dossier_id: string;
  readonly station: Station;
  readonly pass: CheckPass;
  readonly round: number;
  readonly account_id: string;
  readonly unit_id: string | null;
  readonly from_ms: number;
  readonly until_ms: number;
  readonly ended_at_ms: number | null;
  readonly outcome: ClaimOutcome | null;
  readonly to_station: Station | null;
  readonly images_in: number;
  readonly images_out: number | null;
  readonly seed: string | null;
  readonly reason: Uint8Array | null;
}

export const CLAIM_COLUMNS = `c.id, c.batch_id, c.dossier_id, c.station, c.pass, c.round, c.account_id, c.unit_id, c.from_ms, c.until_ms,
  c.ended_at_ms, c.outcome, c.to_station, c.images_in, c.images_out, c.seed, c.reason`;

/**
 * The claim of this account that is open now, locked. Another's is not found, as what is not there; one whose time is over opens nothing.
 * @throws ArchiveError `claim/not-found`, `claim/over` (caller)
 */
export async function getOwnClaim(
  tx: Pick<Sql, 'one'>,
  claimId: string,
  { accountId, nowMs, locked }: { readonly accountId: string; readonly nowMs: number; readonly locked: boolean },
): Promise<ClaimRow> {
  const row = await tx.one<ClaimRow>(
    `select ${CLAIM_COLUMNS} from station_claim c where c.id = $1 and c.account_id = $2${locked ? ' for no key update of c' : ''}`,
    [claimId, accountId],
  );
  if (!row) throw new ArchiveError('claim/not-found', 'caller');
  if (row.ended_at_ms !== null || row.until_ms <= nowMs) throw new ArchiveError('claim/over', 'caller');
  return row;
}

const place = (rowId: string) => ({ table: 'station_claim', column: 'reason', rowId, version: 1 });

/** Seals why a dossier was sent back; null when nothing was said. */
export const sealReason = (sealer: Sealer, claim: { id: string; dossierId: string }, reason: string): Uint8Array | null =>
  sealer.seal({ kind: 'dossier', id: claim.dossierId }, place(claim.id), reason || null);

/** Opens it. @throws ArchiveError `column/corrupt` (corruption) */
export const openReason = (sealer: Sealer, claim: Pick<ClaimRow, 'id' | 'dossier_id' | 'reason'>): string =>
  sealer.open({ kind: 'dossier', id: claim.dossier_id }, place(claim.id), claim.reason) ?? '';
