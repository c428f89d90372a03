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

/** Makes the two roles when they are missing. `login` is for the embedded database, whose socket folder is the door. */
export async function createRoles(client: pg.ClientBase, login: 'LOGIN' | 'NOLOGIN'): Promise<void> {
  for (const role of [OWNER_ROLE, APP_ROLE]) {
    const { rowCount } = await client.query('SELECT 1 FROM pg_roles WHERE rolname = $1', [role]);
    if (!rowCount) await client.query(`CREATE ROLE ${role} ${login}`);
  }
  // So that a migration can make a schema that belongs to the application, as the job queue wants it.
  await client.query(`GRANT ${APP_ROLE} TO ${OWNER_ROLE}`);
}

/** Makes a database of the owner's that only our roles may enter. The name must be made of letters, digits and underscores. */
export async function createDatabase(client: pg.ClientBase, name: string, template = 'template0'): Promise<void> {
  // Text is compared by code point everywhere (COLLATE "C" in the schema says so again for other servers).
  const encoding = template === 'template0' ? ` ENCODING 'UTF8'` : '';
  await client.query(`CREATE DATABASE ${name} OWNER ${OWNER_ROLE} TEMPLATE ${template}${encoding}`);
  await closeToOthers(client, name);
}

async function closeToOthers(client: pg.ClientBase, name: string): Promise<void> {
  await client.query(`REVOKE ALL ON DATABASE ${name} FROM PUBLIC`);
  await client.query(`GRANT CONNECT ON DATABASE ${name} TO ${APP_ROLE}`);
}
