import { connect } from 'node:net';
import { createInterface } from 'node:readline';
import type pg from 'pg';
import { afterAll, beforeAll, inject } from 'vitest';
import { type Db, openDb } from './sql.ts';
import type { TestDatabaseReply, TestDatabaseRequest } from './test-broker.ts';

declare module 'vitest' {
  interface ProvidedContext {
    testDatabaseBroker: string;
  }
}

/** A database of one test file's own. Read its members inside tests and hooks: before the first hook they are not there yet. */
export interface TestDatabase {
  /** Under the application's role: owns nothing, bypasses no row security. Of subjects' data it sees nothing without a reach. */
  readonly db: Db;
  /** Under the system's role: sees every row. For what a test lays down and looks up behind the program's back. */
  readonly systemDb: Db;
  /** Under the owner's role, for what only migrations and fixtures may do. */
  readonly ownerDb: Db;
  /** For {@link openDb} under the application's role, where a test wants a pool of its own. */
  readonly connection: pg.PoolConfig;
  readonly systemConnection: pg.PoolConfig;
  readonly ownerConnection: pg.PoolConfig;
}

async function ask(request: TestDatabaseRequest): Promise<Exclude<TestDatabaseReply, { failed: string }>> {
  const socket = connect(inject('testDatabaseBroker'));
  const failed = new Promise<never>((_, reject) => socket.once('error', reject));
  socket.write(`${JSON.stringify(request)}\n`);
  const line = await Promise.race([failed, new Promise<string>((resolve) => createInterface({ input: socket }).once('line', resolve))]);
  const reply = JSON.parse(line) as TestDatabaseReply;
  if ('failed' in reply) throw new Error(`no test database: ${reply.failed}`);
  return reply;
}

/**
 * Gives the test file a database of its own on the real PostgreSQL, made before its first test and closed after its last.
 * Call at the top of the file or of a `describe`; do not destructure the result there.
 * @param schema `migrated` (default): with all migrations applied; `empty`: without any
 */
export function useTestDatabase(schema: TestDatabaseRequest['schema'] = 'migrated'): TestDatabase {
  let made: TestDatabase | undefined;
  beforeAll(async () => {
    const { connection, systemConnection, ownerConnection } = await ask({ schema });
    const db = openDb(connection, { system: systemConnection });
    made = { connection, systemConnection, ownerConnection, db, systemDb: db.system('test'), ownerDb: openDb(ownerConnection) };
  });
  afterAll(async () => {
    await made?.db.close();
    await made?.ownerDb.close();
  });
  const get = (): TestDatabase => {
    if (!made) throw new Error('the test database is there from the first hook on: read its members inside a test');
    return made;
  };
  return {
    get db() {
      return get().db;
    },
    get systemDb() {
      return get().systemDb;
    },
    get ownerDb() {
      return get().ownerDb;
    },
    get connection() {
      return get().connection;
    },
    get systemConnection() {
      return get().systemConnection;
    },
    get ownerConnection() {
      return get().ownerConnection;
    },
  };
}
