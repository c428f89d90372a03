import type { ChildProcess } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { ArchiveError } from '@lantai/values';
import pg from 'pg';
import { toDatabaseError } from '../database-error.ts';
import type { Binaries } from './binaries.ts';
import { SUPER_ROLE } from './cluster.ts';
import { stopPostmaster } from './postmaster-file.ts';
import { type Runner, startProgram } from './runner.ts';

/** Any number serves: it only names the socket file. */
const SOCKET_PORT = 5432;
/** Children of a killed server take some seconds to notice and to leave. */
const LEFTOVERS_MS = 20_000;
/** Reading a gigabyte of write-ahead log on a slow disk. */
const RECOVERY_MS = 600_000;

/** A running PostgreSQL server that this process started. */
export interface Postmaster {
  readonly pid: number;
  /** How to connect as this role. */
  connectionAs(role: string, database: string): pg.PoolConfig;
  /** Resolves when the server is gone, for whatever reason. */
  readonly gone: Promise<void>;
  stop(): Promise<void>;
}

export interface PostmasterPlace {
  readonly pgFolder: string;
  readonly socketFolder: string;
  /** Arguments after `-D folder`. */
  readonly settings: readonly string[];
}

/** What PostgreSQL says on stderr when children of a dead server are still there. */
const LEFTOVERS = /lock file "[^"]*" already exists|pre-existing shared memory block|is another postmaster/i;

async function answers(connection: pg.PoolConfig): Promise<boolean> {
  const client = new pg.Client(connection);
  // Reported by connect(); an emitter without a listener would end the process.
  client.on('error', () => undefined);
  try {
    await client.connect();
    await client.query('SELECT 1');
    return true;
  } catch (error) {
    const known = toDatabaseError(error);
    // It is still reading its log, has not opened its socket yet, or is gone: whoever asks knows which.
    if (known.code === 'db/unavailable') return false;
    throw known;
  } finally {
    await client.end().catch(() => undefined);
  }
}

function watch(child: ChildProcess): { gone: Promise<void>; said: () => string } {
  let text = '';
  child.stderr?.setEncoding('utf8').on('data', (chunk: string) => {
    text = (text + chunk).slice(-4000);
  });
  const gone = new Promise<void>((resolve) => {
    child.once('exit', () => resolve());
    child.once('error', () => resolve());
  });
  return { gone, said: () => text };
}

async function startOnce(runner: Runner, binaries: Binaries, place: PostmasterPlace): Promise<Postmaster | string> {
  const child = startProgram(runner, binaries.postgres, ['-D', place.pgFolder, ...place.settings]);
  const { gone, said } = watch(child);
  let running = true;
  void gone.then(() => {
    running = false;
  });
  const connectionAs = (user: string, database: string) => ({ host: place.socketFolder, port: SOCKET_PORT, user, database });
  try {
    const deadline = performance.now() + RECOVERY_MS;
    while (!(await answers(connectionAs(SUPER_ROLE, 'postgres')))) {
      if (!running || child.pid === undefined) return said();
      if (performance.now() > deadline) throw new ArchiveError('db/does-not-start', 'environment', { reason: 'timeout' });
      await sleep(15);
    }
  } catch (error) {
    if (child.pid !== undefined) await stopPostmaster(child.pid);
    throw error;
  }
  const pid = child.pid!;
  // From here on PostgreSQL writes to its own log file. Neither pipe nor child may keep this process from ending.
  child.stderr?.destroy();
  child.unref();
  // A process that ends without stopping its database still asks it to leave in good order.
  const leave = () => {
    if (running) child.kill('SIGINT');
  };
  process.once('exit', leave);
  void gone.then(() => process.off('exit', leave));
  return {
    pid,
    connectionAs,
    gone,
    stop: async () => {
      // The wait below must keep the process alive until the answer is there.
      if (running) child.ref();
      if (running) await stopPostmaster(pid);
      await gone;
    },
  };
}

/**
 * Starts PostgreSQL and waits until it answers, crash recovery included.
 * @throws ArchiveError `db/does-not-start` (environment) with PostgreSQL's own last words
 */
export async function startPostmaster(runner: Runner, binaries: Binaries, place: PostmasterPlace): Promise<Postmaster> {
  const deadline = performance.now() + LEFTOVERS_MS;
  for (;;) {
    const started = await startOnce(runner, binaries, place);
    if (typeof started !== 'string') return started;
    if (!LEFTOVERS.test(started) || performance.now() > deadline) {
      throw new ArchiveError('db/does-not-start', 'environment', { reason: started.trim().slice(-300) });
    }
    await sleep(200);
  }
}
