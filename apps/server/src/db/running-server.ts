import { chmodSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ArchiveError } from '@lantai/values';
import { type Connections, connectionsUnderRoles } from './external.ts';
import { findHolderPid } from './folder-lock.ts';

/** How another program of the same user reaches the database, and perhaps the web, of the server that holds a data folder. */
export interface RunningServer {
  readonly pid: number;
  /** Null: an operator's PostgreSQL; its address, which holds a password, is never written down. */
  readonly database: Connections | null;
  /** Where the web answers; null while it does not. */
  readonly webUrl: string | null;
}

const fileOf = (dataFolder: string): string => join(dataFolder, 'run', 'server.json');

/** Writes down how to reach this process; whole or not at all, for its own user only. Replaces what stood there. */
export function announceServer(dataFolder: string, server: Omit<RunningServer, 'pid'>): void {
  const file = fileOf(dataFolder);
  const half = `${file}.${process.pid}`;
  rmSync(half, { force: true });
  writeFileSync(half, JSON.stringify({ pid: process.pid, ...server } satisfies RunningServer), { mode: 0o600, flag: 'wx' });
  chmodSync(half, 0o600);
  renameSync(half, file);
}

/** Takes back {@link announceServer}. */
export function retractServer(dataFolder: string): void {
  rmSync(fileOf(dataFolder), { force: true });
}

/**
 * Finds the server at work on a data folder; null when there is none, whatever an earlier one left lying about.
 * @throws ArchiveError `data/in-use` (environment) when one is at work that this process cannot use: it is starting or stopping just now,
 * or it belongs to another user
 */
export function findRunningServer(dataFolder: string): RunningServer | null {
  const pid = findHolderPid(dataFolder);
  if (pid === null) return null;
  let server: RunningServer | undefined;
  try {
    server = JSON.parse(readFileSync(fileOf(dataFolder), 'utf8')) as RunningServer;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'ENOENT' && code !== 'EACCES') throw error;
  }
  if (server?.pid !== pid) throw new ArchiveError('data/in-use', 'environment', { pid });
  return server;
}

/**
 * How to connect to the database of a running server from another process.
 * @param databaseUrl the operator's PostgreSQL of this process's own configuration, where the server uses one
 * @throws ArchiveError `db/address-missing` (caller) when the server uses one and this process was not told which
 */
export function connectionsBeside(server: RunningServer, databaseUrl: string | null): Connections {
  if (server.database) return server.database;
  if (!databaseUrl) throw new ArchiveError('db/address-missing', 'caller');
  return connectionsUnderRoles(databaseUrl);
}
