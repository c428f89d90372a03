import type { Circumstances, Policy, PolicyActor, PolicyThing } from './model.ts';
import { findClause, scope } from './scope.ts';
import { ACTIONS, type Action, type ActorRole, ADMINISTRATORS } from './words.ts';

/** `role`: none of its roles may do this at all, here and now. `place`: somewhere, but not with this thing, which is *not found*. */
export type Verdict =
  | { readonly allowed: true; readonly lineId: string | null }
  | { readonly allowed: false; readonly reason: 'role' | 'place' };

/**
 * Whether the actor may do this to this thing, or at all when `thing` is null.
 * INVARIANT: the scope applied to one thing, so a list, a search, a count, an export and a single page never disagree.
 */
export function decide(policy: Policy, actor: PolicyActor, action: Action, thing: PolicyThing | null, when: Circumstances): Verdict {
  const predicate = scope(policy, actor, action, when);
  if (!predicate) return { allowed: false, reason: 'role' };
  if (!thing) return { allowed: true, lineId: null };
  const clause = findClause(predicate, thing);
  return clause ? { allowed: true, lineId: clause.lineId } : { allowed: false, reason: 'place' };
}

/** Actions an actor may do somewhere: what a screen offers. */
export function rightsOf(policy: Policy, actor: PolicyActor, when: Circumstances): readonly Action[] {
  return ACTIONS.filter((action) => scope(policy, actor, action, when) !== null);
}

/**
 * Why these roles cannot be held by one account; null when they can.
 * INVARIANT: nobody is two of the three administrators, and no administrator does archive business (三员分立).
 */
export function findRoleClash(roles: readonly ActorRole[]): 'post/two-administrators' | 'post/administrator-and-archive' | null {
  const held = [...new Set(roles)];
  const administrators = held.filter((role) => ADMINISTRATORS.includes(role));
  if (administrators.length > 1) return 'post/two-administrators';
  return administrators.length && held.length > 1 ? 'post/administrator-and-archive' : null;
}
