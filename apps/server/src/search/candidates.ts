import type { SearchPlan, TokenNeeds } from '@lantai/search';
import type { Sql } from '../db/index.ts';
import { statementName } from './prepared.ts';

/** A table of the index. */
export interface IndexTable {
  readonly table: 'page_gram' | 'catalogue_gram';
  readonly id: 'page_id' | 'id';
}

export const PAGE_INDEX: IndexTable = { table: 'page_gram', id: 'page_id' };
export const CATALOGUE_INDEX: IndexTable = { table: 'catalogue_gram', id: 'id' };

/** Above every id: where the newest begins. */
export const NEWEST = 'ffffffff-ffff-ffff-ffff-ffffffffffff';

/** How a statement goes about it; see {@link SearchPlan}. `probe` is `index` without order: enough to count. */
export type Shape = 'index' | 'walk' | 'probe';

/** One statement that fetches candidates. */
export interface CandidateStatement {
  /** For the prepared statement: one name, one text. */
  readonly name: string;
  readonly text: string;
  readonly params: readonly unknown[];
}

/** What to fetch. */
export interface CandidateRequest {
  readonly plan: SearchPlan;
  /** Only ids below this one. */
  readonly before: string;
  readonly limit: number;
  /** For `walk`: how many lines it may look at. */
  readonly walkLines?: number;
}

/**
 * The statement of a shape. Conditions are the same in each; only the way differs, and PostgreSQL is left no other: its own choice rests on
 * statistics that take no account of pairs going together, and at a million pages it was wrong by a factor of 300.
 */
export function candidateStatement({ table, id }: IndexTable, shape: Shape, request: CandidateRequest): CandidateStatement {
  const { plan, before, limit } = request;
  const params: unknown[] = [before, limit];
  const holds = holdsSql(plan, shape, params);
  // An inner limit (or `offset 0`) is a wall to the planner: it can neither carry the words into the walk nor the order into the index.
  if (shape === 'walk') {
    params.push(request.walkLines ?? limit);
    const lines = `select ${id}, g, filing_count from ${table} where ${id} < $1::uuid order by ${id} desc limit $${params.length}`;
    const text = `select ${id} as id from (${lines}) line where ${soughtFirst(plan, holds, params)} limit $2`;
    return { name: statementName(text), params, text };
  }
  // `is true` keeps the primary key out of it: with it a bitmap of half the table would be made beside that of the words.
  const matches = `select ${id} as id from ${table} where ${holds} and (${id} < $1::uuid) is true offset 0`;
  const text = `select id from (${matches}) line${shape === 'index' ? ' order by id desc' : ''} limit $2`;
  return { name: statementName(text), params, text };
}

/**
 * The condition of a walk. `@>` takes a line's whole array apart, 1.6 µs of the 2.2 that a line costs; what is sought by halving takes 0.2.
 * The first `filing_count` tokens stand outside the order. Halving meets them only for tokens below the one at `2 * filing_count + 2`,
 * of which nothing is said here. `case`, because PostgreSQL would test first what it thinks cheaper.
 */
function soughtFirst({ sought }: SearchPlan, holds: string, params: unknown[]): string {
  if (!sought.length) return holds;
  const isThere = sought.map((token) => {
    const at = `$${params.push(token)}::integer`;
    return `(g[width_bucket(${at}, g)] = ${at} or coalesce(${at} <= g[2 * filing_count + 2], true))`;
  });
  return `case when ${isThere.join(' and ')} then ${holds} else false end`;
}

/** What a line must hold. `is true` around what the plan leaves to be tested keeps it out of the index. */
function holdsSql(plan: SearchPlan, shape: Shape, params: unknown[]): string {
  const conditions: string[] = [];
  const add = (condition: string, tokens: readonly number[], inIndex: boolean) => {
    if (!tokens.length) return;
    const text = condition.replace('?', `$${params.push(tokens)}::integer[]`);
    conditions.push(inIndex || shape === 'walk' ? text : `(${text}) is true`);
  };
  add('g @> ?', plan.all.slice(0, plan.inIndex.all), true);
  for (const [i, group] of plan.anyOf.entries()) add('g && ?', group, i < plan.inIndex.anyOf);
  add('g @> ?', plan.all.slice(plan.inIndex.all), false);
  for (const needs of plan.none ?? []) conditions.push(`not (${noneSql(needs, params)})`);
  return conditions.join(' and ') || 'true';
}

/**
 * What a line must not fulfil, over the first elements of its array, which say where it is filed.
 * An index cannot look for what is missing: this is tested on the lines that the words found, in the same statement.
 */
function noneSql(needs: TokenNeeds, params: unknown[]): string {
  const parts: string[] = [];
  if (needs.all.length) parts.push(`g[1:filing_count] @> $${params.push(needs.all)}::integer[]`);
  for (const group of needs.anyOf) parts.push(`g[1:filing_count] && $${params.push(group)}::integer[]`);
  for (const inner of needs.none ?? []) parts.push(`not (${noneSql(inner, params)})`);
  return parts.join(' and ') || 'true';
}

/** Candidates of one shape; newest first but for `probe`. */
export async function fetchCandidates(tx: Sql, table: IndexTable, shape: Shape, request: CandidateRequest): Promise<string[]> {
  const { name, text, params } = candidateStatement(table, shape, request);
  const rows = await tx.queryNamed<{ id: string }>(name, text, params);
  return rows.map((r) => r.id);
}

/** Lines looked at for each hit wanted: one match in 150 lines is the least that makes walking the quicker way. */
const WALK_LINES_PER_HIT = 150;
/** A walk that met a sixth of what was wanted goes on for so many lines more at most: intersecting lists that dense takes longer. */
const WALK_ON_LINES_MAX = 16_000;
const WALK_ON_SHARE = 6;

/** Candidates, newest first. */
export interface Candidates {
  readonly ids: readonly string[];
  /** No others follow. */
  readonly complete: boolean;
}

/**
 * The newest candidates.
 * @param want how many are to be shown; a walk stops there. @param cap how many may come when all are fetched anyway
 */
export async function newestCandidates(
  tx: Sql,
  table: IndexTable,
  plan: SearchPlan,
  before: string,
  want: number,
  cap: number,
): Promise<Candidates> {
  const walked = plan.shape === 'walk' ? await walkBack(tx, table, plan, before, want) : null;
  if (walked) return { ids: walked, complete: false };
  const ids = await fetchCandidates(tx, table, 'index', { plan, before, limit: cap });
  return { ids, complete: ids.length < cap };
}

/** The newest candidates by walking; null when they are too sparse for that. */
async function walkBack(tx: Sql, table: IndexTable, plan: SearchPlan, before: string, want: number): Promise<string[] | null> {
  const walkLines = want * WALK_LINES_PER_HIT;
  const ids = await fetchCandidates(tx, table, 'walk', { plan, before, limit: want, walkLines });
  const last = ids.at(-1);
  const missing = want - ids.length;
  if (missing === 0) return ids;
  // Three times as far as the rest should take at the density met: a walk that meets them sooner ends there, and what lies between the last hit and where the walk ended is walked twice.
  const onLines = Math.ceil((3 * missing * walkLines) / Math.max(1, ids.length));
  if (last === undefined || ids.length * WALK_ON_SHARE < want) return null;
  const more = await fetchCandidates(tx, table, 'walk', {
    plan,
    before: last,
    limit: missing,
    walkLines: Math.min(onLines, WALK_ON_LINES_MAX),
  });
  return more.length === missing ? [...ids, ...more] : null;
}
