import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ACTIONS, type Action, type ActorRole, decide, type PolicyThing, ROLES, rightsOf, scope } from './index.ts';

const thing: PolicyThing = { fondsId: 'f1', unitPath: ['leaf', 'office', 'root'], category: 'cadre', level: 1 };
const actor = (role: ActorRole, over: Partial<{ fondsId: string | null; unitId: string | null; levelMax: number }> = {}) => ({
  role,
  fondsId: 'f1',
  unitId: null,
  levelMax: 3,
  ...over,
});

/** Each right stands here a second time, by hand: a change of the policy must be meant. */
const MAY: Record<ActorRole, Action[]> = {
  archivist: [
    'dossier.list',
    'dossier.read',
    'dossier.create',
    'dossier.change',
    'page.view',
    'page.download',
    'page.import',
    'search',
    'material.change',
    'catalogue.export',
    'jobs.read',
    'jobs.manage',
    'receipt.make',
    'archive.export',
  ],
  unit_clerk: ['dossier.list', 'dossier.read', 'page.view', 'search', 'receipt.make'],
  system_admin: ['jobs.read', 'jobs.manage', 'archive.backup', 'archive.check'],
  security_admin: ['account.manage', 'policy.read', 'policy.change', 'grant.end', 'kinship.declare', 'kinship.end'],
  audit_admin: ['log.read', 'receipt.make'],
  reader: [],
  person: [],
  trial_owner: [...ACTIONS],
};

describe('policy', () => {
  it('allows each role what the table says, and denies it everything else', () => {
    for (const role of ROLES)
      for (const action of ACTIONS) {
        const allowed = MAY[role].includes(action);
        expect({ role, action, allowed: decide(actor(role), action, thing).allowed }).toEqual({ role, action, allowed });
        expect(scope(actor(role), action) !== null).toBe(allowed);
      }
    expect(rightsOf('audit_admin')).toEqual(['log.read', 'receipt.make']);
  });
  it('keeps administrators away from archive business and apart from each other', () => {
    const admins = ['system_admin', 'security_admin', 'audit_admin'] as const;
    for (const role of admins)
      for (const action of ['page.view', 'search', 'dossier.list', 'page.import'] as const)
        expect(decide(actor(role), action, thing)).toEqual({ allowed: false, reason: 'role' });
    expect(rightsOf('system_admin').filter((a) => rightsOf('security_admin').includes(a))).toEqual([]);
    expect(rightsOf('audit_admin').filter((a) => rightsOf('system_admin').includes(a))).toEqual([]);
  });
  it('shows a clerk the own unit and what lies below it, and no neighbour', () => {
    expect(decide(actor('unit_clerk', { unitId: 'office' }), 'page.view', thing)).toEqual({ allowed: true });
    expect(decide(actor('unit_clerk', { unitId: 'neighbour' }), 'page.view', thing)).toEqual({ allowed: false, reason: 'unit' });
    expect(decide(actor('unit_clerk', { fondsId: 'f2' }), 'page.view', thing)).toEqual({ allowed: false, reason: 'fonds' });
    expect(decide(actor('unit_clerk', { levelMax: 0 }), 'page.view', thing)).toEqual({ allowed: false, reason: 'level' });
  });
  it('decides one thing exactly as its predicate does', () => {
    const id = fc.constantFrom<string>('a', 'b', 'c');
    fc.assert(
      fc.property(
        fc.constantFrom(...ROLES),
        fc.constantFrom(...ACTIONS),
        fc.option(id),
        fc.option(id),
        fc.nat(3),
        id,
        fc.array(id, { minLength: 1 }),
        fc.nat(3),
        (role, action, fondsId, unitId, levelMax, f, unitPath, level) => {
          const who = { role, fondsId, unitId, levelMax };
          const s = scope(who, action);
          const inside =
            !!s &&
            (s.fondsIds === 'all' || s.fondsIds.includes(f)) &&
            (s.unitRoots === 'all' || s.unitRoots.some((u) => unitPath.includes(u))) &&
            level <= s.levelMax;
          expect(decide(who, action, { fondsId: f, unitPath, category: 'cadre', level }).allowed).toBe(inside);
        },
      ),
    );
  });
});
