import type { Policy, PolicyLine } from '@lantai/policy';

/** A policy with one thing taken out of it. */
export interface Mutant {
  readonly name: string;
  readonly policy: Policy;
}

const without = (policy: Policy, at: number, line?: PolicyLine): Policy => ({
  ...policy,
  lines: policy.lines.flatMap((l, i) => (i === at ? (line ?? []) : l)),
});

/** Each policy that lacks one line. */
export const withoutEachLine = (policy: Policy): Mutant[] =>
  policy.lines.map((line, at) => ({ name: line.id, policy: without(policy, at) }));

/** Each policy that lacks one role, action, category, need or bound of one line. */
export function withoutEachPart(policy: Policy): Mutant[] {
  const mutants: Mutant[] = [];
  policy.lines.forEach((line, at) => {
    const add = (name: string, change: Partial<PolicyLine>) =>
      mutants.push({ name: `${line.id}: ${name}`, policy: without(policy, at, { ...line, ...change } as PolicyLine) });
    for (const role of line.roles) add(`without ${role}`, { roles: line.roles.filter((r) => r !== role) });
    for (const action of line.actions) add(`without ${action}`, { actions: line.actions.filter((a) => a !== action) });
    if (line.categories !== 'all') add('all categories', { categories: 'all' });
    if (line.effect === 'allow') for (const need of line.needs) add(`without ${need}`, { needs: line.needs.filter((n) => n !== need) });
    if (line.effect === 'deny' && line.levelFrom) add('from the next level', { levelFrom: line.levelFrom + 1 });
    if (line.effect === 'deny' && line.subjects === 'self-or-relatives') add('self alone', { subjects: 'self' });
    if (line.effect === 'deny' && line.state === 'restricted') add('whatever its state', { state: 'any' });
    if (line.effect === 'deny' && line.unless) add('without its audience', { unless: null });
  });
  return mutants;
}
