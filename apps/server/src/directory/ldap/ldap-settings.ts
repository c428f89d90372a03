import { readFileSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { ArchiveError } from '@lantai/values';
import { z } from 'zod';

const Attribute = z.string().regex(/^[A-Za-z][A-Za-z0-9-]{0,63}$/);

/** The file that `LANTAI_LDAP` names: where people are read from, and how their attributes are called there. */
const Settings = z.strictObject({
  /** Code of the fonds whose units are meant; left out: the only one at the top. */
  fonds: z.string().optional(),
  url: z.string().max(500),
  startTls: z.boolean().default(false),
  /** PEM of the authority that signs the server's certificate; left out: those the machine trusts. */
  caFile: z.string().optional(),
  bindDn: z.string().max(1000),
  /** A file that holds the password alone, readable by its owner alone, outside the data folder. */
  passwordFile: z.string(),
  base: z.string().max(1000),
  filter: z.string().max(2000).default('(objectClass=person)'),
  attributes: z
    .strictObject({
      externalId: Attribute.default('entryUUID'),
      loginName: Attribute.default('uid'),
      displayName: Attribute.default('cn'),
      unit: Attribute.default('departmentNumber'),
      holderNumber: Attribute.default('employeeNumber'),
      disabled: Attribute.optional(),
    })
    .prefault({}),
  /** Organisational units that become units of the fonds; left out: people alone are read. */
  units: z
    .strictObject({
      /** The entry below which they lie; itself it is none of them. */
      base: z.string().max(1000),
      filter: z.string().max(2000).default('(objectClass=organizationalUnit)'),
      /** Code of the unit of the archive below which they are put; left out: right below the root of the fonds. */
      below: z.string().max(40).optional(),
      attributes: z.strictObject({ code: Attribute.default('ou'), name: Attribute.default('description') }).prefault({}),
      /** Account of the system administrator in whose name the job keeps units; left out: the job keeps people alone, the command units. */
      as: z.string().optional(),
    })
    .optional(),
  adopts: z.boolean().default(false),
  /** Account of the security administrator in whose name the job works. */
  as: z.string(),
  everyMinutes: z.int().min(5).max(10_080).default(60),
});

/** Checked settings; files are absolute. */
export type LdapSettings = z.output<typeof Settings> & { readonly password: string; readonly ca: string | null };

const isLoopback = (host: string) => ['localhost', '127.0.0.1', '[::1]'].includes(host);
const wrong = (what: string) => new ArchiveError('ldap/settings', 'caller', { what });
const OTHERS = 0o077;

/**
 * Reads the settings. Clear text goes to this machine alone: else `ldaps:`, or StartTLS.
 * @throws ArchiveError `ldap/settings`, `ldap/clear`, `ldap/secret-open`, `ldap/secret-inside-data` (caller)
 */
export function readLdapSettings(file: string, dataFolder: string): LdapSettings {
  const parsed = Settings.safeParse(readJson(file));
  if (!parsed.success) throw wrong(parsed.error.issues[0]?.path.join('.') || 'file');
  const settings = parsed.data;
  const url = URL.canParse(settings.url) ? new URL(settings.url) : null;
  if (!url || (url.protocol !== 'ldap:' && url.protocol !== 'ldaps:') || url.username || url.password) throw wrong('url');
  if (url.protocol === 'ldap:' && !settings.startTls && !isLoopback(url.hostname)) throw new ArchiveError('ldap/clear', 'caller');
  if (url.protocol === 'ldaps:' && settings.startTls) throw wrong('startTls');
  const at = (path: string) => resolve(dirname(resolve(file)), path);
  return {
    ...settings,
    password: readSecret(at(settings.passwordFile), dataFolder),
    ca: settings.caFile ? readText(at(settings.caFile)) : null,
  };
}

function readJson(file: string): unknown {
  try {
    return JSON.parse(readText(file));
  } catch (error) {
    if (error instanceof ArchiveError) throw error;
    throw wrong('file');
  }
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    throw wrong('file');
  }
}

/** INVARIANT: the password lies in no backup of the data, and only its owner reads it. */
function readSecret(file: string, dataFolder: string): string {
  if (file.startsWith(`${dataFolder}/`)) throw new ArchiveError('ldap/secret-inside-data', 'caller');
  const secret = readText(file).trim();
  if (statSync(file).mode & OTHERS) throw new ArchiveError('ldap/secret-open', 'caller');
  if (!secret) throw wrong('passwordFile');
  return secret;
}
