import { createHash, randomBytes } from 'node:crypto';
import { type Account, findAccount } from '../access/index.ts';
import type { Archive } from '../archive/index.ts';
import type { Tx } from '../db/index.ts';

/** A signed-in browser or program. */
export interface Session {
  readonly account: Account;
  readonly digest: Uint8Array;
  readonly expiresAtMs: number;
}

export const SESSION_COOKIE = 'lantai_session';
/** Ends whatever is done, and when nothing is done. */
const ABSOLUTE_MS = 12 * 60 * 60_000;
const IDLE_MS = 30 * 60_000;
/** How often being busy is written down. */
const SEEN_STEP_MS = 60_000;
const TOKEN_BYTES = 32;

const digestOf = (token: string) => createHash('sha256').update(token).digest();

/** Begins a session; the token is given once and only its digest is kept. */
export async function insertSession(tx: Tx, archive: Archive, accountId: string): Promise<{ token: string; expiresAtMs: number }> {
  const token = randomBytes(TOKEN_BYTES).toString('base64url');
  const nowMs = archive.clock.nowMs();
  await tx.query('delete from session where expires_at_ms < $1 or seen_at_ms < $2', [nowMs, nowMs - IDLE_MS]);
  await tx.query('insert into session (token_digest, account_id, created_at_ms, seen_at_ms, expires_at_ms) values ($1, $2, $3, $3, $4)', [
    digestOf(token),
    accountId,
    nowMs,
    nowMs + ABSOLUTE_MS,
  ]);
  return { token, expiresAtMs: nowMs + ABSOLUTE_MS };
}

/** The session of a token; null when it is unknown, over, idle too long, or its account was disabled. */
export async function findSession(archive: Archive, token: string): Promise<Session | null> {
  const digest = digestOf(token);
  const row = await archive.db.one<{ account_id: string; seen_at_ms: number; expires_at_ms: number }>(
    'select account_id, seen_at_ms, expires_at_ms from session where token_digest = $1',
    [digest],
  );
  const nowMs = archive.clock.nowMs();
  if (!row || row.expires_at_ms < nowMs || row.seen_at_ms + IDLE_MS < nowMs) return null;
  const account = await findAccount(archive, row.account_id);
  if (!account) return null;
  if (nowMs - row.seen_at_ms > SEEN_STEP_MS)
    await archive.db.query('update session set seen_at_ms = $2 where token_digest = $1', [digest, nowMs]);
  return { account, digest, expiresAtMs: row.expires_at_ms };
}

export async function endSession(tx: Tx, digest: Uint8Array): Promise<void> {
  await tx.query('delete from view_token where session_digest = $1', [digest]);
  await tx.query('delete from session where token_digest = $1', [digest]);
}

/** Ends every other session of an account, as after a new password. */
export async function endOtherSessions(tx: Tx, accountId: string, digest: Uint8Array): Promise<void> {
  await tx.query('delete from session where account_id = $1 and token_digest <> $2', [accountId, digest]);
}
