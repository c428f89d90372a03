import { classifiedFrom } from './levels.ts';
import type {
  AllowLine,
  Categories,
  Circumstances,
  Conditions,
  DenyLine,
  Grant,
  Policy,
  PolicyActor,
  PolicyLine,
  PolicyThing,
  Post,
  ScopeClause,
  ScopePredicate,
} from './model.ts';
import { type Action, GRANT_RIGHTS } from './words.ts';

interface LinesOfAction {
  readonly allow: readonly AllowLine[];
  readonly deny: readonly DenyLine[];
}

const byAction = new WeakMap<Policy, Map<Action, LinesOfAction>>();

/** The lines of a policy that speak of an action; sorted out once for each policy. */
function linesOf(policy: Policy, action: Action): LinesOfAction {
  let known = byAction.get(policy);
  if (!known) {
    known = new Map();
    byAction.set(policy, known);
  }
  let lines = known.get(action);
  if (!lines) {
    const about = policy.lines.filter((line) => line.actions.includes(action));
    lines = { allow: about.filter((l) => l.effect === 'allow'), deny: about.filter((l) => l.effect === 'deny') };
    known.set(action, lines);
  }
  return lines;
}

const MINUTE_MS = 60_000;
const DAY_MINUTES = 24 * 60;

/** Minute of the day and day of the week (1 Monday) on the archive's clock. */
function localTime(policy: Policy, atMs: number): { minute: number; weekday: number } {
  const minutes = Math.floor(atMs / MINUTE_MS) + policy.utcOffsetMinutes;
  const day = Math.floor(minutes / DAY_MINUTES);
  // 1 January 1970 was a Thursday.
  return { minute: minutes - day * DAY_MINUTES, weekday: ((((day + 3) % 7) + 7) % 7) + 1 };
}

/** Whether the purpose is one of the line's. */
export const purposeHolds = (line: PolicyLine, when: Circumstances): boolean =>
  line.purposes === 'all' || line.purposes.includes(when.purpose);

/** Whether the line is in force at this hour of this day. */
export function timeHolds(policy: Policy, line: PolicyLine, when: Circumstances): boolean {
  if (!line.hours && !line.weekdays) return true;
  const { minute, weekday } = localTime(policy, when.atMs);
  if (line.weekdays && !line.weekdays.includes(weekday)) return false;
  if (!line.hours) return true;
  const { fromMinute, toMinute } = line.hours;
  // 22:00 to 06:00 goes over midnight.
  return fromMinute <= toMinute ? minute >= fromMinute && minute < toMinute : minute >= fromMinute || minute < toMinute;
}

const ANYTHING: Conditions = {
  fonds: 'all',
  units: 'all',
  categories: 'all',
  levelMin: 0,
  levelMax: null,
  dossierIds: 'all',
  subjectIds: 'all',
  restrictedOnly: false,
};

/**
 * The highest level that a post reaches by anything.
 * INVARIANT: nothing classified (涉密) is open to a contractor, whatever a policy says and an account is cleared to (DA/T 68.2).
 */
export const clearanceOf = (policy: Policy, { role, levelMax }: Pick<Post, 'role' | 'levelMax'>): number =>
  Math.min(levelMax, policy.deploymentLevel, role === 'contractor' ? classifiedFrom(policy) - 1 : policy.deploymentLevel);

/** The highest level that a line opens to a post. */
export const levelOf = (policy: Policy, line: AllowLine, post: Post): number =>
  Math.min(clearanceOf(policy, post), line.level ?? policy.deploymentLevel);

/** Where a post reaches by a line; null: a line of one unit says nothing to a post without one. */
export function reachOf(line: AllowLine, post: Post): Pick<Conditions, 'fonds' | 'units'> | null {
  if (line.organisations === 'all') return { fonds: 'all', units: 'all' };
  const wide = line.organisations === 'own-organisations';
  const fonds = post.fondsId === null ? 'all' : { ids: [post.fondsId], below: wide };
  if (wide) return { fonds, units: 'all' };
  if (post.unitId === null) return line.organisations === 'own-unit' ? null : { fonds, units: 'all' };
  return { fonds, units: { ids: [post.unitId], below: line.organisations === 'own-subtree' } };
}

/** Whether a grant gives this action, for this purpose, at this moment. */
export function grantGives(grant: Grant, action: Action, when: Circumstances): boolean {
  const given = grant.rights.some((right) => (GRANT_RIGHTS[right] as readonly Action[]).includes(action));
  return given && grant.purposes.includes(when.purpose) && when.atMs >= grant.fromMs && when.atMs < grant.untilMs;
}

/** Whether all that a line needs has happened for a grant. */
export const needsMet = (line: AllowLine, grant: Grant): boolean => line.needs.every((need) => grant.met.includes(need));

/** The conditions of a grant's target. */
export function targetOf({ target }: Grant): Conditions {
  if (target.kind === 'dossier') return { ...ANYTHING, dossierIds: [target.id] };
  if (target.kind === 'subject') return { ...ANYTHING, subjectIds: [target.id] };
  return { ...ANYTHING, units: { ids: [target.id], below: true } };
}

/** What a line opens to a post, with the audiences that go with it. */
function openings(
  line: AllowLine,
  post: Post,
  actor: PolicyActor,
  action: Action,
  when: Circumstances,
): { conditions: Conditions; audiences: readonly string[] }[] {
  if (line.by === 'post') {
    const reach = reachOf(line, post);
    return reach ? [{ conditions: { ...ANYTHING, ...reach }, audiences: post.audiences }] : [];
  }
  if (line.by === 'subject')
    return actor.subjectIds.length ? [{ conditions: { ...ANYTHING, subjectIds: actor.subjectIds }, audiences: post.audiences }] : [];
  return actor.grants
    .filter((grant) => grantGives(grant, action, when) && needsMet(line, grant))
    .map((grant) => ({ conditions: targetOf(grant), audiences: grant.audiences }));
}

/** What a line closes to an actor; null when it closes nothing to this one. */
export function closingOf(line: DenyLine, actor: PolicyActor, audiences: readonly string[]): (Conditions & { lineId: string }) | null {
  let categories: Categories = line.categories;
  if (line.unless === 'audience' && categories !== 'all' && 'in' in categories) {
    categories = { in: categories.in.filter((c) => !audiences.includes(c)) };
    if (!categories.in.length) return null;
  }
  const whose = line.subjects === 'self' ? actor.subjectIds : [...actor.subjectIds, ...actor.relativeIds];
  if (line.subjects !== 'any' && !whose.length) return null;
  return {
    ...ANYTHING,
    lineId: line.id,
    categories,
    levelMin: line.levelFrom,
    subjectIds: line.subjects === 'any' ? 'all' : whose,
    restrictedOnly: line.state === 'restricted',
  };
}

/**
 * What an actor may touch by this action, here and now; null when none of its roles may do it at all.
 * The server makes of it a condition of SQL, the tokens of a search and the check of one thing: docs/spec/policy.md.
 */
export function scope(policy: Policy, actor: PolicyActor, action: Action, when: Circumstances): ScopePredicate | null {
  const { allow, deny } = linesOf(policy, action);
  const denies = deny.filter((line) => purposeHolds(line, when) && timeHolds(policy, line, when));
  const clauses: ScopeClause[] = [];
  let may = false;
  for (const line of allow) {
    if (!purposeHolds(line, when) || !timeHolds(policy, line, when)) continue;
    for (const post of actor.posts) {
      if (!line.roles.includes(post.role)) continue;
      may = true;
      for (const { conditions, audiences } of openings(line, post, actor, action, when)) {
        const except = denies.filter((d) => d.roles.includes(post.role)).flatMap((d) => closingOf(d, actor, audiences) ?? []);
        clauses.push({ ...conditions, lineId: line.id, categories: line.categories, levelMax: levelOf(policy, line, post), except });
      }
    }
  }
  return may ? { clauses: merged(clauses) } : null;
}

/** Clauses that differ in the dossiers they name alone become one: forty grants are one list of forty, not forty questions. */
function merged(clauses: readonly ScopeClause[]): readonly ScopeClause[] {
  if (clauses.length < 2) return clauses;
  const byKey = new Map<string, ScopeClause>();
  for (const clause of clauses) {
    const lists = clause.dossierIds !== 'all' && clause.subjectIds === 'all' && clause.units === 'all';
    const key = JSON.stringify(lists ? { ...clause, dossierIds: [] } : clause);
    const known = byKey.get(key);
    if (!known) byKey.set(key, clause);
    else if (lists && known.dossierIds !== 'all')
      byKey.set(key, { ...known, dossierIds: [...new Set([...known.dossierIds, ...clause.dossierIds])] });
  }
  return [...byKey.values()];
}

const lies = (places: Conditions['fonds'], path: readonly string[]): boolean =>
  places === 'all' || (places.below ? path : path.slice(0, 1)).some((id) => places.ids.includes(id));

/** Whether a category is one of these. */
export function categoryHolds(categories: Categories, category: string): boolean {
  if (categories === 'all') return true;
  return 'in' in categories ? categories.in.includes(category) : !categories.except.includes(category);
}

const named = (ids: readonly string[] | 'all', id: string | null): boolean => ids === 'all' || (id !== null && ids.includes(id));

/** Whether a thing fulfils all conditions. */
export function conditionsHold(c: Conditions, thing: PolicyThing): boolean {
  return (
    (!c.restrictedOnly || thing.restricted) &&
    thing.level >= c.levelMin &&
    (c.levelMax === null || thing.level <= c.levelMax) &&
    categoryHolds(c.categories, thing.category) &&
    named(c.dossierIds, thing.dossierId) &&
    named(c.subjectIds, thing.subjectId) &&
    lies(c.fonds, thing.fondsPath) &&
    lies(c.units, thing.unitPath)
  );
}

/** The clause that takes a thing in, or null. */
export function findClause(predicate: ScopePredicate, thing: PolicyThing): ScopeClause | null {
  return predicate.clauses.find((c) => conditionsHold(c, thing) && !c.except.some((e) => conditionsHold(e, thing))) ?? null;
}
