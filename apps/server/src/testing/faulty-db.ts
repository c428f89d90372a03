import { ArchiveError } from '@lantai/values';
import type { Db, Session, Sql, Tx, TxOptions } from '../db/index.ts';

/** How often a {@link faultyDb} was asked to write, and at which write it begins to fail. */
export interface DbFaults {
  /** Number of the first write that fails, from 1; infinite: none. Every one after it fails too, until it is set higher. */
  firstWrite: number;
  /** Statements that write, and ends of transactions. */
  writeCount: number;
}

const WRITES = /^\s*(?:with\b.*?\b)?(insert|update|delete)\b/is;

/**
 * A database whose disk is full from the n-th write on. A failing statement really fails in its transaction, so that PostgreSQL rolls back what
 * went before; of each transaction the end fails as well: before the commit, when nothing of it may stay.
 */
export function faultyDb(db: Db, faults: DbFaults): Db {
  return {
    ...faultySql(db, faults),
    tx: transact(db, faults),
    session: (work) => db.session((s) => work(faultySession(s, faults))),
    within: (reach) => faultySql(db.within(reach), faults),
    system: (task) => faultyDb(db.system(task), faults),
    close: () => db.close(),
  };
}

const isDue = (faults: DbFaults) => ++faults.writeCount >= faults.firstWrite;
const full = () => new ArchiveError('db/disk-full', 'environment');

const faultySession = (session: Session, faults: DbFaults): Session => ({ ...faultySql(session, faults), tx: transact(session, faults) });

function transact(db: Pick<Db, 'tx'>, faults: DbFaults) {
  return <T>(work: (tx: Tx) => Promise<T>, options?: TxOptions): Promise<T> =>
    db.tx(async (tx) => {
      const before = faults.writeCount;
      const result = await work(faultySql(tx, faults) as Tx);
      // What only read commits whatever the disk is like.
      if (faults.writeCount > before && isDue(faults)) throw full();
      return result;
    }, options);
}

function faultySql(sql: Sql, faults: DbFaults): Sql {
  const guard = async <T>(text: string, run: () => Promise<T>): Promise<T> => {
    if (!WRITES.test(text) || !isDue(faults)) return run();
    // Whoever swallowed this inside a transaction must not be able to commit.
    await sql.query('select 1 / 0').catch(() => undefined);
    throw full();
  };
  return {
    query: (text, params) => guard(text, () => sql.query(text, params)),
    queryNamed: (name, text, params) => guard(text, () => sql.queryNamed(name, text, params)),
    one: (text, params) => guard(text, () => sql.one(text, params)),
    execute: (text, params) => guard(text, () => sql.execute(text, params)),
    script: (text) => guard(text, () => sql.script(text)),
  };
}
