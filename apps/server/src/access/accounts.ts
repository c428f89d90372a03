import type { ActorRole } from '@lantai/policy';
import { ArchiveError } from '@lantai/values';
import { type Archive, PURPOSE } from '../archive/index.ts';
import { type Actor, type DeskTx, deskTx } from '../desk/index.ts';
import { hashPassword, verifyPassword } from './password.ts';

/** An account, opened for the one it belongs to. */
export interface Account extends Actor {
  readonly name: string;
  readonly language: 'zh' | 'en';
  readonly mustChangePassword: boolean;
}

export interface NewAccount {
  readonly name: string;
  readonly password: string;
  readonly role: ActorRole;
  readonly fondsId: string | null;
  readonly unitId: string | null;
  readonly levelMax: number;
  readonly mustChangePassword: boolean;
}

interface AccountRow {
  id: string;
  name: Uint8Array;
  role: ActorRole;
  fonds_id: string | null;
  unit_id: string | null;
  level_max: number;
  password_hash: string;
  must_change_password: boolean;
  disabled: boolean;
  failed_count: number;
  locked_until_ms: number;
  language: 'zh' | 'en';
}

/** After this many wrong passwords in a row the account rests, longer each time. */
const FAILURES_BEFORE_LOCK = 5;
const LOCK_MS = 60_000;
const LOCK_MS_MAX = 60 * 60_000;

const ACCOUNT_KEY = { kind: 'purpose', id: PURPOSE.account } as const;
const namePlace = (id: string) => ({ table: 'account', column: 'name', rowId: id, version: 1 });

/** Adds an account in the caller's transaction. @throws ArchiveError `account/name-taken`, `account/name-malformed`, `password/…` (caller) */
export async function insertAccount(tx: DeskTx, archive: Pick<Archive, 'sealer' | 'clock'>, input: NewAccount): Promise<string> {
  const name = input.name.normalize('NFKC').trim();
  if (!/^[\p{L}\p{N}][\p{L}\p{N}._@-]{0,59}$/u.test(name)) throw new ArchiveError('account/name-malformed', 'caller');
  const id = archive.clock.newId();
  const passwordHash = await hashPassword(input.password);
  const rows = await tx.query(
    `insert into account (id, name_token, name, role, fonds_id, unit_id, level_max, password_hash, must_change_password, created_at_ms)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) on conflict (name_token) do nothing returning id`,
    [
      id,
      archive.sealer.accountToken(name),
      archive.sealer.seal(ACCOUNT_KEY, namePlace(id), name),
      input.role,
      input.fondsId,
      input.unitId,
      input.levelMax,
      passwordHash,
      input.mustChangePassword,
      archive.clock.nowMs(),
    ],
  );
  if (!rows.length) throw new ArchiveError('account/name-taken', 'caller');
  await tx.log({ kind: 'account.created', objectId: id, params: { role: input.role } });
  return id;
}

const COLUMNS =
  'id, name, role, fonds_id, unit_id, level_max, password_hash, must_change_password, disabled, failed_count, locked_until_ms, language';

const toAccount = (archive: Pick<Archive, 'sealer'>, row: AccountRow): Account => ({
  accountId: row.id,
  role: row.role,
  fondsId: row.fonds_id,
  unitId: row.unit_id,
  levelMax: row.level_max,
  language: row.language,
  mustChangePassword: row.must_change_password,
  name: archive.sealer.get(ACCOUNT_KEY, namePlace(row.id), row.name),
});

/** The account with this id, unless it was disabled. */
export async function findAccount(archive: Pick<Archive, 'db' | 'sealer'>, accountId: string): Promise<Account | null> {
  const row = await archive.db.one<AccountRow>(`select ${COLUMNS} from account where id = $1 and not disabled`, [accountId]);
  return row && toAccount(archive, row);
}

/**
 * Checks name and password. Every attempt is an entry; the answer never tells whether the name exists.
 * @throws ArchiveError `session/refused` (caller), `session/locked` (caller) with the seconds to wait
 */
export async function checkPassword(
  archive: Archive,
  tx: DeskTx,
  name: string,
  password: string,
): Promise<{ account: Account } | { refused: ArchiveError }> {
  const row = await tx.one<AccountRow>(`select ${COLUMNS} from account where name_token = $1 for update`, [
    archive.sealer.accountToken(name),
  ]);
  const nowMs = archive.clock.nowMs();
  if (row && row.locked_until_ms > nowMs) {
    await tx.log({ kind: 'session.refused', objectId: row.id, params: { reason: 'locked' } });
    return { refused: new ArchiveError('session/locked', 'caller', { seconds: Math.ceil((row.locked_until_ms - nowMs) / 1000) }) };
  }
  const right = await verifyPassword(row?.password_hash ?? null, password);
  if (row && right && !row.disabled) {
    await tx.query('update account set failed_count = 0, locked_until_ms = 0 where id = $1', [row.id]);
    return { account: toAccount(archive, row) };
  }
  if (row) {
    const failed = row.failed_count + 1;
    const over = failed - FAILURES_BEFORE_LOCK;
    const lockedUntilMs = over >= 0 ? nowMs + Math.min(LOCK_MS * 2 ** over, LOCK_MS_MAX) : 0;
    await tx.query('update account set failed_count = $2, locked_until_ms = $3 where id = $1', [row.id, failed, lockedUntilMs]);
  }
  await tx.log({ kind: 'session.refused', ...(row ? { objectId: row.id } : {}), params: { reason: 'password' } });
  return { refused: new ArchiveError('session/refused', 'caller') };
}

/** The one account of a trial archive; null elsewhere. */
export async function findTrialOwner(archive: Pick<Archive, 'db' | 'sealer'>): Promise<Account | null> {
  const rows = await archive.db.query<AccountRow>(
    `select ${COLUMNS} from account where role = 'trial_owner' and not disabled order by created_at_ms limit 1`,
  );
  return rows[0] ? toAccount(archive, rows[0]) : null;
}

/**
 * Signs in without a session, for one command of the console; an entry either way.
 * @throws ArchiveError `session/refused`, `session/locked` (caller)
 */
export async function checkAccount(archive: Archive, name: string, password: string): Promise<Account> {
  // The refusal is thrown after the commit, so that its entry and the count of failures stay.
  const outcome = await archive.db.tx(async (raw) => {
    const tx = deskTx(raw, archive, null, 'administration');
    const checked = await checkPassword(archive, tx, name, password);
    if ('account' in checked) await tx.log({ kind: 'session.opened', objectId: checked.account.accountId, params: { way: 'console' } });
    return checked;
  });
  if ('refused' in outcome) throw outcome.refused;
  return outcome.account;
}

/** The account with this name, unless it was disabled; for work that the operator configured, without a password. */
export async function findAccountByName(archive: Pick<Archive, 'db' | 'sealer'>, name: string): Promise<Account | null> {
  const row = await archive.db.one<AccountRow>(`select ${COLUMNS} from account where name_token = $1 and not disabled`, [
    archive.sealer.accountToken(name),
  ]);
  return row && toAccount(archive, row);
}
