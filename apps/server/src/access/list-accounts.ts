import type { ActorRole } from '@lantai/policy';
import type { Archive } from '../archive/index.ts';
import { openDesk } from '../desk/index.ts';
import { ACCOUNT_KEY, type Account, namePlace } from './account-rows.ts';

/** One account as administrators see it. */
export interface AccountLine {
  readonly id: string;
  readonly name: string;
  readonly role: ActorRole;
  readonly fondsId: string | null;
  readonly unitId: string | null;
  readonly levelMax: number;
  readonly disabled: boolean;
  readonly locked: boolean;
  readonly mustChangePassword: boolean;
  readonly holderKnown: boolean;
  readonly totp: boolean;
  readonly passkeys: number;
  readonly sessions: number;
  readonly tokens: number;
  readonly oidcLinked: boolean;
  readonly createdAtMs: number;
  readonly signedInAtMs: number | null;
  readonly version: number;
  readonly isOwn: boolean;
}

const SELECT = `select a.id, a.name, a.role, a.fonds_id as "fondsId", a.unit_id as "unitId", a.level_max as "levelMax", a.disabled,
  a.locked_until_ms > $1 as locked, a.must_change_password as "mustChangePassword", a.holder_token is not null as "holderKnown",
  a.totp_confirmed as totp, (select count(*)::int from passkey p where p.account_id = a.id) as passkeys,
  (select count(*)::int from session s where s.account_id = a.id and s.expires_at_ms >= $1 and s.seen_at_ms >= $2) as sessions,
  (select count(*)::int from api_token t where t.account_id = a.id and t.revoked_at_ms is null and t.expires_at_ms > $1) as tokens,
  a.oidc_token is not null as "oidcLinked", a.created_at_ms as "createdAtMs", a.signed_in_at_ms as "signedInAtMs", a.version
  from account a where ($3::uuid is null or a.id = $3) order by a.disabled, a.created_at_ms, a.id`;

/** All accounts, those in use first; seeing them is an entry. @throws ArchiveError `desk/not-allowed` (caller) */
export async function listAccounts(archive: Archive, actor: Account, accountId: string | null = null): Promise<AccountLine[]> {
  const desk = await openDesk(archive, actor, 'administration');
  return desk.act('account.manage', async (tx) => {
    const nowMs = archive.clock.nowMs();
    const rows = await tx.query<Omit<AccountLine, 'name' | 'isOwn'> & { name: Uint8Array }>(SELECT, [
      nowMs,
      nowMs - archive.config.access.sessionIdleMs,
      accountId,
    ]);
    if (accountId === null) await tx.log({ kind: 'accounts.listed', params: { count: rows.length } });
    return rows.map((row) => ({
      ...row,
      name: archive.sealer.get(ACCOUNT_KEY, namePlace(row.id), row.name),
      isOwn: row.id === actor.accountId,
    }));
  });
}
