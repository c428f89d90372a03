import { type ChildProcess, spawn } from 'node:child_process';
import { ArchiveError } from '@lantai/values';

/** SANE's command line program, and where it looks for its settings. */
export interface ScannerProgram {
  /** Its file, or its name on the path. */
  readonly file: string;
  /** A folder instead of SANE's own; null: SANE's own. */
  readonly configFolder: string | null;
}

/** What it says of why it stopped, and our code. Source: SANE Standard 1.06 section 4.2.7, `sane_strstatus`. */
const STATUS: readonly (readonly [RegExp, string])[] = [
  [/feeder jammed/i, 'scanner/jammed'],
  [/cover is open/i, 'scanner/cover-open'],
  [/device busy/i, 'scanner/busy'],
  [/access to resource has been denied/i, 'scanner/denied'],
  [/open of device .* failed|no SANE devices found|invalid argument/i, 'scanner/not-found'],
  [/error during device i\/o/i, 'scanner/io'],
];
/** The feeder has nothing more: an end like any other. */
const FEEDER_EMPTY = /out of documents/i;

/** Starts the program with nothing of this process's environment but the path, and its words in English. */
export function startProgram({ file, configFolder }: ScannerProgram, args: readonly string[], stdout: 'pipe' | 'ignore'): ChildProcess {
  const env = { PATH: process.env.PATH ?? '', LC_ALL: 'C', ...(configFolder === null ? {} : { SANE_CONFIG_DIR: configFolder }) };
  return spawn(file, args, { env, cwd: '/', stdio: ['ignore', stdout, 'pipe'] });
}

/** The code of what the program said last; null when the feeder is empty, or it said nothing of a fault. */
export function findFault(words: string, exitCode: number | null): string | null {
  const found = STATUS.find(([pattern]) => pattern.test(words))?.[1];
  if (found) return found;
  return exitCode === 0 || FEEDER_EMPTY.test(words) ? null : 'scanner/failed';
}

const WORDS_MAX = 256 * 1024;

/** Runs the program to its end. @returns what it wrote @throws ArchiveError `scanner/…` (environment) */
export function runProgram(program: ScannerProgram, args: readonly string[], timeoutMs: number): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = startProgram(program, args, 'pipe');
    let [said, words] = ['', ''];
    const timer = setTimeout(() => child.kill('SIGKILL'), timeoutMs);
    child.stdout?.on('data', (part: Buffer) => {
      if (said.length < WORDS_MAX) said += part.toString('utf8');
    });
    child.stderr?.on('data', (part: Buffer) => {
      if (words.length < WORDS_MAX) words += part.toString('utf8');
    });
    child.once('error', (cause) => {
      clearTimeout(timer);
      reject(new ArchiveError('scanner/no-program', 'environment', {}, cause));
    });
    child.once('close', (exitCode) => {
      clearTimeout(timer);
      const fault = exitCode === 0 ? null : (findFault(words, exitCode) ?? 'scanner/failed');
      if (fault) reject(new ArchiveError(fault, 'environment'));
      else resolve(said);
    });
  });
}
