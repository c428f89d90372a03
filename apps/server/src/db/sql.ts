import { ArchiveError, assert } from '@lantai/values';
import pg from 'pg';
import { toDatabaseError } from './database-error.ts';
import type { ReachSettings } from './reach.ts';
import { rowTypes } from './row-types.ts';
import type { SystemTask } from './system-tasks.ts';

/** A value that may stand for `$n`. `undefined` is refused: it is a forgotten field, not a NULL. */
export type Param = string | number | bigint | boolean | Date | Uint8Array | null | readonly Param[] | { readonly [key: string]: unknown };

/**
 * Statements with parameters. Values never enter the statement text, so PostgreSQL's own logs and views never hold one.
 * Rows are objects by column name: `bigint` is a number when it is a safe integer (else a bigint), `bytea` a Buffer (a Uint8Array),
 * `timestamptz` a Date, `date` and `numeric` text, `json` parsed. Errors are as `toDatabaseError` says.
 */
export interface Sql {
  /** All rows. */
  query<R = unknown>(text: string, params?: readonly unknown[]): Promise<R[]>;
  /** Like {@link query}, prepared once for each connection under `name`: for hot paths. One name must always mean one text. */
  queryNamed<R = unknown>(name: string, text: string, params?: readonly unknown[]): Promise<R[]>;
  /** The only row or null. More than one row is a bug and fails an assertion. */
  one<R = unknown>(text: string, params?: readonly unknown[]): Promise<R | null>;
  /** How many rows an INSERT, UPDATE or DELETE touched. */
  execute(text: string, params?: readonly unknown[]): Promise<number>;
  /** Several statements in one text, without parameters: for migrations. */
  script(text: string): Promise<void>;
}

declare const txBrand: unique symbol;

/** A running transaction. A function that takes `Tx` says: what I do is part of your act. */
export interface Tx extends Sql {
  readonly [txBrand]: true;
}

export interface TxOptions {
  /** Default `read committed`. With the stricter ones a `db/conflict` must be expected and the work run again by the caller. */
  readonly isolation?: 'read committed' | 'repeatable read' | 'serializable';
  readonly readOnly?: boolean;
  /** What row-level security lets the transaction see and write; left out: nothing of a subject's. */
  readonly reach?: ReachSettings;
}

/** One connection kept for one task, so that what belongs to a session (an advisory lock) stays with it. */
export interface Session extends Sql {
  /** Like {@link Db.tx}, on this connection. One at a time, and no other statement meanwhile. */
  tx<T>(work: (tx: Tx) => Promise<T>, options?: TxOptions): Promise<T>;
}

/** A pool of connections under one role. */
export interface Db extends Sql {
  /**
   * Runs `work` with a connection of its own, closed when `work` ends, and with it all the session held.
   * When the connection breaks, the next statement rejects with `db/unavailable`: it is never replaced by another unseen.
   */
  session<T>(work: (session: Session) => Promise<T>): Promise<T>;
  /**
   * Runs `work` in one transaction: committed and on disk when this resolves, rolled back when `work` throws.
   * @throws ArchiveError `db/rolled-back` when `work` swallowed a failed statement, so that PostgreSQL could only roll back
   * @throws ArchiveError `db/commit-unknown` (environment) when the connection broke during COMMIT: it may or may not have happened
   */
  tx<T>(work: (tx: Tx) => Promise<T>, options?: TxOptions): Promise<T>;
  /** Single statements inside a reach, each a transaction of its own. */
  within(reach: ReachSettings): Sql;
  /**
   * The same database under the system's role, which row-level security shows every row. Pools are kept apart: no statement of an
   * ordinary connection can become one of these. Closed with this one.
   */
  system(task: SystemTask): Db;
  /** Waits for connections in use, then closes all. */
  close(): Promise<void>;
}

export interface DbOptions {
  /** Connections at most; default 10. */
  readonly poolMax?: number;
  /** How to connect for {@link Db.system}; left out: nothing may be asked of it. */
  readonly system?: pg.PoolConfig;
  /** A statement that runs longer is cancelled with `db/timeout`; 0 (default) is no limit. */
  readonly statementTimeoutMs?: number;
  /** How long to wait for a free connection before `db/unavailable`; default 30,000. */
  readonly connectTimeoutMs?: number;
  /** Told when an idle connection broke (the pool replaces it). Nobody needs to listen: the next statement says the same. */
  readonly onConnectionLost?: (error: ArchiveError) => void;
}

type Queryable = Pick<pg.PoolClient, 'query'>;

function checkParams(params: readonly unknown[] | undefined): unknown[] {
  assert(!params?.includes(undefined), 'a statement parameter is undefined');
  return params ? [...params] : [];
}

function sqlOver(client: Queryable): Sql {
  const run = async (config: pg.QueryConfig): Promise<pg.QueryResult> => {
    try {
      return await client.query(config);
    } catch (error) {
      throw toDatabaseError(error, config.name);
    }
  };
  return {
    async query<R>(text: string, params?: readonly unknown[]) {
      return (await run({ text, values: checkParams(params) })).rows as R[];
    },
    async queryNamed<R>(name: string, text: string, params?: readonly unknown[]) {
      return (await run({ name, text, values: checkParams(params) })).rows as R[];
    },
    async one<R>(text: string, params?: readonly unknown[]) {
      const { rows } = await run({ text, values: checkParams(params) });
      assert(rows.length <= 1, 'one() found several rows');
      return (rows[0] ?? null) as R | null;
    },
    async execute(text: string, params?: readonly unknown[]) {
      return (await run({ text, values: checkParams(params) })).rowCount ?? 0;
    },
    async script(text: string) {
      await run({ text });
    },
  };
}

function beginText({ isolation, readOnly, reach }: TxOptions): string {
  return `BEGIN${isolation ? ` ISOLATION LEVEL ${isolation.toUpperCase()}` : ''}${readOnly ? ' READ ONLY' : ''}${reach?.sql ?? ''}`;
}

async function commit(client: pg.PoolClient): Promise<void> {
  let command: string;
  try {
    command = (await client.query('COMMIT')).command;
  } catch (error) {
    const known = toDatabaseError(error);
    // A deferred constraint or a serialisation conflict is an answer; a broken connection is none.
    throw known.code === 'db/unavailable' ? new ArchiveError('db/commit-unknown', 'environment') : known;
  }
  // INVARIANT: PostgreSQL answers COMMIT of a failed transaction with ROLLBACK and no error; that must never look acknowledged.
  if (command !== 'COMMIT') throw new ArchiveError('db/rolled-back', 'caller');
}

async function connectFrom(pool: pg.Pool): Promise<pg.PoolClient> {
  try {
    return await pool.connect();
  } catch (error) {
    throw toDatabaseError(error);
  }
}

/** @param onBroken told when the connection cannot even roll back and must be thrown away */
async function transact<T>(client: pg.PoolClient, work: (tx: Tx) => Promise<T>, options: TxOptions, onBroken: () => void): Promise<T> {
  try {
    await sqlOver(client).script(beginText(options));
    const result = await work(sqlOver(client) as Tx);
    await commit(client);
    return result;
  } catch (error) {
    // The first error is the one to report.
    await client.query('ROLLBACK').catch(onBroken);
    throw error;
  }
}

async function runTx<T>(pool: pg.Pool, work: (tx: Tx) => Promise<T>, options: TxOptions): Promise<T> {
  const client = await connectFrom(pool);
  // A connection that breaks while `work` does something else emits here; the next statement reports it.
  const note = () => undefined;
  client.on('error', note);
  let broken = false;
  try {
    return await transact(client, work, options, () => {
      broken = true;
    });
  } finally {
    client.off('error', note);
    client.release(broken);
  }
}

async function runSession<T>(pool: pg.Pool, work: (session: Session) => Promise<T>): Promise<T> {
  const client = await connectFrom(pool);
  const note = () => undefined;
  client.on('error', note);
  try {
    return await work({ ...sqlOver(client), tx: (inner, options = {}) => transact(client, inner, options, note) });
  } finally {
    // Hanging up would free the same a moment later; whoever waits for the lock gets it now. A broken connection holds nothing any more.
    await client.query('DISCARD ALL').catch(note);
    client.off('error', note);
    // INVARIANT: a connection that carried session state never goes back into the pool.
    client.release(true);
  }
}

const withinReach = (pool: pg.Pool, reach: ReachSettings): Sql => {
  const once = <T>(work: (sql: Sql) => Promise<T>) => runTx(pool, work, { reach });
  return {
    query: (text, params) => once((sql) => sql.query(text, params)),
    queryNamed: (name, text, params) => once((sql) => sql.queryNamed(name, text, params)),
    one: (text, params) => once((sql) => sql.one(text, params)),
    execute: (text, params) => once((sql) => sql.execute(text, params)),
    script: (text) => once((sql) => sql.script(text)),
  };
};

/**
 * Opens a pool. Connects on first use, so a wrong address shows at the first statement as `db/unavailable`.
 * @param connection where, as whom; from `startDatabase` or a test database
 */
export function openDb(connection: pg.PoolConfig, options: DbOptions = {}): Db {
  const pool = new pg.Pool({
    ...connection,
    max: options.poolMax ?? 10,
    connectionTimeoutMillis: options.connectTimeoutMs ?? 30_000,
    idleTimeoutMillis: 30_000,
    statement_timeout: options.statementTimeoutMs ?? 0,
    application_name: 'lantai',
    types: rowTypes,
  });
  pool.on('error', (error) => options.onConnectionLost?.(toDatabaseError(error)));
  const { system, ...sameOptions } = options;
  const systemDb = system && openDb(system, sameOptions);
  let closed: Promise<void> | undefined;
  const db: Db = {
    ...sqlOver(pool as unknown as Queryable),
    tx: (work, txOptions = {}) => runTx(pool, work, txOptions),
    session: (work) => runSession(pool, work),
    within: (reach) => withinReach(pool, reach),
    system: (task) => {
      assert(systemDb, `nothing may be asked of the system here: ${task}`);
      return systemDb;
    },
    close: () => {
      closed ??= Promise.all([pool.end(), systemDb?.close()]).then(() => undefined);
      return closed;
    },
  };
  return db;
}
