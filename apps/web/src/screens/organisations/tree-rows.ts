import type { Schemas } from '../../api/client.ts';

type Fonds = Schemas['FondsNode'];

/** One line of the tree: an organisation (its fonds' root unit) or a unit below it. */
export interface TreeRow {
  readonly id: string;
  readonly fondsId: string;
  readonly code: string;
  readonly name: string;
  /** 1 at the top. */
  readonly level: number;
  readonly isRoot: boolean;
  readonly parentRowId: string | null;
  readonly hasBelow: boolean;
}

/** Units of a fonds in the order of the tree, organisations below one another by their fonds. Rows come parents first. */
export function layTree(fonds: readonly Fonds[]): TreeRow[] {
  const known = new Set(fonds.map((f) => f.id));
  const rows: TreeRow[] = [];
  const placeFonds = (f: Fonds, level: number, parentRowId: string | null) => {
    const subsidiaries = fonds.filter((other) => other.parentId === f.id);
    const unitIds = new Set(f.units.map((u) => u.id));
    const placeUnit = (unit: Schemas['UnitNode'], unitLevel: number, above: string | null) => {
      const below = f.units.filter((u) => u.parentId === unit.id);
      const isRoot = unit.parentId === null;
      rows.push({
        id: unit.id,
        fondsId: f.id,
        code: isRoot ? f.code : unit.code,
        name: isRoot ? f.name || unit.name || f.code : unit.name || unit.code,
        level: unitLevel,
        isRoot,
        parentRowId: above,
        hasBelow: below.length > 0 || (isRoot && subsidiaries.length > 0),
      });
      for (const child of below) placeUnit(child, unitLevel + 1, unit.id);
      if (isRoot) for (const subsidiary of subsidiaries) placeFonds(subsidiary, unitLevel + 1, unit.id);
    };
    // Of a fonds whose root is out of sight the topmost units that are seen stand at the top.
    for (const unit of f.units.filter((u) => u.parentId === null || !unitIds.has(u.parentId))) placeUnit(unit, level, parentRowId);
  };
  for (const f of fonds.filter((one) => one.parentId === null || !known.has(one.parentId))) placeFonds(f, 1, null);
  return rows;
}

/** The rows that are seen: those with every row above them open; with a filter, what it names and all above that. */
export function rowsSeen(rows: readonly TreeRow[], open: ReadonlySet<string>, filter: string): TreeRow[] {
  const byId = new Map(rows.map((row) => [row.id, row]));
  const above = (row: TreeRow): TreeRow[] => {
    const parent = row.parentRowId === null ? undefined : byId.get(row.parentRowId);
    return parent ? [parent, ...above(parent)] : [];
  };
  const typed = filter.trim().toLowerCase();
  if (typed === '') return rows.filter((row) => above(row).every((parent) => open.has(parent.id)));
  const kept = new Set(
    rows
      .filter((row) => row.name.toLowerCase().includes(typed) || row.code.toLowerCase().includes(typed))
      .flatMap((row) => [row.id, ...above(row).map((parent) => parent.id)]),
  );
  return rows.filter((row) => kept.has(row.id));
}

/** The row with all below it in the same fonds: where it cannot be moved to. */
export function withBelow(rows: readonly TreeRow[], id: string): Set<string> {
  const found = new Set([id]);
  for (const row of rows) if (row.parentRowId !== null && found.has(row.parentRowId)) found.add(row.id);
  return found;
}
