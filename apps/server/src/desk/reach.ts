import { type Action, type AllowLine, clearanceOf, type DenyLine, type Policy, type PolicyLine, type Post } from '@lantai/policy';
import type { Reach } from '../db/index.ts';
import type { ActorFacts } from './actor-facts.ts';

/** What is done to accounts, rules and the house, and to no subject's data: a line of these alone opens no row. */
export const BESIDE_SUBJECTS: readonly Action[] = [
  'account.manage',
  'directory.sync',
  'policy.change',
  'grant.end',
  'kinship.declare',
  'kinship.end',
  'processing.keep',
  'archive.backup',
  'archive.check',
];

/** Each unit is compared with each row that a statement looks at: of a subtree of more the whole fonds is reached, and the scope alone narrows it. */
const UNITS_MAX = 64;

const ORGANISATIONS = ['own-unit', 'own-subtree', 'own-organisations', 'all'] as const satisfies readonly AllowLine['organisations'][];

const opens = (line: PolicyLine): line is AllowLine =>
  line.effect === 'allow' && line.actions.some((action) => !BESIDE_SUBJECTS.includes(action));

/** Whether a line seals categories whatever is done, when and for what. */
const seals = (policy: Policy, line: PolicyLine): line is DenyLine & { categories: { in: readonly string[] } } =>
  line.effect === 'deny' &&
  line.unless === 'audience' &&
  line.subjects === 'any' &&
  line.state === 'any' &&
  line.levelFrom === 0 &&
  line.purposes === 'all' &&
  !line.hours &&
  !line.weekdays &&
  line.categories !== 'all' &&
  'in' in line.categories &&
  // A line of fewer actions than another line opens with would close too much.
  policy.lines.every((other) => !opens(other) || other.actions.every((a) => BESIDE_SUBJECTS.includes(a) || line.actions.includes(a)));

/** The widest place that any line opens to posts of the role; null: none does by post. */
function widestOf(policy: Policy, post: Post): AllowLine['organisations'] | null {
  const widths = policy.lines.flatMap((line) =>
    opens(line) && line.by === 'post' && line.roles.includes(post.role) ? ORGANISATIONS.indexOf(line.organisations) : [],
  );
  return widths.length ? ORGANISATIONS[Math.max(...widths)]! : null;
}

function withFondsBelow(id: string, parentOfFonds: ActorFacts['parentOfFonds']): string[] {
  const isBelow = (fonds: string, seen = 0): boolean => {
    const parent = parentOfFonds.get(fonds);
    return parent !== undefined && seen <= parentOfFonds.size && (parent === id || isBelow(parent, seen + 1));
  };
  return [id, ...[...parentOfFonds.keys()].filter((fonds) => isBelow(fonds))];
}

/** Where a post lies: fonds, or units of one. */
function placeOf(post: Post, facts: ActorFacts): Pick<Reach, 'fondsIds' | 'unitIds'> {
  const none = { fondsIds: [], unitIds: [] };
  const width = widestOf(facts.policy, post);
  if (width === null) return none;
  if (width === 'all' || (post.fondsId === null && (width === 'own-organisations' || post.unitId === null)))
    return { fondsIds: 'all', unitIds: [] };
  if (width === 'own-organisations') return { fondsIds: withFondsBelow(post.fondsId!, facts.parentOfFonds), unitIds: [] };
  if (post.unitId === null) return { fondsIds: [post.fondsId!], unitIds: [] };
  if (width === 'own-unit') return { fondsIds: [], unitIds: [post.unitId] };
  const unitIds = (facts.unitsUnder.get(post.unitId) ?? []).map((u) => u.id);
  return post.fondsId !== null && unitIds.length > UNITS_MAX ? { fondsIds: [post.fondsId], unitIds: [] } : { fondsIds: [], unitIds };
}

function closedTo({ policy, actor }: ActorFacts): string[] {
  const sealing = policy.lines.filter((line) => seals(policy, line));
  const closedToPost = (post: Post) =>
    sealing.flatMap((l) => (l.roles.includes(post.role) ? l.categories.in : [])).filter((c) => !post.audiences.includes(c));
  const [first = [], ...others] = actor.posts.map(closedToPost);
  const opened = actor.grants.flatMap((grant) => grant.audiences);
  return [...new Set(first)].filter((c) => others.every((closed) => closed.includes(c)) && !opened.includes(c));
}

/**
 * How far an actor reaches by anything. Made of posts, grants and ties by themselves, not of the policy's predicate: what that forgets or
 * gets wrong, this does not repeat. INVARIANT: never narrower than any scope of the actor (search/scope-agreement.test.ts).
 */
export function actorReach(facts: ActorFacts, accountId: string): Reach {
  const { policy, actor } = facts;
  const places = actor.posts.map((post) => placeOf(post, facts));
  const names = (by: AllowLine['by']) =>
    policy.lines.some((l) => opens(l) && l.by === by && actor.posts.some((post) => l.roles.includes(post.role)));
  const grants = names('grant') ? actor.grants : [];
  const target = (kind: 'dossier' | 'subject' | 'unit') => new Set(grants.flatMap((g) => (g.target.kind === kind ? g.target.id : [])));
  const [dossiers, subjects] = [target('dossier'), new Set([...actor.subjectIds, ...target('subject')])];
  return {
    levelMax: Math.max(...actor.posts.map((post) => clearanceOf(policy, post))),
    closedCategories: closedTo(facts),
    fondsIds: places.some((p) => p.fondsIds === 'all') ? 'all' : [...new Set(places.flatMap((p) => p.fondsIds))],
    unitIds: [
      ...new Set([
        ...places.flatMap((p) => p.unitIds),
        ...[...target('unit')].flatMap((id) => (facts.unitsUnder.get(id) ?? []).map((u) => u.id)),
      ]),
    ],
    dossierIds: facts.dossiers.filter((d) => dossiers.has(d.id) || subjects.has(d.subjectId)).map((d) => d.id),
    ownIds: [accountId, ...actor.subjectIds],
  };
}
