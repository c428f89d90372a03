import type { TokenFrequencies } from '@lantai/search';
import type { Sealer } from '../archive/index.ts';
import type { Db, Sql } from '../db/index.ts';

/** What a search knows of the index beforehand. */
export interface IndexFrequencies extends TokenFrequencies {
  /** Distinct tokens of a line on average, for weighing long texts. */
  readonly meanLength: number;
}

const SAMPLE_LINES = 10_000;
/** Seen less often in the sample, a token may be anything rarer. */
const SEEN_MIN = 5;
const RELOAD_MS = 10 * 60_000;

interface SampleRow {
  line_count: number;
  sampled_count: number;
  mean_length: number;
}

/**
 * Counts tokens over a sample of some 10,000 pages, for choosing plans. A job's work, daily and after large imports: it takes seconds.
 * Until it has run, searches read the index, which is right for small archives.
 */
export async function refreshFrequencies(db: Db, nowMs: number): Promise<void> {
  await db.tx(async (tx) => {
    const row = await tx.one<{ n: number }>('select count(*) as n from page_gram');
    const lineCount = Number(row?.n ?? 0);
    const percent = Math.min(100, (100 * SAMPLE_LINES) / Math.max(1, lineCount));
    await tx.query('delete from gram_frequency');
    await tx.query('delete from gram_sample');
    await tx.query(
      `with line as materialized (select g from page_gram tablesample system ($1)),
       sample as (select count(*)::int as n, coalesce(avg(cardinality(g)), 0)::real as mean from line),
       counted as (
         insert into gram_frequency
         select token, (count(*) / (select n from sample)::real)::real from line, unnest(line.g) as token group by token having count(*) >= $2
       )
       insert into gram_sample (line_count, sampled_count, mean_length, sampled_at_ms) select $3, n, mean, $4 from sample`,
      [percent, SEEN_MIN, lineCount, nowMs],
    );
  });
}

const STALE_MS = 24 * 3600_000;
/** Grown or shrunk by so much, the index is another one. */
const STALE_GROWTH = 0.25;
/** Below so many lines every plan is quick. */
const SMALL_INDEX = 5000;

/**
 * Counts anew when the last count is missing, a day old, or the index has changed by a quarter since. Looking costs a millisecond: call it
 * every few minutes from the process that serves, and after large imports.
 * @returns whether it counted
 */
export async function refreshStaleFrequencies(db: Db, sealer: Sealer, nowMs: number): Promise<boolean> {
  const row = await db.one<{ lines: number; line_count: number | null; sampled_at_ms: number | null }>(
    `select greatest(0, c.reltuples)::float8 as lines, s.line_count, s.sampled_at_ms from pg_class c left join gram_sample s on true where c.oid = 'page_gram'::regclass`,
  );
  const lines = row?.lines ?? 0;
  const counted = row?.line_count ?? 0;
  if (lines < SMALL_INDEX && counted < SMALL_INDEX) return false;
  const fresh = nowMs - (row?.sampled_at_ms ?? 0) < STALE_MS && Math.abs(lines - counted) <= counted * STALE_GROWTH;
  if (fresh) return false;
  await refreshFrequencies(db, nowMs);
  forgetFrequencies(sealer);
  return true;
}

const UNKNOWN: IndexFrequencies = { lineCount: 0, rareShare: 0, meanLength: 300, share01: () => 0 };

async function load(sql: Sql): Promise<IndexFrequencies> {
  const sample = await sql.one<SampleRow>('select line_count, sampled_count, mean_length from gram_sample');
  if (!sample?.sampled_count) return UNKNOWN;
  const rows = await sql.query<{ token: number; share01: number }>('select token, share01 from gram_frequency');
  const shares = new Map(rows.map((r) => [r.token, r.share01]));
  const rareShare = SEEN_MIN / sample.sampled_count;
  return { lineCount: sample.line_count, rareShare, meanLength: sample.mean_length, share01: (token) => shares.get(token) ?? rareShare };
}

const loaded = new WeakMap<Sealer, { atMs: number; frequencies: Promise<IndexFrequencies> }>();

/** The frequencies of an open archive, read again every ten minutes. */
export function frequenciesOf(sql: Sql, sealer: Sealer, nowMs: number): Promise<IndexFrequencies> {
  const known = loaded.get(sealer);
  if (known && nowMs - known.atMs < RELOAD_MS && nowMs >= known.atMs) return known.frequencies;
  const frequencies = load(sql);
  loaded.set(sealer, { atMs: nowMs, frequencies });
  // A failed read must not be remembered; the caller gets the error.
  frequencies.catch(() => loaded.delete(sealer));
  return frequencies;
}

/** Forgets what was read, after {@link refreshFrequencies} in this process. */
export const forgetFrequencies = (sealer: Sealer): void => void loaded.delete(sealer);
