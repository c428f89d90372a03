import type { ActorRole } from '@lantai/policy';
import { ArchiveError } from '@lantai/values';
import type { Archive } from '../archive/index.ts';
import { type DeskTx, openDesk, type Watched } from '../desk/index.ts';
import { ACCOUNT_KEY, type Account, type AccountRow, namePlace } from './account-rows.ts';
import { foldAccountName, insertAccount } from './accounts.ts';
import { holderToken } from './holder.ts';
import { FORMER_PASSWORDS, hashPassword, makePassword } from './password.ts';
import { lockAccountRow } from './proof.ts';
import { checkSamePerson } from './same-person.ts';
import { checkHolder, checkNotLast, checkOwnPosts, checkPlace, isAdministrator, lockAccounts } from './separation.ts';
import { endSessionsOf } from './sessions.ts';

/** What may be changed of an account by another. Left out: stays. */
export interface AccountChange {
  readonly baseVersion: number;
  readonly role?: Exclude<ActorRole, 'trial_owner'> | undefined;
  readonly fondsId?: string | null | undefined;
  readonly unitId?: string | null | undefined;
  readonly levelMax?: number | undefined;
  readonly disabled?: boolean | undefined;
  readonly holderNumber?: string | undefined;
  /** A new sign-in name, from the directory that keeps the account in step. */
  readonly name?: string | undefined;
}

export interface AccountOrder {
  readonly name: string;
  readonly role: Exclude<ActorRole, 'trial_owner'>;
  readonly fondsId: string | null;
  readonly unitId: string | null;
  readonly levelMax: number;
  readonly holderNumber?: string | undefined;
}

/** One act of account administration: decided by the policy, alone at its time, in one transaction with its entries. */
async function administer<T>(archive: Archive, actor: Account, work: (tx: DeskTx) => Promise<T>): Promise<T> {
  const desk = await openDesk(archive, actor, 'administration');
  return desk.act('account.manage', async (tx) => {
    await lockAccounts(tx);
    return work(tx);
  });
}

/**
 * The account to be acted on.
 * INVARIANT: nobody acts on their own account, nor on another account of the same person.
 * @throws ArchiveError `account/not-found`, `account/own` (caller)
 */
export async function getOther(archive: Archive, tx: DeskTx, actor: Pick<Account, 'accountId'>, accountId: string): Promise<AccountRow> {
  const row = await lockAccountRow(archive, tx, accountId);
  if (!row) throw new ArchiveError('account/not-found', 'caller');
  const own = await lockAccountRow(archive, tx, actor.accountId);
  const isSamePerson = !!own?.holder_token && !!row.holder_token && Buffer.compare(own.holder_token, row.holder_token) === 0;
  if (row.id === actor.accountId || isSamePerson) throw new ArchiveError('account/own', 'caller');
  return row;
}

/**
 * Creates an account with a password shown once.
 * @throws ArchiveError `account/…`, `unit/not-found`, `fonds/not-found`, `desk/not-allowed` (caller)
 */
export async function createAccountAs(
  archive: Archive,
  actor: Account,
  order: AccountOrder,
): Promise<{ accountId: string; password: string }> {
  const password = makePassword();
  const accountId = await administer(archive, actor, (tx) => createAccountIn(tx, archive, { ...order, password }));
  return { accountId, password };
}

/**
 * Creates an account in a transaction that holds {@link lockAccounts}, of an actor whom the policy let do so.
 * @param order password null: none, see {@link NewAccount}
 * @throws ArchiveError `account/…`, `unit/not-found`, `fonds/not-found` (caller)
 */
export async function createAccountIn(
  tx: DeskTx,
  archive: Archive,
  order: AccountOrder & { readonly password: string | null },
): Promise<string> {
  const token = order.holderNumber ? holderToken(archive, order.holderNumber) : null;
  const place = await checkPlace(tx, order);
  await checkHolder(tx, { accountId: null, role: order.role, token });
  await checkSamePerson(archive, tx, { accountId: null, roles: [order.role], holderToken: token });
  return insertAccount(tx, archive, {
    ...place,
    name: order.name,
    role: order.role,
    password: order.password,
    mustChangePassword: order.password !== null,
    ...(token ? { holderToken: token } : {}),
  });
}

/**
 * Changes role, place, level or state of somebody else's account; its sessions end, so that the change holds from the next request on.
 * @throws ArchiveError `account/own`, `account/changed`, `account/role-fixed`, `account/last-of-role`, `account/holder-…` (caller)
 */
export async function changeAccount(archive: Archive, actor: Account, accountId: string, change: AccountChange): Promise<void> {
  await administer(archive, actor, (tx) => changeAccountIn(tx, archive, actor, accountId, change));
}

/** The same in a transaction that holds {@link lockAccounts}, of an actor whom the policy let do so. @throws ArchiveError as {@link changeAccount} */
export async function changeAccountIn(
  tx: DeskTx,
  archive: Archive,
  actor: Pick<Account, 'accountId'>,
  accountId: string,
  change: AccountChange,
): Promise<void> {
  const row = await getOther(archive, tx, actor, accountId);
  if (row.role === 'trial_owner') throw new ArchiveError('account/role-fixed', 'caller');
  if (row.version !== change.baseVersion) throw new ArchiveError('account/changed', 'caller');
  const role = change.role ?? row.role;
  const disabled = change.disabled ?? row.disabled;
  const token = change.holderNumber ? holderToken(archive, change.holderNumber) : row.holder_token;
  const wanted = {
    role,
    fondsId: change.fondsId === undefined ? row.fonds_id : change.fondsId,
    unitId: change.unitId === undefined ? row.unit_id : change.unitId,
    levelMax: change.levelMax ?? row.level_max,
  };
  const place = await checkPlace(tx, wanted);
  if (!disabled) {
    await checkHolder(tx, { accountId, role, token });
    await checkOwnPosts(tx, accountId, role);
    await checkSamePerson(archive, tx, { accountId, roles: [role], holderToken: token });
  }
  if (isAdministrator(row.role) && !row.disabled && (disabled || role !== row.role)) await checkNotLast(tx, row.role, accountId);
  const renamed = change.name === undefined ? null : await newName(tx, archive, accountId, change.name);
  const changed = [await tx.watch('account', [accountId]), ...(disabled ? [await watchTokens(tx, accountId)] : [])];
  await tx.query(
    `update account set role = $2, fonds_id = $3, unit_id = $4, level_max = $5, disabled = $6, holder_token = $7, version = version + 1,
       name_token = coalesce($8, name_token), name = coalesce($9, name), held_roles = case when $2 = any(held_roles) then held_roles else held_roles || $2 end where id = $1`,
    [accountId, role, place.fondsId, place.unitId, place.levelMax, disabled, token, renamed?.token ?? null, renamed?.sealed ?? null],
  );
  if (disabled) await revokeTokens(tx, accountId, archive.clock.nowMs());
  await endSessionsOf(tx, accountId);
  await tx.log({
    kind: disabled === row.disabled ? 'account.changed' : disabled ? 'account.disabled' : 'account.enabled',
    objectId: accountId,
    params: {
      roleBefore: row.role,
      role,
      levelBefore: row.level_max,
      level: place.levelMax,
      moved: Number(place.unitId !== row.unit_id),
    },
    changed,
  });
}

/** Gives somebody a new password, shown once, and unlocks the account; its sessions end. @throws ArchiveError `account/own`, `account/not-found` */
export async function resetPassword(archive: Archive, actor: Account, accountId: string): Promise<string> {
  const password = makePassword();
  await administer(archive, actor, async (tx) => {
    const row = await getOther(archive, tx, actor, accountId);
    const changed = [await tx.watch('account', [accountId])];
    await tx.query(
      `update account set password_hash = $2, former_hashes = $3, password_changed_at_ms = $4, must_change_password = true, failed_count = 0,
         locked_until_ms = 0 where id = $1`,
      [
        accountId,
        await hashPassword(password),
        [row.password_hash, ...row.former_hashes].slice(0, FORMER_PASSWORDS),
        archive.clock.nowMs(),
      ],
    );
    await endSessionsOf(tx, accountId);
    await tx.log({ kind: 'password.reset', objectId: accountId, changed });
  });
  return password;
}

/** Takes a lost authenticator, recovery codes and passkeys away; sessions end. @throws ArchiveError `account/own`, `account/not-found` */
export async function removeFactors(archive: Archive, actor: Account, accountId: string): Promise<void> {
  await administer(archive, actor, async (tx) => {
    await getOther(archive, tx, actor, accountId);
    const keys = await tx.query<{ id: string }>('select id from passkey where account_id = $1', [accountId]);
    const changed = [
      await tx.watch('account', [accountId]),
      await tx.watch(
        'passkey',
        keys.map((k) => k.id),
      ),
    ];
    await tx.query('update account set totp_secret = null, totp_confirmed = false where id = $1', [accountId]);
    await tx.query('delete from recovery_code where account_id = $1', [accountId]);
    const passkeys = await tx.execute('delete from passkey where account_id = $1', [accountId]);
    await endSessionsOf(tx, accountId);
    await tx.log({ kind: 'factors.removed', objectId: accountId, params: { passkeys }, changed });
  });
}

/** Ends somebody's sessions and revokes the API tokens. @throws ArchiveError `account/own`, `account/not-found` */
export async function endAccountSessions(archive: Archive, actor: Account, accountId: string): Promise<void> {
  await administer(archive, actor, async (tx) => {
    await getOther(archive, tx, actor, accountId);
    const changed = [await watchTokens(tx, accountId)];
    const sessions = await endSessionsOf(tx, accountId);
    const tokens = await revokeTokens(tx, accountId, archive.clock.nowMs());
    await tx.log({ kind: 'sessions.ended', objectId: accountId, params: { sessions, tokens }, changed });
  });
}

/** A new sign-in name, sealed and as its token. @throws ArchiveError `account/name-malformed`, `account/name-taken` (caller) */
async function newName(
  tx: DeskTx,
  { sealer }: Archive,
  accountId: string,
  text: string,
): Promise<{ token: Uint8Array; sealed: Uint8Array | null }> {
  const name = foldAccountName(text);
  const token = sealer.accountToken(name);
  if (await tx.one('select 1 as one from account where name_token = $1 and id <> $2', [token, accountId]))
    throw new ArchiveError('account/name-taken', 'caller');
  return { token, sealed: sealer.seal(ACCOUNT_KEY, namePlace(accountId), name) };
}

async function watchTokens(tx: DeskTx, accountId: string): Promise<Watched> {
  const tokens = await tx.query<{ id: string }>('select id from api_token where account_id = $1 and revoked_at_ms is null', [accountId]);
  return tx.watch(
    'api_token',
    tokens.map((t) => t.id),
  );
}

const revokeTokens = (tx: DeskTx, accountId: string, nowMs: number) =>
  tx.execute('update api_token set revoked_at_ms = $2 where account_id = $1 and revoked_at_ms is null', [accountId, nowMs]);
