import { ArchiveError } from '@lantai/values';
import type { Desk, DeskTx } from '../desk/index.ts';
import { DELETABLE_CATEGORIES, type DeletionGround } from './law.ts';
import { readLimit } from './limits.ts';
import type { RequestRow } from './request-rows.ts';

/** What a deletion rests on. */
export interface DeletionTerms {
  readonly ground: DeletionGround;
  /** Of `retention_over`: the day the labour relation ended, `YYYY-MM-DD`. */
  readonly endedOn?: string | undefined;
  /** Of `retention_over`, once decided: when the retention ended. */
  readonly untilMs?: number | null | undefined;
}

const MINUTE_MS = 60_000;

/** The first moment of the day on which data kept for so many whole years from this day may be destroyed, on the archive's clock. */
export function retainedUntilMs(endedOn: string, years: number, utcOffsetMinutes: number): number {
  const [year, month, day] = endedOn.split('-').map(Number);
  // 29 February counts to 1 March of a common year: later, never earlier.
  return Date.UTC((year ?? 0) + years, (month ?? 1) - 1, day ?? 1) - utcOffsetMinutes * MINUTE_MS;
}

/**
 * Whether the law lets this dossier be destroyed. Checked at the decision and again at the second approval.
 * @returns when its retention ended; null where another ground holds
 * @throws ArchiveError (caller) `destruction/kept-by-law` with the category: 个人信息保护法第四十七条第二款 asks to restrict instead;
 * `destruction/retention` with the first day it may be; `destruction/consent-in-force`; `destruction/terms-needed`
 */
export async function checkDeletion(
  tx: DeskTx,
  desk: Desk,
  request: Pick<RequestRow, 'dossier_id'>,
  terms: DeletionTerms | undefined,
): Promise<number | null> {
  const now = await tx.one<{ category: string }>('select category from dossier where id = $1', [request.dossier_id]);
  if (!now) throw new ArchiveError('dossier/not-found', 'caller');
  if (!DELETABLE_CATEGORIES.includes(now.category)) throw new ArchiveError('destruction/kept-by-law', 'caller', { category: now.category });
  if (!terms) throw new ArchiveError('destruction/terms-needed', 'caller');
  if (terms.ground === 'retention_over') {
    const untilMs =
      terms.untilMs ??
      (terms.endedOn ? retainedUntilMs(terms.endedOn, await readLimit(tx, 'employeeRetentionYears'), desk.utcOffsetMinutes) : null);
    if (untilMs === null) throw new ArchiveError('destruction/terms-needed', 'caller');
    if (Number.isNaN(untilMs) || untilMs > desk.clock.nowMs()) throw new ArchiveError('destruction/retention', 'caller', { untilMs });
    return untilMs;
  }
  if (terms.ground === 'consent_withdrawn') {
    // 劳动合同法第五十条第三款 keeps the contract whatever was consented to.
    if (now.category === 'labour_contract') throw new ArchiveError('destruction/kept-by-law', 'caller', { category: now.category });
    const c = await tx.one<{ open: number; withdrawn: number }>(
      `select count(*) filter (where c.withdrawn_at_ms is null)::int as open, count(*) filter (where c.withdrawn_at_ms is not null)::int as withdrawn
       from consent c join notice n on (n.code, n.version) = (c.notice_code, c.notice_version) where c.dossier_id = $1 and n.kind <> 'notice'`,
      [request.dossier_id],
    );
    if (!c?.withdrawn || c.open) throw new ArchiveError('destruction/consent-in-force', 'caller');
  }
  return null;
}
