import {
  chmodSync,
  linkSync,
  mkdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ArchiveError } from '@lantai/values';
import { findStartMark } from './embedded/process-identity.ts';

/** Who holds a data folder. The file is open to all users, so that each sees whether the folder is in use. */
interface Holder {
  readonly pid: number;
  /** With `pid`, one process for ever. */
  readonly startMark: string;
  /** The machine, or the container, in which `pid` means something. */
  readonly place: string;
}

export interface FolderLock {
  release(): void;
}

/** How often a holder shows that it lives, for those who cannot see its process. */
const HEARTBEAT_MS = 2000;
/** Silence after which a holder elsewhere counts as dead. */
const SILENCE_MS = 15_000;

function readPlace(): string {
  if (process.platform !== 'linux') return hostname();
  return `${hostname()} ${readlinkSync('/proc/self/ns/pid')}`;
}

function parseHolder(text: string): Holder | null {
  try {
    const { pid, startMark, place } = JSON.parse(text) as Partial<Holder>;
    return typeof pid === 'number' && typeof startMark === 'string' && typeof place === 'string' ? { pid, startMark, place } : null;
  } catch {
    return null;
  }
}

const textOf = (file: string): string | null => {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
};

/** Whether the process that wrote this lock file is at work. A text that is no holder was never written by us: a broken disk, so nobody. */
function isHeld(file: string, text: string): boolean {
  const holder = parseHolder(text);
  if (!holder) return false;
  if (holder.place === readPlace()) return findStartMark(holder.pid) === holder.startMark;
  const stat = statSync(file, { throwIfNoEntry: false });
  return stat !== undefined && Date.now() - stat.mtimeMs < SILENCE_MS;
}

/** True when the lock file was not there and is ours now. Its content is whole from the first moment (a link to a finished file). */
function place(file: string, text: string): boolean {
  const own = `${file}.${process.pid}`;
  writeFileSync(own, text);
  chmodSync(own, 0o644);
  try {
    linkSync(own, file);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  } finally {
    rmSync(own, { force: true });
  }
}

/** Takes away a dead holder's file. Two who try at once must not take away each other's new one, so what was moved is looked at again. */
function clearAway(file: string, deadText: string): void {
  const aside = `${file}.dead.${process.pid}`;
  try {
    renameSync(file, aside);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return;
    throw error;
  }
  if (textOf(aside) !== deadText) {
    try {
      linkSync(aside, file);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
  }
  rmSync(aside, { force: true });
}

function tryLock(file: string, text: string): boolean {
  if (place(file, text)) return true;
  const found = textOf(file);
  if (found === null || isHeld(file, found)) return false;
  clearAway(file, found);
  return place(file, text);
}

/** Asked before anything is written, so that a user who may not write here still learns that the folder is in use. */
const isHeldNow = (file: string): boolean => {
  const found = textOf(file);
  return found !== null && isHeld(file, found);
};

/** A holder in another container may be dead without our seeing it: then its silence must be waited for. */
function mayBeSilent(file: string): boolean {
  const holder = parseHolder(textOf(file) ?? '');
  return holder !== null && holder.place !== readPlace();
}

function beat(file: string, text: string): void {
  const now = new Date();
  try {
    if (textOf(file) === text) utimesSync(file, now, now);
  } catch {
    // Only others read the heartbeat. A disk that fails is reported by whatever writes data to it.
  }
}

function asEnvironment(error: unknown): unknown {
  const { code } = error as NodeJS.ErrnoException;
  return code === 'EACCES' || code === 'EPERM' || code === 'EROFS'
    ? new ArchiveError('data/not-writable', 'environment', { reason: code })
    : error;
}

/**
 * Takes a data folder for this process alone, across users, restarts of the machine and containers.
 * CRASH: a holder that died is recognised by its process being gone (or another one under its id), so nothing must be cleaned by hand.
 * @param dataFolder absolute; made when missing
 * @throws ArchiveError `data/in-use` (environment) with the holder's process id
 * @throws ArchiveError `data/not-writable` (environment): the folder belongs to another user, or the disk is read-only
 */
export async function lockFolder(dataFolder: string): Promise<FolderLock> {
  try {
    return await takeLock(dataFolder);
  } catch (error) {
    throw asEnvironment(error);
  }
}

async function takeLock(dataFolder: string): Promise<FolderLock> {
  const runFolder = join(dataFolder, 'run');
  mkdirSync(runFolder, { recursive: true });
  const file = join(runFolder, 'lock');
  const text = JSON.stringify({ pid: process.pid, startMark: findStartMark(process.pid) ?? '', place: readPlace() } satisfies Holder);
  const deadline = Date.now() + SILENCE_MS + HEARTBEAT_MS;
  while (isHeldNow(file) || !tryLock(file, text)) {
    if (!mayBeSilent(file) || Date.now() > deadline) {
      throw new ArchiveError('data/in-use', 'environment', { pid: parseHolder(textOf(file) ?? '')?.pid ?? 0 });
    }
    await sleep(HEARTBEAT_MS);
  }
  const heartbeat = setInterval(() => beat(file, text), HEARTBEAT_MS);
  heartbeat.unref();
  return {
    release: () => {
      clearInterval(heartbeat);
      if (textOf(file) === text) rmSync(file, { force: true });
    },
  };
}

/** The process that holds the folder; null when nobody does. Takes nothing. */
export function findHolderPid(dataFolder: string): number | null {
  const file = join(dataFolder, 'run', 'lock');
  const text = textOf(file);
  return text !== null && isHeld(file, text) ? (parseHolder(text)?.pid ?? null) : null;
}
