import { ArchiveError } from '@lantai/values';
import type { Archive } from '../archive/index.ts';
import { deskTx } from '../desk/index.ts';
import { ACCOUNT_KEY, type Account } from './account-rows.ts';
import { countFailure, findLock, type Judged, lockAccountRow, totpPlace } from './proof.ts';
import { replaceRecoveryCodes } from './recovery-codes.ts';
import { findTotpStep, formatBase32, formatTotpUri, makeTotpSecret } from './totp.ts';

/** Second factors of an account, for its owner. */
export interface Factors {
  readonly totp: boolean;
  readonly recoveryCodesLeft: number;
  readonly passkeys: readonly {
    readonly id: string;
    readonly label: string;
    readonly createdAtMs: number;
    readonly usedAtMs: number | null;
  }[];
}

export const passkeyLabelPlace = (id: string) => ({ table: 'passkey', column: 'label', rowId: id, version: 1 });

/** What the account has beside its password. */
export async function getFactors(archive: Archive, accountId: string): Promise<Factors> {
  const row = await archive.db.one<{ totp_confirmed: boolean; codes: number }>(
    `select totp_confirmed, (select count(*)::int from recovery_code c where c.account_id = a.id and c.used_at_ms is null) as codes
     from account a where id = $1`,
    [accountId],
  );
  const passkeys = await archive.db.query<{ id: string; label: Uint8Array; created_at_ms: number; used_at_ms: number | null }>(
    'select id, label, created_at_ms, used_at_ms from passkey where account_id = $1 order by id',
    [accountId],
  );
  return {
    totp: row?.totp_confirmed ?? false,
    recoveryCodesLeft: row?.codes ?? 0,
    passkeys: passkeys.map((key) => ({
      id: key.id,
      label: archive.sealer.get(ACCOUNT_KEY, passkeyLabelPlace(key.id), key.label),
      createdAtMs: key.created_at_ms,
      usedAtMs: key.used_at_ms,
    })),
  };
}

/**
 * Makes a secret for an authenticator. It counts for nothing before {@link confirmTotp}; beginning again makes another.
 * @throws ArchiveError `totp/enrolled` (caller) when one is in use
 */
export async function startTotp(archive: Archive, account: Account): Promise<{ secret: string; uri: string }> {
  const secret = makeTotpSecret();
  const sealed = archive.sealer.sealBytes(ACCOUNT_KEY, totpPlace(account.accountId), secret);
  const count = await archive.db.execute('update account set totp_secret = $2, totp_last_step = 0 where id = $1 and not totp_confirmed', [
    account.accountId,
    sealed,
  ]);
  if (count === 0) throw new ArchiveError('totp/enrolled', 'caller');
  return { secret: formatBase32(secret), uri: formatTotpUri(secret, account.name) };
}

/**
 * Takes the authenticator into use by one of its codes; from now on sign-in asks for one. Wrong codes count as at the door.
 * @returns recovery codes, shown once; or the refusal `session/code-wrong`, `session/locked`
 * @throws ArchiveError `totp/not-begun`, `totp/enrolled` (caller)
 */
export async function confirmTotp(archive: Archive, account: Account, code: string): Promise<Judged<{ recoveryCodes: string[] }>> {
  return archive.db.tx(async (raw) => {
    const tx = deskTx(raw, archive, account.accountId, 'administration');
    const row = await lockAccountRow(archive, tx, account.accountId);
    if (!row?.totp_secret) throw new ArchiveError('totp/not-begun', 'caller');
    if (row.totp_confirmed) throw new ArchiveError('totp/enrolled', 'caller');
    const locked = await findLock(archive, tx, row);
    if (locked) return { refused: locked };
    const secret = archive.sealer.openBytes(ACCOUNT_KEY, totpPlace(row.id), row.totp_secret);
    const step = findTotpStep(secret, code, archive.clock.nowMs(), row.totp_last_step);
    if (step === null) {
      await countFailure(archive, tx, row, 'code');
      return { refused: new ArchiveError('session/code-wrong', 'caller') };
    }
    const changed = [await tx.watch('account', [row.id])];
    await tx.query('update account set totp_confirmed = true, totp_last_step = $2 where id = $1', [row.id, step]);
    await tx.log({ kind: 'totp.enrolled', objectId: row.id, changed });
    return { recoveryCodes: await replaceRecoveryCodes(tx, row.id) };
  });
}

/** Takes the authenticator and its recovery codes away. */
export async function removeTotp(archive: Archive, account: Account): Promise<void> {
  await archive.db.tx(async (raw) => {
    const tx = deskTx(raw, archive, account.accountId, 'administration');
    const changed = [await tx.watch('account', [account.accountId])];
    await tx.query('update account set totp_secret = null, totp_confirmed = false where id = $1', [account.accountId]);
    await tx.query('delete from recovery_code where account_id = $1', [account.accountId]);
    await tx.log({ kind: 'totp.removed', objectId: account.accountId, changed });
  });
}

/** New recovery codes in place of the old. @throws ArchiveError `totp/not-begun` (caller) without an authenticator */
export async function renewRecoveryCodes(archive: Archive, account: Account): Promise<string[]> {
  return archive.db.tx(async (raw) => {
    const tx = deskTx(raw, archive, account.accountId, 'administration');
    const row = await lockAccountRow(archive, tx, account.accountId);
    if (!row?.totp_confirmed) throw new ArchiveError('totp/not-begun', 'caller');
    return replaceRecoveryCodes(tx, account.accountId);
  });
}
