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

const PROBE_MAX = 16_000;
const SAMPLE = 300;
/** Chance accepted that "1,000+" is said of fewer. */
const ERROR_CHANCE = 1e-9;
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

/** Opens candidates, `chunk` at a time, until more than `stopAbove` are hits or none is left. */
export async function openHits(
  section: Pick<CountedSection, 'check'>,
  ids: readonly string[],
  stopAbove: number,
  chunk = CHUNK,
): Promise<Checked[]> {
  const opened: Checked[] = [];
  for (let at = 0; at < ids.length && opened.length <= stopAbove; at += chunk)
    opened.push(...(await section.check(ids.slice(at, at + chunk))));
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

/**
 * Counts the hits of a section to 1,000, beyond that tells only that there are more.
 * Where words make a phrase its candidates must be opened. If there are far more than 1,000, a random sample of 300 is: by Hoeffding's
 * inequality it settles that more than 1,000 of them are hits, with a chance of error below 10⁻⁹, or all are opened after all.
 * @param known candidates at hand
 */
export async function countHits(tx: Sql, section: CountedSection, known: readonly string[]): Promise<Counted> {
  const { table, plan, sure } = section;
  if (sure && known.length >= CANDIDATES_CAP) return { count: MORE, opened: [], unopened: known.slice(0, COUNT_MAX) };
  const limit = sure ? CANDIDATES_CAP : PROBE_MAX;
  const ids = await fetchCandidates(tx, table, 'probe', { plan, before: NEWEST, limit });
  if (sure && ids.length >= CANDIDATES_CAP) return { count: MORE, opened: [], unopened: ids.slice(0, COUNT_MAX) };
  if (ids.length > COUNT_MAX + SAMPLE) {
    const opened = await section.check(sampleOf(ids, SAMPLE));
    const margin = opened.length / SAMPLE - COUNT_MAX / ids.length;
    if (margin > 0 && Math.exp(-2 * SAMPLE * margin ** 2) < ERROR_CHANCE) return { count: MORE, opened, unopened: [] };
  }
  const all =
    ids.length < limit ? ids : await fetchCandidates(tx, table, 'probe', { plan, before: NEWEST, limit: Number.MAX_SAFE_INTEGER });
  const opened = await openHits(section, all, COUNT_MAX);
  return { count: opened.length > COUNT_MAX ? MORE : { value: opened.length, more: false }, opened, unopened: [] };
}

/** Counts to the end by opening every candidate. */
export async function countAll(tx: Sql, section: CountedSection): Promise<Counted> {
  const ids = await fetchCandidates(tx, section.table, 'probe', { plan: section.plan, before: NEWEST, limit: Number.MAX_SAFE_INTEGER });
  const opened = await openHits(section, ids, Number.POSITIVE_INFINITY);
  return { count: { value: opened.length, more: false }, opened, unopened: [] };
}
