import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { ArchiveError } from '@lantai/values';
import { findFault, type ScannerProgram, startProgram } from './program.ts';

/** What is scanned, and how. */
export interface ScanOptions {
  readonly device: string;
  /** The scanner's own word; left out: as the scanner likes. */
  readonly source?: string;
  readonly mode?: string;
  readonly resolutionDpi: number;
  /** Faces at most. From a glass there is one, or it would be scanned for ever. */
  readonly pagesMax: number;
  readonly signal?: AbortSignal;
}

/** How a scan ended: the feeder is empty, enough was scanned, somebody stopped it, or `code` says what is wrong. */
export type ScanEnd = { readonly kind: 'empty' | 'enough' | 'stopped' } | { readonly kind: 'failed'; readonly code: string };

/** Pipes laid out for one run of the program; a longer stack takes several. */
const RUN_PAGES_MAX = 200;
/** Bytes of one scanned face: A3 in colour at 600 dpi has 209 MB before it is packed. */
const PAGE_BYTES_MAX = 256 * 1024 * 1024;
/** A face that came whole: the program says this of a jammed one too, with another status than 5 (SANE_STATUS_EOF). */
const WHOLE_PAGE = /Scanned page (\d+)\. \(scanner status = 5\)/g;
const STOP_GRACE_MS = 10_000;
const run = promisify(execFile);

/**
 * Scans the faces of a stack, one after another, as PNG.
 *
 * INVARIANT: no clear byte of a page touches the disk. The program writes only to names; each name that it may write to is laid out before it
 * starts, as a pipe (FIFO) in a folder that only this account may enter, and it is told never to write more pages than there are pipes.
 * @throws ArchiveError `scanner/no-program`, `scanner/no-pipes` (environment)
 */
export async function* scanPages(program: ScannerProgram, options: ScanOptions): AsyncGenerator<Uint8Array, ScanEnd> {
  for (let left = options.pagesMax; left > 0; ) {
    const count = Math.min(left, RUN_PAGES_MAX);
    const pages = scanRun(program, options, count);
    for (;;) {
      const step = await pages.next();
      if (!step.done) {
        left--;
        yield step.value;
      } else if (step.value.kind === 'enough') break;
      else return step.value;
    }
  }
  return { kind: 'enough' };
}

async function* scanRun(program: ScannerProgram, options: ScanOptions, count: number): AsyncGenerator<Uint8Array, ScanEnd> {
  const folder = await mkdtemp(join(tmpdir(), 'lantai-scan-'));
  try {
    // The program writes `n.png.part` and renames it when the page is whole.
    const pipeOf = (page: number) => join(folder, `${page}.png.part`);
    await layPipes(Array.from({ length: count }, (_, i) => pipeOf(i + 1)));
    const scanning = startScan(program, options, join(folder, '%d.png'), count);
    try {
      for (let page = 1; page <= count; page++) {
        const bytes = await readPage(pipeOf(page), page, scanning);
        if (!bytes) break;
        yield bytes;
      }
      const end = await scanning.ended;
      return scanning.pages() === count && end.kind === 'empty' ? { kind: 'enough' } : end;
    } finally {
      scanning.stop();
      await scanning.ended;
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function layPipes(paths: readonly string[]): Promise<void> {
  try {
    await run('mkfifo', ['-m', '600', ...paths]);
  } catch (cause) {
    throw new ArchiveError('scanner/no-pipes', 'environment', {}, cause);
  }
}

/** The program at work. */
interface Scanning {
  /** Faces that it said it scanned whole. */
  pages(): number;
  readonly ended: Promise<ScanEnd>;
  stop(): void;
}

function startScan(program: ScannerProgram, options: ScanOptions, names: string, count: number): Scanning {
  const { device, source, mode, resolutionDpi, signal } = options;
  const asked = [...(source === undefined ? [] : ['--source', source]), ...(mode === undefined ? [] : ['--mode', mode])];
  const batch = [`--batch=${names}`, '--batch-start=1', `--batch-count=${count}`];
  const child = startProgram(program, ['-d', device, ...asked, '--resolution', String(resolutionDpi), '--format=png', ...batch], 'ignore');
  let words = '';
  let pages = 0;
  let isStopped = false;
  child.stderr?.on('data', (part: Buffer) => {
    words = (words + part.toString('utf8')).slice(-64 * 1024);
    for (const [, number] of words.matchAll(WHOLE_PAGE)) pages = Math.max(pages, Number(number));
  });
  const ended = new Promise<ScanEnd>((resolve, reject) => {
    child.once('error', (cause) => reject(new ArchiveError('scanner/no-program', 'environment', {}, cause)));
    child.once('close', (exitCode) => {
      const code = findFault(words, exitCode);
      resolve(isStopped ? { kind: 'stopped' } : code ? { kind: 'failed', code } : { kind: 'empty' });
    });
  });
  const stop = () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    isStopped = true;
    // The program cancels in its own time, so that the scanner lets the sheet go; one that does not is ended.
    child.kill('SIGINT');
    setTimeout(() => child.kill('SIGKILL'), STOP_GRACE_MS).unref();
  };
  if (signal?.aborted) stop();
  signal?.addEventListener('abort', stop, { once: true });
  return { pages: () => pages, ended, stop };
}

/** One face out of its pipe; null when there is none, or it did not come whole. */
async function readPage(pipe: string, page: number, scanning: Scanning): Promise<Uint8Array | null> {
  // Opening a pipe waits until somebody writes. A process of its own waits, so that it can be ended when nobody will.
  const reader = spawn('cat', [pipe], { env: { PATH: process.env.PATH ?? '' }, stdio: ['ignore', 'pipe', 'ignore'] });
  const read = collect(reader);
  void scanning.ended.then(
    () => scanning.pages() < page && reader.kill('SIGKILL'),
    () => reader.kill('SIGKILL'),
  );
  const bytes = await read;
  if (scanning.pages() < page) await Promise.race([scanning.ended, said(scanning, page)]);
  return scanning.pages() >= page && bytes.length > 0 ? bytes : null;
}

/** Resolves when the program says that a face is whole: it does so just after it closed the pipe. */
async function said(scanning: Scanning, page: number): Promise<void> {
  while (scanning.pages() < page) {
    let isOver = false;
    const over = scanning.ended.then(() => {
      isOver = true;
    });
    await Promise.race([over, new Promise((resolve) => setTimeout(resolve, 10))]);
    if (isOver) return;
  }
}

function collect(reader: ChildProcess): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    const parts: Buffer[] = [];
    let byteCount = 0;
    reader.stdout?.on('data', (part: Buffer) => {
      byteCount += part.length;
      parts.push(part);
      if (byteCount > PAGE_BYTES_MAX) reader.kill('SIGKILL');
    });
    reader.once('error', (cause) => reject(new ArchiveError('scanner/no-pipes', 'environment', {}, cause)));
    reader.once('close', () => resolve(byteCount > PAGE_BYTES_MAX ? new Uint8Array() : new Uint8Array(Buffer.concat(parts))));
  });
}
