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
  const params: unknown[] = [before, limit, plan.all];
  const conditions = ['g @> $3::integer[]'];
  for (const group of plan.anyOf) {
    params.push(group);
    conditions.push(`g && $${params.length}::integer[]`);
  }
  conditions.push(...(plan.none ?? []).map((needs) => `not (${noneSql(needs, params)})`));
  // One name, one text: what must be missing makes too many shapes to name them by hand.
  const nameOf = (text: string) => (plan.none?.length ? statementName(text) : `search-${table}-${shape}-${plan.anyOf.length}`);
  const holds = conditions.join(' and ');
  // An inner limit (or `offset 0`) is a wall to the planner: it can neither carry the words into the walk nor the order into the index.
  if (shape === 'walk') {
    params.push(request.walkLines ?? limit);
    const lines = `select ${id}, g, filing_count from ${table} where ${id} < $1::uuid order by ${id} desc limit $${params.length}`;
    const text = `select ${id} as id from (${lines}) line where ${holds} limit $2`;
    return { name: nameOf(text), params, text };
  }
  // `is true` keeps the primary key out of it: with it a bitmap of half the table would be made beside that of the words.
  const matches = `select ${id} as id from ${table} where ${holds} and (${id} < $1::uuid) is true offset 0`;
  const text = `select id from (${matches}) line${shape === 'index' ? ' order by id desc' : ''} limit $2`;
  return { name: nameOf(text), params, text };
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
  if (plan.shape === 'walk') {
    const ids = await fetchCandidates(tx, table, 'walk', { plan, before, limit: want, walkLines: want * WALK_LINES_PER_HIT });
    if (ids.length === want) return { ids, complete: false };
  }
  const ids = await fetchCandidates(tx, table, 'index', { plan, before, limit: cap });
  return { ids, complete: ids.length < cap };
}
