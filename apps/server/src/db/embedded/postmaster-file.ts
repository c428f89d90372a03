import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ArchiveError } from '@lantai/values';
import { findStartMark, isAlive, isPostmasterOf } from './process-identity.ts';

/** An id no process has: the largest there can be. */
const NO_PROCESS = 2_147_483_646;
const FAST_STOP_MS = 60_000;
const HARD_STOP_MS = 15_000;

const pidFile = (pgFolder: string): string => join(pgFolder, 'postmaster.pid');

/** The process that PostgreSQL's own lock file names; null when there is no lock file. */
export function findPostmasterPid(pgFolder: string): number | null {
  try {
    return Number.parseInt(readFileSync(pidFile(pgFolder), 'utf8'), 10) || null;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

async function waitUntilGone(pid: number, timeoutMs: number): Promise<boolean> {
  const deadline = performance.now() + timeoutMs;
  while (findStartMark(pid) !== null && isAlive(pid)) {
    if (performance.now() > deadline) return false;
    await sleep(20);
  }
  return true;
}

/**
 * Stops a PostgreSQL server and waits until it is gone: clients are cut off and their transactions rolled back, everything committed is
 * on disk. After a minute it is told to leave at once, which costs a recovery at the next start and no data.
 * @throws ArchiveError `db/does-not-stop` (environment)
 */
export async function stopPostmaster(pid: number): Promise<void> {
  for (const [signal, timeoutMs] of [
    ['SIGINT', FAST_STOP_MS],
    ['SIGQUIT', HARD_STOP_MS],
  ] as const) {
    try {
      process.kill(pid, signal);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ESRCH') return;
      throw new ArchiveError('db/does-not-stop', 'environment', { pid });
    }
    if (await waitUntilGone(pid, timeoutMs)) return;
  }
  throw new ArchiveError('db/does-not-stop', 'environment', { pid });
}

/**
 * Clears away what a killed program left: a PostgreSQL still running on the folder is stopped. Call only while holding the folder's lock.
 */
export async function stopOrphan(pgFolder: string): Promise<void> {
  const pid = findPostmasterPid(pgFolder);
  if (pid === null || !isAlive(pid)) return;
  if (isPostmasterOf(pid, pgFolder)) {
    await stopPostmaster(pid);
    return;
  }
  // The id was given to a stranger since, as happens after a restart of a container. PostgreSQL would refuse to start for as long as the
  // stranger lives. The file itself must stay: its other lines tell PostgreSQL whether children of the dead server still share its memory.
  const lines = readFileSync(pidFile(pgFolder), 'utf8').split('\n');
  writeFileSync(pidFile(pgFolder), [String(NO_PROCESS), ...lines.slice(1)].join('\n'));
}
