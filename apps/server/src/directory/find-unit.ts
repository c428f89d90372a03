import type { Sql } from '../db/index.ts';
import { readForeignUnits } from './directory-rows.ts';
import type { FoundUnit } from './plan-people.ts';
import type { KnownUnit } from './plan-units.ts';

/** Finds units by what a source writes. */
export type UnitFinder = (text: string | null) => FoundUnit | null;

/**
 * A finder over a fonds: by code, by `FONDS/CODE` elsewhere, or by a name that only one unit has.
 * @param made codes that the same list makes
 * @param pending codes that it would make, were it the asker's office
 * @param texts everything that will be asked, so that other fonds are read once
 */
export async function unitFinder(
  sql: Sql,
  {
    fondsId,
    units,
    made,
    pending = new Set<string>(),
    texts,
  }: {
    fondsId: string;
    units: readonly KnownUnit[];
    made: ReadonlySet<string>;
    pending?: ReadonlySet<string>;
    texts: readonly (string | null)[];
  },
): Promise<UnitFinder> {
  const byCode = new Map(units.filter((u) => !u.isMerged).map((u) => [u.code, u]));
  const byName = new Map<string, KnownUnit | 'ambiguous'>();
  for (const unit of byCode.values()) if (unit.name) byName.set(unit.name, byName.has(unit.name) ? 'ambiguous' : unit);
  const foreign = await readForeignUnits(sql, [
    ...new Set(texts.filter((t): t is string => t?.includes('/') === true).map((t) => t.trim())),
  ]);
  return (said) => {
    const text = said?.trim() ?? null;
    if (text === null) return null;
    if (text === '') return { fondsId, unitId: null };
    if (made.has(text)) return 'new';
    const unit = byCode.get(text) ?? byName.get(text);
    if (unit === 'ambiguous') return 'ambiguous';
    return unit ? { fondsId, unitId: unit.id } : (foreign.get(text) ?? (pending.has(text) ? 'pending' : 'unknown'));
  };
}
