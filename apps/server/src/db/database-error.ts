import { ArchiveError, type Fault } from '@lantai/values';

/** What a driver error carries that is safe to repeat: names of our own tables and constraints, never values. */
interface DriverError {
  readonly code?: string;
  readonly constraint?: string;
  readonly table?: string;
  readonly message?: string;
}

/** SQLSTATEs (PostgreSQL appendix A) and socket errors that mean something to a caller. The first prefix that fits decides. */
const MEANINGS: readonly (readonly [prefix: string, code: string, fault: Fault])[] = [
  ['23505', 'db/unique', 'caller'],
  ['23503', 'db/reference', 'caller'],
  ['23502', 'db/constraint', 'caller'],
  ['23514', 'db/constraint', 'caller'],
  ['23P01', 'db/constraint', 'caller'],
  ['22', 'db/value', 'caller'],
  ['42501', 'db/forbidden', 'caller'],
  ['40', 'db/conflict', 'environment'],
  ['55P03', 'db/conflict', 'environment'],
  ['57014', 'db/timeout', 'environment'],
  ['53100', 'db/disk-full', 'environment'],
  ['53', 'db/overloaded', 'environment'],
  ['XX001', 'db/corrupt', 'corruption'],
  ['XX002', 'db/corrupt', 'corruption'],
  ['57P', 'db/unavailable', 'environment'],
  // The server hung up on a transaction that sat idle.
  ['25P03', 'db/unavailable', 'environment'],
  ['25P04', 'db/unavailable', 'environment'],
  ['08', 'db/unavailable', 'environment'],
  ['58', 'db/unavailable', 'environment'],
  ['ECONN', 'db/unavailable', 'environment'],
  ['ENOENT', 'db/unavailable', 'environment'],
  ['EPIPE', 'db/unavailable', 'environment'],
];

/** The driver's own sentences for a connection that broke; they carry no code. */
const BROKEN =
  /^(Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection error|Cannot use a pool)/;

/**
 * Turns what the driver threw into an {@link ArchiveError}: `db/unique`, `db/reference`, `db/constraint`, `db/value`, `db/forbidden` (caller),
 * `db/conflict`, `db/timeout`, `db/disk-full`, `db/overloaded`, `db/unavailable` (environment), `db/corrupt` (corruption), else `db/failed`.
 *
 * INVARIANT: message and detail of a PostgreSQL error may quote row values ("Key (name)=(…)", "invalid input syntax … \"…\""), so neither
 * they nor the error itself (as `cause`) are passed on. Only the message of classes 42 and 55 (SQL text, permissions, state of objects: names of ours, no values) is.
 */
export function toDatabaseError(error: unknown, statement?: string): ArchiveError {
  if (error instanceof ArchiveError) return error;
  const { code: sqlstate = '', constraint, table, message = '' } = (error ?? {}) as DriverError;
  const broken = BROKEN.test(message);
  const meaning = MEANINGS.find(([prefix]) => sqlstate.startsWith(prefix));
  const [, code, fault] = meaning ?? ['', broken ? 'db/unavailable' : 'db/failed', 'environment' as Fault];
  return new ArchiveError(code, fault, {
    ...(sqlstate ? { sqlstate } : {}),
    ...(constraint ? { constraint } : {}),
    ...(table ? { table } : {}),
    ...(statement ? { statement } : {}),
    ...(/^(42|55)/.test(sqlstate) ? { reason: message } : {}),
    ...(meaning || broken || sqlstate ? {} : { reason: error instanceof Error ? error.name : typeof error }),
  });
}
