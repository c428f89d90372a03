import { setTimeout as sleep } from 'node:timers/promises';
import { ArchiveError } from '@lantai/values';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { toDatabaseError } from './database-error.ts';
import { openDb } from './sql.ts';
import { useTestDatabase } from './test-database.ts';
import { openLine } from './testing/cut-line.ts';

const test = useTestDatabase('empty');

beforeAll(async () => {
  await test.ownerDb.script(`
    CREATE TABLE thing (id integer PRIMARY KEY, name text, CONSTRAINT short CHECK (length(name) < 10));
    CREATE TABLE patient (n integer UNIQUE DEFERRABLE);
    CREATE TABLE part (thing_id integer REFERENCES thing);
    GRANT SELECT, INSERT, DELETE ON thing, patient TO lantai_app;
    CREATE TABLE hidden (owner text);
    ALTER TABLE hidden ENABLE ROW LEVEL SECURITY;
    CREATE POLICY own ON hidden USING (owner = 'lantai_app');
    INSERT INTO hidden VALUES ('lantai_app'), ('somebody');
    GRANT SELECT, INSERT ON hidden TO lantai_app;
  `);
});

describe('statements', () => {
  it('give back the values that went in', async () => {
    const values = fc.record({
      text: fc.string({ unit: 'grapheme' }).map((text) => text.replaceAll('\0', '')),
      whole: fc.maxSafeInteger(),
      bytes: fc.uint8Array(),
      flags: fc.array(fc.boolean()),
      tokens: fc.array(fc.integer()),
      many: fc.array(fc.uint8Array(), { maxLength: 4 }),
      json: fc.jsonValue().map((value) => ({ value: JSON.parse(JSON.stringify(value).replaceAll('\\u0000', '').replaceAll('-0', '0')) })),
      nothing: fc.constant(null),
    });
    await fc.assert(
      fc.asyncProperty(values, async (v) => {
        const row = await test.db.one<typeof v>(
          `SELECT $1::text AS text, $2::bigint AS whole, $3::bytea AS bytes, $4::boolean[] AS flags, $5::int4[] AS tokens,
                  $6::bytea[] AS many, $7::json AS json, $8::text AS nothing`,
          [v.text, v.whole, v.bytes, v.flags, v.tokens, v.many, v.json, v.nothing],
        );
        expect({ ...row, bytes: Uint8Array.from(row!.bytes), many: row!.many.map((bytes) => Uint8Array.from(bytes)) }).toEqual(v);
      }),
    );
  });

  it('never round a number and never move a date', async () => {
    const row = await test.db.one(`SELECT 9007199254740991::bigint AS most, 9007199254740993::bigint AS beyond, 1.10::numeric AS money,
      DATE '1978-07-03' AS day, ARRAY[1, NULL, 9007199254740993]::bigint[] AS counts, count(*) AS count FROM thing`);
    expect(row).toEqual({
      most: 9007199254740991,
      beyond: 9007199254740993n,
      money: '1.10',
      day: '1978-07-03',
      counts: [1, null, 9007199254740993n],
      count: 0,
    });
  });

  it('give bytes as a Uint8Array and one row or null', async () => {
    expect((await test.db.one<{ b: Uint8Array }>(`SELECT '\\x00ff'::bytea AS b`))?.b).toBeInstanceOf(Uint8Array);
    expect(await test.db.one('SELECT 1 AS n WHERE false')).toBeNull();
    await expect(test.db.one('SELECT generate_series(1, 2)')).rejects.toThrow('several rows');
  });

  it('refuse a forgotten value instead of writing NULL', async () => {
    await expect(test.db.query('SELECT $1::text', [undefined])).rejects.toThrow('undefined');
    expect(await test.db.one('SELECT $1::text AS t', [null])).toEqual({ t: null });
  });

  it('are prepared once for each connection when they have a name', async () => {
    await test.db.tx(async (tx) => {
      const prepared = () => tx.query<{ n: string }>(`SELECT name AS n FROM pg_prepared_statements WHERE name LIKE 'test/%'`);
      expect(await prepared()).toEqual([]);
      for (const n of [1, 2]) expect(await tx.queryNamed('test/echo', 'SELECT $1::int AS n', [n])).toEqual([{ n }]);
      expect(await prepared()).toEqual([{ n: 'test/echo' }]);
    });
  });

  it('end with db/timeout when they run too long, and not when they are quick', async () => {
    const hasty = openDb(test.connection, { statementTimeoutMs: 100 });
    await expect(hasty.query('SELECT pg_sleep(20)')).rejects.toMatchObject({ code: 'db/timeout', fault: 'environment' });
    expect(await hasty.one('SELECT 1 AS n')).toEqual({ n: 1 });
    await hasty.close();
  });

  it('end with db/unavailable where no database answers', async () => {
    const nowhere = openDb({ ...test.connection, connectionString: undefined, host: '/nonexistent', database: 'x' } as never);
    await expect(nowhere.query('SELECT 1')).rejects.toMatchObject({ code: 'db/unavailable', fault: 'environment' });
    await expect(nowhere.tx(async () => 1)).rejects.toMatchObject({ code: 'db/unavailable' });
    await nowhere.close();
  });
});

describe('the application role', () => {
  it('sees the rows a policy allows and no others, and may not write those', async () => {
    expect(await test.db.query('SELECT owner FROM hidden')).toEqual([{ owner: 'lantai_app' }]);
    await test.db.query('INSERT INTO hidden VALUES ($1)', ['lantai_app']);
    await expect(test.db.query('INSERT INTO hidden VALUES ($1)', ['somebody'])).rejects.toMatchObject({ code: 'db/forbidden' });
  });

  it.each([
    'CREATE TABLE mine (n int)',
    'DROP TABLE thing',
    'ALTER TABLE hidden DISABLE ROW LEVEL SECURITY',
    'UPDATE thing SET name = NULL',
    'SET ROLE lantai_owner',
    'TRUNCATE thing',
  ])('may not: %s', async (text) => {
    await expect(test.db.query(text)).rejects.toMatchObject({ code: 'db/forbidden' });
  });
});

describe('a transaction', () => {
  const ids = async () => (await test.db.query<{ id: number }>('SELECT id FROM thing ORDER BY id')).map(({ id }) => id);

  it('keeps what it did when its work is done, and nothing when the work throws', async () => {
    await test.db.tx((tx) => tx.query('INSERT INTO thing VALUES (1)'));
    const failed = test.db.tx(async (tx) => {
      await tx.query('INSERT INTO thing VALUES (2)');
      throw new ArchiveError('test/stop', 'caller');
    });
    await expect(failed).rejects.toThrow('test/stop');
    expect(await ids()).toEqual([1]);
  });

  it('never passes for done when a failed statement in it was swallowed', async () => {
    const swallowed = test.db.tx(async (tx) => {
      await tx.query('INSERT INTO thing VALUES (3)');
      await tx.query('INSERT INTO thing VALUES (1)').catch(() => undefined);
    });
    await expect(swallowed).rejects.toMatchObject({ code: 'db/rolled-back' });
    expect(await ids()).toEqual([1]);
  });

  it('reports what PostgreSQL only finds at the end', async () => {
    const late = test.db.tx(async (tx) => {
      await tx.script('SET CONSTRAINTS ALL DEFERRED');
      await tx.query('INSERT INTO patient VALUES (1), (1)');
    });
    await expect(late).rejects.toMatchObject({ code: 'db/unique', detail: { constraint: 'patient_n_key' } });
  });

  it('says that it does not know when the connection breaks during the commit', async () => {
    await test.ownerDb.script(`
      CREATE FUNCTION linger() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN PERFORM pg_sleep(5); RETURN NULL; END';
      CREATE TABLE slow (n int);
      CREATE CONSTRAINT TRIGGER lingers AFTER INSERT ON slow DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION linger();`);
    const line = await openLine(test.ownerConnection);
    const distant = openDb(line.connection);
    const act = distant.tx(async (tx) => {
      await tx.query('INSERT INTO slow VALUES (1)');
      setTimeout(line.cut, 300);
    });
    await expect(act).rejects.toMatchObject({ code: 'db/commit-unknown', fault: 'environment' });
    // The pool gives another connection afterwards.
    expect(await distant.one('SELECT 1 AS n')).toEqual({ n: 1 });
    await distant.close();
    await line.close();
  });

  it('gives a broken connection back to nobody', async () => {
    const small = openDb(test.connection, { poolMax: 1 });
    const broken = small.tx(async (tx) => {
      await tx.script(`SET LOCAL idle_in_transaction_session_timeout = '50ms'`);
      await sleep(300);
      await tx.query('SELECT 1');
    });
    await expect(broken).rejects.toMatchObject({ code: 'db/unavailable' });
    expect(await small.one('SELECT 1 AS n')).toEqual({ n: 1 });
    await small.close();
  });

  it('reports a conflict of two that cannot both be true', async () => {
    const first = (work: () => Promise<unknown>) =>
      test.db.tx(
        async (tx) => {
          await tx.query('SELECT count(*) FROM thing');
          await work();
          await tx.query('INSERT INTO thing VALUES (50)');
        },
        { isolation: 'serializable' },
      );
    const second = () =>
      test.db.tx(
        async (tx) => {
          await tx.query('SELECT count(*) FROM thing');
          await tx.query('INSERT INTO thing VALUES (51)');
        },
        { isolation: 'serializable' },
      );
    await expect(first(second)).rejects.toMatchObject({ code: 'db/conflict', fault: 'environment' });
    expect(await ids()).toEqual([1, 51]);
  });

  it('that only reads cannot write', async () => {
    await expect(test.db.tx((tx) => tx.query('INSERT INTO thing VALUES (60)'), { readOnly: true })).rejects.toMatchObject({
      code: 'db/failed',
    });
  });
});

describe('a session', () => {
  it('keeps a lock on its own connection and lets it go at its end', async () => {
    const free = () => test.db.one('SELECT pg_try_advisory_xact_lock(77) AS free');
    await test.db.session(async (session) => {
      await session.query('SELECT pg_advisory_lock(77)');
      expect(await free()).toEqual({ free: false });
    });
    expect(await free()).toEqual({ free: true });
  });
});

describe('an error of the database', () => {
  const secret = '张寻岚';
  it.each([
    ['INSERT INTO thing VALUES (70, $1), (70, $1)', 'db/unique', 'caller'],
    ['INSERT INTO thing VALUES (71, $1 || $1 || $1 || $1)', 'db/constraint', 'caller'],
    ['INSERT INTO thing VALUES (NULL, $1)', 'db/constraint', 'caller'],
    ['SELECT $1::text::int', 'db/value', 'caller'],
    ['SELECT $1::text::jsonb', 'db/value', 'caller'],
    ['SELECT chr(0) || $1', 'db/failed', 'environment'],
    ['SELECT nonsense($1::text)', 'db/failed', 'environment'],
  ])('says what happened without the value: %s', async (text, code, fault) => {
    const error = await test.db.query(text, [secret]).then(
      () => null,
      (thrown: unknown) => thrown as ArchiveError,
    );
    expect(error).toBeInstanceOf(ArchiveError);
    expect(error).toMatchObject({ code, fault });
    expect(`${error!.message} ${JSON.stringify(error)} ${error!.stack} ${String(error!.cause)}`).not.toContain(secret);
  });

  it('names what a reference needs', async () => {
    await expect(test.ownerDb.query('INSERT INTO part VALUES (999)')).rejects.toMatchObject({
      code: 'db/reference',
      detail: { constraint: 'part_thing_id_fkey', table: 'part' },
    });
  });

  it('keeps an error of our own as it is, and knows damage from trouble', () => {
    const own = new ArchiveError('blob/missing', 'corruption');
    expect(toDatabaseError(own)).toBe(own);
    expect(toDatabaseError({ code: 'XX001', message: secret })).toMatchObject({ code: 'db/corrupt', fault: 'corruption' });
    expect(toDatabaseError({ code: '53100', message: secret })).toMatchObject({ code: 'db/disk-full', fault: 'environment' });
    expect(toDatabaseError({ code: '53300', message: secret })).toMatchObject({ code: 'db/overloaded', fault: 'environment' });
    expect(toDatabaseError(new Error('Connection terminated unexpectedly'))).toMatchObject({ code: 'db/unavailable' });
    expect(toDatabaseError(undefined)).toMatchObject({ code: 'db/failed' });
  });
});
