import { ArchiveError } from '@lantai/values';

/** How people sign in, as the operator wants it. Times in milliseconds. */
export interface AccessConfig {
  /** Origin that browsers see, e.g. `https://archive.example.cn`; null: taken from the request's own host. */
  readonly publicUrl: string | null;
  /** A password older than this must be changed; 0: never by age. */
  readonly passwordAgeMaxMs: number;
  readonly sessionIdleMs: number;
  readonly sessionMaxMs: number;
  /** An OpenID provider; null (default): none. */
  readonly oidc: OidcConfig | null;
  /** Code of the fonds that SCIM speaks of; null: the only one at the top. */
  readonly scimFonds: string | null;
  /** File with the settings of an LDAP directory; null (default): none. */
  readonly ldapFile: string | null;
}

export interface OidcConfig {
  readonly issuer: string;
  readonly clientId: string;
  /** File that holds the client secret; null: a public client. */
  readonly clientSecretFile: string | null;
  /** What the button on the door says. */
  readonly label: string;
}

const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;

function wholeNumber(env: Env, name: string, fallback: number, min: number, max: number): number {
  const text = env[name];
  if (text === undefined || text === '') return fallback;
  const n = Number(text);
  if (!Number.isInteger(n) || n < min || n > max) throw new ArchiveError('config/not-a-number', 'caller', { name, max });
  return n;
}

type Env = Readonly<Record<string, string | undefined>>;

function originOf(env: Env, name: string): string | null {
  const text = env[name];
  if (!text) return null;
  const url = URL.canParse(text) ? new URL(text) : null;
  if (!url || (url.protocol !== 'https:' && url.protocol !== 'http:')) throw new ArchiveError('config/not-an-address', 'caller', { name });
  return url.origin;
}

/** Clear HTTP to an OpenID provider is for tests on this machine only. */
const isLoopback = (url: URL) => url.hostname === 'localhost' || url.hostname === '127.0.0.1' || url.hostname === '[::1]';

function readOidc(env: Env): OidcConfig | null {
  if (!env.LANTAI_OIDC_ISSUER) return null;
  const name = 'LANTAI_OIDC_ISSUER';
  const url = URL.canParse(env.LANTAI_OIDC_ISSUER) ? new URL(env.LANTAI_OIDC_ISSUER) : null;
  if (!url || (url.protocol !== 'https:' && !isLoopback(url))) throw new ArchiveError('config/not-an-address', 'caller', { name });
  if (!env.LANTAI_OIDC_CLIENT) throw new ArchiveError('config/missing', 'caller', { name: 'LANTAI_OIDC_CLIENT' });
  return {
    issuer: env.LANTAI_OIDC_ISSUER,
    clientId: env.LANTAI_OIDC_CLIENT,
    clientSecretFile: env.LANTAI_OIDC_SECRET_FILE || null,
    label: env.LANTAI_OIDC_LABEL || url.hostname,
  };
}

/**
 * Reads how people sign in: `LANTAI_URL`, `LANTAI_PASSWORD_DAYS` (0 to 3650, default 0), `LANTAI_SESSION_IDLE_MINUTES` (1 to 1440,
 * default 30), `LANTAI_SESSION_HOURS` (1 to 168, default 12), `LANTAI_OIDC_ISSUER`, `…_CLIENT`, `…_SECRET_FILE`, `…_LABEL`, `LANTAI_SCIM_FONDS`,
 * `LANTAI_LDAP`.
 * @throws ArchiveError `config/not-a-number`, `config/not-an-address`, `config/missing` (caller) naming the variable
 */
export function readAccessConfig(env: Env): AccessConfig {
  return {
    publicUrl: originOf(env, 'LANTAI_URL'),
    passwordAgeMaxMs: wholeNumber(env, 'LANTAI_PASSWORD_DAYS', 0, 0, 3650) * DAY_MS,
    sessionIdleMs: wholeNumber(env, 'LANTAI_SESSION_IDLE_MINUTES', 30, 1, 1440) * MINUTE_MS,
    sessionMaxMs: wholeNumber(env, 'LANTAI_SESSION_HOURS', 12, 1, 168) * 60 * MINUTE_MS,
    oidc: readOidc(env),
    scimFonds: env.LANTAI_SCIM_FONDS || null,
    ldapFile: env.LANTAI_LDAP || null,
  };
}
