import { isDeepStrictEqual } from 'node:util';
import type { DossierMaterial } from '@lantai/catalogue';
import type { MaterialId } from '@lantai/values';
import type { CatalogueState } from './catalogue-state.ts';

/**
 * What a second person passes of a confirmed material: all that the catalogue says of it, its pages in order, and who is named on them. Where a value
 * stands on its page, how a page is turned and where the material lies among others is not cataloguing.
 */
function passedAs(state: CatalogueState, { follows: _, ...material }: DossierMaterial): unknown {
  const mark = state.marks.get(material.id);
  if (mark?.state !== 'confirmed') return null;
  return { ...material, code: mark.code, persons: material.pages.map((page) => state.persons.get(page) ?? []) };
}

/** Materials that an act catalogues otherwise: those confirmed before it, and those confirmed after it. */
export function recheckable(
  old: CatalogueState,
  next: CatalogueState,
): { readonly before: MaterialId[]; readonly confirmed: MaterialId[] } {
  const was = new Map(old.arrangement.materials.map((m) => [m.id, passedAs(old, m)]));
  const is = new Map(next.arrangement.materials.map((m) => [m.id, passedAs(next, m)]));
  const changed = [...new Set([...was.keys(), ...is.keys()])].filter((id) => !isDeepStrictEqual(was.get(id) ?? null, is.get(id) ?? null));
  return { before: changed.filter((id) => was.get(id)), confirmed: changed.filter((id) => is.get(id)) };
}
