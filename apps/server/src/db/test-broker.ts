import { randomBytes } from 'node:crypto';
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
import { type Connections, connectionUnderRole } from './external.ts';
import { migrate } from './migrate.ts';
import { APP_ROLE, createDatabase, createRoles, joinRoles, OWNER_ROLE, SYSTEM_ROLE, withClient } from './roles.ts';
import { openDb } from './sql.ts';

/** What a test file asks for: a fresh database, with the schema or empty. */
export interface TestDatabaseRequest {
  readonly schema: 'migrated' | 'empty';
}

export type TestDatabaseReply = Connections | { readonly failed: string };

/** The server that the clones live on. */
interface TestServer {
  connectionAs(role: string, database: string): pg.PoolConfig;
  readonly admin: pg.PoolConfig;
  /** Begins the names of this run's databases. */
  readonly prefix: string;
  stop(names: readonly string[]): Promise<void>;
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
  const admin = postmaster.connectionAs(SUPER_ROLE, 'postgres');
  await withClient(admin, (client) => createRoles(client, 'LOGIN'));
  return {
    admin,
    prefix: 'lantai_test_',
    connectionAs: (role, database) => postmaster.connectionAs(role, database),
    stop: () => {
      // At once and without a last checkpoint: nobody reads these files again.
      process.kill(postmaster.pid, 'SIGQUIT');
      return postmaster.stop();
    },
  };
}

/**
 * The same on a server of the developer's; the address's login must be a superuser, or have CREATEDB and CREATEROLE.
 * The tests work under three logins made for this run, each a member of one of our roles and of nothing else.
 */
async function useExternalServer(url: string): Promise<TestServer> {
  const password = randomBytes(16).toString('hex');
  const admin = { connectionString: url };
  const loginOf = (role: string) => `${role}_test_${process.pid}`;
  await withClient(admin, async (client) => {
    await createRoles(client, 'NOLOGIN');
    await joinRoles(client);
    for (const role of [OWNER_ROLE, APP_ROLE, SYSTEM_ROLE])
      await client.query(`CREATE ROLE ${loginOf(role)} LOGIN PASSWORD '${password}' IN ROLE ${role}`);
  });
  return {
    admin,
    prefix: `lantai_test_${process.pid}_`,
    connectionAs: (role, database) => {
      const target = new URL(url);
      target.pathname = `/${database}`;
      target.username = loginOf(role);
      target.password = password;
      return connectionUnderRole(target.href, role);
    },
    // Another's server stays; what we made on it goes.
    stop: (names) =>
      withClient(admin, async (client) => {
        for (const name of names) await client.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
        for (const role of [OWNER_ROLE, APP_ROLE, SYSTEM_ROLE]) await client.query(`DROP ROLE ${loginOf(role)}`);
      }),
  };
}

/** Databases made for one test run. Makes one at a time: PostgreSQL refuses to copy a template that is being copied. */
class TestDatabases {
  private readonly names: string[] = [];
  private readonly server: TestServer;
  private template: Promise<string> | undefined;
  private last: Promise<unknown> = Promise.resolve();

  constructor(server: TestServer) {
    this.server = server;
  }

  private async create(template: string): Promise<string> {
    const name = `${this.server.prefix}${this.names.length}`;
    this.names.push(name);
    await withClient(this.server.admin, (client) => createDatabase(client, name, template));
    return name;
  }

  private async createTemplate(): Promise<string> {
    const name = await this.create('template0');
    const ownerDb = openDb(this.server.connectionAs(OWNER_ROLE, name));
    try {
      await migrate(ownerDb);
    } finally {
      await ownerDb.close();
    }
    return name;
  }

  private async makeNext({ schema }: TestDatabaseRequest): Promise<TestDatabaseReply> {
    if (schema === 'migrated') this.template ??= this.createTemplate();
    const name = await this.create(schema === 'migrated' ? await this.template! : 'template0');
    const as = (role: string) => this.server.connectionAs(role, name);
    return { connection: as(APP_ROLE), systemConnection: as(SYSTEM_ROLE), ownerConnection: as(OWNER_ROLE) };
  }

  make(request: TestDatabaseRequest): Promise<TestDatabaseReply> {
    const made = Promise.allSettled([this.last]).then(() => this.makeNext(request));
    this.last = made;
    return made;
  }

  async stop(): Promise<void> {
    await Promise.allSettled([this.last]);
    await this.server.stop(this.names);
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
 * Serves databases to the test files of one run: each gets a clone of a migrated template, about 70 ms on a quiet machine.
 * `LANTAI_TEST_DATABASE_URL` names another PostgreSQL 15+ to use instead of the embedded one.
 */
export async function startTestDatabases(): Promise<{ socketPath: string; close(): Promise<void> }> {
  await sweepLeftovers();
  const folder = realpathSync(mkdtempSync(join(tmpdir(), `${FOLDER_PREFIX}${process.pid}-`)));
  const url = process.env.LANTAI_TEST_DATABASE_URL;
  let databases: Promise<TestDatabases> | undefined;
  const answer = async (request: TestDatabaseRequest): Promise<TestDatabaseReply> => {
    databases ??= (url ? useExternalServer(url) : startEmbeddedServer(folder)).then((server) => new TestDatabases(server));
    return (await databases).make(request);
  };
  const server = createServer((socket) => serve(socket, answer));
  const socketPath = join(folder, 'broker.sock');
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(socketPath, resolve));
  return {
    socketPath,
    close: async () => {
      server.close();
      // One that did not start told so to whoever asked.
      const [started] = await Promise.allSettled([databases]);
      if (started.status === 'fulfilled') await started.value?.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
