import { randomBytes } from 'node:crypto';
import { chownSync, existsSync, lstatSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { ArchiveError } from '@lantai/values';
import type { Binaries } from './binaries.ts';
import { type Runner, runProgram } from './runner.ts';

/** The superuser of the embedded database. The program works as `lantai_owner` and `lantai_app`. */
export const SUPER_ROLE = 'lantai_super';

/** The major version of a cluster on disk; null when there is none. */
export function findClusterVersion(pgFolder: string): number | null {
  const file = join(pgFolder, 'PG_VERSION');
  return existsSync(file) ? Number.parseInt(readFileSync(file, 'utf8'), 10) : null;
}

/** The major version of the programs. */
export function getProgramVersion(runner: Runner, binaries: Binaries): number {
  const { stdout } = runProgram(runner, binaries.postgres, ['--version']);
  const version = /\(PostgreSQL\) (\d+)/.exec(stdout)?.[1];
  if (!version)
    throw new ArchiveError('db/cannot-run', 'environment', { platform: `${process.platform}-${process.arch}`, tried: runner.way });
  return Number(version);
}

/** Makes a folder that only PostgreSQL's user may enter. */
export function makeOwnFolder(folder: string, runner: Runner): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  if (runner.owner) chownSync(folder, runner.owner.uid, runner.owner.gid);
}

/**
 * Makes a database cluster: checksums on every page, UTF-8, text compared by code point with rules that no system update changes.
 * CRASH: until the last line the cluster lies under another name, and a half one is thrown away by the next start. An initdb that outlives its
 * parent goes on in a folder that no later start shares, and fails when that is taken from under it.
 */
export function createCluster(runner: Runner, binaries: Binaries, pgFolder: string): void {
  removeHalves(pgFolder);
  const half = `${pgFolder}.half-${randomBytes(4).toString('hex')}`;
  makeOwnFolder(half, runner);
  const done = runProgram(runner, binaries.initdb, [
    ...['-D', half, '-U', SUPER_ROLE, '-A', 'trust', '-E', 'UTF8', '--data-checksums', '--no-instructions'],
    ...['--locale-provider=builtin', '--locale=C', '--builtin-locale=C.UTF-8'],
  ]);
  if (done.status !== 0) throw new ArchiveError('db/cannot-create', 'environment', { reason: done.stderr.trim().slice(-300) });
  renameSync(half, pgFolder);
}

function removeHalves(pgFolder: string): void {
  const halves = readdirSync(dirname(pgFolder)).filter((name) => name.startsWith(`${basename(pgFolder)}.half`));
  // Something may still be written there for a moment: then a folder is not empty when its turn comes.
  for (const name of halves) rmSync(join(dirname(pgFolder), name), { recursive: true, force: true, maxRetries: 20, retryDelay: 50 });
}

/**
 * Makes PostgreSQL's user the owner of the cluster again, after the folder was moved or is started in another way.
 * @throws ArchiveError `db/not-owner` (environment) when this process may not: it is not root, and another user made the database
 */
export function takeOwnership(runner: Runner, pgFolder: string): void {
  const uid = process.getuid?.();
  if (uid === undefined) return;
  const owner = runner.owner ?? { uid, gid: process.getgid!() };
  if (statSync(pgFolder).uid === owner.uid) return;
  if (uid !== 0) throw new ArchiveError('db/not-owner', 'environment', { owner: statSync(pgFolder).uid, self: uid });
  const entries = readdirSync(pgFolder, { recursive: true, encoding: 'utf8' }).map((name) => join(pgFolder, name));
  // The folder itself last: a run that died half way begins again.
  for (const path of [...entries, pgFolder]) if (!lstatSync(path).isSymbolicLink()) chownSync(path, owner.uid, owner.gid);
}
