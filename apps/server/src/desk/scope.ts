import type { Categories, Conditions, ScopeClause as PolicyClause, ScopePredicate } from '@lantai/policy';
import type { ActorFacts } from './actor-facts.ts';

declare const brand: unique symbol;

/** Units as SQL and as tokens need them. */
export interface ScopeUnits {
  /** Every unit meant, for SQL. */
  readonly ids: readonly string[];
  /** Units whose subtrees are meant, for tokens. */
  readonly roots: readonly string[];
  /** Units right below the roots that are not meant: only where a unit is meant without what lies below it. */
  readonly without: readonly string[];
}

/** Conditions over a row's place; all of them hold. */
export interface ScopeConditions {
  readonly fondsIds: readonly string[] | 'all';
  readonly units: ScopeUnits | 'all';
  readonly categories: Categories;
  readonly levelMin: number;
  readonly levelMax: number | null;
  readonly dossierIds: readonly string[] | 'all';
}

/** One way to what may be seen. */
export interface ScopeClause extends ScopeConditions {
  readonly except: readonly ScopeConditions[];
}

/**
 * What an actor may see for one action, made by the desk alone (the brand cannot be forged without a cast): what any clause takes in.
 * The same value gives the SQL predicate, the tokens of a search and the check of one thing.
 */
export interface Scope {
  readonly [brand]: 'scope';
  readonly clauses: readonly ScopeClause[];
}

/** Where a thing lies; `dossierId` is left out for a dossier that is not there yet. */
export interface ScopePlace {
  readonly fondsId: string;
  readonly unitId: string;
  readonly category: string;
  readonly level: number;
  readonly dossierId?: string | undefined;
}

/** Turns a predicate of the policy into one of the rows: units, fonds and subjects by the ids that rows carry. */
export function resolveScope(predicate: ScopePredicate, facts: ActorFacts): Scope {
  const clauses = predicate.clauses.map(
    (clause: PolicyClause): ScopeClause => ({
      ...resolve(clause, facts),
      // An exception that names no dossier closes nothing.
      except: clause.except.map((e) => resolve(e, facts)).filter((e) => e.dossierIds === 'all' || e.dossierIds.length > 0),
    }),
  );
  return { clauses: clauses.filter((c) => c.dossierIds === 'all' || c.dossierIds.length > 0) } as unknown as Scope;
}

function resolve(c: Conditions, facts: ActorFacts): ScopeConditions {
  const { categories, levelMin, levelMax } = c;
  const dossiers =
    c.dossierIds === 'all' && c.subjectIds === 'all' && !c.restrictedOnly
      ? 'all'
      : facts.dossiers.filter(
          (d) =>
            (!c.restrictedOnly || d.restricted) &&
            (c.dossierIds === 'all' || c.dossierIds.includes(d.id)) &&
            (c.subjectIds === 'all' || c.subjectIds.includes(d.subjectId)),
        );
  return {
    categories,
    levelMin,
    levelMax,
    units: resolveUnits(c.units, facts),
    dossierIds: dossiers === 'all' ? 'all' : dossiers.map((d) => d.id),
    // A few named dossiers lie in a few fonds, and a search asks those alone.
    fondsIds: dossiers !== 'all' && c.fonds === 'all' ? [...new Set(dossiers.map((d) => d.fondsId))] : resolveFonds(c.fonds, facts),
  };
}

function resolveFonds(fonds: Conditions['fonds'], { parentOfFonds }: ActorFacts): readonly string[] | 'all' {
  if (fonds === 'all' || !fonds.below) return fonds === 'all' ? 'all' : fonds.ids;
  const meant = new Set(fonds.ids);
  // Parents may come after their children: once more as long as something was added.
  for (let before = -1; before !== meant.size; ) {
    before = meant.size;
    for (const [id, parent] of parentOfFonds) if (meant.has(parent)) meant.add(id);
  }
  return [...meant];
}

function resolveUnits(units: Conditions['units'], { unitsUnder }: ActorFacts): ScopeUnits | 'all' {
  if (units === 'all') return 'all';
  if (!units.below) {
    const without = units.ids.flatMap((id) => (unitsUnder.get(id) ?? []).filter((u) => u.depth === 1).map((u) => u.id));
    return { ids: units.ids, roots: units.ids, without };
  }
  return { ids: units.ids.flatMap((id) => (unitsUnder.get(id) ?? []).map((u) => u.id)), roots: units.ids, without: [] };
}

/** A condition over a row's place, with its parameters numbered from `first`. @param alias `d` for the table `dossier`; other tables carry `dossier_id` */
export function scopeSql(scope: Scope, alias: string, first: number): { sql: string; params: unknown[] } {
  const params: unknown[] = [];
  const param = (value: unknown, type: string) => {
    params.push(value);
    return `$${first + params.length - 1}::${type}`;
  };
  const sql = scope.clauses
    .map((clause) => {
      const except = clause.except.map((e) => `not (${conditionsSql(e, alias, param)})`);
      return [conditionsSql(clause, alias, param), ...except].join(' and ');
    })
    .join(') or (');
  if (!scope.clauses.length) return { sql: 'false', params };
  return { sql: scope.clauses.length > 1 ? `((${sql}))` : `(${sql})`, params };
}

function conditionsSql(c: ScopeConditions, alias: string, param: (value: unknown, type: string) => string): string {
  const parts: string[] = [];
  if (c.fondsIds !== 'all') parts.push(`${alias}.fonds_id = any(${param(c.fondsIds, 'uuid[]')})`);
  if (c.units !== 'all') parts.push(`${alias}.unit_id = any(${param(c.units.ids, 'uuid[]')})`);
  if (c.categories !== 'all')
    parts.push(
      'in' in c.categories
        ? `${alias}.category = any(${param(c.categories.in, 'text[]')})`
        : `${alias}.category <> all(${param(c.categories.except, 'text[]')})`,
    );
  if (c.dossierIds !== 'all') parts.push(`${alias}.${alias === 'd' ? 'id' : 'dossier_id'} = any(${param(c.dossierIds, 'uuid[]')})`);
  if (c.levelMin > 0) parts.push(`${alias}.level >= ${param(c.levelMin, 'smallint')}`);
  if (c.levelMax !== null) parts.push(`${alias}.level <= ${param(c.levelMax, 'smallint')}`);
  return parts.length ? parts.join(' and ') : 'true';
}

function holds(c: ScopeConditions, place: ScopePlace): boolean {
  const has = (list: readonly string[] | 'all', value: string | undefined) =>
    list === 'all' || (value !== undefined && list.includes(value));
  const inCategory =
    c.categories === 'all' ||
    ('in' in c.categories ? c.categories.in.includes(place.category) : !c.categories.except.includes(place.category));
  return (
    inCategory &&
    has(c.fondsIds, place.fondsId) &&
    has(c.units === 'all' ? 'all' : c.units.ids, place.unitId) &&
    has(c.dossierIds, place.dossierId) &&
    place.level >= c.levelMin &&
    (c.levelMax === null || place.level <= c.levelMax)
  );
}

/** Whether one thing lies inside the scope. */
export function inScope(scope: Scope, place: ScopePlace): boolean {
  return scope.clauses.some((clause) => holds(clause, place) && !clause.except.some((e) => holds(e, place)));
}

/** The fonds in which anything of the scope may lie. */
export function scopeFonds(scope: Scope): readonly string[] | 'all' {
  const fonds = new Set<string>();
  for (const { fondsIds } of scope.clauses) {
    if (fondsIds === 'all') return 'all';
    for (const id of fondsIds) fonds.add(id);
  }
  return [...fonds];
}
