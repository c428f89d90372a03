import type { Desk, Material, Operation, Page } from './desk-data.ts';

/** What stands in the page strip: pages, and between materials a gap. */
export type StripItem =
  | {
      readonly kind: 'page';
      readonly page: Page;
      readonly material: Material | null;
      readonly number: number;
      readonly isFirst: boolean;
      readonly length: number;
    }
  | { readonly kind: 'gap'; readonly before: Material | null };

/** Pages in the order of the catalogue, the loose ones last in their order of arrival. */
export function listStripItems(desk: Desk): StripItem[] {
  const pages = new Map(desk.pages.map((page) => [page.id, page]));
  const items: StripItem[] = [];
  const add = (material: Material | null, group: Page[]) => {
    if (group.length === 0) return;
    if (items.length > 0) items.push({ kind: 'gap', before: material });
    for (const [i, page] of group.entries())
      items.push({ kind: 'page', page, material, number: i + 1, isFirst: i === 0, length: group.length });
  };
  for (const material of desk.materials)
    add(
      material,
      material.pageIds.map((id) => pages.get(id)).filter((page): page is Page => page !== undefined),
    );
  add(
    null,
    desk.pages.filter((page) => page.materialId === null),
  );
  return items;
}

/** Ids of the pages as the strip shows them. */
export function listStripPages(desk: Desk): string[] {
  return listStripItems(desk).flatMap((item) => (item.kind === 'page' ? [item.page.id] : []));
}

/** What an address asks to see of a dossier. */
export interface AskedPlace {
  readonly page?: string | undefined;
  readonly material?: string | undefined;
}

/** The page that an address asks for, else the first of its material, else the first there is; null when there is none. */
export function pageInHand(desk: Desk, asked: AskedPlace): Page | null {
  const material = desk.materials.find((m) => m.id === asked.material);
  const id = asked.page ?? (material ? material.pageIds[0] : listStripPages(desk)[0]);
  return desk.pages.find((page) => page.id === id) ?? null;
}

/** Whether there is a loose page that was read: what a proposal can be made of. */
export const isProposable = (desk: Desk): boolean => desk.pages.some((page) => page.materialId === null && page.readState === 'read');

export function findMaterialOf(desk: Desk, pageId: string | null): Material | null {
  return desk.materials.find((material) => pageId !== null && material.pageIds.includes(pageId)) ?? null;
}

/** Cuts a material before this page; null on its first page, where there is nothing to cut. */
export function splitBefore(desk: Desk, pageId: string): Operation | null {
  const material = findMaterialOf(desk, pageId);
  return material && material.pageIds.indexOf(pageId) > 0 ? { type: 'split', materialId: material.id, beforePageId: pageId } : null;
}

/** Joins the material of this page to the one before it in the catalogue; null when there is none. */
export function mergeWithPrevious(desk: Desk, pageId: string): Operation | null {
  const at = desk.materials.findIndex((material) => material.pageIds.includes(pageId));
  const before = desk.materials.slice(0, Math.max(0, at)).findLast((material) => material.pageIds.length > 0);
  return before ? { type: 'merge', intoMaterialId: before.id, materialIds: [desk.materials[at]!.id] } : null;
}

/** The pages selected, or the one in hand, in strip order, become one new material. */
export function assembleSelected(desk: Desk, selected: ReadonlySet<string>, pageId: string | null): Operation | null {
  const pageIds = listStripPages(desk).filter((id) => (selected.size > 0 ? selected.has(id) : id === pageId));
  if (pageIds.length === 0) return null;
  const only = findMaterialOf(desk, pageIds[0]!);
  if (only && only.pageIds.length === pageIds.length && only.pageIds.every((id) => pageIds.includes(id))) return null;
  return { type: 'assemble', pageIds };
}

/**
 * Moves pages before or after a page. Inside one material it is a new order of its pages, else the pages go over to the other material,
 * or, beside a loose page, out of all.
 */
export function placeBeside(desk: Desk, moving: readonly string[], besideId: string, side: 'before' | 'after'): Operation | null {
  if (moving.length === 0 || moving.includes(besideId)) return null;
  const target = findMaterialOf(desk, besideId);
  if (!target)
    return moving.some((id) => findMaterialOf(desk, id)) ? { type: 'movePages', pageIds: [...moving], toMaterialId: null } : null;
  const rest = target.pageIds.filter((id) => !moving.includes(id));
  const position = rest.indexOf(besideId) + (side === 'after' ? 1 : 0);
  const pageIds = [...rest.slice(0, position), ...moving, ...rest.slice(position)];
  if (moving.every((id) => target.pageIds.includes(id)))
    return pageIds.join() === target.pageIds.join() ? null : { type: 'reorderPages', materialId: target.id, pageIds };
  return { type: 'movePages', pageIds: [...moving], toMaterialId: target.id, position };
}

/** One step of the pages in hand to the left or right; over the edge of a material they go into the next one. */
export function stepPages(desk: Desk, moving: readonly string[], step: -1 | 1): Operation | null {
  const strip = listStripPages(desk);
  const block = strip.filter((id) => moving.includes(id));
  const edge = step < 0 ? block[0] : block.at(-1);
  if (edge === undefined) return null;
  const neighbour = strip[strip.indexOf(edge) + step];
  if (neighbour === undefined) return null;
  const isSameMaterial = findMaterialOf(desk, neighbour)?.id === findMaterialOf(desk, edge)?.id;
  // Over an edge the page lands on the near side of its neighbour: last of the one before, first of the one after.
  const side = isSameMaterial ? (step < 0 ? 'before' : 'after') : step < 0 ? 'after' : 'before';
  return placeBeside(desk, block, neighbour, side);
}
