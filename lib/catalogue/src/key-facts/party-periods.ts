import type { PartialDate } from '@lantai/values';

/** How the Party date was reckoned in one period (入党时间、党龄起算). */
export interface PartyPeriod {
  /** First day, `1921-07-01`. */
  readonly from: string;
  /** What made the date: the meeting of the branch, or the approval of the superior committee. */
  readonly dateIs: 'approval' | 'meeting';
  /** Months of probation that there were, shortest first; empty: none, and membership counts from the same day. */
  readonly probationMonths: readonly number[];
}

/** The nine periods. Source: domain rules §3.3. */
export const PARTY_PERIODS: readonly PartyPeriod[] = [
  { from: '1921-07-01', dateIs: 'approval', probationMonths: [] },
  { from: '1923-06-10', dateIs: 'approval', probationMonths: [3, 6] },
  { from: '1927-04-27', dateIs: 'approval', probationMonths: [0, 3] },
  { from: '1928-06-18', dateIs: 'approval', probationMonths: [] },
  { from: '1945-04-23', dateIs: 'approval', probationMonths: [6, 12, 24] },
  { from: '1956-09-15', dateIs: 'meeting', probationMonths: [12] },
  { from: '1969-04-01', dateIs: 'approval', probationMonths: [] },
  { from: '1977-08-12', dateIs: 'approval', probationMonths: [12] },
  { from: '1982-09-06', dateIs: 'meeting', probationMonths: [12] },
];

/**
 * The period a date lies in, from 1, or both where a date without its day may lie in two; empty before the Party was founded.
 */
export function partyPeriodsOf({ year, month, day }: PartialDate): number[] {
  const two = (n: number) => String(n).padStart(2, '0');
  const first = `${year}-${two(month ?? 1)}-${two(day ?? 1)}`;
  const last = `${year}-${two(month ?? 12)}-${two(day ?? 31)}`;
  return PARTY_PERIODS.flatMap((period, at) => {
    const next = PARTY_PERIODS[at + 1]?.from;
    return period.from <= last && (next === undefined || first < next) ? [at + 1] : [];
  });
}
