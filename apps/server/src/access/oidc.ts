import { createHash, timingSafeEqual } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { ArchiveError, utf8 } from '@lantai/values';
import type { Configuration } from 'openid-client';
import type { OidcConfig } from '../access-config.ts';
import type { Archive } from '../archive/index.ts';
import { type DeskTx, openDesk } from '../desk/index.ts';
import { ACCOUNT_COLUMNS, ACCOUNT_KEY, type Account, type AccountRow, toAccount } from './account-rows.ts';
import { getOther } from './administrate.ts';
import { keepChallenge, makeNonce, takeChallenge } from './challenges.ts';
import type { Site } from './passkeys.ts';
import { findLock, type Judged } from './proof.ts';
import { lockAccounts } from './separation.ts';
import { endSessionsOf } from './sessions.ts';

/** What must come back from the provider with the browser that left. */
interface Journey {
  readonly nonce: string;
  readonly verifier: string;
  readonly visit: string;
}

const CALLBACK = '/api/v1/session/oidc/callback';
const digestOf = (text: string) => createHash('sha256').update(text).digest('hex');

function oidcOf({ config }: Pick<Archive, 'config'>): OidcConfig {
  if (!config.access.oidc) throw new ArchiveError('oidc/off', 'caller');
  return config.access.oidc;
}

/** What the provider says of itself, asked once; asked again after a failure. */
const discovered = new WeakMap<OidcConfig, Promise<Configuration>>();

async function discover(oidc: OidcConfig): Promise<Configuration> {
  const known = discovered.get(oidc);
  if (known) return known;
  const { allowInsecureRequests, ClientSecretPost, discovery, None } = await import('openid-client');
  const issuer = new URL(oidc.issuer);
  const secret = oidc.clientSecretFile ? readFileSync(oidc.clientSecretFile, 'utf8').trim() : null;
  const asked = discovery(issuer, oidc.clientId, undefined, secret ? ClientSecretPost(secret) : None(), {
    // The configuration takes clear HTTP from this machine only.
    ...(issuer.protocol === 'http:' ? { execute: [allowInsecureRequests] } : {}),
    timeout: 10,
  });
  discovered.set(oidc, asked);
  try {
    return await asked;
  } catch {
    discovered.delete(oidc);
    throw new ArchiveError('oidc/unreachable', 'environment');
  }
}

/** Keyed token of a person at a provider: equal for equal persons, naming nobody. 32 bytes. */
function oidcToken({ sealer }: Pick<Archive, 'sealer'>, issuer: string, subject: string): Uint8Array {
  return sealer.primitives.hmac('sha256', sealer.subkey(ACCOUNT_KEY, 'lantai/oidc/v1'), utf8(`${issuer}\n${subject}`));
}

/**
 * Sends a browser to the provider: authorization code with PKCE, state and nonce.
 * @returns the address to go to, and a value for a cookie, so that the way back is open to this browser only
 * @throws ArchiveError `oidc/off` (caller), `oidc/unreachable` (environment)
 */
export async function startOidc(archive: Archive, site: Site): Promise<{ url: string; visit: string }> {
  const provider = await discover(oidcOf(archive));
  const { buildAuthorizationUrl, calculatePKCECodeChallenge, randomPKCECodeVerifier } = await import('openid-client');
  const [state, nonce, visit, verifier] = [makeNonce(), makeNonce(), makeNonce(), randomPKCECodeVerifier()];
  await keepChallenge(archive, 'oidc', state, { value: { nonce, verifier, visit: digestOf(visit) } satisfies Journey });
  const url = buildAuthorizationUrl(provider, {
    redirect_uri: `${site.origin}${CALLBACK}`,
    scope: 'openid',
    state,
    nonce,
    code_challenge: await calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
  });
  return { url: url.href, visit };
}

/**
 * Takes what the provider sent back. The account must have been linked by an administrator: nobody is let in by a name or an address of mail.
 * @param query of the callback, as the browser brought it
 * @param visit the cookie's value
 * @returns the account, or the refusal `oidc/refused`, `oidc/not-linked`, `session/locked`; to be thrown after the commit
 */
export async function finishOidc(
  archive: Archive,
  tx: DeskTx,
  { site, query, visit }: { site: Site; query: string; visit: string | null },
): Promise<Judged<{ account: Account }>> {
  const oidc = oidcOf(archive);
  const refuse = async (code: string, accountId?: string) => {
    await tx.log({ kind: 'session.refused', ...(accountId ? { objectId: accountId } : {}), params: { reason: 'oidc' } });
    return { refused: new ArchiveError(code, 'caller') };
  };
  const state = new URLSearchParams(query).get('state') ?? '';
  const asked = await takeChallenge<Journey>(archive, tx, 'oidc', state);
  if (!asked || !visit || !timingSafeEqual(Buffer.from(digestOf(visit)), Buffer.from(asked.value.visit))) return refuse('oidc/refused');
  const subject = await findSubject(oidc, new URL(`${site.origin}${CALLBACK}?${query}`), state, asked.value);
  if (!subject) return refuse('oidc/refused');
  const row = await tx.one<AccountRow>(
    `select ${ACCOUNT_COLUMNS} from account a where a.oidc_token = $2 and not a.disabled for update of a`,
    [archive.clock.nowMs(), oidcToken(archive, subject.issuer, subject.id)],
  );
  if (!row) return refuse('oidc/not-linked');
  const locked = await findLock(archive, tx, row);
  return locked ? { refused: locked } : { account: toAccount(archive, row) };
}

/** The person the provider vouches for; null when code, state, nonce or token do not hold, as the library judges. */
async function findSubject(
  oidc: OidcConfig,
  url: URL,
  state: string,
  { nonce, verifier }: Journey,
): Promise<{ issuer: string; id: string } | null> {
  const provider = await discover(oidc);
  const { authorizationCodeGrant } = await import('openid-client');
  try {
    const tokens = await authorizationCodeGrant(provider, url, {
      pkceCodeVerifier: verifier,
      expectedState: state,
      expectedNonce: nonce,
      idTokenExpected: true,
    });
    const claims = tokens.claims();
    return claims ? { issuer: claims.iss, id: claims.sub } : null;
  } catch {
    // Whatever the provider or the browser sent was not right; the library's words may hold tokens and are not kept.
    return null;
  }
}

/**
 * Ties an account to a person at the provider, or unties it (null); its sessions end.
 * @throws ArchiveError `oidc/off`, `oidc/linked-elsewhere`, `account/own`, `account/not-found` (caller)
 */
export async function linkOidc(archive: Archive, actor: Account, accountId: string, subject: string | null): Promise<void> {
  const oidc = oidcOf(archive);
  const { issuer } = (await discover(oidc)).serverMetadata();
  const token = subject === null ? null : oidcToken(archive, issuer, subject);
  const desk = await openDesk(archive, actor, 'administration');
  await desk.act('account.manage', async (tx) => {
    await lockAccounts(tx);
    await getOther(archive, tx, actor, accountId);
    if (token && (await tx.one('select id from account where oidc_token = $1 and id <> $2', [token, accountId])))
      throw new ArchiveError('oidc/linked-elsewhere', 'caller');
    const changed = [await tx.watch('account', [accountId])];
    await tx.query('update account set oidc_token = $2 where id = $1', [accountId, token]);
    await endSessionsOf(tx, accountId);
    await tx.log({ kind: token ? 'oidc.linked' : 'oidc.unlinked', objectId: accountId, changed });
  });
}
