import { ArchiveError, type MaterialId, type PageId } from '@lantai/values';
import { type Arrangement, applySteps, type DossierMaterial, type MaterialDescription, type PagePlace, type Step } from './operations.ts';

/*
 * What an archivist does, as steps to take. A plan changes nothing by itself; `applySteps` takes it, `invertSteps` undoes it.
 * Every plan fails with `material/not-here` or `page/not-here` (caller) when it names what the arrangement does not hold.
 */

/** Changes to a description; what is not named stays. */
export type DescriptionChanges = Partial<Omit<MaterialDescription, 'id'>>;

/** A description with nothing said yet. */
export function emptyDescription(id: MaterialId): MaterialDescription {
  return { id, classCode: null, title: null, date: null, copies: 1, remarks: '', follows: null, fields: {}, tags: [] };
}

/**
 * Makes a material of pages, wherever they stand now, in the order given. No pages: a record typed into a form.
 * @param index place among the materials; the end when absent
 */
export function planAssemble(state: Arrangement, material: MaterialDescription, pages: readonly PageId[], index?: number): Step[] {
  if (state.materials.some((m) => m.id === material.id)) throw new ArchiveError('material/already-here', 'caller');
  const at = Math.min(Math.max(index ?? state.materials.length, 0), state.materials.length);
  const create: Step = { kind: 'create', material, index: at };
  return [create, ...placeAll(applySteps(state, [create]), pages, { material: material.id, index: 0 })];
}

/** Takes a material apart: its pages go back to the loose ones, in order, at the end. */
export function planDissolve(state: Arrangement, id: MaterialId): Step[] {
  const steps = [
    ...placeAll(state, getMaterial(state, id).pages, { material: null, index: state.loose.length }),
    ...followElsewhere(state, id, null),
  ];
  return [...steps, removal(applySteps(state, steps), id)];
}

/**
 * Cuts a material in two before the page at `at` (1 to its pages less one). The second part stands right behind the first
 * and starts as `rest` says; by default it keeps the class alone.
 */
export function planSplit(state: Arrangement, id: MaterialId, at: number, newId: MaterialId, rest: DescriptionChanges = {}): Step[] {
  const material = getMaterial(state, id);
  if (!Number.isInteger(at) || at < 1 || at >= material.pages.length)
    throw new ArchiveError('material/split-place', 'caller', { least: 1, most: material.pages.length - 1 });
  const description = { ...emptyDescription(newId), classCode: material.classCode, ...rest };
  return planAssemble(state, description, material.pages.slice(at), indexOf(state, id) + 1);
}

/** Puts the pages of one material behind those of another; the description of `into` stays, the other's goes (undo brings it back). */
export function planMerge(state: Arrangement, into: MaterialId, from: MaterialId): Step[] {
  if (into === from) throw new ArchiveError('material/merge-itself', 'caller');
  const target = getMaterial(state, into);
  const steps = [
    ...placeAll(state, getMaterial(state, from).pages, { material: into, index: target.pages.length }),
    ...followElsewhere(state, from, into),
  ];
  return [...steps, removal(applySteps(state, steps), from)];
}

/** Moves a material to another place in the filed order. */
export function planReorder(state: Arrangement, id: MaterialId, index: number): Step[] {
  const from = indexOf(state, id);
  const to = Math.min(Math.max(index, 0), state.materials.length - 1);
  return from === to ? [] : [{ kind: 'move', material: id, from, to }];
}

/**
 * Puts a material into a class at a place among the materials filed there (0 first; the end when absent).
 * Where the scheme orders by date the place decides among equal dates alone.
 */
export function planMoveToClass(state: Arrangement, id: MaterialId, classCode: string | null, position?: number): Step[] {
  const describe = planDescribe(state, id, { classCode });
  const others = state.materials.filter((m) => m.id !== id);
  const peers = others.flatMap((m, index) => (m.classCode === classCode ? [index] : []));
  const at = peers[position ?? peers.length];
  // Behind the last peer, or where it stands when it is the first of its class.
  const last = peers.at(-1);
  const index = at ?? (last === undefined ? indexOf(state, id) : last + 1);
  return [...describe, ...planReorder(state, id, index)];
}

/** Puts pages, in the order given, at one place: inside a material, into another, or among the loose ones. */
export function planPlacePages(state: Arrangement, pages: readonly PageId[], to: PagePlace): Step[] {
  return placeAll(state, pages, to);
}

/** Changes what is said of a material; an unchanged value makes no step. */
export function planDescribe(state: Arrangement, id: MaterialId, changes: DescriptionChanges): Step[] {
  const material = getMaterial(state, id);
  const keys = (Object.keys(changes) as (keyof DescriptionChanges)[]).filter(
    (k) => JSON.stringify(material[k]) !== JSON.stringify(changes[k]),
  );
  if (!keys.length) return [];
  const pick = (from: DescriptionChanges) => Object.fromEntries(keys.map((k) => [k, from[k]])) as DescriptionChanges;
  return [{ kind: 'describe', material: id, before: pick(material), after: pick(changes) }];
}

function indexOf(state: Arrangement, id: MaterialId): number {
  const at = state.materials.findIndex((m) => m.id === id);
  if (at < 0) throw new ArchiveError('material/not-here', 'caller');
  return at;
}

const getMaterial = (state: Arrangement, id: MaterialId): DossierMaterial => state.materials[indexOf(state, id)]!;

/** What followed a material that goes follows `to` instead. */
function followElsewhere(state: Arrangement, from: MaterialId, to: MaterialId | null): Step[] {
  return state.materials
    .filter((m) => m.follows === from)
    .map((m) => ({ kind: 'describe', material: m.id, before: { follows: from }, after: { follows: m.id === to ? null : to } }));
}

function removal(state: Arrangement, id: MaterialId): Step {
  const index = indexOf(state, id);
  const { pages: _empty, ...material } = state.materials[index]!;
  return { kind: 'remove', material, index };
}

function findPlace(state: Arrangement, page: PageId): PagePlace {
  const loose = state.loose.indexOf(page);
  if (loose >= 0) return { material: null, index: loose };
  for (const material of state.materials) {
    const index = material.pages.indexOf(page);
    if (index >= 0) return { material: material.id, index };
  }
  throw new ArchiveError('page/not-here', 'caller');
}

function placeAll(state: Arrangement, pages: readonly PageId[], to: PagePlace): Step[] {
  if (new Set(pages).size !== pages.length) throw new ArchiveError('page/twice', 'caller');
  if (to.material !== null) indexOf(state, to.material);
  const steps: Step[] = [];
  let current = state;
  let { index } = to;
  for (const page of pages) {
    const from = findPlace(current, page);
    const length = to.material === null ? current.loose.length : getMaterial(current, to.material).pages.length;
    const inside = from.material === to.material;
    // Taken out before the goal in the same list, the page pulls the goal one place forward.
    if (inside && from.index < index) index--;
    const at = Math.min(Math.max(index, 0), inside ? length - 1 : length);
    const step: Step = { kind: 'place', page, from, to: { material: to.material, index: at } };
    current = applySteps(current, [step]);
    steps.push(step);
    index = at + 1;
  }
  return steps.filter((s) => s.kind !== 'place' || s.from.material !== s.to.material || s.from.index !== s.to.index);
}
