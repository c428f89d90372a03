import { comparePartialDates, type PartialDate } from '@lantai/values';
import { classPosition, findSchemeClass, type Scheme } from './scheme.ts';

/** What the order of the catalogue looks at. */
export interface Arrangeable {
  readonly id: string;
  /** Null until classed; such materials come last. */
  readonly classCode: string | null;
  readonly date: PartialDate | null;
  /** The material this one belongs behind whatever its date, as 考察材料 behind its 任免表 (class 9-2); null for none. */
  readonly follows: string | null;
}

/** A material with its place in the catalogue. */
export interface Arranged<T> {
  readonly material: T;
  /** From 1 in each class. */
  readonly numberInClass: number;
}

/**
 * The order of the catalogue: classes in the scheme's order, inside a class by date where the scheme says so
 * (a missing month first in its year, the undated last), else as filed; equals keep their filed order, so sorting twice changes nothing.
 * A material that follows another of its class stands right behind it. Numbers restart in each class.
 * @param materials in filed order
 */
export function arrange<T extends Arrangeable>(scheme: Scheme, materials: readonly T[]): Arranged<T>[] {
  const byClass = new Map<string | null, T[]>();
  for (const material of materials) {
    const list = byClass.get(material.classCode) ?? [];
    list.push(material);
    byClass.set(material.classCode, list);
  }
  const codes = [...byClass.keys()].sort(
    (a, b) => classPosition(scheme, a) - classPosition(scheme, b) || (a === b ? 0 : a === null ? 1 : b === null ? -1 : a < b ? -1 : 1),
  );
  return codes.flatMap((code) => {
    const list = byClass.get(code) ?? [];
    const byDate = code !== null && (findSchemeClass(scheme, code)?.ordering ?? 'filed') === 'date';
    return withFollowers(list, byDate).map((material, at) => ({ material, numberInClass: at + 1 }));
  });
}

function withFollowers<T extends Arrangeable>(list: readonly T[], byDate: boolean): T[] {
  const ids = new Set(list.map((m) => m.id));
  const leads = list.filter((m) => m.follows === null || m.follows === m.id || !ids.has(m.follows));
  const sort = (group: readonly T[]) => (byDate ? [...group].sort((a, b) => comparePartialDates(a.date, b.date)) : [...group]);
  const out: T[] = [];
  const placed = new Set<string>();
  const place = (material: T) => {
    if (placed.has(material.id)) return;
    placed.add(material.id);
    out.push(material);
    for (const follower of sort(list.filter((m) => m.follows === material.id))) place(follower);
  };
  for (const lead of sort(leads)) place(lead);
  // Only materials that follow one another in a ring are left; they keep their own order.
  for (const material of sort(list)) place(material);
  return out;
}
