import { decide } from './decide.ts';
import type { Circumstances, Policy, PolicyActor, PolicyThing } from './model.ts';
import type { Action } from './words.ts';

/** An account, by any id the caller knows it by. */
export interface NamedActor {
  readonly id: string;
  readonly actor: PolicyActor;
}

/** What many dossiers have in common for a policy, and how many they are. */
export interface CountedThing {
  readonly thing: PolicyThing;
  readonly count: number;
}

/** One account and one action: how many things it gains and loses by the draft. */
export interface Difference {
  readonly actorId: string;
  readonly action: Action;
  /** The role may do it at all: before, with the draft. */
  readonly mayBefore: boolean;
  readonly mayAfter: boolean;
  readonly gained: number;
  readonly lost: number;
}

/**
 * Who would gain and who would lose by a draft (试行). Accounts and actions that it leaves as they are do not appear.
 * @param things what there is, alike things counted together
 */
export function comparePolicies(
  before: Policy,
  draft: Policy,
  actors: readonly NamedActor[],
  actions: readonly Action[],
  things: readonly CountedThing[],
  when: Circumstances,
): Difference[] {
  const differences: Difference[] = [];
  for (const { id, actor } of actors)
    for (const action of actions) {
      const mayBefore = decide(before, actor, action, null, when).allowed;
      const mayAfter = decide(draft, actor, action, null, when).allowed;
      let [gained, lost] = [0, 0];
      for (const { thing, count } of mayBefore || mayAfter ? things : []) {
        const was = decide(before, actor, action, thing, when).allowed;
        const will = decide(draft, actor, action, thing, when).allowed;
        if (was !== will) [gained, lost] = will ? [gained + count, lost] : [gained, lost + count];
      }
      if (gained || lost || mayBefore !== mayAfter) differences.push({ actorId: id, action, mayBefore, mayAfter, gained, lost });
    }
  return differences;
}
