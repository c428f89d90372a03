import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { testRounds } from '../testing/test-rounds.ts';
import { findPostmasterPid } from './embedded/postmaster-file.ts';
import { findStartMark, isAlive } from './embedded/process-identity.ts';
import { findRunningServer, openDb, type RunningDatabase, startDatabase } from './index.ts';
import { bundleWriter, getPostmasterPid, makeTestFolder, startWriter, type WriterProcess } from './testing/writer-process.ts';

const shared = makeTestFolder();
let bundle: string;
let folder: ReturnType<typeof makeTestFolder>;
let dataFolder: string;
const ROUNDS = 3 * testRounds();
/** After its death, when it is stopped: at once, while it starts again, and in a soak between. */
const STOP_DELAYS_MS = testRounds() > 1 ? [0, 15, 30, 60, 120, 240, 400, 800] : [0, 120];
const writers: WriterProcess[] = [];
const databases: RunningDatabase[] = [];

// Making a cluster is half the time of a start, so most tests begin with a copy of one.
const pristine = join(shared.path, 'pristine');

beforeAll(async () => {
  bundle = await bundleWriter(shared.path);
  await (await startDatabase({ dataFolder: pristine })).stop();
});
afterAll(() => shared.remove());
beforeEach(() => {
  folder = makeTestFolder();
  useFolder('data');
});

/** Lets the test work on this folder below its own, holding a fresh cluster. */
function useFolder(...names: string[]): void {
  dataFolder = join(folder.path, ...names);
  cpSync(pristine, dataFolder, { recursive: true });
}

afterEach(async () => {
  for (const writer of writers.splice(0)) await writer.kill();
  for (const database of databases.splice(0)) await database.stop();
  // What a killed writer left running is stopped by the next start, as in life.
  if (existsSync(join(dataFolder, 'pg', 'postmaster.pid'))) await (await startDatabase({ dataFolder })).stop();
  folder.remove();
});

const writer = (...args: [rowCount?: number]): WriterProcess => {
  const started = startWriter(bundle, { dataFolder, ...(args[0] === undefined ? {} : { rowCount: args[0] }) });
  writers.push(started);
  return started;
};

const start = async (): Promise<RunningDatabase> => {
  const database = await startDatabase({ dataFolder });
  databases.push(database);
  return database;
};

async function readRows(database: RunningDatabase): Promise<number[]> {
  const db = openDb(database.ownerConnection);
  const rows = await db.query<{ n: number }>('SELECT n FROM acknowledged ORDER BY n');
  await db.close();
  return rows.map(({ n }) => n);
}

/** Processes of this PostgreSQL whose title says what is asked for; all by default. */
function listProcesses(postmaster: number, title = ''): number[] {
  const table = execFileSync('ps', ['-ww', '-eo', 'pid=,ppid=,args='], { encoding: 'utf8' }).trim().split('\n');
  const rows = table.map((line) => /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line)!);
  return rows.filter(([, , parent, args]) => Number(parent) === postmaster && args!.includes(title)).map(([, pid]) => Number(pid));
}

/** Kills without a word; what is gone already is gone. */
function killAll(pids: readonly number[]): void {
  for (const pid of pids) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch (error) {
      expect(error).toMatchObject({ code: 'ESRCH' });
    }
  }
}

describe('the embedded database after a violent end', () => {
  it('keeps every acknowledged row when the program is killed and PostgreSQL lives on', async () => {
    const killed = writer();
    expect(await killed.ready).toBeNull();
    await killed.reached(200);
    const orphan = getPostmasterPid(dataFolder);
    await killed.kill();
    expect(isAlive(orphan)).toBe(true);
    const rows = await readRows(await start());
    expect(getPostmasterPid(dataFolder)).not.toBe(orphan);
    expect(rows).toEqual(expect.arrayContaining([...killed.acknowledged]));
  });

  it('keeps every acknowledged row when PostgreSQL is killed, and goes on by itself', async () => {
    const survivor = writer();
    expect(await survivor.ready).toBeNull();
    await survivor.reached(200);
    const first = getPostmasterPid(dataFolder);
    process.kill(first, 'SIGKILL');
    await survivor.reached(survivor.acknowledged.length + 200);
    expect(getPostmasterPid(dataFolder)).not.toBe(first);
    await survivor.kill();
    expect(await readRows(await start())).toEqual(expect.arrayContaining([...survivor.acknowledged]));
  });

  it('keeps every acknowledged row when one process of PostgreSQL is killed', async () => {
    const survivor = writer();
    expect(await survivor.ready).toBeNull();
    await survivor.reached(100);
    const backends = listProcesses(getPostmasterPid(dataFolder), 'lantai_owner');
    expect(backends.length).toBeGreaterThan(0);
    killAll(backends);
    await survivor.reached(survivor.acknowledged.length + 100);
    await survivor.kill();
    expect(await readRows(await start())).toEqual(expect.arrayContaining([...survivor.acknowledged]));
  });

  it('keeps every acknowledged row when everything is killed at once, time after time', async () => {
    const acknowledged = new Set<number>();
    for (let round = 0; round < ROUNDS; round++) {
      const killed = writer();
      expect(await killed.ready).toBeNull();
      await killed.reached(20 + (round % 5) * 37);
      const postmaster = getPostmasterPid(dataFolder);
      killAll([killed.pid, postmaster, ...listProcesses(postmaster)]);
      await killed.exited;
      for (const n of killed.acknowledged) acknowledged.add(n);
    }
    const rows = await readRows(await start());
    expect(rows).toEqual(expect.arrayContaining([...acknowledged]));
    // The one that was on its way in each round may be there unacknowledged; nothing else.
    expect(rows.length).toBeLessThanOrEqual(acknowledged.size + ROUNDS);
  });

  it('is not started for ever when it dies again and again', async () => {
    const database = await start();
    const db = openDb(database.ownerConnection);
    const pgFolder = join(dataFolder, 'pg');
    const lost = database.lost.catch((error: unknown) => error);
    // A process of the dead server may answer for a moment: only a new server counts.
    const revived = async (dead: number): Promise<string> => {
      while (findPostmasterPid(pgFolder) === dead || !(await db.query('SELECT 1').catch(() => null))) await sleep(20);
      return 'revived';
    };
    for (let n = 0; n < 5; n++) {
      const postmaster = getPostmasterPid(dataFolder);
      killAll([postmaster]);
      expect(await Promise.race([revived(postmaster), lost])).toBe('revived');
    }
    killAll([getPostmasterPid(dataFolder)]);
    expect(await lost).toMatchObject({ code: 'db/keeps-dying', fault: 'environment' });
    await expect(db.query('SELECT 1')).rejects.toMatchObject({ code: 'db/unavailable' });
    await db.close();
  }, 180_000);

  it.each(STOP_DELAYS_MS)('can be stopped %i ms after it was killed, while it is started again', async (delayMs) => {
    const database = await start();
    const postmaster = getPostmasterPid(dataFolder);
    killAll([postmaster]);
    await sleep(delayMs);
    await database.stop();
    expect(findPostmasterPid(join(dataFolder, 'pg'))).toSatisfy((pid) => pid === null || pid === postmaster);
    expect(listProcesses(postmaster)).toEqual([]);
  });

  it('throws away a half-made cluster and makes a whole one', async () => {
    rmSync(dataFolder, { recursive: true });
    const killed = writer();
    await sleep(150);
    await killed.kill();
    const next = writer(3);
    expect(await next.ready).toBeNull();
    await next.exited;
    expect(next.acknowledged).toEqual([1, 2, 3]);
    expect(readdirSync(dataFolder).filter((name) => name.includes('half'))).toEqual([]);
  });
});

describe('one folder, one server', () => {
  it('refuses a second start from another process and from this one, and allows it after the first stopped', async () => {
    const first = await start();
    const second = writer();
    expect(await second.ready).toBe('data/in-use');
    await expect(startDatabase({ dataFolder })).rejects.toMatchObject({ code: 'data/in-use', detail: { pid: process.pid } });
    await first.stop();
    const third = writer(1);
    expect(await third.ready).toBeNull();
    await third.exited;
  });

  it('lets exactly one of six starters in', async () => {
    const starters = Array.from({ length: 6 }, () => writer());
    const outcomes = await Promise.all(starters.map(({ ready }) => ready));
    expect(outcomes.filter((outcome) => outcome === null)).toHaveLength(1);
    expect(outcomes.filter((outcome) => outcome === 'data/in-use')).toHaveLength(5);
  });

  it('is not fooled by a dead server whose process id another process has now', async () => {
    const first = writer(5);
    await first.exited;
    const dead = { pid: process.pid, startMark: 'another birth', place: 'elsewhere' };
    const lockFile = join(dataFolder, 'run', 'lock');
    const own = startWriter(bundle, { dataFolder });
    expect(await own.ready).toBeNull();
    const { place } = JSON.parse(readFileSync(lockFile, 'utf8')) as { place: string };
    const postmasterFile = readFileSync(join(dataFolder, 'pg', 'postmaster.pid'), 'utf8');
    const postmaster = getPostmasterPid(dataFolder);
    killAll([own.pid, postmaster]);
    await own.exited;
    while (findStartMark(postmaster) !== null) await sleep(10);
    // As after a restart of the machine: both ids belong to this test process now.
    writeFileSync(lockFile, JSON.stringify({ ...dead, place }));
    writeFileSync(join(dataFolder, 'pg', 'postmaster.pid'), postmasterFile.replace(/^\d+/, String(process.pid)));
    expect(await readRows(await start())).toEqual(expect.arrayContaining([...first.acknowledged, ...own.acknowledged]));
  });

  it('shows another program the way in while it runs, and nothing after', async () => {
    expect(findRunningServer(dataFolder)).toBeNull();
    const database = await start();
    database.announceWeb('http://127.0.0.1:8470');
    const found = findRunningServer(dataFolder);
    expect(found).toMatchObject({ pid: process.pid, webUrl: 'http://127.0.0.1:8470' });
    const db = openDb(found!.database!.connection);
    expect(await db.one('SELECT current_user::text AS role')).toEqual({ role: 'lantai_app' });
    await db.close();
    await database.stop();
    expect(findRunningServer(dataFolder)).toBeNull();
  });

  it('shows nothing of a server that was killed', async () => {
    const killed = writer();
    await killed.ready;
    expect(findRunningServer(dataFolder)?.pid).toBe(killed.pid);
    await killed.kill();
    expect(findRunningServer(dataFolder)).toBeNull();
  });
});

describe('the folder of the embedded database', () => {
  it('is left without process, socket and lock by a stop in good order', async () => {
    const database = await start();
    const postmaster = getPostmasterPid(dataFolder);
    const socketFolder = database.connection.host!;
    expect(existsSync(socketFolder)).toBe(true);
    await database.stop();
    expect(isAlive(postmaster)).toBe(false);
    expect(existsSync(socketFolder)).toBe(false);
    expect(readdirSync(join(dataFolder, 'run')).filter((name) => !name.endsWith('.conf'))).toEqual([]);
  });

  it('may have a name that needs care', async () => {
    useFolder(`it's "a, b" 档案 = $HOME`);
    const first = writer(2);
    expect(await first.ready).toBeNull();
    await first.exited;
    expect(await readRows(await start())).toEqual([1, 2]);
  });

  it('may lie deeper than the path of a socket may be long', async () => {
    useFolder('a'.repeat(90), 'b'.repeat(90), 'data');
    const killed = writer();
    expect(await killed.ready).toBeNull();
    await killed.reached(2);
    const { host } = findRunningServer(dataFolder)!.database!.connection;
    expect(host!.length).toBeLessThan(80);
    await killed.kill();
    const database = await start();
    expect(await readRows(database)).toEqual(expect.arrayContaining([...killed.acknowledged]));
    // The killed one's folder is gone; the new one goes with its server.
    expect(existsSync(host!)).toBe(false);
    await database.stop();
    expect(existsSync(database.connection.host!)).toBe(false);
  });

  it('is refused with the way out when another major version of PostgreSQL made it', async () => {
    const file = join(dataFolder, 'pg', 'PG_VERSION');
    const own = readFileSync(file, 'utf8');
    writeFileSync(file, '17\n');
    await expect(startDatabase({ dataFolder })).rejects.toMatchObject({ code: 'db/major-differs', detail: { found: 17, program: 18 } });
    writeFileSync(file, own);
    await start();
  });

  it('holds no value of a failed statement in its log files', async () => {
    const database = await start();
    const db = openDb(database.ownerConnection);
    await db.script('CREATE TABLE named (name text PRIMARY KEY CHECK (length(name) < 20))');
    const secret = 'Zhang Xunlan 13905';
    await db.query('INSERT INTO named VALUES ($1)', [secret]);
    const codes: string[] = [];
    for (const [text, param] of [
      ['INSERT INTO named VALUES ($1)', secret],
      ['INSERT INTO named VALUES ($1)', `${secret}, much too long`],
      ['SELECT $1::text::integer', secret],
      ['SELECT $1::text::date', secret],
      ['SELECT pg_sleep(0), $1::text::uuid', secret],
    ]) {
      const error = await db.query(text!, [param]).then(
        () => null,
        (thrown: unknown) => thrown as Error & { code: string },
      );
      codes.push(error!.code);
      expect(JSON.stringify(error) + error!.message + error!.stack + String(error!.cause)).not.toContain(secret);
    }
    expect(codes).toEqual(['db/unique', 'db/constraint', 'db/value', 'db/value', 'db/value']);
    await db.close();
    await database.stop();
    const logFolder = join(dataFolder, 'pg', 'log');
    const texts = readdirSync(logFolder).map((name) => readFileSync(join(logFolder, name), 'utf8'));
    expect(texts.join('')).toContain('ready to accept connections');
    expect(texts.join('')).not.toContain('Xunlan');
  });
});
