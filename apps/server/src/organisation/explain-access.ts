import type { Action, Explanation, Purpose } from '@lantai/policy';
import { ArchiveError } from '@lantai/values';
import type { Archive } from '../archive/index.ts';
import { type Desk, deskTx, openDesk, scopeSql } from '../desk/index.ts';
import { findThing, getActor } from './policies.ts';

/** What is asked: may this account do this to that dossier, and why. */
export interface AccessQuestion {
  /** Left out: the one who asks. */
  readonly accountId?: string | undefined;
  readonly action: Action;
  readonly dossierId: string;
  readonly purpose: Purpose;
}

/**
 * Why an account may or may not do something to a dossier (为什么能看、为什么不能看).
 * Of others, and of what one may not see, only who may read the policy asks: to everybody else it is not found.
 * @throws ArchiveError `dossier/not-found`, `account/not-found`, `desk/not-allowed` (caller)
 */
export async function explainAccess(archive: Archive, desk: Desk, question: AccessQuestion): Promise<Explanation> {
  const isOther = question.accountId !== undefined && question.accountId !== desk.actor.accountId;
  const keepsPolicy = desk.may('policy.read');
  if (isOther && !keepsPolicy) throw new ArchiveError('desk/not-allowed', 'caller', { action: 'policy.read', role: desk.actor.role });
  const isAsked = keepsPolicy || (await isListed(desk, question.dossierId));
  const thing = isAsked ? await findThing(archive.db.system('explanation'), question.dossierId) : null;
  if (!thing) throw new ArchiveError('dossier/not-found', 'caller');
  const actor = isOther && question.accountId ? await getActor(archive, question.accountId) : desk.actor;
  const theirs = await openDesk(archive, actor, question.purpose);
  const explanation = theirs.explain(question.action, thing);
  await archive.db.tx((raw) =>
    deskTx(raw, archive, desk.actor.accountId, desk.purpose).log({
      kind: 'access.explained',
      objectId: actor.accountId,
      dossierId: question.dossierId,
      params: { action: question.action, allowed: explanation.allowed ? 1 : 0 },
    }),
  );
  return explanation;
}

async function isListed(desk: Desk, dossierId: string): Promise<boolean> {
  const seen = scopeSql(desk.scope('dossier.list'), 'd', 2);
  return !!(await desk.sql.one(`select d.id from dossier d where d.id = $1 and ${seen.sql}`, [dossierId, ...seen.params]));
}
