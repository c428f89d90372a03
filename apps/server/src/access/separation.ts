import { type ActorRole, findRoleClash } from '@lantai/policy';
import { ArchiveError } from '@lantai/values';
import type { Tx } from '../db/index.ts';

/** The three administrators (三员). Source: domain/rules.md §0.2 item 9, §2.8. */
export const ADMINISTRATORS = ['system_admin', 'security_admin', 'audit_admin'] as const;
export type AdministratorRole = (typeof ADMINISTRATORS)[number];

export const isAdministrator = (role: ActorRole): role is AdministratorRole => (ADMINISTRATORS as readonly string[]).includes(role);

/** Whose acts each administrator is shown: nobody watches over themselves, and everybody is watched over. */
export const OVERSEES: Readonly<Partial<Record<ActorRole, readonly AdministratorRole[]>>> = {
  audit_admin: ['system_admin', 'security_admin'],
  security_admin: ['audit_admin'],
};

/** One change of accounts at a time: what is checked of all accounts stays so until the commit. */
export const lockAccounts = (tx: Tx) => tx.query(`select pg_advisory_xact_lock(hashtext('lantai accounts'))`);

/**
 * INVARIANT: a person behind an administrator has no other account that can be used: not a second administrator's, not one for archive business.
 * So an administrator must be registered by a number.
 * @throws ArchiveError `account/holder-needed`, `account/holder-conflict` (caller)
 */
export async function checkHolder(
  tx: Tx,
  { accountId, role, token }: { accountId: string | null; role: ActorRole; token: Uint8Array | null },
): Promise<void> {
  if (!token) {
    if (isAdministrator(role)) throw new ArchiveError('account/holder-needed', 'caller');
    return;
  }
  const others = await tx.query<{ role: ActorRole }>(
    'select role from account where holder_token = $1 and not disabled and id is distinct from $2',
    [token, accountId],
  );
  if (others.length && (isAdministrator(role) || others.some((other) => isAdministrator(other.role))))
    throw new ArchiveError('account/holder-conflict', 'caller');
}

/**
 * The role that an account gets stands beside the posts it holds: who becomes an administrator gives those up first.
 * @throws ArchiveError `post/two-administrators`, `post/administrator-and-archive` (caller)
 */
export async function checkOwnPosts(tx: Tx, accountId: string, role: ActorRole): Promise<void> {
  const posts = await tx.query<{ role: ActorRole }>('select role from post where account_id = $1 and ended_at_ms is null', [accountId]);
  const clash = findRoleClash([role, ...posts.map((post) => post.role)]);
  if (clash) throw new ArchiveError(clash, 'caller');
}

/** Each of the three stays in office: without one of them somebody's acts would be seen by nobody. @throws ArchiveError `account/last-of-role` (caller) */
export async function checkNotLast(tx: Tx, role: AdministratorRole, accountId: string): Promise<void> {
  const other = await tx.query('select 1 from account where role = $1 and not disabled and id <> $2 limit 1', [role, accountId]);
  if (!other.length) throw new ArchiveError('account/last-of-role', 'caller', { role });
}

export interface WorkPlace {
  readonly fondsId: string | null;
  readonly unitId: string | null;
  readonly levelMax: number;
}

/**
 * The place an account of this role works at. An administrator works at none.
 * @throws ArchiveError `fonds/not-found`, `unit/not-found`, `account/unit-needed` (caller)
 */
export async function checkPlace(tx: Tx, wanted: WorkPlace & { readonly role: ActorRole }): Promise<WorkPlace> {
  const { role, fondsId, unitId, levelMax } = wanted;
  if (isAdministrator(role)) return { fondsId: null, unitId: null, levelMax: 0 };
  if ((role === 'unit_clerk' || role === 'contractor') && !unitId) throw new ArchiveError('account/unit-needed', 'caller');
  if (fondsId && !(await tx.one('select 1 as one from fonds where id = $1', [fondsId])))
    throw new ArchiveError('fonds/not-found', 'caller');
  if (!unitId) return { fondsId, unitId, levelMax };
  const unit = await tx.one<{ fonds_id: string }>('select fonds_id from unit where id = $1', [unitId]);
  if (!unit || (fondsId && unit.fonds_id !== fondsId)) throw new ArchiveError('unit/not-found', 'caller');
  return { fondsId: unit.fonds_id, unitId, levelMax };
}
