import type { ActorRole, Circumstances, Grant, PolicyActor, PolicyThing, Post } from '@lantai/policy';

/** Monday, 2 November 2026, ten in the morning in China. */
export const AT_MS = Date.UTC(2026, 10, 2, 2);
const DAY_MS = 24 * 60 * 60_000;

const ALL_MET = ['approved_consultation', 'two_readers', 'second_sign_in', 'kinship_statement'] as const;

const grant = (dossierId: string, over: Partial<Grant> = {}): Grant => ({
  id: `grant-${dossierId}`,
  target: { kind: 'dossier', id: dossierId },
  rights: ['view', 'print', 'copy', 'export'],
  purposes: ['archive_work', 'personnel_decision'],
  fromMs: AT_MS - DAY_MS,
  untilMs: AT_MS + DAY_MS,
  met: ALL_MET,
  audiences: [],
  ...over,
});

/** What a claim at a station gives. */
const CLAIM: Partial<Grant> = { rights: ['work', 'scan'], purposes: ['archive_work'], met: ['claimed'] };

const GRANTS: readonly Grant[] = [
  grant('d-named'),
  grant('d-named-relative'),
  grant('d-named-hr', { met: ['approved_consultation'] }),
  grant('d-alone', { met: ['approved_consultation', 'two_readers', 'kinship_statement'] }),
  grant('d-one-reader', { met: ['approved_consultation', 'second_sign_in', 'kinship_statement'] }),
  grant('d-unapproved', { met: ['two_readers', 'second_sign_in', 'kinship_statement'] }),
  grant('d-unsaid', { met: ['approved_consultation', 'two_readers', 'second_sign_in'] }),
  grant('d-past', { untilMs: AT_MS }),
  grant('d-claimed', CLAIM),
  grant('d-claimed-secret', CLAIM),
  grant('d-lapsed', { ...CLAIM, untilMs: AT_MS }),
];

/** Where the post of each role lies: the matrix says an archivist keeps a fonds and a clerk works in a unit. */
const REACH: Readonly<Record<ActorRole, Pick<Post, 'fondsId' | 'unitId'>>> = {
  archivist: { fondsId: 'fonds', unitId: null },
  unit_clerk: { fondsId: 'fonds', unitId: 'office' },
  reader: { fondsId: null, unitId: null },
  person: { fondsId: 'fonds', unitId: null },
  contractor: { fondsId: null, unitId: null },
  system_admin: { fondsId: 'fonds', unitId: null },
  security_admin: { fondsId: 'fonds', unitId: null },
  audit_admin: { fondsId: 'fonds', unitId: null },
  trial_owner: { fondsId: null, unitId: null },
};

/** The actor of a row for a column. */
export function actorOf(role: ActorRole, column: string | null): PolicyActor {
  return {
    posts: [{ role, ...REACH[role], levelMax: 2, audiences: column === 'audience' ? ['discipline'] : [] }],
    subjectIds: ['actor'],
    relativeIds: ['relative'],
    grants: GRANTS,
  };
}

const OWN: PolicyThing = {
  fondsPath: ['fonds', 'group'],
  unitPath: ['office', 'root'],
  category: 'cadre',
  level: 1,
  dossierId: 'd-own',
  subjectId: 'stranger',
  restricted: false,
};
const ELSEWHERE = { fondsPath: ['other-fonds'], unitPath: ['other-office', 'other-root'] };

/** The thing of each column. */
export const THINGS: Readonly<Record<string, PolicyThing>> = {
  own: OWN,
  below: { ...OWN, unitPath: ['section', 'office', 'root'] },
  foreign: { ...OWN, unitPath: ['neighbour', 'root'] },
  other: { ...OWN, ...ELSEWHERE },
  above: { ...OWN, level: 3 },
  secret: { ...OWN, level: 2 },
  relative: { ...OWN, subjectId: 'relative' },
  self: { ...OWN, subjectId: 'actor' },
  'self-hr': { ...OWN, category: 'employee', subjectId: 'actor' },
  sealed: { ...OWN, category: 'discipline' },
  'non-compete': { ...OWN, category: 'non_compete' },
  'self-non-compete': { ...OWN, category: 'non_compete', subjectId: 'actor' },
  audience: { ...OWN, category: 'discipline' },
  named: { ...OWN, ...ELSEWHERE, dossierId: 'd-named' },
  'named-hr': { ...OWN, ...ELSEWHERE, category: 'employee', dossierId: 'd-named-hr' },
  alone: { ...OWN, ...ELSEWHERE, dossierId: 'd-alone' },
  'one-reader': { ...OWN, ...ELSEWHERE, dossierId: 'd-one-reader' },
  unapproved: { ...OWN, ...ELSEWHERE, dossierId: 'd-unapproved' },
  unsaid: { ...OWN, ...ELSEWHERE, dossierId: 'd-unsaid' },
  past: { ...OWN, ...ELSEWHERE, dossierId: 'd-past' },
  claimed: { ...OWN, ...ELSEWHERE, dossierId: 'd-claimed' },
  'claimed-secret': { ...OWN, ...ELSEWHERE, level: 2, dossierId: 'd-claimed-secret' },
  lapsed: { ...OWN, ...ELSEWHERE, dossierId: 'd-lapsed' },
  'named-relative': { ...OWN, ...ELSEWHERE, dossierId: 'd-named-relative', subjectId: 'relative' },
  restricted: { ...OWN, restricted: true },
};

/** When and why every case of the matrix is asked. */
export const WHEN: Circumstances = { atMs: AT_MS, purpose: 'archive_work' };
