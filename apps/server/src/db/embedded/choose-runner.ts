import { chmodSync, cpSync, existsSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { ArchiveError } from '@lantai/values';
import { type Binaries, binariesIn, restoreSymlinks } from './binaries.ts';
import { type Runner, runProgram, type UserId } from './runner.ts';

/** Runs PostgreSQL as this process's own user. */
export const AS_IS: Runner = { way: 'as-is', owner: null, prefix: [], spawnAs: null };

/** Users that PostgreSQL may run as when this process is root, best first. */
const UNPRIVILEGED_NAMES = ['lantai', 'postgres', 'nobody'];

function readPasswordFile(): Map<string, UserId> {
  if (!existsSync('/etc/passwd')) return new Map();
  const lines = readFileSync('/etc/passwd', 'utf8').split('\n');
  return new Map(lines.map((line) => line.split(':')).flatMap(([name, , uid, gid]) => (gid ? [[name!, { uid: +uid!, gid: +gid }]] : [])));
}

/** Who shall own the database when root starts it: the owner of the folder when that is not root, else a user without rights. */
function findUnprivilegedUser(dataFolder: string): UserId | null {
  const users = readPasswordFile();
  const { uid } = statSync(dataFolder);
  const owner = uid === 0 ? undefined : [...users.values()].find((user) => user.uid === uid);
  return owner ?? UNPRIVILEGED_NAMES.map((name) => users.get(name)).find((user) => user !== undefined) ?? null;
}

const namespaceRunner = ({ uid, gid }: UserId, owner: UserId | null): Runner => ({
  way: 'user-namespace',
  owner,
  prefix: ['unshare', '--user', `--map-user=${uid}`, `--map-group=${gid}`],
  spawnAs: null,
});

/** The user, and of root's powers the one to reach files under folders closed to others. No change of the folder's parents is needed. */
const capabilityRunner = (user: UserId): Runner => ({
  way: 'capability',
  owner: user,
  prefix: [
    'setpriv',
    ...[`--reuid=${user.uid}`, `--regid=${user.gid}`, '--clear-groups'],
    ...['--inh-caps=-all,+dac_override', '--ambient-caps=-all,+dac_override', '--bounding-set=-all,+dac_override'],
  ],
  spawnAs: null,
});

const reaches = (runner: Runner, folder: string): boolean =>
  process.platform === 'win32' || runProgram(runner, '/bin/sh', ['-c', 'test -x "$1"', 'sh', folder]).status === 0;

const runs = (runner: Runner, binaries: Binaries): boolean => runProgram(runner, binaries.postgres, ['--version']).status === 0;

/**
 * A copy of the programs inside the data folder, where PostgreSQL's user reaches them; 60 MB, made once for each version.
 * CRASH: a half copy lies under another name and is removed.
 */
function copyBinaries(binaries: Binaries, dataFolder: string): Binaries {
  const version = JSON.parse(readFileSync(join(dirname(binaries.nativeFolder), 'package.json'), 'utf8')) as { version: string };
  const target = join(dataFolder, 'programs', `postgresql-${version.version}`, 'native');
  if (!existsSync(target)) {
    const half = `${dirname(target)}.half`;
    rmSync(half, { recursive: true, force: true });
    cpSync(binaries.nativeFolder, join(half, 'native'), { recursive: true, verbatimSymlinks: true });
    restoreSymlinks(binariesIn(join(half, 'native')));
    renameSync(half, dirname(target));
  }
  return binariesIn(target);
}

function candidates(dataFolder: string): Runner[] {
  const uid = process.getuid?.();
  if (uid === undefined) return [AS_IS];
  if (uid !== 0) {
    const users = [...readPasswordFile().values()];
    const nobody = users.find((user) => user.uid === 65_534) ?? users[0];
    // A user without a line in the password file (a container started with a bare number) borrows a name in a namespace of its own.
    return users.some((user) => user.uid === uid) || !nobody ? [AS_IS] : [namespaceRunner(nobody, null), AS_IS];
  }
  const user = findUnprivilegedUser(dataFolder);
  if (!user) return [];
  return [{ way: 'other-user', owner: user, prefix: [], spawnAs: user }, namespaceRunner(user, null), capabilityRunner(user)];
}

/** Root's folder must let PostgreSQL's user pass, though not look around; what lies in it is closed on its own. */
function openForPassing(runner: Runner, dataFolder: string): void {
  if (runner.spawnAs && process.getuid?.() === 0) chmodSync(dataFolder, statSync(dataFolder).mode | 0o111);
}

/** The ways that were tried are in order of how little power PostgreSQL gets. */
export interface Choice {
  readonly runner: Runner;
  readonly binaries: Binaries;
}

/**
 * Finds a way to run PostgreSQL on this folder, by trying.
 * @param only for tests: consider this way alone
 * @throws ArchiveError `db/cannot-run` (environment) when there is none: libraries are missing, or root has no user to give the work to
 */
export function chooseRunner(binaries: Binaries, dataFolder: string, only?: Runner['way']): Choice {
  const linked = restoreSymlinks(binaries);
  const ways = candidates(dataFolder).filter((runner) => only === undefined || runner.way === only);
  const placed = ways.filter((runner) => reaches(runner, runner.spawnAs ? dirname(dataFolder) : dataFolder));
  const ready = linked ? placed.find((runner) => runs(runner, binaries)) : undefined;
  if (ready) {
    openForPassing(ready, dataFolder);
    return { runner: ready, binaries };
  }
  if (placed.length) {
    const [runner] = placed as [Runner];
    openForPassing(runner, dataFolder);
    const copied = copyBinaries(binaries, dataFolder);
    if (runs(runner, copied)) return { runner, binaries: copied };
  }
  throw new ArchiveError('db/cannot-run', 'environment', {
    platform: `${process.platform}-${process.arch}`,
    tried: ways.map((w) => w.way).join(' '),
  });
}
