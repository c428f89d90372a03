import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { testRounds } from '../../apps/server/src/testing/test-rounds.ts';

const ROOT = resolve(import.meta.dirname, '..', '..');
const FILES = 120;
/**
 * Named moments (archive/moments.ts) and how often each is passed before the process dies there, by dossier:
 * what the deaths before let through leaves enough of its batches to die in.
 */
const NAMED = [
  ['key-written:1', 'bytes-put:1', 'rows-written:1', 'committed:1', 'bytes-put:2', 'rows-written:2'],
  ['committed:2', 'bytes-put:3', 'committed:3'],
  ['rows-written:3'],
];
const NAMED_KILLS = NAMED.flat().length;
const RANDOM_KILLS = 20 * testRounds();
/** Runs that ended before their kill came do not count; so many in all and the test gives up. */
const RANDOM_RUNS_MOST = 4 * RANDOM_KILLS;
/** Dossiers that random kills fall upon in turn; one that came to its end makes room for another. */
const OPEN_DOSSIERS = 3;

interface Outcome {
  readonly file: string;
  readonly outcome: string;
}

/** Deterministic numbers, so that a failure can be seen again. */
function randomFrom(seed: number): () => number {
  let s = seed;
  return () => {
    s = (Math.imul(s, 1664525) + 1013904223) >>> 0;
    return s / 2 ** 32;
  };
}

describe('kill -9 of an import and everything below it', () => {
  const folder = mkdtempSync(join(tmpdir(), 'lantai-kill-'));
  const scans = join(folder, 'scans');
  const env = {
    ...process.env,
    LANTAI_DATA: join(folder, 'data'),
    LANTAI_KEYS: join(folder, 'keys'),
    LANTAI_LANG: 'en',
    LANTAI_READERS: '0',
  };
  /** Files acknowledged, by dossier. */
  const acknowledged = new Map<string, Set<string>>();
  let kills = 0;
  let server: ChildProcess | null = null;
  /** How long a whole import takes on this machine: random kills fall inside it, however quick the machine is. */
  let wholeMs = 0;

  const start = (args: string[], extra: Record<string, string> = {}): ChildProcess =>
    spawn(process.execPath, [join(ROOT, 'dist', 'cli.mjs'), ...args], {
      env: { ...env, ...extra },
      cwd: folder,
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
    });

  /** Runs a command to its end; the lines it printed as JSON. */
  const run = async (args: string[]): Promise<{ code: number | null; lines: Record<string, unknown>[] }> => {
    const child = start(args);
    let text = '';
    let errors = '';
    child.stdout?.on('data', (d: Buffer) => (text += d.toString()));
    child.stderr?.on('data', (d: Buffer) => (errors += d.toString()));
    const code = await new Promise<number | null>((done) => child.on('close', done));
    const lines = text
      .split('\n')
      .filter(Boolean)
      .map((l) => JSON.parse(l) as Record<string, unknown>);
    if (code === null || code > 1) throw new Error(`${args.join(' ')} ended with ${code}: ${errors.slice(-500)}`);
    return { code, lines };
  };

  /** Imports and kills: after some milliseconds, or where a named moment does it. PostgreSQL is killed with it now and then. */
  const importAndDie = async (dossier: string, how: { afterMs: number; database: boolean } | { dieAt: string }): Promise<boolean> => {
    const child = start(['import', scans, '--dossier', dossier, '--json', '--no-read'], 'dieAt' in how ? { LANTAI_DIE_AT: how.dieAt } : {});
    const acks = acknowledged.get(dossier) ?? new Set<string>();
    acknowledged.set(dossier, acks);
    let rest = '';
    child.stderr?.resume();
    child.stdout?.on('data', (d: Buffer) => {
      rest += d.toString();
      const lines = rest.split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) {
        const o = JSON.parse(line) as Outcome;
        if (o.outcome === 'pages' || o.outcome === 'duplicate') acks.add(o.file);
      }
    });
    const gone = new Promise<string | null>((done) => child.on('close', (_code, signal) => done(signal)));
    if ('afterMs' in how) {
      const timer = setTimeout(() => {
        if (how.database) killDatabase();
        // The whole group: the command and the children that decode.
        if (child.pid) process.kill(-child.pid, 'SIGKILL');
      }, how.afterMs);
      const signal = await gone;
      clearTimeout(timer);
      if (signal === 'SIGKILL') kills++;
      return signal === 'SIGKILL';
    }
    const died = (await gone) === 'SIGKILL';
    if (died) kills++;
    return died;
  };

  /** Serves; what stops it in good order. */
  const serve = async (): Promise<() => Promise<void>> => {
    const child = start(['serve', '--json'], { LANTAI_PORT: '0' });
    child.stderr?.resume();
    const closed = new Promise<number | null>((done) => child.on('close', done));
    await Promise.race([
      new Promise((done) => child.stdout?.once('data', done)),
      closed.then((code) => Promise.reject(new Error(`the server ended with ${code}`))),
    ]);
    server = child;
    return async () => {
      child.kill('SIGTERM');
      await closed;
    };
  };

  const killDatabase = () => {
    try {
      process.kill(Number(readFileSync(join(folder, 'data', 'pg', 'postmaster.pid'), 'utf8').split('\n')[0]), 'SIGKILL');
    } catch (error) {
      // Not started yet: there is nothing to kill.
      if (!['ENOENT', 'ESRCH'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
    }
  };

  beforeAll(async () => {
    mkdirSync(scans);
    for (let i = 0; i < FILES; i++) {
      const image = sharp({ create: { width: 240, height: 320, channels: 3, background: { r: i, g: 255 - i, b: (i * 7) % 256 } } });
      await image.jpeg().toFile(join(scans, `${String(i).padStart(3, '0')}.jpg`));
    }
    await run(['init', '--trial', '--json']);
    const startedMs = performance.now();
    await run(['import', scans, '--dossier', 'WHOLE', '--json', '--no-read']);
    wholeMs = performance.now() - startedMs;
  }, 180_000);
  afterAll(async () => {
    if (server?.exitCode === null && server.signalCode === null) {
      const gone = new Promise((done) => server?.once('close', done));
      server.kill('SIGTERM');
      await gone;
    }
    rmSync(folder, { recursive: true, force: true });
  });

  it(
    'loses no acknowledged page, leaves none half registered, and goes on when run again, over thirty kills',
    async () => {
      const random = randomFrom(20261122);
      for (const [i, moments] of NAMED.entries())
        for (const dieAt of moments) expect({ dieAt, died: await importAndDie(`N${i}`, { dieAt }) }).toEqual({ dieAt, died: true });
      let next = 0;
      const open = Array.from({ length: OPEN_DOSSIERS }, () => `R${next++}`);
      for (let i = 0; i < RANDOM_RUNS_MOST && kills < NAMED_KILLS + RANDOM_KILLS; i++) {
        const at = i % open.length;
        const afterMs = Math.round(wholeMs * (0.15 + 0.85 * random()));
        if (!(await importAndDie(open[at]!, { afterMs, database: random() < 0.35 }))) open[at] = `R${next++}`;
      }
      expect(kills).toBe(NAMED_KILLS + RANDOM_KILLS);

      const check = await run(['fsck', '--json']);
      expect(check.lines.filter((l) => l.kind === 'missing' || l.kind === 'altered')).toEqual([]);
      // Beside a server: what each dossier holds is asked for by many commands, and they share its database.
      const stopServing = await serve();
      for (const [dossier, acks] of acknowledged) {
        await run(['import', scans, '--dossier', dossier, '--json', '--no-read']);
        const { lines } = await run(['show', dossier, '--json']);
        const files = ((lines[0]?.pages ?? []) as { file: string }[]).map((p) => p.file).sort();
        // Each file once: nothing acknowledged is missing, nothing stands twice, the import is complete.
        expect(files).toEqual([...Array(FILES).keys()].map((n) => `${String(n).padStart(3, '0')}.jpg`));
        for (const file of acks) expect(files).toContain(file);
      }
      await stopServing();
      const after = await run(['fsck', '--sweep', '--json']);
      expect(after.lines.filter((l) => l.kind === 'missing' || l.kind === 'altered')).toEqual([]);
      expect((await run(['fsck', '--json'])).lines.filter((l) => l.code === 'fsck/object-without-row')).toEqual([]);
    },
    900_000 * testRounds(),
  );
});
