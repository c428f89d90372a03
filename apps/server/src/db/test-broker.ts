import { existsSync, mkdtempSync, readdirSync, realpathSync, rmSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type pg from 'pg';
import { SUPER_ROLE } from './embedded/cluster.ts';
import { findPostmasterPid, stopOrphan } from './embedded/postmaster-file.ts';
import { isAlive } from './embedded/process-identity.ts';
import { startEmbedded } from './embedded/start-embedded.ts';
import { migrate } from './migrate.ts';
import { APP_ROLE, createDatabase, createRoles, OWNER_ROLE, withClient } from './roles.ts';
import { openDb } from './sql.ts';

/** What a test file asks for: a fresh database, with the schema or empty. */
export interface TestDatabaseRequest {
  readonly schema: 'migrated' | 'empty';
}

export type TestDatabaseReply =
  | { readonly connection: pg.PoolConfig; readonly ownerConnection: pg.PoolConfig }
  | { readonly failed: string };

/** The server that the clones live on. */
interface TestServer {
  connectionAs(role: string, database: string): pg.PoolConfig;
  readonly admin: pg.PoolConfig;
  stop(): Promise<void>;
}

const FOLDER_PREFIX = 'lantai-test-';
/** A test loses nothing when the machine does; the tests of durability start their own database with everything on. */
const FAST_AND_LOOSE = { fsync: 'off', full_page_writes: 'off', max_connections: '200', shared_buffers: '256MB' };

/** Removes what test runs left that were killed, their PostgreSQL included. */
async function sweepLeftovers(): Promise<void> {
  for (const name of readdirSync(tmpdir()).filter((entry) => entry.startsWith(FOLDER_PREFIX))) {
    const [, pid] = /^lantai-test-(\d+)-/.exec(name) ?? [];
    if (!pid || isAlive(Number(pid))) continue;
    const folder = join(tmpdir(), name);
    const pgFolder = join(folder, 'pg');
    try {
      if (existsSync(pgFolder) && findPostmasterPid(pgFolder) !== null) await stopOrphan(pgFolder);
      rmSync(folder, { recursive: true, force: true });
    } catch (error) {
      // Another user's leftovers: theirs to remove.
      if (!['EACCES', 'EPERM', 'db/does-not-stop'].includes((error as { code?: string }).code ?? '')) throw error;
    }
  }
}

async function startEmbeddedServer(folder: string): Promise<TestServer> {
  const { postmaster } = await startEmbedded(folder, { overrides: FAST_AND_LOOSE });
  return {
    admin: postmaster.connectionAs(SUPER_ROLE, 'postgres'),
    connectionAs: (role, database) => postmaster.connectionAs(role, database),
    stop: () => postmaster.stop(),
  };
}

/** The same on a server of the developer's; the login must be a superuser or have CREATEDB and CREATEROLE. */
function useExternalServer(url: string): TestServer {
  return {
    admin: { connectionString: url },
    connectionAs: (role, database) => {
      const target = new URL(url);
      target.pathname = `/${database}`;
      return { connectionString: target.href, options: `-c role=${role}` };
    },
    stop: async () => undefined,
  };
}

/** Databases made for one test run. */
class TestDatabases {
  private readonly names: string[] = [];
  private readonly server: TestServer;
  private readonly prefix: string;

  private constructor(server: TestServer, prefix: string) {
    this.server = server;
    this.prefix = prefix;
  }

  static async start(server: TestServer): Promise<TestDatabases> {
    const external = server.admin.connectionString !== undefined;
    const databases = new TestDatabases(server, external ? `lantai_test_${process.pid}_` : 'lantai_test_');
    await withClient(server.admin, async (client) => {
      await createRoles(client, external ? 'NOLOGIN' : 'LOGIN');
      if (external) await client.query(`GRANT ${OWNER_ROLE}, ${APP_ROLE} TO CURRENT_USER`);
    });
    const template = await databases.create('template0');
    const ownerDb = openDb(server.connectionAs(OWNER_ROLE, template));
    try {
      await migrate(ownerDb);
    } finally {
      await ownerDb.close();
    }
    return databases;
  }

  private async create(template: string): Promise<string> {
    const name = `${this.prefix}${this.names.length}`;
    this.names.push(name);
    await withClient(this.server.admin, (client) => createDatabase(client, name, template));
    return name;
  }

  async clone({ schema }: TestDatabaseRequest): Promise<TestDatabaseReply> {
    const name = await this.create(schema === 'migrated' ? this.names[0]! : 'template0');
    return { connection: this.server.connectionAs(APP_ROLE, name), ownerConnection: this.server.connectionAs(OWNER_ROLE, name) };
  }

  /** The embedded server is thrown away whole; on another's server we take our databases with us. */
  async stop(): Promise<void> {
    if (this.server.admin.connectionString !== undefined) {
      await withClient(this.server.admin, async (client) => {
        for (const name of this.names) await client.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
      });
    }
    await this.server.stop();
  }
}

/** Answers one JSON line with one JSON line. */
function serve(socket: Socket, answer: (request: TestDatabaseRequest) => Promise<TestDatabaseReply>): void {
  // A test process that was killed hangs up; nothing is owed to it.
  socket.on('error', () => socket.destroy());
  createInterface({ input: socket }).on('line', (line) => {
    answer(JSON.parse(line) as TestDatabaseRequest)
      .catch((error: unknown) => ({ failed: error instanceof Error ? (error.stack ?? error.message) : String(error) }))
      .then((reply) => socket.end(`${JSON.stringify(reply)}\n`));
  });
}

/**
 * Serves databases to the test files of one run: each gets a clone of a migrated template, 30 to 80 ms.
 * `LANTAI_TEST_DATABASE_URL` names another PostgreSQL 15+ to use instead of the embedded one.
 */
export async function startTestDatabases(): Promise<{ socketPath: string; close(): Promise<void> }> {
  await sweepLeftovers();
  const folder = realpathSync(mkdtempSync(join(tmpdir(), `${FOLDER_PREFIX}${process.pid}-`)));
  const url = process.env.LANTAI_TEST_DATABASE_URL;
  let databases: Promise<TestDatabases> | undefined;
  // Clones are made one after the other: PostgreSQL refuses to copy a template that is being copied.
  let last: Promise<unknown> = Promise.resolve();
  const answer = (request: TestDatabaseRequest): Promise<TestDatabaseReply> => {
    databases ??= (url ? Promise.resolve(useExternalServer(url)) : startEmbeddedServer(folder)).then((server) =>
      TestDatabases.start(server),
    );
    const made = Promise.allSettled([last]).then(async () => (await databases!).clone(request));
    last = made;
    return made;
  };
  const server = createServer((socket) => serve(socket, answer));
  const socketPath = join(folder, 'broker.sock');
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(socketPath, resolve));
  return {
    socketPath,
    close: async () => {
      server.close();
      const started = await databases?.catch(() => undefined);
      await started?.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
