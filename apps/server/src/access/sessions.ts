import { createHash, randomBytes } from 'node:crypto';
import { ArchiveError } from '@lantai/values';
import type { Archive } from '../archive/index.ts';
import type { Tx } from '../db/index.ts';
import type { DeskTx } from '../desk/index.ts';
import { ACCOUNT_COLUMNS, ACCOUNT_KEY, type Account, type AccountRow, toAccount } from './account-rows.ts';
import type { ProofWay } from './proof.ts';

export type SessionWay = ProofWay | 'passkey' | 'oidc';

/** A signed-in browser. */
export interface Session {
  readonly id: string;
  readonly account: Account;
  readonly digest: Uint8Array;
  readonly expiresAtMs: number;
  /** When password or second factor were last shown. */
  readonly freshAtMs: number;
}

/** Where a session was begun from; sealed in the row. */
export interface ClientFacts {
  readonly address: string;
  readonly browser: string;
}

/** One of an account's sessions, for its list. */
export interface SessionLine extends ClientFacts {
  readonly id: string;
  readonly way: SessionWay;
  readonly createdAtMs: number;
  readonly seenAtMs: number;
  readonly expiresAtMs: number;
}

/** How long a shown password opens dangerous acts. */
export const FRESH_MS = 5 * 60_000;
/** How often being busy is written down. */
const SEEN_STEP_MS = 60_000;
const TOKEN_BYTES = 32;
const BROWSER_CHARACTERS = 200;

export const digestOfToken = (token: string): Uint8Array => createHash('sha256').update(token).digest();
const clientPlace = (id: string) => ({ table: 'session', column: 'client', rowId: id, version: 1 });

/** Begins a session; the token is given once and only its digest is kept. */
export async function insertSession(
  tx: DeskTx,
  archive: Archive,
  accountId: string,
  { way, client, freshAtMs }: { way: SessionWay; client: ClientFacts; freshAtMs?: number },
): Promise<{ token: string; expiresAtMs: number }> {
  const { sessionIdleMs, sessionMaxMs } = archive.config.access;
  const token = randomBytes(TOKEN_BYTES).toString('base64url');
  const id = archive.clock.newId();
  const nowMs = archive.clock.nowMs();
  await tx.query('delete from session where expires_at_ms < $1 or seen_at_ms < $2', [nowMs, nowMs - sessionIdleMs]);
  const facts = JSON.stringify({ address: client.address, browser: client.browser.slice(0, BROWSER_CHARACTERS) });
  await tx.query(
    `insert into session (token_digest, id, account_id, way, client, created_at_ms, seen_at_ms, expires_at_ms, fresh_at_ms)
     values ($1, $2, $3, $4, $5, $6, $6, $7, $8)`,
    [
      digestOfToken(token),
      id,
      accountId,
      way,
      archive.sealer.seal(ACCOUNT_KEY, clientPlace(id), facts),
      nowMs,
      nowMs + sessionMaxMs,
      freshAtMs ?? nowMs,
    ],
  );
  await tx.query('update account set signed_in_at_ms = $2 where id = $1', [accountId, nowMs]);
  await tx.log({ kind: 'session.opened', objectId: accountId, params: { way } });
  return { token, expiresAtMs: nowMs + sessionMaxMs };
}

type SessionRow = AccountRow & { session_id: string; seen_at_ms: number; expires_at_ms: number; fresh_at_ms: number };

/** The session of a token; null when it is unknown, over, idle too long, or its account was disabled. */
export async function findSession(archive: Archive, token: string): Promise<Session | null> {
  const digest = digestOfToken(token);
  const nowMs = archive.clock.nowMs();
  const [row] = await archive.db.queryNamed<SessionRow>(
    'find-session',
    `select s.id as session_id, s.seen_at_ms, s.expires_at_ms, s.fresh_at_ms, ${ACCOUNT_COLUMNS}
     from session s join account a on a.id = s.account_id where s.token_digest = $2 and not a.disabled`,
    [nowMs, digest],
  );
  if (!row || row.expires_at_ms < nowMs || row.seen_at_ms + archive.config.access.sessionIdleMs < nowMs) return null;
  if (nowMs - row.seen_at_ms > SEEN_STEP_MS)
    await archive.db.query('update session set seen_at_ms = $2 where token_digest = $1', [digest, nowMs]);
  return { id: row.session_id, account: toAccount(archive, row), digest, expiresAtMs: row.expires_at_ms, freshAtMs: row.fresh_at_ms };
}

/** Refuses a dangerous act when password or second factor were shown too long ago. @throws ArchiveError `session/fresh-needed` (caller) */
export function checkFresh(session: Pick<Session, 'freshAtMs'>, nowMs: number): void {
  const ageMs = nowMs - session.freshAtMs;
  // A moment in the future is a clock that was set back: it proves nothing.
  if (ageMs < 0 || ageMs > FRESH_MS) throw new ArchiveError('session/fresh-needed', 'caller');
}

/** Notes that password or second factor were shown just now. */
export async function markFresh(tx: DeskTx, session: Session, way: SessionWay, nowMs: number): Promise<void> {
  await tx.query('update session set fresh_at_ms = $2 where token_digest = $1', [session.digest, nowMs]);
  await tx.log({ kind: 'session.proved-again', objectId: session.account.accountId, params: { way } });
}

/** An account's sessions that are not over, newest first. */
export async function listSessions(archive: Archive, accountId: string): Promise<SessionLine[]> {
  const nowMs = archive.clock.nowMs();
  const rows = await archive.db.query<{
    id: string;
    way: SessionWay;
    client: Uint8Array;
    created_at_ms: number;
    seen_at_ms: number;
    expires_at_ms: number;
  }>(
    `select id, way, client, created_at_ms, seen_at_ms, expires_at_ms from session
     where account_id = $1 and expires_at_ms >= $2 and seen_at_ms >= $3 order by created_at_ms desc, id desc`,
    [accountId, nowMs, nowMs - archive.config.access.sessionIdleMs],
  );
  return rows.map((row) => ({
    ...(JSON.parse(archive.sealer.get(ACCOUNT_KEY, clientPlace(row.id), row.client)) as ClientFacts),
    id: row.id,
    way: row.way,
    createdAtMs: row.created_at_ms,
    seenAtMs: row.seen_at_ms,
    expiresAtMs: row.expires_at_ms,
  }));
}

/** Ends one session, and with it the leave to fetch tiles that rode on it. */
export async function endSession(tx: Tx, digest: Uint8Array): Promise<void> {
  await tx.query('select end_looks(null, $1, null)', [digest]);
  await tx.query('delete from session where token_digest = $1', [digest]);
}

/** Ends one session of an account by its id; false when there is none. */
export async function endSessionById(tx: Tx, accountId: string, sessionId: string): Promise<boolean> {
  const row = await tx.one<{ token_digest: Uint8Array }>('select token_digest from session where id = $2 and account_id = $1', [
    accountId,
    sessionId,
  ]);
  if (row) await endSession(tx, row.token_digest);
  return row !== null;
}

/** Ends the sessions of an account, but for one: as after a new password, or when rights changed. Returns how many. */
export async function endSessionsOf(tx: Tx, accountId: string, except?: Uint8Array): Promise<number> {
  const kept = except ?? new Uint8Array(0);
  await tx.query('select end_looks($1, null, $2)', [accountId, kept]);
  return tx.execute('delete from session where account_id = $1 and token_digest <> $2', [accountId, kept]);
}

/** Ends every session, throws away what a sign-in waits for, and revokes every API token. */
export async function endEverySession(tx: Tx, nowMs: number): Promise<{ sessions: number; tokens: number }> {
  await tx.query('delete from challenge');
  const sessions = await tx.execute('delete from session');
  const tokens = await tx.execute('update api_token set revoked_at_ms = $1 where revoked_at_ms is null', [nowMs]);
  return { sessions, tokens };
}
