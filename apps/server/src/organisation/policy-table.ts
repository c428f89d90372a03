import type { Action, ActorRole, Need, PolicyLine, Purpose, Words } from '@lantai/policy';
import { readPolicy } from '@lantai/policy/document';

/** One line of a policy with every condition in a place of its own. */
export interface PolicyTableLine {
  readonly id: string;
  readonly note: Words;
  readonly effect: 'allow' | 'deny';
  readonly roles: ActorRole[];
  readonly actions: Action[];
  readonly categories: string[] | null;
  readonly exceptCategories: string[];
  readonly purposes: Purpose[] | null;
  readonly hours: { readonly fromMinute: number; readonly toMinute: number } | null;
  readonly weekdays: number[] | null;
  readonly by: 'post' | 'grant' | 'subject' | null;
  readonly organisations: 'own-unit' | 'own-subtree' | 'own-organisations' | 'all' | null;
  readonly level: number | null;
  readonly needs: Need[];
  readonly subjects: 'any' | 'self' | 'self-or-relatives' | null;
  readonly levelFrom: number;
  readonly unlessAudience: boolean;
  readonly restrictedOnly: boolean;
}

/** A policy as a table for people. */
export interface PolicyTable {
  readonly name: Words;
  readonly levels: Words[];
  readonly deploymentLevel: number;
  readonly lines: PolicyTableLine[];
}

/** What a text says; null when it is not a policy of this program. */
export function tableOf(text: string): PolicyTable | null {
  const outcome = readPolicy(text);
  if ('problems' in outcome) return null;
  const { name, levels, deploymentLevel, lines } = outcome.policy;
  return { name, levels: [...levels], deploymentLevel, lines: lines.map(toLine) };
}

function toLine(line: PolicyLine): PolicyTableLine {
  const { categories } = line;
  const isAllow = line.effect === 'allow';
  return {
    id: line.id,
    note: line.note,
    effect: line.effect,
    roles: [...line.roles],
    actions: [...line.actions],
    categories: categories !== 'all' && 'in' in categories ? [...categories.in] : null,
    exceptCategories: categories !== 'all' && 'except' in categories ? [...categories.except] : [],
    purposes: line.purposes === 'all' ? null : [...line.purposes],
    hours: line.hours,
    weekdays: line.weekdays && [...line.weekdays],
    by: isAllow ? line.by : null,
    organisations: isAllow && line.by === 'post' ? line.organisations : null,
    level: isAllow ? line.level : null,
    needs: isAllow ? [...line.needs] : [],
    subjects: isAllow ? null : line.subjects,
    levelFrom: isAllow ? 0 : line.levelFrom,
    unlessAudience: !isAllow && line.unless === 'audience',
    restrictedOnly: !isAllow && line.state === 'restricted',
  };
}
