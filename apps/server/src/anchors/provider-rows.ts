import type { AnchorKind } from '@lantai/log';
import type { Sql } from '../db/index.ts';

/** What is set for a provider; `kind` says which. Addresses of contracts in lower case. */
export type ProviderSettings =
  | { readonly kind: 'rfc3161'; readonly url: string; readonly roots: string }
  | { readonly kind: 'evm'; readonly url: string; readonly chainId: number; readonly contract: string; readonly confirmations: number }
  | { readonly kind: 'witness'; readonly url: string; readonly key: string };
export type ProviderKind = AnchorKind | 'witness';

/** A provider as its row has it. */
export interface ProviderRow {
  readonly id: string;
  readonly name: string;
  readonly settings: ProviderSettings;
  readonly interval_ms: number;
  readonly created_at_ms: number;
  readonly ended_at_ms: number | null;
  readonly next_at_ms: number;
  readonly done_at_ms: number | null;
  readonly failures: number;
  readonly fault: string | null;
  readonly fault_reason: string | null;
}

const COLUMNS = 'id, name, settings, interval_ms, created_at_ms, ended_at_ms, next_at_ms, done_at_ms, failures, fault, fault_reason';

/** Every provider that is asked, oldest first. */
export function liveProviders(sql: Sql): Promise<ProviderRow[]> {
  return sql.query<ProviderRow>(`select ${COLUMNS} from anchor_provider where ended_at_ms is null order by id`);
}

/** Every provider there ever was. */
export function allProviders(sql: Sql): Promise<ProviderRow[]> {
  return sql.query<ProviderRow>(`select ${COLUMNS} from anchor_provider order by id`);
}

/** A provider did what it was asked: it is asked next after its interval. */
export async function noteDone(sql: Sql, provider: ProviderRow, nowMs: number, didAnchor: boolean): Promise<void> {
  await sql.query(
    `update anchor_provider set failures = 0, fault = null, fault_reason = null, next_at_ms = $2, done_at_ms = case when $3 then $4 else done_at_ms end
     where id = $1`,
    [provider.id, nowMs + provider.interval_ms, didAnchor, nowMs],
  );
}

/** A provider failed: when it is asked again, and why. */
export async function noteFailure(
  sql: Sql,
  provider: ProviderRow,
  failure: { readonly code: string; readonly reason: string | null; readonly nextAtMs: number },
): Promise<void> {
  await sql.query('update anchor_provider set failures = failures + 1, fault = $2, fault_reason = $3, next_at_ms = $4 where id = $1', [
    provider.id,
    failure.code,
    failure.reason,
    failure.nextAtMs,
  ]);
}
