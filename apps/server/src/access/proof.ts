import { ArchiveError } from '@lantai/values';
import type { Archive } from '../archive/index.ts';
import { type DeskTx, deskTx } from '../desk/index.ts';
import { ACCOUNT_COLUMNS, ACCOUNT_KEY, type Account, type AccountRow, toAccount } from './account-rows.ts';
import { checkNewPassword, FORMER_PASSWORDS, hashPassword, verifyPassword } from './password.ts';
import { useRecoveryCode } from './recovery-codes.ts';
import { findTotpStep } from './totp.ts';

/** After this many wrong proofs in a row the account rests, longer each time. */
const FAILURES_BEFORE_LOCK = 5;
const LOCK_MS = 60_000;
const LOCK_MS_MAX = 60 * 60_000;

export const totpPlace = (accountId: string) => ({ table: 'account', column: 'totp_secret', rowId: accountId, version: 1 });

/** How somebody showed who they are. */
export type ProofWay = 'password' | 'totp' | 'recovery';
/** A proof that held, or why it did not; the refusal is thrown after the commit, so that its entry and the count of failures stay. */
export type Judged<T> = T | { readonly refused: ArchiveError };

/** The row of an account, locked until the transaction ends. */
export async function lockAccountRow(archive: Pick<Archive, 'clock'>, tx: DeskTx, accountId: string): Promise<AccountRow | null> {
  return tx.one<AccountRow>(`select ${ACCOUNT_COLUMNS} from account a where a.id = $2 for update of a`, [archive.clock.nowMs(), accountId]);
}

/** Refuses while an account rests. */
export async function findLock(archive: Archive, tx: DeskTx, row: AccountRow): Promise<ArchiveError | null> {
  const leftMs = row.locked_until_ms - archive.clock.nowMs();
  if (leftMs <= 0) return null;
  await tx.log({ kind: 'session.refused', objectId: row.id, params: { reason: 'locked' } });
  return new ArchiveError('session/locked', 'caller', { seconds: Math.ceil(leftMs / 1000) });
}

/** Counts a wrong proof; after too many the account rests. */
export async function countFailure(archive: Archive, tx: DeskTx, row: AccountRow, reason: string): Promise<void> {
  const failed = row.failed_count + 1;
  const over = failed - FAILURES_BEFORE_LOCK;
  const lockedUntilMs = over >= 0 ? archive.clock.nowMs() + Math.min(LOCK_MS * 2 ** over, LOCK_MS_MAX) : 0;
  await tx.query('update account set failed_count = $2, locked_until_ms = $3 where id = $1', [row.id, failed, lockedUntilMs]);
  await tx.log({ kind: 'session.refused', objectId: row.id, params: { reason } });
}

const forgetFailures = (tx: DeskTx, accountId: string) =>
  tx.query('update account set failed_count = 0, locked_until_ms = 0 where id = $1', [accountId]);

/** Whether a code is the authenticator's or a recovery code of this account; it is used up. */
async function useCode(archive: Archive, tx: DeskTx, row: AccountRow, code: string): Promise<'totp' | 'recovery' | null> {
  const nowMs = archive.clock.nowMs();
  if (!row.totp_confirmed || !row.totp_secret) return null;
  const digits = code.replace(/\s/g, '');
  if (/^\d{6}$/.test(digits)) {
    const secret = archive.sealer.openBytes(ACCOUNT_KEY, totpPlace(row.id), row.totp_secret);
    const step = findTotpStep(secret, digits, nowMs, row.totp_last_step);
    if (step === null) return null;
    await tx.query('update account set totp_last_step = $2 where id = $1', [row.id, step]);
    return 'totp';
  }
  const changed = [await tx.watch('account', [row.id])];
  if (!(await useRecoveryCode(tx, row.id, code, nowMs))) return null;
  await tx.log({ kind: 'recovery-code.used', objectId: row.id, changed });
  return 'recovery';
}

/**
 * Checks name and password, and the second factor of an account that has one. Every attempt is an entry; the answer never tells whether
 * the name exists.
 * @returns the account, or the refusal: `session/refused`, `session/code-needed`, `session/locked` (caller)
 */
export async function checkPassword(
  archive: Archive,
  tx: DeskTx,
  name: string,
  password: string,
  code?: string,
): Promise<Judged<{ account: Account; way: ProofWay }>> {
  const row = await tx.one<AccountRow>(`select ${ACCOUNT_COLUMNS} from account a where a.name_token = $2 for update of a`, [
    archive.clock.nowMs(),
    archive.sealer.accountToken(name),
  ]);
  const locked = row && (await findLock(archive, tx, row));
  if (locked) return { refused: locked };
  const isRight = await verifyPassword(row?.password_hash ?? null, password);
  if (!row || !isRight || row.disabled) {
    if (row) await countFailure(archive, tx, row, 'password');
    else await tx.log({ kind: 'session.refused', params: { reason: 'password' } });
    return { refused: new ArchiveError('session/refused', 'caller') };
  }
  let way: ProofWay = 'password';
  if (row.totp_confirmed) {
    // INVARIANT: the right password alone never resets the count of failures of an account with a second factor.
    if (code === undefined) return { refused: new ArchiveError('session/code-needed', 'caller') };
    const used = await useCode(archive, tx, row, code);
    if (!used) {
      await countFailure(archive, tx, row, 'code');
      return { refused: new ArchiveError('session/refused', 'caller') };
    }
    way = used;
  }
  await forgetFailures(tx, row.id);
  return { account: toAccount(archive, row), way };
}

/** Shows password or second factor once more, by somebody signed in; wrong ones count as at the door. */
export async function proveAgain(
  archive: Archive,
  tx: DeskTx,
  accountId: string,
  proof: { readonly password?: string | undefined; readonly code?: string | undefined },
): Promise<Judged<{ way: ProofWay }>> {
  const row = await lockAccountRow(archive, tx, accountId);
  if (!row) return { refused: new ArchiveError('session/needed', 'caller') };
  const locked = await findLock(archive, tx, row);
  if (locked) return { refused: locked };
  let way: ProofWay | null = null;
  if (proof.code !== undefined) way = await useCode(archive, tx, row, proof.code);
  else if (proof.password !== undefined && (await verifyPassword(row.password_hash, proof.password))) way = 'password';
  if (!way) {
    await countFailure(archive, tx, row, proof.code === undefined ? 'password' : 'code');
    return { refused: new ArchiveError(proof.code === undefined ? 'password/wrong' : 'session/code-wrong', 'caller') };
  }
  await forgetFailures(tx, accountId);
  return { way };
}

/**
 * Puts a new password in place of the present one, which must be shown.
 * @returns the refusal, if any: `password/wrong`, `session/locked`, `password/too-…`, `password/used-before` (caller)
 */
export async function replacePassword(
  archive: Archive,
  tx: DeskTx,
  account: Account,
  { current, next }: { readonly current: string; readonly next: string },
): Promise<ArchiveError | null> {
  const proved = await proveAgain(archive, tx, account.accountId, { password: current });
  if ('refused' in proved) return proved.refused;
  await checkNewPassword(next, [account.name]);
  const row = await lockAccountRow(archive, tx, account.accountId);
  if (!row) return new ArchiveError('session/needed', 'caller');
  for (const former of [row.password_hash, ...row.former_hashes])
    if (await verifyPassword(former, next)) return new ArchiveError('password/used-before', 'caller', { count: FORMER_PASSWORDS });
  const changed = [await tx.watch('account', [row.id])];
  await tx.query(
    `update account set password_hash = $2, former_hashes = $3, must_change_password = false, password_changed_at_ms = $4 where id = $1`,
    [row.id, await hashPassword(next), [row.password_hash, ...row.former_hashes].slice(0, FORMER_PASSWORDS), archive.clock.nowMs()],
  );
  await tx.log({ kind: 'password.changed', objectId: row.id, changed });
  return null;
}

/**
 * Signs in without a session, for one command of the console; an entry either way.
 * @param code of the authenticator, for an account that has one
 * @throws ArchiveError `session/refused`, `session/code-needed`, `session/locked` (caller)
 */
export async function checkAccount(archive: Archive, name: string, password: string, code?: string): Promise<Account> {
  const outcome = await archive.db.tx(async (raw) => {
    const tx = deskTx(raw, archive, null, 'administration');
    const checked = await checkPassword(archive, tx, name, password, code);
    if ('refused' in checked) return checked;
    const { account } = checked;
    await tx.log({ kind: 'session.opened', objectId: account.accountId, params: { way: 'console' } });
    return checked;
  });
  if ('refused' in outcome) throw outcome.refused;
  return outcome.account;
}
