import { facetTokens, type IndexCipher, TAG, type Tag, type TokenNeeds } from '@lantai/search';
import type { Scope, ScopeConditions } from '../desk/index.ts';

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

type Need = (tag: Tag, values: readonly (string | number)[]) => void;

/** Collects tokens: one value is needed, of several any. */
function collector(cipher: IndexCipher): { need: Need; none: TokenNeeds[]; needs(): TokenNeeds } {
  const all: number[] = [];
  const anyOf: number[][] = [];
  const none: TokenNeeds[] = [];
  return {
    none,
    need: (tag, values) => {
      const tokens = facetTokens(cipher, tag, values);
      if (tokens.length === 1) all.push(tokens[0]!);
      else anyOf.push(tokens);
    },
    needs: () => ({ all, anyOf, ...(none.length ? { none } : {}) }),
  };
}

const levels = (from: number, to: number): number[] => Array.from({ length: Math.max(0, to - from + 1) }, (_, i) => from + i);

/** Conditions of a scope as tokens; null when nothing of this fonds fulfils them. */
function conditionNeeds(cipher: IndexCipher, fondsId: string, c: ScopeConditions): TokenNeeds | null {
  if (c.fondsIds !== 'all' && !c.fondsIds.includes(fondsId)) return null;
  const { need, none, needs } = collector(cipher);
  const not = (tag: Tag, values: readonly string[]) => {
    if (values.length) none.push({ all: [], anyOf: [facetTokens(cipher, tag, values)] });
  };
  if (c.units !== 'all') {
    if (!c.units.roots.length) return null;
    need(TAG.unit, c.units.roots);
    not(TAG.unit, c.units.without);
  }
  if (c.categories !== 'all') {
    if ('in' in c.categories) need(TAG.category, c.categories.in);
    else not(TAG.category, c.categories.except);
  }
  if (c.dossierIds !== 'all') {
    if (!c.dossierIds.length) return null;
    need(TAG.dossier, c.dossierIds);
  }
  const top = c.levelMax ?? LEVEL_TOP;
  if (c.levelMin > top) return null;
  if (c.levelMin > 0 || top < LEVEL_TOP) need(TAG.level, levels(c.levelMin, Math.min(top, LEVEL_TOP)));
  return needs();
}

/**
 * A scope as tokens: for each way to what may be seen, what a line must hold to be reached by it and by none before it, so that counts add up.
 * INVARIANT: never wider than `scopeSql` of the same scope says, which every search applies again to the rows it opens.
 */
export function scopeNeeds(cipher: IndexCipher, scope: Scope, fondsId: string): TokenNeeds[] {
  const before: TokenNeeds[] = [];
  return scope.clauses.flatMap((clause) => {
    const way = conditionNeeds(cipher, fondsId, clause);
    if (!way) return [];
    const except = clause.except.flatMap((e) => conditionNeeds(cipher, fondsId, e) ?? []);
    const own: TokenNeeds = { ...way, none: [...(way.none ?? []), ...except] };
    const alone: TokenNeeds = { ...own, none: [...(own.none ?? []), ...before] };
    before.push(own);
    return [alone];
  });
}

/** Filters as tokens. */
export function filterNeeds(cipher: IndexCipher, filters: SearchFilters, kind: HitKind): TokenNeeds {
  const { need, needs } = collector(cipher);
  if (filters.unitId) need(TAG.unit, [filters.unitId]);
  if (filters.dossierId) need(TAG.dossier, [filters.dossierId]);
  if (filters.classCodes) need(TAG.class, filters.classCodes);
  const { yearFrom, yearTo } = filters;
  if (yearFrom !== undefined && yearTo !== undefined && yearTo - yearFrom < YEARS_MAX) need(TAG.year, levels(yearFrom, yearTo));
  if (kind !== 'page') need(TAG.kind, [kind]);
  return needs();
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
