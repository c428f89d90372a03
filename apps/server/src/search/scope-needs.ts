import { facetTokens, type IndexCipher, TAG, type TokenNeeds } from '@lantai/search';
import type { Scope } from '../desk/index.ts';

/** What a search is narrowed to beside its words. */
export interface SearchFilters {
  readonly classCodes?: readonly string[] | undefined;
  /** Years of the material, both included. */
  readonly yearFrom?: number | undefined;
  readonly yearTo?: number | undefined;
  readonly kinds?: readonly HitKind[] | undefined;
  readonly fondsId?: string | undefined;
  readonly unitId?: string | undefined;
  readonly dossierId?: string | undefined;
  /** Leave out hits that rest on other candidates of uncertain characters. */
  readonly exactOnly?: boolean | undefined;
}

export type HitKind = 'page' | 'material' | 'dossier';

/** Levels run from 0; a scope that reaches this far sees all of them. */
const LEVEL_TOP = 16;
/** More years in one question are no narrowing worth its tokens; the check on the row still holds. */
const YEARS_MAX = 120;

/**
 * Scope and filters as tokens: what a line must hold to be in them.
 * INVARIANT: never wider than `scopeSql` of the same scope says, which every search applies again to the rows it opens.
 */
export function scopeNeeds(cipher: IndexCipher, scope: Scope, filters: SearchFilters, kind: HitKind): TokenNeeds {
  const all: number[] = [];
  const anyOf: number[][] = [];
  const need = (tag: (typeof TAG)[keyof typeof TAG], values: readonly (string | number)[]) => {
    const tokens = facetTokens(cipher, tag, values);
    if (tokens.length === 1) all.push(tokens[0]!);
    else anyOf.push(tokens);
  };
  if (scope.unitRoots !== 'all') need(TAG.unit, scope.unitRoots);
  if (scope.categories !== 'all') need(TAG.category, scope.categories);
  if (scope.levelMax < LEVEL_TOP)
    need(
      TAG.level,
      Array.from({ length: scope.levelMax + 1 }, (_, level) => level),
    );
  if (filters.unitId) need(TAG.unit, [filters.unitId]);
  if (filters.dossierId) need(TAG.dossier, [filters.dossierId]);
  if (filters.classCodes) need(TAG.class, filters.classCodes);
  const { yearFrom, yearTo } = filters;
  if (yearFrom !== undefined && yearTo !== undefined && yearTo - yearFrom < YEARS_MAX)
    need(
      TAG.year,
      Array.from({ length: Math.max(0, yearTo - yearFrom + 1) }, (_, i) => yearFrom + i),
    );
  if (kind !== 'page') need(TAG.kind, [kind]);
  return { all, anyOf };
}

/** The filters as a condition over a row's columns, numbered from `first`. @param unitIds the units under `filters.unitId` */
export function filterSql(
  filters: SearchFilters,
  unitIds: readonly string[] | null,
  alias: string,
  first: number,
): { sql: string; params: unknown[] } {
  const params: unknown[] = [];
  const parts = ['true'];
  const add = (condition: string, value: unknown) => {
    params.push(value);
    parts.push(condition.replace('?', `$${first + params.length - 1}`));
  };
  if (filters.fondsId) add(`${alias}.fonds_id = ?::uuid`, filters.fondsId);
  if (unitIds) add(`${alias}.unit_id = any(?::uuid[])`, unitIds);
  if (filters.dossierId) add(`${alias}.dossier_id = ?::uuid`, filters.dossierId);
  if (filters.classCodes) add(`${alias}.class_code = any(?::text[])`, filters.classCodes);
  if (filters.yearFrom !== undefined) add(`${alias}.material_year >= ?::smallint`, filters.yearFrom);
  if (filters.yearTo !== undefined) add(`${alias}.material_year <= ?::smallint`, filters.yearTo);
  return { sql: parts.join(' and '), params };
}
