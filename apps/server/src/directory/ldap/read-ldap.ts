import type { ConnectionOptions } from 'node:tls';
import { ArchiveError } from '@lantai/values';
import type { Client, Filter } from 'ldapts';
import { type DirectoryPerson, PEOPLE_MAX } from '../directory-list.ts';
import { BINARY_ATTRIBUTES, personOfEntry } from './ldap-person.ts';
import type { LdapSettings } from './ldap-settings.ts';

/** Loaded at the first look: an archive without LDAP never needs it. */
const loadLdapts = () => import('ldapts');

const PAGE_SIZE = 500;
const TIMEOUT_MS = 30_000;
const CONNECT_TIMEOUT_MS = 10_000;
const SEARCH_SECONDS = 60;
/** Faults of the handshake, by which a certificate that is not to be trusted shows itself. */
const TLS_CODES = /^(?:CERT_|ERR_TLS|ERR_SSL|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO|EPROTO|HOSTNAME)/;

/**
 * The people of an LDAP directory, page by page. The server's certificate is checked, always.
 * @param loginName one person alone; null: all
 * @throws ArchiveError `ldap/settings` (caller), `ldap/unreachable`, `ldap/tls`, `ldap/refused`, `ldap/search` (environment), `directory/too-many-rows` (caller)
 */
export async function readLdap(settings: LdapSettings, loginName: string | null = null): Promise<DirectoryPerson[]> {
  const tls: ConnectionOptions = { ...(settings.ca ? { ca: settings.ca } : {}), rejectUnauthorized: true, minVersion: 'TLSv1.2' };
  const ldapts = await loadLdapts();
  const filter = filterOf(ldapts, settings, loginName);
  const client = new ldapts.Client({
    url: settings.url,
    timeout: TIMEOUT_MS,
    connectTimeout: CONNECT_TIMEOUT_MS,
    ...(settings.url.startsWith('ldaps:') ? { tlsOptions: tls } : {}),
  });
  try {
    if (settings.startTls) await client.startTLS({ ...tls, ...nameOf(settings.url) });
    await client.bind(settings.bindDn, settings.password);
    return await search(client, settings, filter);
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

/**
 * The operator's filter, and for one person the name as a value: whatever is in it, it is compared and not read.
 * @throws ArchiveError `ldap/settings` (caller) when the operator's is none
 */
function filterOf(ldapts: Awaited<ReturnType<typeof loadLdapts>>, settings: LdapSettings, loginName: string | null): Filter {
  let own: Filter;
  try {
    own = ldapts.FilterParser.parseString(settings.filter);
  } catch {
    throw new ArchiveError('ldap/settings', 'caller', { what: 'filter' });
  }
  if (loginName === null) return own;
  return new ldapts.AndFilter({
    filters: [own, new ldapts.EqualityFilter({ attribute: settings.attributes.loginName, value: loginName })],
  });
}

async function search(client: Client, settings: LdapSettings, filter: Filter): Promise<DirectoryPerson[]> {
  const wanted = Object.values(settings.attributes).filter((name) => name !== undefined);
  const people: DirectoryPerson[] = [];
  const pages = client.searchPaginated(settings.base, {
    scope: 'sub',
    filter,
    attributes: wanted,
    explicitBufferAttributes: BINARY_ATTRIBUTES.filter((name) => wanted.some((w) => w.toLowerCase() === name.toLowerCase())),
    paged: { pageSize: PAGE_SIZE },
    timeLimit: SEARCH_SECONDS,
  });
  for await (const { searchEntries } of pages) {
    for (const entry of searchEntries) people.push(personOfEntry(entry, settings));
    if (people.length > PEOPLE_MAX) throw new ArchiveError('directory/too-many-rows', 'caller', { max: PEOPLE_MAX });
  }
  return people;
}

/** INVARIANT: the library's words may quote names and entries, and are not kept. */
function faultOf(error: unknown): ArchiveError {
  if (error instanceof ArchiveError) return error;
  const code = (error as { code?: unknown }).code;
  if (typeof code === 'string') return new ArchiveError(TLS_CODES.test(code) ? 'ldap/tls' : 'ldap/unreachable', 'environment');
  // What the server answered with a result code of its own; without one no answer came.
  return new ArchiveError(typeof code === 'number' ? 'ldap/search' : 'ldap/unreachable', 'environment');
}
