import type { ActorRole } from '@lantai/policy';
import { ArchiveError } from '@lantai/values';
import type { Archive } from '../archive/index.ts';
import { type DeskTx, madeObjects } from '../desk/index.ts';
import { ACCOUNT_COLUMNS, ACCOUNT_KEY, type Account, type AccountRow, namePlace, toAccount } from './account-rows.ts';
import { checkNewPassword, hashPassword, NO_PASSWORD } from './password.ts';

export interface NewAccount {
  readonly name: string;
  /** Null: none. Whoever is to sign in by one gets it from the security administrator; until then by an OpenID provider alone. */
  readonly password: string | null;
  readonly role: ActorRole;
  readonly fondsId: string | null;
  readonly unitId: string | null;
  readonly levelMax: number;
  readonly mustChangePassword: boolean;
  /** Keyed token of the person behind the account. */
  readonly holderToken?: Uint8Array;
}

const NAME = /^[\p{L}\p{N}][\p{L}\p{N}._@-]{0,59}$/u;

/** A sign-in name as it is kept. @throws ArchiveError `account/name-malformed` (caller) */
export function foldAccountName(text: string): string {
  const name = text.normalize('NFKC').trim();
  if (!NAME.test(name)) throw new ArchiveError('account/name-malformed', 'caller');
  return name;
}

/** Adds an account in the caller's transaction. @throws ArchiveError `account/name-taken`, `account/name-malformed`, `password/…` (caller) */
export async function insertAccount(tx: DeskTx, archive: Pick<Archive, 'sealer' | 'clock'>, input: NewAccount): Promise<string> {
  const name = foldAccountName(input.name);
  const id = archive.clock.newId();
  if (input.password !== null) await checkNewPassword(input.password, [name]);
  const rows = await tx.query(
    `insert into account (id, name_token, name, role, fonds_id, unit_id, level_max, password_hash, must_change_password, created_at_ms,
       password_changed_at_ms, held_roles, holder_token)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $10, array[$4], $11) on conflict (name_token) do nothing returning id`,
    [
      id,
      archive.sealer.accountToken(name),
      archive.sealer.seal(ACCOUNT_KEY, namePlace(id), name),
      input.role,
      input.fondsId,
      input.unitId,
      input.levelMax,
      input.password === null ? NO_PASSWORD : await hashPassword(input.password),
      input.mustChangePassword,
      archive.clock.nowMs(),
      input.holderToken ?? null,
    ],
  );
  if (!rows.length) throw new ArchiveError('account/name-taken', 'caller');
  await tx.log({ kind: 'account.created', objectId: id, params: { role: input.role }, changed: [madeObjects('account', [id])] });
  return id;
}

type Parts = Pick<Archive, 'db' | 'sealer' | 'clock' | 'config'>;

/** The account with this id, unless it was disabled. */
export async function findAccount(archive: Parts, accountId: string): Promise<Account | null> {
  const row = await archive.db.one<AccountRow>(`select ${ACCOUNT_COLUMNS} from account a where a.id = $2 and not a.disabled`, [
    archive.clock.nowMs(),
    accountId,
  ]);
  return row && toAccount(archive, row);
}

/** The one account of a trial archive; null elsewhere. */
export async function findTrialOwner(archive: Parts): Promise<Account | null> {
  const rows = await archive.db.query<AccountRow>(
    `select ${ACCOUNT_COLUMNS} from account a where a.role = 'trial_owner' and not a.disabled order by a.created_at_ms limit 1`,
    [archive.clock.nowMs()],
  );
  return rows[0] ? toAccount(archive, rows[0]) : null;
}

/** The account with this name, unless it was disabled; for work that the operator configured, without a password. */
export async function findAccountByName(archive: Parts, name: string): Promise<Account | null> {
  const row = await archive.db.one<AccountRow>(`select ${ACCOUNT_COLUMNS} from account a where a.name_token = $2 and not a.disabled`, [
    archive.clock.nowMs(),
    archive.sealer.accountToken(name),
  ]);
  return row && toAccount(archive, row);
}
