import { type Action, type ActorRole, decide, scope as policyScope } from '@lantai/policy';
import { ArchiveError } from '@lantai/values';
import type { Clock, Sealer } from '../archive/index.ts';
import type { Db, Tx } from '../db/index.ts';
import { type Act, appendEntries } from './entries.ts';
import type { Scope } from './scope.ts';

/** Why the actor is at the desk; it stands in every entry of the visit. */
export type Purpose = 'archive_work' | 'verification' | 'audit' | 'administration';

/** Who stands at the desk. */
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
}

/**
 * The only door to personal data, made for one actor with one purpose.
 * INVARIANT: nothing is read or changed but inside `act`, whose action was decided by the policy; if the entry cannot be appended nothing is shown.
 */
export interface Desk {
  readonly actor: Actor;
  readonly purpose: Purpose;
  readonly sealer: Sealer;
  readonly clock: Clock;
  /** What may be seen for this action. @throws ArchiveError `desk/not-allowed` (caller) when the role may not do it at all */
  scope(action: Action): Scope;
  /** Runs one transaction for an action; `scope` is the predicate of what it may touch. */
  act<T>(action: Action, work: (tx: DeskTx, scope: Scope) => Promise<T>): Promise<T>;
}

/** Opens a desk; the units of the actor's subtree are loaded once. */
export async function openDesk(parts: DeskParts, actor: Actor, purpose: Purpose): Promise<Desk> {
  const { db, sealer, clock } = parts;
  const subtree = actor.unitId
    ? (
        await db.query<{ id: string }>(
          `with recursive sub(id) as (select id from unit where id = $1 union all select u.id from unit u join sub on u.parent_id = sub.id) select id from sub`,
          [actor.unitId],
        )
      ).map((r) => r.id)
    : [];
  const scopeFor = (action: Action): Scope => {
    const policyActor = { role: actor.role, fondsId: actor.fondsId, unitId: actor.unitId, levelMax: actor.levelMax };
    const verdict = decide(policyActor, action, null);
    const predicate = policyScope(policyActor, action);
    if (!verdict.allowed || !predicate) throw new ArchiveError('desk/not-allowed', 'caller', { action, role: actor.role });
    return { ...predicate, unitIds: predicate.unitRoots === 'all' ? 'all' : subtree } as unknown as Scope;
  };
  return {
    actor,
    purpose,
    sealer,
    clock,
    scope: scopeFor,
    act: async (action, work) => {
      const scope = scopeFor(action);
      return db.tx((tx) => work(deskTx(tx, { clock, sealer }, actor.accountId, purpose), scope));
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
  return { ...tx, logMany, log: async (act: Act) => (await logMany([act]))[0]! };
}
