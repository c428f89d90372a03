import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { migrate, readSchemaVersion } from './migrate.ts';
import { openDb } from './sql.ts';
import { useTestDatabase } from './test-database.ts';

const test = useTestDatabase('empty');
const whole = useTestDatabase();
let folder: string;

const write = (...files: [name: string, text: string][]): void => {
  for (const [name, text] of files) writeFileSync(join(folder, name), text);
};
const listTables = async (): Promise<string[]> =>
  (
    await test.ownerDb.query<{
      name: string;
    }>(`SELECT relname AS name FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'
    ORDER BY relname COLLATE "C"`)
  ).map(({ name }) => name);

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'lantai-migrations-'));
  await test.ownerDb.script('DROP SCHEMA public CASCADE; CREATE SCHEMA public; GRANT USAGE ON SCHEMA public TO PUBLIC');
});
afterEach(() => rmSync(folder, { recursive: true }));

describe('migrations', () => {
  it('are applied in their order and once', async () => {
    write(['0001_first.sql', 'CREATE TABLE a (n int); CREATE TABLE b (n int);'], ['0002_second.sql', 'ALTER TABLE b RENAME TO c;']);
    expect(await readSchemaVersion(test.db)).toBe(0);
    await migrate(test.ownerDb, folder);
    await migrate(test.ownerDb, folder);
    expect(await listTables()).toEqual(['a', 'c', 'schema_version']);
    expect(await readSchemaVersion(test.db)).toBe(2);
    write(['0003_third.sql', 'DROP TABLE a;']);
    await migrate(test.ownerDb, folder);
    expect(await listTables()).toEqual(['c', 'schema_version']);
  });

  it('are applied once when several processes start together', async () => {
    write(['0001_first.sql', 'SELECT pg_sleep(0.2); CREATE TABLE a (n int);'], ['0002_second.sql', 'INSERT INTO a VALUES (1);']);
    const pools = Array.from({ length: 5 }, () => openDb(test.ownerConnection));
    await Promise.all(pools.map((pool) => migrate(pool, folder)));
    await Promise.all(pools.map((pool) => pool.close()));
    expect(await test.ownerDb.query('SELECT n FROM a')).toEqual([{ n: 1 }]);
  });

  it('stop at a step that fails, leave nothing of it, and go on there', async () => {
    write(['0001_first.sql', 'CREATE TABLE a (n int);'], ['0002_second.sql', 'CREATE TABLE b (n int); SELECT nonsense();']);
    await expect(migrate(test.ownerDb, folder)).rejects.toMatchObject({ code: 'db/failed' });
    expect(await listTables()).toEqual(['a', 'schema_version']);
    write(['0002_second.sql', 'CREATE TABLE b (n int);']);
    await migrate(test.ownerDb, folder);
    expect(await listTables()).toEqual(['a', 'b', 'schema_version']);
  });

  it('refuse a schema of a newer program and change nothing', async () => {
    write(['0001_first.sql', 'CREATE TABLE a (n int);'], ['0002_second.sql', 'CREATE TABLE b (n int);']);
    await migrate(test.ownerDb, folder);
    rmSync(join(folder, '0002_second.sql'));
    await expect(migrate(test.ownerDb, folder)).rejects.toMatchObject({
      code: 'db/schema-newer',
      fault: 'environment',
      detail: { found: 2, known: 1 },
    });
    expect(await listTables()).toEqual(['a', 'b', 'schema_version']);
  });

  it('refuse a step that was edited after it was applied', async () => {
    write(['0001_first.sql', 'CREATE TABLE a (n int);']);
    await migrate(test.ownerDb, folder);
    write(['0001_first.sql', 'CREATE TABLE a (n bigint);']);
    await expect(migrate(test.ownerDb, folder)).rejects.toMatchObject({ code: 'db/migration-altered', detail: { version: 1 } });
  });

  it('refuse two of one number, and apply a lower one that comes later', async () => {
    write(['0001_first.sql', 'CREATE TABLE a (n int);'], ['0003_third.sql', 'CREATE TABLE c (n int);']);
    await migrate(test.ownerDb, folder);
    write(['0002_second.sql', 'CREATE TABLE b (n int);']);
    await migrate(test.ownerDb, folder);
    expect(await listTables()).toEqual(['a', 'b', 'c', 'schema_version']);
    write(['0003_thrice.sql', 'SELECT 1']);
    await expect(migrate(test.ownerDb, folder)).rejects.toThrow('0003_thrice.sql does not come after number 3');
  });

  it('of this program are all in the database a test is given', async () => {
    const shipped = readdirSync(new URL('./migrations/', import.meta.url)).filter((name) => name.endsWith('.sql'));
    expect(await readSchemaVersion(whole.db)).toBe(Math.max(...shipped.map((name) => Number(name.slice(0, 4)))));
  });
});
