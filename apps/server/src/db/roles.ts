import { ArchiveError } from '@lantai/values';
import pg from 'pg';
import { toDatabaseError } from './database-error.ts';

/** Owns every table and runs the migrations; nothing else works under it. */
export const OWNER_ROLE = 'lantai_owner';
/** What the program works as: owns nothing, bypasses no row security. Of subjects' data it sees what a transaction's reach lets it see. */
export const APP_ROLE = 'lantai_app';
/** What jobs work as, see `Db.system`: owns and bypasses nothing either, but a policy of its own shows it every row. */
export const SYSTEM_ROLE = 'lantai_system';
const ROLES = [OWNER_ROLE, APP_ROLE, SYSTEM_ROLE] as const;

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

/** Makes the three roles when they are missing. `LOGIN` is for the embedded database, whose socket folder is the door. */
export async function createRoles(client: pg.ClientBase, login: 'LOGIN' | 'NOLOGIN'): Promise<void> {
  for (const role of ROLES) {
    const exists = await holds(client, 'EXISTS (SELECT 1 FROM pg_roles WHERE rolname = $1)', [role]);
    if (!exists) await client.query(`CREATE ROLE ${role} ${login}`);
  }
  // The owner, so that a migration can make a schema that belongs to the application, as the job queue wants it; the system, so that what the
  // application may touch it may touch too.
  for (const role of [OWNER_ROLE, SYSTEM_ROLE]) {
    const member = await holds(client, `pg_has_role($1::name, $2::name, 'MEMBER')`, [role, APP_ROLE]);
    if (!member) await client.query(`GRANT ${APP_ROLE} TO ${role}`);
  }
}

/** Lets this login take on our roles, where it may not yet. */
export async function joinRoles(client: pg.ClientBase): Promise<void> {
  for (const role of ROLES) {
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
  await client.query(`GRANT CONNECT ON DATABASE ${name} TO ${SYSTEM_ROLE}`);
}

/**
 * INVARIANT: the program never works under a role that row security does not bind, nor its ordinary connections under one that is or may
 * become the system's.
 * @throws ArchiveError `db/role-too-strong` (environment)
 */
export async function checkBoundRole(connection: pg.PoolConfig, role: typeof APP_ROLE | typeof SYSTEM_ROLE): Promise<void> {
  await withClient(connection, async (client) => {
    const bound = await holds(
      client,
      '(SELECT NOT rolsuper AND NOT rolbypassrls FROM pg_roles WHERE rolname = current_user) AND current_user = $1::name',
      [role],
    );
    const stronger = role === APP_ROLE ? [OWNER_ROLE, SYSTEM_ROLE] : [OWNER_ROLE];
    const climbs = await holds(client, `EXISTS (SELECT 1 FROM unnest($1::name[]) AS r WHERE pg_has_role(current_user, r, 'MEMBER'))`, [
      `{${stronger}}`,
    ]);
    if (!bound || climbs) throw new ArchiveError('db/role-too-strong', 'environment', { role });
  });
}
