import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { testRounds } from '../../apps/server/src/testing/test-rounds.ts';

const ROOT = resolve(import.meta.dirname, '..', '..');
const ROUNDS = testRounds();
/** Kills at the moments that each batch passes again. */
const REPEATED_KILLS = 4 * ROUNDS;
/** A batch is sixteen objects: more of them than the kills below get through. */
const FILES = 16 * (REPEATED_KILLS + 1);

/** Deterministic numbers, so that a failure can be seen again. */
function randomFrom(seed: number): () => number {
  let s = seed;
  return () => {
    s = (Math.imul(s, 1664525) + 1013904223) >>> 0;
    return s / 2 ** 32;
  };
}

/**
 * Moments (archive/moments.ts) at which the sealing process dies. The first two come once in a change;
 * the others in an order that chance gives.
 */
const random = randomFrom(20261122);
const REPEATED = ['resealed-put', 'resealed-rows', 'former-removed'];
/** Each of them, then as chance has it. */
const REPEATED_KILLED = Array.from({ length: REPEATED_KILLS }, (_, i) => REPEATED[i] ?? REPEATED[Math.floor(random() * REPEATED.length)]!);
const KILLS = ['rekey-started', 'keys-renewed', ...REPEATED_KILLED];
const SUITE_BYTE = { gm: 2, intl: 1 };

type Line = Record<string, unknown>;

describe('kill -9 of sealing an archive anew', () => {
  const folder = mkdtempSync(join(tmpdir(), 'lantai-rekey-'));
  const scans = join(folder, 'scans');
  const env = (name: string) => ({
    ...process.env,
    LANTAI_DATA: join(folder, name),
    LANTAI_KEYS: join(folder, `${name}-keys`),
    LANTAI_LANG: 'en',
    LANTAI_READERS: '0',
    LANTAI_PORT: '0',
  });
  let server: ChildProcess | null = null;

  const start = (args: string[], extra: Record<string, string> = {}, name = 'data'): ChildProcess =>
    spawn(process.execPath, [join(ROOT, 'dist', 'cli.mjs'), ...args], {
      env: { ...env(name), ...extra },
      cwd: folder,
      stdio: ['ignore', 'pipe', 'pipe'],
    });

  /** Runs a command to its end: how it ended and the lines it printed as JSON. */
  const finish = async (child: ChildProcess): Promise<{ code: number | null; signal: string | null; lines: Line[]; errors: string }> => {
    let text = '';
    let errors = '';
    child.stdout?.on('data', (d: Buffer) => (text += d.toString()));
    child.stderr?.on('data', (d: Buffer) => (errors += d.toString()));
    const [code, signal] = await new Promise<[number | null, string | null]>((done) => child.on('close', (c, s) => done([c, s])));
    const lines = text
      .split('\n')
      .filter(Boolean)
      .map((l) => JSON.parse(l) as Line);
    return { code, signal, lines, errors };
  };
  const run = async (args: string[], name = 'data'): Promise<Line[]> => {
    const { code, lines, errors } = await finish(start([...args, '--json'], {}, name));
    if (code === null || code > 1) throw new Error(`${args.join(' ')} ended with ${code}: ${errors.slice(-500)}`);
    return lines;
  };
  const importInto = (dossier: string) => run(['import', scans, '--dossier', dossier, '--no-read']);
  const pagesOf = async (dossier: string) => ((await run(['show', dossier]))[0] as { pages: { pageId: string }[] }).pages;
  const damage = (lines: Line[]) => lines.filter((l) => l.kind === 'missing' || l.kind === 'altered');

  /** Suites of the objects on disk. */
  const suitesOnDisk = (name: string) => {
    const objects = join(folder, name, 'objects');
    const files = readdirSync(objects, { recursive: true, withFileTypes: true }).filter((f) => f.isFile() && /^[0-9a-f]{64}$/.test(f.name));
    return [...new Set(files.map((f) => readFileSync(join(f.parentPath, f.name))[3]!))];
  };

  const serve = async () => {
    server = start(['serve', '--json']);
    server.stderr?.resume();
    await new Promise<void>((done, fail) => {
      server?.stdout?.once('data', () => done());
      server?.once('close', (code) => fail(new Error(`the server ended with ${code}`)));
    });
  };

  beforeAll(async () => {
    mkdirSync(scans);
    for (let i = 0; i < FILES; i++) {
      const image = sharp({ create: { width: 240, height: 320, channels: 3, background: { r: i % 256, g: i >> 8, b: (i * 7) % 256 } } });
      await image.jpeg().toFile(join(scans, `${String(i).padStart(4, '0')}.jpg`));
    }
    await run(['init', '--trial', '--suite', 'gm']);
  }, 180_000);
  afterAll(async () => {
    if (server?.exitCode === null) {
      const gone = new Promise((done) => server?.once('close', done));
      server.kill('SIGTERM');
      await gone;
    }
    rmSync(folder, { recursive: true, force: true });
  });

  it(
    `is killed at ${KILLS.length} points while a server reads and writes, loses nothing, and finishes when run again`,
    async () => {
      await importInto('G1');
      expect(suitesOnDisk('data')).toEqual([SUITE_BYTE.gm]);
      const page = (await pagesOf('G1'))[0]!.pageId;
      await run(['receipt', page, '--out', join(folder, 'before.tlog-proof'), '--file', join(folder, 'before.jpg')]);
      await serve();
      for (const [i, dieAt] of KILLS.entries()) {
        const { signal } = await finish(start(['rekey', '--suite', 'std', '--json'], { LANTAI_DIE_AT: dieAt }));
        expect(signal, dieAt).toBe('SIGKILL');
        // Others bring more under whatever suite is the present one, and a check in the midst of it finds nothing missing.
        if (i === 2) await importInto('N1');
        if (i === 4) expect(damage(await run(['fsck']))).toEqual([]);
      }
      const [done] = await run(['rekey', '--suite', 'std']);
      expect(done).toMatchObject({ state: 'done', damaged: 0, leftObjects: 0 });

      // What a kill left between bytes and rows is swept; then nothing at all is left to say.
      expect(damage(await run(['fsck', '--sweep']))).toEqual([]);
      expect(await run(['fsck'])).toHaveLength(1);
      expect(suitesOnDisk('data')).toEqual([SUITE_BYTE.intl]);
      for (const dossier of ['G1', 'N1']) expect(await pagesOf(dossier)).toHaveLength(FILES);
      // A receipt of before still proves the page as it opens now.
      await run(['receipt', page, '--file', join(folder, 'after.jpg')]);
      expect(readFileSync(join(folder, 'after.jpg'))).toEqual(readFileSync(join(folder, 'before.jpg')));
      const [verdict] = await run(['verify', join(folder, 'before.tlog-proof'), join(folder, 'after.jpg')]);
      expect(verdict).toMatchObject({ isValid: true, isFileProved: true });
    },
    1_800_000 * ROUNDS,
  );
});
