import { type Archive, PURPOSE } from '../archive/index.ts';
import type { Sql } from '../db/index.ts';
import type { Actor } from '../desk/index.ts';
import { NO_PASSWORD } from './password.ts';

/** An account, opened for the one it belongs to. */
export interface Account extends Actor {
  readonly name: string;
  readonly language: 'zh' | 'en';
  /** The password was given by somebody else, or is older than the archive allows. */
  readonly mustChangePassword: boolean;
  /** Set while access in an emergency is open to this account: unit and level are then the widest of the fonds. */
  readonly breakGlassUntilMs: number | null;
}

/** The row behind an account, as {@link ACCOUNT_COLUMNS} selects it. */
export interface AccountRow {
  readonly id: string;
  readonly name: Uint8Array;
  readonly role: Account['role'];
  readonly fonds_id: string | null;
  readonly unit_id: string | null;
  readonly level_max: number;
  readonly password_hash: string;
  readonly former_hashes: string[];
  readonly password_changed_at_ms: number;
  readonly must_change_password: boolean;
  readonly disabled: boolean;
  readonly failed_count: number;
  readonly locked_until_ms: number;
  readonly language: 'zh' | 'en';
  readonly holder_token: Uint8Array | null;
  readonly totp_secret: Uint8Array | null;
  readonly totp_confirmed: boolean;
  readonly totp_last_step: number;
  readonly version: number;
  readonly break_glass_until_ms: number | null;
}

/** Columns of {@link AccountRow} from `account a`; `$1` must be the time in milliseconds. */
export const ACCOUNT_COLUMNS = `a.id, a.name, a.role, a.fonds_id, a.unit_id, a.level_max, a.password_hash, a.former_hashes, a.password_changed_at_ms,
  a.must_change_password, a.disabled, a.failed_count, a.locked_until_ms, a.language, a.holder_token, a.totp_secret, a.totp_confirmed,
  a.totp_last_step, a.version,
  (select max(b.ends_at_ms) from break_glass b
    where b.account_id = a.id and b.opened_at_ms is not null and b.ended_at_ms is null and b.ends_at_ms > $1) as break_glass_until_ms`;

export const ACCOUNT_KEY = { kind: 'purpose', id: PURPOSE.account } as const;
export const namePlace = (id: string) => ({ table: 'account', column: 'name', rowId: id, version: 1 });

/** The name of an account, for those who may know who it is. @throws ArchiveError `column/corrupt` (corruption) */
export const openAccountName = ({ sealer }: Pick<Archive, 'sealer'>, accountId: string, sealed: Uint8Array): string =>
  sealer.get(ACCOUNT_KEY, namePlace(accountId), sealed);

/** What emergency access opens: everything of the fonds that the archive keeps in electronic form. */
const BREAK_GLASS_LEVEL = 3;

/** Opens a row. */
export function toAccount(archive: Pick<Archive, 'sealer' | 'config' | 'clock'>, row: AccountRow): Account {
  const ageMaxMs = archive.config.access.passwordAgeMaxMs;
  const isOld = ageMaxMs > 0 && row.password_hash !== NO_PASSWORD && archive.clock.nowMs() - row.password_changed_at_ms > ageMaxMs;
  const isEmergency = row.break_glass_until_ms !== null;
  return {
    accountId: row.id,
    role: row.role,
    fondsId: row.fonds_id,
    unitId: isEmergency ? null : row.unit_id,
    levelMax: isEmergency ? BREAK_GLASS_LEVEL : row.level_max,
    language: row.language,
    mustChangePassword: row.must_change_password || isOld,
    breakGlassUntilMs: row.break_glass_until_ms,
    name: archive.sealer.get(ACCOUNT_KEY, namePlace(row.id), row.name),
  };
}

/** Names of accounts by id; whom there is not is left out. */
export async function accountNames(
  archive: Pick<Archive, 'sealer'>,
  sql: Sql,
  accountIds: readonly string[],
): Promise<Map<string, string>> {
  const rows = await sql.query<{ id: string; name: Uint8Array }>('select id, name from account where id = any($1::uuid[])', [
    [...new Set(accountIds)],
  ]);
  return new Map(rows.map(({ id, name }) => [id, archive.sealer.get(ACCOUNT_KEY, namePlace(id), name)]));
}
