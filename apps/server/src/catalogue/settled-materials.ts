import { isDeepStrictEqual } from 'node:util';
import type { MaterialId } from '@lantai/values';
import type { SettledMaterial } from '../learning/index.ts';
import type { CatalogueState } from './catalogue-state.ts';

/**
 * What an act says of materials that a person settles: those it confirmed, corrected after that, or took back.
 * @param isOpen another person has yet to look at what it confirmed: then nothing is settled, and what was is no more
 */
export function settledMaterials(before: CatalogueState, after: CatalogueState, isOpen = false): SettledMaterial[] {
  const ids = new Set<MaterialId>([...before.marks.keys(), ...after.marks.keys()]);
  return [...ids].flatMap((id) => {
    const [was, is] = [settledOf(before, id), settledOf(after, id)];
    return isDeepStrictEqual(was, is) ? [] : [isOpen ? { materialId: id, pages: [], stood: null } : is];
  });
}

/** What stands of one material. */
export function settledOf({ arrangement, marks }: CatalogueState, id: MaterialId): SettledMaterial {
  const material = arrangement.materials.find((m) => m.id === id);
  const { classCode = null, title = null, pages = [] } = material ?? {};
  const isConfirmed = marks.get(id)?.state === 'confirmed' && classCode !== null && title !== null;
  // Where it begins tells whether it is the material that was proposed; further pages may come and go.
  return { materialId: id, pages: isConfirmed ? pages.slice(0, 1) : [], stood: isConfirmed ? { classCode, title } : null };
}
