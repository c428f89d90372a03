import type { Sql } from '../db/index.ts';
import { liveProviders } from './provider-rows.ts';

/** What is wrong with the anchors: a code and the provider, for health. */
export interface AnchorProblem {
  readonly code: 'anchor/late' | 'anchor/lost' | 'witness/refused';
  readonly params: Readonly<Record<string, string | number>>;
}

/** Failures in a row from which on silence is said. */
const FAILURES_TO_SAY = 3;
/** Intervals without an anchor after which one is late. */
const LATE_INTERVALS = 3;

/** What should be known of the anchors; null when none is configured. */
export async function findAnchorProblems(sql: Sql, nowMs: number): Promise<readonly AnchorProblem[] | null> {
  const providers = await liveProviders(sql);
  if (!providers.length) return null;
  const problems: AnchorProblem[] = [];
  for (const { name, fault, failures, settings, next_at_ms, interval_ms } of providers) {
    const isSilent = (fault?.endsWith('/unreachable') && failures >= FAILURES_TO_SAY) || nowMs - next_at_ms > LATE_INTERVALS * interval_ms;
    const isWrong = fault !== null && !fault.endsWith('/unreachable');
    if (isWrong && settings.kind === 'witness') problems.push({ code: 'witness/refused', params: { name } });
    else if (isWrong || isSilent) problems.push({ code: 'anchor/late', params: { name } });
  }
  // What was lost counts until the same checkpoint is anchored there again.
  const lost = await sql.query<{ name: string; size: number }>(
    `select p.name, min(a.size) as size from anchor a join anchor_provider p on p.id = a.provider_id
     where a.state in ('gone', 'wrong') and p.ended_at_ms is null
       and not exists (select 1 from anchor b where b.provider_id = a.provider_id and b.size = a.size and b.state = 'held')
     group by 1 order by 1`,
  );
  return [...problems, ...lost.map(({ name, size }) => ({ code: 'anchor/lost', params: { name, size } }) as const)];
}
