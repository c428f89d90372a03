import { execFileSync } from 'node:child_process';
import { chmodSync, cpSync, mkdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { getBinaries } from './embedded/binaries.ts';
import { chooseRunner } from './embedded/choose-runner.ts';
import { type Runner, runProgram } from './embedded/runner.ts';
import { openDb, startDatabase } from './index.ts';
import { bundleWriter, getPostmasterPid, makeTestFolder, type RunAs, startWriter } from './testing/writer-process.ts';

const isRoot = process.getuid?.() === 0;
const shared = makeTestFolder();
let bundle: string;
let folder: ReturnType<typeof makeTestFolder>;

beforeAll(async () => {
  bundle = await bundleWriter(shared.path);
});
afterAll(() => shared.remove());
beforeEach(() => {
  folder = makeTestFolder();
});
afterEach(() => folder.remove());

/** Runs the writer to its good end and gives the numbers it wrote. */
async function write(
  dataFolder: string,
  more: { as?: RunAs; way?: Runner['way']; nativeFolder?: string } = {},
): Promise<readonly number[]> {
  const { as, ...options } = more;
  const writer = startWriter(bundle, { dataFolder, rowCount: 3, ...options }, as);
  expect(await writer.ready).toBeNull();
  await writer.exited;
  return writer.acknowledged;
}

/** The user with no rights that every system has. */
function getNobody(): RunAs {
  const line = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .find((entry) => entry.startsWith('nobody:'))!;
  const [, , uid, gid] = line.split(':');
  return { uid: Number(uid), gid: Number(gid) };
}

/** Who runs PostgreSQL, as the system sees it. */
const ownerOfPostmaster = (dataFolder: string): number => statSync(`/proc/${getPostmasterPid(dataFolder)}`).uid;

/** Why a way cannot be tried here; null when it can. */
function findObstacle(prefix: readonly string[]): string | null {
  const tried = runProgram({ way: 'as-is', owner: null, prefix, spawnAs: null }, '/bin/true', []);
  return tried.status === 0 ? null : tried.stderr.trim() || `exit ${tried.status}`;
}

describe.skipIf(!isRoot)('started by root, the embedded database', () => {
  /** Making a cluster takes as long as two starts: who needs one that root made takes a copy, owners included. */
  const pristine = join(shared.path, 'pristine');
  beforeAll(async () => {
    await (await startDatabase({ dataFolder: pristine })).stop();
  });
  const copyCluster = (): string => {
    execFileSync('cp', ['-a', pristine, join(folder.path, 'data')]);
    return join(folder.path, 'data');
  };

  it('runs as a user without rights, who owns its files, and root reads them back', async () => {
    const dataFolder = join(folder.path, 'data');
    const database = await startDatabase({ dataFolder });
    expect(ownerOfPostmaster(dataFolder)).not.toBe(0);
    expect(statSync(join(dataFolder, 'pg'))).toMatchObject({ uid: ownerOfPostmaster(dataFolder) });
    expect(statSync(join(dataFolder, 'pg')).mode & 0o777).toBe(0o700);
    expect(statSync(database.connection.host!).mode & 0o777).toBe(0o700);
    // Others may pass through the data folder and may not look around in it.
    expect(statSync(dataFolder).mode & 0o777).toBe(0o711);
    await database.stop();
    expect(await write(dataFolder)).toEqual([1, 2, 3]);
  });

  it('runs as the owner of the folder, so that he can go on without root', async () => {
    const dataFolder = join(folder.path, 'data');
    const nobody = getNobody();
    chmodSync(folder.path, 0o777);
    expect(await write(dataFolder, { as: nobody })).toEqual([1, 2, 3]);
    expect(await write(dataFolder)).toEqual([4, 5, 6]);
    expect(statSync(join(dataFolder, 'pg', 'PG_VERSION')).uid).toBe(nobody.uid);
    expect(await write(dataFolder, { as: nobody })).toEqual([7, 8, 9]);
  });

  it('works under a home that is closed to others, its programs included', async () => {
    const home = join(folder.path, 'home');
    mkdirSync(home, { mode: 0o700 });
    const nativeFolder = join(home, 'project', 'native');
    cpSync(getBinaries().nativeFolder, nativeFolder, { recursive: true, verbatimSymlinks: true });
    cpSync(join(dirname(getBinaries().nativeFolder), 'package.json'), join(home, 'project', 'package.json'));
    const dataFolder = join(home, 'project', 'data');
    expect(await write(dataFolder, { nativeFolder })).toEqual([1, 2, 3]);
    expect(await write(dataFolder, { nativeFolder })).toEqual([4, 5, 6]);
    expect(statSync(home).mode & 0o777).toBe(0o700);
  });

  it('takes a copy of its programs when only those are out of reach', async () => {
    const home = join(folder.path, 'home');
    mkdirSync(home, { mode: 0o700 });
    cpSync(dirname(getBinaries().nativeFolder), join(home, 'postgresql'), { recursive: true, verbatimSymlinks: true });
    const nativeFolder = join(home, 'postgresql', 'native');
    const dataFolder = join(folder.path, 'data');
    const options = { nativeFolder, way: 'other-user' as const };
    expect(await write(dataFolder, options)).toEqual([1, 2, 3]);
    expect(statSync(join(dataFolder, 'programs')).isDirectory()).toBe(true);
    expect(await write(dataFolder, options)).toEqual([4, 5, 6]);
  });

  it.for<[Runner['way'], string[]]>([
    ['user-namespace', ['unshare', '--user', '--map-user=65534', '--map-group=65534']],
    [
      'capability',
      ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups', '--inh-caps=-all,+dac_override', '--ambient-caps=-all,+dac_override'],
    ],
  ])('can be started by way of %s on files that another way made, and back', async ([way, prefix], context) => {
    const obstacle = findObstacle(prefix);
    context.skip(obstacle !== null, `${way} is not possible on this machine: ${obstacle}`);
    const dataFolder = copyCluster();
    expect(await write(dataFolder, { way })).toEqual([1, 2, 3]);
    expect(await write(dataFolder)).toEqual([4, 5, 6]);
  });

  it('says who must start it when another user made it', async () => {
    const dataFolder = copyCluster();
    const other = startWriter(bundle, { dataFolder }, getNobody());
    expect(await other.ready).toBe('data/not-writable');
    await other.exited;
  });

  it('tells another user that it is in use rather than that he may not', async () => {
    const dataFolder = copyCluster();
    const database = await startDatabase({ dataFolder });
    const other = startWriter(bundle, { dataFolder }, getNobody());
    expect(await other.ready).toBe('data/in-use');
    await other.exited;
    await database.stop();
  });

  it('finds no way, and says what it tried, where every way is closed', () => {
    const dataFolder = join(folder.path, 'data');
    mkdirSync(dataFolder);
    expect(() => chooseRunner(getBinaries(), dataFolder, 'as-is')).toThrow('db/cannot-run');
  });
});

describe.skipIf(!isRoot)('started by an ordinary user, the embedded database', () => {
  it('runs as that user', async () => {
    chmodSync(folder.path, 0o777);
    const dataFolder = join(folder.path, 'data');
    const nobody = getNobody();
    expect(await write(dataFolder, { as: nobody })).toEqual([1, 2, 3]);
    expect(statSync(join(dataFolder, 'pg')).uid).toBe(nobody.uid);
    expect(statSync(dataFolder).mode & 0o777).toBe(0o700);
  });

  it('keeps every acknowledged row when all is killed', async () => {
    chmodSync(folder.path, 0o777);
    const dataFolder = join(folder.path, 'data');
    const killed = startWriter(bundle, { dataFolder }, getNobody());
    expect(await killed.ready).toBeNull();
    await killed.reached(100);
    await killed.kill();
    const again = startWriter(bundle, { dataFolder, rowCount: 1 }, getNobody());
    expect(await again.ready).toBeNull();
    await again.exited;
    // It went on after the last row that is there.
    expect(again.acknowledged[0]).toBeGreaterThan(killed.acknowledged.at(-1)!);
  });

  it('runs where the user has a number and no name', async (context) => {
    const obstacle = findObstacle(['unshare', '--user', '--map-user=65534', '--map-group=65534']);
    context.skip(obstacle !== null, `user namespaces are not possible on this machine: ${obstacle}`);
    chmodSync(folder.path, 0o777);
    expect(await write(join(folder.path, 'data'), { as: { uid: 54_321, gid: 54_321 } })).toEqual([1, 2, 3]);
  });
});

describe.skipIf(isRoot)('as the ordinary user who runs these tests, the embedded database', () => {
  it('runs as this user', async () => {
    const dataFolder = join(folder.path, 'data');
    const database = await startDatabase({ dataFolder });
    expect(statSync(join(dataFolder, 'pg')).uid).toBe(process.getuid!());
    const db = openDb(database.connection);
    expect(await db.one('SELECT current_user::text AS role')).toEqual({ role: 'lantai_app' });
    await db.close();
    await database.stop();
  });
});
