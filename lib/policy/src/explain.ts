import type { AllowLine, Circumstances, DenyLine, Grant, Policy, PolicyActor, PolicyThing, Post, Words } from './model.ts';
import {
  categoryHolds,
  closingOf,
  conditionsHold,
  grantGives,
  levelOf,
  needsMet,
  purposeHolds,
  reachOf,
  targetOf,
  timeHolds,
} from './scope.ts';
import type { Action } from './words.ts';

/** What a line asks of actor, thing and moment. */
export type Condition = 'role' | 'purpose' | 'time' | 'organisation' | 'category' | 'level' | 'subject' | 'grant' | 'needs' | 'restriction';

/** One line as it was considered. */
export interface LineConsidered {
  readonly lineId: string;
  /** The line's own words, for whoever may not read the policy. */
  readonly note: Words;
  readonly effect: 'allow' | 'deny';
  /** Every condition held: the line opens, or closes. */
  readonly applies: boolean;
  /** Which conditions did not hold, by the post or grant for which the fewest did not. */
  readonly failed: readonly Condition[];
}

/** Why something may or may not be done (为什么能看、为什么不能看). For whoever keeps the policy, or asks of what can be seen anyway. */
export interface Explanation {
  readonly allowed: boolean;
  readonly lines: readonly LineConsidered[];
}

type Check = readonly [condition: Condition, holds: boolean];

const failing = (checks: readonly Check[]): Condition[] => checks.filter(([, holds]) => !holds).map(([condition]) => condition);

/** Of several ways the one that came nearest. */
const nearest = (ways: readonly (readonly Condition[])[]): readonly Condition[] =>
  ways.reduce((best, way) => (way.length < best.length ? way : best));

/** The questions of a moment: which line, who, what. */
interface Question {
  readonly policy: Policy;
  readonly actor: PolicyActor;
  readonly action: Action;
  readonly thing: PolicyThing;
  readonly when: Circumstances;
}

/** One way through an allow line: by a post, by one of its grants or as the subject. */
interface Way {
  readonly failed: readonly Condition[];
  readonly post: Post;
  readonly audiences: readonly string[];
}

function waysThrough(q: Question, line: AllowLine): Way[] {
  const general: Check[] = [
    ['purpose', purposeHolds(line, q.when)],
    ['time', timeHolds(q.policy, line, q.when)],
    ['category', categoryHolds(line.categories, q.thing.category)],
  ];
  return q.actor.posts.flatMap((post): Way[] => {
    const of = (checks: readonly Check[], audiences: readonly string[]): Way => ({
      post,
      audiences,
      failed: failing([
        ['role', line.roles.includes(post.role)],
        ...general,
        ['level', q.thing.level <= levelOf(q.policy, line, post)],
        ...checks,
      ]),
    });
    if (line.by === 'subject')
      return [of([['subject', q.thing.subjectId !== null && q.actor.subjectIds.includes(q.thing.subjectId)]], post.audiences)];
    if (line.by === 'post') return [of([['organisation', reaches(line, post, q.thing)]], post.audiences)];
    if (!q.actor.grants.length) return [of([['grant', false]], [])];
    return q.actor.grants.map((grant) =>
      of(
        [
          ['grant', covers(q, grant)],
          ['needs', needsMet(line, grant)],
        ],
        grant.audiences,
      ),
    );
  });
}

const covers = (q: Question, grant: Grant): boolean => grantGives(grant, q.action, q.when) && conditionsHold(targetOf(grant), q.thing);

function reaches(line: AllowLine, post: Post, thing: PolicyThing): boolean {
  const reach = reachOf(line, post);
  if (!reach) return false;
  const open = { categories: 'all', levelMin: 0, levelMax: null, dossierIds: 'all', subjectIds: 'all', restrictedOnly: false } as const;
  return conditionsHold({ ...open, ...reach }, thing);
}

function closes(q: Question, line: DenyLine, way: Pick<Way, 'post' | 'audiences'>): Condition[] {
  const closing = closingOf(line, q.actor, way.audiences);
  const whose = line.subjects === 'self' ? q.actor.subjectIds : [...q.actor.subjectIds, ...q.actor.relativeIds];
  return failing([
    ['role', line.roles.includes(way.post.role)],
    ['purpose', purposeHolds(line, q.when)],
    ['time', timeHolds(q.policy, line, q.when)],
    ['subject', line.subjects === 'any' || (q.thing.subjectId !== null && whose.includes(q.thing.subjectId))],
    ['restriction', line.state === 'any' || q.thing.restricted],
    ['level', q.thing.level >= line.levelFrom],
    ['category', categoryHolds(closing?.categories ?? line.categories, q.thing.category) && (closing !== null || line.unless === null)],
  ]);
}

/** Considers every line that speaks of the action, and says of each which of its conditions failed. */
export function explain(policy: Policy, actor: PolicyActor, action: Action, thing: PolicyThing, when: Circumstances): Explanation {
  const q = { policy, actor, action, thing, when };
  const about = policy.lines.filter((line) => line.actions.includes(action));
  const denies = about.filter((line) => line.effect === 'deny');
  const allows = about.filter((line) => line.effect === 'allow').map((line) => ({ line, ways: waysThrough(q, line) }));
  const open = allows.flatMap(({ ways }) => ways.filter((way) => !way.failed.length));
  const passed = open.filter((way) => !denies.some((line) => !closes(q, line, way).length));
  // What closes is told of the way that came furthest; without any open way, of the actor's posts.
  const asked = open.length ? open : actor.posts.map((post) => ({ post, audiences: post.audiences }));
  const lines = [
    ...allows.map(({ line, ways }) =>
      consider(
        line,
        ways.map((way) => way.failed),
      ),
    ),
    ...denies.map((line) =>
      consider(
        line,
        asked.map((way) => closes(q, line, way)),
      ),
    ),
  ];
  return { allowed: passed.length > 0, lines };
}

function consider(line: AllowLine | DenyLine, ways: readonly (readonly Condition[])[]): LineConsidered {
  const failed = ways.length ? nearest(ways) : (['role'] as const);
  return { lineId: line.id, note: line.note, effect: line.effect, applies: failed.length === 0, failed };
}
