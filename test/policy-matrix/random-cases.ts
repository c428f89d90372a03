import {
  ACTIONS,
  type Action,
  type Circumstances,
  type Grant,
  type GrantRight,
  NEEDS,
  type PolicyActor,
  type PolicyThing,
  type Post,
  PURPOSES,
  ROLES,
} from '@lantai/policy';

/** A small generator of numbers (mulberry32): the same seed gives the same cases, so a failure can be made again. */
export class Dice {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  /** A whole number from 0, below `sides`. */
  below(sides: number): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let t = this.#state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) % sides;
  }

  one<T>(of: readonly T[]): T {
    return of[this.below(of.length)]!;
  }

  some<T>(of: readonly T[], chancePercent = 50): T[] {
    return of.filter(() => this.below(100) < chancePercent);
  }
}

/** The small world in which cases are thrown: everything meets everything often. */
export interface World {
  readonly fonds: readonly { readonly id: string; readonly path: readonly string[] }[];
  readonly units: readonly { readonly id: string; readonly fondsId: string; readonly path: readonly string[] }[];
  readonly dossiers: readonly { readonly id: string; readonly subjectId: string }[];
  readonly subjects: readonly string[];
}

export const CATEGORIES = ['cadre', 'flow', 'employee', 'labour_contract', 'social_insurance', 'discipline', 'non_compete', 'general'];

export const SMALL_WORLD: World = {
  fonds: [
    { id: 'group', path: ['group'] },
    { id: 'sub', path: ['sub', 'group'] },
  ],
  units: [
    { id: 'g1', fondsId: 'group', path: ['g1'] },
    { id: 'g2', fondsId: 'group', path: ['g2', 'g1'] },
    { id: 'g3', fondsId: 'group', path: ['g3', 'g2', 'g1'] },
    { id: 's1', fondsId: 'sub', path: ['s1'] },
    { id: 's2', fondsId: 'sub', path: ['s2', 's1'] },
  ],
  dossiers: ['d1', 'd2', 'd3', 'd4', 'd5'].map((id, i) => ({ id, subjectId: `p${(i % 4) + 1}` })),
  subjects: ['p1', 'p2', 'p3', 'p4'],
};

const AT_MS = Date.UTC(2026, 10, 2, 2);
const HOUR_MS = 60 * 60_000;

function throwPost(dice: Dice, world: World): Post {
  const unit = dice.below(3) ? null : dice.one(world.units);
  return {
    // Readers, persons and contractors open little, so they come more often.
    role: dice.below(3) ? dice.one(ROLES) : dice.one(['reader', 'person', 'contractor'] as const),
    fondsId: unit?.fondsId ?? (dice.below(3) ? dice.one(world.fonds).id : null),
    unitId: unit?.id ?? null,
    levelMax: dice.below(6),
    audiences: dice.some(['discipline', 'non_compete'], 20),
  };
}

function throwGrant(dice: Dice, world: World, n: number): Grant {
  const kind = dice.one(['dossier', 'dossier', 'subject', 'unit'] as const);
  const ids = { dossier: world.dossiers.map((d) => d.id), subject: world.subjects, unit: world.units.map((u) => u.id) };
  const rights: GrantRight[] = ['view', 'print', 'copy', 'export', 'work', 'scan'];
  return {
    id: `g${n}`,
    target: { kind, id: dice.one(ids[kind]) },
    rights: dice.some(rights, 70),
    purposes: dice.some(PURPOSES, 85),
    fromMs: AT_MS - dice.below(20) * HOUR_MS,
    untilMs: AT_MS + (dice.below(20) - 4) * HOUR_MS,
    met: dice.some(NEEDS, 93),
    audiences: dice.some(['discipline', 'non_compete'], 20),
  };
}

/** An actor of one post or a few, tied to subjects, with relatives and grants. */
export function throwActor(dice: Dice, world: World): PolicyActor {
  return {
    posts: Array.from({ length: 1 + (dice.below(4) ? 0 : dice.below(3)) }, () => throwPost(dice, world)),
    subjectIds: dice.some(world.subjects, 25),
    relativeIds: dice.some(world.subjects, 25),
    grants: Array.from({ length: dice.below(4) }, (_, n) => throwGrant(dice, world, n)),
  };
}

/** A dossier of the world in some unit, category and level. */
export function throwThing(dice: Dice, world: World): PolicyThing {
  const unit = dice.one(world.units);
  const dossier = dice.one(world.dossiers);
  return {
    fondsPath: world.fonds.find((f) => f.id === unit.fondsId)!.path,
    unitPath: unit.path,
    category: dice.one(CATEGORIES),
    level: dice.below(3) ? dice.below(3) : dice.below(5),
    dossierId: dossier.id,
    subjectId: dossier.subjectId,
    restricted: dice.below(4) === 0,
  };
}

export const throwWhen = (dice: Dice): Circumstances => ({ atMs: AT_MS + dice.below(48) * HOUR_MS, purpose: dice.one(PURPOSES) });
export const throwAction = (dice: Dice): Action =>
  dice.below(3) ? dice.one(ACTIONS) : dice.one(['page.view', 'page.copy', 'search'] as const);
