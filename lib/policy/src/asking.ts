import type { Policy, PolicyLine } from './model.ts';
import { ACTIONS } from './words.ts';

/** Lines of `actions: all` speak of nothing by name. */
const names = (line: PolicyLine): boolean => line.actions.includes('grant.ask') && line.actions.length < ACTIONS.length;

/**
 * A policy from when asking for a consultation and approving it were one act: what it says of approving it then says of asking too. One that
 * names asking anywhere is left as it is. Nobody gains anything by it: who asks never approves, and approving was asking and more.
 */
export function keepAsking(policy: Policy): Policy {
  if (policy.lines.some(names)) return policy;
  const isOlder = ({ actions }: PolicyLine) => actions.includes('grant.make') && !actions.includes('grant.ask');
  const lines = policy.lines.map((line) => (isOlder(line) ? { ...line, actions: [...line.actions, 'grant.ask' as const] } : line));
  return { ...policy, lines };
}
