import { describe, expect, it } from 'vitest';
import { loadPolicy } from './document.ts';
import {
  comparePolicies,
  decide,
  explain,
  findRoleClash,
  type Grant,
  type PolicyActor,
  type PolicyThing,
  rightsOf,
  scope,
} from './index.ts';

const HEAD = `id: small
name: { zh: 小, en: Small }
levels: [{ zh: 公开, en: Public }, { zh: 内部, en: Internal }, { zh: 秘密, en: Secret }]
deployment-level: 1
utc-offset-minutes: 480
lines:
  - { id: keys, effect: allow, roles: [security_admin], actions: [account.manage, policy.read, policy.change] }
`;
const policyOf = (...lines: string[]) => loadPolicy(`${HEAD}${lines.map((l) => `  - ${l}\n`).join('')}`);
const LOOK = '{ id: look, effect: allow, roles: [unit_clerk], actions: [page.view]';
const CONSULT = '{ id: consult, effect: allow, roles: [reader], by: grant, actions: [page.view, page.print], needs: [two_readers] }';

const post = { role: 'unit_clerk', fondsId: 'f', unitId: 'office', levelMax: 2, audiences: [] } as const;
const actor = (over: Partial<PolicyActor> = {}): PolicyActor => ({ posts: [post], subjectIds: [], relativeIds: [], grants: [], ...over });
const thing = (over: Partial<PolicyThing> = {}): PolicyThing => ({
  fondsPath: ['f', 'group'],
  unitPath: ['section', 'office', 'root'],
  category: 'cadre',
  level: 1,
  dossierId: 'd',
  subjectId: 's',
  restricted: false,
  ...over,
});
/** 09:00 of a Monday in China. */
const MONDAY_9 = Date.UTC(2026, 10, 2, 1);
const HOUR = 60 * 60_000;
const when = (atMs = MONDAY_9) => ({ atMs, purpose: 'archive_work' as const });
const may = (policy: ReturnType<typeof policyOf>, a: PolicyActor, t: PolicyThing, atMs?: number) =>
  decide(policy, a, 'page.view', t, when(atMs)).allowed;

const grant = (over: Partial<Grant> = {}): Grant => ({
  id: 'g',
  target: { kind: 'dossier', id: 'd' },
  rights: ['view'],
  purposes: ['archive_work'],
  fromMs: MONDAY_9,
  untilMs: MONDAY_9 + HOUR,
  met: ['two_readers'],
  audiences: [],
  ...over,
});
const reader = (...grants: Grant[]) => actor({ posts: [{ ...post, role: 'reader', unitId: null, fondsId: null }], grants });

describe('a line of a policy', () => {
  it('opens the unit alone, its subtree, the organisations below, or everything', () => {
    const reach = (organisations: string, t: PolicyThing) => may(policyOf(`${LOOK}, organisations: ${organisations} }`), actor(), t);
    const own = thing({ unitPath: ['office', 'root'] });
    const subsidiary = thing({ fondsPath: ['sub', 'f'], unitPath: ['x'] });
    const stranger = thing({ fondsPath: ['other'], unitPath: ['x'] });
    expect([own, thing(), subsidiary, stranger].map((t) => reach('own-unit', t))).toEqual([true, false, false, false]);
    expect([own, thing(), subsidiary, stranger].map((t) => reach('own-subtree', t))).toEqual([true, true, false, false]);
    expect([own, thing(), subsidiary, stranger].map((t) => reach('own-organisations', t))).toEqual([true, true, true, false]);
    expect([own, thing(), subsidiary, stranger].map((t) => reach('all', t))).toEqual([true, true, true, true]);
  });
  it('never opens above the clearance, its own level or what the installation may hold', () => {
    const policy = policyOf(`${LOOK} }`);
    expect(may(policy, actor(), thing({ level: 1 }))).toBe(true);
    expect(may(policy, actor(), thing({ level: 2 }))).toBe(false);
    expect(may(policyOf(`${LOOK}, level: 0 }`), actor(), thing({ level: 1 }))).toBe(false);
    expect(may(policy, actor({ posts: [{ ...post, levelMax: 0 }] }), thing({ level: 1 }))).toBe(false);
  });
  it('holds at its hours and on its days, on the clock of the archive', () => {
    const policy = policyOf(`${LOOK}, hours: 09:00-17:30, weekdays: [1, 2, 3, 4, 5] }`);
    const at = (atMs: number) => may(policy, actor(), thing(), atMs);
    expect([at(MONDAY_9), at(MONDAY_9 - 1), at(MONDAY_9 + 8.5 * HOUR - 1), at(MONDAY_9 + 8.5 * HOUR)]).toEqual([true, false, true, false]);
    expect([at(MONDAY_9 + 4 * 24 * HOUR), at(MONDAY_9 + 5 * 24 * HOUR), at(MONDAY_9 - 24 * HOUR)]).toEqual([true, false, false]);
    const night = policyOf(`${LOOK}, hours: 22:00-06:00 }`);
    expect([-3, 0, 13, 20, 21].map((h) => may(night, actor(), thing(), MONDAY_9 + h * HOUR))).toEqual([false, false, true, true, false]);
  });
  it('holds for its purposes only', () => {
    const policy = policyOf(`${LOOK}, purposes: [verification] }`);
    expect(decide(policy, actor(), 'page.view', thing(), { atMs: 0, purpose: 'verification' }).allowed).toBe(true);
    expect(decide(policy, actor(), 'page.view', thing(), when())).toEqual({ allowed: false, reason: 'role' });
  });
});

describe('a grant', () => {
  const policy = policyOf(CONSULT);
  it('opens what it names, for its time, its purposes and its rights, when all that is needed has happened', () => {
    expect(may(policy, reader(grant()), thing())).toBe(true);
    expect(may(policy, reader(grant()), thing({ dossierId: 'other' }))).toBe(false);
    expect(may(policy, reader(grant()), thing(), MONDAY_9 - 1)).toBe(false);
    expect(may(policy, reader(grant()), thing(), MONDAY_9 + HOUR)).toBe(false);
    expect(may(policy, reader(grant({ met: [] })), thing())).toBe(false);
    expect(may(policy, reader(grant({ purposes: ['audit'] })), thing())).toBe(false);
    expect(may(policy, reader(grant({ rights: ['print'] })), thing())).toBe(false);
    expect(decide(policy, reader(grant({ rights: ['print'] })), 'page.print', thing(), when()).allowed).toBe(true);
  });
  it('may name a subject or a unit with all below it', () => {
    expect(may(policy, reader(grant({ target: { kind: 'subject', id: 's' } })), thing())).toBe(true);
    expect(may(policy, reader(grant({ target: { kind: 'unit', id: 'office' } })), thing())).toBe(true);
    expect(may(policy, reader(grant({ target: { kind: 'unit', id: 'neighbour' } })), thing())).toBe(false);
  });
  it('makes one clause of forty dossiers', () => {
    const forty = Array.from({ length: 40 }, (_, i) => grant({ id: `g${i}`, target: { kind: 'dossier', id: `d${i}` } }));
    const clauses = scope(policy, reader(...forty), 'page.view', when())?.clauses;
    expect(clauses?.length).toBe(1);
    expect(clauses?.[0]?.dossierIds).toHaveLength(40);
  });
  it('is no reason to refuse the role: without one there is simply nothing to see', () => {
    expect(decide(policy, reader(), 'page.view', null, when()).allowed).toBe(true);
    expect(decide(policy, reader(), 'page.view', thing(), when())).toEqual({ allowed: false, reason: 'place' });
    expect(scope(policy, reader(), 'page.view', when())).toEqual({ clauses: [] });
    expect(scope(policy, actor(), 'page.view', when())).toBeNull();
  });
});

describe('an explanation', () => {
  const policy = policyOf(
    `${LOOK} }`,
    CONSULT,
    '{ id: family, effect: deny, roles: all, actions: [page.view], subjects: self-or-relatives }',
  );
  it('names for every line the conditions that failed', () => {
    const lines = (a: PolicyActor, t: PolicyThing) => explain(policy, a, 'page.view', t, when());
    for (const { lineId, note } of lines(actor(), thing()).lines) expect(note).toBe(policy.lines.find((l) => l.id === lineId)?.note);
    expect(lines(actor(), thing({ unitPath: ['x'], level: 2 }))).toMatchObject({
      allowed: false,
      lines: [
        { lineId: 'look', effect: 'allow', applies: false, failed: ['level', 'organisation'] },
        { lineId: 'consult', effect: 'allow', applies: false, failed: ['role', 'level', 'grant'] },
        { lineId: 'family', effect: 'deny', applies: false, failed: ['subject'] },
      ],
    });
    const kin = lines(actor({ relativeIds: ['s'] }), thing());
    expect(kin.allowed).toBe(false);
    expect(kin.lines.map((l) => l.applies)).toEqual([true, false, true]);
    expect(lines(actor(), thing()).allowed).toBe(true);
    expect(lines(reader(grant({ met: [] })), thing()).lines[1]).toMatchObject({ applies: false, failed: ['needs'] });
  });
});

describe('a draft', () => {
  it('tells who would gain and who would lose, and is silent of all others', () => {
    const before = policyOf(`${LOOK} }`);
    const draft = policyOf(`${LOOK}, categories: [flow] }`, CONSULT);
    const things = [
      { thing: thing(), count: 7 },
      { thing: thing({ category: 'flow' }), count: 5 },
    ];
    const actors = [
      { id: 'clerk', actor: actor() },
      { id: 'reader', actor: reader(grant()) },
      { id: 'admin', actor: actor({ posts: [{ ...post, role: 'system_admin' }] }) },
    ];
    expect(comparePolicies(before, draft, actors, ['page.view', 'search'], things, when())).toEqual([
      { actorId: 'clerk', action: 'page.view', mayBefore: true, mayAfter: true, gained: 0, lost: 7 },
      { actorId: 'reader', action: 'page.view', mayBefore: false, mayAfter: true, gained: 12, lost: 0 },
    ]);
  });
});

describe('roles', () => {
  it('of two administrators, or of one and the archive, never meet in one account', () => {
    expect(findRoleClash(['system_admin', 'audit_admin'])).toBe('post/two-administrators');
    expect(findRoleClash(['security_admin', 'archivist'])).toBe('post/administrator-and-archive');
    expect(findRoleClash(['archivist', 'person', 'person'])).toBeNull();
    expect(findRoleClash(['audit_admin', 'audit_admin'])).toBeNull();
  });
  it('give the rights that a screen offers', () => {
    expect(rightsOf(policyOf(`${LOOK} }`), actor(), when())).toEqual(['page.view']);
    expect(rightsOf(policyOf(`${LOOK} }`), actor({ posts: [] }), when())).toEqual([]);
  });
});
