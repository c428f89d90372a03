// A second model of who may do what, written from docs/spec/access-matrix.md and rules §0.2 and §1.1.5 and not from the policy:
// it knows no lines, clauses or predicates, only roles and the questions an archivist would ask. Nothing of lib/policy runs here.
import type { Action, ActorRole, Circumstances, Grant, PolicyActor, PolicyThing, Post } from '@lantai/policy';

type Answer = 'allowed' | 'not-found' | 'refused';

const LOOK = new Set<Action>(['dossier.list', 'dossier.read', 'page.view', 'search']);
const TAKE_COPY = new Set<Action>(['page.print', 'page.copy']);
const TAKE_WHOLE = new Set<Action>(['page.download', 'dossier.export']);
const ARRANGE = new Set<Action>([
  'dossier.create',
  'dossier.change',
  'material.change',
  'catalogue.export',
  'archive.export',
  'grant.make',
]);
/** A request to consult is about the dossier as what is arranged with it is, and a clerk makes one too. */
const ASK: Action = 'grant.ask';
const EXERCISE: Action = 'rights.exercise';
const ANSWER: Action = 'rights.answer';
const REVEAL: Action = 'sensitive.reveal';
/** Receiving pages and working at stations: own staff, and a contractor upon what it has claimed. */
const IMPORT: Action = 'page.import';
const WORK: Action = 'station.work';
const JOBS = new Set<Action>(['jobs.read', 'jobs.manage']);

/** Employment and insurance files, which their subject may see; all others are personnel dossiers, which it may not. */
const EMPLOYMENT = new Set(['employee', 'labour_contract', 'social_insurance']);
const HIGHEST_LEVEL = 3;
const FIRST_SECRET_LEVEL = 2;

/** Rights that are about no dossier, by the one administrator who has them; an archivist has two of them also. */
const OFFICE: Partial<Record<Action, ActorRole[]>> = {
  'account.manage': ['security_admin'],
  'directory.sync': ['security_admin'],
  'policy.read': ['security_admin'],
  'policy.change': ['security_admin'],
  'kinship.end': ['security_admin'],
  'kinship.declare': ['security_admin', 'archivist'],
  'grant.end': ['security_admin', 'archivist'],
  'processing.keep': ['security_admin'],
  'processing.read': ['security_admin', 'archivist'],
  'organisation.change': ['system_admin'],
  'archive.backup': ['system_admin'],
  'archive.check': ['system_admin'],
  'log.read': ['audit_admin'],
  'anchor.change': ['system_admin'],
};

/** Whether a role ever does such a thing. */
function roleEver(role: ActorRole, action: Action): boolean {
  if (role === 'trial_owner') return true;
  const office = OFFICE[action];
  if (office) return office.includes(role);
  if (LOOK.has(action))
    return role === 'archivist' || role === 'unit_clerk' || role === 'reader' || role === 'person' || role === 'contractor';
  if (action === IMPORT || action === WORK) return role === 'archivist' || role === 'contractor';
  if (TAKE_COPY.has(action)) return role === 'archivist' || role === 'reader' || role === 'person';
  if (TAKE_WHOLE.has(action) || ARRANGE.has(action)) return role === 'archivist';
  if (action === ASK) return role === 'archivist' || role === 'unit_clerk';
  if (JOBS.has(action)) return role === 'archivist' || role === 'system_admin';
  if (action === 'receipt.make') return role !== 'reader' && role !== 'contractor' && role !== 'system_admin' && role !== 'security_admin';
  if (action === EXERCISE) return role === 'archivist' || role === 'person';
  if (action === REVEAL) return role === 'archivist' || role === 'unit_clerk' || role === 'person';
  if (action === ANSWER) return role === 'archivist';
  if (action === 'custody.read') return role === 'archivist' || role === 'unit_clerk' || role === 'person';
  return action === 'correction.ask' && role === 'person';
}

const isMine = (actor: PolicyActor, thing: PolicyThing) => thing.subjectId !== null && actor.subjectIds.includes(thing.subjectId);
const isOfFamily = (actor: PolicyActor, thing: PolicyThing) => thing.subjectId !== null && actor.relativeIds.includes(thing.subjectId);

/** Whether a post's organisation keeps the thing. */
function isKeptThere(post: Post, thing: PolicyThing): boolean {
  if (post.fondsId !== null && thing.fondsPath[0] !== post.fondsId) return false;
  return post.unitId === null || thing.unitPath.indexOf(post.unitId) >= 0;
}

/** Nobody consults or handles the own personnel dossier or a relative's. That it is kept, and a job upon it, is no consultation. */
function isFamilyAffair(actor: PolicyActor, action: Action, thing: PolicyThing): boolean {
  if (action === ANSWER) return isMine(actor, thing) || isOfFamily(actor, thing);
  if (JOBS.has(action) || OFFICE[action] || action === EXERCISE || action === 'custody.read' || action === 'correction.ask') return false;
  if (EMPLOYMENT.has(thing.category) || thing.category === 'non_compete') return false;
  return isMine(actor, thing) || isOfFamily(actor, thing);
}

/** Discipline files and non-compete agreements have their own audience; the person also sees the own agreement. */
function isSealedFrom(role: ActorRole, thing: PolicyThing, audiences: readonly string[]): boolean {
  if (role === 'trial_owner' || role === 'security_admin') return false;
  if (thing.category === 'discipline') return !audiences.includes('discipline');
  return thing.category === 'non_compete' && role !== 'person' && !audiences.includes('non_compete');
}

/** What is secret is looked at and not taken along. */
function mustStay(role: ActorRole, action: Action, thing: PolicyThing): boolean {
  if (role !== 'archivist' && role !== 'reader' && role !== 'person') return false;
  return thing.level >= FIRST_SECRET_LEVEL && (TAKE_COPY.has(action) || TAKE_WHOLE.has(action));
}

/** What is restricted is kept: seen that it is there by the archivist, that it is held and proved by all as before, and looked at for two purposes. */
function isOnlyKept(role: ActorRole, action: Action, thing: PolicyThing, when: Circumstances): boolean {
  if (!thing.restricted) return false;
  if (action === 'dossier.list') return role !== 'archivist' && role !== 'trial_owner';
  if (action === 'dossier.read' || action === 'page.view' || action === REVEAL)
    return when.purpose !== 'audit' && when.purpose !== 'lawful_interest';
  return (
    action === 'search' ||
    TAKE_COPY.has(action) ||
    TAKE_WHOLE.has(action) ||
    ARRANGE.has(action) ||
    action === IMPORT ||
    action === WORK ||
    action === ASK ||
    JOBS.has(action)
  );
}

/** Whether a grant is for this thing, purpose and moment. */
function isFor(grant: Grant, thing: PolicyThing, when: Circumstances): boolean {
  if (!grant.purposes.includes(when.purpose) || when.atMs < grant.fromMs || when.atMs >= grant.untilMs) return false;
  const { kind, id } = grant.target;
  if (kind === 'dossier') return thing.dossierId === id;
  return kind === 'subject' ? thing.subjectId === id : thing.unitPath.includes(id);
}

/** Whether a claim lets a contractor do this now. */
function claimOpens(grant: Grant, action: Action, thing: PolicyThing, when: Circumstances): boolean {
  const rights = action === IMPORT ? ['scan'] : action === WORK ? ['work'] : ['work', 'view'];
  return grant.met.includes('claimed') && grant.rights.some((right) => rights.includes(right)) && isFor(grant, thing, when);
}

/** Whether a consultation lets its reader do this now. */
function consultationOpens(grant: Grant, action: Action, thing: PolicyThing, when: Circumstances): boolean {
  const rights = LOOK.has(action) ? ['view', 'work'] : action === 'page.print' ? ['print'] : ['copy'];
  if (!grant.rights.some((right) => rights.includes(right)) || !isFor(grant, thing, when)) return false;
  if (!grant.met.includes('approved_consultation')) return false;
  if (EMPLOYMENT.has(thing.category)) return true;
  return grant.met.includes('two_readers') && grant.met.includes('second_sign_in') && grant.met.includes('kinship_statement');
}

/** Whether a post leads to the thing. */
function postOpens(actor: PolicyActor, post: Post, action: Action, thing: PolicyThing, when: Circumstances): boolean {
  if (thing.level > post.levelMax || thing.level > HIGHEST_LEVEL) return false;
  if (isOnlyKept(post.role, action, thing, when) || isFamilyAffair(actor, action, thing) || mustStay(post.role, action, thing))
    return false;
  if (post.role === 'reader')
    return actor.grants.some((g) => consultationOpens(g, action, thing, when) && !isSealedFrom('reader', thing, g.audiences));
  if (post.role === 'contractor')
    return (
      thing.level < FIRST_SECRET_LEVEL &&
      actor.grants.some((g) => claimOpens(g, action, thing, when) && !isSealedFrom('contractor', thing, g.audiences))
    );
  if (isSealedFrom(post.role, thing, post.audiences)) return false;
  if (post.role === 'trial_owner') return true;
  if (post.role !== 'person') return isKeptThere(post, thing);
  if (!isMine(actor, thing)) return false;
  if (action === 'custody.read' || action === EXERCISE) return thing.category !== 'discipline';
  return EMPLOYMENT.has(thing.category) || thing.category === 'non_compete';
}

/** What the matrix says to any actor and thing, also to those that have no column. */
export function answerOf(actor: PolicyActor, action: Action, thing: PolicyThing | null, when: Circumstances): Answer {
  const posts = actor.posts.filter((post) => roleEver(post.role, action));
  if (!posts.length) return 'refused';
  if (!thing) return 'allowed';
  return posts.some((post) => postOpens(actor, post, action, thing, when)) ? 'allowed' : 'not-found';
}
