import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SUPER_ROLE } from './embedded/cluster.ts';
import { type Embedded, startEmbedded } from './embedded/start-embedded.ts';
import { checkFacts, connectionUnderRole, prepareExternal } from './external.ts';
import { connectionsBeside, findRunningServer, migrate, openDb, readSchemaVersion, startDatabase } from './index.ts';
import { withClient } from './roles.ts';
import { makeTestFolder } from './testing/writer-process.ts';

// An operator's PostgreSQL, as far as the program can tell: reached by an address, and without our roles at first.
const folder = makeTestFolder();
let server: Embedded;
const dataFolder = join(folder.path, 'archive');

const addressOf = (user: string, database: string): string =>
  `postgres://${user}:unused-word@${encodeURIComponent(server.postmaster.connectionAs(SUPER_ROLE, 'postgres').host!)}/${database}`;

const asSuper = (statement: string, database = 'postgres'): Promise<unknown> =>
  withClient(server.postmaster.connectionAs(SUPER_ROLE, database), (client) => client.query(statement));

beforeAll(async () => {
  mkdirSync(join(folder.path, 'operator'));
  server = await startEmbedded(join(folder.path, 'operator'));
  await asSuper('CREATE ROLE clerk LOGIN');
  await asSuper('CREATE DATABASE archive OWNER clerk');
});
afterAll(async () => {
  await server.postmaster.stop();
  folder.remove();
});

describe("an operator's PostgreSQL", () => {
  it('is refused when the login may not make the roles and nobody made them before', async () => {
    await expect(prepareExternal(addressOf('clerk', 'archive'))).rejects.toMatchObject({ code: 'db/roles-missing', fault: 'environment' });
  });

  it('holds an archive under roles made beforehand, for a login with no other power', async () => {
    await asSuper('CREATE ROLE lantai_owner');
    await asSuper('CREATE ROLE lantai_app');
    await asSuper('CREATE ROLE lantai_system');
    await asSuper('GRANT lantai_app TO lantai_owner, lantai_system');
    await asSuper('GRANT lantai_owner, lantai_app, lantai_system TO clerk');
    const database = await startDatabase({ dataFolder, databaseUrl: addressOf('clerk', 'archive') });
    expect(database).toMatchObject({ kind: 'external', pgFolder: null });
    const [owner, app] = [openDb(database.ownerConnection), openDb(database.connection)];
    await migrate(owner);
    expect(await readSchemaVersion(app)).toBeGreaterThan(0);
    expect(await app.one(`SELECT current_user::text AS role, current_setting('TimeZone') AS zone`)).toEqual({
      role: 'lantai_app',
      zone: 'UTC',
    });
    await expect(app.query('CREATE TABLE mine (n int)')).rejects.toMatchObject({ code: 'db/forbidden' });
    await owner.close();
    await app.close();
    await database.stop();
  });

  it('is prepared by a superuser without a word, and a second time', async () => {
    await asSuper('CREATE DATABASE second');
    for (let round = 0; round < 2; round++) {
      const { ownerConnection } = await prepareExternal(addressOf(SUPER_ROLE, 'second'));
      const owner = openDb(ownerConnection);
      await migrate(owner);
      await owner.close();
    }
  });

  it('keeps the data folder for one server, like the embedded one', async () => {
    const first = await startDatabase({ dataFolder, databaseUrl: addressOf('clerk', 'archive') });
    await expect(startDatabase({ dataFolder, databaseUrl: addressOf('clerk', 'archive') })).rejects.toMatchObject({ code: 'data/in-use' });
    const running = findRunningServer(dataFolder)!;
    expect(readFileSync(join(dataFolder, 'run', 'server.json'), 'utf8')).not.toContain('unused-word');
    const beside = openDb(connectionsBeside(running, addressOf('clerk', 'archive')).connection);
    expect(await beside.one('SELECT current_user::text AS role')).toEqual({ role: 'lantai_app' });
    await beside.close();
    expect(() => connectionsBeside(running, null)).toThrow('db/address-missing');
    await first.stop();
  });

  it('is refused when its role for the program is bound by nothing', async () => {
    await asSuper('ALTER ROLE lantai_app BYPASSRLS');
    await expect(startDatabase({ dataFolder, databaseUrl: addressOf('clerk', 'archive') })).rejects.toMatchObject({
      code: 'db/role-too-strong',
    });
    await asSuper('ALTER ROLE lantai_app NOBYPASSRLS');
    await (await startDatabase({ dataFolder, databaseUrl: addressOf('clerk', 'archive') })).stop();
  });

  it('is refused when its text is not UTF-8', async () => {
    await asSuper(`CREATE DATABASE latin TEMPLATE template0 ENCODING 'SQL_ASCII' LOCALE_PROVIDER libc LOCALE 'C'`);
    await expect(prepareExternal(addressOf(SUPER_ROLE, 'latin'))).rejects.toMatchObject({
      code: 'db/not-utf8',
      detail: { found: 'SQL_ASCII' },
    });
  });

  it('is refused when it answers before data are on disk, for this database or at all', async () => {
    await asSuper('ALTER DATABASE second SET synchronous_commit = off');
    await expect(prepareExternal(addressOf(SUPER_ROLE, 'second'))).rejects.toMatchObject({
      code: 'db/not-durable',
      detail: { setting: 'synchronous_commit' },
    });
    const good = {
      version: 15,
      encoding: 'UTF8',
      fsync: 'on',
      synchronous_commit: 'remote_apply',
      full_page_writes: 'on',
      connections: 46,
    };
    expect(() => checkFacts(good)).not.toThrow();
    expect(() => checkFacts({ ...good, fsync: 'off' })).toThrow('db/not-durable');
    expect(() => checkFacts({ ...good, version: 14 })).toThrow('db/too-old');
  });

  it('is refused when it grants fewer connections than the program opens: to all, to this login, or in this database', async () => {
    const granting = (address: string) => prepareExternal(address).then((prepared) => Object.keys(prepared).length);
    expect(await granting(addressOf('clerk', 'archive'))).toBe(3);
    await asSuper('ALTER ROLE clerk CONNECTION LIMIT 45');
    await expect(granting(addressOf('clerk', 'archive'))).rejects.toMatchObject({
      code: 'db/too-few-connections',
      fault: 'environment',
      detail: { found: 45, least: 46 },
    });
    await asSuper('ALTER ROLE clerk CONNECTION LIMIT 46');
    expect(await granting(addressOf('clerk', 'archive'))).toBe(3);
    await asSuper('ALTER DATABASE archive CONNECTION LIMIT 20');
    await expect(granting(addressOf('clerk', 'archive'))).rejects.toMatchObject({ detail: { found: 20 } });
    await asSuper('ALTER DATABASE archive CONNECTION LIMIT -1');
    await asSuper('ALTER ROLE clerk CONNECTION LIMIT -1');
  });

  it('is not there: the error names neither address nor password', async () => {
    const error = await prepareExternal('postgres://me:open-sesame@%2Fnonexistent/x').catch((thrown: unknown) => thrown as Error);
    expect(error).toMatchObject({ code: 'db/unavailable' });
    expect(`${String(error)} ${(error as Error).stack}`).not.toContain('sesame');
    expect(() => connectionUnderRole('open sesame', 'lantai_app')).toThrow('db/address-malformed');
    expect(() => connectionUnderRole('open sesame', 'lantai_app')).not.toThrow('sesame');
  });

  it('gets the options of its address as well as ours', () => {
    const { connectionString, options } = connectionUnderRole('postgres://a@b/c?options=-c%20jit%3Doff&sslmode=require', 'lantai_app');
    expect(connectionString).toBe('postgres://a@b/c?sslmode=require');
    expect(options).toBe('-c jit=off -c role=lantai_app -c timezone=UTC');
  });
});
