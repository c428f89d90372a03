import { randomBytes } from 'node:crypto';
import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';
import { setTimeout as wait } from 'node:timers/promises';
import { ArchiveError } from '@lantai/values';
import { type FileSystem, findFileErrorCode } from '@lantai/vault';

/** Who holds a lock, as a text that another process can judge. */
export interface LockOwner {
  readonly text: string;
  /** Whether the process a text names still runs; null when this process cannot know. */
  isRunning(text: string): boolean | null;
}

const RETRY_MS = 5;
const TIMEOUT_MS = 15_000;
const RELEASE_TRIES_MAX = 3;
/** After this a lock whose owner cannot be judged counts as left behind: writers hold it for seconds at most. */
const UNKNOWN_OWNER_AGE_MS = 600_000;
/** Making a lock and removing a dead one take microseconds; after this what they left half done counts as left behind. */
const UNSIGNED_AGE_MS = 10_000;

/** First line of a file of the kernel; empty where there is none. */
function readSystemLine(read: () => string): string {
  try {
    return read().trim();
  } catch {
    // Not Linux, or no such process: the text stays empty and the judgement falls back to what is known.
    return '';
  }
}

/** Start time of a process in clock ticks, which tells it from a later one with the same id. */
const startOf = (pid: number): string =>
  readSystemLine(() => {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '';
  });

function isProcessThere(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return findFileErrorCode(error) === 'EPERM';
  }
}

/** This process as a {@link LockOwner}: host, boot, process namespace, process id and its start. */
export function thisProcess(): LockOwner {
  const boot = readSystemLine(() => readFileSync('/proc/sys/kernel/random/boot_id', 'utf8'));
  const namespace = readSystemLine(() => readlinkSync('/proc/self/ns/pid'));
  const place = [hostname(), boot, namespace];
  return {
    text: [...place, process.pid, startOf(process.pid)].join(' '),
    isRunning(text) {
      const [host, itsBoot, itsNamespace, pidText, start] = text.split(' ');
      if (host !== place[0]) return null;
      if (itsBoot !== boot) return false;
      if (itsNamespace !== namespace) return null;
      const pid = Number(pidText);
      if (!Number.isSafeInteger(pid) || pid <= 0) return null;
      return isProcessThere(pid) && (!start || startOf(pid) === start);
    },
  };
}

/**
 * Lets one process write at a time, by a file that exists while someone writes. A lock left by a dead process is taken over.
 * Held only while writing, so a server and a command line can share a store.
 */
export class WriterLock {
  readonly #fs: FileSystem;
  readonly #path: string;
  readonly #owner: LockOwner;
  /** What this lock writes: its owner, and a number that no other lock of the same process has. */
  readonly #signature: string;
  #isHeld = false;

  constructor(fs: FileSystem, path: string, owner: LockOwner) {
    this.#fs = fs;
    this.#path = path;
    this.#owner = owner;
    this.#signature = `${owner.text} ${randomBytes(8).toString('hex')}`;
  }

  /**
   * Runs `work` alone. `isTakenOver`: the last writer died while writing, so what it left must be settled first.
   * @throws ArchiveError `key/store-locked` (environment) when another writer keeps the lock for 15 seconds.
   */
  async hold<T>(work: (isTakenOver: boolean) => Promise<T>): Promise<T> {
    const isTakenOver = await this.#acquire();
    this.#isHeld = true;
    try {
      return await work(isTakenOver);
    } finally {
      this.#isHeld = false;
      await this.#release();
    }
  }

  /** A disk that fails at this moment must not leave the store locked for everybody else as long as this process lives. */
  async #release(): Promise<void> {
    for (let tries = 1; ; tries++) {
      try {
        await this.#removeIfThere(this.#path);
        return;
      } catch (error) {
        if (tries === RELEASE_TRIES_MAX) throw error;
        await wait(RETRY_MS);
      }
    }
  }

  async #acquire(): Promise<boolean> {
    let isTakenOver = false;
    for (const until = Date.now() + TIMEOUT_MS; ; ) {
      if (await this.#tryCreate(this.#path)) return isTakenOver;
      if (await this.#removeDead()) isTakenOver = true;
      else if (Date.now() > until) throw new ArchiveError('key/store-locked', 'environment');
      else await wait(RETRY_MS);
    }
  }

  async #tryCreate(path: string): Promise<boolean> {
    try {
      const file = await this.#fs.open(path, 'create-new');
      try {
        await file.write(new TextEncoder().encode(this.#signature));
      } catch (error) {
        await this.#removeIfThere(path);
        throw error;
      } finally {
        await file.close();
      }
      return true;
    } catch (error) {
      if (findFileErrorCode(error) === 'EEXIST') return false;
      throw error;
    }
  }

  /** Removes the lock when its owner is dead. A second file makes sure that of two who see it dead only one removes it, once. */
  async #removeDead(): Promise<boolean> {
    if (!(await this.#isDead())) return false;
    const recovery = `${this.#path}.recovery`;
    if (!(await this.#tryCreate(recovery))) {
      const status = await this.#fs.findStatus(recovery);
      if (status && Date.now() - status.modifiedAtMs > UNSIGNED_AGE_MS) await this.#removeIfThere(recovery);
      return false;
    }
    try {
      if (!(await this.#isDead())) return false;
      await this.#removeIfThere(this.#path);
      return true;
    } finally {
      await this.#removeIfThere(recovery);
    }
  }

  async #isDead(): Promise<boolean> {
    const status = await this.#fs.findStatus(this.#path);
    if (!status) return false;
    const ageMs = Date.now() - status.modifiedAtMs;
    const text = new TextDecoder().decode(await this.#readIfThere());
    // Its owner died between making the file and writing its name, or the power did: a living one needs microseconds.
    if (text.split(' ').length !== this.#signature.split(' ').length) return ageMs > UNSIGNED_AGE_MS;
    // This lock's own, which a failing disk did not let it remove.
    if (text === this.#signature && !this.#isHeld) return true;
    const isRunning = this.#owner.isRunning(text.slice(0, text.lastIndexOf(' ')));
    return isRunning === null ? ageMs > UNKNOWN_OWNER_AGE_MS : !isRunning;
  }

  async #readIfThere(): Promise<Uint8Array> {
    try {
      return await this.#fs.read(this.#path);
    } catch (error) {
      if (findFileErrorCode(error) === 'ENOENT') return new Uint8Array(0);
      throw error;
    }
  }

  async #removeIfThere(path: string): Promise<void> {
    try {
      await this.#fs.remove(path);
    } catch (error) {
      if (findFileErrorCode(error) !== 'ENOENT') throw error;
    }
  }
}
