import { randomBytes } from 'node:crypto';
import type { Action } from '@lantai/policy';
import { ArchiveError } from '@lantai/values';
import type { Archive } from '../archive/index.ts';
import { deskTx, madeObjects } from '../desk/index.ts';
import { ACCOUNT_COLUMNS, ACCOUNT_KEY, type Account, type AccountRow, toAccount } from './account-rows.ts';
import { digestOfToken } from './sessions.ts';

/** A program's leave to act for an account, within scopes and until a day. */
export interface ApiToken {
  readonly id: string;
  readonly account: Account;
  readonly digest: Uint8Array;
  readonly scopes: ReadonlySet<Action>;
  readonly expiresAtMs: number;
}

/** A token in its owner's list; never the token itself. */
export interface ApiTokenLine {
  readonly id: string;
  readonly label: string;
  readonly scopes: readonly Action[];
  readonly createdAtMs: number;
  readonly expiresAtMs: number;
  readonly usedAtMs: number | null;
  readonly revokedAtMs: number | null;
}

const PREFIX = 'lantai_';
const TOKEN_BYTES = 32;
const TOKENS_MAX = 20;
const DAY_MS = 86_400_000;
/** How often being used is written down. */
const USED_STEP_MS = 60_000;

const labelPlace = (id: string) => ({ table: 'api_token', column: 'label', rowId: id, version: 1 });

interface TokenRow {
  id: string;
  label: Uint8Array;
  scopes: Action[];
  created_at_ms: number;
  expires_at_ms: number;
  used_at_ms: number | null;
  revoked_at_ms: number | null;
}

/**
 * Makes a token; it is given once and only its digest is kept.
 * @param input days 1 to 365; rights: what the account may do, which no scope goes beyond
 * @throws ArchiveError `token/scope-beyond` (caller) when a scope is no right of the account, `token/too-many` (caller)
 */
export async function makeApiToken(
  archive: Archive,
  account: Account,
  input: { readonly label: string; readonly scopes: readonly Action[]; readonly days: number; readonly rights: readonly Action[] },
): Promise<{ token: string; line: ApiTokenLine }> {
  const scopes = [...new Set(input.scopes)].sort();
  const beyond = scopes.find((scope) => !input.rights.includes(scope));
  if (beyond) throw new ArchiveError('token/scope-beyond', 'caller', { scope: beyond });
  const token = PREFIX + randomBytes(TOKEN_BYTES).toString('base64url');
  const id = archive.clock.newId();
  const nowMs = archive.clock.nowMs();
  const expiresAtMs = nowMs + input.days * DAY_MS;
  await archive.db.tx(async (raw) => {
    const tx = deskTx(raw, archive, account.accountId, 'administration');
    // The account's row orders makers, so that the limit holds.
    await tx.query('select 1 from account where id = $1 for update', [account.accountId]);
    const [{ n } = { n: 0 }] = await tx.query<{ n: number }>(
      'select count(*)::int as n from api_token where account_id = $1 and revoked_at_ms is null and expires_at_ms > $2',
      [account.accountId, nowMs],
    );
    if (n >= TOKENS_MAX) throw new ArchiveError('token/too-many', 'caller', { max: TOKENS_MAX });
    await tx.query(
      'insert into api_token (id, token_digest, account_id, label, scopes, created_at_ms, expires_at_ms) values ($1, $2, $3, $4, $5, $6, $7)',
      [
        id,
        digestOfToken(token),
        account.accountId,
        archive.sealer.seal(ACCOUNT_KEY, labelPlace(id), input.label),
        scopes,
        nowMs,
        expiresAtMs,
      ],
    );
    await tx.log({
      kind: 'token.made',
      objectId: id,
      params: { days: input.days, scopes: scopes.length },
      changed: [madeObjects('api_token', [id])],
    });
  });
  return { token, line: { id, label: input.label, scopes, createdAtMs: nowMs, expiresAtMs, usedAtMs: null, revokedAtMs: null } };
}

/** An account's tokens, newest first. */
export async function listApiTokens(archive: Archive, accountId: string): Promise<ApiTokenLine[]> {
  const rows = await archive.db.query<TokenRow>(
    'select id, label, scopes, created_at_ms, expires_at_ms, used_at_ms, revoked_at_ms from api_token where account_id = $1 order by id desc',
    [accountId],
  );
  return rows.map((row) => ({
    id: row.id,
    label: archive.sealer.get(ACCOUNT_KEY, labelPlace(row.id), row.label),
    scopes: row.scopes,
    createdAtMs: row.created_at_ms,
    expiresAtMs: row.expires_at_ms,
    usedAtMs: row.used_at_ms,
    revokedAtMs: row.revoked_at_ms,
  }));
}

/** Ends a token of this account for good. @throws ArchiveError `token/not-found` (caller) */
export async function revokeApiToken(archive: Archive, account: Account, tokenId: string): Promise<void> {
  await archive.db.tx(async (raw) => {
    const tx = deskTx(raw, archive, account.accountId, 'administration');
    const changed = [await tx.watch('api_token', [tokenId])];
    const count = await tx.execute('update api_token set revoked_at_ms = $3 where id = $1 and account_id = $2 and revoked_at_ms is null', [
      tokenId,
      account.accountId,
      archive.clock.nowMs(),
    ]);
    if (count === 0) throw new ArchiveError('token/not-found', 'caller');
    await tx.log({ kind: 'token.revoked', objectId: tokenId, changed });
  });
}

/** The token that a program sent; null when it is unknown, over, revoked, or its account was disabled. */
export async function findApiToken(archive: Archive, token: string): Promise<ApiToken | null> {
  if (!token.startsWith(PREFIX)) return null;
  const digest = digestOfToken(token);
  const nowMs = archive.clock.nowMs();
  const [row] = await archive.db.queryNamed<
    AccountRow & { token_id: string; scopes: Action[]; expires_at_ms: number; used_at_ms: number | null }
  >(
    'find-api-token',
    `select t.id as token_id, t.scopes, t.expires_at_ms, t.used_at_ms, ${ACCOUNT_COLUMNS} from api_token t join account a on a.id = t.account_id
     where t.token_digest = $2 and t.revoked_at_ms is null and t.expires_at_ms > $1 and not a.disabled`,
    [nowMs, digest],
  );
  if (!row) return null;
  if (row.used_at_ms === null || nowMs - row.used_at_ms > USED_STEP_MS) await noteUse(archive, row.token_id, row.id, row.used_at_ms, nowMs);
  return { id: row.token_id, account: toAccount(archive, row), digest, scopes: new Set(row.scopes), expiresAtMs: row.expires_at_ms };
}

/** A token's use is written down once a minute, and an entry once a day: what it did are entries of their own. */
async function noteUse(archive: Archive, tokenId: string, accountId: string, usedAtMs: number | null, nowMs: number): Promise<void> {
  await archive.db.tx(async (raw) => {
    const tx = deskTx(raw, archive, accountId, 'administration');
    await tx.query('update api_token set used_at_ms = $2 where id = $1', [tokenId, nowMs]);
    if (usedAtMs === null || Math.floor(usedAtMs / DAY_MS) !== Math.floor(nowMs / DAY_MS))
      await tx.log({ kind: 'token.used', objectId: tokenId });
  });
}
