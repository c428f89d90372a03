import type { SearchPlan } from '@lantai/search';
import type { Sql } from '../db/index.ts';
import { fetchCandidates, type IndexTable, NEWEST } from './candidates.ts';
import type { Checked } from './page-section.ts';
import type { Count } from './search-result.ts';

/** Counts are exact to here. */
export const COUNT_MAX = 1000;
/**
 * Of so many candidates beyond {@link COUNT_MAX} none need be a hit: two different pairs share a 32-bit token. For more than 16 to do so
 * on pages that match otherwise, at a million pages, has a chance below 10⁻³⁰.
 */
export const COLLISIONS_MAX = 16;
export const CANDIDATES_CAP = COUNT_MAX + 1 + COLLISIONS_MAX;

/** Candidates fetched to tell "1,000+" from fewer: a first handful settles what is common, the second most of the rest. */
const PROBES = [2_500, 16_000] as const;
/** What stands on many pages is met soon by walking back from the newest, long before an index has gone through its lists. */
const WALK_LINES = 25_000;
const WALK_CANDIDATES = 1_700;
/** So many lines are tested first, to see whether words are as dense as the walk needs them. */
const WALK_TRIAL_LINES = 2_000;
/** Sizes of the random samples, one after the other. */
const SAMPLES = [60, 300] as const;
/** Chance accepted that "1,000+" is said of fewer, for each sample taken. */
const ERROR_CHANCE = 1e-10;
const CHUNK = 250;

/** One kind of hit inside one fonds, as counting sees it. */
export interface CountedSection {
  readonly table: IndexTable;
  readonly plan: SearchPlan;
  /** Every candidate is a hit but for collisions: the index holds all there is to know. */
  readonly sure: boolean;
  check(ids: readonly string[]): Promise<readonly Checked[]>;
}

/** A count and the hits it opened on the way. */
export interface Counted {
  readonly count: Count;
  readonly opened: readonly Checked[];
  /** Candidates that were not opened and are hits but for collisions: for facets. */
  readonly unopened: readonly string[];
}

const MORE: Count = { value: COUNT_MAX, more: true };

/**
 * Opens candidates, `chunk` at a time, until more than `stopAbove` are hits or none is left. The database reads the next chunk while this
 * one is unsealed.
 */
export async function openHits(
  section: Pick<CountedSection, 'check'>,
  ids: readonly string[],
  stopAbove: number,
  chunk = CHUNK,
): Promise<Checked[]> {
  const opened: Checked[] = [];
  const chunkAt = (at: number) => {
    const checking = at < ids.length ? section.check(ids.slice(at, at + chunk)) : null;
    // Awaited below; when the chunk before it fails, that error is the one to report.
    checking?.catch(() => undefined);
    return checking;
  };
  let checking = chunkAt(0);
  for (let at = chunk; checking && opened.length <= stopAbove; at += chunk) {
    // Only what must be opened whatever comes is asked for ahead.
    const ahead = stopAbove >= at ? chunkAt(at) : null;
    opened.push(...(await checking));
    checking = ahead ?? (opened.length > stopAbove ? null : chunkAt(at));
  }
  await checking;
  return opened;
}

function sampleOf(ids: readonly string[], size: number): string[] {
  const pool = [...ids];
  for (let i = 0; i < size; i++) {
    const j = i + Math.floor(Math.random() * (pool.length - i));
    [pool[i], pool[j]] = [pool[j]!, pool[i]!];
  }
  return pool.slice(0, size);
}

/** Candidates met on the way back from the newest line; null when they are too sparse for that. */
async function walkFor(tx: Sql, { table, plan }: CountedSection, limit: number): Promise<readonly string[] | null> {
  if (plan.shape !== 'walk') return null;
  const trial = await fetchCandidates(tx, table, 'walk', { plan, before: NEWEST, limit, walkLines: WALK_TRIAL_LINES });
  if (trial.length < (limit * WALK_TRIAL_LINES) / WALK_LINES) return null;
  const ids = await fetchCandidates(tx, table, 'walk', { plan, before: NEWEST, limit, walkLines: WALK_LINES });
  return ids.length < limit ? null : ids;
}

/**
 * Counts the hits of a section to 1,000, beyond that tells only that there are more.
 * Where words make a phrase its candidates must be opened. If there are far more than 1,000, a random sample is: by Chernoff's bound it
 * settles that more than 1,000 of them are hits, with a chance of error below 10⁻⁹ in all, or all are opened after all.
 * @param known candidates at hand
 */
export async function countHits(tx: Sql, section: CountedSection, known: readonly string[]): Promise<Counted> {
  const { table, plan, sure } = section;
  const more = (ids: readonly string[]): Counted => ({ count: MORE, opened: [], unopened: ids.slice(0, COUNT_MAX) });
  if (sure && known.length >= CANDIDATES_CAP) return more(known);
  const walked = await walkFor(tx, section, sure ? CANDIDATES_CAP : WALK_CANDIDATES);
  if (walked && sure) return more(walked);
  const sampled = walked && (await sampleSaysMore(section, walked));
  if (sampled) return { count: MORE, opened: sampled, unopened: [] };
  let all: readonly string[] | null = null;
  for (const limit of sure ? [CANDIDATES_CAP] : PROBES) {
    const ids = await fetchCandidates(tx, table, 'probe', { plan, before: NEWEST, limit });
    if (sure && ids.length >= CANDIDATES_CAP) return more(ids);
    const opened = sure ? null : await sampleSaysMore(section, ids);
    if (opened) return { count: MORE, opened, unopened: [] };
    if (ids.length < limit) {
      all = ids;
      break;
    }
  }
  all ??= await fetchCandidates(tx, table, 'probe', { plan, before: NEWEST, limit: Number.MAX_SAFE_INTEGER });
  const opened = await openHits(section, all, COUNT_MAX);
  return { count: opened.length > COUNT_MAX ? MORE : { value: opened.length, more: false }, opened, unopened: [] };
}

/**
 * The hits among a random sample of candidates, when it settles that more than 1,000 of all are; null when it does not.
 * Chernoff's bound with relative entropy; it holds for sampling without replacement (Hoeffding 1963, theorem 4).
 */
async function sampleSaysMore(section: CountedSection, ids: readonly string[]): Promise<readonly Checked[] | null> {
  const drawn = sampleOf(ids, Math.min(ids.length, SAMPLES.at(-1) ?? 0));
  const opened: Checked[] = [];
  let taken = 0;
  for (const size of SAMPLES) {
    if (ids.length <= COUNT_MAX + size) return null;
    opened.push(...(await section.check(drawn.slice(taken, size))));
    taken = size;
    const [seen, least] = [opened.length / size, COUNT_MAX / ids.length];
    if (seen > least && Math.exp(-size * relativeEntropy(seen, least)) < ERROR_CHANCE) return opened;
  }
  return null;
}

/** How far one share is from another, in nats. */
function relativeEntropy(seen: number, expected: number): number {
  const part = (p: number, q: number) => (p === 0 ? 0 : p * Math.log(p / q));
  return part(seen, expected) + part(1 - seen, 1 - expected);
}

/** Counts to the end by opening every candidate. */
export async function countAll(tx: Sql, section: CountedSection): Promise<Counted> {
  const ids = await fetchCandidates(tx, section.table, 'probe', { plan: section.plan, before: NEWEST, limit: Number.MAX_SAFE_INTEGER });
  const opened = await openHits(section, ids, Number.POSITIVE_INFINITY);
  return { count: { value: opened.length, more: false }, opened, unopened: [] };
}
