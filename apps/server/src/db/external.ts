import { ArchiveError, isArchiveError } from '@lantai/values';
import type pg from 'pg';
import { CONNECTIONS_LEAST } from './pool-sizes.ts';
import { APP_ROLE, createRoles, joinRoles, OWNER_ROLE, SYSTEM_ROLE, withClient } from './roles.ts';

/** The oldest PostgreSQL the statements are tested on. */
const OLDEST_VERSION = 15;

/** What is asked of a server before an archive is trusted to it. */
export interface ServerFacts {
  readonly version: number;
  readonly encoding: string;
  readonly fsync: string;
  readonly synchronous_commit: string;
  readonly full_page_writes: string;
  /** Connections that this login may open in this database at most. */
  readonly connections: number;
}

const FACTS = `SELECT current_setting('server_version_num')::int / 10000 AS version, current_setting('server_encoding') AS encoding,
  current_setting('fsync') AS fsync, current_setting('synchronous_commit') AS synchronous_commit,
  current_setting('full_page_writes') AS full_page_writes,
  least(current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int
          - coalesce(current_setting('reserved_connections', true)::int, 0),
        (SELECT nullif(rolconnlimit, -1) FROM pg_roles WHERE rolname = session_user),
        (SELECT nullif(datconnlimit, -1) FROM pg_database WHERE datname = current_database())) AS connections`;

/** @throws ArchiveError `db/too-old`, `db/not-utf8`, `db/not-durable`, `db/too-few-connections` (environment) */
export function checkFacts(facts: ServerFacts): void {
  if (facts.version < OLDEST_VERSION) throw new ArchiveError('db/too-old', 'environment', { found: facts.version, least: OLDEST_VERSION });
  if (facts.encoding !== 'UTF8') throw new ArchiveError('db/not-utf8', 'environment', { found: facts.encoding });
  // INVARIANT: an acknowledged act is on disk. A server that answers before it has written cannot hold an archive.
  for (const setting of ['fsync', 'synchronous_commit', 'full_page_writes'] as const) {
    if (facts[setting] === 'off') throw new ArchiveError('db/not-durable', 'environment', { setting });
  }
  // Better at the start than on a busy morning, one request in ten.
  if (facts.connections < CONNECTIONS_LEAST)
    throw new ArchiveError('db/too-few-connections', 'environment', { found: facts.connections, least: CONNECTIONS_LEAST });
}

/** The same login, taking on a role as it connects. Options in the address are kept. */
export function connectionUnderRole(databaseUrl: string, role: string): pg.PoolConfig {
  let url: URL;
  try {
    url = new URL(databaseUrl);
  } catch {
    // Not named in the error: it holds a password.
    throw new ArchiveError('db/address-malformed', 'caller');
  }
  const options = [url.searchParams.get('options'), `-c role=${role}`, '-c timezone=UTC'].filter((part) => part).join(' ');
  url.searchParams.delete('options');
  return { connectionString: url.href, options };
}

/** How to reach a database under each of our roles. */
export interface Connections {
  /** As the program works: see {@link APP_ROLE}. */
  readonly connection: pg.PoolConfig;
  /** For what `Db.system` is asked for: see {@link SYSTEM_ROLE}. */
  readonly systemConnection: pg.PoolConfig;
  /** For `migrate` and nothing else: see {@link OWNER_ROLE}. */
  readonly ownerConnection: pg.PoolConfig;
}

/** The same login under each of our roles. */
export const connectionsUnderRoles = (databaseUrl: string): Connections => ({
  connection: connectionUnderRole(databaseUrl, APP_ROLE),
  systemConnection: connectionUnderRole(databaseUrl, SYSTEM_ROLE),
  ownerConnection: connectionUnderRole(databaseUrl, OWNER_ROLE),
});

async function prepareRoles(client: pg.ClientBase): Promise<void> {
  await createRoles(client, 'NOLOGIN');
  await joinRoles(client);
  const { rows } = await client.query<{ name: string; create: boolean; use: boolean }>(
    `SELECT quote_ident(current_database()) AS name, has_database_privilege($1, current_database(), 'CREATE') AS create,
            has_schema_privilege($1, 'public', 'CREATE') AS use`,
    [OWNER_ROLE],
  );
  const { name, create, use } = rows[0]!;
  if (!create) await client.query(`GRANT ALL ON DATABASE ${name} TO ${OWNER_ROLE}`);
  if (!use) await client.query(`GRANT ALL ON SCHEMA public TO ${OWNER_ROLE}`);
}

/**
 * Checks a PostgreSQL of the operator's and prepares its three roles.
 * @param databaseUrl `postgres://user:password@host/database`; the login needs CREATEROLE, or be given the roles beforehand (docs/guide/cli.md)
 * @throws ArchiveError `db/unavailable`, `db/too-old`, `db/not-utf8`, `db/not-durable`, `db/too-few-connections`, `db/roles-missing` (environment)
 */
export async function prepareExternal(databaseUrl: string): Promise<Connections> {
  const plain = { connectionString: connectionUnderRole(databaseUrl, 'none').connectionString! };
  await withClient(plain, async (client) => checkFacts((await client.query<ServerFacts>(FACTS)).rows[0]!));
  await withClient(plain, async (client) => {
    // Two servers that start at once would both make the roles.
    await client.query('SELECT pg_advisory_lock(hashtext($1))', ['lantai roles']);
    await prepareRoles(client);
  }).catch((error: unknown) => {
    throw isArchiveError(error, 'db/forbidden')
      ? new ArchiveError('db/roles-missing', 'environment', { owner: OWNER_ROLE, app: APP_ROLE, system: SYSTEM_ROLE })
      : error;
  });
  return connectionsUnderRoles(databaseUrl);
}
