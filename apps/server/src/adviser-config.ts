import { isIP } from 'node:net';
import { resolve } from 'node:path';
import { ArchiveError } from '@lantai/values';

/** A model inside the archive's own network that may be asked about what stayed uncertain (docs/spec/learning.md, section 9). */
export interface AdviserConfig {
  /** Where an OpenAI-compatible endpoint begins, e.g. `http://10.1.2.3:8000/v1`; without a slash at its end. */
  readonly url: string;
  readonly model: string;
  /** File that holds the key sent as bearer; null: none is sent. */
  readonly keyFile: string | null;
  readonly timeoutMs: number;
}

const TIMEOUT_DEFAULT_S = 20;
const TIMEOUT_MAX_S = 60;

/**
 * Reads the adviser's settings; null, the default, when none is named.
 * INVARIANT: the host is a private or loopback address by its figures, or a name that `LANTAI_ADVISER_HOST` repeats: a name alone may lead anywhere.
 * @throws ArchiveError `config/not-an-address`, `config/missing`, `config/not-a-number`, `config/adviser-outside` (caller)
 */
export function readAdviserConfig(env: Readonly<Record<string, string | undefined>>, cwd: string): AdviserConfig | null {
  const text = env.LANTAI_ADVISER_URL;
  if (!text) return null;
  const name = 'LANTAI_ADVISER_URL';
  const url = URL.canParse(text) ? new URL(text) : null;
  const isPlain = url && !url.username && !url.password && !url.search && !url.hash;
  if (!isPlain || (url.protocol !== 'http:' && url.protocol !== 'https:'))
    throw new ArchiveError('config/not-an-address', 'caller', { name });
  if (!isPrivateHost(url.hostname) && url.hostname !== env.LANTAI_ADVISER_HOST?.toLowerCase())
    throw new ArchiveError('config/adviser-outside', 'caller', { name });
  if (!env.LANTAI_ADVISER_MODEL) throw new ArchiveError('config/missing', 'caller', { name: 'LANTAI_ADVISER_MODEL' });
  const seconds = env.LANTAI_ADVISER_SECONDS ? Number(env.LANTAI_ADVISER_SECONDS) : TIMEOUT_DEFAULT_S;
  if (!Number.isInteger(seconds) || seconds < 1 || seconds > TIMEOUT_MAX_S)
    throw new ArchiveError('config/not-a-number', 'caller', { name: 'LANTAI_ADVISER_SECONDS', max: TIMEOUT_MAX_S });
  return {
    url: url.href.replace(/\/+$/, ''),
    model: env.LANTAI_ADVISER_MODEL,
    keyFile: env.LANTAI_ADVISER_KEY_FILE ? resolve(cwd, env.LANTAI_ADVISER_KEY_FILE) : null,
    timeoutMs: seconds * 1000,
  };
}

/** Loopback and the private ranges of RFC 1918 and RFC 4193, as `URL` writes them; link-local is not among them, where clouds keep their secrets. */
export function isPrivateHost(hostname: string): boolean {
  if (hostname === 'localhost') return true;
  const address = hostname.replace(/^\[|\]$/g, '');
  if (isIP(address) === 6) return address === '::1' || /^f[cd]/.test(address);
  if (isIP(address) !== 4) return false;
  const [a = 0, b = 0] = address.split('.').map(Number);
  return a === 10 || a === 127 || (a === 172 && b >= 16 && b <= 31) || (a === 192 && b === 168);
}
