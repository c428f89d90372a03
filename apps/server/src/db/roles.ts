import { ArchiveError } from '@lantai/values';
import pg from 'pg';
import { toDatabaseError } from './database-error.ts';

/** Owns every table and runs the migrations; nothing else works under it. */
export const OWNER_ROLE = 'lantai_owner';
/** What the program works as: owns nothing, bypasses no row security. */
export const APP_ROLE = 'lantai_app';

/** Runs a few statements outside a pool and outside a transaction. */
export async function withClient<T>(connection: pg.PoolConfig, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client(connection);
  // A connection that breaks is reported by the statement that needs it.
  client.on('error', () => undefined);
  try {
    await client.connect();
    return await work(client);
  } catch (error) {
    throw toDatabaseError(error);
  } finally {
    await client.end().catch(() => undefined);
  }
}

async function holds(client: pg.ClientBase, question: string, params: readonly string[]): Promise<boolean> {
  return (await client.query<{ yes: boolean }>(`SELECT (${question}) AS yes`, [...params])).rows[0]!.yes;
}

/** Makes the two roles when they are missing. `LOGIN` is for the embedded database, whose socket folder is the door. */
export async function createRoles(client: pg.ClientBase, login: 'LOGIN' | 'NOLOGIN'): Promise<void> {
  for (const role of [OWNER_ROLE, APP_ROLE]) {
    const exists = await holds(client, 'EXISTS (SELECT 1 FROM pg_roles WHERE rolname = $1)', [role]);
    if (!exists) await client.query(`CREATE ROLE ${role} ${login}`);
  }
  // So that a migration can make a schema that belongs to the application, as the job queue wants it.
  const member = await holds(client, `pg_has_role($1::name, $2::name, 'MEMBER')`, [OWNER_ROLE, APP_ROLE]);
  if (!member) await client.query(`GRANT ${APP_ROLE} TO ${OWNER_ROLE}`);
}

/** Lets this login take on both roles, where it may not yet. */
export async function joinRoles(client: pg.ClientBase): Promise<void> {
  for (const role of [OWNER_ROLE, APP_ROLE]) {
    const may = await client.query(`SET ROLE ${role}`).then(
      () => true,
      () => false,
    );
    await client.query('RESET ROLE');
    if (!may) await client.query(`GRANT ${role} TO CURRENT_USER`);
  }
}

/** Makes a database of the owner's that only our roles may enter. The name must be made of lower-case letters, digits and underscores. */
export async function createDatabase(client: pg.ClientBase, name: string, template = 'template0'): Promise<void> {
  const encoding = template === 'template0' ? ` ENCODING 'UTF8'` : '';
  await client.query(`CREATE DATABASE ${name} OWNER ${OWNER_ROLE} TEMPLATE ${template}${encoding}`);
  await client.query(`REVOKE ALL ON DATABASE ${name} FROM PUBLIC`);
  await client.query(`GRANT CONNECT ON DATABASE ${name} TO ${APP_ROLE}`);
}

/**
 * INVARIANT: the program never works under a role that row security does not bind.
 * @throws ArchiveError `db/role-too-strong` (environment)
 */
export async function checkAppRole(connection: pg.PoolConfig): Promise<void> {
  await withClient(connection, async (client) => {
    const strong = await holds(client, '(SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user)', []);
    const owner = await holds(client, 'current_user = $1::name', [OWNER_ROLE]);
    if (strong || owner) throw new ArchiveError('db/role-too-strong', 'environment', { app: APP_ROLE });
  });
}
