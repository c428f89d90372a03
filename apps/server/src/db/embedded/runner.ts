import { type ChildProcess, type SpawnOptions, type SpawnSyncReturns, spawn, spawnSync } from 'node:child_process';

/**
 * A way to run the PostgreSQL programs so that they are content with who they are: PostgreSQL refuses root, wants to own its folder,
 * and looks its user up in the password file.
 */
export interface Runner {
  /** For messages and tests. */
  readonly way: 'as-is' | 'other-user' | 'user-namespace' | 'capability';
  /** Who owns the files PostgreSQL makes, seen from outside; null: this process's own user. */
  readonly owner: UserId | null;
  /** Put before every command line. */
  readonly prefix: readonly string[];
  readonly spawnAs: UserId | null;
}

export interface UserId {
  readonly uid: number;
  readonly gid: number;
}

/** No core file may hold what PostgreSQL had in memory; files are for nobody else. */
const LIMITS = ['/bin/sh', '-c', 'ulimit -c 0; umask 077; exec "$@"', 'sh'];

/** Nothing of this process's environment (which may name secrets) reaches PostgreSQL. */
const ENVIRONMENT = { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', LC_ALL: 'C', TZ: 'UTC' };

function commandLine(runner: Runner, command: string, args: readonly string[]): [string, string[]] {
  const line = process.platform === 'win32' ? [command, ...args] : [...LIMITS, ...runner.prefix, command, ...args];
  return [line[0]!, line.slice(1)];
}

// The root folder: one that every user may stand in. (PostgreSQL changes into its own folder by itself.)
const options = (runner: Runner): SpawnOptions => ({ cwd: '/', env: ENVIRONMENT, ...(runner.spawnAs ?? {}) });

/** Runs a program to its end. */
export function runProgram(runner: Runner, command: string, args: readonly string[], input?: string): SpawnSyncReturns<string> {
  const [file, rest] = commandLine(runner, command, args);
  return spawnSync(file, rest, {
    ...options(runner),
    encoding: 'utf8',
    timeout: 120_000,
    ...(input === undefined ? {} : { input }),
  }) as SpawnSyncReturns<string>;
}

/**
 * Starts a program in a process group of its own: Ctrl-C in a terminal reaches this process, which then stops PostgreSQL in good order,
 * and not PostgreSQL under its hands. The prefix replaces itself (exec), so `pid` is the program's.
 */
export function startProgram(runner: Runner, command: string, args: readonly string[]): ChildProcess {
  const [file, rest] = commandLine(runner, command, args);
  return spawn(file, rest, { ...options(runner), detached: true, stdio: ['ignore', 'ignore', 'pipe'] });
}
