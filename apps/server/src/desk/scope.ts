declare const brand: unique symbol;

/**
 * What an actor may see for one action, made by the desk alone (the brand cannot be forged without a cast).
 * The same value gives the SQL predicate, the tokens of a search and the check of one thing.
 */
export interface Scope {
  readonly [brand]: 'scope';
  readonly fondsIds: readonly string[] | 'all';
  /** The roots of the unit subtrees, for search tokens. */
  readonly unitRoots: readonly string[] | 'all';
  /** Every unit inside those subtrees, for SQL. */
  readonly unitIds: readonly string[] | 'all';
  readonly categories: readonly string[] | 'all';
  readonly levelMax: number;
}

/** A condition over a row's place, with its parameters numbered from `first`. */
export function scopeSql(scope: Scope, alias: string, first: number): { sql: string; params: unknown[] } {
  const params: unknown[] = [];
  const parts: string[] = [];
  const add = (column: string, type: string, values: readonly string[] | 'all') => {
    if (values === 'all') return;
    params.push(values);
    parts.push(`${alias}.${column} = any($${first + params.length - 1}::${type}[])`);
  };
  add('fonds_id', 'uuid', scope.fondsIds);
  add('unit_id', 'uuid', scope.unitIds);
  add('category', 'text', scope.categories);
  params.push(scope.levelMax);
  parts.push(`${alias}.level <= $${first + params.length - 1}`);
  return { sql: parts.join(' and '), params };
}

/** Whether one thing lies inside the scope. */
export function inScope(scope: Scope, place: { fondsId: string; unitId: string; category: string; level: number }): boolean {
  const has = (list: readonly string[] | 'all', value: string) => list === 'all' || list.includes(value);
  return (
    has(scope.fondsIds, place.fondsId) &&
    has(scope.unitIds, place.unitId) &&
    has(scope.categories, place.category) &&
    place.level <= scope.levelMax
  );
}
