import { createHash, randomBytes } from 'node:crypto';
import { utf8 } from '@lantai/values';
import type { Archive } from '../archive/index.ts';
import type { Sql } from '../db/index.ts';
import { ACCOUNT_KEY } from './account-rows.ts';

export type ChallengeKind = 'passkey-add' | 'passkey-in' | 'passkey-fresh' | 'oidc';

const LIFE_MS = 5 * 60_000;
/** Unanswered questions of strangers do not fill the table: beyond this the oldest go. */
const OPEN_MAX = 10_000;
const digestOf = (kind: ChallengeKind, text: string) => createHash('sha256').update(`${kind}\n${text}`).digest();
const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');
const valuePlace = (digest: Uint8Array) => ({ table: 'challenge', column: 'value', rowId: hex(digest), version: 1 });

/** Remembers a question by its text, with what is needed when it is answered, sealed. It lives five minutes. */
export async function keepChallenge(
  archive: Archive,
  kind: ChallengeKind,
  text: string,
  { accountId = null, value = {} }: { accountId?: string | null; value?: object },
): Promise<void> {
  const nowMs = archive.clock.nowMs();
  const digest = digestOf(kind, text);
  await archive.db.query(
    `delete from challenge where expires_at_ms < $1
       or digest in (select digest from challenge order by expires_at_ms desc offset $2)`,
    [nowMs, OPEN_MAX],
  );
  await archive.db.query('insert into challenge (digest, kind, account_id, value, expires_at_ms) values ($1, $2, $3, $4, $5)', [
    digest,
    kind,
    accountId,
    archive.sealer.sealBytes(ACCOUNT_KEY, valuePlace(digest), utf8(JSON.stringify(value))),
    nowMs + LIFE_MS,
  ]);
}

/** Takes a question away with its answer; null when it is unknown, over, or was answered. INVARIANT: each is answered once. */
export async function takeChallenge<T>(
  archive: Archive,
  sql: Sql,
  kind: ChallengeKind,
  text: string,
): Promise<{ accountId: string | null; value: T } | null> {
  const digest = digestOf(kind, text);
  const [row] = await sql.query<{ account_id: string | null; value: Uint8Array; expires_at_ms: number }>(
    'delete from challenge where digest = $1 and kind = $2 returning account_id, value, expires_at_ms',
    [digest, kind],
  );
  if (!row || row.expires_at_ms < archive.clock.nowMs()) return null;
  const text_ = new TextDecoder().decode(archive.sealer.openBytes(ACCOUNT_KEY, valuePlace(digest), row.value));
  return { accountId: row.account_id, value: JSON.parse(text_) as T };
}

export const makeNonce = (): string => randomBytes(32).toString('base64url');
