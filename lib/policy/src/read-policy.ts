import { ArchiveError } from '@lantai/values';
import { isScalar } from 'yaml';
import { checkLines } from './check-lines.ts';
import type { AllowLine, Categories, DenyLine, Hours, Policy, PolicyLine, Words } from './model.ts';
import { ACTIONS, NEEDS, PURPOSES, type Purpose, ROLES } from './words.ts';
import { type PolicyProblem, type Value, YamlSource } from './yaml-source.ts';

const ID = /^[a-z][a-z0-9-]{1,60}$/;
const CATEGORY = /^[a-z][a-z0-9_]{0,40}$/;
const HOURS = /^([01]\d|2[0-3]):[0-5]\d-([01]\d|2[0-3]):[0-5]\d$/;
const LEVEL_TOP = 15;

const COMMON = ['note', 'categories', 'except-categories', 'purposes', 'except-purposes', 'hours', 'weekdays'] as const;
const OF_ALLOW = ['by', 'organisations', 'level', 'needs'] as const;
const OF_DENY = ['subjects', 'level-from', 'unless', 'state'] as const;
type Key = 'id' | 'effect' | 'roles' | 'actions' | (typeof COMMON)[number] | (typeof OF_ALLOW)[number] | (typeof OF_DENY)[number];
type Fields = Partial<Record<Key, Value>>;

/**
 * Reads a policy. A file with any problem is refused whole, with the line of each: half a policy is another policy.
 * @returns the policy, or its problems in the order of the file
 */
export function readPolicy(yamlText: string): { readonly policy: Policy } | { readonly problems: readonly PolicyProblem[] } {
  const source = new YamlSource();
  const top = source.open(yamlText);
  const policy = top && readTop(source, top);
  const place = (p: PolicyProblem) => p.params.line * 10_000 + p.params.column;
  if (!policy || source.problems.length) return { problems: source.problems.sort((a, b) => place(a) - place(b)) };
  return { policy };
}

/** Like {@link readPolicy}. @throws ArchiveError `policy/invalid` (caller) with the first problem, its line and how many there are. */
export function loadPolicy(yamlText: string): Policy {
  const outcome = readPolicy(yamlText);
  if ('policy' in outcome) return outcome.policy;
  const first = outcome.problems[0];
  throw new ArchiveError('policy/invalid', 'caller', { ...first?.params, problem: first?.code ?? '', problems: outcome.problems.length });
}

function readTop(s: YamlSource, top: Value): Policy {
  const f = s.fields(top, 'policy', ['id', 'name', 'levels', 'deployment-level', 'utc-offset-minutes', 'lines']);
  const levels = s.list(f.levels, 'levels').map((item) => readWords(s, item, 'levels'));
  if (f.levels && !levels.length) s.say('policy/empty', f.levels, { key: 'levels' });
  const nodes = s.list(f.lines, 'lines');
  const lines = nodes.map((node) => readLine(s, node));
  checkLines(lines, (code, at, params) => s.say(code, at === null ? f.lines : nodes[at], params));
  return {
    id: s.text(f.id, 'id', ID),
    name: readWords(s, f.name, 'name'),
    levels,
    deploymentLevel: s.integer(f['deployment-level'], 'deployment-level', 0, Math.max(0, levels.length - 1)),
    utcOffsetMinutes: s.integer(f['utc-offset-minutes'], 'utc-offset-minutes', -14 * 60, 14 * 60),
    lines,
  };
}

function readWords(s: YamlSource, value: Value, what: string): Words {
  const f = s.fields(value, what, ['zh', 'en']);
  return { zh: s.text(f.zh, `${what}.zh`), en: s.text(f.en, `${what}.en`) };
}

function readLine(s: YamlSource, node: Value): PolicyLine {
  const f: Fields = s.fields<Key>(node, 'line', ['id', 'effect', 'roles', 'actions'], [...COMMON, ...OF_ALLOW, ...OF_DENY]);
  const effect = s.choice(f.effect, 'effect', ['allow', 'deny']);
  for (const key of effect === 'allow' ? OF_DENY : OF_ALLOW)
    if (f[key] !== undefined) s.say('policy/not-for-effect', f[key], { key, effect });
  const head = {
    id: s.text(f.id, 'id', ID),
    note: f.note === undefined ? { zh: '', en: '' } : readWords(s, f.note, 'note'),
    roles: everyOr(s, f.roles, 'roles', ROLES),
    actions: everyOr(s, f.actions, 'actions', ACTIONS),
    categories: readCategories(s, f),
    purposes: readPurposes(s, f),
    hours: readHours(s, f.hours),
    weekdays: f.weekdays === undefined ? null : s.choices(f.weekdays, 'weekdays', ['1', '2', '3', '4', '5', '6', '7']).map(Number),
  };
  return effect === 'allow' ? readAllow(s, f, head) : readDeny(s, f, head);
}

type Head = Omit<AllowLine, 'effect' | 'by' | 'organisations' | 'level' | 'needs'>;

/** `except-purposes` takes in whatever purpose comes later, so a line that closes should be written with it. */
function readPurposes(s: YamlSource, f: Fields): readonly Purpose[] | 'all' {
  if (f.purposes && f['except-purposes']) s.say('policy/both-purposes', f['except-purposes'], { key: 'purposes' });
  if (f.purposes !== undefined) return s.choices(f.purposes, 'purposes', PURPOSES);
  if (f['except-purposes'] === undefined) return 'all';
  const not = s.choices(f['except-purposes'], 'except-purposes', PURPOSES);
  return PURPOSES.filter((purpose) => !not.includes(purpose));
}

function readAllow(s: YamlSource, f: Fields, head: Head): AllowLine {
  const by = s.choice(f.by, 'by', ['post', 'grant', 'subject']);
  if (by !== 'post' && f.organisations) s.say('policy/not-for-by', f.organisations, { key: 'organisations', by });
  if (by !== 'grant' && f.needs) s.say('policy/not-for-by', f.needs, { key: 'needs', by });
  const own = f.level === undefined || (isScalar(f.level) && f.level.value === 'own');
  return {
    ...head,
    effect: 'allow',
    by,
    organisations: s.choice(f.organisations, 'organisations', ['own-subtree', 'own-unit', 'own-organisations', 'all']),
    level: own ? null : s.integer(f.level, 'level', 0, LEVEL_TOP),
    needs: f.needs === undefined ? [] : s.choices(f.needs, 'needs', NEEDS),
  };
}

function readDeny(s: YamlSource, f: Fields, head: Head): DenyLine {
  const unless = f.unless === undefined ? null : s.choice(f.unless, 'unless', ['audience']);
  // An audience belongs to categories that are named; "everything but" has none.
  if (unless && f.categories === undefined) s.say('policy/audience-of-what', f.unless);
  return {
    ...head,
    effect: 'deny',
    subjects: s.choice(f.subjects, 'subjects', ['any', 'self', 'self-or-relatives']),
    levelFrom: f['level-from'] === undefined ? 0 : s.integer(f['level-from'], 'level-from', 0, LEVEL_TOP),
    unless,
    state: s.choice(f.state, 'state', ['any', 'restricted']),
  };
}

/** A list of words, or `all` for every one there is. */
function everyOr<T extends string>(s: YamlSource, value: Value, what: string, every: readonly T[]): readonly T[] {
  return isScalar(value) && value.value === 'all' ? every : s.choices<T>(value, what, every);
}

function readCategories(s: YamlSource, f: Fields): Categories {
  if (f.categories && f['except-categories']) s.say('policy/both-keys', f['except-categories'], { key: 'categories' });
  const names = (value: Value, what: string) => {
    const list = s.list(value, what).map((item) => s.text(item, what, CATEGORY));
    if (!list.length) s.say('policy/empty', value, { key: what });
    return list;
  };
  if (f.categories !== undefined) return { in: names(f.categories, 'categories') };
  if (f['except-categories'] !== undefined) return { except: names(f['except-categories'], 'except-categories') };
  return 'all';
}

function readHours(s: YamlSource, value: Value): Hours | null {
  if (value === undefined) return null;
  const text = s.text(value, 'hours', HOURS);
  if (!text) return null;
  const [from, to] = text.split('-').map((t) => Number(t.slice(0, 2)) * 60 + Number(t.slice(3)));
  if (from === to) s.say('policy/malformed', value, { key: 'hours' });
  return { fromMinute: from ?? 0, toMinute: to ?? 0 };
}
