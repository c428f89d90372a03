import {
  type Action,
  type ActorRole,
  ARCHIVE_BUSINESS,
  classifiedFrom,
  type Explanation,
  explain as explainPolicy,
  type PolicyThing,
  type Purpose,
  scope as policyScope,
} from '@lantai/policy';
import { ArchiveError } from '@lantai/values';
import type { Clock, Sealer } from '../archive/index.ts';
import { type Db, reachSettings, type Sql, type Tx } from '../db/index.ts';
import { type ActorFacts, readActorFacts } from './actor-facts.ts';
import { type Watched, watchStates } from './changes.ts';
import { type Act, appendEntries } from './entries.ts';
import { actorReach } from './reach.ts';
import { resolveScope, type Scope } from './scope.ts';
import type { ObjectClass } from './state-forms.ts';

export type { Purpose } from '@lantai/policy';

/** Who stands at the desk, with the post in the account's own row; further posts are read when the desk opens. */
export interface Actor {
  readonly accountId: string;
  readonly role: ActorRole;
  readonly fondsId: string | null;
  readonly unitId: string | null;
  readonly levelMax: number;
}

/** What the desk itself needs of the archive. */
export interface DeskParts {
  readonly db: Db;
  readonly sealer: Sealer;
  readonly clock: Clock;
}

/** One transaction at the desk: everything done in it and the entries that say so land together or not at all. */
export interface DeskTx extends Tx {
  /** Appends an act of this actor to the log. Returns the entry's id. */
  log(act: Act): Promise<string>;
  logMany(acts: readonly Act[]): Promise<string[]>;
  /** Remembers objects that the act is about to change, for the entry's `changed`; ids of objects it makes may be among them. */
  watch(objectClass: ObjectClass, ids: readonly string[]): Promise<Watched>;
}

/**
 * The only door to personal data, made for one actor with one purpose.
 * INVARIANT: nothing is read or changed but inside `act`, whose action was decided by the policy; if the entry cannot be appended nothing is shown.
 * INVARIANT: whatever predicate a statement carries or forgets, it touches no row beyond the actor's reach: docs/adr/0120.
 */
export interface Desk {
  readonly actor: Actor;
  readonly purpose: Purpose;
  readonly sealer: Sealer;
  readonly clock: Clock;
  /** The highest level this installation may hold; above it the paper is to be consulted. */
  readonly highestLevel: number;
  /** From this level on a dossier is classified (涉密). */
  readonly classifiedFrom: number;
  /** The archive's clock for days. Minutes east of UTC. */
  readonly utcOffsetMinutes: number;
  /** Answers are held back for a while: the account does far more than it uses to. */
  readonly isSlowed: boolean;
  /** Whether the account may do this at all. Of one thing only {@link scope} tells. */
  may(action: Action): boolean;
  /**
   * What may be seen for this action. @throws ArchiveError `desk/not-allowed` (caller) when the role may not do it at all, `use/stopped` (caller)
   * for archive business while the security administrator has yet to decide upon abnormal use
   */
  scope(action: Action): Scope;
  /** Why this actor may or may not do this to a thing. The words are for whoever may know that the thing exists. */
  explain(action: Action, thing: PolicyThing): Explanation;
  /** Single reads that are no act of their own, inside the actor's reach; what narrows them further is {@link scope}. */
  readonly sql: Sql;
  /** Runs one transaction of what anybody signed in may do, which no line of the policy gives; inside the actor's reach. */
  tx<T>(work: (tx: DeskTx) => Promise<T>): Promise<T>;
  /** Runs one transaction for an action; `scope` is the predicate of what it may touch. */
  act<T>(action: Action, work: (tx: DeskTx, scope: Scope) => Promise<T>): Promise<T>;
}

/** Opens a desk: policy, posts, grants and kinship of this moment are read once. */
export async function openDesk(parts: DeskParts, actor: Actor, purpose: Purpose): Promise<Desk> {
  const { db, sealer, clock } = parts;
  const facts = await readActorFacts(db.system('desk-facts'), actor, clock.nowMs());
  return deskOver({ db, sealer, clock }, actor, purpose, facts);
}

function deskOver({ db, sealer, clock }: DeskParts, actor: Actor, purpose: Purpose, facts: ActorFacts): Desk {
  const reach = reachSettings(actorReach(facts, actor.accountId));
  const when = () => ({ atMs: clock.nowMs(), purpose });
  const isStopped = (action: Action) => facts.use === 'stopped' && ARCHIVE_BUSINESS.includes(action);
  const scopeFor = (action: Action): Scope => {
    if (isStopped(action)) throw new ArchiveError('use/stopped', 'caller');
    const predicate = policyScope(facts.policy, facts.actor, action, when());
    if (!predicate) throw new ArchiveError('desk/not-allowed', 'caller', { action, role: actor.role });
    return resolveScope(predicate, facts);
  };
  const run = <T>(work: (tx: DeskTx) => Promise<T>) =>
    db.tx((tx) => work(deskTx(tx, { clock, sealer }, actor.accountId, purpose)), { reach });
  return {
    actor,
    purpose,
    sealer,
    clock,
    highestLevel: facts.policy.deploymentLevel,
    classifiedFrom: classifiedFrom(facts.policy),
    utcOffsetMinutes: facts.policy.utcOffsetMinutes,
    isSlowed: facts.use === 'slowed',
    may: (action) => !isStopped(action) && policyScope(facts.policy, facts.actor, action, when()) !== null,
    scope: scopeFor,
    explain: (action, thing) => explainPolicy(facts.policy, facts.actor, action, thing, when()),
    sql: db.within(reach),
    tx: run,
    act: async (action, work) => {
      const scope = scopeFor(action);
      return run((tx) => work(tx, scope));
    },
  };
}

/** A transaction that can also append to the log in the name of one actor. */
export function deskTx(tx: Tx, parts: { clock: Clock; sealer: Sealer }, actorId: string | null, purpose: Purpose): DeskTx {
  const logMany = (acts: readonly Act[]) =>
    appendEntries(
      tx,
      parts,
      actorId,
      acts.map((act) => ({ ...act, params: { ...act.params, purpose } })),
    );
  return {
    ...tx,
    logMany,
    log: async (act: Act) => (await logMany([act]))[0]!,
    watch: (objectClass, ids) => watchStates(tx, parts.sealer, objectClass, ids),
  };
}
