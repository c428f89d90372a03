import type { ConnectionOptions } from 'node:tls';
import { ArchiveError } from '@lantai/values';
import type { Client, Filter } from 'ldapts';
import { type DirectoryPerson, type DirectoryUnit, PEOPLE_MAX, UNITS_MAX } from '../directory-list.ts';
import { BINARY_ATTRIBUTES, type LdapEntry, personOfEntry } from './ldap-person.ts';
import type { LdapSettings } from './ldap-settings.ts';
import { type LdapUnits, unitsOfEntries } from './ldap-units.ts';

/** Loaded at the first look: an archive without LDAP never needs it. */
const loadLdapts = () => import('ldapts');

const PAGE_SIZE = 500;
const TIMEOUT_MS = 30_000;
const CONNECT_TIMEOUT_MS = 10_000;
const SEARCH_SECONDS = 60;
/** Faults of the handshake, by which a certificate that is not to be trusted shows itself. */
const TLS_CODES = /^(?:CERT_|ERR_TLS|ERR_SSL|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO|EPROTO|HOSTNAME)/;

/** What is asked of a directory. */
export interface LdapQuestion {
  /** One person alone, by sign-in name; null: all. */
  readonly loginName?: string | null;
  /** Whoever keeps units alone is shown nobody. */
  readonly withoutPeople?: boolean;
}

/** What a directory says at one moment. */
export interface LdapList {
  readonly units: readonly DirectoryUnit[];
  readonly people: readonly DirectoryPerson[];
}

/**
 * The units and people of an LDAP directory, page by page, over one connection. The server's certificate is checked, always.
 * @throws ArchiveError `ldap/settings` (caller), `ldap/unreachable`, `ldap/tls`, `ldap/refused`, `ldap/search` (environment), `directory/too-many-rows` (caller)
 */
export async function readLdap(settings: LdapSettings, { loginName = null, withoutPeople = false }: LdapQuestion = {}): Promise<LdapList> {
  const tls: ConnectionOptions = { ...(settings.ca ? { ca: settings.ca } : {}), rejectUnauthorized: true, minVersion: 'TLSv1.2' };
  const ldapts = await loadLdapts();
  const filter = filterOf(ldapts, settings, loginName);
  const unitFilter = settings.units && parseFilter(ldapts, settings.units.filter, 'units.filter');
  const client = new ldapts.Client({
    url: settings.url,
    timeout: TIMEOUT_MS,
    connectTimeout: CONNECT_TIMEOUT_MS,
    ...(settings.url.startsWith('ldaps:') ? { tlsOptions: tls } : {}),
  });
  try {
    if (settings.startTls) await client.startTLS({ ...tls, ...nameOf(settings.url) });
    await client.bind(settings.bindDn, settings.password);
    const found = settings.units && unitFilter ? await searchUnits(client, settings.units, unitFilter) : null;
    return { units: found?.units ?? [], people: withoutPeople ? [] : await searchPeople(client, settings, filter, found?.codeAt) };
  } catch (error) {
    throw error instanceof ldapts.InvalidCredentialsError ? new ArchiveError('ldap/refused', 'environment') : faultOf(error);
  } finally {
    // Nothing more is wanted of a connection that is being given up.
    await client.unbind().catch(() => undefined);
  }
}

/** The name a certificate must bear after StartTLS; an address is checked as one. */
function nameOf(url: string): ConnectionOptions {
  const { hostname } = new URL(url);
  return /^[\d.]+$|^\[/.test(hostname) ? { host: hostname } : { host: hostname, servername: hostname };
}

type Ldapts = Awaited<ReturnType<typeof loadLdapts>>;

/** @throws ArchiveError `ldap/settings` (caller) when the operator's filter is none */
function parseFilter(ldapts: Ldapts, text: string, what: string): Filter {
  try {
    return ldapts.FilterParser.parseString(text);
  } catch {
    throw new ArchiveError('ldap/settings', 'caller', { what });
  }
}

/** The operator's filter, and for one person the name as a value: whatever is in it, it is compared and not read. */
function filterOf(ldapts: Ldapts, settings: LdapSettings, loginName: string | null): Filter {
  const own = parseFilter(ldapts, settings.filter, 'filter');
  if (loginName === null) return own;
  return new ldapts.AndFilter({
    filters: [own, new ldapts.EqualityFilter({ attribute: settings.attributes.loginName, value: loginName })],
  });
}

/** Entries page by page. @throws ArchiveError `directory/too-many-rows` (caller) */
async function search(client: Client, base: string, filter: Filter, attributes: readonly string[], max: number): Promise<LdapEntry[]> {
  const found: LdapEntry[] = [];
  const pages = client.searchPaginated(base, {
    scope: 'sub',
    filter,
    attributes: [...attributes],
    explicitBufferAttributes: BINARY_ATTRIBUTES.filter((name) => attributes.some((w) => w.toLowerCase() === name.toLowerCase())),
    paged: { pageSize: PAGE_SIZE },
    timeLimit: SEARCH_SECONDS,
  });
  for await (const { searchEntries } of pages) {
    found.push(...searchEntries);
    if (found.length > max) throw new ArchiveError('directory/too-many-rows', 'caller', { max });
  }
  return found;
}

async function searchUnits(client: Client, settings: NonNullable<LdapSettings['units']>, filter: Filter): Promise<LdapUnits> {
  // One more than there may be units: the entry that is searched from may be among them.
  return unitsOfEntries(await search(client, settings.base, filter, Object.values(settings.attributes), UNITS_MAX + 1), settings);
}

async function searchPeople(
  client: Client,
  settings: LdapSettings,
  filter: Filter,
  codeAt: LdapUnits['codeAt'] | undefined,
): Promise<DirectoryPerson[]> {
  const wanted = Object.values(settings.attributes).filter((name) => name !== undefined);
  const entries = await search(client, settings.base, filter, wanted, PEOPLE_MAX);
  return entries.map((entry) => personOfEntry(entry, settings, codeAt));
}

/** INVARIANT: the library's words may quote names and entries, and are not kept. */
function faultOf(error: unknown): ArchiveError {
  if (error instanceof ArchiveError) return error;
  const code = (error as { code?: unknown }).code;
  if (typeof code === 'string') return new ArchiveError(TLS_CODES.test(code) ? 'ldap/tls' : 'ldap/unreachable', 'environment');
  // What the server answered with a result code of its own; without one no answer came.
  return new ArchiveError(typeof code === 'number' ? 'ldap/search' : 'ldap/unreachable', 'environment');
}
