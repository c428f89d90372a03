import pg from 'pg';

/**
 * How far an actor reaches by anything: the second net under the policy's own predicate (docs/adr/0120). Row-level security reads it from the
 * transaction's settings; a transaction without one sees no row of a subject's.
 */
export interface Reach {
  /** The highest level of any post. */
  readonly levelMax: number;
  /** Sealed categories that no post and no grant opens. */
  readonly closedCategories: readonly string[];
  readonly fondsIds: readonly string[] | 'all';
  /** Units with all that lie below them. */
  readonly unitIds: readonly string[];
  /** Dossiers that are named to the actor, or about it. */
  readonly dossierIds: readonly string[];
  /** The account itself and its subjects: what it asked for itself, also when nothing else is left of it. */
  readonly ownIds: readonly string[];
}

/** A reach as PostgreSQL reads it, made once for all transactions of a desk. */
export interface ReachSettings {
  /** Statements, to be sent with BEGIN: no round trip of their own. They hold ids, codes and a number, nothing personal. */
  readonly sql: string;
}

const arrayText = (items: readonly string[]) => `{${items.map((item) => `"${item.replaceAll(/["\\]/g, '\\$&')}"`).join(',')}}`;

/** Stands for every fonds. */
const EVERYWHERE = '00000000-0000-0000-0000-000000000000';

/** Writes a reach as settings that end with their transaction. */
export function reachSettings(reach: Reach): ReachSettings {
  const { levelMax, closedCategories, fondsIds, unitIds, dossierIds, ownIds } = reach;
  const places = [...(fondsIds === 'all' ? [EVERYWHERE] : fondsIds), ...unitIds, ...dossierIds];
  const settings = { level: String(levelMax), closed: arrayText(closedCategories), places: arrayText(places), own: arrayText(ownIds) };
  return {
    sql: Object.entries(settings)
      .map(([name, value]) => `; SET LOCAL lantai.${name} = ${pg.escapeLiteral(value)}`)
      .join(''),
  };
}
