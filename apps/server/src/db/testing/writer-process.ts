import { type ChildProcess, spawn } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { getBinaries } from '../embedded/binaries.ts';
import type { WriterOptions } from './writer.ts';

/** A user of the machine to run as; null: this one. */
export interface RunAs {
  readonly uid: number;
  readonly gid: number;
}

/** The program of writer.ts at work. */
export interface WriterProcess {
  readonly pid: number;
  /** Numbers that were acknowledged so far. */
  readonly acknowledged: readonly number[];
  /** Resolves with null when ready, else with the code it failed with. */
  readonly ready: Promise<string | null>;
  readonly exited: Promise<void>;
  /** Resolves when this many rows were acknowledged. */
  reached(count: number): Promise<void>;
  kill(): Promise<void>;
}

/** Makes a folder that every user may enter, and removes it with all it holds. */
export function makeTestFolder(mode = 0o755): { path: string; remove(): void } {
  const path = realpathSync(mkdtempSync(join(tmpdir(), 'lantai-db-')));
  chmodSync(path, mode);
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}

/** Bundles the program to one file, so that another user can run it wherever the repository lies. */
export async function bundleWriter(folder: string): Promise<string> {
  const outfile = join(folder, 'writer.mjs');
  await build({
    entryPoints: [fileURLToPath(new URL('./writer.ts', import.meta.url))],
    outfile,
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    external: ['pg-native'],
    banner: { js: `import { createRequire as makeRequire } from 'node:module'; const require = makeRequire(import.meta.url);` },
    logLevel: 'error',
  });
  chmodSync(outfile, 0o644);
  return outfile;
}

function listen(child: ChildProcess): Pick<WriterProcess, 'acknowledged' | 'ready' | 'reached'> {
  const acknowledged: number[] = [];
  const waiting: { count: number; done: () => void }[] = [];
  const lines = createInterface({ input: child.stdout! });
  const ready = new Promise<string | null>((resolve) => {
    lines.on('line', (line) => {
      const said = JSON.parse(line) as number | { ready?: true; failed?: string };
      if (typeof said === 'number') acknowledged.push(said);
      else resolve(said.failed ?? null);
      for (const { count, done } of waiting) if (acknowledged.length >= count) done();
    });
    child.once('close', () => resolve('exited'));
  });
  return { acknowledged, ready, reached: (count) => new Promise((done) => waiting.push({ count, done })) };
}

/** Starts the program. */
export function startWriter(bundle: string, options: WriterOptions, as: RunAs | null = null): WriterProcess {
  const nativeFolder = options.nativeFolder ?? getBinaries().nativeFolder;
  const child = spawn(process.execPath, [bundle, JSON.stringify({ ...options, nativeFolder })], {
    cwd: '/',
    stdio: ['ignore', 'pipe', 'inherit'],
    ...(as ?? {}),
  });
  const exited = new Promise<void>((resolve) => child.once('close', () => resolve()));
  return {
    pid: child.pid!,
    exited,
    ...listen(child),
    kill: async () => {
      child.kill('SIGKILL');
      await exited;
    },
  };
}

/** The process id of the PostgreSQL on this data folder. */
export function getPostmasterPid(dataFolder: string): number {
  return Number.parseInt(readFileSync(join(dataFolder, 'pg', 'postmaster.pid'), 'utf8'), 10);
}
