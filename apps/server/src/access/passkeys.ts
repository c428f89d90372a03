import { ArchiveError, isArchiveError } from '@lantai/values';
import {
  type AuthenticationResponseJSON,
  generateAuthenticationOptions,
  generateRegistrationOptions,
  type RegistrationResponseJSON,
  verifyAuthenticationResponse,
  verifyRegistrationResponse,
} from '@simplewebauthn/server';
import type { Archive } from '../archive/index.ts';
import { type DeskTx, deskTx, madeObjects } from '../desk/index.ts';
import { ACCOUNT_KEY, type Account, toAccount } from './account-rows.ts';
import { type ChallengeKind, keepChallenge, takeChallenge } from './challenges.ts';
import { passkeyLabelPlace } from './factors.ts';
import { findLock, type Judged, lockAccountRow } from './proof.ts';

/** The site that passkeys are made for. Source: W3C Web Authentication level 3, sections 5.1.3 and 5.1.4. */
export interface Site {
  /** Host name without port. */
  readonly id: string;
  /** `https://host[:port]` as the browser says it. */
  readonly origin: string;
}

/** What a browser sends back: checked by the library, field by field. */
export type PasskeyAnswer = Readonly<Record<string, unknown>>;

interface PasskeyRow {
  id: string;
  account_id: string;
  credential_id: Buffer;
  public_key: Buffer;
  counter: number;
  transports: string[];
}

const PASSKEYS_MAX = 10;
const SELECT = 'select id, account_id, credential_id, public_key, counter, transports from passkey';
const base64url = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64url');
const refused = () => new ArchiveError('passkey/refused', 'caller');

/** The challenge that an answer names, so that its question can be found; the library checks it again beside origin and signature. */
function challengeOf(answer: PasskeyAnswer): string {
  const data = (answer.response as { clientDataJSON?: unknown } | undefined)?.clientDataJSON;
  if (typeof data !== 'string') throw refused();
  try {
    const { challenge } = JSON.parse(Buffer.from(data, 'base64url').toString()) as { challenge?: unknown };
    if (typeof challenge === 'string') return challenge;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  throw refused();
}

/** What the library throws is a wrong answer, never a fault of the server. */
async function verified<T>(verify: () => Promise<T>): Promise<T> {
  try {
    return await verify();
  } catch (error) {
    if (isArchiveError(error)) throw error;
    throw refused();
  }
}

/** Options for making a passkey on this device. @throws ArchiveError `passkey/too-many` (caller) */
export async function startPasskey(archive: Archive, account: Account, site: Site): Promise<object> {
  const rows = await archive.db.query<PasskeyRow>(`${SELECT} where account_id = $1`, [account.accountId]);
  if (rows.length >= PASSKEYS_MAX) throw new ArchiveError('passkey/too-many', 'caller', { max: PASSKEYS_MAX });
  const options = await generateRegistrationOptions({
    rpName: 'Lantai 兰台',
    rpID: site.id,
    userName: account.name,
    userID: Uint8Array.from(Buffer.from(account.accountId.replaceAll('-', ''), 'hex')),
    attestationType: 'none',
    excludeCredentials: rows.map((row) => ({ id: base64url(row.credential_id), transports: row.transports })),
    authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
  });
  await keepChallenge(archive, 'passkey-add', options.challenge, { accountId: account.accountId });
  return options;
}

/** Keeps a passkey that the browser made. @throws ArchiveError `passkey/refused`, `passkey/known` (caller) */
export async function addPasskey(archive: Archive, account: Account, site: Site, label: string, answer: PasskeyAnswer): Promise<void> {
  const challenge = challengeOf(answer);
  await archive.db.tx(async (raw) => {
    const tx = deskTx(raw, archive, account.accountId, 'administration');
    const asked = await takeChallenge(archive, tx, 'passkey-add', challenge);
    if (asked?.accountId !== account.accountId) throw refused();
    const { registrationInfo } = await verified(() =>
      verifyRegistrationResponse({
        response: answer as unknown as RegistrationResponseJSON,
        expectedChallenge: challenge,
        expectedOrigin: site.origin,
        expectedRPID: site.id,
        requireUserVerification: true,
      }),
    );
    if (!registrationInfo) throw refused();
    const { credential } = registrationInfo;
    const id = archive.clock.newId();
    const rows = await tx.query(
      `insert into passkey (id, account_id, credential_id, public_key, counter, transports, label, created_at_ms)
       values ($1, $2, $3, $4, $5, $6, $7, $8) on conflict (credential_id) do nothing returning id`,
      [
        id,
        account.accountId,
        Buffer.from(credential.id, 'base64url'),
        credential.publicKey,
        credential.counter,
        credential.transports ?? [],
        archive.sealer.seal(ACCOUNT_KEY, passkeyLabelPlace(id), label),
        archive.clock.nowMs(),
      ],
    );
    if (!rows.length) throw new ArchiveError('passkey/known', 'caller');
    await tx.log({ kind: 'passkey.added', objectId: id, changed: [madeObjects('passkey', [id])] });
  });
}

/** Takes a passkey of this account away. @throws ArchiveError `passkey/not-found` (caller) */
export async function removePasskey(archive: Archive, account: Account, passkeyId: string): Promise<void> {
  await archive.db.tx(async (raw) => {
    const tx = deskTx(raw, archive, account.accountId, 'administration');
    const changed = [await tx.watch('passkey', [passkeyId])];
    const count = await tx.execute('delete from passkey where id = $1 and account_id = $2', [passkeyId, account.accountId]);
    if (count === 0) throw new ArchiveError('passkey/not-found', 'caller');
    await tx.log({ kind: 'passkey.removed', objectId: passkeyId, changed });
  });
}

/**
 * Options for showing a passkey. At the door nobody is named: the passkey itself says whose it is, and the answer tells nothing of who exists.
 * @param account the one who shows it again; null at the door
 */
export async function startPasskeyProof(archive: Archive, account: Account | null, site: Site): Promise<object> {
  const options = await generateAuthenticationOptions({ rpID: site.id, userVerification: 'required' });
  await keepChallenge(archive, account ? 'passkey-fresh' : 'passkey-in', options.challenge, { accountId: account?.accountId ?? null });
  return options;
}

/**
 * Judges a shown passkey. One that counts backwards looks copied: refused, with an entry.
 * @returns the account, or the refusal `passkey/refused`, `session/locked`; to be thrown after the commit
 */
export async function checkPasskey(
  archive: Archive,
  tx: DeskTx,
  { kind, account, site, answer }: { kind: ChallengeKind; account: Account | null; site: Site; answer: PasskeyAnswer },
): Promise<Judged<{ account: Account }>> {
  const challenge = challengeOf(answer);
  const asked = await takeChallenge(archive, tx, kind, challenge);
  const key =
    typeof answer.id === 'string'
      ? await tx.one<PasskeyRow>(`${SELECT} where credential_id = $1 for update`, [Buffer.from(answer.id, 'base64url')])
      : null;
  const isAsked = asked !== null && asked.accountId === (account?.accountId ?? null);
  if (!key || !isAsked || (account && key.account_id !== account.accountId)) return refuse(tx, key, 'passkey');
  const row = await lockAccountRow(archive, tx, key.account_id);
  if (!row || row.disabled) return refuse(tx, key, 'passkey');
  const locked = await findLock(archive, tx, row);
  if (locked) return { refused: locked };
  const outcome = await verifyAnswer(key, challenge, site, answer);
  if (outcome === 'copied') {
    await tx.log({ kind: 'passkey.suspect', objectId: key.id, params: { account: row.id } });
    return { refused: refused() };
  }
  if (outcome === 'wrong') return refuse(tx, key, 'passkey');
  await tx.query('update passkey set counter = $2, used_at_ms = $3 where id = $1', [key.id, outcome.counter, archive.clock.nowMs()]);
  return { account: toAccount(archive, row) };
}

async function refuse(tx: DeskTx, key: PasskeyRow | null, reason: string): Promise<{ refused: ArchiveError }> {
  await tx.log({ kind: 'session.refused', ...(key ? { objectId: key.account_id } : {}), params: { reason } });
  return { refused: refused() };
}

async function verifyAnswer(
  key: PasskeyRow,
  challenge: string,
  site: Site,
  answer: PasskeyAnswer,
): Promise<{ counter: number } | 'wrong' | 'copied'> {
  try {
    const { verified: isRight, authenticationInfo } = await verifyAuthenticationResponse({
      response: answer as unknown as AuthenticationResponseJSON,
      expectedChallenge: challenge,
      expectedOrigin: site.origin,
      expectedRPID: site.id,
      requireUserVerification: true,
      // The count is judged below, so that a copy is told from a wrong signature.
      credential: { id: base64url(key.credential_id), publicKey: Uint8Array.from(key.public_key), counter: 0, transports: key.transports },
    });
    if (!isRight) return 'wrong';
    const { newCounter } = authenticationInfo;
    return (newCounter > 0 || key.counter > 0) && newCounter <= key.counter ? 'copied' : { counter: newCounter };
  } catch {
    // The library tells every wrong field by throwing; none of them is ours to repair.
    return 'wrong';
  }
}
