import { ArchiveError, assert, type MaterialId, type PageId, type PartialDate } from '@lantai/values';
import type { Arrangeable } from './arrangement.ts';

/** Everything said of a material but its pages. */
export interface MaterialDescription extends Arrangeable {
  readonly id: MaterialId;
  readonly classCode: string | null;
  readonly title: string | null;
  readonly date: PartialDate | null;
  readonly copies: number;
  readonly remarks: string;
  readonly follows: MaterialId | null;
  /** Archive-defined fields by code, each in its written form. */
  readonly fields: Readonly<Record<string, string>>;
  readonly tags: readonly string[];
}

/** A material with its pages in order. A record typed into a form has none. */
export interface DossierMaterial extends MaterialDescription {
  readonly pages: readonly PageId[];
}

/**
 * The arrangement of one set of a dossier: materials in filed order and pages that belong to none yet.
 * INVARIANT: each page stands in exactly one place, and no step makes or loses one.
 */
export interface Arrangement {
  readonly loose: readonly PageId[];
  readonly materials: readonly DossierMaterial[];
}

/** Where a page stands: in a material, or loose (`null`); `index` counts from 0. */
export interface PagePlace {
  readonly material: MaterialId | null;
  readonly index: number;
}

type Changes = Partial<Omit<MaterialDescription, 'id'>>;

/**
 * The five smallest changes. Each says what was before and what is after, so that its inverse needs nothing else
 * and a change made meanwhile by somebody else is noticed, never overwritten.
 */
export type Step =
  | { readonly kind: 'create'; readonly material: MaterialDescription; readonly index: number }
  | { readonly kind: 'remove'; readonly material: MaterialDescription; readonly index: number }
  | { readonly kind: 'place'; readonly page: PageId; readonly from: PagePlace; readonly to: PagePlace }
  | { readonly kind: 'move'; readonly material: MaterialId; readonly from: number; readonly to: number }
  | { readonly kind: 'describe'; readonly material: MaterialId; readonly before: Changes; readonly after: Changes };

const changedSince = () => new ArchiveError('catalogue/changed-since', 'caller');

/** The steps that undo these, in the order to take them: undone, everything stands as it stood. */
export function invertSteps(steps: readonly Step[]): Step[] {
  return steps.toReversed().map(invertStep);
}

function invertStep(step: Step): Step {
  switch (step.kind) {
    case 'create':
      return { ...step, kind: 'remove' };
    case 'remove':
      return { ...step, kind: 'create' };
    case 'place':
      return { ...step, from: step.to, to: step.from };
    case 'move':
      return { ...step, from: step.to, to: step.from };
    case 'describe':
      return { ...step, before: step.after, after: step.before };
  }
}

/**
 * Takes steps one after another; the arrangement given is left as it is.
 * @throws ArchiveError `catalogue/changed-since` (caller) when a step's `before` or `from` is not what stands there
 */
export function applySteps(arrangement: Arrangement, steps: readonly Step[]): Arrangement {
  return steps.reduce(applyStep, arrangement);
}

function applyStep(state: Arrangement, step: Step): Arrangement {
  switch (step.kind) {
    case 'create': {
      const known = state.materials.some((m) => m.id === step.material.id);
      if (known || step.index > state.materials.length) throw changedSince();
      return { ...state, materials: state.materials.toSpliced(step.index, 0, { ...step.material, pages: [] }) };
    }
    case 'remove': {
      const { pages, ...description } = state.materials[step.index] ?? { pages: null };
      if (!pages || pages.length || !sameValue(description, step.material)) throw changedSince();
      return { ...state, materials: state.materials.toSpliced(step.index, 1) };
    }
    case 'place': {
      const taken = withPages(state, step.from.material, (pages) => {
        if (pages[step.from.index] !== step.page) throw changedSince();
        return pages.toSpliced(step.from.index, 1);
      });
      return withPages(taken, step.to.material, (pages) => {
        if (step.to.index > pages.length) throw changedSince();
        return pages.toSpliced(step.to.index, 0, step.page);
      });
    }
    case 'move': {
      const material = state.materials[step.from];
      if (material?.id !== step.material || step.to >= state.materials.length) throw changedSince();
      return { ...state, materials: state.materials.toSpliced(step.from, 1).toSpliced(step.to, 0, material) };
    }
    case 'describe':
      return { ...state, materials: withMaterial(state, step.material, (m) => describe(m, step.before, step.after)) };
  }
}

function describe(material: DossierMaterial, before: Changes, after: Changes): DossierMaterial {
  for (const key of Object.keys(before) as (keyof Changes)[]) if (!sameValue(material[key], before[key])) throw changedSince();
  return { ...material, ...after };
}

function withMaterial(state: Arrangement, id: MaterialId, change: (m: DossierMaterial) => DossierMaterial): DossierMaterial[] {
  const at = state.materials.findIndex((m) => m.id === id);
  const material = state.materials[at];
  if (!material) throw changedSince();
  return state.materials.with(at, change(material));
}

function withPages(state: Arrangement, id: MaterialId | null, change: (pages: readonly PageId[]) => readonly PageId[]): Arrangement {
  if (id === null) return { ...state, loose: change(state.loose) };
  return { ...state, materials: withMaterial(state, id, (m) => ({ ...m, pages: change(m.pages) })) };
}

/** Equality of what descriptions hold: text, numbers, null, lists and plain records of them; the order of keys does not count. */
function sameValue(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || !a || !b || Array.isArray(a) !== Array.isArray(b)) return false;
  const left = Object.entries(a);
  const right = new Map(Object.entries(b));
  assert(
    left.every(([, v]) => v !== undefined),
    'descriptions hold null, not undefined',
  );
  return left.length === right.size && left.every(([key, value]) => right.has(key) && sameValue(value, right.get(key)));
}
