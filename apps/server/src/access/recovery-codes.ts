import { createHash, randomInt } from 'node:crypto';
import type { DeskTx } from '../desk/index.ts';

const COUNT = 10;
const GROUP = 5;
/** No letter or digit that is mistaken for another on paper; 15 of them are 74 bits, so their digest cannot be turned back by trying. */
const ALPHABET = 'ABCDEFGHJKMNPQRSTUVWXYZ23456789';

const fold = (code: string) => code.toUpperCase().replace(/[^A-Z0-9]/g, '');
/** INVARIANT: the account's id is part of the digest: a code opens one account only. */
const digestOf = (accountId: string, code: string) =>
  createHash('sha256')
    .update(`lantai/recovery/v1\n${accountId}\n${fold(code)}`)
    .digest();
const makeGroup = () => Array.from({ length: GROUP }, () => ALPHABET[randomInt(ALPHABET.length)]).join('');

/** Makes ten codes in place of those before. They are shown once. */
export async function replaceRecoveryCodes(tx: DeskTx, accountId: string): Promise<string[]> {
  const changed = [await tx.watch('account', [accountId])];
  await tx.query('delete from recovery_code where account_id = $1', [accountId]);
  const codes = Array.from({ length: COUNT }, () => `${makeGroup()}-${makeGroup()}-${makeGroup()}`);
  await tx.query('insert into recovery_code (digest, account_id) select unnest($1::bytea[]), $2', [
    codes.map((code) => digestOf(accountId, code)),
    accountId,
  ]);
  await tx.log({ kind: 'recovery-codes.made', objectId: accountId, params: { count: COUNT }, changed });
  return codes;
}

/** Uses a code up; false when it is none of this account's or was used. */
export async function useRecoveryCode(tx: DeskTx, accountId: string, code: string, nowMs: number): Promise<boolean> {
  const used = await tx.execute('update recovery_code set used_at_ms = $3 where digest = $1 and account_id = $2 and used_at_ms is null', [
    digestOf(accountId, code),
    accountId,
    nowMs,
  ]);
  return used === 1;
}
