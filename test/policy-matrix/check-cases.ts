import { decide, type Policy } from '@lantai/policy';
import { actorOf, THINGS, WHEN } from './facts.ts';
import type { MatrixCase, Sign } from './matrix.ts';

/** What a policy says to one case. */
export function signOf(policy: Policy, { role, action, thing }: MatrixCase): Sign {
  const facts = thing === null ? null : THINGS[thing];
  if (facts === undefined) throw new Error(`the matrix names a thing that is none: ${thing}`);
  const verdict = decide(policy, actorOf(role, thing), action, facts, WHEN);
  if (verdict.allowed) return 'allowed';
  return verdict.reason === 'role' ? 'refused' : 'not-found';
}

/** The cases that a policy decides otherwise than the matrix. */
export function failuresOf(policy: Policy, cases: readonly MatrixCase[]): (MatrixCase & { found: Sign })[] {
  return cases.flatMap((c) => {
    const found = signOf(policy, c);
    return found === c.expected ? [] : [{ ...c, found }];
  });
}
